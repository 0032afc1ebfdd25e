"""Reminders: by window, never by equality, so that a night without the clock loses none.

Docs: docs/notifications.md.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from partnerships.common.letters import ReminderRule
from partnerships.common.queue import enqueue
from partnerships.directory.models import Person
from partnerships.notifications import standing_in
from partnerships.notifications.collect import table
from partnerships.notifications.enums import MessageState, Suppressed
from partnerships.notifications.models import Message, Notification, Occurrence
from partnerships.notifications.rendering import Words, words
from partnerships.notifications.windows import dates_of, due_of, in_window, passed
from partnerships.notifications.writing import (
    Mails,
    Ways,
    add_letters,
    address_of,
    chunks,
    letter_row,
    notification_row,
    pages,
    person_ids,
    reachable,
    ways,
)

log = logging.getLogger(__name__)

# Dates further back than this are not looked at again for having moved.
LOOK_BACK = timedelta(days=7)


class NotReminded(Exception):
    """Some rules failed; each has been logged and is tried again at the next beat."""


def remind() -> int:
    """Remind of everything that is due; returns how many people were reminded.

    Idempotent, also when two workers do it at once: an occurrence is unique for (rule, object, date,
    offset, person), and only whoever wrote it tells of it.
    """
    now = timezone.now()
    reminded, failed = 0, list[Exception]()
    for rule in table().reminders:
        try:
            cancel_moved(rule, now)
            rows = in_window(rule, now)
            # Most rules find nothing most times, and whole rows take four times as long to ask for.
            for part in pages(rows) if rows.exists() else ():
                reminded += _remind(rule, part, now)
        except Exception as error:
            log.exception("reminder %s failed", rule.kind)
            failed.append(error)
    if reminded:
        enqueue("notifications.deliver")
    if failed:
        raise NotReminded(f"{len(failed)} rules failed") from failed[0]
    return reminded


Key = tuple[int, datetime, int]  # object, date, person
Places = dict[tuple[int, int], Person]  # (object, deputy) -> in whose place they are reminded


def _remind(rule: ReminderRule, objects: Sequence[Any], now: datetime) -> int:
    """Occurrences that are missing for these objects. The latest offset tells, older ones are recorded."""
    by_pk = {obj.pk: obj for obj in objects}
    wanted: dict[Key, list[int]] = defaultdict(list)
    for obj in objects:
        due = due_of(rule, obj)
        if due is None:
            continue
        for offset in passed(rule, due, now):
            for person_id in person_ids(rule.audience(obj, offset)):
                wanted[obj.pk, due, person_id].append(round(offset.total_seconds()))
    places = {} if rule.confidential else _add_deputies(wanted, by_pk)
    content_type = ContentType.objects.get_for_model(objects[0], for_concrete_model=True)
    there = _already(rule, content_type, wanted)
    people = reachable({key[2] for key, offsets in wanted.items() if set(offsets) - there[key]})
    reminded = 0
    for part in chunks(wanted.items()):
        fresh = {
            key: (offsets, there[key])
            for key, offsets in part
            if key[2] in people and set(offsets) - there[key]
        }
        if fresh:
            reminded += _write(rule, content_type, by_pk, people, fresh, places)
    return reminded


def _add_deputies(wanted: dict[Key, list[int]], objects: dict[Any, Any]) -> Places:
    """Who stands in is reminded too, of what they see in the place of who is away: in whose, is returned for
    those who are not reminded for themselves."""
    places: Places = {}
    away = standing_in.deputies_of({person for _object, _due, person in wanted})
    if not away:
        return places
    for (object_id, due, person), offsets in list(wanted.items()):
        for deputies in standing_in.passed_to(objects[object_id], away.get(person, [])).values():
            for deputy in deputies:
                if (object_id, due, deputy) not in wanted:
                    wanted[object_id, due, deputy] = list(offsets)
                    places[object_id, deputy] = away[person][0].holder
    return places


def _already(rule: ReminderRule, content_type: ContentType, wanted: Iterable[Key]) -> dict[Key, set[int]]:
    found: dict[Key, set[int]] = defaultdict(set)
    rows = Occurrence.objects.filter(
        rule=rule.kind,
        content_type=content_type,
        object_id__in={key[0] for key in wanted},
        cancelled=None,
    )
    for object_id, due, person_id, offset in rows.values_list("object_id", "due", "person_id", "offset"):
        found[object_id, due, person_id].add(offset)
    return found


@dataclass
class Telling:
    """What a reminder says, rendered before its rows are written: the transaction is for the rows alone."""

    rule: ReminderRule
    objects: dict[Any, Any]
    people: dict[int, Any]
    told: dict[tuple[int, int | None], Words]
    mails: dict[tuple[int, int | None], Mails]
    way: Ways
    places: Places

    def key(self, object_id: int, person_id: int) -> tuple[int, int | None]:
        """Of the words for this person: those of who stands in say in whose place."""
        holder = self.places.get((object_id, person_id))
        return object_id, holder.pk if holder is not None else None


def _write(
    rule: ReminderRule,
    content_type: ContentType,
    objects: dict[Any, Any],
    people: dict[int, Any],
    fresh: dict[Key, tuple[list[int], set[int]]],
    places: Places,
) -> int:
    batch = uuid.uuid4()
    rows = []
    telling = set[tuple[int, int]]()
    for (object_id, due, person_id), (offsets, there) in fresh.items():
        # Told once, by the last moment that has come; silent if a later one was told before.
        latest = min(offsets)
        tells = latest not in there and all(latest < offset for offset in there)
        if tells:
            telling.add((object_id, person_id))
        rows += [
            Occurrence(
                rule=rule.kind,
                content_type=content_type,
                object_id=object_id,
                due=due,
                offset=offset,
                person_id=person_id,
                batch=batch,
                caught_up=not (tells and offset == latest),
            )
            for offset in offsets
            if offset not in there
        ]
    said = _rendered(rule, telling, objects, people, places)
    with transaction.atomic():
        Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
        ours = list(Occurrence.objects.filter(batch=batch, caught_up=False))
        _tell(said, ours)
    return len(ours)


def _rendered(
    rule: ReminderRule,
    telling: set[tuple[int, int]],
    objects: dict[Any, Any],
    people: dict[int, Any],
    places: Places,
) -> Telling:
    way = ways({person for _object, person in telling}, rule.kind, mail=True, urgent=False, many=rule.many)
    said = Telling(rule, objects, people, {}, {}, way, places)
    for object_id in {object_id for object_id, _person in telling}:
        obj = objects[object_id]
        said.told[object_id, None] = words(rule, lambda: rule.context(obj), obj, move=True)  # noqa: B023
    for object_id, person_id in telling:
        key = said.key(object_id, person_id)
        if key not in said.told:
            told = said.told[object_id, None]
            said.told[key] = standing_in.in_place_of(told, places[object_id, person_id])
    said.mails.update({key: Mails(value, rule.kind) for key, value in said.told.items()})
    for object_id, person_id in telling:
        if person_id in way.plans and address_of(people[person_id]):
            said.mails[said.key(object_id, person_id)].of(people[person_id])
    return said


def _tell(said: Telling, ours: Sequence[Occurrence]) -> None:
    """The rows of those occurrences that this worker wrote; another may have been quicker with the rest."""
    kind, way = said.rule.kind, said.way
    rows = Notification.objects.bulk_create(
        notification_row(
            o.person_id,
            said.objects[o.object_id],
            kind,
            said.told[said.key(o.object_id, o.person_id)],
            o.person_id in way.muted,
            occurrence=o,
        )
        for o in ours
    )
    add_letters(
        [
            letter_row(
                person,
                row,
                said.mails[said.key(row.object_id, row.person_id)],
                f"reminder:{row.occurrence_id}:{person.pk}:mail",
                False,
                way,
            )
            for row in rows
            if row.person_id in way.plans and address_of(person := said.people[row.person_id])
        ]
    )


def cancel_moved(rule: ReminderRule, now: datetime) -> int:
    """Cancel what was reminded of a date that has moved since: its letters stay unsent, its
    notifications count as read, and the new date is reminded of afresh."""
    live = Occurrence.objects.filter(rule=rule.kind, cancelled=None, due__gte=now - LOOK_BACK)
    moved = []
    for part in chunks(list(live.values_list("pk", "object_id", "due")), 500):
        keys = {object_id for _pk, object_id, _due in part}
        dates = dates_of(rule, keys)
        # An object that fell out of `rows` is decided: nothing to cancel, its letters are rechecked.
        moved += [pk for pk, object_id, due in part if object_id in dates and dates[object_id] != due]
    for keys_moved in chunks(moved, 500):
        with transaction.atomic():
            Occurrence.objects.filter(pk__in=keys_moved).update(cancelled=now)
            Notification.objects.filter(occurrence__in=keys_moved, read_at=None).update(read_at=now)
            Message.objects.filter(
                notification__occurrence__in=keys_moved, state__in=[MessageState.QUEUED, MessageState.HELD]
            ).update(state=MessageState.SUPPRESSED, suppressed=Suppressed.DECIDED)
    return len(moved)
