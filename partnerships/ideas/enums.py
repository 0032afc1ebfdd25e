"""States of a cooperation idea, where it came up, who notes ideas."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.directory.enums import Role


class IdeaState(models.TextChoices):
    OPEN = "open", pgettext_lazy("idea", "Open")
    BECAME = "became", pgettext_lazy("idea", "Has become something")
    DROPPED = "dropped", pgettext_lazy("idea", "Dropped")


class CameUp(models.TextChoices):
    """Where somebody said it."""

    MEETING = "meeting", _("At a meeting")
    VISIT = "visit", _("On a visit")
    EVENT = "event", _("At an event")
    TALK = "talk", _("In a talk or letter")


# Who sees all ideas of their organisation.
OVERSEERS = (Role.PARTNERSHIPS, Role.LEADERSHIP, Role.ADMINISTRATOR)
