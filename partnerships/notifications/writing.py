"""Writing what was decided to be told: one notification a person, and a letter where one is due.

Shared by changes (telling) and reminders (reminding). Everything is set-based: the number of queries
grows with the number of chunks, not of people.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from partnerships.common.addresses import within
from partnerships.directory.models import Person
from partnerships.notifications import unsubscribing
from partnerships.notifications.enums import Channel, MessageState, Timing
from partnerships.notifications.hours import Calendar, quiet_of, window
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.notifications.rendering import Mail, Words, mail

# One chunk is one short transaction; a change told to thousands takes several of them.
CHUNK = 250
T = TypeVar("T")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    source = iter(items)
    while part := list(islice(source, size)):
        yield part


def pages(rows: Any, size: int = 500) -> Iterator[list[Any]]:
    """A queryset in key order, page by page, with no cursor left open over our own writes: on SQLite
    an open read would keep an old picture of the database and refuse them."""
    last = None
    while part := list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:size]):
        yield part
        last = part[-1].pk


def person_ids(audience: Iterable[Any]) -> list[int]:
    """The keys of an audience, which may hold the same person twice and nobody (None) at all."""
    return list(dict.fromkeys(person.pk for person in audience if person is not None))


def reachable(keys: Iterable[int]) -> dict[int, Person]:
    """People who can be told something: with an account or an address, and not erased."""
    found = Person.objects.filter(pk__in=set(keys), erased_at=None).select_related("user")
    return {person.pk: person for person in found if person.user_id or person.email}


def address_of(person: Person) -> str:
    """Where letters to this person go: the account's address where there is one."""
    if person.user is None:
        return person.email
    return person.user.email if person.user.is_active else ""


def language_of(person: Person) -> str:
    return person.user.language if person.user else settings.LANGUAGE_CODE


@dataclass
class Ways:
    """How each of some people is told of one kind.

    plans   how often they want letters of it; who wants none is missing
    holds   until when a letter of now is held; who may have it at once is missing
    muted   who has switched the kind off in the portal
    """

    plans: dict[int, str]
    holds: dict[int, datetime] = field(default_factory=dict)
    muted: set[int] = field(default_factory=set)


def ways(people: Collection[int], kind: str, *, mail: bool, urgent: bool, many: Any = None) -> Ways:
    """How these people are told of this kind now. Urgent kinds ask nobody; the others cost three queries."""
    if urgent:
        return Ways(dict.fromkeys(people, Timing.NOW.value))
    stated: dict[str, dict[int, str]] = {channel.value: {} for channel in Channel}
    rows = Preference.objects.filter(kind=kind, person_id__in=people)
    for person_id, channel, timing in rows.values_list("person_id", "channel", "timing"):
        stated[channel][person_id] = timing
    usual = Timing.NOW if mail else Timing.OFF
    plans = {key: stated[Channel.MAIL].get(key, usual.value) for key in people}
    plans = {key: plan for key, plan in plans.items() if plan != Timing.OFF}
    calendar, quiet, wait = Calendar(), quiet_of(plans), window(many is not None)
    holds = {key: until for key, plan in plans.items() if (until := calendar.hold(plan, quiet[key], wait))}
    muted = {key for key, timing in stated[Channel.PORTAL].items() if timing == Timing.OFF}
    return Ways(plans, holds, muted)


class Mails:
    """The mails of one set of words, rendered once for each language that somebody reads.

    `kind` is what whoever has no account may leave by the link in the letter; empty where it is urgent.
    """

    def __init__(self, told: Words, kind: str) -> None:
        self.told, self.kind = told, kind
        self._done, self._paths = dict[tuple[str, str, str | None], Mail](), dict[int, str]()

    def path(self, person: Person) -> str:
        """Where the button leads; to who has no account perhaps an address of their own."""
        if person.pk not in self._paths:
            self._paths[person.pk] = self.told.path_for(person)
        return self._paths[person.pk]

    def of(self, person: Person) -> Mail:
        leave: str | None = ""
        if not person.user_id:
            leave = unsubscribing.address(person.pk, self.kind) if self.kind else None
        at = (language_of(person), self.path(person), leave)
        if at not in self._done:
            self._done[at] = mail(self.told, *at)
        return self._done[at]


def letter_row(
    person: Person, notification: Notification, mails: Mails, key: str, urgent: bool, way: Ways
) -> Message:
    language = language_of(person)
    hold = way.holds.get(person.pk)
    rendered = mails.of(person)
    return Message(
        key=key,
        kind=notification.kind,
        person=person,
        notification=notification,
        address=address_of(person),
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        headers={} if urgent else unsubscribing.headers(person.pk, notification.kind),
        urgent=urgent,
        secret=mails.path(person) != mails.told.path,  # a signed link lets in whoever holds it
        plan=way.plans[person.pk],
        hold_until=hold,
        state=MessageState.HELD if hold else MessageState.QUEUED,
    )


def notification_row(
    person_id: int, obj: Any, kind: str, told: Words, muted: bool, **source: Any
) -> Notification:
    now = timezone.now()
    return Notification(
        uid=uuid.uuid4(),
        person_id=person_id,
        content_type=ContentType.objects.get_for_model(obj, for_concrete_model=True),
        object_id=obj.pk,
        kind=kind,
        title=told.title,
        body=told.body,
        path=within(told.path),
        created=now,
        muted=muted,
        read_at=now if muted else None,
        in_place_of=told.in_place_of,
        **source,
    )


def add_letters(rows: Sequence[Message]) -> None:
    """Those that are there already stay as they are: the key is unique."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
