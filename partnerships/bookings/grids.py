"""Rooms by time: the grid of a day and of a week. The month: months.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Thing
from partnerships.bookings.rules import keeps
from partnerships.bookings.timetable import RASTER, Span, Timetable
from partnerships.bookings.timetable_rows import Kept, tree_rows
from partnerships.common.addresses import addresses, kept_address
from partnerships.common.clock import BAKU, baku_date, start_of_day
from partnerships.common.query_words import Key
from partnerships.common.sharing import sharing
from partnerships.common.wording import names_in_language
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked

MOST_ROWS = 120
MOST_AT_SITE = 500
AHEAD = timedelta(days=366 * 2)
ONE = timedelta(days=1)
WORKDAY = (8, 20)  # what a grid shows where everything is always open
CLOSED, FREE, TAKEN, MINE, PAST = "closed", "free", "taken", "mine", "past"
SHUT, EARLY = "shut", "early"  # drawn as closed, with other words


@dataclass(slots=True)  # not frozen: a page has hundreds
class Cell:
    """A piece of a row: so many quarters of an hour that are alike."""

    kind: str
    starts: datetime
    ends: datetime
    cols: int  # quarters
    title: str = ""
    url: str = ""
    asked: bool = False  # waits for approval
    begins: str = ""  # its hour in Baku, of what is free
    # Its hours in Baku; of what is taken those of the booking itself, without preparing and cleaning up.
    spoken: str = ""

    @property
    def hours(self) -> str:
        return self.spoken or hours_in_baku(self.starts, self.ends)


def hours_in_baku(starts: datetime, ends: datetime) -> str:
    begins, until = starts.astimezone(BAKU), ends.astimezone(BAKU)
    # Not by `%H:%M`, which takes three times as long: a page has hundreds.
    return f"{begins.hour:02}:{begins.minute:02}–{until.hour:02}:{until.minute:02}"


@dataclass
class Row:
    """A line of the grid: a thing on a day."""

    thing: Thing
    day: date
    name: str  # of the thing, in the reader's language
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
                cols = last.cols + cell.cols
                found.append(Cell(FREE, last.starts, cell.ends, cols, url=last.url, begins=last.begins))
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


def tree_of(user: Any, top: Thing) -> list[Thing]:
    """Every node of a site, as `trees` has them; `open_here` is what this user may book."""
    return list(_tree(user, Key(top.pk)))


@asked
def _tree(user: Any, top: Key) -> Any:
    seen = Thing.objects.visible_to(user).bookable().filter(top_id=top).order_by()
    here = ExpressionWrapper(Q(pk__in=seen.values("pk")), BooleanField())
    return sharing(tree_rows([top])).annotate(open_here=here)


def bookable_at(user: Any, top: Thing, nodes: Sequence[Thing] | None = None) -> list[Thing]:
    """What this user may book at a site, in the order of the tree; `nodes` is its `tree_of` where that has
    been read."""
    found: list[Any] = tree_of(user, top) if nodes is None else list(nodes)
    known = {node.pk: node for node in found}
    names = {key: (node.sort_key, key) for key, node in known.items()}
    return sorted(
        (node for node in known.values() if node.open_here),
        key=lambda thing: [names.get(key, ("", key)) for key in thing.above],
    )[:MOST_AT_SITE]


def day_grid(user: Any, things: Sequence[Thing], day: date, nodes: Sequence[Thing] | None = None) -> Grid:
    """Rooms by time, for one day; the same number of queries for five rooms and for sixty."""
    shown = things[:MOST_ROWS]
    table = Timetable(shown, day, day, nodes=nodes, around=timedelta(), reader=user)
    return _grid(user, table, [(thing, day) for thing in shown], more=len(things) > len(shown))


def week_grid(user: Any, thing: Thing, day: date, nodes: Sequence[Thing] | None = None) -> Grid:
    """Days by time, for one thing, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    table = Timetable(
        [thing], monday, monday + timedelta(days=6), nodes=nodes, around=timedelta(), reader=user
    )
    return _grid(user, table, [(thing, monday + timedelta(days=n)) for n in range(7)])


def _grid(user: Any, table: Timetable, lines: list[tuple[Thing, date]], *, more: bool = False) -> Grid:
    first, last = _frame(table, lines)
    hours = [f"{hour:02}:00" for hour in range(first, last)]
    quarters = [f"{hour[:3]}{minute:02}" for hour in hours for minute in range(0, 60, 15)]
    rows, reader, name_of = [], _Reader.of(user, quarters), names_in_language()
    for thing, day in lines:
        frame = Span(start_of_day(day) + timedelta(hours=first), start_of_day(day) + timedelta(hours=last))
        above = table.nodes.get(thing.parent_id or 0) if thing.parent_id != thing.top_id else None
        detail = name_of(above) if above else ""
        rows.append(Row(thing, day, name_of(thing), detail, _cells(reader, table, thing, frame)))
    return Grid(rows, hours, more)


def _frame(table: Timetable, lines: list[tuple[Thing, date]]) -> tuple[int, int]:
    """From which hour to which the grid goes: as early and as late as something is open or kept."""
    hours = []
    wholes = {day: Span(start_of_day(day), start_of_day(day + ONE)) for _thing, day in lines}
    for thing, day in lines:
        whole = wholes[day]
        begins, ends = _as_read(whole.starts), _as_read(whole.ends)
        opened: list[Any] = [span for span in table.open_on(thing, day) if span != whole]
        spans = [span for span in (*opened, *table.slots(thing)) if span.starts < ends and begins < span.ends]
        if spans:
            soonest, latest = min(span.starts for span in spans), max(span.ends for span in spans)
            hours.append((max(soonest, whole.starts), min(latest, whole.ends)))
    if not hours:
        return WORKDAY
    first = min(start.astimezone(BAKU).hour for start, _end in hours)
    last = max(-(-(end - start_of_day(baku_date(start))) // timedelta(hours=1)) for start, end in hours)
    return first, max(min(last, 24), first + 1)


def _as_read(moment: datetime) -> datetime:
    """In the zone in which the database answers: moments of one zone are compared and subtracted several
    times faster, and a page does it a thousand times."""
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class _Reader:
    """What is alike in all rows of a grid."""

    user: Any
    person: int | None
    english: bool
    form: str
    to: Callable[[Any], str]
    words: dict[str, str]
    clock: Sequence[str]  # when each quarter of the frame begins

    @classmethod
    def of(cls, user: Any, clock: Sequence[str]) -> "_Reader":
        words = {SHUT: _("Not open"), EARLY: _("Too far ahead"), TAKEN: _("Taken")}
        form, to = kept_address("bookings:new"), addresses("bookings:booking")
        return cls(user, access_of(user).person_id, in_english(), form, to, words, clock)


def in_english() -> bool:
    return (get_language() or "az").startswith("en")


def _cells(reader: _Reader, table: Timetable, thing: Thing, frame: Span) -> list[Cell]:
    """The row in quarters, those alike joined; what is free in half hours, each a way to the form."""
    url = _form_of(reader.form, thing, frame.starts)
    cells: list[Cell] = []
    at, number = frame.starts, 0
    quarters = _quarters(table, thing, frame, _reach(reader.user, table, thing))
    for (kind, what), alike in groupby(quarters):
        begins, length = reader.clock[number], len(list(alike))
        ends = at + length * RASTER
        number += length
        if kind == TAKEN:
            cells.append(_taken(what, at, ends, length, reader))
        elif kind == FREE:
            start = begins.replace(":", "%3A")
            cells.append(Cell(FREE, at, ends, length, url=f"{url}&start={start}", begins=begins))
        elif kind == PAST:
            cells.append(Cell(PAST, at, ends, length))
        else:
            cells.append(Cell(CLOSED, at, ends, length, reader.words.get(kind, what)))
        at = ends
    return cells


def _quarters(
    table: Timetable, thing: Thing, frame: Span, reach: tuple[datetime, datetime]
) -> list[tuple[str, Any]]:
    """What each quarter of the frame is: its kind, and what tells it from others of that kind."""
    opens, count = _as_read(frame.starts), (frame.ends - frame.starts) // RASTER
    quarters: list[tuple[str, Any]] = [(SHUT, None)] * count

    def fill(span: Any, kind: str, what: Any = None) -> None:
        """The quarters that this meets."""
        first = max((span.starts - opens) // RASTER, 0)
        last = min(-((opens - span.ends) // RASTER), count)
        if first < last:
            quarters[first:last] = [(kind, what)] * (last - first)

    for span in table.open_on(thing, baku_date(frame.starts)):
        fill(span, FREE)
    past, early = ((moment - opens) // RASTER + 1 for moment in reach)
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


def _taken(slot: Kept, starts: datetime, ends: datetime, cols: int, reader: _Reader) -> Cell:
    hours = hours_in_baku(slot.begins, slot.until)
    if not slot.readable:
        return Cell(TAKEN, starts, ends, cols, reader.words[TAKEN], spoken=hours)
    return Cell(
        MINE if slot.holder_id == reader.person else TAKEN,
        starts,
        ends,
        cols,
        slot.titled(reader.english),
        reader.to(slot.uid),
        slot.state == BookingState.REQUESTED,
        spoken=hours,
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
    return f"{_form_of(kept_address('bookings:new'), thing, at)}&start={at.astimezone(BAKU):%H%%3A%M}"


def _form_of(form: str, thing: Thing, at: datetime) -> str:
    return f"{form}?thing={thing.uid}&day={at.astimezone(BAKU).date().isoformat()}"
