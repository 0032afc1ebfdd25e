"""The numbers of a year: how many practised, how it ended, what became of them, by university and enterprise.

A practice counts in the year in which it begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, Q, QuerySet

from internships.criteria import current_form
from internships.enums import EvaluationKind, EvaluationState, OutcomeKind, PlacementState
from internships.models import Evaluation, Placement
from partnerships.common.clock import today
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization

S = PlacementState
# Roles that read the numbers of their organisation; some of them see no single student.
COMPANY = (Role.HR, Role.UNIT_HEAD, Role.LEADERSHIP, Role.PARTNERSHIPS)
UNIVERSITY = (Role.COORDINATOR, Role.LEADERSHIP)


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
    company = access.q("host", Role.HR, Role.LEADERSHIP, Role.PARTNERSHIPS) | access.q("unit", Role.UNIT_HEAD)
    university = access.q("faculty", *UNIVERSITY)
    if access.operates:
        university |= Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
    return Placement.objects.filter(company | university)


def years(user: Any) -> list[int]:
    """Years in which there is something to count, the newest first; the present one always."""
    found = {day.year for day in counted(user).dates("starts", "year")}
    return sorted(found | {today().year}, reverse=True)


def in_year(rows: QuerySet[Placement], year: int) -> QuerySet[Placement]:
    return rows.filter(starts__gte=date(year, 1, 1), starts__lte=date(year, 12, 31))


@dataclass
class Line:
    """The counts of one university or enterprise; `key` is the slug for the way down to its students."""

    label: str
    key: str
    opened: int = 0
    underway: int = 0
    assessed: int = 0
    broken_off: int = 0
    pool: int = 0
    hired: int = 0
    marks: int = 0
    mark_sum: Decimal = field(default_factory=Decimal)

    def add(self, row: dict[str, Any]) -> None:
        for name in ("opened", "underway", "assessed", "broken_off", "pool", "hired", "marks"):
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
    """A line for each university, the largest first; students without one stand in a line of their own."""
    grouped = rows.order_by().values("university_id").annotate(**_counts())
    return _lines(grouped, "university_id", lambda node: node)


def by_enterprise(rows: QuerySet[Placement]) -> list[Line]:
    """A line for each enterprise: the node below the company under which the unit stands."""
    grouped = list(rows.order_by().values("unit_id").annotate(**_counts()))
    units = Organization.objects.in_bulk([row["unit_id"] for row in grouped])
    keys = {unit.pk: [int(key) for key in unit.path.strip(".").split(".")] for unit in units.values()}
    above = Organization.objects.in_bulk({path[min(1, len(path) - 1)] for path in keys.values()})
    return _lines(
        grouped, "unit_id", lambda node: above[keys[node.pk][min(1, len(keys[node.pk]) - 1)]], units
    )


def _lines(
    grouped: Iterable[Any], name: str, shown: Any, nodes: dict[int, Organization] | None = None
) -> list[Line]:
    found = list(grouped)
    known = nodes or Organization.objects.in_bulk([row[name] for row in found if row[name]])
    lines: dict[str, Line] = {}
    for row in found:
        node = shown(known[row[name]]) if row[name] else None
        key = node.slug if node is not None else ""
        line = lines.setdefault(key, Line(str(node) if node is not None else "–", key))
        line.add(row)
    return sorted(lines.values(), key=lambda line: (-line.opened, line.label))


def total(lines: Iterable[Line]) -> Line:
    """The sum of lines."""
    found = Line("", "")
    for line in lines:
        for name in ("opened", "underway", "assessed", "broken_off", "pool", "hired", "marks"):
            setattr(found, name, getattr(found, name) + getattr(line, name))
        found.mark_sum += line.mark_sum
    return found


# What students say of the places ------------------------------------------------------------------
@dataclass(frozen=True)
class Opinion:
    """What students say of one enterprise: means by criterion, how many recommend it, how many answered."""

    label: str
    answers: int
    means: list[tuple[str, Decimal]]
    recommend: int  # per cent


def opinions(user: Any, year: int) -> list[Opinion]:
    """Means of what students say of their practice, by enterprise, from settings.SMALL_CELL answers up.

    Fewer could tell who said what, so they are shown to nobody of the enterprise.
    """
    rows = (
        Evaluation.objects.filter(
            placement__in=in_year(counted(user), year),
            kind=EvaluationKind.STUDENT,
            state=EvaluationState.SUBMITTED,
        )
        .select_related("placement__unit")
        .order_by("pk")
    )
    groups: dict[int, list[Evaluation]] = {}
    for evaluation in rows.iterator():
        path = evaluation.placement.unit.path.strip(".").split(".")
        groups.setdefault(int(path[min(1, len(path) - 1)]), []).append(evaluation)
    enough = {key: given for key, given in groups.items() if len(given) >= settings.SMALL_CELL}
    names = Organization.objects.in_bulk(enough)
    found = [_opinion(str(names[key]), given) for key, given in enough.items()]
    return sorted(found, key=lambda opinion: opinion.label)


def _opinion(label: str, given: list[Evaluation]) -> Opinion:
    means = []
    for criterion in current_form(EvaluationKind.STUDENT).criteria:
        marks = [one.marks[criterion.key] for one in given if criterion.key in one.marks]
        if marks:
            mean = (Decimal(sum(marks)) / len(marks)).quantize(Decimal("0.1"))
            means.append((str(criterion.label), mean))
    recommend = round(100 * sum(bool(one.recommended) for one in given) / len(given))
    return Opinion(label, len(given), means, recommend)
