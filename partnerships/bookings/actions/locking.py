"""One at a time: the locks of the engine, until when an answer is awaited, which times are any."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.bookings.models import SHORTEST, Booking, Thing

ANSWER_WITHIN = timedelta(days=3)  # an unanswered request does not keep its time for longer
REACH = timedelta(days=366 * 3)  # no time of ours lies further away


def lock_trees(things: Sequence[Thing]) -> None:
    """One at a time in a tree, by key: what is read from here on stays true until the transaction ends."""
    tops = sorted({thing.top_id for thing in things})
    list(Thing.objects.select_for_update(no_key=True).filter(pk__in=tops).order_by("pk").values_list("pk"))


def locked(booking: Booking) -> Booking:
    """The booking afresh, with nobody else at its things."""
    lock_trees(booking.things)
    return Booking.objects.with_rows().get(pk=booking.pk)


def answer_by(booking: Booking) -> datetime:
    """Until when a request keeps its time: three days, or as long as it has not begun."""
    return max(min(booking.starts, timezone.now() + ANSWER_WITHIN), timezone.now() + timedelta(minutes=5))


def time_to_come(booking: Booking) -> dict[str, Any]:
    """Until when one has to check in, where that is asked: who has a room for sure only after its beginning
    has as long to come as everybody."""
    if not booking.check_in_by:
        return {}
    long = booking.check_in_by - booking.starts
    return {"check_in_by": max(booking.check_in_by, timezone.now() + long)}


class Unmoved(ValidationError):
    """The time that is asked for is the one that it has."""

    def __init__(self) -> None:
        words = _("It has this time already; nothing was changed. Choose another day or hour.")
        super().__init__({"starts": ValidationError(words, code="unmoved")})


def sensible(starts: datetime, ends: datetime) -> None:
    """Raises ValidationError for less than a quarter of an hour, and for a time of another age."""
    now = timezone.now()
    if abs(starts - now) > REACH:
        raise ValidationError({"starts": _("Check the year.")})
    if abs(ends - now) > REACH:
        raise ValidationError({"ends": _("Check the year.")})
    if ends - starts < timedelta(minutes=SHORTEST):
        raise ValidationError({"ends": _("It takes a quarter of an hour at least.")})
