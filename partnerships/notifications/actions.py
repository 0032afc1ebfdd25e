"""The verbs of the inbox, the preferences and the outbox."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from partnerships.common.queue import enqueue
from partnerships.common.refusals import Missing
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.notifications import following
from partnerships.notifications.collect import table
from partnerships.notifications.enums import Channel, MessageState, Pulse, Suppressed, Timing
from partnerships.notifications.hours import Calendar, quiet_of
from partnerships.notifications.models import Follow, Heartbeat, Message, Notification, Preference, Rhythm
from partnerships.workflow.models import record_many


def mark_read(notification: Notification) -> Notification:
    """Its reader has opened it. Reading twice keeps the first moment."""
    now = timezone.now()
    if Notification.objects.unread().filter(pk=notification.pk).update(read_at=now):
        notification.read_at = now
    return notification


def mark_all_read(user: Any) -> int:
    """Everything that this user has not read yet; returns how many."""
    return Notification.objects.visible_to(user).unread().update(read_at=timezone.now())


def follow(record: Model, *, actor: Any) -> None:
    """`actor` is told from now on when the record moves; the door has shown it to them. Twice is once."""
    Follow.objects.get_or_create(
        person_id=access_of(actor).person_id,
        content_type=ContentType.objects.get_for_model(record, for_concrete_model=True),
        object_id=record.pk,
    )


def unfollow(record: Model, *, actor: Any) -> None:
    following.of(record).filter(person_id=access_of(actor).person_id).delete()


def unfollow_row(row: Follow) -> None:
    """By the list of what one follows, also of a record that may no longer be seen."""
    row.delete()


@transaction.atomic
def set_preferences(person: Person, *, mail: Mapping[str, str], portal: Mapping[str, bool]) -> None:
    """How often letters of these kinds go to the person, and whether the portal shows the kinds as new.

    What cannot be switched off, and what is no kind, stays as it is. Letters that wait follow.
    """
    kinds = {key for key, kind in table().kinds().items() if not kind.urgent}
    rows = [
        Preference(person=person, kind=kind, channel=Channel.MAIL, timing=Timing(timing))
        for kind, timing in mail.items()
        if kind in kinds
    ]
    rows += [
        Preference(
            person=person, kind=kind, channel=Channel.PORTAL, timing=Timing.NOW if shown else Timing.OFF
        )
        for kind, shown in portal.items()
        if kind in kinds
    ]
    _keep(rows)
    follow_preferences(person)


def set_mail_of_all(person: Person, timing: str) -> None:
    """One choice for every kind that leaves one."""
    kinds = [key for key, kind in table().kinds().items() if not kind.urgent]
    set_preferences(person, mail=dict.fromkeys(kinds, timing), portal={})


def set_rhythm(person: Person, *, quiet_from: time, quiet_until: time, days_off: bool) -> None:
    """The person's own quiet hours, and whether letters come on days off. Letters that wait follow."""
    Rhythm.objects.update_or_create(
        person=person,
        defaults={"quiet_from": quiet_from, "quiet_until": quiet_until, "days_off": days_off},
    )
    follow_preferences(person)


def leave(person_id: int, kinds: Iterable[str]) -> None:
    """No letters of these kinds any more, as the link in a letter does it; the portal keeps showing them."""
    known = table().kinds()
    left = [kind for kind in dict.fromkeys(kinds) if kind in known and not known[kind].urgent]
    _keep(
        Preference(person_id=person_id, kind=kind, channel=Channel.MAIL, timing=Timing.OFF) for kind in left
    )
    _drop(Message.objects.filter(person=person_id, state=MessageState.HELD, kind__in=left))


def _keep(rows: Iterable[Preference]) -> None:
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "kind", "channel"],
        update_fields=["timing"],
    )


def follow_preferences(person: Person) -> None:
    """Letters that are held go by what the person has chosen by now."""
    held = Message.objects.filter(person=person, state=MessageState.HELD)
    quiet, calendar = quiet_of([person.pk])[person.pk], Calendar()
    stated = dict(
        Preference.objects.filter(person=person, channel=Channel.MAIL).values_list("kind", "timing")
    )
    for kind, plan in set(held.order_by().values_list("kind", "plan")):
        new, rows = stated.get(kind, plan), held.filter(kind=kind, plan=plan)
        if new == Timing.OFF:
            _drop(rows)
            continue
        rows.update(plan=new, hold_until=calendar.hold(new, quiet) or calendar.now)


def _drop(held: Any) -> None:
    """Not sent, and said so from the moment of the choice: until their turn they would read as waiting."""
    held.update(state=MessageState.SUPPRESSED, suppressed=Suppressed.PREFERENCE, hold_until=None)


# Letters that an operator may put back into the queue.
RESENT = (MessageState.DEAD, MessageState.SUPPRESSED)


@transaction.atomic
def resend(messages: Any, *, actor: Any, note: str) -> int:
    """Put undeliverable and suppressed letters back into the queue with all their tries; returns how many.

    What is already sent or on its way stays, also when two people press at once, and so does a secret letter
    whose words are forgotten. `actor` must be somebody who sees the outbox: rows that they do not see stay.
    Each letter keeps who sent it again and why. Raises Missing without a reason.
    """
    if not note.strip():
        raise Missing("note")
    again = Message.objects.visible_to(actor).filter(pk__in=messages.values("pk"), state__in=RESENT)
    rows = list(again.exclude(text="", html="").defer("text", "html").order_by("pk").select_for_update())
    if not rows:
        return 0
    now = timezone.now()
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=MessageState.QUEUED,
        attempts=0,
        suppressed="",
        reason="",
        deferred=False,
        joined=None,
        next_try_at=now,
        hold_until=now,
    )
    before = {row.pk: row.state for row in rows}
    record_many(
        rows, "resend", actor=actor, from_states=before, to_state=MessageState.QUEUED, note=note.strip()
    )
    enqueue("notifications.deliver")
    return len(rows)


def beat(*names: Pulse) -> None:
    """These parts are alive now."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now) for name in names],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
