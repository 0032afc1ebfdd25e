"""The calendar of a room, behind a signed address that its owner and who looks after the room can close."""

from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, RoomFeed, Thing
from partnerships.bookings.timetable import Timetable
from partnerships.common.clock import BAKU, today

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
    book, now = Calendar(), timezone.now().astimezone(UTC)
    book.add("prodid", "-//Partnership portal//Rooms//AZ")
    book.add("version", "2.0")
    book.add("x-wr-calname", thing.display_name)
    book.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for slot in slots:
        booking = known.get(slot.booking_id)
        event = Event()
        event.add("uid", f"slot-{slot.pk}@{urlsplit(settings.BASE_URL).hostname}")
        event.add("dtstamp", now)
        event.add("dtstart", slot.booking.starts.astimezone(BAKU).replace(microsecond=0))
        event.add("dtend", slot.booking.ends.astimezone(BAKU).replace(microsecond=0))
        event.add("sequence", slot.booking.version)
        event.add("status", "TENTATIVE" if slot.booking.state == BookingState.REQUESTED else "CONFIRMED")
        event.add("summary", booking.display_title if booking is not None else _("Taken"))
        event.add("location", thing.display_name)
        if booking is not None:
            event.add("url", f"{settings.BASE_URL.rstrip('/')}{booking.get_absolute_url()}")
        book.add_component(event)
    book.add_missing_timezones()
    return book.to_ical()


def addresses(thing: Thing, person_id: int | None) -> dict[str, Any]:
    """What the page of a thing says of its calendar: one's own address, and how many there are."""
    rows = list(RoomFeed.objects.filter(thing=thing)[:1000])
    mine = next((row for row in rows if row.person_id == person_id), None)
    return {"token": token_of(mine) if mine is not None else "", "count": len(rows)}
