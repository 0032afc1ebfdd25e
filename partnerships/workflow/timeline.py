"""The history of an object as a page shows it: what was done, by whom, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from partnerships.common.prepared import Prepared
from partnerships.workflow.engine import Workflow
from partnerships.workflow.models import ActorKind, Change


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    label: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    detail: str = ""
    now: bool = False


def entry_of(
    change: Change, done: Mapping[str, Any], *tables: Workflow, readable: bool = True, detail: str = ""
) -> Entry:
    """A change as a line: told by `done` (verb -> words), else as one of the tables tells it.

    readable    whether the reader may read the note
    """
    who = _("Automatically") if change.actor_kind == ActorKind.SYSTEM else change.who
    return Entry(_label(change.verb, done, tables), change.at, who, change.note if readable else "", detail)


def changes_of(obj: models.Model) -> list[Change]:
    """The history of one object, newest first, for a page: `Change.objects.of` without who is behind it."""
    return _OF(ContentType.objects.get_for_model(obj, for_concrete_model=True).pk, obj.pk)


_OF = Prepared(lambda kind, key: Change.objects.filter(content_type_id=kind, object_id=key))


def _label(verb: str, done: Mapping[str, Any], tables: tuple[Workflow, ...]) -> str:
    if verb in done:
        return str(done[verb])
    return next((str(table.told[verb] or table[verb].label) for table in tables if verb in table.told), verb)
