"""Rooms by time: the month, with the first few bookings of each day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, RowRange, Window
from django.db.models.functions import RowNumber
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partnerships.bookings.enums import ClosureState
from partnerships.bookings.grids import in_english
from partnerships.bookings.models import Booking, Closure, Slot, Thing
from partnerships.bookings.timetable import Tree
from partnerships.bookings.timetable_rows import Kept, held_by
from partnerships.common.addresses import addresses
from partnerships.common.among import Among, AmongKnown, in_one
from partnerships.common.clock import baku_date, start_of_day
from partnerships.common.constraints import Meets
from partnerships.common.moments import DayInBaku
from partnerships.common.wording import names_in_language
from partnerships.directory.asked import asked

MOST_MARKS = 12  # of a day of the month


@dataclass(frozen=True)
class Mark:
    """A booking in the month, as far as this user may read it."""

    starts: datetime
    ends: datetime
    title: str
    url: str
    where: str


@dataclass
class Day:
    """A day of the month: the first bookings of it, and how many there are."""

    marks: list[Mark] = field(default_factory=list)
    count: int = 0


def month_marks(
    user: Any, things: Sequence[Thing], first: date, last: date, nodes: Sequence[Thing]
) -> dict[date, Day]:
    """What is taken on each day of a span, each booking once, in order: the first few of a day, so that a
    full house costs no more than a quiet one."""
    tree = Tree(nodes)
    held = {thing.pk: tree.held(thing) for thing in things}
    keys = sorted(frozenset[int]().union(*held.values()))
    opens, ends = start_of_day(first), start_of_day(last + timedelta(days=1))
    found = sorted(_firsts(opens, ends, in_one(keys)) if keys else (), key=lambda row: (row.starts, row.pk))
    booked = [row.pk for row in found]
    kept = held_by(booked, user)
    known, where = {slot.booking_id: slot for slot in kept}, _where(kept, tree, held)
    to, english, taken = addresses("bookings:booking"), in_english(), _("Taken")
    began = {row.day: row.of for row in found}
    days: dict[date, Day] = {}
    for row in found:
        slot = known.get(row.pk)
        title, url = (slot.titled(english), to(slot.uid)) if slot and slot.readable else (taken, "")
        mark = Mark(row.starts, row.ends, title, url, where.get(row.pk, ""))
        day = max(row.day, first)
        while day <= min(row.last, last):
            shown = days.setdefault(day, Day(count=began.get(day, 0)))
            shown.marks.append(mark)
            shown.count += day != row.day  # the others are among those that began on it
            day += timedelta(days=1)
    if len(things) == 1:
        _closed(things[0], first, last, tree, days)
    for shown in days.values():
        del shown.marks[MOST_MARKS:]
    return days


def _closed(thing: Thing, first: date, last: date, tree: Tree, days: dict[date, Day]) -> None:
    """Closures stand first on their days: of one thing, such a day would else be taken for a free one."""
    keys = {above for key in tree.held(thing) for above in tree.nodes[key].above}
    rows = Closure.objects.filter(
        thing_id__in=keys,
        state=ClosureState.CLOSED,
        starts__lt=start_of_day(last + timedelta(days=1)),
        ends__gt=start_of_day(first),
    )
    for closure in rows.order_by("-starts", "-pk"):
        title = f"{closure.get_kind_display()}: {Truncator(closure.reason).chars(60)}"
        day = max(baku_date(closure.starts), first)
        while day <= min(baku_date(closure.ends - timedelta(microseconds=1)), last):
            begins = max(closure.starts, start_of_day(day))
            ends = min(closure.ends, start_of_day(day + timedelta(days=1)))
            shown = days.setdefault(day, Day())
            shown.marks.insert(0, Mark(begins, ends, title, "", thing.display_name))
            shown.count += 1
            day += timedelta(days=1)


@asked
def _firsts(opens: datetime, ends: datetime, keys: str) -> Any:
    """Of the bookings of these nodes the first few that begin on each day, and all that last longer; `of`:
    how many begin on that day."""
    slots = Slot.objects.filter(
        AmongKnown("thing_id", keys), Meets("starts", "ends", opens, ends), active=True
    )
    day = DayInBaku("starts")
    # One window for both, which is gone through once: it has no values, or PostgreSQL would take it for two.
    within: dict[str, Any] = {
        "partition_by": day,
        "order_by": ["starts", "pk"],
        "frame": RowRange(None, None),
    }
    rows = (
        Booking.objects.filter(Among("pk", slots.values("booking_id")), starts__lt=ends, ends__gt=opens)
        .order_by()
        .annotate(
            day=day,
            last=DayInBaku(F("ends") - timedelta(microseconds=1)),
            place=Window(RowNumber(), **within),
            of=Window(Count("*"), **within),
        )
    )
    rows = rows.filter(Q(place__lte=MOST_MARKS) | Q(last__gt=F("day")))
    return rows.values_list("pk", "starts", "ends", "day", "last", "of", named=True)


def _where(slots: Sequence[Kept], tree: Tree, held: dict[int, frozenset[int]]) -> dict[int, str]:
    """What was booked, as far as the month is of it; else what is taken by it."""
    booked: dict[int, list[Thing]] = {}
    kept: dict[int, set[int]] = {}
    for slot in slots:
        kept.setdefault(slot.booking_id, set()).add(slot.thing_id)
        if slot.asked and slot.thing_id in held:
            booked.setdefault(slot.booking_id, []).append(tree.nodes[slot.thing_id])
    found, name_of = {}, names_in_language()
    for key, taken in kept.items():
        told = booked.get(key) or [tree.nodes[one] for one, parts in held.items() if parts & taken]
        found[key] = ", ".join(name_of(thing) for thing in told[:3]) + (" …" if len(told) > 3 else "")
    return found
