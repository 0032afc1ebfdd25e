"""Whom a closure or other opening hours would hit: bookings to come that could no longer be made so."""

from collections.abc import Collection, Iterable
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import ngettext

from partnerships.bookings import reports
from partnerships.bookings.enums import HOLDING
from partnerships.bookings.models import Booking, Hours, Thing
from partnerships.bookings.timetable import Span, Timetable
from partnerships.common.clock import baku_date
from partnerships.workflow.models import record

Week = Iterable[tuple[int, time, time]]  # weekday from Monday = 0, opens, closes


class Unseen(ValidationError):
    """Bookings are hit that whoever confirms has not been shown; `bookings` are all that are hit now."""

    def __init__(self, bookings: list[Booking]) -> None:
        self.bookings = bookings
        words = ngettext(
            "It affects %(n)d booking to come: look at it and confirm.",
            "It affects %(n)d bookings to come: look at them and confirm.",
            len(bookings),
        )
        super().__init__(words % {"n": len(bookings)}, code="hits")


def must_be_seen(bookings: list[Booking], seen: Collection[str] | None) -> None:
    """Raises Unseen where one of these is not among `seen` (uids); None: nobody was to be asked."""
    if seen is not None and {str(booking.uid) for booking in bookings} - set(seen):
        raise Unseen(bookings)


def _to_come(thing: Thing) -> "Iterable[Booking]":
    rows = Booking.objects.with_rows().filter(
        state__in=HOLDING, ends__gt=timezone.now(), slots__thing__path__startswith=thing.path
    )
    return rows.distinct().order_by("starts", "pk")


def by_closure(thing: Thing, starts: datetime, ends: datetime) -> list[Booking]:
    """Those that hold something in what is closed, at that time."""
    return [one for one in _to_come(thing) if one.starts < ends and one.ends > starts]


def told_and_shut(thing: Thing) -> list[Booking]:
    """Those to come whose holders were told that it is shut then, and for which it still is."""
    coming = list(_to_come(thing))
    told = set(Booking.objects.hit().filter(pk__in=[one.pk for one in coming]).values_list("pk", flat=True))
    shut = reports.shut([one for one in coming if one.pk in told])
    return [one for one in coming if one.pk in shut]


def tell_reopened(bookings: list[Booking], *, actor: Any) -> None:
    """Of these that were shut before: whoever's time is open by now reads that the booking can stay."""
    still = reports.shut(bookings)
    for booking in bookings:
        if booking.pk not in still:
            record(booking, "reopened", actor=actor, to_state=booking.state)


def by_hours(thing: Thing, week: Week) -> list[tuple[Booking, str]]:
    """Those that lie within the opening hours as they are and no longer within these, each with the hours
    that its day then has, such as "09:00–13:00"; empty where it is shut. What was outside before is not hit.
    """
    coming = list(_to_come(thing))
    if not coming:
        return []
    first, last = baku_date(coming[0].starts), max(baku_date(one.ends) for one in coming)
    before, after = Timetable([thing], first, last), Timetable([thing], first, last)
    after.with_hours(thing, [Hours(thing=thing, weekday=d, opens=o, closes=c) for d, o, c in week])
    found = []
    for booking in coming:
        span = Span(booking.starts, booking.ends)
        inside = [one for one in booking.things if one.path.startswith(thing.path)]
        lost = [one for one in inside if before.is_open(one, span) and not after.is_open(one, span)]
        if lost:
            found.append((booking, after.hours_on(lost[0], baku_date(booking.starts))))
    return found
