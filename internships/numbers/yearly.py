"""The numbers of a year: how many practised, how it ended, what became of them, by university and enterprise.

A practice counts in the year in which it begins.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Avg, Count, Q, QuerySet

from internships.criteria import current_form
from internships.enums import EvaluationKind, EvaluationState, OutcomeKind, PlacementState
from internships.models import Evaluation, Placement
from partnerships.common.among import AmongKnown, in_one
from partnerships.common.clock import today
from partnerships.common.wording import names_in_language
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization

S = PlacementState
# Roles that read the numbers of their organisation; some of them see no single student.
COMPANY = (Role.HR, Role.UNIT_HEAD, Role.LEADERSHIP, Role.PARTNERSHIPS)
UNIVERSITY = (Role.COORDINATOR, Role.LEADERSHIP)
# The roles that decide, each group by what it covers, whose practices and applications are counted.
REACH = ((Role.HR, Role.LEADERSHIP, Role.PARTNERSHIPS), (Role.UNIT_HEAD,), UNIVERSITY)
COUNTS = ("opened", "underway", "assessed", "broken_off", "pool", "hired", "marks")


def reads_numbers(user: Any) -> bool:
    access = access_of(user)
    return access.administers or access.operates or access.has(*COMPANY, *UNIVERSITY)


def sees_students(user: Any) -> bool:
    """Whether the numbers lead on to the students behind them."""
    access = access_of(user)
    return access.administers or access.operates or access.has(Role.HR, Role.COORDINATOR, Role.UNIT_HEAD)


def counted(user: Any) -> QuerySet[Placement]:
    """The placements in this reader's numbers: of their company, of their university."""
    access = access_of(user)
    if access.administers:
        return Placement.objects.all()
    at_company, at_unit, at_university = REACH
    company = access.q("host", *at_company) | access.q("unit", *at_unit)
    university = access.q("faculty", *at_university)
    if access.operates:
        university |= Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
    return Placement.objects.filter(company | university)


def years(user: Any) -> list[int]:
    """Years in which there is something to count, the newest first; the present one always."""
    return sorted({today().year, *(day.year for day in _first_days(user))}, reverse=True)


@asked
def _first_days(user: Any) -> QuerySet[Any]:
    """Of each of these years."""
    return counted(user).dates("starts", "year")


def days_of(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def in_year(rows: QuerySet[Placement], year: int) -> QuerySet[Placement]:
    return between(rows, *days_of(year))


def between(rows: QuerySet[Placement], first: date, last: date) -> QuerySet[Placement]:
    return rows.filter(starts__gte=first, starts__lte=last)


@dataclass
class Line:
    """The counts of one university or enterprise, `node`; None for students without a university.

    `named` gives it the words: its label, and as `key` the slug for the way down to its students.
    """

    node: int | None
    opened: int = 0
    underway: int = 0
    assessed: int = 0
    broken_off: int = 0
    pool: int = 0
    hired: int = 0
    marks: int = 0
    mark_sum: Decimal = field(default_factory=Decimal)
    label: str = "–"
    key: str = ""

    def add(self, row: dict[str, Any]) -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + row[name])
        if row["marks"]:
            self.mark_sum += Decimal(str(row["mean"])) * row["marks"]

    @property
    def mean(self) -> Decimal | None:
        """The mean final mark of those who have one."""
        return (self.mark_sum / self.marks).quantize(Decimal("0.1")) if self.marks else None


def _counts() -> dict[str, Any]:
    """`pool` counts whoever agreed and whose consent still runs."""
    pool = Q(outcome__kind=OutcomeKind.POOL, outcome__consent_until__gte=today())
    return {
        "opened": Count("pk"),
        "underway": Count("pk", filter=Q(state__in=[S.PREPARING, S.ACTIVE, S.SUSPENDED, S.FINISHED])),
        "assessed": Count("pk", filter=Q(state=S.ASSESSED)),
        "broken_off": Count("pk", filter=Q(state__in=[S.ENDED_EARLY, S.CANCELLED])),
        "pool": Count("pk", filter=pool),
        "hired": Count("pk", filter=Q(outcome__kind=OutcomeKind.HIRED)),
        "marks": Count("mark"),
        "mean": Avg("mark"),
    }


def by_university(rows: QuerySet[Placement]) -> list[Line]:
    """A line for each university; students without one stand in a line of their own."""
    return lines_by("university_id", counts_by(rows, "university_id"))


def by_enterprise(rows: QuerySet[Placement]) -> list[Line]:
    """A line for each enterprise: the node below the company under which the unit stands."""
    return lines_by("unit__path", counts_by(rows, "unit__path"))


def enterprise_of(path: str) -> int:
    """The key of the enterprise to which the unit with this path belongs: itself, or the one above it."""
    keys = path.strip(".").split(".")
    return int(keys[min(1, len(keys) - 1)])


NODES: dict[str, Callable[[Any], int | None]] = {
    "university_id": lambda key: key,
    "unit__path": enterprise_of,
}


def counts_by(rows: QuerySet[Placement], name: str) -> QuerySet[Any]:
    """The counts of each university ("university_id"), or of each unit ("unit__path")."""
    return rows.order_by().values(name).annotate(**_counts())


def lines_by(name: str, counts: Iterable[dict[str, Any]]) -> list[Line]:
    """The lines of these counts: of units those of their enterprises."""
    node_of = NODES[name]
    lines: dict[int | None, Line] = {}
    for row in counts:
        node = node_of(row[name])
        lines.setdefault(node, Line(node)).add(row)
    return list(lines.values())


def named(*tables: list[Line]) -> list[list[Line]]:
    """The same tables with their names in the reader's language, the largest lines first. One query."""
    known = names_of(line.node for lines in tables for line in lines)
    for lines in tables:
        for line in lines:
            if line.node is not None:
                line.label, line.key = known[line.node]
    return [sorted(lines, key=lambda line: (-line.opened, line.label)) for lines in tables]


class Name(NamedTuple):
    label: str
    slug: str


def names_of(nodes: Iterable[int | None]) -> dict[int, Name]:
    """What organisations are called in the reader's language, and their slugs."""
    own = names_in_language()
    rows = _organizations(in_one({node for node in nodes if node is not None}))
    return {row.pk: Name(own(row), row.slug) for row in rows}


@asked
def _organizations(keys: str) -> QuerySet[Any]:
    found = Organization.objects.filter(AmongKnown("pk", keys)).order_by()
    return found.values_list("pk", "slug", "name", "name_en", named=True)


def total(lines: Iterable[Line]) -> Line:
    """The sum of lines."""
    every = list(lines)
    counts = (sum(getattr(line, name) for line in every) for name in COUNTS)
    return Line(None, *counts, mark_sum=sum((line.mark_sum for line in every), Decimal()))


# What students say of the places ------------------------------------------------------------------
@dataclass(frozen=True)
class Opinion:
    """What students say of one enterprise: means by criterion, how many recommend it, how many answered."""

    node: int
    answers: int
    means: dict[str, Decimal]  # by the key of the criterion
    recommend: int  # per cent

    @property
    def rows(self) -> list[tuple[str, Decimal]]:
        """The means under the words of their criteria, in the order of the form."""
        criteria = current_form(EvaluationKind.STUDENT).criteria
        return [(str(one.label), self.means[one.key]) for one in criteria if one.key in self.means]


def opinions(rows: QuerySet[Placement]) -> list[Opinion]:
    """Means of what students say of these practices, by enterprise, of settings.SMALL_CELL answers or twice,
    three times as many: the earliest ones, whatever has come since.

    Fewer could tell who said what, so they are shown to nobody of the enterprise; and whoever saw a mean of
    five grow to one of six would know the sixth. The end of a year changes nothing in that.
    """
    return opinions_of(answers(rows).iterator())


def answers(rows: QuerySet[Placement]) -> QuerySet[Any]:
    """What students said of these practices, the earliest first."""
    said = Evaluation.objects.filter(
        placement__in=rows.order_by(), kind=EvaluationKind.STUDENT, state=EvaluationState.SUBMITTED
    )
    return said.order_by("given_at", "pk").values_list("placement__unit__path", "marks", "recommended")


def opinions_of(said: Iterable[tuple[str, dict[str, Any], bool | None]]) -> list[Opinion]:
    """The opinions of these answers."""
    groups: dict[int, list[tuple[dict[str, Any], bool | None]]] = {}
    for path, marks, recommended in said:
        groups.setdefault(enterprise_of(path), []).append((marks, recommended))
    return [_opinion(node, counted) for node, given in groups.items() if (counted := _in_steps(given))]


def _in_steps(given: list[Any]) -> list[Any]:
    """The earliest of them, as many as whole steps have."""
    return given[: len(given) // settings.SMALL_CELL * settings.SMALL_CELL]


def _opinion(node: int, given: list[tuple[dict[str, Any], bool | None]]) -> Opinion:
    means = {}
    for criterion in current_form(EvaluationKind.STUDENT).criteria:
        # A criterion of which the older answers know nothing is about the few who were asked.
        marks = _in_steps([one[criterion.key] for one, _recommended in given if criterion.key in one])
        if marks:
            means[criterion.key] = (Decimal(sum(marks)) / len(marks)).quantize(Decimal("0.1"))
    recommend = round(100 * sum(bool(recommended) for _marks, recommended in given) / len(given))
    return Opinion(node, len(given), means, recommend)
