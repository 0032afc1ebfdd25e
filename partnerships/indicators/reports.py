"""What pages, tables, papers and the API read: numbers of a place, hidden where about few people.

There is one door, `Scope`: which place, for which eyes. Every answer about an indicator comes through it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, DateTimeField, Max, Q, Sum, Value
from django.db.models.functions import Cast
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.asked import ask_together
from partnerships.common.clock import baku_date, today
from partnerships.common.indicator import Benefit, Indicator, unit_of
from partnerships.common.markup import markup
from partnerships.common.query_words import Key, Typed
from partnerships.common.sharing import sharing
from partnerships.common.tables import NOTHING
from partnerships.common.templatetags.figures import grouped
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization
from partnerships.indicators import catalogue
from partnerships.indicators.counting import days_of, in_year, with_side
from partnerships.indicators.enums import Grade
from partnerships.indicators.models import Measure, ReportedValue, Target, YearCounted, place_of

TREND = 5  # years of a chart
NOUGHT = Decimal(0)


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

    def hides(self, indicator: Indicator, measure: Any) -> bool:
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
    counted_at: datetime | None = None  # where it is known already

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
    place = Typed(scope.place)
    alone = next(iter(wanted)) if len(wanted) == 1 else ""
    measures = _of_one(place, Typed(alone), year, years) if alone else _of_place(place, year, years)
    by_key = {(found.indicator, found.year): found for found in measures}
    targets = {found.indicator: found for found in targets_of(scope, year)}
    span, now = range(year - years + 1, year + 1), today().year
    return [
        Row(one, [_cell(scope, one, by_key.get((key, y)), y, now) for y in span], targets.get(key))
        for key, one in wanted.items()
    ]


@asked
def _of_place(place: str, year: int, years: int) -> Any:
    return _numbers(Measure.objects.filter(place=place), year, years)


@asked
def _of_one(place: str, indicator: str, year: int, years: int) -> Any:
    return _numbers(Measure.objects.filter(place=place, indicator=indicator), year, years)


def _numbers(rows: Any, year: int, years: int) -> Any:
    """What a cell looks at, of so many years up to this one."""
    rows = rows.filter(year__in=range(year - years + 1, year + 1))
    return rows.values_list("indicator", "year", "value", "veiled", "veiled_outside", named=True)


def targets_of(scope: Scope, year: int) -> list[Target]:
    """Targets of the whole place; nobody aims at what is shared with one partner."""
    if scope.partner is not None:
        return []
    return list(_targets(year, Key(scope.organization.pk) if scope.organization else None))


@asked
def _targets(year: int, organization: int | None) -> Any:
    return sharing(Target.objects.filter(organization=organization, year=year))


def _cell(scope: Scope, indicator: Indicator, measure: Any, year: int, now: int) -> Cell:
    """`now`: the present year, of which and of those before it nothing counted is nought."""
    if measure is None:
        nothing = None if year > now or isinstance(indicator.value, Avg) else NOUGHT
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
    if scope.partner is not None:
        return []
    own, now = scope.organization, today().year
    measures = _by_partner(Typed(indicator.key), year, Key(own.pk) if own else None)
    lines = []
    for one in measures:
        whose = one.organization if own is None else one.partner
        assert whose is not None
        lines.append(Line(whose, _cell(scope, indicator, one, year, now)))
    return sorted(
        lines, key=lambda line: (line.cell.hidden, -(line.cell.value or 0), line.organization.sort_key)
    )


@asked
def _by_partner(indicator: str, year: int, organization: int | None) -> Any:
    found = Measure.objects.filter(indicator=indicator, year=year)
    if organization is None:
        found = found.filter(organization__isnull=False, partner=None).select_related("organization")
    else:
        found = found.filter(organization=organization, partner__isnull=False).select_related("partner")
    return sharing(found)


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


# Years and records --------------------------------------------------------------------------------------
def years(scope: Scope) -> tuple[list[int], dict[int, datetime]]:
    """Years with a number in this place, the newest first, the present one always; and when each was counted
    last. One query."""
    rows = list(_years(Typed(scope.place)))
    offered = {year for year, at in rows if at is None} | {today().year}
    return sorted(offered, reverse=True), {year: at for year, at in rows if at is not None}


@asked
def _years(place: str) -> Any:
    numbers = Measure.objects.filter(place=place).order_by().distinct()
    counted = YearCounted.objects.order_by().values("year").annotate(at=Max("counted_at"))
    uncounted = Cast(Value(None), DateTimeField())
    return numbers.values_list("year", uncounted).union(counted.values_list("year", "at"), all=True)


def counted_at(year: int, indicator: str = "") -> datetime | None:
    """When this year was last counted, or that of one indicator; None before the first time."""
    which = {"year": year, **({"indicator": indicator} if indicator else {})}
    for model in (YearCounted, Measure):  # what was counted before years were kept has numbers alone
        found: datetime | None = model.objects.filter(**which).aggregate(at=Max("counted_at"))["at"]
        if found is not None:
            return found
    return None


def year_counted(indicator: Indicator, year: int) -> YearCounted | None:
    return next(iter(_counted(Typed(indicator.key), year)), None)


@asked
def _counted(indicator: str, year: int) -> Any:
    return YearCounted.objects.filter(indicator=indicator, year=year)


def days_counted(year: int) -> dict[str, Any]:
    """Indicator -> the day on which this year of it was counted, by Baku's clock."""
    rows = YearCounted.objects.filter(year=year).values_list("indicator", "counted_at")
    return {key: baku_date(at) for key, at in rows}


def records(scope: Scope, indicator: Indicator, year: int, user: Any) -> Any:
    """The rows behind a number that this user may open. They are theirs to see anyway, on other pages: how
    many they are says nothing of those that are not shown."""
    return _records(user, indicator.key, year, *days_of(year), *scope.keys)


def has_records(scope: Scope, indicator: Indicator, year: int, user: Any) -> bool:
    """Whether there is any of these."""
    asked_for = _in_words(user, indicator.key, year, *days_of(year), *map(Key, scope.keys))
    return bool(ask_together([asked_for.exists])[0])


def _records(user: Any, key: str, year: int, first: date, last: date, day: date, *organizations: int) -> Any:
    indicator = catalogue.indicators()[key]
    counting = in_year(indicator, indicator.source, year, first, last, day)
    counting = counting.filter(with_side(indicator, *organizations)).order_by()
    return indicator.seen_by(user).filter(pk__in=counting.values("pk"))


_in_words = asked(_records)


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
