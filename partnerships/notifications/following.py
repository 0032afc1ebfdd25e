"""Following a record: who does is told when it moves, as far as any of its readers may know.

A follower reads the name of the record, and its new state where all its readers call it the same; neither
notes nor who did it: those stand on its page, for whoever may see them there. The right to see it is asked
when it is told, and again when a letter goes.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext as _

from partnerships.common.letters import FOLLOWED, News
from partnerships.directory.access import load_access
from partnerships.directory.models import Person
from partnerships.notifications.collect import Table, model_key, table
from partnerships.notifications.models import Follow
from partnerships.workflow.engine import Workflow
from partnerships.workflow.models import Change

# Followers asked about their right in one go.
CROWD = 200


def followable(model: type[Model]) -> bool:
    """Records with a page and an address of their own, of which letters tell, none in confidence."""
    return _followable(model, table())


@lru_cache(maxsize=512)
def _followable(model: type[Model], letters: Table) -> bool:
    told = letters.told_models()
    known = {field.name for field in model._meta.get_fields()}
    return (
        model_key(model._meta.label) in told
        and "uid" in known
        and hasattr(model, "get_absolute_url")
        and hasattr(model._default_manager.all(), "visible_to")
    )


def model_of(key: str) -> type[Model] | None:
    """The followable model of a key in an address, such as "agreements.agreement"."""
    try:
        model = apps.get_model(key)
    except (LookupError, ValueError):
        return None
    return model if followable(model) else None


def key_of(obj: Model) -> tuple[int, int]:
    """As inbox.bell names what somebody follows."""
    return ContentType.objects.get_for_model(obj, for_concrete_model=True).pk, obj.pk


def page_of(record: Any) -> str:
    """Where it can be read. An organisation that is no partner yet can be followed, but has no page."""
    return str(record.get_absolute_url()) if getattr(record, "has_page", True) else ""


def of(obj: Model) -> Any:
    content_type = ContentType.objects.get_for_model(obj, for_concrete_model=True)
    return Follow.objects.filter(content_type=content_type, object_id=obj.pk)


def is_news(change: Change, obj: Any) -> bool:
    """Whether its readers see a difference: a state that they call otherwise, or what a letter tells of."""
    if _moved(change):
        return _label(obj, change.from_state) != _label(obj, change.to_state)
    return bool(table().of(type(obj), change.verb))


def _moved(change: Change) -> bool:
    """Whether the state is another now. What is only recorded (a correction, a day that was moved) names the
    state it found, and none before it."""
    return bool(change.from_state and change.to_state) and change.to_state != change.from_state


def words_of(change: Change, obj: Any) -> dict[str, Any]:
    """What a follower reads, in the active language."""
    # A state that the outside calls otherwise ("You have an offer") is not named: its page says it.
    named = _moved(change) and _label(obj, change.to_state) == _inner(obj, change.to_state)
    now = _inner(obj, change.to_state) if named else _("something has changed")
    return {"what": str(obj), "model": str(obj._meta.verbose_name), "now": now}


def _label(obj: Any, state: str) -> str:
    workflow = _workflow(obj)
    if workflow is not None:
        return str(workflow.public_label(state))
    return _inner(obj, state)


def _inner(obj: Any, state: str) -> str:
    return str(dict(obj._meta.get_field("state").flatchoices).get(state, state))


def _workflow(obj: Any) -> Workflow | None:
    choices = obj._meta.get_field("state").flatchoices
    return next((one for one in Workflow.registry if one.states.choices == choices), None)


def news_of(news: News, change: Change, record: Any, obj: Any) -> dict[str, Any]:
    """What a follower of `record` reads of `obj`, in the active language."""
    says = str(news.says(change, obj) if callable(news.says) else news.says)
    if news.kind == FOLLOWED:
        return {"what": str(record), "model": str(record._meta.verbose_name), "now": says}
    what = str(obj)
    return {"whom": str(record), "news": says if obj == record else f"{says}: {what}"}


def followers(records: Sequence[Model], obj: Any, taken: Collection[int] = ()) -> Iterator[Person]:
    """Who follows one of these records, of one model, may see `obj` now, and is not `taken`, having been told
    of it otherwise."""
    content_type = ContentType.objects.get_for_model(records[0], for_concrete_model=True)
    rows = Follow.objects.filter(content_type=content_type, object_id__in=[one.pk for one in records])
    rows = rows.exclude(person_id__in=taken).filter(person__user__is_active=True, person__erased_at=None)
    every = {row.person_id: row.person for row in rows.select_related("person__user").order_by("pk")}
    people = list(every.values())
    for start in range(0, len(people), CROWD):
        yield from _who_see(obj, people[start : start + CROWD])


def _who_see(obj: Any, people: Sequence[Person]) -> Iterator[Person]:
    users = []
    for person in people:
        user: Any = person.user
        user.__dict__["_person_id"] = person.pk  # select_related fills person.user, not the way back
        users.append(user)
    load_access(users)
    for person, user in zip(people, users, strict=True):
        if type(obj)._default_manager.visible_to(user).filter(pk=obj.pk).exists():  # type: ignore[attr-defined]
            yield person


@dataclass(frozen=True)
class Shown:
    """A line of what one follows: its name and page, where it has one, or nothing where one may no longer
    see it."""

    pk: int
    since: Any
    kind: str
    name: str = ""
    url: str = ""


def _called(record: Any) -> str:
    """Its title where it has one, with its own name: numbers alone would not say what one follows, and titles
    alone not which certificate."""
    title = str(getattr(record, "display_title", "") or getattr(record, "title", ""))
    return str(record) if title in str(record) else f"{title} · {record}"


def shown(user: Any, rows: Sequence[Follow]) -> list[Shown]:
    """What these rows name, as far as this user sees it; one query a model."""
    wanted: dict[int, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.content_type_id, set()).add(row.object_id)
    seen: dict[tuple[int, int], Any] = {}
    for type_id, keys in wanted.items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None:
            for record in model._default_manager.visible_to(user).filter(pk__in=keys):
                seen[type_id, record.pk] = record
    lines = []
    for row in rows:
        record = seen.get((row.content_type_id, row.object_id))
        model = row.content_type.model_class()
        kind = str(model._meta.verbose_name) if model is not None else ""
        name, url = (_called(record), page_of(record)) if record is not None else ("", "")
        lines.append(Shown(row.pk, row.created, kind, name, url))
    return lines
