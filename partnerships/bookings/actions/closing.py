"""Closures and outages."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.bookings import rules
from partnerships.bookings.actions.line import offer_freed
from partnerships.bookings.actions.locking import lock_trees, sensible
from partnerships.bookings.enums import HOLDING, ClosureKind
from partnerships.bookings.models import Booking, Closure, Thing
from partnerships.bookings.timetable import Span
from partnerships.bookings.workflow import CLOSURE
from partnerships.workflow.models import record


@transaction.atomic
def close(
    thing: Thing,
    *,
    actor: Any,
    starts: datetime,
    ends: datetime,
    reason: str,
    kind: str = ClosureKind.CLOSURE,
) -> Closure:
    """Close a thing and all that is in it. Bookings of that time stay; their holders are told and decide.

    Raises Refused to who does not look after it, ValidationError for times out of order.
    """
    rules.must_keep(actor, thing)
    sensible(starts, ends)
    lock_trees([thing])
    closure = Closure(thing=thing, starts=starts, ends=ends, reason=reason.strip(), kind=kind)
    closure.full_clean()
    closure.save()
    record(closure, "close", actor=actor, to_state=closure.state, note=reason)
    for booking in affected(closure):
        record(booking, "disturbed", actor=actor, to_state=booking.state, note=closure.reason)
    return closure


def affected(closure: Closure) -> list[Booking]:
    """Bookings to come that hold something in what is closed, at that time."""
    inside = Booking.objects.with_rows().filter(
        state__in=HOLDING,
        ends__gt=max(closure.starts, timezone.now()),
        starts__lt=closure.ends,
        slots__thing__path__startswith=closure.thing.path,
    )
    return list(inside.distinct().order_by("starts", "pk"))


@transaction.atomic
def lift(closure: Closure, *, actor: Any) -> Closure:
    """Open again, perhaps earlier than said; who waits in line is offered the time."""
    lock_trees([closure.thing])
    closure = CLOSURE.apply(closure, "lift", actor=actor)
    below = Thing.objects.below(closure.thing).values_list("pk", flat=True)
    offer_freed([(key, Span(closure.starts, closure.ends)) for key in below])
    return closure
