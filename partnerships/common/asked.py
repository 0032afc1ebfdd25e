"""Questions to the database whose words are kept, and many small ones asked by one query.

Making a query costs Python more than the database takes to answer it. `directory.asked` keeps the words of a
question for each shape of rights; here stands what such a question can be asked: its rows, whether there are
any, how many there are; and `together`, which asks many of these at once.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from partnerships.common import clock

PERSONS, PLACES, USER = 2_000_000_000, 2_001_000_000, 2_002_000_000  # from here on keys are stand-ins
_CENTURY = 100
_FIRST = 4000  # the year that stands for now; today is a century later, then each argument


class Typed(str):
    """Folded words that somebody looks for: an argument of a question that is put in anew each time, wherever
    the question compares with it. What it asks must not depend on what the words are."""


def typed_of(n: int) -> Typed:
    """The stand-in of the nth: letters alone, as folded words have them."""
    return Typed(f"zqxtyped{chr(ord('a') + n)}xqz")


def day_of(source: int) -> date:
    return date(_FIRST + _CENTURY * source, 7, 1)


def moment_of(source: int) -> datetime:
    return datetime.combine(day_of(source), time(12), tzinfo=clock.BAKU)


# Words ----------------------------------------------------------------------------------------------

_TYPED = re.compile(r"zqxtyped([a-z])xqz")
DATED = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[ T].+)?$")  # on SQLite days are text


class Words:
    """One query set in SQL, with the places where keys, paths and days are put in."""

    def __init__(self, rows: QuerySet[Any], paths: list[str] | None, at: list[Any]) -> None:
        self.rows, self.db, self._paths, self._at = rows, rows.db, paths, at
        self._made: dict[str, tuple[Any, str, list[tuple[Any, Any, Any]]] | None] = {}
        for lookup in rows._prefetch_related_lookups if paths is not None else ():  # type: ignore[attr-defined]  # noqa: SLF001
            beside = getattr(lookup, "queryset", None)
            params = beside.query.sql_with_params()[1] if beside is not None else ()
            if any(self._slot(value)[0] is not None for value in params):
                raise TypeError(f"What is read beside must not hang on who asks or when: {beside.query}")

    def made(self, kind: str) -> tuple[Any, str, list[tuple[Any, Any, Any]]] | None:
        """(compiler, SQL, what is put in); None where nothing can ever be found."""
        if kind not in self._made:
            compiler = self._query(kind).get_compiler(using=self.db)
            try:
                sql, params = compiler.as_sql()
            except EmptyResultSet:
                self._made[kind] = None
            else:
                self._made[kind] = compiler, sql, [self._slot(value) for value in params]
        return self._made[kind]

    def _query(self, kind: str) -> Any:
        if kind == "exists":
            return self.rows.query.exists()
        if kind == "keys":  # to be counted
            bare = self.rows if self.rows.query.is_sliced else self.rows.order_by()
            return (bare.values("pk") if self.rows._fields is None else bare).query  # type: ignore[attr-defined]
        return self.rows.query.chain()

    def _slot(self, value: Any) -> tuple[Any, Any, Any]:
        if self._paths is None:
            return None, value, None
        if isinstance(value, int) and value >= PERSONS:
            if value == USER:
                return "user", 0, None
            return ("places", value - PLACES, None) if value >= PLACES else ("persons", value - PERSONS, None)
        if isinstance(value, str):
            if found := _TYPED.search(value):
                around = value[: found.start()], value[found.end() :]
                return "typed", ord(found[1]) - ord("a"), around
            if value.startswith("<"):
                mine = max((path for path in self._paths if value.startswith(path)), key=len)
                return "paths", self._paths.index(mine), value[len(mine) :]
            if found := DATED.match(value):
                read: Any = parse_datetime(value) if found["time"] else parse_date(value)
                value = read.replace(tzinfo=UTC) if found["time"] else read
        return self._dated(value) if isinstance(value, date) else (None, value, None)

    def _dated(self, value: date) -> tuple[Any, Any, Any]:
        source = round((value.year - _FIRST) / _CENTURY)
        if not 0 <= source < len(self._at):
            raise TypeError(f"{value} was read from a clock other than common.clock: {self.rows.query}")
        if not isinstance(value, datetime):
            return "day", source, value - day_of(source)
        start = self._at[source]
        return "moment", source, value - (start if isinstance(start, datetime) else clock.start_of_day(start))


@contextmanager
def not_there() -> Iterator[None]:
    """Nobody is asked and it is no time while words are made."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('SELECT "django_content_type"."id"') and " JOIN " not in sql:  # these never change
            return execute(sql, params, many, context)
        raise TypeError(f"Words of a question must not hang on what is in the database: {sql}")

    with clock.standing(moment_of(0), day_of(1)):
        wrappers = [one.execute_wrapper(refuse) for one in connections.all()]
        for wrapper in wrappers:
            wrapper.__enter__()
        try:
            yield
        finally:
            for wrapper in reversed(wrappers):
                wrapper.__exit__(None, None, None)


# Questions ------------------------------------------------------------------------------------------


Part = tuple[str, Any] | None  # SQL with what is put in; None is the answer already: there is nothing


class Asked:
    """The rows of somebody: read as far as wanted, or only a part of a common query (`exists`, `counted`)."""

    def __init__(self, words: Words, keys: Any, user: Any, at: list[Any], typed: Sequence[str] = ()) -> None:
        self._words, self._keys, self._user, self._at, self._typed = words, keys, user, at, typed

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:None])

    def __getitem__(self, part: slice) -> list[Any]:
        """The first so many."""
        made = self._made("rows")
        if made is None or part.stop == 0:
            return []
        kept, sql, slots = made
        if part.stop is not None:
            if self._words.rows.query.is_sliced:
                return self[:None][: part.stop]
            sql = f"{sql} LIMIT {int(part.stop)}"
        params = self._params(slots)
        compiler = copy.copy(kept)
        compiler.connection = connections[self._words.db]
        compiler.as_sql = lambda **_how: (sql, params)
        rows: Any = self._words.rows
        query, found = object.__new__(type(rows.query)), object.__new__(type(rows))
        query.__dict__.update(rows.query.__dict__)
        query.__dict__["get_compiler"] = lambda *_using, **_how: compiler
        found.__dict__.update(rows.__dict__)
        found._query = query
        return list(found)

    @property
    def exists(self) -> Part:
        """For `together`: whether there is any. None: there cannot be."""
        return self._part("exists", "EXISTS(%s)")

    @property
    def every_key(self) -> Part:
        """For `among`: the keys of its rows; the same for all who are asked about in the very same words."""
        return self._part("keys", "%s")

    def counted(self, most: int | None = None) -> Part:
        """For `together`: how many, counted no further than `most`."""
        limit = "" if most is None else f" LIMIT {int(most)}"
        return self._part("keys", f"(SELECT COUNT(*) FROM (%s{limit}) counted)")  # noqa: S608 - a number

    def summed(self, column: str) -> Part:
        """For `together`: the sum of one of its columns."""
        return self._part("rows", f'(SELECT COALESCE(SUM("{column}"), 0) FROM (%s) summed)')  # noqa: S608 - named in code

    @property
    def only(self) -> Part:
        """For `together`: the value that is its one row's one column."""
        return self._part("rows", "(%s)")

    def count(self) -> int:
        return int(together([self.counted()])[0] or 0)

    def _made(self, kind: str) -> Any:
        if kind not in self._words._made and self._keys is not None:  # noqa: SLF001
            with not_there():
                return self._words.made(kind)
        return self._words.made(kind)

    def _part(self, kind: str, around: str) -> Part:
        made = self._made(kind)
        if made is None:
            return None
        before, after = around.split("%s")
        return f"{before}{made[1]}{after}", self._params(made[2])

    def _params(self, slots: list[tuple[Any, Any, Any]]) -> tuple[Any, ...]:
        return tuple(
            value if kind is None else self._put_in(kind, value, more) for kind, value, more in slots
        )

    def _put_in(self, kind: str, value: int, more: Any) -> Any:
        if kind == "persons":
            return self._keys.persons[value]  # type: ignore[union-attr]
        if kind == "places":
            return self._keys.places[value]  # type: ignore[union-attr]
        if kind == "paths":
            return self._keys.paths[value] + more  # type: ignore[union-attr]
        if kind == "user":
            return self._user.pk
        if kind == "typed":
            before, after = more
            text: Any = self._typed[value]
            if before.startswith("%") or after.endswith("%"):
                text = connections[self._words.db].ops.prep_for_like_query(text)
            return f"{before}{text}{after}"
        start, ops = self._at[value], connections[self._words.db].ops
        if kind == "day":
            day = clock.baku_date(start) if isinstance(start, datetime) else start
            return ops.adapt_datefield_value(day + more)
        moment = start if isinstance(start, datetime) else clock.start_of_day(start)
        return ops.adapt_datetimefield_value(moment + more)


def just(rows: "QuerySet[Any] | Asked") -> Asked:
    """A query set as it is, as a question."""
    return rows if isinstance(rows, Asked) else Asked(Words(rows, None, []), None, None, [])


def together(parts: Sequence[Part], using: str = "default") -> list[Any]:
    """Many small answers by one query; None for a part that is None."""
    put = [part for part in parts if part is not None]
    if not put:
        return [None] * len(parts)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _params in put)}",
            [one for _sql, params in put for one in params],
        )
        answers = iter(cursor.fetchone())
    return [None if part is None else next(answers) for part in parts]


def among(questions: Sequence[tuple[Part, Sequence[int]]], using: str = "default") -> set[tuple[int, int]]:
    """(which question, key): of the keys beside each question (`Asked.every_key`) those of its rows, by one
    query."""
    put, params = [], []
    for number, (part, keys) in enumerate(questions):
        if part is not None and keys:
            listed = ", ".join(str(int(key)) for key in keys)
            put.append(f'SELECT {number}, found."pk" FROM ({part[0]}) found WHERE found."pk" IN ({listed})')  # noqa: S608 - numbers
            params += part[1]
    if not put:
        return set()
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(put), params)
        return set(cursor.fetchall())
