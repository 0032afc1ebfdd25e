"""What an idea can become: whatever apps offer as `becomes`."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from partnerships.common.direction import Becomes
from partnerships.common.text import key_of
from partnerships.portal import registry
from partnerships.workflow.models import Change

LISTED = 100


def offered() -> tuple[Becomes, ...]:
    """Every kind of thing, in the order of the apps."""
    return tuple(kind for source in registry.sources() for kind in source.becomes)


def choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What this user may name, by kind, the newest first: for a select with groups."""
    found = []
    for kind in offered():
        rows = list(kind.rows(user).order_by("-pk")[:LISTED])
        if rows:
            label = ContentType.objects.get_for_model(rows[0])
            found.append((str(kind.label), [(f"{label.pk}:{row.pk}", _named(row)) for row in rows]))
    return found


def _named(row: Any) -> str:
    """A number alone tells nobody which one it is: with its title where it has both."""
    name, title = str(row), str(getattr(row, "title", ""))
    return f"{name} · {title}" if title and title != name else name


def became(change: Change) -> str:
    """What the idea became by this change, as that is called now; "" for any other change."""
    label, _colon, pk = change.data.get("result", "").partition(":")
    row = apps.get_model(label)._base_manager.filter(pk=pk).first() if label else None
    return str(row) if row is not None else ""


def chosen(user: Any, key: str) -> Any:
    """The thing behind a choice, if this user may name it; None otherwise."""
    type_id, _colon, pk = key.partition(":")
    for kind in offered():
        rows = kind.rows(user)
        if ContentType.objects.get_for_model(rows.model).pk == key_of(type_id):
            return rows.filter(pk=key_of(pk)).first()
    return None
