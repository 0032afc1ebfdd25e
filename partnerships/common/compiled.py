"""Queries within queries, put into words once.

Who may see what is a condition of several queries deep, and a page asks for rows, numbers and to-dos by the
same one: Django would copy it, name it anew and write it out each time, at some milliseconds each. What is
asked of the database stays the very same.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL

from partnerships.common.clock import today

_PLACE = -(2**31) + 7  # nobody's key, though one that every kind of key could be


def compiled(rows: Any) -> Any:
    """The keys of `rows` (a `values("pk")` that hangs on no outer query) for an `__in`, as SQL and values.

    A query that cannot have rows is an empty list.
    """
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    return RawSQL(sql, params)  # noqa: S611 - of a query set's own making


def compiled_for(make: Callable[[int], Any]) -> Callable[[int], Any]:
    """key -> `compiled(make(key))`, put into words once a day for everybody: they differ by the key alone.

    `make` may look at nothing else but the day; the key must be compared with keys, as it is.
    """

    @lru_cache(maxsize=3)  # around midnight two days are asked for, and one stands in (directory.asked)
    def words(_day: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = make(_PLACE).query.sql_with_params()
        return sql, tuple(params)

    def filled(key: int) -> RawSQL:
        sql, params = words(today())
        return RawSQL(sql, [key if value == _PLACE else value for value in params])  # noqa: S611

    return filled
