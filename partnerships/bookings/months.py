"""Rooms by time: the month, with the first few bookings of each day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partnerships.bookings.enums import ClosureState
from partnerships.bookings.grids import in_english
from partnerships.bookings.models import Closure, Slot, Thing
from partnerships.bookings.timetable import Tree
from partnerships.bookings.timetable_rows import Kept, held_by
from partnerships.common.addresses import addresses
from partnerships.common.among import AmongKnown, in_one
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
    counts = _firsts(opens, ends, in_one(keys)) if keys else {}
    kept = held_by(counts, user)
    known, where = {slot.booking_id: slot for slot in kept}, _where(kept, tree, held)
    to, english, taken = addresses("bookings:booking"), in_english(), _("Taken")
    found = sorted(known.values(), key=lambda slot: (slot.begins, slot.booking_id))
    began = {baku_date(slot.begins): counts[slot.booking_id] for slot in found}
    days: dict[date, Day] = {}
    for slot in found:
        title, url = (slot.titled(english), to(slot.uid)) if slot.readable else (taken, "")
        mark = Mark(slot.begins, slot.until, title, url, where.get(slot.booking_id, ""))
        began_on, over_on = baku_date(slot.begins), baku_date(slot.until - timedelta(microseconds=1))
        day = max(began_on, first)
        while day <= min(over_on, last):
            shown = days.setdefault(day, Day(count=began.get(day, 0)))
            shown.marks.append(mark)
            shown.count += day != began_on  # the others are among those that began on it
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


def _firsts(opens: datetime, ends: datetime, keys: str) -> dict[int, int]:
    """Of the bookings of these nodes the first few that begin on each day, and all that last longer: their
    keys, each with how many begin on its day."""
    part = _taken(opens, ends, keys).every_row
    if part is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FIRSTS % part[0], [*part[1], MOST_MARKS])
        return dict(cursor.fetchall())


# A booking of several things stands there once. Of our own making: the query of a question takes its place.
_FIRSTS = """SELECT booking_id, of FROM (
    SELECT booking_id, day, last, ROW_NUMBER() OVER begun AS place, COUNT(*) OVER begun AS of
    FROM (SELECT DISTINCT * FROM (%s) AS taken) AS one
    WINDOW begun AS (PARTITION BY day ORDER BY booked_from, booking_id
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
) AS numbered WHERE place <= %%s OR last > day"""


@asked
def _taken(opens: datetime, ends: datetime, keys: str) -> Any:
    """(booking, its beginning, the day on which it begins and the last one) of all that is kept of these."""
    slots = Slot.objects.filter(
        AmongKnown("thing_id", keys), Meets("starts", "ends", opens, ends), active=True
    )
    # Not what is but prepared or cleaned up meanwhile.
    rows = slots.filter(booked_from__lt=ends, booked_until__gt=opens).order_by()
    return rows.values_list("booking_id", "booked_from").annotate(
        day=DayInBaku("booked_from"), last=DayInBaku(F("booked_until") - timedelta(microseconds=1))
    )


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
