"""What the pages read: free rooms, one thing in words, lists. Rooms by time: grids.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from partnerships.bookings.enums import KEEPERS, OPEN, Audience, BookingState, ThingKind
from partnerships.bookings.grids import MOST_ROWS, new_url
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.bookings.timetable import (
    Span,
    Timetable,
    joined,
    length_in_words,
    without,
)
from partnerships.common import clock
from partnerships.common.clock import BAKU, baku_date, start_of_day
from partnerships.common.text import folded_words
from partnerships.directory.access import access_of

MOST_HIT = 200  # of one holder: no more are looked at


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
    """Things with room for so many that are free on that day for so long: rooms before equipment, the nearest
    to the wish first."""
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
        key=lambda offer: (
            offer.thing.kind == ThingKind.EQUIPMENT,
            min(abs(at - near) for at in offer.times),
            offer.thing.capacity or 0,
        ),
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


# Hit by a closure -----------------------------------------------------------------------------------
def shut(bookings: Sequence[Booking]) -> dict[int, str]:
    """Why it is not open at a time that was booked before, by the key of the booking; open ones left out.

    bookings   with_rows. A fixed number of queries, whatever their number; none for none.
    """
    if not bookings:
        return {}
    things = {row.pk: row.things for row in bookings}
    first = min(baku_date(row.starts) for row in bookings)
    last = max(baku_date(row.ends) for row in bookings)
    table = Timetable([thing for found in things.values() for thing in found], first, last)
    found = {}
    for row in bookings:
        problems = (table.shut(thing, Span(row.starts, row.ends)) for thing in things[row.pk])
        problem = next((one for one in problems if one), None)
        if problem:
            found[row.pk] = problem.reason
    return found


def held_and_shut(person_id: int | None) -> list[int]:
    """Keys of the bookings that somebody has to move or to give up, as it is not open then."""
    rows = Booking.objects.hit().filter(holder_id=person_id).with_rows().order_by("starts", "pk")
    return list(shut(list(rows[:MOST_HIT])))


# Lists ----------------------------------------------------------------------------------------------
def answering(rows: Any, typed: str, _user: Any = None) -> Any:
    """Of these bookings those that answer to every word: what for, what was booked, or for whom."""
    for word in folded_words(typed):
        slots = Slot.objects.filter(booking=OuterRef("pk"), asked=True, thing__folded__contains=word)
        rows = rows.filter(Q(folded__contains=word) | Q(holder__folded__contains=word) | Exists(slots))
    return rows


def in_show(rows: Any, show: str, user: Any) -> Any:
    """Of these bookings those that a pill stands for."""
    person = access_of(user).person_id
    now = clock.now()
    if show == "mine":
        return rows.upcoming().filter(holder_id=person)
    if show == "decide":
        return rows.filter(to_decide(user), state=BookingState.REQUESTED, ends__gt=now)
    if show == "hit":
        return rows.filter(pk__in=held_and_shut(person))
    if show == "past":
        return rows.filter(holder_id=person).exclude(state__in=OPEN, ends__gt=now)
    return rows.upcoming()


def to_decide(user: Any) -> Any:
    """Requests that this user decides: of the things that they look after."""
    return access_of(user).q("owner", *KEEPERS)
