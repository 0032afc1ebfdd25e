"""The diary week by week: what stands on each day, what is missing, what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from internships.enums import DiaryState, PlacementState
from internships.hours import Days
from internships.models import Absence, DiaryEntry, Placement
from internships.placement_conditions import day_counts
from partnerships.common.clock import is_working_day, today
from partnerships.common.models import DayOff
from partnerships.documents.models import Document
from partnerships.workflow.engine import Refusal
from partnerships.workflow.models import Change

KINDS = {
    DiaryState.DRAFT: "move",
    DiaryState.RETURNED: "move",
    DiaryState.SUBMITTED: "on",
    DiaryState.CONFIRMED: "good",
}
HANDED = (DiaryState.SUBMITTED, DiaryState.CONFIRMED)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass
class Day:
    """One day as its reader sees it. `why` is the reason when nothing can be written for it."""

    date: date
    worked: bool  # a working day: neither a weekend nor a public holiday
    entry: DiaryEntry | None = None
    absence: Absence | None = None
    why: Refusal | None = None
    note: str = ""  # why it was returned

    @property
    def seen(self) -> str:
        """How the day is named in a form: as it was shown, so that nobody confirms what they did not see."""
        return f"{self.entry.uid}.{self.entry.version}" if self.entry else ""

    @property
    def waits(self) -> bool:
        return self.entry is not None and self.entry.state == DiaryState.SUBMITTED

    @property
    def confirmed(self) -> bool:
        return self.entry is not None and self.entry.state == DiaryState.CONFIRMED

    @property
    def returned(self) -> bool:
        return self.entry is not None and self.entry.state == DiaryState.RETURNED

    @property
    def to_hand_in(self) -> bool:
        editable = (DiaryState.DRAFT, DiaryState.RETURNED)
        written = self.entry is not None and self.entry.state in editable and bool(self.entry.work)
        return written and self.why is None

    @property
    def missing(self) -> bool:
        """A day that has gone by without being handed in or excused."""
        if self.why is not None or self.absence is not None or self.date >= today():
            return False
        if self.entry is not None:
            return self.entry.state not in HANDED
        return self.worked

    @property
    def kind(self) -> str:
        return KINDS[DiaryState(self.entry.state)] if self.entry else ""

    @property
    def desk_kind(self) -> str:
        """The same for who confirms: what is the student's move is not amber there."""
        return "" if self.kind == "move" else self.kind

    @property
    def is_today(self) -> bool:
        return self.date == today()


@dataclass
class Week:
    monday: date
    days: list[Day] = field(default_factory=list)

    @property
    def last(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def waiting(self) -> list[Day]:
        return [day for day in self.days if day.waits]

    @property
    def confirmed(self) -> list[Day]:
        return [day for day in self.days if day.confirmed]

    @property
    def to_hand_in(self) -> list[Day]:
        return [day for day in self.days if day.to_hand_in]

    @property
    def filled(self) -> list[Day]:
        return [day for day in self.days if day.entry or day.absence]

    @property
    def written(self) -> list[Day]:
        return [day for day in self.days if day.entry]

    @property
    def minutes(self) -> int:
        return sum(day.entry.minutes for day in self.written if day.entry)

    @property
    def confirmed_minutes(self) -> int:
        return sum(day.entry.minutes for day in self.confirmed if day.entry)


def weeks_of(
    placement: Placement, *, drafts: bool, first: date | None = None, last: date | None = None
) -> list[Week]:
    """The weeks of a practice from its first day (or `first`) to today (or `last`), Mondays first.

    drafts   also what the student has not handed in: for the student alone
    Queries: entries, their photos, absences, days off, notes of what was returned; no more at any length.
    """
    begins = first or placement.starts
    ends = last or min(max(today(), begins), placement.last_day or placement.ends)
    if ends < begins:
        return []
    entries = entries_of(placement, drafts=drafts, first=monday_of(begins))
    absences = {row.date: row for row in placement.absences.filter(date__gte=monday_of(begins))}
    ends = max([ends, *(d for d in entries), *(d for d in absences)]) if last is None else ends
    corrections = dict(
        DayOff.objects.filter(date__range=(begins, ends + timedelta(days=7))).values_list("date", "working")
    )
    notes = _notes(entries.values())
    weeks = []
    monday = monday_of(begins)
    while monday <= ends:
        week = Week(monday)
        for number in range(7):
            day = monday + timedelta(days=number)
            entry = entries.get(day)
            probe = entry or DiaryEntry(placement=placement, date=day)
            week.days.append(
                Day(
                    day,
                    is_working_day(day, corrections),
                    entry,
                    absences.get(day),
                    day_counts(probe, None),
                    notes.get(entry.pk, "") if entry else "",
                )
            )
        weeks.append(week)
        monday += timedelta(days=7)
    return weeks


def entries_of(placement: Placement, *, drafts: bool, first: date) -> dict[date, DiaryEntry]:
    rows = DiaryEntry.objects.filter(placement=placement, date__gte=first).order_by("date")
    if not drafts:
        rows = rows.exclude(state=DiaryState.DRAFT)
    found = {}
    for entry in rows.prefetch_related(Prefetch("documents", Document.objects.order_by("pk"))):
        entry.placement = placement
        found[entry.date] = entry
    return found


def _notes(entries: Iterable[DiaryEntry]) -> dict[int, str]:
    """Why days were returned, for those that are: the latest reason of each."""
    keys = [entry.pk for entry in entries if entry.state == DiaryState.RETURNED]
    if not keys:
        return {}
    rows = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(DiaryEntry),
        object_id__in=keys,
        verb__in=["return", "reopen"],
    )
    return dict(rows.order_by("at", "pk").values_list("object_id", "note"))


def working_days(first: date, last: date) -> list[date]:
    """Working days from `first` to `last`, both included."""
    corrections = dict(DayOff.objects.filter(date__range=(first, last)).values_list("date", "working"))
    days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, corrections)]


def missing_by_placement(
    placements: Sequence[Placement], until: date, *, returned: bool = True
) -> dict[int, int]:
    """How many working days up to `until` are neither handed in nor excused, by placement: three queries,
    however many placements. Days before the safety admission do not count, returned ones where `returned`."""
    rows = [p for p in placements if p.state in (PlacementState.ACTIVE, PlacementState.FINISHED)]
    if not rows:
        return {}
    keys = [placement.pk for placement in rows]
    done: dict[int, set[date]] = {key: set() for key in keys}
    states = HANDED if returned else (*HANDED, DiaryState.RETURNED)
    handed = DiaryEntry.objects.filter(placement__in=keys, state__in=states)
    for key, day in handed.order_by().values_list("placement_id", "date"):
        done[key].add(day)
    for key, day in Absence.objects.filter(placement__in=keys).order_by().values_list("placement_id", "date"):
        done[key].add(day)
    first = min(placement.starts for placement in rows)
    calendar = working_days(first, until) if first <= until else []
    found = {}
    for placement in rows:
        last = min(until, placement.last_day or placement.ends)
        due = [day for day in calendar if placement.starts <= day <= last and day not in done[placement.pk]]
        found[placement.pk] = sum(not placement.missing_clearance(day) for day in due)
    return found


def missing_of(placement: Placement, until: date, days: Days, *, returned: bool = True) -> int:
    """The same of one practice whose days have been read already."""
    if placement.state not in (PlacementState.ACTIVE, PlacementState.FINISHED):
        return 0
    states = HANDED if returned else (*HANDED, DiaryState.RETURNED)
    done = {day for day, state, _minutes in days.diary if state in states}
    done |= {day for day, _state, _minutes in days.absences}
    last = min(until, placement.last_day or placement.ends)
    every = (placement.starts + timedelta(days=n) for n in range((last - placement.starts).days + 1))
    due = [day for day in every if day not in done and is_working_day(day, days.corrections)]
    return sum(not placement.missing_clearance(day) for day in due)


def hours_in_words(minutes: int) -> str:
    """6 h 30 min."""
    hours, rest = divmod(int(minutes or 0), 60)
    words = {"hours": hours, "minutes": rest}
    if not hours and rest:
        return _("%(minutes)s min") % words
    return _("%(hours)s h %(minutes)s min") % words if rest else _("%(hours)s h") % words
