"""The verbs of the inbox, the preferences and the outbox."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships.common.queue import enqueue
from partnerships.directory.models import Person
from partnerships.notifications.collect import table
from partnerships.notifications.enums import Channel, MessageState, Pulse
from partnerships.notifications.models import Heartbeat, Message, Notification, Preference


def mark_read(notification: Notification) -> Notification:
    """Its reader has opened it. Reading twice keeps the first moment."""
    now = timezone.now()
    if Notification.objects.unread().filter(pk=notification.pk).update(read_at=now):
        notification.read_at = now
    return notification


def mark_all_read(user: Any) -> int:
    """Everything that this user has not read yet; returns how many."""
    return Notification.objects.visible_to(user).unread().update(read_at=timezone.now())


@transaction.atomic
def set_preferences(person: Person, mailed: Iterable[str]) -> None:
    """Mail these kinds to the person, keep the others in the inbox. Urgent kinds stay as they are."""
    wanted = set(mailed)
    rows = [
        Preference(
            person=person, kind=kind.key, channel=Channel.MAIL if kind.key in wanted else Channel.INBOX
        )
        for kind in table().kinds().values()
        if not kind.urgent
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "kind"], update_fields=["channel"]
    )


def set_preference(person_id: int, kind: str, channel: str) -> None:
    """One kind, as the unsubscribe link of a letter does it."""
    Preference.objects.update_or_create(person_id=person_id, kind=kind, defaults={"channel": channel})


def resend(messages: Any, *, actor: Any) -> int:
    """Put undeliverable and suppressed letters back into the queue with all their tries; returns how many.

    What is already sent or on its way stays, and so does a secret letter whose words are forgotten.
    `actor` must be somebody who sees the outbox: rows that they do not see stay as they are.
    """
    again = Message.objects.visible_to(actor).filter(
        pk__in=messages.values("pk"), state__in=[MessageState.DEAD, MessageState.SUPPRESSED]
    )
    done = again.exclude(text="", html="").update(
        state=MessageState.QUEUED,
        attempts=0,
        suppressed="",
        reason="",
        deferred=False,
        next_try_at=timezone.now(),
    )
    if done:
        enqueue("notifications.deliver")
    return done


def beat(*names: Pulse) -> None:
    """These parts are alive now."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now) for name in names],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
