"""What the pages read: the grid of a day and of a week, the month, free rooms, lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.bookings.enums import KEEPERS, OPEN, Audience, BookingState, ThingKind
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.bookings.rules import keeps
from partnerships.bookings.timetable import RASTER, Span, Timetable, joined, length_in_words, trees, without
from partnerships.common.clock import BAKU, baku_date, start_of_day
from partnerships.common.clock import today as baku_today
from partnerships.common.sharing import sharing
from partnerships.directory.access import access_of

MOST_ROWS = 120
AHEAD = timedelta(days=366 * 2)
WORKDAY = (8, 20)  # what a grid shows where everything is always open
CLOSED, FREE, TAKEN, MINE, PAST = "closed", "free", "taken", "mine", "past"
SHUT, EARLY = "shut", "early"  # drawn as closed, with other words


@dataclass(frozen=True)
class Cell:
    """A piece of a row: so many quarters of an hour that are alike."""

    kind: str
    starts: datetime
    ends: datetime
    title: str = ""
    url: str = ""
    asked: bool = False  # waits for approval
    booked: Span | None = None  # the time of the booking itself, without preparing and cleaning up

    @property
    def hours(self) -> str:
        span = self.booked or Span(self.starts, self.ends)
        return f"{span.starts.astimezone(BAKU):%H:%M}–{span.ends.astimezone(BAKU):%H:%M}"

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
                found.append(Cell(FREE, last.starts, cell.ends, url=last.url))
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
    seen = Thing.objects.visible_to(user).bookable().order_by().values("top_id").distinct()
    return list(Thing.objects.filter(pk__in=seen).order_by("sort_key", "pk"))


def bookable_at(user: Any, top: Thing, nodes: Sequence[Thing] | None = None) -> list[Thing]:
    """What this user may book at a site, in the order of the tree; `nodes` is the tree of the site where it
    has been read."""
    nodes = trees([top.pk]) if nodes is None else nodes
    rows = Thing.objects.visible_to(user).bookable().filter(top_id=top.pk)
    keys = set(rows.values_list("pk", flat=True)[:500])
    known = {node.pk: node for node in nodes}
    names = {key: (node.sort_key, key) for key, node in known.items()}
    return sorted(
        (known[key] for key in keys if key in known),
        key=lambda thing: [names.get(key, ("", key)) for key in thing.above],
    )


def day_grid(user: Any, things: Sequence[Thing], day: date, nodes: Sequence[Thing] | None = None) -> Grid:
    """Rooms by time, for one day; the same number of queries for five rooms and for sixty."""
    shown = things[:MOST_ROWS]
    table = Timetable(shown, day, day, nodes=nodes)
    return _grid(user, table, [(thing, day) for thing in shown], more=len(things) > len(shown))


def week_grid(user: Any, thing: Thing, day: date, nodes: Sequence[Thing] | None = None) -> Grid:
    """Days by time, for one thing, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    table = Timetable([thing], monday, monday + timedelta(days=6), nodes=nodes)
    return _grid(user, table, [(thing, monday + timedelta(days=n)) for n in range(7)])


def _grid(user: Any, table: Timetable, lines: list[tuple[Thing, date]], *, more: bool = False) -> Grid:
    first, last = _frame(table, lines)
    known = _known(user, {slot.booking_id for thing, _day in lines for slot in table.slots(thing)})
    rows, form = [], reverse("bookings:new")
    for thing, day in lines:
        frame = Span(start_of_day(day) + timedelta(hours=first), start_of_day(day) + timedelta(hours=last))
        above = table.nodes.get(thing.parent_id or 0) if thing.parent_id != thing.top_id else None
        detail = above.display_name if above else ""
        rows.append(Row(thing, day, detail, _cells(user, table, thing, frame, known, form)))
    return Grid(rows, [f"{hour:02}:00" for hour in range(first, last)], more)


def _frame(table: Timetable, lines: list[tuple[Thing, date]]) -> tuple[int, int]:
    """From which hour to which the grid goes: as early and as late as something is open or kept."""
    spans = []
    for thing, day in lines:
        whole = Span(start_of_day(day), start_of_day(day + timedelta(days=1)))
        spans += [(span, whole) for span in table.open_on(thing, day) if span != whole]
        spans += [(Span(slot.starts, slot.ends), whole) for slot in table.slots(thing)]
    hours = [
        (max(span.starts, whole.starts), min(span.ends, whole.ends))
        for span, whole in spans
        if span.meets(whole)
    ]
    if not hours:
        return WORKDAY
    begins = min(start.astimezone(BAKU).hour for start, _end in hours)
    ends = max(-(-(end - start_of_day(baku_date(start))) // timedelta(hours=1)) for start, end in hours)
    return begins, max(min(ends, 24), begins + 1)


def _known(user: Any, keys: set[int]) -> dict[int, Booking]:
    """Of these bookings those whose titles this user may read."""
    if not keys:
        return {}
    rows = sharing(Booking.objects.visible_to(user).filter(pk__in=keys))
    return {row.pk: row for row in rows.only("uid", "holder_id", "title", "title_en", "state")}


def _cells(
    user: Any, table: Timetable, thing: Thing, frame: Span, known: dict[int, Booking], form: str
) -> list[Cell]:
    """The row in quarters, those alike joined; what is free in half hours, each a way to the form."""
    person, url = access_of(user).person_id, _form_of(form, thing, frame.starts)
    words = {SHUT: _("Not open"), EARLY: _("Too far ahead")}
    cells: list[Cell] = []
    at = frame.starts
    for (kind, what), alike in groupby(_quarters(table, thing, frame, _reach(user, table, thing))):
        ends = at + len(list(alike)) * RASTER
        if kind == TAKEN:
            cells.append(_taken(what, at, ends, known.get(what.booking_id), person))
        elif kind == FREE:
            cells.append(Cell(FREE, at, ends, url=_from(url, at)))
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
    soonest, latest = reach
    for number, (kind, _what) in enumerate(quarters):
        if kind == FREE:
            starts = frame.starts + number * RASTER
            reached = PAST if starts <= soonest else EARLY if starts > latest else FREE
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


def _taken(slot: Slot, starts: datetime, ends: datetime, booking: Booking | None, person: int | None) -> Cell:
    booked = Span(slot.booking.starts, slot.booking.ends)
    if booking is None:
        return Cell(TAKEN, starts, ends, _("Taken"), booked=booked)
    return Cell(
        MINE if booking.holder_id == person else TAKEN,
        starts,
        ends,
        booking.display_title,
        booking.get_absolute_url(),
        booking.state == BookingState.REQUESTED,
        booked,
    )


def new_url(thing: Thing, at: datetime) -> str:
    """The form for a thing from a moment on."""
    return _from(_form_of(reverse("bookings:new"), thing, at), at)


def _form_of(form: str, thing: Thing, at: datetime) -> str:
    return f"{form}?thing={thing.uid}&day={at.astimezone(BAKU).date().isoformat()}"


def _from(url: str, at: datetime) -> str:
    return f"{url}&start={at.astimezone(BAKU):%H%%3A%M}"


def rooms_for(user: Any) -> list[Thing]:
    """Rooms of this user's workplace that need no approval: what an interview or a meeting may be held in."""
    kinds = (ThingKind.ROOM, ThingKind.HALL, ThingKind.LABORATORY)
    rows = Thing.objects.visible_to(user).bookable().filter(kind__in=kinds)
    rows = rows.filter(owner__root_id__in=access_of(user).workplaces)
    found = list(rows.select_related("owner", "top").order_by("top__sort_key", "sort_key", "pk"))
    keys = {key for thing in found for key in thing.above}
    asks = dict(Thing.objects.filter(pk__in=keys).values_list("pk", "approval"))
    return [thing for thing in found if not _nearest(thing, asks)]


def _nearest(thing: Thing, said: dict[int, bool | None]) -> bool:
    """What the thing or the nearest node above it says; False where none does."""
    return bool(next((said[key] for key in reversed(thing.above) if said.get(key) is not None), False))


# The month ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mark:
    """A booking in the month, as far as this user may read it."""

    starts: datetime
    ends: datetime
    title: str
    url: str
    where: str


def month_marks(
    user: Any, things: Sequence[Thing], first: date, last: date, nodes: Sequence[Thing] | None = None
) -> dict[date, list[Mark]]:
    """What is taken on each day of a span, each booking once, in order."""
    names = {thing.pk: thing for thing in things}
    table = Timetable(things, first, last, nodes=nodes)
    found: dict[int, tuple[Slot, list[Thing]]] = {}
    for thing in names.values():
        for slot in table.slots(thing):
            found.setdefault(slot.booking_id, (slot, []))[1].append(thing)
    known = _known(user, set(found))
    days: dict[date, list[Mark]] = {}
    for key, (slot, kept) in found.items():
        booking = known.get(key)
        title, url = (booking.display_title, booking.get_absolute_url()) if booking else (_("Taken"), "")
        told = [thing for thing in table.asked.get(key, []) if thing.pk in names] or kept
        where = ", ".join(thing.display_name for thing in told[:3]) + (" …" if len(told) > 3 else "")
        starts, ends = slot.booking.starts, slot.booking.ends
        day = max(baku_date(starts), first)
        while day <= min(baku_date(ends - timedelta(microseconds=1)), last):
            days.setdefault(day, []).append(Mark(starts, ends, title, url, where))
            day += timedelta(days=1)
    return {day: sorted(marks, key=lambda mark: mark.starts) for day, marks in days.items()}


# Free rooms -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Offer:
    """A thing that can be had, and when."""

    thing: Thing
    times: list[datetime]

    @property
    def links(self) -> list[tuple[datetime, str]]:
        return [(at, new_url(self.thing, at)) for at in self.times]


def find(
    user: Any, things: Iterable[Thing], *, near: datetime, minutes: int, people: int | None
) -> list[Offer]:
    """Things with room for so many that are free on that day for so long, the nearest to the wish first."""
    wanted = [thing for thing in things if not people or (thing.capacity or 0) >= people]
    day = baku_date(near)
    table = Timetable(wanted, day, day)
    offers = [
        Offer(thing, table.free_times([thing], timedelta(minutes=minutes), near=near, limit=4))
        for thing in wanted[:MOST_ROWS]
    ]
    found = [offer for offer in offers if offer.times]
    return sorted(
        found,
        key=lambda offer: (min(abs(at - near) for at in offer.times), offer.thing.capacity or 0),
    )


# One thing ------------------------------------------------------------------------------------------
def rules_in_words(thing: Thing, table: Timetable) -> list[tuple[str, str]]:
    """What holds for a thing, as facts for its page; what holds nothing back is left out."""

    def said(name: str) -> Any:
        return table.rule(thing, name)

    facts = [(_("Open to"), str(Audience(said("audience")).label))]
    if said("approval"):
        facts.append((_("Approval"), _("needed")))
    facts.append((_("Ahead, at most"), length_in_words(said("horizon_days") * 24 * 60)))
    if said("notice_minutes"):
        facts.append((_("Before, at the latest"), length_in_words(said("notice_minutes"))))
    words = {
        "least": length_in_words(said("min_minutes")),
        "most": length_in_words(said("max_minutes")),
    }
    facts.append((_("How long"), _("%(least)s to %(most)s") % words))
    if said("per_person"):
        facts.append((_("Bookings of one person at a time"), str(said("per_person"))))
    for name, label in (("buffer_before", _("To prepare")), ("buffer_after", _("To clean up"))):
        if said(name):
            facts.append((label, length_in_words(said(name))))
    if said("check_in_minutes"):
        facts.append((_("Freed when nobody checks in"), length_in_words(said("check_in_minutes"))))
    return facts


def hours_in_words(thing: Thing, table: Timetable) -> list[tuple[date, str]]:
    """The next seven days with the times at which it is open: closures are counted."""
    found = []
    closed = [Span(closure.starts, closure.ends) for closure in table.closures(thing)]
    for day in table.days[:7]:
        spans = without(joined(table.open_on(thing, day)), closed)
        whole = [Span(start_of_day(day), start_of_day(day + timedelta(days=1)))]
        words = ", ".join(
            f"{span.starts.astimezone(BAKU):%H:%M}–{span.ends.astimezone(BAKU):%H:%M}" for span in spans
        )
        found.append((day, _("round the clock") if spans == whole else words or _("closed")))
    return found


def place_in_line(booking: Booking) -> tuple[int, int]:
    """(place, how many) of a booking that waits, among those who wait for some of its things at its time."""
    slots = list(booking.slots.all())
    touched = Q(pk__in=[])
    for slot in slots:
        touched |= Q(thing_id=slot.thing_id, starts__lt=slot.ends, ends__gt=slot.starts)
    lined = Slot.objects.filter(touched, active=False, booking__state=BookingState.WAITING)
    keys = list(lined.order_by("booking__created", "booking_id").values_list("booking_id", flat=True))
    line = list(dict.fromkeys(keys))
    return (line.index(booking.pk) + 1 if booking.pk in line else 0), len(line)


def missed(booking: Booking) -> int:
    """How often its holder did not come in the last year to what was booked of this owner."""
    rows = Booking.objects.filter(
        holder=booking.holder_id, owner=booking.owner_id, state=BookingState.NO_SHOW
    )
    return rows.filter(starts__gte=timezone.now() - timedelta(days=365)).count()


# Lists ----------------------------------------------------------------------------------------------
def listed(user: Any, show: str) -> QuerySet[Booking]:
    """Bookings that the pills stand for."""
    return in_show(Booking.objects.visible_to(user), show, user)


def in_show(rows: Any, show: str, user: Any) -> Any:
    """Of these bookings those that a pill stands for."""
    person = access_of(user).person_id
    now = timezone.now()
    if show == "mine":
        return rows.upcoming().filter(holder_id=person)
    if show == "decide":
        return rows.filter(to_decide(user), state=BookingState.REQUESTED, ends__gt=now)
    if show == "past":
        return rows.filter(holder_id=person).exclude(state__in=OPEN, ends__gt=now)
    return rows.upcoming()


def to_decide(user: Any) -> Any:
    """Requests that this user decides: of the things that they look after."""
    return access_of(user).q("owner", *KEEPERS)


def this_day(day: str) -> date:
    """A day of an address; today for what is none."""
    try:
        return date.fromisoformat(day) if day else baku_today()
    except ValueError:
        return baku_today()
