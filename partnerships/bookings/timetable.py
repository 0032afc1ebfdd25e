"""When things are open, taken and free: read at once for many things, then answered from memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.bookings.enums import Audience
from partnerships.bookings.models import DAY, SHORTEST, Closure, Hours, Thing
from partnerships.bookings.timetable_rows import HOURS, Kept, closed, kept, trees
from partnerships.common.clock import BAKU, baku_date, is_public_holiday, moment_in_words, start_of_day
from partnerships.common.models import DayOff
from partnerships.common.query_words import keys_of

RASTER = timedelta(minutes=15)
# What holds where no node of the tree says otherwise.
DEFAULTS: dict[str, Any] = {
    "audience": Audience.STAFF,
    "horizon_days": 180,
    "notice_minutes": 0,
    "min_minutes": SHORTEST,
    "max_minutes": 14 * DAY,
    "per_person": None,
    "buffer_before": 0,
    "buffer_after": 0,
    "approval": False,
    "check_in_minutes": 0,
    "closed_on_holidays": False,
}
ASKED_AHEAD = timedelta(days=14)  # so far the nearest free times are looked for


@dataclass(frozen=True, order=True)
class Span:
    """From a moment to another, the end left out."""

    starts: datetime
    ends: datetime

    def meets(self, other: "Span") -> bool:
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True)
class Problem:
    """Why a thing cannot be had at a time: the reason for a person, and a code."""

    code: str
    reason: str


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts <= found[-1].ends:
            found[-1] = Span(found[-1].starts, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return found


def without(spans: list[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` when `taken` is cut out."""
    left = spans
    for cut in taken:
        rest: list[Span] = []
        for span in left:
            if not span.meets(cut):
                rest.append(span)
                continue
            if span.starts < cut.starts:
                rest.append(Span(span.starts, cut.starts))
            if cut.ends < span.ends:
                rest.append(Span(cut.ends, span.ends))
        left = rest
    return left


def both(ours: list[Span], theirs: list[Span]) -> list[Span]:
    """Where both are."""
    found = [Span(max(a.starts, b.starts), min(a.ends, b.ends)) for a in ours for b in theirs if a.meets(b)]
    return sorted(found)


class Tree:
    """The nodes of some trees that are in use: what one has with a thing, and which rule holds for it.

    nodes   as `trees` reads them
    """

    def __init__(self, nodes: Iterable[Thing]) -> None:
        found: list[Any] = [node for node in nodes if node.is_active]
        self.nodes: dict[int, Thing] = {node.pk: node for node in found}
        self._parts: dict[int, list[int]] = {}
        for node in found:
            if node.part is not None:
                self._parts.setdefault(node.pk, []).append(node.part)
        self._below: dict[int | None, list[int]] = {}
        for thing in self.nodes.values():
            self._below.setdefault(thing.parent_id, []).append(thing.pk)
        self._held: dict[int, frozenset[int]] = {}

    def held(self, thing: Thing) -> frozenset[int]:
        """Keys of all that one has with the thing: itself, what is in it, what it is made of, and so on."""
        if thing.pk not in self._held:
            found: set[int] = set()
            waiting = [thing.pk]
            while waiting:
                key = waiting.pop()
                node = self.nodes.get(key)
                if key in found or node is None:
                    continue
                found.add(key)
                waiting += self._below.get(key, [])
                waiting += self._parts.get(key, [])
            self._held[thing.pk] = frozenset(found)
        return self._held[thing.pk]

    def rule(self, thing: Thing, name: str) -> Any:
        """What holds for the thing: its own, else of the nearest node above that says so."""
        return self.rule_of(thing, name)[0]

    def rule_of(self, thing: Thing, name: str) -> tuple[Any, Thing | None]:
        """A rule with the node that gives it."""
        for key in reversed(thing.above):
            node = self.nodes.get(key)
            value = getattr(node, name, None)
            if value not in (None, ""):
                return value, node
        return DEFAULTS[name], None


class Timetable(Tree):
    """Hours, closures and bookings of the trees that some things stand in, from `first` to `last`.

    things      those that will be asked about; everything of their trees is loaded, in a fixed number of
                queries whatever their number
    leave_out   key of the booking that is being moved, which is not in its own way
    nodes       the `trees` of these things, where they have been read before
    around      how far beyond these days it is known what is taken and shut: preparing and cleaning up may
                reach so far. Whoever only looks needs none
    reader      for whom what is taken is read with what they may read of it
    """

    def __init__(
        self,
        things: Iterable[Thing],
        first: date,
        last: date,
        *,
        leave_out: int | None = None,
        nodes: Sequence[Thing] | None = None,
        around: timedelta = timedelta(days=1),
        reader: Any = None,
    ) -> None:
        self.first, self.last = first, last
        self._tops = tops = {thing.top_id for thing in things}
        self._leave_out, self._reader = leave_out, reader
        self._window = window = Span(
            start_of_day(first) - around, start_of_day(last + timedelta(days=1)) + around
        )
        super().__init__(trees(tops) if nodes is None else nodes)
        self._hours: dict[int, list[Hours]] = {}
        self._opened: dict[tuple[int, date], list[Span]] = {}
        for hours in HOURS(sorted(tops)):
            self._hours.setdefault(hours.thing_id, []).append(hours)
        self._closures: dict[int, list[Closure]] = {}
        for closure in closed(window.starts, window.ends, *keys_of(sorted(tops))) if tops else ():
            self._closures.setdefault(closure.thing_id, []).append(closure)
        self._kept: dict[int, list[Kept]] = {}

    @cached_property
    def _slots(self) -> dict[int, list[Kept]]:
        """Asked for where it matters who has what; whether it is open does not hang on that."""
        found: dict[int, list[Kept]] = {}
        for slot in kept(self._window.starts, self._window.ends, self._tops, self._reader):
            if slot.booking_id != self._leave_out:
                found.setdefault(slot.thing_id, []).append(slot)
        return found

    @cached_property
    def _days_off(self) -> dict[date, bool]:
        """Asked for where something is closed on holidays."""
        rows = DayOff.objects.filter(date__range=(self.first, self.last))
        return dict(rows.values_list("date", "working"))

    # Open and closed --------------------------------------------------------------------------------
    def open_on(self, thing: Thing, day: date) -> list[Span]:
        """When it is open on a day, closures not counted."""
        source = next((key for key in reversed(thing.above) if key in self._hours), None)
        if self.is_holiday(thing, day):
            return []
        if source is None:
            return [Span(start_of_day(day), start_of_day(day + timedelta(days=1)))]
        if (source, day) not in self._opened:  # most rooms have the hours of their site
            self._opened[source, day] = joined(
                Span(
                    datetime.combine(day, row.opens, tzinfo=BAKU),
                    datetime.combine(day, row.closes, tzinfo=BAKU),
                )
                for row in self._hours[source]
                if row.weekday == day.weekday()
            )
        return self._opened[source, day]

    def is_holiday(self, thing: Thing, day: date) -> bool:
        """A public holiday on which the thing is closed."""
        return bool(self.rule(thing, "closed_on_holidays")) and is_public_holiday(day, self._days_off)

    def is_open(self, thing: Thing, span: Span) -> bool:
        """Within the opening hours for the whole of this span, closures not counted."""
        days = [
            baku_date(span.starts) + timedelta(days=n)
            for n in range((baku_date(span.ends) - baku_date(span.starts)).days + 1)
        ]
        spans = joined(piece for day in days for piece in self.open_on(thing, day))
        return any(piece.starts <= span.starts and span.ends <= piece.ends for piece in spans)

    def hours_on(self, thing: Thing, day: date) -> str:
        """When it is open on a day, for a sentence; empty where it is shut."""
        return ", ".join(
            f"{piece.starts.astimezone(BAKU):%H:%M}–{piece.ends.astimezone(BAKU):%H:%M}"
            for piece in self.open_on(thing, day)
        )

    def hours_above(self, thing: Thing) -> list[Hours]:
        """The week that the thing has where it has none of its own; empty where nothing above has one."""
        above = (self._hours[key] for key in reversed(thing.above) if key != thing.pk and key in self._hours)
        return next(above, [])

    def with_hours(self, thing: Thing, week: list[Hours]) -> None:
        """Answer from here on as if the thing had these hours of its own; none: those of the node above."""
        self._opened.clear()
        self._hours.pop(thing.pk, None)
        if week:
            self._hours[thing.pk] = week

    def closures(self, thing: Thing) -> list[Closure]:
        """Closures of the thing, of what it stands in, and of what one has with it."""
        if not self._closures:
            return []
        keys = {above for key in self.held(thing) for above in self.nodes[key].above}
        return sorted(
            (closure for key in keys for closure in self._closures.get(key, [])),
            key=lambda closure: (closure.starts, closure.pk),
        )

    def slots(self, thing: Thing) -> list[Kept]:
        """Kept times of all that one has with the thing, a booking once, in order of time."""
        if thing.pk not in self._kept:
            several = [self._slots[key] for key in self.held(thing) if key in self._slots]
            if len(several) > 1:
                found: dict[int, Kept] = {}
                for slots in several:
                    for slot in slots:
                        found.setdefault(slot.booking_id, slot)
                several = [sorted(found.values(), key=lambda slot: (slot.starts, slot.pk))]
            # Of one thing they are so already: no booking keeps it twice.
            self._kept[thing.pk] = several[0] if several else []
        return self._kept[thing.pk]

    @cached_property
    def asked(self) -> dict[int, list[Thing]]:
        """What was booked itself, without what one has with it, by the key of the booking."""
        found: dict[int, list[Thing]] = {}
        for key, slots in sorted(self._slots.items()):
            for slot in slots:
                if slot.asked and key in self.nodes:
                    found.setdefault(slot.booking_id, []).append(self.nodes[key])
        return found

    # Free -------------------------------------------------------------------------------------------
    def buffers(self, thing: Thing) -> tuple[timedelta, timedelta]:
        before, after = (self.rule(thing, name) for name in ("buffer_before", "buffer_after"))
        return timedelta(minutes=before), timedelta(minutes=after)

    def kept(self, thing: Thing, span: Span) -> Span:
        """The time that a booking of this span keeps: with what is needed to prepare and to clean up."""
        before, after = self.buffers(thing)
        return Span(span.starts - before, span.ends + after)

    def free(self, thing: Thing, days: Iterable[date] | None = None) -> list[Span]:
        """The spans within which a booking may lie, on these days or on all of the table."""
        before, after = self.buffers(thing)
        taken = [Span(slot.starts - after, slot.ends + before) for slot in self.slots(thing)]
        closed = [Span(closure.starts, closure.ends) for closure in self.closures(thing)]
        opened = joined(piece for day in days or self.days for piece in self.open_on(thing, day))
        return without(opened, [*taken, *closed])

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def clash(self, thing: Thing, span: Span) -> bool:
        kept = self.kept(thing, span)
        return any(kept.meets(Span(slot.starts, slot.ends)) for slot in self.slots(thing))

    def shut(self, thing: Thing, span: Span) -> Problem | None:
        """Why it is not open for the whole of this span."""
        for closure in self.closures(thing):
            if span.meets(Span(closure.starts, closure.ends)):
                words = {
                    "thing": thing.display_name,
                    "until": moment_in_words(closure.ends),
                    "reason": closure.reason,
                }
                return Problem("closed", _("%(thing)s: closed until %(until)s. %(reason)s") % words)
        if self.is_open(thing, span):
            return None
        day = baku_date(span.starts)
        opens = self.hours_on(thing, day)
        if self.is_holiday(thing, day):
            words = {"thing": thing.display_name}
            return Problem("shut", _("%(thing)s: closed on this day, a public holiday.") % words)
        if not opens:
            return Problem("shut", _("%(thing)s: not open on this day.") % {"thing": thing.display_name})
        return Problem(
            "shut",
            _("%(thing)s: open on this day at %(hours)s.") % {"thing": thing.display_name, "hours": opens},
        )

    def against_rules(self, thing: Thing, span: Span) -> Problem | None:
        """Which rule of the thing the span breaks, with its value."""
        now, length = timezone.now(), int((span.ends - span.starts).total_seconds() // 60)
        name = {"thing": thing.display_name}
        horizon = self.rule(thing, "horizon_days")
        if span.starts > now + timedelta(days=horizon):
            words = ngettext(
                "%(thing)s: booked %(n)d day ahead at most.",
                "%(thing)s: booked %(n)d days ahead at most.",
                horizon,
            )
            return Problem("horizon", words % {**name, "n": horizon})
        notice = self.rule(thing, "notice_minutes")
        if notice and span.starts < now + timedelta(minutes=notice):
            words = _("%(thing)s: booked %(long)s before at the latest.")
            return Problem("notice", words % {**name, "long": length_in_words(notice)})
        for rule, wrong, sentence in (
            ("min_minutes", length < self.rule(thing, "min_minutes"), _("%(thing)s: for %(long)s at least.")),
            ("max_minutes", length > self.rule(thing, "max_minutes"), _("%(thing)s: for %(long)s at most.")),
        ):
            if wrong:
                return Problem(rule, sentence % {**name, "long": length_in_words(self.rule(thing, rule))})
        return None

    def free_times(
        self, things: Sequence[Thing], length: timedelta, *, near: datetime, limit: int = 4
    ) -> list[datetime]:
        """Beginnings at which all the things are free together for `length`, the nearest to `near`, in order
        of time; on the quarter, in the future, by the rules of notice and horizon."""
        now = timezone.now()
        notice = max(self.rule(thing, "notice_minutes") for thing in things)
        horizon = min(self.rule(thing, "horizon_days") for thing in things)
        soonest, latest = now + timedelta(minutes=notice), now + timedelta(days=horizon)
        spans = self.free(things[0])
        for thing in things[1:]:
            spans = both(spans, self.free(thing))
        found = [at for span in spans for at in _quarters(span, length) if soonest < at <= latest]
        return sorted(sorted(found, key=lambda at: (abs(at - near), at))[:limit])


def _quarters(span: Span, length: timedelta) -> Iterator[datetime]:
    day = start_of_day(baku_date(span.starts))
    steps = -(-(span.starts - day) // RASTER)
    at = day + steps * RASTER
    while at + length <= span.ends:
        yield at
        at += RASTER


def length_in_words(minutes: int) -> str:
    """90 minutes, 2 hours, 3 days: in the largest unit that comes out even."""
    if minutes and minutes % DAY == 0:
        return ngettext("%(n)d day", "%(n)d days", minutes // DAY) % {"n": minutes // DAY}
    if minutes and minutes % 60 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def nearest(
    things: Sequence[Thing], starts: datetime, ends: datetime, *, limit: int = 4, leave_out: int | None = None
) -> list[datetime]:
    """The nearest beginnings at which all of the things are free for as long; for whoever was refused."""
    day = max(baku_date(starts), baku_date(timezone.now()))
    first = max(day - timedelta(days=2), baku_date(timezone.now()))
    table = Timetable(things, first, day + ASKED_AHEAD, leave_out=leave_out)
    return table.free_times(things, ends - starts, near=starts, limit=limit)
