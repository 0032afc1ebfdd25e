"""The calendar of a room, behind a signed address that its owner and who looks after the room can close."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, RoomFeed, Thing
from partnerships.bookings.timetable import Timetable
from partnerships.bookings.timetable_rows import Kept
from partnerships.common import ical
from partnerships.common.clock import today

_SALT = "partnerships.bookings.feeds"
PAST, AHEAD = timedelta(days=30), timedelta(days=400)


def token_of(feed: RoomFeed) -> str:
    """The secret part of the address."""
    return signing.Signer(salt=_SALT).sign(str(feed.uid))


def feed_of(token: str) -> RoomFeed | None:
    """Whose address of which room this is; None for a forged or closed one, a closed account, and who may no
    longer see the room."""
    try:
        uid = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    found = RoomFeed.objects.filter(uid=uid).select_related("person__user__person").first()
    user = found.person.user if found is not None else None
    if found is None or user is None or not user.is_active:
        return None
    seen = Thing.objects.visible_to(user).filter(pk=found.thing_id).select_related("owner", "top").first()
    if seen is None:
        return None
    found.thing = seen
    return found


def calendar_of(feed: RoomFeed) -> bytes:
    """What is booked, as the person of the address may read it; the rest is "Taken"."""
    thing, user = feed.thing, feed.person.user
    table = Timetable([thing], today() - PAST, today() + AHEAD)
    slots = table.slots(thing)
    keys = [slot.booking_id for slot in slots]
    known = {row.pk: row for row in Booking.objects.visible_to(user).filter(pk__in=keys)}
    now = timezone.now()
    events = [_event(slot, known.get(slot.booking_id), thing, now) for slot in slots]
    return ical.feed_of(events, "Rooms", thing.display_name)


def _event(slot: Kept, booking: Booking | None, thing: Thing, now: datetime) -> Event:
    return ical.event(
        f"slot-{slot.pk}",
        slot.begins,
        slot.until,
        changed=now,
        sequence=slot.version,
        status="TENTATIVE" if slot.state == BookingState.REQUESTED else "CONFIRMED",
        summary=booking.display_title if booking is not None else _("Taken"),
        location=thing.display_name,
        path=booking.get_absolute_url() if booking is not None else "",
    )


def addresses(thing: Thing, person_id: int | None) -> dict[str, Any]:
    """What the page of a thing says of its calendar: one's own address, and how many there are."""
    rows = list(RoomFeed.objects.filter(thing=thing)[:1000])
    mine = next((row for row in rows if row.person_id == person_id), None)
    return {"token": token_of(mine) if mine is not None else "", "count": len(rows)}
