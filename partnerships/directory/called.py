"""Who answers to a name, found once for all that a search asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import connection

from partnerships.common import among
from partnerships.common.among import TRIGRAM, among_newest
from partnerships.common.asked import AskedRows, Part
from partnerships.common.lexicon import LexiconIndex
from partnerships.common.query_words import Typed
from partnerships.directory.asked import asked
from partnerships.directory.models import Person


class Called(NamedTuple):
    """The keys of the people of one name, as `AmongKnown` takes them, in the order in which they were found.

    every  all of them, and not but the first `among.HELD`; False as well where the name is too short to be
           looked up: then there are no keys
    """

    keys: str
    number: int
    every: bool

    @property
    def often(self) -> bool:
        """More have this name than are looked up one by one: `among_newest` is worth a try."""
        return self.number > among.OFTEN or not self.every

    def first(self, most: int) -> Typed:
        """So many of the keys."""
        listed = self.keys[1:-1].split(",", most)[:most]
        return Typed(f"{self.keys[0]}{','.join(listed)}{self.keys[-1]}")


@asked
def people_called(typed: str) -> Any:
    """Those of this name, folded, in kept words."""
    return Person.objects.filter(folded__contains=typed).order_by().values_list("pk", flat=True)


def first_called(words: str, most: int) -> Part:
    """The keys of the first so many of them, as a part of a query: by the lexicon of names where it can tell,
    by the trigrams of all names where not."""
    known = NAMES.keys(words, most)
    return people_called(Typed(words)).first_keys(most) if known is None else known


NAMES = next(index for index in Person._meta.indexes if isinstance(index, LexiconIndex))
_called: ContextVar[dict[str, Called] | None] = ContextVar("called", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within it a name is looked up once."""
    before = _called.set({})
    try:
        yield
    finally:
        _called.reset(before)


def answering_to(words: str) -> Called:
    """Whoever answers to these folded words: one query, none where they are too short."""
    if len(words) < TRIGRAM:
        return Called("", 0, every=False)
    known = _called.get()
    if known is None:
        return looked_up(words)
    if words not in known:
        known[words] = looked_up(words)
    return known[words]


def newest_of(name: Called, rows: AskedRows, column: str, words: str, most: int, *, part: bool) -> Part:
    """`among_newest` of whoever answers to the words, by the keys that are known of them."""
    known = name.keys if name.every else ""
    return among_newest(rows, column, Person, words, most, known=known, part=part)


def looked_up(words: str) -> Called:
    """The same however short they are."""
    sql, params = in_one_of(words)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", params)
        (keys,) = cursor.fetchone()
    return told(keys)


def in_one_of(words: str) -> tuple[str, Any]:
    """A value of a query: the keys of whoever answers to these folded words, for `told`. As one text: two
    thousand rows would be made into objects only to be written down again."""
    sql, params = first_called(words, among.HELD + 1)  # type: ignore[misc]  # never None
    return keys_listed(sql), params


def keys_listed(sql: str) -> str:
    """SQL of the keys of a query, in a column "pk", as one text that `told` reads."""
    if connection.vendor == "postgresql":
        return f"CAST(ARRAY({sql}) AS text)"
    return f"(SELECT JSON_GROUP_ARRAY(pk) FROM ({sql}))"  # noqa: S608 - the query of a query set


def told(keys: str) -> Called:
    number = 0 if len(keys) == len("{}") else keys.count(",") + 1
    return Called(keys, number, every=number <= among.HELD)
