"""From a change to the people it concerns: one notification each, and a letter where one is due.

Docs: docs/notifications.md.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.common.clock import AHEAD
from partnerships.common.letters import Letter
from partnerships.common.queue import enqueue
from partnerships.directory.models import Deputyship
from partnerships.notifications import following, standing_in
from partnerships.notifications.collect import table
from partnerships.notifications.enums import MessageState, Suppressed
from partnerships.notifications.letters import FOLLOWED, FOLLOWED_LETTER, NEWS_LETTER
from partnerships.notifications.models import Message, Notification
from partnerships.notifications.rendering import Words, words
from partnerships.notifications.writing import (
    Mails,
    add_letters,
    address_of,
    chunks,
    letter_row,
    notification_row,
    person_ids,
    reachable,
    ways,
)
from partnerships.workflow.models import Change

log = logging.getLogger(__name__)

# Changes read in one go.
BATCH = 200
# The task that a change enqueues on commit has this long before the sweep looks after it.
GRACE = timedelta(seconds=20)


class NotTold(Exception):
    """Some changes could not be told; each has been logged, stays untold and is tried again by the sweep."""


def tell(change_ids: Sequence[int]) -> int:
    """Tell those of these changes that are untold; returns how many were told.

    Idempotent, also when two workers are given the same change: the rows have unique keys, and a
    change is marked told only after all its rows are there. Each chunk of people is a transaction of
    its own, so that a change told to thousands holds no lock for long. An error in the letter of one
    change leaves the others told and is raised as NotTold at the end.
    """
    told, failed = 0, list[Exception]()
    for part in chunks(dict.fromkeys(change_ids), BATCH):
        changes = list(Change.objects.untold().filter(pk__in=part).order_by("pk"))
        objects = _objects(changes)
        for change in changes:
            try:
                _tell(change, objects.get((change.content_type_id, change.object_id)))
            except Exception as error:
                log.exception("change %s was not told", change.pk)
                failed.append(error)
            else:
                told += Change.objects.untold().filter(pk=change.pk).update(told_at=timezone.now())
    if told and Message.objects.due().exists():
        enqueue("notifications.deliver")
    if failed:
        raise NotTold(f"{len(failed)} changes were not told") from failed[0]
    return told


def _objects(changes: Sequence[Change]) -> dict[tuple[int, int], Any]:
    """What the changes happened to: one query a model."""
    wanted: dict[int, set[int]] = {}
    for change in changes:
        wanted.setdefault(change.content_type_id, set()).add(change.object_id)
    found = {}
    for type_id, keys in wanted.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None:
            for key, obj in model._base_manager.in_bulk(keys).items():
                found[type_id, key] = obj
    return found


def _tell(change: Change, obj: Any) -> None:
    """One change: the first letter of the table whose audience holds a person is the one they get.

    The object may have gone further since: the letter is told of it as the change left it.
    """
    if obj is None:
        return
    then = change.as_it_was(obj)
    taken = {change.person_id} if change.person_id is not None else set()
    for letter in table().of(type(obj), change.verb):
        audience = [key for key in person_ids(letter.audience(change, then)) if key not in taken]
        taken.update(audience)
        if audience:
            move = letter.urgent if letter.move is None else letter.move
            told = words(letter, lambda: letter.context(change, then), then, move=move)  # noqa: B023
            _tell_people(change, obj, letter, told, audience, taken)
    _tell_followers(change, obj, then, taken)
    _tell_news(change, obj, then, taken)


def _tell_people(
    change: Change, obj: Any, letter: Letter, told: Words, audience: Sequence[int], taken: set[int]
) -> None:
    """The audience, and in place of those who are away their deputies, unless these were told themselves."""
    away: dict[int, list[Deputyship]] = {}
    if not (letter.own or letter.confidential):
        away = standing_in.deputies_of(audience)
    passed = standing_in.passed_to(obj, [row for rows in away.values() for row in rows]) if away else {}
    for part in chunks(audience):
        _write(change, obj, letter, told, part, away=passed.keys())
    for holder, deputies in passed.items():
        fresh = [key for key in deputies if key not in taken]
        taken.update(deputies)
        if fresh:
            _write(change, obj, letter, standing_in.in_place_of(told, away[holder][0].holder), fresh)


def _tell_followers(change: Change, obj: Any, then: Any, taken: set[int]) -> None:
    """Those who follow the object and have not been told by a letter of its own."""
    if not following.followable(type(obj)) or not following.is_news(change, obj):
        return
    audience = person_ids(following.followers([obj], obj, taken))
    taken.update(audience)
    if audience:
        told = words(FOLLOWED_LETTER, lambda: following.words_of(change, then), then, move=False)
        for part in chunks(audience):
            _write(change, obj, FOLLOWED_LETTER, told, part)


def _tell_news(change: Change, obj: Any, then: Any, taken: set[int]) -> None:
    """Those who follow another record to which this one is news, such as a partner."""
    for news in table().news_of(type(obj), change.verb):
        letter = FOLLOWED_LETTER if news.kind == FOLLOWED else NEWS_LETTER
        for record in news.about(change, then):
            audience = person_ids(following.followers([record], obj, taken))
            taken.update(audience)
            if audience:
                told = words(letter, lambda: following.news_of(news, change, record, then), then, move=False)  # noqa: B023
                for part in chunks(audience):
                    _write(change, obj, letter, told, part)


@transaction.atomic
def _write(
    change: Change,
    obj: Any,
    letter: Letter,
    told: Words,
    audience: Sequence[int],
    *,
    away: Collection[int] = (),
) -> None:
    people = reachable(audience)
    way = ways(people, letter.kind, mail=letter.mail, urgent=letter.urgent, many=letter.many)
    Notification.objects.bulk_create(
        [notification_row(key, obj, letter.kind, told, key in way.muted, change=change) for key in people],
        ignore_conflicts=True,
    )
    rows = Notification.objects.filter(change=change, kind=letter.kind, person_id__in=way.plans)
    mails = Mails(told, "" if letter.urgent else letter.kind)
    letters = [
        letter_row(person, row, mails, f"change:{change.pk}:{person.pk}:mail", letter.urgent, way)
        for row in rows
        if address_of(person := people[row.person_id])
    ]
    for message in letters:
        if message.person_id in away:
            message.state, message.suppressed, message.hold_until = (
                MessageState.SUPPRESSED,
                Suppressed.AWAY,
                None,
            )
    add_letters(letters)


def untold_ids(limit: int = 5000) -> list[int]:
    """Changes whose task has had its time: the broker or a worker lost it."""
    now = timezone.now()
    late = Change.objects.untold().filter(Q(at__lt=now - GRACE) | Q(at__gt=now + AHEAD))
    return list(late.order_by("at").values_list("pk", flat=True)[:limit])
