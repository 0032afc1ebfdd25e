"""Things that can be booked, when they are open, and who has them when."""

from partnerships.bookings.models.bookings import HIT, Booking, Series, Slot
from partnerships.bookings.models.things import DAY, SHORTEST, Closure, Hours, RoomFeed, Thing

__all__ = ["DAY", "HIT", "SHORTEST", "Booking", "Closure", "Hours", "RoomFeed", "Series", "Slot", "Thing"]
