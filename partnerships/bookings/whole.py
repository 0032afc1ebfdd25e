"""A booking with all that its page shows, in queries that are compiled once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Slot
from partnerships.common.prepared import Prepared
from partnerships.directory.asked import asked


def whole_booking(user: Any, uid: UUID) -> Booking:
    """The door to a booking, as `access` with the rows of `with_rows`. Raises Http404 to a stranger."""
    found: Booking | None = next(iter(_seen(user, uid)[:1]), None)
    if found is None:
        raise Http404
    found.asked = _SLOTS(found.pk)
    return found


@asked
def _seen(user: Any, uid: UUID) -> Any:
    rows = Booking.objects.visible_to(user).filter(uid=uid)
    return rows.select_related("holder__user", "owner", "series")


_SLOTS = Prepared(lambda key: Slot.objects.filter(asked=True, booking_id=key).select_related("thing"))


def place_in_line(booking: Booking) -> tuple[int, int]:
    """(place, how many) of a booking that waits, among those who wait for some of its things at its time."""
    line = list(dict.fromkeys(slot.booking_id for slot in _LINE(booking.pk)))
    return (line.index(booking.pk) + 1 if booking.pk in line else 0), len(line)


def _lined(key: int) -> Any:
    own = Slot.objects.filter(
        booking_id=key, thing=OuterRef("thing"), starts__lt=OuterRef("ends"), ends__gt=OuterRef("starts")
    )
    waiting = Slot.objects.filter(Exists(own), active=False, booking__state=BookingState.WAITING)
    return waiting.order_by("booking__created", "booking_id")


_LINE = Prepared(_lined)


def missed(booking: Booking) -> int:
    """How often its holder did not come in the last year to what was booked of this owner."""
    since = timezone.now() - timedelta(days=365)
    return sum(row.starts >= since for row in _MISSED(booking.holder_id, booking.owner_id))


_MISSED = Prepared(
    lambda holder, owner: Booking.objects.filter(
        holder_id=holder, owner_id=owner, state=BookingState.NO_SHOW
    ).only("starts")
)
