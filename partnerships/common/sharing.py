"""Rows that name the same other rows: those are built once, not again for each row of a list."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState
from django.db.models.fields.mixins import FieldCacheMixin
from django.db.models.query import ModelIterable, RelatedPopulator

Q = TypeVar("Q", bound="models.QuerySet[Any]")


def sharing(queryset: Q) -> Q:
    """The same rows by the same query, but what `select_related` brings along is one object for each key.

    A list of fifty has one company and a few units behind it; without this they are fifty companies and some
    hundred units, and building those costs more than reading them. As with `prefetch_related`, what one row
    changes in a shared object the others see: for reading only. Columns that `only` leaves out are read when
    they are asked for, as always.
    """
    found: Any = queryset.all()
    found._iterable_class = _Sharing  # noqa: SLF001 - Django has no public word for how rows become objects
    return found  # type: ignore[no-any-return]


def made(model: Any, db: str, names: list[str], values: Any) -> Any:
    """The object that `from_db` makes, without calling what Django calls for each of its columns: neither
    `__init__` nor signals, of which no model here has its own. A tenth of the cost."""
    found = model.__new__(model)
    own = found.__dict__
    own.update(zip(names, values, strict=True))
    state = own["_state"] = _NEW_STATE(ModelState)
    state.__dict__ = {"adding": False, "db": db, "fields_cache": {}}
    return found


_NEW_STATE = ModelState.__new__


class _Sharing(ModelIterable):
    """Django's own, with populators that remember. (Its `__iter__` has no place to name them.)"""

    def __iter__(self) -> Iterator[Any]:
        queryset: Any = self.queryset
        if queryset._known_related_objects:  # noqa: SLF001 - of a related manager: Django sets the row that asked
            yield from super().__iter__()
            return
        compiler = queryset.query.get_compiler(using=queryset.db)
        results = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        info: Any = compiler.klass_info
        names, columns, converters = _reading(compiler)
        remembering = populators(info, compiler.select, queryset.db)
        rows: Any = chain.from_iterable(results)
        for row in compiler.apply_converters(rows, converters) if converters else rows:
            found = made(info["model"], queryset.db, names, row[columns])
            for populator in remembering:
                populator.populate(row, found)
            for name, position in compiler.annotation_col_map.items():
                setattr(found, name, row[position])
            yield found


def _reading(compiler: Any) -> tuple[list[str], slice, dict[int, Any]]:
    """The names of the columns of the rows themselves, where they stand, and what makes values of what the
    database answers: worked out once for a query whose words are kept, of which each asking has a copy."""
    info = compiler.klass_info
    if "reading" not in info:
        columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        names = [column[0].target.attname for column in compiler.select[columns]]
        every = [column[0] for column in compiler.select[: compiler.col_count]]
        info["reading"] = names, columns, compiler.get_converters(every)
    return info["reading"]  # type: ignore[no-any-return]


class _Remembering(RelatedPopulator):
    """Django's own, which makes an object for each key once. Where it would only call a field to keep what
    was made (most relations), that is written down here: a page has some hundred of these."""

    def __init__(self, info: Any, select: Any, db: str) -> None:
        super().__init__(info, select, db)  # type: ignore[call-arg]  # the stubs are of a later Django
        self.related_populators = populators(info, select, db)  # type: ignore[assignment]
        self.known: dict[Any, Any] = {}
        setter = self.local_setter
        plain = getattr(setter, "__func__", None) is FieldCacheMixin.set_cached_value
        self._kept_as = setter.__self__.cache_name if plain else ""
        self._tells_back = bool(info["reverse"] or info["field"].unique)
        self._key_at = -1 if self.reorder_for_init else self.cols_start + self.pk_idx

    def populate(self, row: Any, from_obj: Any) -> None:
        key = self.reorder_for_init(row)[self.pk_idx] if self._key_at < 0 else row[self._key_at]
        found = None
        if key is not None:
            found = self.known.get(key)
            if found is None:
                found = self._make(row, key)
            if self._tells_back:
                self.remote_setter(found, from_obj)
        if self._kept_as:
            from_obj._state.fields_cache[self._kept_as] = found
        else:
            self.local_setter(from_obj, found)

    def _make(self, row: Any, key: Any) -> Any:
        data = self.reorder_for_init(row) if self.reorder_for_init else row[self.cols_start : self.cols_end]
        found = self.known[key] = made(self.model_cls, self.db, self.init_list, data)
        for populator in self.related_populators:
            populator.populate(row, found)
        return found


def populators(info: Any, select: Any, db: str) -> list[_Remembering]:
    """What makes the objects that the rows of one asking name."""
    return [_Remembering(one, select, db) for one in info.get("related_klass_infos", [])]


def attach(owners: Iterable[models.Model], name: str, rows: Iterable[Any], key: str, back: str = "") -> None:
    """Have `owner.<name>.all()` answer those of `rows` whose `key` is its own, as `prefetch_related` would,
    at a tenth of its cost; `back`: what the rows call the owner."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    empty: Any = None
    for owner in owners:
        if name in owner.__dict__.get("_prefetched_objects_cache", ()):
            continue
        if empty is None:
            empty = getattr(owner, name).get_queryset()
        # The query itself is shared: whatever is asked of these rows further makes a query of its own.
        answer = object.__new__(type(empty))
        answer.__dict__.update(empty.__dict__)
        _answer(owner, name, answer, found.get(owner.pk, []), back)


def attached(owner: Any, name: str) -> list[Any]:
    """`list(owner.<name>.all())`, at once where the rows were attached or prefetched."""
    found = owner.__dict__.get("_prefetched_objects_cache", {}).get(name)
    return list(found if found is not None else getattr(owner, name).all())


def attach_to(owner: models.Model, name: str, rows: Iterable[Any], back: str = "") -> None:
    """The same for one owner, whose all the rows are; what it had before is forgotten."""
    _answer(owner, name, getattr(owner, name).get_queryset(), list(rows), back)


def _answer(owner: models.Model, name: str, answer: Any, rows: list[Any], back: str) -> None:
    answer._result_cache, answer._prefetch_done = rows, True  # noqa: SLF001 - as Django's own prefetching
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = answer
    for row in rows if back else ():
        row._state.fields_cache[back] = owner
