"""Queries within queries, put into words once.

Who may see what is a condition of several queries deep, and a page asks for rows, numbers and to-dos by the
same one: Django would copy it, name it anew and write it out each time, at some milliseconds each. What is
asked of the database stays the very same.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.expressions import RawSQL

from partnerships.common import clock
from partnerships.common.query_words import KEYS, Given, Words, words_of

_PLACE = re.compile(r"%(s|%)")
_known: set[str] = set()  # what `lifted` looks for: all that was made by `compiled_for`, and `known_words`


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
        known_words(sql)
        given = Given(keys=keys, at=[clock.now(), clock.today()])
        return RawSQL(sql, given.values(slots, known.db))  # noqa: S611 - of a query set's own making

    return filled


def known_words(sql: str) -> str:
    """These words, of which a query is made that may have them several times: `lifted` asks for them once."""
    _known.add(sql)
    return sql


@dataclass(frozen=True)
class _Repeated:
    """Words that stand several times in a query: the query with a table in their place, and where the values
    of each stand among its own."""

    sql: str
    words: str
    count: int  # values of each
    starts: tuple[int, ...]

    def lifted(self, params: Sequence[Any]) -> tuple[str, list[Any]] | None:
        """None where they are not the same everywhere: asked for somebody else."""
        put: list[list[Any]] = []
        rest: list[Any] = []
        at = 0
        for start in self.starts:
            put.append(list(params[start : start + self.count]))
            rest += params[at:start]
            at = start + self.count
        if any(one != put[0] for one in put):
            return None
        return self.sql, [*put[0], *rest, *params[at:]]


def lifted(sql: str, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """The same query, in which what `compiled_for` made is asked once, however often it stands there: in a
    table before all (WITH). A conflict of interest stands in each part of a page's common query, and to make
    ready for it costs the database more than to answer it. `sql` begins with SELECT or WITH.
    """
    for words in _twice(sql, len(_known)):
        found = _repeated(sql, words)
        again = None if found is None else found.lifted(params)
        if again is not None:
            sql, params = again
    return sql, params


@lru_cache(maxsize=1024)
def _twice(sql: str, _known_so_far: int) -> tuple[str, ...]:
    """The words that stand in it more than once, the longest first, since others stand in these."""
    found = (words for words in _known if sql.count(words) > 1)
    return tuple(sorted(found, key=len, reverse=True))


@lru_cache(maxsize=512)
def _repeated(sql: str, words: str) -> _Repeated | None:
    pieces = sql.split(words)
    if len(pieces) < 3:
        return None
    count, starts, at = _values(words), [], 0
    for piece in pieces[:-1]:
        at += _values(piece)
        starts.append(at)
        at += count
    name = f"lifted_{sql.count('lifted_')}"
    query = f"SELECT key FROM {name}".join(pieces)  # noqa: S608 - of our own making
    more = f", {query.removeprefix('WITH ')}" if query.startswith("WITH ") else f" {query}"
    return _Repeated(f"WITH {name}(key) AS ({words}){more}", words, count, tuple(starts))


def _values(sql: str) -> int:
    return sum(found[1] == "s" for found in _PLACE.finditer(sql))
