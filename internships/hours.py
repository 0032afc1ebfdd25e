"""The hours of a practice against its plan, in minutes of the clock; an academic hour is 45 of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, IntegerField, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Cast

from internships.enums import AbsenceState, DiaryState
from internships.models import Absence, DiaryEntry, Placement
from partnerships.common.clock import is_working_day, today
from partnerships.common.models import DayOff

ACADEMIC = 45  # minutes of an academic hour


@dataclass
class WeekOfHours:
    """Seven days from the first: what was planned, and what came of it."""

    number: int
    first: date
    last: date
    planned: int
    confirmed: int = 0
    handed_in: int = 0
    missed: int = 0

    @property
    def begun(self) -> bool:
        return self.first <= today()


@dataclass
class Hours:
    """All of a practice, in minutes. `due` is what the plan expects by today."""

    planned: int
    due: int = 0
    confirmed: int = 0
    handed_in: int = 0
    missed: int = 0
    made_up: int = 0
    weeks: list[WeekOfHours] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.confirmed + self.handed_in

    @property
    def behind(self) -> int:
        return max(0, self.due - self.done)

    @property
    def left(self) -> int:
        return max(0, self.planned - self.done)

    @property
    def academic(self) -> int:
        """Academic hours done, whole ones."""
        return self.done // ACADEMIC

    @property
    def academic_planned(self) -> int:
        return self.planned // ACADEMIC


@dataclass(frozen=True)
class Days:
    """What is known of the days of one practice: (date, state, minutes) of diary and absences, and the
    corrections to the public holidays."""

    diary: list[tuple[date, str, int]]
    absences: list[tuple[date, str, int]]
    corrections: dict[date, bool]


def days_of(placement: Placement) -> Days:
    """The three together, in one query."""

    def rows(kind: str, found: Any, state: Any, minutes: Any) -> Any:
        said = found.order_by().annotate(kind=Value(kind, CharField()), said=state, number=minutes)
        return said.values_list("kind", "date", "said", "number")

    off = DayOff.objects.filter(date__range=(placement.starts, placement.ends))
    working = Case(When(working=True, then=1), default=0, output_field=IntegerField())
    of = {"placement": placement.pk}
    state, minutes = Cast("state", CharField()), Cast("minutes", IntegerField())
    found: dict[str, list[tuple[date, str, int]]] = {"diary": [], "absence": [], "off": []}
    for kind, day, said, number in rows("diary", DiaryEntry.objects.filter(**of), state, minutes).union(
        rows("absence", Absence.objects.filter(**of), state, minutes),
        rows("off", off, Value("", CharField()), working),
        all=True,
    ):
        found[kind].append((day, said, number))
    return Days(found["diary"], found["absence"], {day: bool(number) for day, _said, number in found["off"]})


def hours_of(placement: Placement, days: Days | None = None) -> Hours:
    """The whole account of one practice, week by week; one query at any length, none where `days` is read."""
    weeks, days = _weeks(placement), days or days_of(placement)
    found = Hours(placement.planned_minutes, _due(placement, weeks, days.corrections), weeks=weeks)
    for day, state, minutes in days.diary:
        if state in (DiaryState.CONFIRMED, DiaryState.SUBMITTED):
            name = "confirmed" if state == DiaryState.CONFIRMED else "handed_in"
            _add(found, placement, day, name, minutes)
    for day, state, minutes in days.absences:
        if state == AbsenceState.MADE_UP:
            found.made_up += minutes
        else:
            _add(found, placement, day, "missed", minutes)
    return found


def _add(found: Hours, placement: Placement, day: date, name: str, minutes: int) -> None:
    setattr(found, name, getattr(found, name) + minutes)
    index = (day - placement.starts).days // 7
    if 0 <= index < len(found.weeks):
        week = found.weeks[index]
        setattr(week, name, getattr(week, name) + minutes)


def _weeks(placement: Placement) -> list[WeekOfHours]:
    last = placement.last_day or placement.ends
    weeks: list[WeekOfHours] = []
    first = placement.starts
    while first <= last:
        end = min(first + timedelta(days=6), last)
        planned = placement.weekly_minutes * weekdays(first, end) // 5
        weeks.append(WeekOfHours(len(weeks) + 1, first, end, planned))
        first += timedelta(days=7)
    return weeks


def weekdays(first: date, last: date) -> int:
    """Days from Monday to Friday between the two, both included; public holidays are not taken out."""
    whole, rest = divmod((last - first).days + 1, 7)
    return whole * 5 + sum((first.weekday() + n) % 7 < 5 for n in range(rest))


def _corrections(placement: Placement) -> dict[date, bool]:
    rows = DayOff.objects.filter(date__range=(placement.starts, placement.ends))
    return dict(rows.values_list("date", "working"))


def working_days(placement: Placement) -> int:
    """How many working days the practice has, its last day included."""
    last = placement.last_day or placement.ends
    days = (placement.starts + timedelta(days=n) for n in range((last - placement.starts).days + 1))
    corrections = _corrections(placement)
    return sum(is_working_day(day, corrections) for day in days)


def _due(placement: Placement, weeks: Iterable[WeekOfHours], corrections: dict[date, bool]) -> int:
    """What the plan expects by yesterday's evening: whole weeks, of the present one the working days gone."""
    day, due = today(), 0
    for week in weeks:
        if week.first >= day:
            break
        if week.last < day:
            due += week.planned
            continue
        days = [week.first + timedelta(days=n) for n in range((week.last - week.first).days + 1)]
        working = [one for one in days if is_working_day(one, corrections)]
        gone = sum(one < day for one in working)
        due += week.planned * gone // max(1, len(working))
    return due


def done_of() -> Subquery:
    """Minutes handed in or confirmed, or None, as a value of each row of placements; for lists."""
    rows = DiaryEntry.objects.filter(
        placement=OuterRef("pk"), state__in=[DiaryState.CONFIRMED, DiaryState.SUBMITTED]
    )
    # By what they all have alike: a sum over nothing would be a row as well.
    summed = rows.order_by().values("placement").annotate(n=Sum("minutes"))
    return Subquery(summed.values("n"), IntegerField())
