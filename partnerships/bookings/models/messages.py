"""What whoever asks for a thing and who decides say to each other about it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.bookings.enums import KEEPERS
from partnerships.bookings.models.bookings import Booking
from partnerships.directory.access import access_of
from partnerships.directory.threads import Entry


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> "MessageQuerySet":
        """Of one's own bookings, and of those that one decides; colleagues read the booking, not this."""
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        return self.filter(Q(booking__holder_id=access.person_id) | access.q("booking__owner", *KEEPERS))


class Message(Entry):
    """A word between the two sides of a booking that needs approval."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="messages", verbose_name=_("booking"))
    asks = models.BooleanField(_("asks for more information"), default=False, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message about a booking")
        verbose_name_plural = _("messages about bookings")
        ordering = ["pk"]

    def get_absolute_url(self) -> str:
        return f"{self.booking.get_absolute_url()}#messages"
