"""What people are told: the inbox, the outbox, what each prefers, which reminders went, who is alive."""

import uuid
from datetime import time, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.common.addresses import mounted
from partnerships.common.clock import AHEAD
from partnerships.common.fields import UidField
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.notifications.enums import Channel, MessageState, Pulse, Suppressed, Timing
from partnerships.workflow.models import Change


class OwnQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person and that nobody else sees."""

    def visible_to(self, user: Any) -> "OwnQuerySet":
        person_id = access_of(user).person_id
        return self.none() if person_id is None else self.filter(person_id=person_id)


class Occurrence(models.Model):
    """That a person was reminded of an object: once for each rule, date and offset.

    `caught_up` marks those whose moment was missed and that a later one stood in for, without a mail
    of their own. `cancelled` marks those whose date has moved since; they no longer count.
    """

    one_is_enough = True  # when two records of a person are merged

    rule = models.CharField(_("rule"), max_length=80)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    due = models.DateTimeField(_("date reminded of"))
    offset = models.IntegerField(_("seconds before the date"), help_text=_("Negative: after it."))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    batch = models.UUIDField(editable=False)
    caught_up = models.BooleanField(_("stood in for by a later one"), default=False)
    cancelled = models.DateTimeField(_("cancelled"), null=True, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "content_type", "object_id", "due", "offset", "person"],
                condition=Q(cancelled=None),
                name="occurrence_once",
            )
        ]
        indexes = [
            models.Index(fields=["batch"], name="occurrence_batch"),
            models.Index(fields=["rule", "due"], condition=Q(cancelled=None), name="occurrence_live"),
        ]

    def __str__(self) -> str:
        # Not its rule: that is a code, and tells what may have been said in confidence.
        return f"№ {self.pk}"


class NotificationQuerySet(OwnQuerySet):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing told to one person; words in both languages, as they read when it happened."""

    one_is_enough = True  # when two records of a person are merged

    uid = UidField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="notifications", verbose_name=_("person"))
    change = models.ForeignKey(Change, models.CASCADE, null=True, related_name="+")
    occurrence = models.OneToOneField(Occurrence, models.CASCADE, null=True, related_name="notification")
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    # Whom its reader stood in for when they were told it in that person's place.
    in_place_of = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("in place of"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=80)
    title = models.JSONField(_("title"))  # {"az": ..., "en": ...}
    body = models.JSONField(_("text"))
    # Without what the portal is mounted below: `page` has it, also after the portal has moved.
    path = models.CharField(_("page"), max_length=500)
    created = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    # Switched off in the portal by the person: it stands in the list as read, and a letter still goes.
    muted = models.BooleanField(_("came as read"), default=False, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["change", "person", "kind"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notification_inbox"),
            models.Index(fields=["person", "-id"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """The title in the reader's language."""
        return _in_language(self.title)

    @property
    def text(self) -> str:
        return _in_language(self.body)

    @property
    def page(self) -> str:
        """The address that it leads to, where the portal stands today."""
        return mounted(self.path)

    @property
    def lines(self) -> list[str]:
        """The text line by line, without the empty ones that part paragraphs in a mail."""
        return [line for line in self.text.splitlines() if line.strip()]


def _in_language(words: dict[str, str]) -> str:
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return words.get(language) or words[settings.LANGUAGE_CODE]


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> "MessageQuerySet":
        """The outbox is for administrators of the organisation that runs the portal."""
        keeps = access_of(user).administers or getattr(user, "is_superuser", False)
        return self if keeps else self.none()

    def due(self) -> "MessageQuerySet":
        """What may be sent now: what its moment has come for, and what a clock that ran ahead has written.

        No wait reaches beyond AHEAD, and a letter that is to go at once stays so by whatever clock.
        """
        now = timezone.now()
        at_once = Q(attempts=0, next_try_at__lte=F("created") + timedelta(seconds=1))
        come = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + AHEAD) | at_once
        return self.filter(come, state=MessageState.QUEUED)

    def dropped(self) -> "MessageQuerySet":
        """Taken by a worker that has not come back; no lease reaches beyond AHEAD."""
        now = timezone.now()
        over = Q(leased_until__lt=now) | Q(leased_until__gt=now + AHEAD)
        return self.filter(over, state=MessageState.SENDING)

    def held_over(self) -> "MessageQuerySet":
        """Held, and may go by now; what a clock that ran ahead has put off for weeks is asked again."""
        now = timezone.now()
        over = Q(hold_until__lte=now) | Q(hold_until__gt=now + HELD_MOST)
        return self.filter(over, state=MessageState.HELD)

    def sent_to(self, user: Any) -> "MessageQuerySet":
        """Every letter to this user: to their person, and sign-in mail to their address."""
        person_id = access_of(user).person_id
        to_address = Q(person=None, address=user.email)
        return self.filter(to_address if person_id is None else to_address | Q(person_id=person_id))

    def waiting(self) -> "MessageQuerySet":
        return self.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])


# No letter is held longer: a week, and the longest row of public holidays.
HELD_MOST = timedelta(days=21)


def new_message_id() -> str:
    """A Message-ID under the domain of our sender; given once, so that a second try is the same letter."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid.uuid4().hex}@{domain}>"


class Message(models.Model):
    """A letter in the outbox. `key` is one per (change or reminder, person, channel), or one of its own.

    `plan` says how its reader wants letters of this kind. What waits (for the digest, the end of quiet hours,
    more of its kind) is `held`, and in the end sent by itself or, `joined`, as a line of another letter.

    A `secret` letter carries a code or a link that opens an account: it is shown to nobody and its
    words, subject included, are forgotten once it is sent.
    """

    key = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", verbose_name=_("person"))
    notification = models.OneToOneField(Notification, models.CASCADE, null=True, related_name="message")
    address = models.EmailField(_("address"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("formatted text"), blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    urgent = models.BooleanField(_("urgent"), default=False)
    secret = models.BooleanField(_("secret"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    suppressed = models.CharField(_("why not sent"), max_length=12, choices=Suppressed, blank=True)
    reason = models.CharField(_("last answer"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    plan = models.CharField(_("how often"), max_length=6, choices=Timing, default=Timing.NOW)
    # While it is held: until when. Afterwards the moment from which it was ready to be sent.
    hold_until = models.DateTimeField(_("held until"), null=True, editable=False)
    joined = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="lines",
        editable=False,
        verbose_name=_("joint letter"),
    )
    # False while the last failure was ours (no mail server), True when the server put this letter off.
    deferred = models.BooleanField(default=False, editable=False)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    lease_token = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    message_id = models.CharField("Message-ID", max_length=255, default=new_message_id, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("outbox")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["-urgent", "next_try_at"], condition=Q(state="queued"), name="message_queued"
            ),
            models.Index(fields=["hold_until"], condition=Q(state="held"), name="message_held"),
            models.Index(fields=["person", "-id"], name="message_of_person"),
            models.Index(fields=["address", "-id"], condition=Q(person=None), name="message_of_address"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="message_sending"),
            models.Index(fields=["lease_token"], condition=Q(state="sending"), name="message_lease"),
            models.Index(fields=["state", "-id"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        # Neither subject nor kind: the first may be a code, the second that something was told in confidence.
        return f"№ {self.pk} → {self.address}"


class Preference(models.Model):
    """How a person wants to be told of one kind by one channel; without a row, as the letters table says."""

    one_is_enough = True  # when two records of a person are merged

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=80)
    channel = models.CharField(_("how"), max_length=6, choices=Channel, default=Channel.MAIL)
    timing = models.CharField(_("how often"), max_length=6, choices=Timing, default=Timing.NOW)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [models.UniqueConstraint(fields=["person", "kind", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.channel} {self.timing}"


class Follow(models.Model):
    """That a person follows a record, and is told when it moves as long as they may see it."""

    one_is_enough = True  # when two records of a person are merged

    person = models.ForeignKey(Person, models.CASCADE, related_name="follows", verbose_name=_("person"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    created = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed record")
        verbose_name_plural = _("followed records")
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "person"], name="follow_once")
        ]
        indexes = [models.Index(fields=["person", "-id"], name="follow_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.content_type_id} {self.object_id}"


class Rhythm(models.Model):
    """When a person wants to be left alone by letters that can wait; without a row, as the settings say.

    Hours are those of Baku. Equal ends mean no quiet hours.
    """

    one_is_enough = True  # when two records of a person are merged

    person = models.OneToOneField(Person, models.CASCADE, related_name="rhythm", verbose_name=_("person"))
    quiet_from = models.TimeField(_("quiet from"), default=time(22))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    days_off = models.BooleanField(_("letters on weekends and public holidays too"), default=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"


class Heartbeat(models.Model):
    """When a part of the portal that works in the background was last seen alive."""

    name = models.CharField(_("name"), max_length=20, choices=Pulse, unique=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.at:%d.%m.%Y %H:%M:%S}"
