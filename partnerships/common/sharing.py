"""Rows that name the same other rows: those are built once, not again for each row of a list."""

from collections.abc import Iterable, Iterator
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
    found._iterable_class = Sharing  # noqa: SLF001 - Django has no public word for how rows become objects
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


class Sharing(ModelIterable):
    """What `sharing` has rows made by: Django's own, with populators that remember. (Its `__iter__` has no
    place to name them.)"""

    def __iter__(self) -> Iterator[Any]:
        queryset: Any = self.queryset
        if queryset._known_related_objects:  # noqa: SLF001 - of a related manager: Django sets the row that asked
            yield from super().__iter__()
            return
        compiler = queryset.query.get_compiler(using=queryset.db)
        results = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        info: Any = compiler.klass_info
        first, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:end]]
        remembering = populators(info, compiler.select, queryset.db)
        for row in compiler.results_iter(results):
            found = made(info["model"], queryset.db, names, row[first:end])
            for populator in remembering:
                populator.populate(row, found)
            for name, position in compiler.annotation_col_map.items():
                setattr(found, name, row[position])
            yield found


class _Populator(RelatedPopulator):
    """Django's own, which makes objects at less cost and, if it remembers, one for each key. Where it would
    only call a field to keep what was made (most relations), that is written down here: a page has some
    hundred of these."""

    def __init__(self, info: Any, select: Any, db: str, *, remembering: bool) -> None:
        super().__init__(info, select, db)  # type: ignore[call-arg]  # the stubs are of a later Django
        self.related_populators = populators(info, select, db, remembering=remembering)  # type: ignore[assignment]
        self.known: dict[Any, Any] | None = {} if remembering else None
        setter = self.local_setter
        plain = getattr(setter, "__func__", None) is FieldCacheMixin.set_cached_value
        self._kept_as = setter.__self__.cache_name if plain else ""
        self._tells_back = bool(info["reverse"] or info["field"].unique)
        self._key_at = -1 if self.reorder_for_init else self.cols_start + self.pk_idx

    def afresh(self) -> "_Populator":
        """The same for another asking, which has made nothing yet."""
        found = object.__new__(type(self))
        found.__dict__.update(self.__dict__)
        found.known = {}
        found.related_populators = [one.afresh() for one in self.related_populators]  # type: ignore[attr-defined]
        return found

    def populate(self, row: Any, from_obj: Any) -> None:
        key = self.reorder_for_init(row)[self.pk_idx] if self._key_at < 0 else row[self._key_at]
        found = None
        if key is not None:
            found = None if self.known is None else self.known.get(key)
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
        found = made(self.model_cls, self.db, self.init_list, data)
        if self.known is not None:
            self.known[key] = found
        for populator in self.related_populators:
            populator.populate(row, found)
        return found


def populators(info: Any, select: Any, db: str, *, remembering: bool = True) -> list[_Populator]:
    """What makes the objects that rows name: with `remembering`, for one asking, one of each."""
    return [
        _Populator(one, select, db, remembering=remembering) for one in info.get("related_klass_infos", [])
    ]


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
