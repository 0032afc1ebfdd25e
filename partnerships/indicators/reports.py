"""What pages, tables, papers and the API read: numbers of a place, hidden where about few people.

There is one door, `Scope`: which place, for which eyes. Every answer about an indicator comes through it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Max, Q, Sum
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.clock import baku_date, today
from partnerships.common.indicator import Benefit, Indicator, unit_of
from partnerships.common.markup import markup
from partnerships.common.query_words import Key
from partnerships.common.sharing import sharing
from partnerships.common.tables import NOTHING
from partnerships.common.templatetags.figures import grouped
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization
from partnerships.indicators import catalogue, rules
from partnerships.indicators.counting import in_year, with_side
from partnerships.indicators.enums import Grade
from partnerships.indicators.models import Measure, ReportedValue, Target, YearCounted, place_of

TREND = 5  # years of a chart
EVERYTHING = "all"


@dataclass(frozen=True)
class Scope:
    """A place and the eyes that look at it.

    organization  whose numbers; None: of everything, for who runs the portal's partnership
    partner       what it has in common with this one; of everything: the numbers of this one
    outside       for a paper that leaves the house: nothing about few people at all
    """

    organization: Organization | None
    partner: Organization | None = None
    outside: bool = False

    @property
    def place(self) -> str:
        one, other = self.organization, self.partner
        if one is None:
            return place_of(other.pk if other else None)
        return place_of(one.pk, other.pk if other else None)

    @property
    def keys(self) -> list[int]:
        return [one.pk for one in (self.organization, self.partner) if one is not None]

    def hides(self, indicator: Indicator, measure: Measure) -> bool:
        if self.outside or indicator.guarded:
            return measure.veiled_outside
        return self.organization is None and measure.veiled


@dataclass(frozen=True)
class Cell:
    """A number of a year: None where there is nothing to say; `hidden` where it is about few people."""

    year: int
    value: Decimal | None
    hidden: bool = False
    digits: int = 0

    @property
    def words(self) -> str:
        if self.hidden or self.value is None:
            return ""
        return in_words(self.value, self.digits)

    @property
    def drawn(self) -> SafeString:
        """As a page shows it."""
        if self.hidden:
            return markup('<span class="muted small">{}</span>', _("hidden"))
        return NOTHING if self.value is None else markup("{}", self.words)


def in_words(value: Decimal, digits: int = 0) -> str:
    """1 284; 2,5. Whole where it is whole."""
    if value == value.to_integral_value() and not digits:
        return str(grouped(int(value)))
    return str(grouped(value, max(digits, 1)))


@dataclass
class Row:
    """An indicator in a place: the year asked for, those before it, what was aimed at."""

    indicator: Indicator
    cells: list[Cell]
    target: Target | None = None

    @property
    def benefit(self) -> Any:
        return Benefit(self.indicator.benefit).label

    @property
    def now(self) -> Cell:
        return self.cells[-1]

    @property
    def before(self) -> Cell:
        return self.cells[-2]

    @property
    def is_empty(self) -> bool:
        """Nothing in any of the years, and nothing aimed at."""
        return self.target is None and not any(cell.hidden or cell.value for cell in self.cells)

    @property
    def share(self) -> int | None:
        """Of the target, in a hundred; None without one, or where the number is hidden."""
        if self.target is None or not self.target.value or self.now.value is None or self.now.hidden:
            return None
        return int(self.now.value * 100 / self.target.value)

    @property
    def reached(self) -> bool | None:
        """Whether the target is kept: for what should be little, not passed."""
        if self.target is None or self.now.value is None or self.now.hidden:
            return None
        if self.indicator.up:
            return self.now.value >= self.target.value
        return self.now.value <= self.target.value

    @property
    def target_words(self) -> str:
        return in_words(self.target.value) if self.target else ""


@dataclass
class Overview:
    scope: Scope
    year: int
    groups: list[tuple[Any, list[Row]]] = field(default_factory=list)
    counted_at: datetime | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for _label, rows in self.groups for row in rows]

    @property
    def hides_something(self) -> bool:
        return any(cell.hidden for row in self.rows for cell in row.cells)


def overview(scope: Scope, year: int) -> Overview:
    """Every indicator in this place, by benefit. Two queries, however many there are."""
    rows = readings(scope, catalogue.indicators().values(), year)
    found = Overview(scope, year)
    for benefit in Benefit:
        own = [row for row in rows if row.indicator.benefit == benefit]
        if own:
            found.groups.append((benefit, own))
    return found


def readings(scope: Scope, indicators: Iterable[Indicator], year: int, years: int = TREND) -> list[Row]:
    """These indicators in this place, the years up to `year`."""
    wanted = {one.key: one for one in indicators}
    span = range(year - years + 1, year + 1)
    measures = Measure.objects.filter(place=scope.place, year__in=span, indicator__in=wanted)
    by_key: dict[tuple[str, int], Measure] = {(one.indicator, one.year): one for one in measures}
    targets = {one.indicator: one for one in targets_of(scope, year)}
    return [
        Row(one, [_cell(scope, one, by_key.get((key, y)), y) for y in span], targets.get(key))
        for key, one in wanted.items()
    ]


def targets_of(scope: Scope, year: int) -> Any:
    """Targets of the whole place; nobody aims at what is shared with one partner."""
    if scope.partner is not None:
        return Target.objects.none()
    return Target.objects.filter(organization=scope.organization, year=year)


def _cell(scope: Scope, indicator: Indicator, measure: Measure | None, year: int) -> Cell:
    if measure is None:
        nothing = None if isinstance(indicator.value, Avg) or year > today().year else Decimal(0)
        return Cell(year, nothing, digits=indicator.digits)
    hidden = scope.hides(indicator, measure)
    return Cell(year, None if hidden else measure.value, hidden, indicator.digits)


@dataclass(frozen=True)
class Line:
    """A partner in a place."""

    organization: Organization
    cell: Cell


def by_partner(scope: Scope, indicator: Indicator, year: int) -> list[Line]:
    """The number of each partner, the largest first; hidden ones last. One query."""
    measures = Measure.objects.filter(indicator=indicator.key, year=year)
    if scope.partner is not None:
        return []
    if scope.organization is None:
        measures = measures.filter(organization__isnull=False, partner=None).select_related("organization")
    else:
        measures = measures.filter(organization=scope.organization, partner__isnull=False)
        measures = measures.select_related("partner")
    measures = sharing(measures)
    lines = []
    for one in measures:
        whose = one.organization if scope.organization is None else one.partner
        assert whose is not None
        lines.append(Line(whose, _cell(scope, indicator, one, year)))
    return sorted(
        lines, key=lambda line: (line.cell.hidden, -(line.cell.value or 0), line.organization.sort_key)
    )


def by_grade(scope: Scope, indicator: Indicator, year: int) -> list[tuple[Any, str]]:
    """What was measured, calculated and estimated of a reported number, apart; nothing where it is hidden."""
    if readings(scope, [indicator], year, 1)[0].now.hidden:
        return []
    rows = ReportedValue.objects.filter(indicator.where, with_side(indicator, *scope.keys), year=year)
    sums = dict(rows.order_by().values_list("grade").annotate(Sum("amount")))
    return [
        (grade.label, f"{in_words(sums[grade])} {unit_of(sums[grade], indicator.unit)}")
        for grade in Grade
        if grade in sums
    ]


# What somebody may ask for ------------------------------------------------------------------------------
@dataclass
class Choices:
    """The places that this reader may look at."""

    sees_all: bool
    own: list[Organization]

    def organization(self, slug: str) -> Organization | None:
        """Raises Http404 for one whose numbers are not this reader's."""
        if not slug:
            return None if self.sees_all else self.own[0]
        if slug == EVERYTHING and self.sees_all:
            return None
        found = next((one for one in self.own if one.slug == slug), None)
        if found is None:
            raise Http404
        return found


def choices(user: Any) -> Choices:
    """One query, none for who runs everything and no organisation."""
    roots = rules.own_roots(user)
    own = list(_own(user)) if roots else []
    return Choices(rules.sees_all(user), own)


@asked
def _own(user: Any) -> Any:
    return Organization.objects.filter(pk__in=rules.own_roots(user)).order_by("sort_key", "pk")


def partners(organization: Organization | None) -> list[Organization]:
    """Those with whom it has a number in common; of everything: who has one."""
    return list(_of_everything() if organization is None else _partners_of(Key(organization.pk)))


@asked
def _of_everything() -> Any:
    return _named(Measure.objects.filter(organization__isnull=False, partner=None).values("organization"))


@asked
def _partners_of(key: int) -> Any:
    return _named(Measure.objects.filter(organization=key, partner__isnull=False).values("partner"))


def _named(keys: Any) -> Any:
    named = Organization.objects.only("slug", "name", "name_en", "acronym")
    return sharing(named.filter(pk__in=keys).order_by("sort_key", "pk"))


def years(scope: Scope) -> list[int]:
    """Years with a number in this place, the newest first; the present one always. One query."""
    found = Measure.objects.filter(place=scope.place).values_list("year", flat=True).distinct()
    return sorted({*found, today().year}, reverse=True)


def counted_at(year: int, indicator: str = "") -> datetime | None:
    """When this year was last counted, or that of one indicator; None before the first time."""
    which = {"year": year, **({"indicator": indicator} if indicator else {})}
    for model in (YearCounted, Measure):  # what was counted before years were kept has numbers alone
        found: datetime | None = model.objects.filter(**which).aggregate(at=Max("counted_at"))["at"]
        if found is not None:
            return found
    return None


def days_counted(year: int) -> dict[str, Any]:
    """Indicator -> the day on which this year of it was counted, by Baku's clock."""
    rows = YearCounted.objects.filter(year=year).values_list("indicator", "counted_at")
    return {key: baku_date(at) for key, at in rows}


def records(scope: Scope, indicator: Indicator, year: int, user: Any) -> Any:
    """The rows behind a number that this user may open. They are theirs to see anyway, on other pages: how
    many they are says nothing of those that are not shown."""
    counting = in_year(indicator, indicator.source, year).filter(with_side(indicator, *scope.keys))
    return indicator.seen_by(user).filter(pk__in=counting.order_by().values("pk"))


def in_code(indicator: Indicator) -> str:
    """How it is counted, as the program does it."""
    what = type(indicator.value).__name__.upper()
    of = ", ".join(str(one) for one in indicator.value.get_source_expressions() if one is not None)
    lines = [f"{what} {of}".strip(), f"FROM {indicator.model}"]
    if indicator.where:
        lines.append(f"WHERE {_written(indicator.where)}")
    if indicator.on is not None:
        lines.append(f"ON DAY {_written(indicator.on(today()))}")
    else:
        lines.append(f"YEAR OF {indicator.when}")
    if indicator.sides:
        lines.append(f"SIDES {', '.join(indicator.sides)}")
    return "\n".join(lines)


def _written(q: Q) -> str:
    children: list[Any] = list(q.children)
    parts = [_written(one) if isinstance(one, Q) else f"{one[0]} = {_plain(one[1])}" for one in children]
    text = f" {q.connector} ".join(parts)
    if len(parts) > 1:
        text = f"({text})"
    return f"NOT {text}" if q.negated else text


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple, set)):
        return ", ".join(sorted(str(one) for one in value))
    return str(value)
