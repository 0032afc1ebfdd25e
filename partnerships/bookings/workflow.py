"""The states of a booking and of a closure, and who moves them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.bookings import rules
from partnerships.bookings.enums import OPEN, BookingState, ClosureState
from partnerships.common.clock import moment_in_words
from partnerships.common.refusals import Refusal
from partnerships.directory.access import is_system
from partnerships.workflow.actors import Actor
from partnerships.workflow.engine import Transition, Workflow

S, C = BookingState, ClosureState
# So long before its beginning one may be there already.
EARLY = timedelta(minutes=15)


def not_over(booking: Any, actor: Any) -> Refusal | None:
    """What is over is history."""
    if booking.ends > timezone.now():
        return None
    return Refusal(_now("Its time is over."), "over")


def still_open(booking: Any, actor: Actor) -> Refusal | None:
    """A room is used and moved by whom it is open to now: who holds it may have left the house since."""
    if rules.are_open(actor.principal, booking, booking.things):
        return None
    return Refusal(_now("This room is no longer open to you; the booking can be cancelled."), "not_open")


def about_to_begin(booking: Any, actor: Any) -> Refusal | None:
    """From a quarter of an hour before it begins until it ends."""
    now = timezone.now()
    if now >= booking.ends:
        return Refusal(_now("Its time is over."), "over")
    if now < booking.starts - EARLY:
        words = {"from": moment_in_words(booking.starts - EARLY)}
        return Refusal(_now("You can check in from %(from)s on.") % words, "too_early")
    return None


def not_begun(booking: Any, actor: Any) -> Refusal | None:
    if booking.starts > timezone.now():
        return None
    return Refusal(_now("It has begun already."), "begun")


def talked_over(booking: Any) -> Refusal | None:
    """Why nothing more is written about it: nobody decides about it, or it has ended."""
    if not booking.needs_approval:
        return Refusal(_now("It needs nobody's approval: there is nothing to write about."), "no_approval")
    if booking.state not in OPEN or booking.is_over:
        return Refusal(_now("It is over: what was written stays, nothing is added."), "over")
    return None


BOOKING = Workflow(
    "booking",
    S,
    Transition(
        "accept",
        {S.OFFERED},
        S.BOOKED,
        rules.accepts,
        pgettext_lazy("booking", "Take it"),
        told=pgettext_lazy("booking", "Taken"),
        conditions=(still_open,),
    ),
    Transition(
        "accept_ask",
        {S.OFFERED},
        S.REQUESTED,
        rules.accepts_and_asks,
        pgettext_lazy("booking", "Take it and ask for approval"),
        told=pgettext_lazy("booking", "Taken, approval asked for"),
        conditions=(still_open,),
    ),
    Transition(
        "approve",
        {S.REQUESTED},
        S.BOOKED,
        rules.keeps_alone,
        pgettext_lazy("booking", "Approve"),
        told=pgettext_lazy("booking", "Approved"),
        conditions=(not_over,),
    ),
    Transition(
        "decline",
        {S.REQUESTED},
        S.DECLINED,
        rules.keeps_alone,
        pgettext_lazy("booking", "Do not approve"),
        told=pgettext_lazy("booking", "Not approved"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "ask",
        {S.REQUESTED},
        S.REQUESTED,
        rules.keeps_alone & ~rules.is_holder,
        pgettext_lazy("booking", "Ask for more information"),
        told=pgettext_lazy("booking", "More information was asked for"),  # its words are a message
        conditions=(not_over,),
    ),
    Transition(
        "tell",
        {S.REQUESTED},
        S.REQUESTED,
        rules.answers,
        pgettext_lazy("booking", "Answer what is asked"),
        told=pgettext_lazy("booking", "What was asked for was answered"),
    ),
    Transition(
        "check_in",
        {S.BOOKED},
        S.IN_USE,
        rules.holds_or_keeps,
        pgettext_lazy("booking", "Check in"),
        told=pgettext_lazy("booking", "Checked in"),
        conditions=(about_to_begin, still_open),
    ),
    Transition(
        "finish",
        {S.IN_USE},
        S.FINISHED,
        rules.holds_or_clock,
        pgettext_lazy("booking", "Finish and free it"),
        told=pgettext_lazy("booking", "Finished"),
    ),
    Transition(
        "move",
        {S.BOOKED},
        S.BOOKED,
        rules.holds_or_keeps,
        pgettext_lazy("booking", "Move to another time"),
        told=pgettext_lazy("booking", "Moved"),
        needs=("starts", "ends"),
        conditions=(not_over, still_open),
    ),
    Transition(
        "move_ask",
        {S.BOOKED, S.REQUESTED},
        S.REQUESTED,
        rules.holds_or_keeps,
        pgettext_lazy("booking", "Ask for another time"),
        told=pgettext_lazy("booking", "Another time was asked for"),
        needs=("starts", "ends"),
        conditions=(not_over, still_open),
    ),
    Transition(
        "cancel",
        {S.WAITING, S.OFFERED, S.REQUESTED, S.BOOKED},
        S.CANCELLED,
        rules.holds,
        pgettext_lazy("booking", "Cancel"),
        told=pgettext_lazy("booking", "Cancelled"),
        conditions=(not_over,),
        danger=True,
    ),
    Transition(
        "withdraw",
        {S.WAITING, S.OFFERED, S.BOOKED, S.IN_USE},
        S.CANCELLED,
        rules.keeps_alone & ~rules.is_holder,
        pgettext_lazy("booking", "Take the room back"),
        told=pgettext_lazy("booking", "The room was taken back"),
        needs=("note",),
        conditions=(not_over,),
        danger=True,
    ),
    # What the clock does, and what follows from the act of another.
    Transition(
        "offer",
        {S.WAITING},
        S.OFFERED,
        is_system,
        _("Has become free for the first in line"),
        told=_("Became free for the first in line"),
    ),
    Transition(
        "run_out",
        {S.WAITING},
        S.NEVER_FREE,
        is_system,
        pgettext_lazy("booking", "Did not become free in time"),
        told=pgettext_lazy("booking", "Did not become free in time"),
    ),
    Transition(
        "lapse",
        {S.OFFERED, S.REQUESTED},
        S.LAPSED,
        is_system,
        pgettext_lazy("booking", "Not answered in time"),
        told=pgettext_lazy("booking", "Not answered in time"),
    ),
    Transition(
        "release",
        {S.BOOKED},
        S.NO_SHOW,
        is_system,
        _("Nobody came: the room is free again"),
        told=_("Nobody came: the room became free again"),
    ),
    Transition(
        "follow",
        {S.BOOKED},
        S.BOOKED,
        is_system,
        _("Moves with what it belongs to"),
        told=_("Moved with what it belongs to"),
    ),
    Transition(
        "fall_away",
        {S.BOOKED, S.IN_USE},
        S.CANCELLED,
        is_system,
        _("Ends with what it belongs to"),
        told=_("Ended with what it belonged to"),
    ),
    initial=S.BOOKED,
    terminal={S.FINISHED, S.DECLINED, S.CANCELLED, S.NEVER_FREE, S.LAPSED, S.NO_SHOW},
)

CLOSURE = Workflow(
    "closure",
    C,
    Transition(
        "lift",
        {C.CLOSED},
        C.LIFTED,
        rules.keeps,
        pgettext_lazy("closure", "Open again"),
        told=pgettext_lazy("closure", "Opened again"),
    ),
    initial=C.CLOSED,
    terminal={C.LIFTED},
)
