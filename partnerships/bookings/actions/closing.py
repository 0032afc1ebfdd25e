"""Closures and outages."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from partnerships.bookings import rules
from partnerships.bookings.actions.hitting import by_closure, must_be_seen, tell_reopened, told_and_shut
from partnerships.bookings.actions.line import offer_freed
from partnerships.bookings.actions.locking import lock_trees, sensible
from partnerships.bookings.enums import ClosureKind
from partnerships.bookings.models import Closure, Thing
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
    seen: Collection[str] | None = None,
) -> Closure:
    """Close a thing and all that is in it. Bookings of that time stay; their holders are told and decide.

    seen   uids of the bookings that whoever confirms was shown: Unseen where there are others by now

    Raises Refused to who does not look after it, ValidationError for times out of order.
    """
    rules.must_keep(actor, thing)
    sensible(starts, ends)
    lock_trees([thing])
    closure = Closure(thing=thing, starts=starts, ends=ends, reason=reason.strip(), kind=kind)
    closure.full_clean()
    hit = by_closure(thing, starts, ends)
    must_be_seen(hit, seen)
    closure.save()
    record(closure, "close", actor=actor, to_state=closure.state, note=reason)
    for booking in hit:
        record(booking, "disturbed", actor=actor, to_state=booking.state, note=closure.reason)
    return closure


@transaction.atomic
def lift(closure: Closure, *, actor: Any) -> Closure:
    """Open again, perhaps earlier than said; who waits in line is offered the time, and whoever was told
    that their booking lies in it reads that it can stay.
    """
    lock_trees([closure.thing])
    shut = told_and_shut(closure.thing)
    closure = CLOSURE.apply(closure, "lift", actor=actor)
    below = Thing.objects.below(closure.thing).values_list("pk", flat=True)
    offer_freed([(key, Span(closure.starts, closure.ends)) for key in below])
    tell_reopened(shut, actor=actor)
    return closure
