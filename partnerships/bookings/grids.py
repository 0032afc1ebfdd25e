"""Rooms by time: the grid of a day and of a week. The month: months.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.bookings.rules import keeps
from partnerships.bookings.timetable import (
    RASTER,
    Span,
    Timetable,
)
from partnerships.bookings.timetable_rows import trees
from partnerships.common.addresses import addresses
from partnerships.common.among import AmongKnown, in_one
from partnerships.common.clock import BAKU, baku_date, start_of_day
from partnerships.common.query_words import Key
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked

MOST_ROWS = 120
MOST_AT_SITE = 500
AHEAD = timedelta(days=366 * 2)
WORKDAY = (8, 20)  # what a grid shows where everything is always open
CLOSED, FREE, TAKEN, MINE, PAST = "closed", "free", "taken", "mine", "past"
SHUT, EARLY = "shut", "early"  # drawn as closed, with other words


@dataclass(slots=True)  # not frozen: a page has hundreds
class Cell:
    """A piece of a row: so many quarters of an hour that are alike."""

    kind: str
    starts: datetime
    ends: datetime
    title: str = ""
    url: str = ""
    asked: bool = False  # waits for approval
    booked: Span | None = None  # the time of the booking itself, without preparing and cleaning up
    begins: str = ""  # its hour in Baku, of what is free
    spoken: str = ""  # `hours`, once they were asked for

    @property
    def hours(self) -> str:
        if not self.spoken:  # drawn for the desk and for the phone
            span = self.booked or self
            begins, ends = span.starts.astimezone(BAKU), span.ends.astimezone(BAKU)
            # Not by `%H:%M`, which takes three times as long: a page has hundreds.
            self.spoken = f"{begins.hour:02}:{begins.minute:02}–{ends.hour:02}:{ends.minute:02}"
        return self.spoken

    @property
    def cols(self) -> int:
        return int((self.ends - self.starts) // RASTER)


@dataclass
class Row:
    """A line of the grid: a thing on a day."""

    thing: Thing
    day: date
    detail: str = ""
    cells: list[Cell] = field(default_factory=list)

    @property
    def taken(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind in (TAKEN, MINE)]

    @property
    def free(self) -> list[Cell]:
        """Free pieces as long as they are, each leading to the form, for the phone."""
        found: list[Cell] = []
        for cell in self.cells:
            if cell.kind != FREE:
                continue
            if found and found[-1].ends == cell.starts:
                last = found.pop()
                found.append(Cell(FREE, last.starts, cell.ends, url=last.url, begins=last.begins))
            else:
                found.append(cell)
        return found

    @property
    def shut(self) -> str:
        """Why nothing of this day can be had, when it is so."""
        if any(cell.kind in (FREE, TAKEN, MINE) for cell in self.cells):
            return ""
        return next((cell.title for cell in self.cells if cell.title), "")


@dataclass
class Grid:
    rows: list[Row]
    hours: list[str]
    more: bool = False  # there are more things than are shown

    @property
    def quarters(self) -> int:
        return len(self.hours) * 4


def sites(user: Any) -> list[Thing]:
    """The roots under which this user may book something."""
    return list(_sites(user))


@asked
def _sites(user: Any) -> Any:
    seen = Thing.objects.visible_to(user).bookable().order_by().values("top_id").distinct()
    return Thing.objects.filter(pk__in=seen).order_by("sort_key", "pk")


@asked
def _bookable(user: Any, top: Key) -> Any:
    return Thing.objects.visible_to(user).bookable().filter(top_id=top).values_list("pk")[:MOST_AT_SITE]


def bookable_at(user: Any, top: Thing, nodes: Sequence[Thing] | None = None) -> list[Thing]:
    """What this user may book at a site, in the order of the tree; `nodes` is the tree of the site where it
    has been read."""
    nodes = trees([top.pk]) if nodes is None else nodes
    keys = {key for (key,) in _bookable(user, Key(top.pk))}
    known = {node.pk: node for node in nodes}
    names = {key: (node.sort_key, key) for key, node in known.items()}
    return sorted(
        (known[key] for key in keys if key in known),
        key=lambda thing: [names.get(key, ("", key)) for key in thing.above],
    )


def day_grid(user: Any, things: Sequence[Thing], day: date, nodes: Sequence[Thing] | None = None) -> Grid:
    """Rooms by time, for one day; the same number of queries for five rooms and for sixty."""
    shown = things[:MOST_ROWS]
    table = Timetable(shown, day, day, nodes=nodes, around=timedelta())
    return _grid(user, table, [(thing, day) for thing in shown], more=len(things) > len(shown))


def week_grid(user: Any, thing: Thing, day: date, nodes: Sequence[Thing] | None = None) -> Grid:
    """Days by time, for one thing, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    table = Timetable([thing], monday, monday + timedelta(days=6), nodes=nodes, around=timedelta())
    return _grid(user, table, [(thing, monday + timedelta(days=n)) for n in range(7)])


def _grid(user: Any, table: Timetable, lines: list[tuple[Thing, date]], *, more: bool = False) -> Grid:
    first, last = _frame(table, lines)
    known = known_of(user, {slot.booking_id for thing, _day in lines for slot in table.slots(thing)})
    rows, form = [], reverse("bookings:new")
    hours = [f"{hour:02}:00" for hour in range(first, last)]
    quarters = [f"{hour[:3]}{minute:02}" for hour in hours for minute in range(0, 60, 15)]
    for thing, day in lines:
        frame = Span(start_of_day(day) + timedelta(hours=first), start_of_day(day) + timedelta(hours=last))
        above = table.nodes.get(thing.parent_id or 0) if thing.parent_id != thing.top_id else None
        detail = above.display_name if above else ""
        rows.append(Row(thing, day, detail, _cells(user, table, thing, frame, known, form, quarters)))
    return Grid(rows, hours, more)


def _frame(table: Timetable, lines: list[tuple[Thing, date]]) -> tuple[int, int]:
    """From which hour to which the grid goes: as early and as late as something is open or kept."""
    hours = []
    for thing, day in lines:
        whole = Span(start_of_day(day), start_of_day(day + timedelta(days=1)))
        opened: list[Any] = [span for span in table.open_on(thing, day) if span != whole]
        spans = [span for span in (*opened, *table.slots(thing)) if whole.meets(span)]
        if spans:
            soonest, latest = min(span.starts for span in spans), max(span.ends for span in spans)
            hours.append((max(soonest, whole.starts), min(latest, whole.ends)))
    if not hours:
        return WORKDAY
    begins = min(start.astimezone(BAKU).hour for start, _end in hours)
    ends = max(-(-(end - start_of_day(baku_date(start))) // timedelta(hours=1)) for start, end in hours)
    return begins, max(min(ends, 24), begins + 1)


class Told(NamedTuple):
    """What may be read of a booking."""

    holder_id: int
    title: str
    url: str
    state: str


def known_of(user: Any, keys: set[int]) -> dict[int, Told]:
    """Of these bookings those whose titles this user may read."""
    if not keys:
        return {}
    to, english = addresses("bookings:booking"), (get_language() or "az").startswith("en")
    return {
        key: Told(holder, title_en if english and title_en else title, to(uid), state)
        for key, uid, holder, title, title_en, state in _readable(user, in_one(sorted(keys)))
    }


@asked
def _readable(user: Any, keys: str) -> Any:
    rows = Booking.objects.visible_to(user).filter(AmongKnown("pk", keys)).order_by()
    return rows.values_list("pk", "uid", "holder_id", "title", "title_en", "state")


def _cells(
    user: Any,
    table: Timetable,
    thing: Thing,
    frame: Span,
    known: dict[int, Told],
    form: str,
    clock: Sequence[str],
) -> list[Cell]:
    """The row in quarters, those alike joined; what is free in half hours, each a way to the form. `clock`:
    when each quarter of the frame begins, which is the same in every row."""
    person, url = access_of(user).person_id, _form_of(form, thing, frame.starts)
    words = {SHUT: _("Not open"), EARLY: _("Too far ahead")}
    cells: list[Cell] = []
    at, number = frame.starts, 0
    for (kind, what), alike in groupby(_quarters(table, thing, frame, _reach(user, table, thing))):
        begins, length = clock[number], len(list(alike))
        ends = at + length * RASTER
        number += length
        if kind == TAKEN:
            cells.append(_taken(what, at, ends, known.get(what.booking_id), person))
        elif kind == FREE:
            start = begins.replace(":", "%3A")
            cells.append(Cell(FREE, at, ends, url=f"{url}&start={start}", begins=begins))
        elif kind == PAST:
            cells.append(Cell(PAST, at, ends))
        else:
            cells.append(Cell(CLOSED, at, ends, words.get(kind, what)))
        at = ends
    return cells


def _quarters(
    table: Timetable, thing: Thing, frame: Span, reach: tuple[datetime, datetime]
) -> list[tuple[str, Any]]:
    """What each quarter of the frame is: its kind, and what tells it from others of that kind."""
    quarters: list[tuple[str, Any]] = [(SHUT, None)] * ((frame.ends - frame.starts) // RASTER)

    def fill(span: Any, kind: str, what: Any = None) -> None:
        """The quarters that this meets."""
        first = max((span.starts - frame.starts) // RASTER, 0)
        last = min(-((frame.starts - span.ends) // RASTER), len(quarters))
        if first < last:
            quarters[first:last] = [(kind, what)] * (last - first)

    for span in table.open_on(thing, baku_date(frame.starts)):
        fill(span, FREE)
    past, early = ((moment - frame.starts) // RASTER + 1 for moment in reach)
    for number, (kind, _what) in enumerate(quarters):
        if kind == FREE:
            reached = PAST if number < past else EARLY if number >= early else FREE
            # The half hour: a frame begins with an hour.
            quarters[number] = (reached, number // 2 if reached == FREE else None)
    # The first of two that meet one quarter is shown, so it is written last; what is taken above all.
    for closure in reversed(table.closures(thing)):
        fill(closure, CLOSED, closure.reason)
    for slot in reversed(table.slots(thing)):
        fill(slot, TAKEN, slot)
    return quarters


def _reach(user: Any, table: Timetable, thing: Thing) -> tuple[datetime, datetime]:
    """Between which moments this user may begin: who looks after the thing is bound by neither rule."""
    now = timezone.now()
    if keeps(user, thing):
        return now - RASTER, now + AHEAD
    notice, horizon = table.rule(thing, "notice_minutes"), table.rule(thing, "horizon_days")
    return (now + timedelta(minutes=notice) if notice else now - RASTER), now + timedelta(days=horizon)


def _taken(slot: Slot, starts: datetime, ends: datetime, booking: Told | None, person: int | None) -> Cell:
    booked = Span(slot.booking.starts, slot.booking.ends)
    if booking is None:
        return Cell(TAKEN, starts, ends, _("Taken"), booked=booked)
    return Cell(
        MINE if booking.holder_id == person else TAKEN,
        starts,
        ends,
        booking.title,
        booking.url,
        booking.state == BookingState.REQUESTED,
        booked,
    )


def usual_day(day: date) -> date:
    """The day, or the Monday after it where it is of a weekend; days off are not asked about."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def soon() -> datetime:
    """When a form that names no time begins: the next full hour of usual working time."""
    now = timezone.now().astimezone(BAKU).replace(minute=0, second=0, microsecond=0)
    hour = max(now + timedelta(hours=1), now.replace(hour=9))
    if hour.date() == now.date() == usual_day(now.date()) and hour.hour < 18:
        return hour
    later = usual_day(now.date() + timedelta(days=1))
    return datetime.combine(later, time(10), tzinfo=BAKU)


def new_url(thing: Thing, at: datetime) -> str:
    """The form for a thing from a moment on."""
    return f"{_form_of(reverse('bookings:new'), thing, at)}&start={at.astimezone(BAKU):%H%%3A%M}"


def _form_of(form: str, thing: Thing, at: datetime) -> str:
    return f"{form}?thing={thing.uid}&day={at.astimezone(BAKU).date().isoformat()}"
