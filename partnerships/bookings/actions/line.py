"""The waiting list, and what the clock does."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.bookings import quotas
from partnerships.bookings.actions.locking import answer_by, locked, time_to_come
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.bookings.timetable import Span, Timetable
from partnerships.bookings.workflow import BOOKING
from partnerships.common.clock import baku_date
from partnerships.common.refusals import WorkflowError
from partnerships.workflow.actors import SYSTEM

OFFER_HOLDS = timedelta(hours=4)  # so long the first in line has to answer
OFFER_AT_ONCE = timedelta(minutes=15)  # and so long at least, where it begins sooner or has begun
AT_ONCE = 200


def free_up(booking: Booking) -> None:
    """Its things are free again; the first in line is offered them."""
    booking.slots.update(active=False)
    offer_next(booking)
    for quota in quotas.binding(quotas.standing(booking.things), booking.organization_id):
        offer_below(quota.thing, booking.organization_id)


def offer_next(booking: Booking) -> None:
    """What this booking held is free: offer it to the first in line for whom it is enough."""
    offer_freed([(slot.thing_id, Span(slot.starts, slot.ends)) for slot in booking.slots.all()])


def offer_freed(freed: Sequence[tuple[int, Span]]) -> None:
    """In the order in which they came: whoever's whole time has become free is offered it."""
    if not freed:
        return
    touched = Q(pk__in=[])
    for key, span in freed:
        touched |= Q(thing_id=key, starts__lt=span.ends, ends__gt=span.starts)
    _offer_to(Slot.objects.filter(touched))


def offer_below(thing: Thing, organization: int | None = None) -> None:
    """To those who wait for this thing or what is in it, where it is free: its hours have become longer, or
    there are hours of the month again for an organisation, for each where none is named."""
    slots = Slot.objects.filter(thing__path__startswith=thing.path)
    if organization is not None:
        slots = slots.filter(booking__organization_id=organization)
    _offer_to(slots)


def _offer_to(slots: Any) -> None:
    lined = slots.filter(active=False, booking__state=BookingState.WAITING)
    waiting = Booking.objects.with_rows().filter(
        pk__in=lined.values("booking_id"), expires__gt=timezone.now()
    )
    for booking in waiting.order_by("created", "pk"):
        _offer(booking)


def _offer(booking: Booking) -> None:
    things, span = booking.things, Span(booking.starts, booking.ends)
    table = Timetable(things, baku_date(span.starts), baku_date(span.ends))
    if any(table.shut(thing, span) or table.clash(thing, span) for thing in things):
        return
    if quotas.exceeded(booking, things):  # its organisation has used its hours up: the next in line
        return
    try:
        with transaction.atomic():
            BOOKING.apply(booking, "offer", actor=SYSTEM, expires=_answered_by(booking))
            booking.slots.update(active=True)
    except IntegrityError as error:
        # Somebody was quicker; the line stands as it stood.
        if "thing_kept_once" not in str(error):
            raise


def _answered_by(booking: Booking) -> datetime:
    """Until when the first in line may take it: before it begins, or soon, and as long as they would wait."""
    now = timezone.now()
    assert booking.expires is not None  # who waits, waits until then
    return min(max(booking.starts, now + OFFER_AT_ONCE), now + OFFER_HOLDS, booking.expires)


@transaction.atomic
def accept(booking: Booking, *, actor: Any) -> Booking:
    """Take what has become free; where approval is needed, ask for it. Raises ValidationError where the
    hours of its organisation do not suffice by now."""
    booking = locked(booking)
    offered = booking.state == BookingState.OFFERED
    if offered and (problem := quotas.problem(booking, booking.things)):
        raise ValidationError(problem.reason, code=problem.code)
    if booking.needs_approval:
        return BOOKING.apply(booking, "accept_ask", actor=actor, expires=answer_by(booking))
    return BOOKING.apply(booking, "accept", actor=actor, expires=None, **time_to_come(booking))


def run_clocks() -> int:
    """Who waits in vain waits no longer, what was not answered lapses, what nobody came to is free again,
    what is over is finished."""
    now = timezone.now()
    due = {
        "run_out": Q(state=BookingState.WAITING, expires__lte=now),
        "lapse": Q(state__in=[BookingState.OFFERED, BookingState.REQUESTED], expires__lte=now),
        "release": Q(state=BookingState.BOOKED, check_in_by__lte=now),
        "finish": Q(state=BookingState.IN_USE, ends__lte=now),
    }
    done = 0
    for verb, wanted in due.items():
        for booking in Booking.objects.with_rows().filter(wanted).order_by("pk")[:AT_ONCE]:
            done += _by_the_clock(booking, verb, wanted)
    return done


def _by_the_clock(booking: Booking, verb: str, wanted: Q) -> bool:
    try:
        with transaction.atomic():
            fresh = locked(booking)
            if not Booking.objects.filter(wanted, pk=fresh.pk).exists():
                return False
            BOOKING.apply(fresh, verb, actor=SYSTEM)
            free_up(fresh)
    except WorkflowError:
        return False  # somebody has answered just now
    return True
