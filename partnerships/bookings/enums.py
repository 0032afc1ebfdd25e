"""What can be booked, by whom, and the states of a booking and of a closure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.directory.enums import Role


class ThingKind(models.TextChoices):
    SITE = "site", pgettext_lazy("place", "Site")
    BUILDING = "building", _("Building")
    FLOOR = "floor", _("Floor")
    ROOM = "room", _("Room")
    HALL = "hall", _("Hall")
    LABORATORY = "laboratory", _("Laboratory")
    EQUIPMENT = "equipment", _("Equipment")


class Audience(models.TextChoices):
    """Who may see a thing and ask for it, beside those who look after it."""

    STAFF = "staff", _("Those who work there")
    PARTNERS = "partners", _("Those who work at any partner")
    EVERYBODY = "everybody", _("Everybody with a role, students too")


class BookingState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("booking", "In the waiting list")
    OFFERED = "offered", pgettext_lazy("booking", "Has become free: to be answered")
    REQUESTED = "requested", pgettext_lazy("booking", "Waits for approval")
    BOOKED = "booked", pgettext_lazy("booking", "Booked")
    IN_USE = "in_use", pgettext_lazy("booking", "In use")
    FINISHED = "finished", pgettext_lazy("booking", "Finished")
    DECLINED = "declined", pgettext_lazy("booking", "Not approved")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")
    NEVER_FREE = "never_free", pgettext_lazy("booking", "Did not become free in time")
    LAPSED = "lapsed", pgettext_lazy("booking", "Not answered in time")
    NO_SHOW = "no_show", pgettext_lazy("booking", "Nobody came")


# States in which a booking keeps its time from everybody else.
HOLDING = (BookingState.OFFERED, BookingState.REQUESTED, BookingState.BOOKED, BookingState.IN_USE)
# States in which its holder can still move it or give it up.
MOVABLE = (BookingState.REQUESTED, BookingState.BOOKED)
# States in which something is still to come.
OPEN = (BookingState.WAITING, *HOLDING)


# What an organisation has for sure, and what counts against its hours of a month: all that keeps its time
# or has kept it.
FIRM = (BookingState.BOOKED, BookingState.IN_USE, BookingState.FINISHED)
COUNTED = (BookingState.OFFERED, BookingState.REQUESTED, *FIRM)


class ClosureKind(models.TextChoices):
    CLOSURE = "closure", pgettext_lazy("of a room", "Closed")
    OUTAGE = "outage", pgettext_lazy("of equipment", "Out of order")


class ClosureState(models.TextChoices):
    CLOSED = "closed", pgettext_lazy("closure", "Closed")
    LIFTED = "lifted", pgettext_lazy("closure", "Open again")


# Who looks after the things of their organisation or unit: decides requests, closes, books without its rules.
KEEPERS = (
    Role.TRAINER,
    Role.ORGANISER,
    Role.UNIT_HEAD,
    Role.PARTNERSHIPS,
    Role.COORDINATOR,
    Role.ADMINISTRATOR,
)
