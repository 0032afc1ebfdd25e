"""States of a letter on its way, and the ways by which people are told."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MessageState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("mail", "Queued")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    HELD = "held", pgettext_lazy("mail", "Waits for its hour")
    JOINED = "joined", pgettext_lazy("mail", "A line of a joint letter")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    DEAD = "dead", pgettext_lazy("mail", "Undeliverable")
    SUPPRESSED = "suppressed", pgettext_lazy("mail", "Not sent on purpose")


class Channel(models.TextChoices):
    PORTAL = "portal", _("In the portal")
    MAIL = "mail", _("By mail")


class Timing(models.TextChoices):
    """When a kind is told by a channel. The portal knows now and off alone: its list waits by itself."""

    NOW = "now", pgettext_lazy("mail", "At once")
    DAILY = "daily", pgettext_lazy("mail", "Once a day")
    WEEKLY = "weekly", pgettext_lazy("mail", "Once a week")
    OFF = "off", pgettext_lazy("mail", "Not at all")


class Suppressed(models.TextChoices):
    """Why a letter that was written is not sent after all."""

    PREFERENCE = "preference", _("The person wants no letters of this kind")
    READ = "read", _("Already read in the portal")
    RIGHTS = "rights", _("The person may no longer see what it is about")
    GONE = "gone", _("What it is about is no longer there")
    INACTIVE = "inactive", _("The account is closed")
    UNREACHABLE = "unreachable", _("Letters to this address come back")
    AWAY = "away", _("Away: it went to who stands in")
    DECIDED = "decided", _("Already decided, or the date has moved")


class Pulse(models.TextChoices):
    WORKER = "worker", _("Worker")
    BEAT = "beat", _("Clock")
