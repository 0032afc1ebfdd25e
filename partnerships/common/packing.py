"""Rows of one query as one text, which is a value of another: what many small questions find comes by one
query, whatever their columns (`AskedRows.packed`)."""

import json
from collections.abc import Callable
from datetime import date, datetime
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
    compiler; it stands after WITH. Raises TypeError where a column could not be read again."""
    columns, every, _reads = _made(compiler)
    # Of our own making: names of columns by their place, a number.
    return f"packed({columns}) AS (%s LIMIT {int(most)}) SELECT {every} FROM packed"  # noqa: S608


def unpacked(compiler: Any, told: str) -> list[Any]:
    """The rows, as the query of this compiler would have brought them."""
    rows: list[Any] = json.loads(told)
    for place, read in _made(compiler)[2]:
        for row in rows:
            row[place] = None if row[place] is None else read(row[place])
    return rows


def _made(compiler: Any) -> tuple[str, str, list[tuple[int, Read]]]:
    """(names of the columns, the text as an expression, how columns are read): made once for a compiler."""
    made = compiler.__dict__.get("packed")
    if made is None:
        made = compiler.__dict__["packed"] = _make(compiler)
    return made  # type: ignore[no-any-return]


def _make(compiler: Any) -> tuple[str, str, list[tuple[int, Read]]]:
    kinds = [_kind(column[0].output_field) for column in compiler.select[: compiler.col_count]]
    for kind in kinds:
        if not isinstance(kind, (*_AS_IT_IS, *(known for known, _read in _READ))):
            raise TypeError(f"Rows with a {kind.get_internal_type()} cannot be packed.")
    columns = ", ".join(f"c{n}" for n in range(len(kinds)))
    # JSON within JSON is text, as Django wants to have it.
    listed = ", ".join(
        f"CAST(c{n} AS text)" if isinstance(kind, models.JSONField) else f"c{n}"
        for n, kind in enumerate(kinds)
    )
    if compiler.connection.vendor != "postgresql":
        return columns, f"JSON_GROUP_ARRAY(JSON_ARRAY({listed}))", []
    found = (
        (n, next((read for known, read in _READ if isinstance(kind, known)), None))
        for n, kind in enumerate(kinds)
    )
    reads = [(n, read) for n, read in found if read is not None]
    return columns, f"CAST(JSON_AGG(JSON_BUILD_ARRAY({listed})) AS text)", reads


def _kind(field: Any) -> Any:
    return _kind(field.target_field) if isinstance(field, models.ForeignKey) else field
