"""The history of an object as a page shows it: what was done, by whom, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partnerships.workflow.engine import Workflow
from partnerships.workflow.models import ActorKind, Change


@dataclass(frozen=True)
class Entry:
    """One line of a timeline (components/timeline.html)."""

    label: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    detail: str = ""
    now: bool = False


def entry_of(
    change: Change, done: Mapping[str, Any], *tables: Workflow, readable: bool = True, detail: str = ""
) -> Entry:
    """A change as a line: told by `done` (verb -> words), else by its label in one of the tables.

    readable    whether the reader may read the note
    """
    who = _("Automatically") if change.actor_kind == ActorKind.SYSTEM else change.who
    return Entry(_label(change.verb, done, tables), change.at, who, change.note if readable else "", detail)


def _label(verb: str, done: Mapping[str, Any], tables: tuple[Workflow, ...]) -> str:
    if verb in done:
        return str(done[verb])
    return next((str(table[verb].label) for table in tables if verb in table.transitions), verb)
