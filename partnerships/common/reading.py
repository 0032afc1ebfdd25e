"""How the rows of a compiled query become what its query set answers, worked out once with its words: objects
made without what Django calls for each of their columns (`sharing.made`), or tuples."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

from partnerships.common.sharing import Sharing, made, populators

_READ = (ModelIterable, Sharing, ValuesListIterable, FlatValuesListIterable)


class Reading:
    """Of the compiler of a query, after it has written its SQL.

    rows    the query set: what it answers says how its rows are read
    shared  rows that name the same other rows have one object of it between them; as the query set has it
    """

    def __init__(self, compiler: Any, rows: Any, alias: str, *, shared: bool | None = None) -> None:
        self._alias, self._kind = alias, rows._iterable_class  # noqa: SLF001
        select, info = compiler.select, compiler.klass_info
        found = compiler.get_converters([column[0] for column in select[: compiler.col_count]])
        self._converters = [(position, *one) for position, one in found.items()]
        self._width = compiler.col_count if compiler.has_extra_select else None
        if self._kind in (ModelIterable, Sharing):
            self._model, fields = info["model"], info["select_fields"]
            self._columns = slice(fields[0], fields[-1] + 1)
            self._names = [column[0].target.attname for column in select[self._columns]]
            self._annotations = list(compiler.annotation_col_map.items())
            remembering = self._kind is Sharing if shared is None else shared
            self._populators = _populators(info, select, alias, remembering=remembering)

    @staticmethod
    def reads(rows: Any) -> bool:
        """Whether it knows how rows of this query set are read; of any other Django does."""
        return rows._iterable_class in _READ and not rows._known_related_objects  # noqa: SLF001

    def of(self, read: Sequence[Sequence[Any]]) -> list[Any]:
        """What the database answered."""
        if self._converters:
            connection = connections[self._alias]
            read = [_converted(row, self._converters, connection) for row in read]
        if self._kind is FlatValuesListIterable:
            return [row[0] for row in read]
        if self._kind is ValuesListIterable:
            return [tuple(row[: self._width]) for row in read]
        return self._objects(read)

    def _objects(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        found, beside = [], self._populators()
        for row in rows:
            one = made(self._model, self._alias, self._names, row[self._columns])
            for populator in beside:
                populator.populate(row, one)
            for name, position in self._annotations:
                setattr(one, name, row[position])
            found.append(one)
        return found


def _populators(info: Any, select: Any, alias: str, *, remembering: bool) -> Callable[[], Sequence[Any]]:
    found = populators(info, select, alias, remembering=remembering)
    if remembering:  # they know what they made, so each asking has its own
        return lambda: [one.afresh() for one in found]
    return lambda: found


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Any, Any]], connection: Any) -> list[Any]:
    values = list(row)
    for position, functions, expression in converters:
        for function in functions:
            values[position] = function(values[position], expression, connection)
    return values
