"""One letter of several: digests, what waited for the end of quiet hours, and many of one kind at once.

A line of a joint letter is a letter of the outbox that is `joined`: it is in one joint letter and never sent
by itself. Joining is one transaction, so that a worker that dies leaves all lines held; it goes by window, so
that a clock that was away joins them when it is back. Words are written when the letter is sent, of the lines
that still stand then (see rechecking). Docs: docs/notifications.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.common.queue import enqueue
from partnerships.notifications import unsubscribing
from partnerships.notifications.collect import Kind, app_name, table
from partnerships.notifications.enums import MessageState, Timing
from partnerships.notifications.hours import Calendar, quiet_of
from partnerships.notifications.models import Message
from partnerships.notifications.rendering import joint_mail, reading
from partnerships.notifications.writing import chunks, language_of

KIND = "notifications.joint"
# People whose letters are joined in one transaction.
PEOPLE = 50
# Lines that a joint letter shows; the rest stand in the portal, and the letter says how many.
SHOWN = 40


@dataclass
class Parcel:
    """What one person is to be sent: joint letters, each of its lines, and letters by themselves."""

    joint: list[tuple[str, list[Message]]] = field(default_factory=list)
    alone: list[Message] = field(default_factory=list)


# What was held and may go -------------------------------------------------------------------------------
def release() -> int:
    """Send on its way what was held until now, joined where there is more of it; returns how many letters go.

    Any number of workers may do this at once: the rows are locked in one order, and whoever comes second
    finds them gone. Where the reader wants quiet by now, they are held on.
    """
    gone = Message.objects.held_over().filter(person=None).update(**_ready())
    while True:
        waiting = Message.objects.held_over().exclude(person=None).order_by("person_id")
        people = list(waiting.values_list("person_id", flat=True).distinct()[:PEOPLE])
        if not people:
            break
        gone += _release(people)
    if gone:
        enqueue("notifications.deliver")
    return gone


@transaction.atomic
def _release(people: Sequence[int]) -> int:
    calendar, quiet, gone = Calendar(), quiet_of(people), 0
    due = set(Message.objects.held_over().filter(person_id__in=people).values_list("pk", flat=True))
    by_person = defaultdict(list)
    held = Message.objects.filter(person_id__in=people, state=MessageState.HELD)
    for message in held.order_by("pk").select_for_update().defer("text", "html"):
        by_person[message.person_id].append(message)
    parcels = []
    for person_id, messages in by_person.items():
        if not any(message.pk in due for message in messages):
            continue
        opens = calendar.opens(quiet[person_id])
        if opens > calendar.now:
            keys = [message.pk for message in messages if message.pk in due]
            Message.objects.filter(pk__in=keys, state=MessageState.HELD).update(hold_until=opens)
            continue
        parcels.append(_sorted(messages, due))
        gone += len(parcels[-1].joint) + len(parcels[-1].alone)
    _join(parcel for parcel in parcels)
    alone = [message.pk for parcel in parcels for message in parcel.alone]
    Message.objects.filter(pk__in=alone, state=MessageState.HELD).update(**_ready())
    return gone


def _ready() -> dict[str, Any]:
    now = timezone.now()
    return {"state": MessageState.QUEUED, "next_try_at": now, "hold_until": now}


def _sorted(messages: Sequence[Message], due: set[int]) -> Parcel:
    """One person's held letters, of which some are due."""
    parcel, digest, rest = Parcel(), list[Message](), list[Message]()
    at_once = defaultdict(list)
    for message in messages:
        # A letter with its reader's own way in goes by itself: a line would lead to a page closed to them.
        joins = message.notification_id is not None and not message.secret
        if joins and message.plan == Timing.NOW:
            at_once[message.kind].append(message)
        elif message.pk in due:
            (digest if joins else parcel.alone).append(message)
    for kind, like in at_once.items():
        come = [message for message in like if message.pk in due]
        # The first that has waited its time takes the others of its kind along.
        if come and len(like) >= _enough(kind):
            parcel.joint.append((Timing.NOW.value, like))
        else:
            rest += come
    if _many(len(rest)):
        parcel.joint.append((Timing.NOW.value, rest))
    else:
        parcel.alone += rest
    if len(digest) > 1:
        weekly = any(message.plan == Timing.WEEKLY for message in digest)
        parcel.joint.append(((Timing.WEEKLY if weekly else Timing.DAILY).value, digest))
    else:
        parcel.alone += digest
    return parcel


def _many(count: int) -> bool:
    return 0 < settings.JOIN_FROM <= count


def _enough(kind: str) -> int:
    """So many of a kind make one letter."""
    known = table().kinds().get(kind)
    if known is not None and known.many is not None:
        return 2
    return settings.JOIN_FROM or 1_000_000


def _join(parcels: Iterable[Parcel]) -> None:
    """Write the joint letters. A line gives its letter the key, so that no line is ever in two."""
    now = timezone.now()
    joint = [(plan, lines) for parcel in parcels for plan, lines in parcel.joint]
    letters = Message.objects.bulk_create(
        Message(
            key=f"joint:{lines[0].pk}",
            kind=KIND,
            person_id=lines[0].person_id,
            address=lines[-1].address,
            language=lines[-1].language,
            subject=str(_("Several notifications")),
            plan=plan,
            next_try_at=now,
            hold_until=now,
        )
        for plan, lines in joint
    )
    rows = []
    for letter, (_plan, lines) in zip(letters, joint, strict=True):
        for line in lines:
            line.state, line.joined, line.hold_until = MessageState.JOINED, letter, now
            rows.append(line)
    Message.objects.bulk_update(rows, ["state", "joined", "hold_until"], batch_size=500)


# What has piled up --------------------------------------------------------------------------------------
def join_piled() -> int:
    """Join letters of one kind to one person of which several wait to be sent, as after an act on many or
    an outage; returns how many joint letters were made."""
    if not settings.JOIN_FROM:
        return 0
    piled = _piled().values("person_id", "kind").annotate(n=Count("pk")).filter(n__gte=settings.JOIN_FROM)
    made = 0
    for part in chunks(list(piled.values_list("person_id", "kind")), PEOPLE):
        made += _join_piled(set(part))
    return made


def _piled() -> Any:
    waiting = Message.objects.due().filter(urgent=False, plan=Timing.NOW, attempts=0, secret=False)
    return waiting.exclude(notification=None).exclude(person=None).order_by()


@transaction.atomic
def _join_piled(wanted: set[tuple[int, str]]) -> int:
    rows = _piled().filter(person_id__in={key[0] for key in wanted}, kind__in={key[1] for key in wanted})
    groups = defaultdict(list)
    for message in rows.order_by("pk").select_for_update(of=("self",)).defer("text", "html"):
        if (message.person_id, message.kind) in wanted:
            groups[message.person_id, message.kind].append(message)
    # Some may have been taken by a worker meanwhile.
    parcels = [Parcel([(Timing.NOW.value, lines)]) for lines in groups.values() if len(lines) > 1]
    _join(parcels)
    return len(parcels)


# Its words ----------------------------------------------------------------------------------------------
def lines_of(batch: Iterable[Message]) -> dict[int, list[Message]]:
    """The lines of those of these letters that are joint ones."""
    found: dict[int, list[Message]] = {message.pk: [] for message in batch if message.kind == KIND}
    if found:
        lines = Message.objects.filter(joined__in=found, state=MessageState.JOINED)
        for line in lines.select_related(
            "person__user", "notification__occurrence", "notification__in_place_of"
        ).order_by("pk"):
            found[line.joined_id].append(line)  # type: ignore[index]
    return found


@dataclass(frozen=True)
class Line:
    title: str
    link: str
    at: Any
    detail: str = ""


@dataclass(frozen=True)
class Group:
    """Lines of one kind, under its words and the name of its app."""

    title: str
    lines: list[Line]
    more: int = 0


def compose(message: Message, lines: Sequence[Message]) -> None:
    """Write the letter of these lines, in its reader's language as it is now."""
    person: Any = message.person
    message.language = language_of(person)
    with reading(message.language):
        subject = _subject(message.plan, lines)
        key = f"{unsubscribing.JOINT}{message.pk}"
        leave = "" if person.user_id else unsubscribing.address(person.pk, key)
        rendered = joint_mail(subject, _groups(lines), message.language, leave)
    message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
    message.headers = unsubscribing.headers(person.pk, key)
    Message.objects.filter(pk=message.pk).update(
        language=message.language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        headers=message.headers,
    )


def _subject(plan: str, lines: Sequence[Message]) -> str:
    n = len(lines)
    if plan == Timing.WEEKLY:
        return ngettext(
            "The week in the portal: %(n)s notification", "The week in the portal: %(n)s notifications", n
        ) % {"n": n}
    if plan == Timing.DAILY:
        return ngettext(
            "The day in the portal: %(n)s notification", "The day in the portal: %(n)s notifications", n
        ) % {"n": n}
    kinds = {line.kind for line in lines}
    if len(kinds) == 1:
        kind = table().kinds().get(kinds.pop())
        if kind is not None and kind.key not in table().confidential():
            return str(kind.many % {"n": n}) if kind.many is not None else f"{kind.label}: {n}"
    return ngettext("New in the portal: %(n)s notification", "New in the portal: %(n)s notifications", n) % {
        "n": n
    }


def _groups(lines: Sequence[Message]) -> list[Group]:
    """Kinds in the order of the table, the newest line first, no more than SHOWN in all."""
    kinds, silent = table().kinds(), table().confidential()
    order = {key: place for place, key in enumerate(kinds)}
    by_kind = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line)
    room, groups = SHOWN, []
    for key in sorted(by_kind, key=lambda key: order.get(key, len(order))):
        like = by_kind[key][::-1]
        shown = like[:room]
        room -= len(shown)
        title = _title(kinds.get(key), key)
        rows = [_line(line, line.kind in silent) for line in shown]
        groups.append(Group(title, rows, len(like) - len(rows)))
    return groups


def _title(kind: Kind | None, key: str) -> str:
    return key if kind is None else f"{app_name(kind.app)}: {kind.label}"


def _line(line: Message, silent: bool) -> Line:
    note: Any = line.notification
    if silent:
        return Line(
            _("Told in confidence: read it in the portal"), settings.BASE_URL + reverse("inbox"), note.created
        )
    detail = ""
    if note.in_place_of_id is not None:
        detail = _("In place of: %(name)s") % {"name": note.in_place_of.name}
    return Line(note.heading, settings.BASE_URL + note.page, note.created, detail)
