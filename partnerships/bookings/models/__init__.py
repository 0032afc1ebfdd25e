"""Things that can be booked, when they are open, and who has them when."""

from partnerships.bookings.models.bookings import HIT, Booking, Series, Slot
from partnerships.bookings.models.messages import Message
from partnerships.bookings.models.quotas import MOST_HOURS, Quota
from partnerships.bookings.models.things import DAY, SHORTEST, Closure, Hours, RoomFeed, Thing

__all__ = [
    "DAY",
    "HIT",
    "MOST_HOURS",
    "SHORTEST",
    "Booking",
    "Closure",
    "Hours",
    "Message",
    "Quota",
    "RoomFeed",
    "Series",
    "Slot",
    "Thing",
]
