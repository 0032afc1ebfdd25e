"""What bookings keep about people."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.bookings.enums import HOLDING
from partnerships.bookings.models import Booking
from partnerships.common.clock import moment_in_words
from partnerships.common.held import Basis, Block, Held


def _blocks(person: Any) -> list[Block]:
    ahead = Booking.objects.filter(holder=person, state__in=HOLDING, ends__gt=timezone.now())
    return [
        Block(
            _t("You have a booking ahead: %(when)s") % {"when": moment_in_words(booking.starts)},
            _t("Cancel it first."),
            booking.get_absolute_url(),
        )
        for booking in ahead.order_by("starts")
    ]


HELD = (
    Held(
        key="bookings.bookings",
        label=_("Bookings"),
        model="bookings.Booking",
        columns=("starts", "ends", "title", "note", "people", "state"),
        what=_("Which room or equipment you booked, when and what for"),
        purpose=_("So that nothing is given twice"),
        basis=Basis.CONTRACT,
        seen_by=_("You and who keeps the room; others see the title unless you hid it"),
        until=_("Three years; after erasure without name, title and note"),
        linked=("bookings.Booking.holder",),
        blank={"title": "—", "title_en": "", "note": "", "folded": ""},
        blocks=_blocks,
    ),
    Held(
        key="bookings.messages",
        label=_("What you wrote about bookings"),
        model="bookings.Message",
        columns=("booking", "text", "created"),
        what=_("What you wrote to the other side of a booking that needs approval"),
        purpose=_("To decide about the booking, and to answer for it"),
        basis=Basis.CONTRACT,
        seen_by=_("Whoever booked it and those who look after it"),
        until=_("As long as the booking; after erasure without your name and your words"),
        linked=("bookings.Message.author",),
        blank={"text": ""},
    ),
    Held(
        key="bookings.feeds",
        label=_("Calendar addresses of rooms"),
        model="bookings.RoomFeed",
        columns=("thing", "created"),
        what=_("Of which rooms you had a calendar address made"),
        purpose=_("So that your calendar program reads what you may read"),
        basis=Basis.CONTRACT,
        seen_by=_("You; who keeps the room sees how many there are"),
        until=_("Until you or who keeps the room closes it"),
        linked=("bookings.RoomFeed.person",),
        delete=True,
    ),
)
