"""Queries that pages ask again and again with another key: compiled once, then only given the key.

Django works out the columns, joins and conditions of a query anew each time it is asked; for a row with all
that stands around it that is ten milliseconds of Python before the database hears of it. What differs from
asking to asking is a key, so the text is kept and the key is put in. (A query within another: `compiled`.)
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.utils.translation import get_language

from partnerships.common.paging import SIZES
from partnerships.common.query_words import KEYS, words_of
from partnerships.common.reading import Reading

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class _Plan:
    """A compiled query: its text, its values with the places of what is given, how its rows are read."""

    alias: str
    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]  # (position among the values, which of the given)
    reading: Reading

    def given(self, given: Sequence[int]) -> tuple[Any, ...]:
        values = list(self.values)
        for position, which in self.places:
            values[position] = given[which]
        return tuple(values)


class Prepared(Generic[M]):
    """`CHOICES = Prepared(lambda key: Choice.objects.filter(application_id=key).select_related(…))`, asked by
    `CHOICES(application.pk)`: the same objects as the query set has.

    make    (keys, whole numbers) -> a query set of model instances, whose text hangs on nothing but those: it
            reads no clock, no user and no setting, and takes each as one value (no `__in`, no slice of them)

    shared  rows that name the same other rows have one object of it between them (common/sharing.py)

    What `prefetch_related` would bring along is a `Prepared` of its own, handed over by `sharing.attach_to`.
    """

    def __init__(self, make: Callable[..., "models.QuerySet[M]"], *, shared: bool = False) -> None:
        self._make, self._shared = make, shared
        self._plans: dict[Any, _Plan] = {}

    def __call__(self, *given: int) -> list[M]:
        plan = self._plan(given)
        with connections[plan.alias].cursor() as cursor:
            cursor.execute(plan.sql, plan.given(given))
            return plan.reading.of(cursor.fetchall())

    def one(self, *given: int) -> M | None:
        """The only row, or None."""
        return next(iter(self(*given)), None)

    def _plan(self, given: Sequence[int]) -> _Plan:
        # Translated columns are named by the language in which the query is made.
        key = (get_language(), len(given))
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._compiled(len(given))
        return plan

    def _compiled(self, count: int) -> _Plan:
        words = words_of(lambda: self._make(*range(KEYS, KEYS + count)))
        found = words.made()
        if found is None:
            raise ValueError("A prepared query must be able to have rows.")
        compiler, sql, slots = found
        if any(kind in ("day", "moment") for kind, _value, _more in slots):
            raise ValueError("A prepared query must not hang on the clock.")
        places = tuple((n, which) for n, (kind, which, _more) in enumerate(slots) if kind == "keys")
        if {which for _n, which in places} != set(range(count)):
            raise ValueError("A prepared query must use each of its keys as a value of its own.")
        return _Plan(
            alias=words.db,
            sql=sql,
            values=tuple(value for _kind, value, _more in slots),
            places=places,
            reading=Reading(compiler, words.rows, words.db, shared=self._shared),
        )


def in_widths(keys: Sequence[int], widths: Sequence[int] = SIZES) -> Iterator[list[int]]:
    """The keys in lists of one width, the narrowest that is wide enough, so that texts are few. The last key
    fills what is left."""
    width = next((one for one in widths if len(keys) <= one), widths[-1])
    for start in range(0, len(keys), width):
        some = list(keys[start : start + width])
        yield some + some[-1:] * (width - len(some))


class PreparedRows(Generic[M]):
    """The same for many keys at once: `LINES = PreparedRows(lambda keys: Idea.objects.filter(pk__in=keys))`,
    asked by `LINES(keys)`; what many rows name is shared.

    make    (keys, *more keys of one) -> a query set; its order does not matter
    widths  so many keys the texts have room for: the narrowest that is wide enough is asked, and what is more
            than the widest in several askings. By itself those of the pages that somebody can choose
    """

    def __init__(
        self, make: Callable[..., "models.QuerySet[M]"], *, more: int = 0, widths: Sequence[int] = SIZES
    ) -> None:
        self._widths, self._more = widths, more
        self._asked: Prepared[M] = Prepared(lambda *given: make(given[more:], *given[:more]), shared=True)

    def __call__(self, keys: Sequence[int], *more: int) -> list[M]:
        return [row for some in in_widths(keys, self._widths) for row in self._asked(*more, *some)]
