"""What many tests begin with is made once by the actions themselves, and laid again row by row.

A maker marked `@world` makes what follows from the rows that stand and from what it is given: a published
programme, an accepted offer. Its first call in a process runs it and keeps the rows that it wrote; a later
call on the same ground writes those rows, with the keys they had, and answers what the maker answered.
Whatever a test does by itself runs for real, and so do makers after it: the ground is known from the cast on,
until the test writes something of its own.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import pytest
import time_machine
from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.db import connection
from django.db.models import Model
from django.utils import timezone, translation

P = ParamSpec("P")
R = TypeVar("R")
Rows = dict[Any, tuple[Any, ...]]  # by key

# What only reads, or writes what is in no world: signing in.
HARMLESS = (
    "SELECT",
    "SAVEPOINT",
    "RELEASE",
    'INSERT INTO "django_session"',
    'UPDATE "django_session"',
    'DELETE FROM "django_session"',
    'UPDATE "accounts_user" SET "last_login"',
)


READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) ("[^"]+")')


class Unnamed(Exception):
    """What a maker was given has no name that holds in another test."""


@dataclass(frozen=True)
class Kept:
    """What a maker did: rows as statements with their parameters, what waits for the commit, its answer."""

    statements: list[tuple[str, list[Any]]]
    on_commit: list[tuple[Callable[[], Any], bool]]
    answer: bytes


@dataclass
class Ground:
    """What is known of the rows under the test that runs now."""

    name: Hashable = None  # None: nothing is
    cast: Any = None
    patch: pytest.MonkeyPatch | None = None  # what the test replaces code with
    kept: dict[Hashable, Kept] = field(default_factory=dict)
    # For each maker that runs: the rows of the tables that it has written to, as they were before.
    running: list[dict[str, Rows]] = field(default_factory=list)

    @property
    def replaced(self) -> bool:
        """Whether makers may not do now what they did."""
        patch: Any = self.patch
        return patch is not None and bool(patch._setattr or patch._setitem)  # noqa: SLF001 - it tells nobody

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(READS):
            self.written(sql)
        if self.name is not None and not sql.startswith(HARMLESS):
            self.name = None
        return execute(sql, params, many, context)

    def written(self, sql: str) -> None:
        """This is about to be said to the database."""
        if not self.running:
            return
        found = WRITES.match(sql)
        for table in _tables():
            if found is None or found[1] == table.name:
                for before in self.running:
                    if table.name not in before:
                        before[table.name] = _rows_of(table)


ground = Ground()


@contextmanager
def known_ground(patch: pytest.MonkeyPatch | None = None) -> Iterator[None]:
    """From the empty tables on, for the length of one test that does not commit; until it replaces something
    by `patch`."""
    ground.name, ground.cast, ground.patch = (), None, patch
    with connection.execute_wrapper(ground.watch):
        try:
            yield
        finally:
            ground.name = ground.cast = ground.patch = None


def forget() -> None:
    """After a test that emptied the tables: what the kept rows point to may have other keys now."""
    ground.kept.clear()


def world(maker: Callable[P, R]) -> Callable[P, R]:
    """Marks a maker whose answer follows from the ground and its arguments alone, and that writes no file."""

    @wraps(maker)
    def made(*args: P.args, **values: P.kwargs) -> R:
        if ground.name is None or ground.replaced:
            return maker(*args, **values)
        try:
            asked = (maker.__module__, maker.__qualname__, _name(args), _name(values), _around())
        except Unnamed:
            return maker(*args, **values)
        name = (ground.name, asked)
        if (kept := ground.kept.get(name)) is not None:
            answer: R = _lay(kept)
        else:
            before: dict[str, Rows] = {}
            waiting, letters = len(connection.run_on_commit), len(_outbox())
            ground.running.append(before)
            try:
                answer = maker(*args, **values)
            finally:
                ground.running.pop()
            if len(_outbox()) != letters:  # what has left the database cannot be laid again
                return answer
            ground.kept[name] = Kept(
                list(_statements(before)),
                [(action, robust) for _points, action, robust in connection.run_on_commit[waiting:]],
                pickle.dumps(answer),
            )
        ground.name = hash(name)
        return answer

    return made


# Names ------------------------------------------------------------------------------------------------
def _name(value: Any) -> Hashable:
    if value is ground.cast and value is not None:
        return "the cast"
    if isinstance(value, Model) and value.pk is not None:
        return value._meta.label, value.pk
    if isinstance(value, dict):
        return tuple((key, _name(part)) for key, part in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(_name(part) for part in value)
    if isinstance(value, str | int | float | Decimal | Enum | None) or type(value) is date:
        return type(value).__name__, value
    raise Unnamed  # moments too: they are other ones each time


# Travels around every test: one where the run has another day (--day in the root's conftest.py).
around_the_run = 0


def _around() -> Hashable:
    """What makers look at besides the rows: language, time and settings."""
    moment = timezone.now()
    travels = len(time_machine.traveller_stack) > around_the_run
    if travels and timezone.now() != moment:  # a clock that runs on would begin before what was kept
        raise Unnamed
    return translation.get_language(), moment if travels else timezone.localdate(moment), settings_of_test()


# Where files lie and whether sessions are followed: no row of a maker and no word of a query hangs on it.
_ELSEWHERE = {"STORAGES", "USERSESSIONS_TRACK_ACTIVITY"}


def settings_of_test() -> tuple[tuple[str, str], ...]:
    """What is set now besides the settings that all tests have."""
    changed: dict[str, str] = {}
    holder = settings._wrapped  # noqa: SLF001 - the only word for what a test has set
    while isinstance(holder, UserSettingsHolder):
        for name, value in vars(holder).items():
            if name.isupper() and name not in _ELSEWHERE:
                changed.setdefault(name, repr(value))
        holder = holder.default_settings
    return tuple(sorted(changed.items()))


def _outbox() -> list[Any]:
    return getattr(mail, "outbox", [])


# Rows -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Table:
    name: str
    key: int  # which of the columns
    columns: list[str]

    @property
    def mark(self) -> str:
        return "?" if connection.vendor == "sqlite" else "%s"

    def reading(self) -> str:
        # As it lies there: with a plain column's name SQLite's driver would make dates of what it finds.
        plus = "+" if connection.vendor == "sqlite" else ""
        return f"SELECT {', '.join(f'{plus}{column}' for column in self.columns)} FROM {self.name}"

    def removing(self, keys: list[Any]) -> tuple[str, list[Any]]:
        marks = ", ".join([self.mark] * len(keys))
        return f"DELETE FROM {self.name} WHERE {self.columns[self.key]} IN ({marks})", keys

    def changing(
        self, columns: tuple[int, ...], values: tuple[Any, ...], keys: list[Any]
    ) -> tuple[str, list[Any]]:
        sets = ", ".join(f"{self.columns[at]} = {self.mark}" for at in columns)
        marks = ", ".join([self.mark] * len(keys))
        sql = f"UPDATE {self.name} SET {sets} WHERE {self.columns[self.key]} IN ({marks})"
        return sql, [*values, *keys]

    def writing(self, rows: list[tuple[Any, ...]]) -> tuple[str, list[Any]]:
        marks = f"({', '.join([self.mark] * len(self.columns))})"
        sql = f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES {', '.join([marks] * len(rows))}"
        return sql, [value for row in rows for value in row]


@lru_cache
def _tables() -> list[Table]:
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy:
            columns = [connection.ops.quote_name(part.column) for part in meta.concrete_fields]
            key = [part.primary_key for part in meta.concrete_fields].index(True)
            found[meta.db_table] = Table(connection.ops.quote_name(meta.db_table), key, columns)
    return list(found.values())


def _rows_of(table: Table) -> Rows:
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(table.reading())
        return {row[table.key]: row for row in map(_plain, cursor.fetchall())}


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def _statements(before: dict[str, Rows]) -> Iterator[tuple[str, list[Any]]]:
    """What makes of `before` what stands now. Foreign keys are asked at the end: tables come in any order.

    A row that changed is written anew, unless all that changed in a table changed alike: then what points to
    those rows need not be asked, and no two of them can be in each other's way.
    """
    for table in _tables():
        if table.name not in before:
            continue
        old, new = before[table.name], _rows_of(table)
        gone = [key for key in old if key not in new]
        made = [row for key, row in new.items() if key not in old]
        changed: dict[tuple[tuple[int, ...], tuple[Any, ...]], list[Any]] = {}
        for key, row in new.items():
            if key in old and old[key] != row:
                columns = tuple(at for at, value in enumerate(row) if value != old[key][at])
                changed.setdefault((columns, tuple(row[at] for at in columns)), []).append(key)
        if len(changed) > 1:
            again = [key for keys in changed.values() for key in keys]
            gone, made, changed = gone + again, made + [new[key] for key in again], {}
        if gone:
            yield table.removing(gone)
        for (columns, values), keys in changed.items():
            yield table.changing(columns, values, keys)
        if made:
            yield table.writing(made)


def _lay(kept: Kept) -> Any:
    with closing(connection.connection.cursor()) as cursor:
        for sql, params in kept.statements:
            ground.written(sql)
            cursor.execute(sql, params)
    for action, robust in kept.on_commit:
        connection.run_on_commit.append((set(connection.savepoint_ids), action, robust))  # type: ignore[arg-type]
    return pickle.loads(kept.answer)
