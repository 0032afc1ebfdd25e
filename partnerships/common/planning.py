"""Statements that PostgreSQL keeps planned.

A page asks the same long questions again and again with other keys, and a question over twenty tables takes
the server longer to plan than to answer. psycopg2 sends each as new text; here one that a connection is asked
for the third time is prepared on the server, and from then on asked by its name and its values (PREPARE and
EXECUTE, https://www.postgresql.org/docs/current/sql-prepare.html; psycopg 3 does so by itself):

    {"connection_factory": keeping(160), "cursor_factory": Cursor, "options": OPTIONS}

The choice that the server makes between one plan for all values and one for each leaves out how long planning
takes, so it is told to keep one plan, and the clock decides here: a statement slower planned once than it was
as text is asked as text again. Values keep the types that they have as literals; what cannot be prepared is
asked as it is. The answers are the same either way.

A plan stays in the memory of the server's process. Where a connection has no room for all, those stay that
spare the most time for their size and are asked the most often, and what is no longer asked ages away
(GreedyDual-Size with Frequency: L. Cherkasova, HP Laboratories report HPL-98-69R1, 1998).
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg2
from psycopg2.errors import FeatureNotSupported, InvalidSqlStatementName
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection, cursor

OPTIONS = "-c plan_cache_mode=force_generic_plan"
LONG = 500  # characters; what is shorter is planned faster than it is worth keeping
ASKED = 2  # askings as text before a statement is prepared: the faster is what the plan is held against
LETTER = 140  # bytes of the server's memory for a character of a prepared statement, measured over 300
KNOWN = 1000  # statements that one connection remembers
TRIED = 8  # askings by name that are held against the text together: other work on the machine disturbs one
FAR = 10  # times slower on the average
SOON, MUCH = 2, 3  # and where as many of the first are so many times slower, nothing more is tried

_PLACE = re.compile(r"%(s|%)")
_CODE = re.compile(r"[\w.-]*\Z", re.ASCII)
_WHOLE = 2**31
_TYPES: dict[type, str] = {
    str: "unknown",
    type(None): "unknown",
    float: "double precision",
    Decimal: "numeric",
    date: "date",
    datetime: "timestamptz",
    timedelta: "interval",
    UUID: "uuid",
}


@dataclass
class Statement:
    """What a connection knows about one text with values of these types."""

    shape: tuple[str, ...] = ()
    length: int = 0  # characters
    asked: int = 0  # since it was known or has lost its name
    seconds: float = float("inf")  # the fastest asking as text
    name: str = ""  # on the server
    worth: float = (
        0.0  # seconds spared for each character, on top of the age of its connection when it was asked
    )
    times: list[float] = field(default_factory=list)  # by name, since they were held against the text
    fastest: float = float("inf")  # of all by name
    fresh: bool = False  # not asked since it was prepared: the server plans at the first asking
    slow: bool = False
    plain: bool = False  # it stays text

    def preparation(self, query: str) -> tuple[str, str]:
        """(its types, its text), with the values that the code names where they stand."""
        types = [one for one in self.shape if one[0] != "="]
        shape, places = iter(self.shape), iter(range(1, len(types) + 1))

        def place(found: re.Match[str]) -> str:
            if found[1] == "%":
                return "%"
            one = next(shape)
            return one[1:] if one[0] == "=" else f"${next(places)}"

        return f"({', '.join(types)})" if types else "", _PLACE.sub(place, query)

    def execution(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        given = [value for value, one in zip(values, self.shape, strict=True) if one[0] != "="]
        places = ", ".join(["%s"] * len(given))
        return f"EXECUTE {self.name}{f' ({places})' if given else ''}", given

    def weigh(self, age: float) -> None:
        """What keeping it is worth; a name not tried yet is taken to spare half of the time."""
        by_name = self.fastest if self.fastest < float("inf") else self.seconds / 2
        self.worth = age + self.asked * max(self.seconds - by_name, 0) / self.length

    def took(self, seconds: float) -> None:
        """Learns from one asking by name: slow is what is never as fast as the text, or mostly far slower."""
        if self.fresh:
            self.fresh = False
            return
        self.fastest = min(self.fastest, seconds)
        self.slow = len(self.times) + 1 == SOON and min(*self.times, seconds) > MUCH * self.seconds
        self.times.append(seconds)
        if len(self.times) == TRIED:
            self.slow = min(self.times) > self.seconds or sum(self.times) > FAR * TRIED * self.seconds
            self.times.clear()


class Connection(connection):
    """Remembers what it has been asked, the latest last."""

    def __init__(self, *args: Any, room: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room  # characters of statements that the server may have prepared for it
        self.age = 0.0  # the worth of what went last
        self.statements: OrderedDict[tuple[str, tuple[str, ...]], Statement] = OrderedDict()
        self.prepared: dict[str, Statement] = {}

    def statement(self, query: str, shape: tuple[str, ...]) -> Statement:
        key = query, shape
        found = self.statements.get(key)
        if found is None:
            found = self.statements[key] = Statement(shape, len(query))
            if len(self.statements) > KNOWN:
                self._forget_one()
        else:
            self.statements.move_to_end(key)
        return found

    def _forget_one(self) -> None:
        """The one not asked for longest that has no name on the server."""
        for key, one in self.statements.items():
            if not one.name:
                del self.statements[key]
                return

    def instead_of(self, found: Statement) -> list[Statement] | None:
        """Those of the least worth that must go for it; None where it is worth less than they are."""
        going: list[Statement] = []
        room = self.room - sum(one.length for one in self.prepared.values())
        for one in sorted(self.prepared.values(), key=lambda one: one.worth):
            if room >= found.length or one.worth >= found.worth:
                break
            going.append(one)
            room += one.length
        return going if room >= found.length else None


def keeping(megabytes: int) -> Callable[..., Connection]:
    """A factory of connections for each of which the server keeps plans of about so many megabytes."""
    return partial(Connection, room=megabytes * 1_000_000 // LETTER)


class Cursor(cursor):
    """Asks a long SELECT by the name of its prepared statement, once it has one."""

    _said: tuple[Any, Any] | None = None

    @property
    def query(self) -> bytes | None:
        """What was asked last, in full, however it was sent."""
        return super().query if self._said is None else self.mogrify(*self._said)

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - its name in psycopg2
        self._said = None
        found = self._statement(query, vars)
        if found is not None and found.name and found.slow:
            self._drop(found)
            found.plain = True
        if found is None or found.plain:
            return super().execute(query, vars)
        there: Any = self.connection
        if not found.name and found.asked >= ASKED and (going := there.instead_of(found)) is not None:
            for one in going:
                there.age = one.worth
                self._drop(one)
            self._prepare(found, query)
        found.asked += 1
        if found.name:
            self._by_name(found, query, vars)
        else:
            self._as_text(found, query, vars)
        return found.weigh(there.age)

    def _as_text(self, found: Statement, query: str, values: Any) -> None:
        start = perf_counter()
        super().execute(query, values)
        found.seconds = min(found.seconds, perf_counter() - start)

    def _by_name(self, found: Statement, query: str, values: Any) -> None:
        start = perf_counter()
        within = self._within
        try:
            super().execute(*found.execution(values))
        except (FeatureNotSupported, InvalidSqlStatementName) as error:
            # A table was altered meanwhile, or the server has forgotten: nothing was answered yet.
            found.slow = True
            if isinstance(error, InvalidSqlStatementName):
                self._forget(found)
            if within:
                raise
            return self.execute(query, values)
        self._said = query, values
        return found.took(perf_counter() - start)

    @property
    def _within(self) -> bool:
        """In a transaction, which a failing statement would end."""
        there = self.connection
        return not there.autocommit or there.info.transaction_status != TRANSACTION_STATUS_IDLE

    def _statement(self, query: Any, values: Any) -> Statement | None:
        there = self.connection
        if (
            not values
            or not isinstance(query, str)
            or len(query) < LONG
            or not query.startswith(("SELECT", "WITH", "(SELECT"))
            or self.name is not None  # rows are fetched from the server in parts
            or not isinstance(there, Connection)
        ):
            return None
        shape = _shape(values)
        return None if shape is None else there.statement(query, shape)

    def _prepare(self, found: Statement, query: str) -> None:
        there: Any = self.connection
        types, text = found.preparation(query)
        # Named after what it asks: whatever stands between (a pool of connections), the name means the same.
        name = "kept_" + sha256(f"{types} {text}".encode()).hexdigest()[:32]
        within = self._within
        if within:
            super().execute("SAVEPOINT preparing")
        try:
            super().execute(f"PREPARE {name} {types} AS {text}")
        except psycopg2.ProgrammingError:  # the type of a value shows in its literal alone
            found.plain = True
            if within:
                super().execute("ROLLBACK TO SAVEPOINT preparing")
        else:
            found.name, found.fresh = name, True
            there.prepared[name] = found
        if within:
            super().execute("RELEASE SAVEPOINT preparing")

    def _drop(self, found: Statement) -> None:
        """The server keeps it no longer."""
        name = found.name
        self._forget(found)
        super().execute(f"DEALLOCATE {name}")

    def _forget(self, found: Statement) -> None:
        """It is text again, as at first."""
        there: Any = self.connection
        there.prepared.pop(found.name, None)
        found.name, found.asked, found.slow = "", 0, False
        found.times.clear()


def _shape(values: Sequence[Any]) -> tuple[str, ...] | None:
    """For each value the type that it has as a literal, or "=" and the literal itself where the code names it
    (a state, yes or no, the empty text): the server plans by how many rows have it, and can take an index of
    those alone. None where a type is not known."""
    found = tuple(_list_type(value) if type(value) is list else _type(value) for value in values)
    return None if None in found else found  # type: ignore[return-value]  # it has no None


def _type(value: Any) -> str | None:
    kind = type(value)
    if kind is int:
        return "integer" if -_WHOLE <= value < _WHOLE else "bigint"
    if kind is str and not value:
        return "=''"
    if kind in _TYPES:
        return _TYPES[kind]
    if kind is bool:
        return "=true" if value else "=false"
    if isinstance(value, Enum) and isinstance(value, str):
        code = str.__str__(value)  # as `value.value`, which is three calls, of a third of what a page gives
        return f"='{code}'" if _CODE.match(code) else "unknown"
    return "unknown" if isinstance(value, str) else None


def _list_type(values: list[Any]) -> str | None:
    """That of ARRAY[…], which PostgreSQL takes from what stands in it; an empty one is sent as text."""
    kinds = {"text" if isinstance(value, str) else _type(value) for value in values}
    if not kinds:
        return "unknown"
    if kinds == {"integer", "bigint"}:
        return "bigint[]"
    kind = kinds.pop()
    return f"{kind}[]" if not kinds and kind is not None and kind != "unknown" and kind[0] != "=" else None
