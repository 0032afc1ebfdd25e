"""Queries within queries, put into words once."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL


def compiled(rows: Any) -> Any:
    """The keys of `rows` (a `values("pk")` that hangs on no outer query) for an `__in`, as SQL and values.

    Who may see what is a condition of several queries deep, and a page asks for rows, numbers and to-dos by
    the same one: Django would copy it, name it anew and write it out each time, at some milliseconds each.
    The database is asked the very same. A query that cannot have rows is an empty list.
    """
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    return RawSQL(sql, params)  # noqa: S611 - of a query set's own making
