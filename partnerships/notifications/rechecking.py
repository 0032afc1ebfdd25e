"""Whether a letter that was written a while ago is still to be sent: asked again when its turn comes.

Between the change and the mail lie seconds or, after an outage, days. In the meantime the person may
have read it in the portal, lost the right to see it, or asked for no mail; the thing may be decided.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Value

from partnerships.common.asked import AskedRows, ask_among
from partnerships.directory.access import load_access
from partnerships.directory.asked import asked
from partnerships.notifications import digests
from partnerships.notifications.collect import table
from partnerships.notifications.enums import Channel, MessageState, Suppressed, Timing
from partnerships.notifications.hours import Calendar, quiet_of
from partnerships.notifications.models import Message, Preference
from partnerships.notifications.windows import dates_of
from partnerships.notifications.writing import address_of, chunks
from partnerships.workflow.models import Change

log = logging.getLogger(__name__)

# Questions for the rights of different people to one model that are asked in one query.
TOGETHER = 20


def still_wanted(batch: Sequence[Message]) -> list[Message]:
    """Those of a leased batch that are to be sent now; the others are suppressed, each with its reason, or
    held where quiet hours have begun since.

    Addresses that have changed since are followed. Of a joint letter each line is asked about, and it is
    written anew of those that stand. Queries: one for the access of the whole batch, one for preferences, one
    for quiet hours, one for each reminder rule, and one for twenty people of different rights and a model.
    """
    lines = digests.lines_of(batch)
    joined = [line for of_one in lines.values() for line in of_one]
    why: dict[int, str] = {}
    told = [message for message in (*batch, *joined) if message.person_id is not None]
    for message in told:
        if reason := _about_person(message):
            why[message.pk] = reason
    for judge in (_by_preference, _by_reminder, _by_move, _by_word, _by_right):
        judge([m for m in told if m.pk not in why], why)
    _drop(joined, why)
    for message in batch:
        if message.pk in lines and message.pk not in why:
            standing = [line for line in lines[message.pk] if line.pk not in why]
            if standing:
                digests.compose(message, standing)
            else:
                why[message.pk] = why[lines[message.pk][0].pk] if lines[message.pk] else Suppressed.GONE
    _suppress(batch, why)
    held = _hold_back([message for message in batch if message.pk not in why and not message.urgent])
    wanted = [message for message in batch if message.pk not in why and message.pk not in held]
    for message in wanted:
        _follow_address(message)
    return wanted


def _hold_back(batch: Sequence[Message]) -> set[int]:
    """Those whose reader wants quiet by now go back, without a try being counted."""
    people = {message.person_id for message in batch if message.person_id is not None}
    if not people:
        return set()
    calendar, quiet = Calendar(), quiet_of(people)
    held = set()
    for message in batch:
        if message.person_id is None:
            continue
        until = calendar.hold(Timing.NOW, quiet[message.person_id])
        if until is not None:
            held.add(message.pk)
            Message.objects.filter(
                pk=message.pk, state=MessageState.SENDING, lease_token=message.lease_token
            ).update(state=MessageState.HELD, hold_until=until, lease_token=None, leased_until=None)
    return held


def _about_person(message: Message) -> str:
    person = message.person
    if person.erased_at or not address_of(person):
        return Suppressed.INACTIVE
    # A code to sign in with is worth the try: it is asked for by whoever reads that mailbox.
    if person.is_unreachable and not message.urgent:
        return Suppressed.UNREACHABLE
    note = message.notification
    if note is not None and note.read_at and not note.muted:
        return Suppressed.READ
    return ""


def _by_preference(batch: Sequence[Message], why: dict[int, str]) -> None:
    mine = [message for message in batch if not message.urgent]
    unwanted = set(
        Preference.objects.filter(
            channel=Channel.MAIL,
            timing=Timing.OFF,
            person_id__in={message.person_id for message in mine},
            kind__in={message.kind for message in mine},
        ).values_list("person_id", "kind")
    )
    why.update({m.pk: Suppressed.PREFERENCE for m in mine if (m.person_id, m.kind) in unwanted})


def _by_reminder(batch: Sequence[Message], why: dict[int, str]) -> None:
    """A reminder stands while its object waits for a decision and its date has not moved."""
    rules = {rule.kind: rule for rule in table().reminders}
    by_rule = defaultdict(list)
    for message in batch:
        if message.notification is not None and message.notification.occurrence is not None:
            by_rule[message.kind].append(message)
    for kind, messages in by_rule.items():
        rule = rules.get(kind)
        keys = {message.notification.occurrence.object_id for message in messages}
        dates = {} if rule is None else dates_of(rule, keys)
        for message in messages:
            occurrence = message.notification.occurrence
            if occurrence.cancelled or dates.get(occurrence.object_id) != occurrence.due:
                why[message.pk] = Suppressed.DECIDED


def _by_move(batch: Sequence[Message], why: dict[int, str]) -> None:
    """A letter that asks for its reader's move, but can wait, stands while its object is where the change put
    it: who has decided meanwhile is not asked again by the letter of the day."""
    kinds = table().waiting_moves()
    mine = [m for m in batch if m.kind in kinds and m.notification is not None and m.notification.change_id]
    if not mine:
        return
    changes = Change.objects.in_bulk({message.notification.change_id for message in mine})
    about: dict[Any, dict[int, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for message in mine:
        model = ContentType.objects.get_for_id(message.notification.content_type_id).model_class()
        if model is not None and any(field.name == "state" for field in model._meta.concrete_fields):
            about[model][message.notification.object_id].append(message)
    for model, letters in about.items():
        for key, state in model._base_manager.filter(pk__in=letters).values_list("pk", "state"):
            for message in letters[key]:
                put = changes[message.notification.change_id].to_state
                if put and put != state:
                    why[message.pk] = Suppressed.DECIDED


def _by_word(batch: Sequence[Message], why: dict[int, str]) -> None:
    """A letter whose table says when its words hold (`stands`) goes while they do: what was taken back
    overnight is not told in the morning."""
    letters = table().taken_back()
    kinds = {kind for kind, _verb in letters}
    mine = [m for m in batch if m.kind in kinds and m.notification is not None and m.notification.change_id]
    changes = Change.objects.in_bulk({message.notification.change_id for message in mine}) if mine else {}
    about: dict[Any, list[tuple[Message, Any, Any]]] = defaultdict(list)
    for message in mine:
        change = changes[message.notification.change_id]
        letter = letters.get((message.kind, change.verb))
        model = ContentType.objects.get_for_id(message.notification.content_type_id).model_class()
        if letter is not None and model is not None:
            about[model].append((message, change, letter))
    for model, told in about.items():
        rows = model._base_manager.in_bulk({message.notification.object_id for message, _c, _l in told})
        for message, change, letter in told:
            row = rows.get(message.notification.object_id)
            if row is not None and not letter.stands(change, row):
                why[message.pk] = Suppressed.DECIDED


def _by_right(batch: Sequence[Message], why: dict[int, str]) -> None:
    """Whoever has an account must still see the object: visible_to is the one definition of it."""
    about: dict[int, dict[int, list[Message]]] = defaultdict(lambda: defaultdict(list))
    for message in batch:
        note = message.notification
        if note is not None and note.content_type_id and message.person.user is not None:
            about[note.content_type_id][message.person_id].append(message)
    load_access(_users(group for people in about.values() for group in people.values()))
    for type_id, people in about.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is None:
            why.update({m.pk: Suppressed.GONE for messages in people.values() for m in messages})
            continue
        seen = seen_by(model, people)
        missing = [m for messages in people.values() for m in messages if _key(m) not in seen]
        keys = {message.notification.object_id for message in missing}
        there = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        for message in missing:
            gone = message.notification.object_id not in there
            why[message.pk] = Suppressed.GONE if gone else Suppressed.RIGHTS


def _key(message: Message) -> tuple[int, int]:
    return message.person_id, message.notification.object_id


def seen_by(model: Any, people: Mapping[int, Sequence[Message]]) -> set[tuple[int, int]]:
    """(person, object) of the letters of these people about objects of `model` that they may see.

    Asked in words that are kept for all who stand alike: making a query for each person's own right was most
    of a letter's time. Where the rights to a model hang on more than roles, keys and days, each is made anew.
    """
    if model not in _MADE_ANEW:
        try:
            return _in_kept_words(model, people)
        except (AttributeError, TypeError) as error:  # as `asked` refuses what its words must not hang on
            log.warning("rights to %s are put into words anew for each batch: %s", model._meta.label, error)
            _MADE_ANEW.add(model)
    return _made_anew(model, people)


_MADE_ANEW: set[Any] = set()


@cache
def _visible(model: Any) -> Callable[[Any], AskedRows]:
    return asked(model._default_manager.visible_to)


def _in_kept_words(model: Any, people: Mapping[int, Sequence[Message]]) -> set[tuple[int, int]]:
    alike: dict[Any, list[int]] = defaultdict(list)
    for person_id, messages in people.items():
        alike[_visible(model)(messages[0].person.user).every_key].append(person_id)
    seen = set[tuple[int, int]]()
    for part in chunks(alike.items(), TOGETHER):
        own = [{_key(message) for person_id in who for message in people[person_id]} for _part, who in part]
        keys = [sorted({key for _person, key in pairs}) for pairs in own]
        found = ask_among([(words, of) for (words, _who), of in zip(part, keys, strict=True)])
        for number, pairs in enumerate(own):
            seen |= {pair for pair in pairs if (number, pair[1]) in found}
    return seen


def _made_anew(model: Any, people: Mapping[int, Sequence[Message]]) -> set[tuple[int, int]]:
    """By as many queries: who is asked about in the very same words is asked about once."""
    questions: dict[Any, tuple[Any, list[int]]] = {}
    for person_id, messages in people.items():
        rows = model._default_manager.visible_to(messages[0].person.user)
        questions.setdefault(_question(rows), (rows, []))[1].append(person_id)
    seen = set[tuple[int, int]]()
    for part in chunks(questions.values(), TOGETHER):
        queries = []
        for number, (rows, alike) in enumerate(part):
            keys = {message.notification.object_id for person_id in alike for message in people[person_id]}
            mine = rows.filter(pk__in=keys).annotate(asked_by=Value(number, output_field=BigIntegerField()))
            queries.append(mine.order_by().values_list("asked_by", "pk"))
        found = set(queries[0].union(*queries[1:]) if len(queries) > 1 else queries[0])
        for number, (_rows, alike) in enumerate(part):
            for person_id in alike:
                own = {message.notification.object_id for message in people[person_id]}
                seen |= {(person_id, key) for key in own if (number, key) in found}
    return seen


def _question(rows: Any) -> Any:
    """Equal for two querysets of one model that ask the same of one table; else it is equal to no other."""
    query = rows.query
    plain = len(query.alias_map) <= 1 and not (
        query.combinator or query.annotations or query.extra or query.extra_tables or query.is_sliced
    )
    # Conditions compare by what they say; a subquery in them only with itself.
    return query.where if plain and not query.distinct and not query.group_by else rows


def _users(groups: Iterable[Sequence[Message]]) -> list[Any]:
    users = []
    for messages in groups:
        user = messages[0].person.user
        # select_related fills person.user, not the way back.
        user.__dict__["_person_id"] = messages[0].person_id
        users.append(user)
    return users


def _drop(lines: Sequence[Message], why: dict[int, str]) -> None:
    """Lines of joint letters that are not to be told any more."""
    groups = defaultdict(list)
    for line in lines:
        if line.pk in why:
            groups[why[line.pk]].append(line.pk)
    for reason, keys in groups.items():
        Message.objects.filter(pk__in=keys, state=MessageState.JOINED).update(
            state=MessageState.SUPPRESSED, suppressed=reason
        )


def _suppress(batch: Sequence[Message], why: dict[int, str]) -> None:
    groups = defaultdict(list)
    for key, reason in why.items():
        groups[reason].append(key)
    for reason, keys in groups.items():
        Message.objects.filter(
            pk__in=keys, state=MessageState.SENDING, lease_token=batch[0].lease_token
        ).update(state=MessageState.SUPPRESSED, suppressed=reason, lease_token=None, leased_until=None)


def _follow_address(message: Message) -> None:
    """Sign-in mail goes to the address it was written for; the rest to where the person is now."""
    if message.notification is None and message.kind != digests.KIND:
        return
    now_at = address_of(message.person)
    if now_at != message.address:
        message.address = now_at
        Message.objects.filter(pk=message.pk).update(address=now_at)
