"""Queries within queries, put into words once.

Who may see what is a condition of several queries deep, and a page asks for rows, numbers and to-dos by the
same one: Django would copy it, name it anew and write it out each time, at some milliseconds each. What is
asked of the database stays the very same.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL

from partnerships.common import clock
from partnerships.common.query_words import KEYS, Given, Words, words_of


def compiled(rows: Any) -> Any:
    """The keys of `rows` (a `values("pk")` that hangs on no outer query) for an `__in`, as SQL and values:
    for as long as the caller keeps it, which is a request at most (`Access.once`).

    A query that cannot have rows is an empty list.
    """
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    return RawSQL(sql, params)  # noqa: S611 - of a query set's own making


def compiled_for(make: Callable[..., Any]) -> Callable[..., Any]:
    """keys -> `compiled(make(*keys))`, put into words once for everybody (common/query_words.py).

    `make` may look at nothing but `common.clock`; the keys must be compared with keys, as they are.
    """

    @cache
    def words(count: int) -> Words:
        return words_of(lambda: make(*range(KEYS, KEYS + count)))

    def filled(*keys: int) -> Any:
        known = words(len(keys))
        made = known.made()
        if made is None:
            return []
        _compiler, sql, slots = made
        given = Given(keys=keys, at=[clock.now(), clock.today()])
        return RawSQL(sql, given.values(slots, known.db))  # noqa: S611 - of a query set's own making

    return filled
