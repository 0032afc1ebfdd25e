"""Who is told of bookings: who decides, who holds, who stands in line."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.bookings.enums import KEEPERS, BookingState
from partnerships.bookings.models import Booking, Closure, Message, Thing
from partnerships.common.clock import moment_in_words
from partnerships.common.letters import FOLLOWED, Letter, News, ReminderRule
from partnerships.directory import threads
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.notifications.models import Follow

MODEL = "bookings.Booking"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def keepers(owner: Organization) -> Iterable[Person]:
    """Who looks after the things of this owner: those of the unit itself, else of the nearest above."""
    current = Affiliation.objects.current().filter(role__in=KEEPERS)
    for key in reversed([int(part) for part in owner.path.split(".") if part]):
        holders = current.filter(organization_id=key)
        found = Person.objects.filter(pk__in=holders.values("person_id")).select_related("user")
        if found:
            return found
    return []


def to_keepers(change: Any, booking: Booking) -> Iterable[Person]:
    """Of a series once, not for each of its days."""
    if booking.state != BookingState.REQUESTED or change.data.get("follows"):
        return []
    return keepers(booking.owner)


def to_holder(change: Any, booking: Booking) -> Iterable[Person]:
    return [booking.holder]


def words(change: Any, booking: Booking) -> dict[str, Any]:
    return {
        "title": booking.display_title,
        "where": booking.where,
        "when": moment_in_words(booking.starts),
        "until": moment_in_words(booking.ends),
        "who": booking.holder.name,
        "by": moment_in_words(booking.expires) if booking.expires else "",
        "note": change.note if change is not None else "",
        "opens": (change.data.get("opens") if change is not None else "") or _now("not at all"),
    }


def to_the_other_side(change: Any, message: Message) -> Iterable[Person]:
    """What the holder writes goes to who decides, what these write to the holder."""
    booking = message.booking
    return keepers(booking.owner) if message.author_id == booking.holder_id else [booking.holder]


def said(change: Any, message: Message) -> dict[str, Any]:
    return {**words(None, message.booking), "author": message.author.name, "text": message.text}


LETTERS = [
    threads.letter(
        "bookings.message",
        Message,
        verbs=("say", "tell"),
        to=to_the_other_side,
        context=said,
        subject=_("%(author)s writes about a booking: %(where)s, %(when)s"),
        body=_("%(title)s\n\n%(text)s"),
        label=_("Somebody writes about a booking that needs approval"),
        action=_("Open the booking"),
        confidential=True,
        many=_("%(n)s messages about bookings"),
    ),
    threads.letter(
        "bookings.inquired",
        Message,
        verbs=("ask",),
        to=to_the_other_side,
        context=said,
        subject=_("More information is asked for: %(where)s, %(when)s"),
        body=_(
            "%(title)s: those who decide ask before they do.\n\n%(text)s\n\n"
            "Answer on the page of the booking. It is kept for you until %(by)s."
        ),
        label=_("More information is asked for about my request"),
        action=pgettext_lazy("booking", "Answer"),
        move=True,
        confidential=True,
    ),
    Letter(
        kind="bookings.asked",
        model=MODEL,
        verbs=("book", "move_ask", "accept_ask"),
        audience=to_keepers,
        context=words,
        subject=_("Decide about a booking: %(where)s, %(when)s"),
        body=_("%(who)s asks for: %(title)s.\n\nFrom %(when)s until %(until)s. To be answered by %(by)s."),
        label=_("Somebody asks for a room or equipment that I look after"),
        action=_("Open the request"),
        move=True,
    ),
    Letter(
        kind="bookings.decided",
        model=MODEL,
        verbs=("approve",),
        audience=to_holder,
        context=words,
        subject=_("Approved: %(where)s, %(when)s"),
        body=_("%(title)s: the room is yours from %(when)s until %(until)s.\n\n%(note)s"),
        label=_("My booking was decided about"),
        action=_("Open the booking"),
        many=_("%(n)s bookings of yours were decided about"),
    ),
    Letter(
        kind="bookings.decided",
        model=MODEL,
        verbs=("decline",),
        audience=to_holder,
        context=words,
        subject=_("Not approved: %(where)s, %(when)s"),
        body=_("%(title)s: your request was not approved.\n\n%(note)s"),
        label=_("My booking was decided about"),
        action=_("Open the booking"),
        many=_("%(n)s bookings of yours were decided about"),
    ),
    Letter(
        kind="bookings.lapsed",
        model=MODEL,
        verbs=("run_out",),
        audience=to_holder,
        context=words,
        subject=_("Did not become free in time: %(where)s, %(when)s"),
        body=_("%(title)s: nobody ahead of you gave it up in time, so your place in line has ended."),
        label=_("My request or place in line has lapsed"),
        action=_("Open the booking"),
    ),
    Letter(
        kind="bookings.lapsed",
        model=MODEL,
        verbs=("lapse",),
        audience=to_holder,
        context=words,
        subject=_("Not answered in time: %(where)s, %(when)s"),
        body=_("%(title)s: there was no answer in time, so it is no longer kept."),
        label=_("My request or place in line has lapsed"),
        action=_("Open the booking"),
    ),
    Letter(
        kind="bookings.changed",
        model=MODEL,
        verbs=("move", "move_ask"),
        audience=to_holder,
        context=words,
        subject=_("Moved to another time: %(where)s, %(when)s"),
        body=_("%(title)s: now from %(when)s until %(until)s.\n\n%(note)s"),
        label=_("My booking was moved or taken back"),
        action=_("Open the booking"),
        many=_("%(n)s bookings of yours were moved or taken back"),
    ),
    Letter(
        kind="bookings.changed",
        model=MODEL,
        verbs=("withdraw",),
        audience=to_holder,
        context=words,
        subject=_("Taken back: %(where)s, %(when)s"),
        body=_("%(title)s: those who look after it have taken it back.\n\n%(note)s"),
        label=_("My booking was moved or taken back"),
        action=_("Open the booking"),
        many=_("%(n)s bookings of yours were moved or taken back"),
    ),
    Letter(
        kind="bookings.offered",
        model=MODEL,
        verbs=("offer",),
        audience=to_holder,
        context=words,
        subject=_("It has become free: %(where)s, %(when)s"),
        body=_("%(title)s: you are the first in line. It is kept for you until %(by)s."),
        label=_("What I stand in line for has become free"),
        action=pgettext_lazy("booking", "Answer"),
        urgent=True,
    ),
    Letter(
        kind="bookings.released",
        model=MODEL,
        verbs=("release",),
        audience=to_holder,
        context=words,
        subject=_("Freed, as nobody checked in: %(where)s, %(when)s"),
        body=_("%(title)s: nobody checked in, so the time is free for others."),
        label=_("My booking was freed because nobody checked in"),
        action=_("Open the booking"),
    ),
    Letter(
        kind="bookings.disturbed",
        model=MODEL,
        verbs=("disturbed",),
        audience=to_holder,
        context=words,
        subject=_("Closed at the time of your booking: %(where)s, %(when)s"),
        body=_("%(title)s: %(note)s\n\nYour booking stays. Move it or cancel it."),
        label=_("What I have booked is closed at that time"),
        action=_("Open the booking"),
        move=True,
        many=_("%(n)s bookings of yours lie in a time when it is closed"),
    ),
    Letter(
        kind="bookings.disturbed",
        model=MODEL,
        verbs=("outside",),
        audience=to_holder,
        context=words,
        subject=_("No longer open at the time of your booking: %(where)s, %(when)s"),
        body=_(
            "%(title)s: the opening hours were changed. Open on that day: %(opens)s.\n\n"
            "Your booking stays, but nobody may be there to open. Move it or cancel it."
        ),
        label=_("What I have booked is closed at that time"),
        action=_("Open the booking"),
        move=True,
        many=_("%(n)s bookings of yours lie in a time when it is closed"),
    ),
    Letter(
        kind="bookings.reopened",
        model=MODEL,
        verbs=("reopened",),
        audience=to_holder,
        context=words,
        subject=_("Open again at the time of your booking: %(where)s, %(when)s"),
        body=_("%(title)s: it is open again from %(when)s until %(until)s. There is nothing left to do."),
        label=_("What I have booked is open again after a closure"),
        action=_("Open the booking"),
        many=_("%(n)s bookings of yours lie in a time when it is open again"),
    ),
]


def closed_and_followed(_change: Any, closure: Closure) -> Iterable[Thing]:
    """What is closed by it, with all that is in it, as far as somebody follows it."""
    followed = Follow.objects.filter(content_type=ContentType.objects.get_for_model(Thing))
    return Thing.objects.below(closure.thing).filter(pk__in=followed.values("object_id")).order_by("pk")


def closed_when(_change: Any, closure: Closure) -> str:
    return _now("closed from %(from)s until %(until)s") % _span(closure)


def open_when(_change: Any, closure: Closure) -> str:
    return _now("open again from %(from)s until %(until)s") % _span(closure)


def _span(closure: Closure) -> dict[str, str]:
    return {"from": moment_in_words(closure.starts), "until": moment_in_words(closure.ends)}


NEWS = [
    News("bookings.Closure", ("close",), "bookings.Thing", closed_and_followed, closed_when, kind=FOLLOWED),
    News("bookings.Closure", ("lift",), "bookings.Thing", closed_and_followed, open_when, kind=FOLLOWED),
]

REMINDERS = [
    ReminderRule(
        kind="bookings.remind",
        model=MODEL,
        due="starts",
        rows=lambda: Booking.objects.with_rows().filter(state=BookingState.BOOKED, belongs_to=""),
        offsets=(DAY,),
        audience=lambda booking, _offset: [booking.holder],
        context=lambda booking: words(None, booking),
        subject=_("Booked for you: %(where)s, %(when)s"),
        body=_("%(title)s: from %(when)s until %(until)s. When you do not need it, cancel it for others."),
        label=_("Reminder: a day before my booking"),
        action=_("Open the booking"),
    ),
    ReminderRule(
        kind="bookings.remind_decide",
        model=MODEL,
        due="expires",
        rows=lambda: Booking.objects.with_rows().filter(state=BookingState.REQUESTED),
        offsets=(DAY, 4 * HOUR),
        audience=lambda booking, _offset: keepers(booking.owner),
        context=lambda booking: words(None, booking),
        subject=_("Waits for your decision: %(where)s, %(when)s"),
        body=_("%(who)s asks for: %(title)s. It lapses at %(by)s."),
        label=_("Reminder: a request for a room waits for me"),
        action=_("Open the request"),
    ),
]
