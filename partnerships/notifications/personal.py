"""What letters and notifications keep about people."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Column, Held, deletes
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import (
    Follow,
    Message,
    Notification,
    Occurrence,
    Preference,
    Rhythm,
)

HELD = (
    Held(
        key="notifications.inbox",
        label=_("Notifications"),
        model="notifications.Notification",
        rows=lambda person: Notification.objects.filter(person=person),
        columns=("created", "title", "body", "read_at"),
        what=_("What the portal told you, and whether you have read it"),
        purpose=_("To tell you whose move it is and by when"),
        basis=Basis.CONTRACT,
        seen_by=_("You alone"),
        until=_("Two years"),
        linked=("notifications.Notification.person", "notifications.Notification.in_place_of"),
        delete=True,
        history=False,
    ),
    Held(
        key="notifications.letters",
        label=_("Letters"),
        model="notifications.Message",
        columns=(
            "created",
            "sent_at",
            "address",
            # The words of sign-in mail and of signed links are shown nowhere: they open the account.
            Column("subject", _("subject"), lambda letter: "" if letter.secret else letter.subject),
            Column("text", _("text"), lambda letter: "" if letter.secret else letter.text),
            "state",
        ),
        what=_("Letters sent to your address and what became of them"),
        purpose=_("To know what arrived"),
        basis=Basis.INTEREST,
        seen_by=_("You; the administrator sees whether they arrived"),
        until=_("One year"),
        linked=("notifications.Message.person",),
        delete=True,
        history=False,
    ),
    *(
        Held(
            key=f"notifications.{key}",
            label=label,
            model=f"notifications.{model.__name__}",
            rows=lambda person, model=model: model._default_manager.filter(person=person),
            columns=columns,
            linked=(f"notifications.{model.__name__}.person",),
            delete=True,
            history=False,
            public=False,
        )
        for key, label, model, columns in (
            ("preferences", _("Which letters you want"), Preference, ("kind", "channel", "timing")),
            ("rhythm", _("Your quiet hours"), Rhythm, ("quiet_from", "quiet_until", "days_off")),
            ("followed", _("What you follow"), Follow, ("content_type", "created")),
            ("reminders", _("What you were reminded of"), Occurrence, ("rule", "due")),
        )
    ),
)

_OVER = (MessageState.SENT, MessageState.DEAD, MessageState.SUPPRESSED, MessageState.JOINED)

RULES = (
    deletes(
        "notifications.letters",
        _("Letters that were sent or given up"),
        365,
        lambda border: Message.objects.filter(created__lt=border, state__in=_OVER),
    ),
    deletes(
        "notifications.inbox",
        _("Notifications that were read"),
        2 * 365,
        lambda border: Notification.objects.filter(created__lt=border, read_at__isnull=False),
    ),
)
