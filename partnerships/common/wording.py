"""Texts of rows in the language of the page, for lists: the name of the column is worked out once."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def in_language(name: str) -> Callable[[Any], str]:
    """row -> `row.<name>`, a translated field: its text in the language of the page, else in the first of the
    portal. What modeltranslation answers; it looks the language up for each row."""
    first = settings.MODELTRANSLATION_DEFAULT_LANGUAGE
    language = (get_language() or first)[:2]
    own, fallback = f"{name}_{language}", f"{name}_{first}"
    return lambda row: getattr(row, own) or getattr(row, fallback) or ""


def read_as(text: Any, english: Any) -> Any:
    """Of a text and its English, which may be empty, the one for the reader of the page."""
    return english if english and (get_language() or "az").startswith("en") else text


def worded(row: Any, name: str) -> Any:
    """`row.<name>`, to an English reader `row.<name>_en` where the row has that and it is not empty."""
    return read_as(getattr(row, name), getattr(row, f"{name}_en", ""))


def names_in_language() -> Callable[[Any], str]:
    """row -> the name of an organisation, a specialty or a skill, as its `display_name` says it."""
    if (get_language() or "az").startswith("en"):
        return lambda row: row.name_en or row.name
    return lambda row: row.name
