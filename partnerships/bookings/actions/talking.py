"""Messages between whoever asks for a thing and who decides about it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.bookings import rules
from partnerships.bookings.actions.locking import answer_by, locked
from partnerships.bookings.actions.series import series_of
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Message
from partnerships.bookings.workflow import BOOKING, talked_over
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory import threads
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def say(booking: Booking, *, actor: Any, text: str) -> Message:
    """Write to the other side of a booking that needs approval.

    What the holder writes after more information was asked for is the answer: it is the keepers' move again,
    and the request is kept for as long anew. Raises Refused to who is neither, Blocked when it is over or
    needs nobody's approval, Missing and ValidationError as `threads.say`.
    """
    booking = _open(booking, actor)
    answers = booking.more_asked is not None and rules.is_holder(as_actor(actor).principal, booking)
    answers = answers and booking.state in BOOKING["tell"].sources
    made, new = _written(booking, actor, text)
    if not new:
        return made
    record(made, "tell" if answers else "say", actor=actor)
    if answers:
        BOOKING.apply(booking, "tell", actor=actor, more_asked=None, expires=answer_by(booking))
        _keep_the_rest(booking)
    return made


@transaction.atomic
def ask_more(booking: Booking, *, actor: Any, note: str) -> Message:
    """Ask the holder of a request for more information (`note`) without saying no. It is their move then, and
    the request is kept for as long anew. Raises as `say`, and IllegalTransition for what is no request."""
    booking = _open(booking, actor)
    made, new = _written(booking, actor, note, asks=True)
    if new:
        record(made, "ask", actor=actor)
        BOOKING.apply(booking, "ask", actor=actor, more_asked=made.created, expires=answer_by(booking))
        _keep_the_rest(booking)
    return made


def _open(booking: Booking, actor: Any) -> Booking:
    booking = locked(booking)
    if not rules.talks(as_actor(actor).principal, booking):
        raise Refused(_("This is between whoever booked it and those who look after it."))
    if over := talked_over(booking):
        raise Blocked(over, booking)
    return booking


def _keep_the_rest(booking: Booking) -> None:
    """The other days of its series are decided with it: they are kept for as long."""
    for row in series_of(booking, "all"):
        if row.pk != booking.pk and row.state == BookingState.REQUESTED:
            Booking.objects.filter(pk=row.pk).update(expires=answer_by(row))


def _written(booking: Booking, actor: Any, text: str, *, asks: bool = False) -> tuple[Message, bool]:
    thread = Message.objects.filter(booking=booking)
    return threads.say(Message(booking=booking, asks=asks), thread, actor=actor, text=text)
