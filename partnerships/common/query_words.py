"""The words of a query are its SQL, made once; what differs from asking to asking is put in each time.

Making a query costs Python more than the database takes to answer it. So it is made for nobody at no time:
keys, paths, days, hours and what somebody typed are stand-ins, whose places among the values of the SQL are
noted (`Words`) and taken by the real ones when it is asked (`Given`). While words are made the database may
not be asked, and the clock is `common.clock` or none (`not_there`).

Three build on it (docs/speed.md): `directory.asked` for what hangs on rights, `common.prepared` for a whole
query that hangs on keys, `common.compiled` for a part of another query.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from partnerships.common import clock
from partnerships.common.reading import Reading

# Keys from here on are stand-ins: of people, of whatever else a query names, and of the account that asks.
PERSONS, KEYS, GIVEN_KEYS, USER = 2_000_000_000, 2_001_000_000, 2_001_900_000, 2_002_000_000
_CENTURY = 100
_FIRST = 4000  # the year that stands for now; today is a century later, then each argument


class Typed(str):
    """Folded words that somebody looks for: an argument of a question that is put in anew each time, wherever
    the question compares with it. What it asks must not depend on what the words are."""


class Key(int):
    """The key of a row that came through `visible_to` already: an argument of a question that is put in anew
    each time, wherever the question compares with it."""


def keys_of(rows: Iterable[int]) -> list[Key]:
    """Several keys for a question: the last again until they are a power of two, so that few words are made,
    whatever their number; nothing for none."""
    found = [Key(one) for one in rows]
    return found + found[-1:] * ((1 << max(len(found) - 1, 0).bit_length()) - len(found))


def key_of(n: int) -> Key:
    """The stand-in of the nth."""
    return Key(GIVEN_KEYS + n)


# The uid of a row is an argument too, for a page that is asked by it: before anybody is known to see the row.
_UID = UUID("7a717875-6964-4000-8000-000000000000")


def uid_of(n: int) -> UUID:
    """The stand-in of the nth."""
    return UUID(int=_UID.int + n)


def typed_of(n: int) -> Typed:
    """The stand-in of the nth: letters alone, as folded words have them."""
    return Typed(f"zqxtyped{chr(ord('a') + n)}xqz")


def day_of(source: int) -> date:
    """The day that stands in for the nth of `Given.at`; `moment_of` where it is a moment."""
    return date(_FIRST + _CENTURY * source, 7, 1)


def moment_of(source: int) -> datetime:
    return datetime.combine(day_of(source), time(12), tzinfo=clock.BAKU)


_TYPED = re.compile(r"zqxtyped([a-z])xqz")
DATED = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[ T].+)?$")  # on SQLite days are text


# A value of the SQL: (None, it, None) as it stands, or (what is put in, which of these, what goes with it).
Slot = tuple[Any, Any, Any]


class Words:
    """One query set in SQL, with the places where something is put in. Made by `words_of`."""

    def __init__(
        self, rows: QuerySet[Any], paths: Sequence[str] | None = None, at: Sequence[Any] = ()
    ) -> None:
        """`paths` and `at`, days and moments, that stand in; without `paths` it is a query set as it is."""
        self.rows, self.db, self._paths, self._at = rows, rows.db, paths, at
        self._reading: Reading | None = None
        self._made: dict[str, tuple[Any, str, list[Slot]] | None] = {}
        for lookup in rows._prefetch_related_lookups if paths is not None else ():  # type: ignore[attr-defined]  # noqa: SLF001
            beside = getattr(lookup, "queryset", None)
            params = beside.query.sql_with_params()[1] if beside is not None else ()
            if any(self._slot(value)[0] is not None for value in params):
                raise TypeError(f"What is read beside must not hang on who asks or when: {beside.query}")

    def made(self, kind: str = "rows") -> tuple[Any, str, list[Slot]] | None:
        """(compiler, SQL, its values) of the "rows", of their "keys", or of whether one "exists"; None where
        nothing can ever be found."""
        if kind not in self._made:
            with nullcontext() if self._paths is None else not_there():
                self._made[kind] = self._compiled(kind)
        return self._made[kind]

    def reading(self) -> Reading | None:
        """How its rows are read; None for a query set as it is, which Django reads by itself."""
        if self._reading is None and self._paths is not None and Reading.reads(self.rows):
            compiler, *_sql = self.made() or (None,)
            self._reading = None if compiler is None else Reading(compiler, self.rows, self.db)
        return self._reading

    def _compiled(self, kind: str) -> tuple[Any, str, list[Slot]] | None:
        compiler = self._query(kind).get_compiler(using=self.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return compiler, sql, [self._slot(value) for value in params]

    def _query(self, kind: str) -> Any:
        if kind == "exists":
            return self.rows.query.exists()
        if kind == "keys":  # to be counted
            bare = self.rows if self.rows.query.is_sliced else self.rows.order_by()
            return (bare.values("pk") if self.rows._fields is None else bare).query  # type: ignore[attr-defined]
        return self.rows.query.chain()

    def _slot(self, value: Any) -> Slot:
        if self._paths is None:
            return None, value, None
        if isinstance(value, int) and value >= PERSONS:
            return _key_slot(value)
        if isinstance(value, UUID) and value.hex.startswith(_UID.hex[:24]):
            return "uids", value.int - _UID.int, False
        if isinstance(value, str):
            if len(value) == len(_UID.hex) and value.startswith(_UID.hex[:24]):  # on SQLite
                return "uids", UUID(value).int - _UID.int, True
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

    def _dated(self, value: date) -> Slot:
        source = round((value.year - _FIRST) / _CENTURY)
        if not 0 <= source < len(self._at):
            raise TypeError(f"{value} was read from a clock other than common.clock: {self.rows.query}")
        if not isinstance(value, datetime):
            return "day", source, value - day_of(source)
        start = self._at[source]
        return "moment", source, value - (start if isinstance(start, datetime) else clock.start_of_day(start))


def _key_slot(value: int) -> Slot:
    if value == USER:
        return "user", 0, None
    for kind, first in (("given", GIVEN_KEYS), ("keys", KEYS)):
        if value >= first:
            return kind, value - first, None
    return "persons", value - PERSONS, None


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


def words_of(make: Callable[[], QuerySet[Any]], paths: Sequence[str] = (), more: Sequence[Any] = ()) -> Words:
    """The words of what `make` answers while nobody is there; `more` days and moments stand in besides the
    hour and the day of the asking, `paths` for those of who asks."""
    with not_there():
        return Words(make(), paths, [moment_of(0), day_of(1), *more])


@dataclass(frozen=True)
class Given:
    """What takes the places of the stand-ins, each by its number; `at`: the hour, the day, and more."""

    persons: Sequence[int | None] = ()
    keys: Sequence[int] = ()
    paths: Sequence[str] = ()
    user: int | None = None
    at: Sequence[date] = ()
    typed: Sequence[str] = ()
    given_keys: Sequence[int] = ()
    uids: Sequence[UUID] = ()

    def values(self, slots: Sequence[Slot], db: str) -> tuple[Any, ...]:
        """The values of the SQL."""
        return tuple(
            value if kind is None else self._value(kind, value, more, db) for kind, value, more in slots
        )

    def _value(self, kind: str, value: int, more: Any, db: str) -> Any:
        if kind in ("persons", "keys"):
            return (self.persons if kind == "persons" else self.keys)[value]
        if kind == "paths":
            return self.paths[value] + more
        if kind == "given":
            return int(self.given_keys[value])
        if kind == "uids":
            return self.uids[value].hex if more else self.uids[value]
        if kind == "user":
            return self.user
        ops = connections[db].ops
        if kind == "typed":
            before, after = more
            text: Any = self.typed[value]
            if before.startswith("%") or after.endswith("%"):
                text = ops.prep_for_like_query(text)
            return f"{before}{text}{after}"
        start = self.at[value]
        if kind == "day":
            day = clock.baku_date(start) if isinstance(start, datetime) else start
            return ops.adapt_datefield_value(day + more)
        moment = start if isinstance(start, datetime) else clock.start_of_day(start)
        return ops.adapt_datetimefield_value(moment + more)
