"""Rows of one query as one text, which is a value of another: what many small questions find comes by one
query, whatever their columns (`AskedRows.packed`)."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models

Read = Callable[[Any], Any]

# What psycopg2 reads and JSON has as text. SQLite has all of these as text or numbers anyway, of which Django
# makes what they are.
_READ: tuple[tuple[type[Any], Read], ...] = (
    (models.UUIDField, UUID),
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
)
# What JSON has as it is. Of anything else (numbers with a fraction, bytes) that is not known.
_AS_IT_IS = (
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.IntegerField,
    models.AutoField,
    models.JSONField,
)


def packed(compiler: Any, most: int) -> str:
    """SQL of a common table and of the text that so many of its rows are, with a place for the query of this
    compiler; it stands after WITH."""
    return _packed(tuple(_columns(compiler)), compiler.connection.vendor, int(most))


@lru_cache(maxsize=256)
def _packed(in_json: tuple[bool, ...], vendor: str, most: int) -> str:
    columns = [f"c{n}" for n in range(len(in_json))]
    # JSON within JSON is text, as Django wants to have it.
    listed = ", ".join(f"CAST(c{n} AS text)" if inner else f"c{n}" for n, inner in enumerate(in_json))
    if vendor == "postgresql":
        every = f"CAST(JSON_AGG(JSON_BUILD_ARRAY({listed})) AS text)"
    else:
        every = f"JSON_GROUP_ARRAY(JSON_ARRAY({listed}))"
    # Of our own making: names of columns by their place, a number.
    return f"packed({', '.join(columns)}) AS (%s LIMIT {most}) SELECT {every} FROM packed"  # noqa: S608


def unpacked(compiler: Any, told: str) -> list[Any]:
    """The rows, as the query of this compiler would have brought them."""
    rows: list[Any] = json.loads(told)
    if rows and compiler.connection.vendor == "postgresql":
        for place, kind in enumerate(_kinds(compiler)):
            read = next((read for known, read in _READ if isinstance(kind, known)), None)
            if read is not None:
                for row in rows:
                    row[place] = None if row[place] is None else read(row[place])
    return rows


def _columns(compiler: Any) -> list[bool]:
    """Of each column, whether it is JSON. Raises TypeError where one cannot be read again."""
    kinds = _kinds(compiler)
    for kind in kinds:
        if not isinstance(kind, (*_AS_IT_IS, *(known for known, _read in _READ))):
            raise TypeError(f"Rows with a {kind.get_internal_type()} cannot be packed.")
    return [isinstance(kind, models.JSONField) for kind in kinds]


def _kinds(compiler: Any) -> list[Any]:
    """The field of each column."""
    return [_kind(column[0].output_field) for column in compiler.select[: compiler.col_count]]


def _kind(field: Any) -> Any:
    return _kind(field.target_field) if isinstance(field, models.ForeignKey) else field
