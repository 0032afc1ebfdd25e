"""The values of a row that a copy gives, each with its label: for programs (JSON) and for people (a page)."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partnerships.common.clock import BAKU
from partnerships.common.held import Column, Held

LANGUAGES = tuple(key for key, _name in settings.LANGUAGES)  # of what is kept in each of them

# Of fields without words of their own, ours and those of packages.
_WORDS = {
    "root": gettext_lazy("Organisation"),
    "created_at": gettext_lazy("Since"),
    "last_seen_at": gettext_lazy("Last seen"),
    "ip": gettext_lazy("Address"),
    "user_agent": gettext_lazy("Browser"),
}


def row_values(kind: Held, row: Any) -> Iterator[tuple[str, str, Any]]:
    """(key, label, value) of each column: the value as the database has it, relations by their names."""
    for column in kind.columns:
        if isinstance(column, Column):
            yield column.key, str(capfirst(str(column.label))), column.value(row)
        else:
            yield column, label_of(type(row), column), _value(row, column)


def _value(row: Any, path: str) -> Any:
    *steps, last = path.split(".")
    for step in steps:
        try:
            row = getattr(row, step)
        except ObjectDoesNotExist:
            return None
        if row is None:
            return None
    shown = getattr(row, f"get_{last}_display", None)
    try:
        value = shown() if shown is not None else getattr(row, last)
    except ObjectDoesNotExist:
        return None
    return str(value) if isinstance(value, models.Model) else value


def label_of(model: type[models.Model], path: str) -> str:
    """The field's own words; of what lies behind a key, that of the last step; of a property, its name."""
    field: Any = None
    for step in path.split("."):
        try:
            field = model._meta.get_field(step)
        except FieldDoesNotExist:
            break
        if field.related_model is not None:
            model = field.related_model
    if field is None:
        return path
    name = str(getattr(field, "verbose_name", "") or field.name)
    if name == field.name.replace("_", " ") and field.name in _WORDS:
        return str(_WORDS[field.name])
    return str(capfirst(name))


def as_json(value: Any) -> Any:
    """A value as JSON has it: moments in ISO 8601, money and marks as text, so that nothing is rounded."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def as_words(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value.astimezone(BAKU):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, list):
        return ", ".join(as_words(item) for item in value) or "–"
    if isinstance(value, Decimal):
        return number_format(value.normalize(), use_l10n=True)
    return _of_several(value) if isinstance(value, dict) else str(value)


def _of_several(value: dict[str, Any]) -> str:
    """What is kept in each language is said in that of the page."""
    if value and set(value) <= set(LANGUAGES):
        return as_words(value.get(get_language() or "") or next(iter(value.values())))
    return ", ".join(f"{key}: {as_words(item)}" for key, item in value.items()) or "–"
