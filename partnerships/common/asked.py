"""What a question to the database can be asked: its rows, whether there are any, how many there are; and
`ask_together`, which asks many of these by one query. Those whose words are kept come from `directory.asked`.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.utils.translation import get_language

from partnerships.common import clock
from partnerships.common.compiled import lifted
from partnerships.common.packing import packed, unpacked
from partnerships.common.query_words import KEYS, Given, Words, words_of
from partnerships.common.reaching import LEAST, Counting, Learning

M = TypeVar("M", bound=Model)

Part = tuple[str, Any] | None  # SQL with what is put in; None is the answer already: there is nothing


class AskedRows:
    """The rows of somebody: read as far as wanted, or only a part of a common query (`exists`, `counted`)."""

    def __init__(self, words: Words, given: Given) -> None:
        self._words, self._given = words, given

    @property
    def model(self) -> Any:
        """Whose rows they are."""
        return self._words.rows.model

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:None])

    def __getitem__(self, part: slice) -> list[Any]:
        """The first so many, or those from one place to another."""
        made = self._words.made()
        if made is None or part.stop == 0:
            return []
        _compiler, sql, slots = made
        if part.stop is not None:
            if self._words.rows.query.is_sliced:
                return self[:None][part]
            first = int(part.start or 0)
            sql = f"{sql} LIMIT {max(0, int(part.stop) - first)}" + (f" OFFSET {first}" if first else "")
        return self._read(*lifted(sql, self._given.values(slots, self._words.db)))

    def packed(self, most: int, *, seen: Part = None) -> Part:
        """For `ask_together`: so many of its rows as one text, for `unpacked`. `seen`: keys, found first: the
        table that capped.SEEN reads."""
        made = self._words.made()
        if made is None:
            return None
        before, after = packed(made[0], most).split("%s")
        values = self._given.values(made[2], self._words.db)
        first = "" if seen is None else f"seen(pk) AS ({seen[0]}), "
        sql = f"(WITH {first}{before}{made[1]}{after})"
        return sql, values if seen is None else (*seen[1], *values)

    def unpacked(self, told: str | None) -> list[Any]:
        """The objects of the text that is the answer to `packed`."""
        made = self._words.made()
        if made is None or not told:
            return []
        rows = unpacked(made[0], told)
        return self._objects(made[0], execute_sql=lambda *_how, **_more: [rows])

    def _read(self, sql: str, params: Sequence[Any]) -> list[Any]:
        """What a query with the columns of this one answers."""
        if (reading := self._words.reading()) is not None:
            with connections[self._words.db].cursor() as cursor:
                cursor.execute(sql, params)
                answered = reading.of(cursor.fetchall())
            if beside := self._words.rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
                prefetch_related_objects(answered, *beside)
            return answered
        made_by, *_made = self._words.made() or (None,)
        return self._objects(made_by, as_sql=lambda **_how: (sql, params))

    def _objects(self, made_by: Any, **instead: Any) -> list[Any]:
        """What the query set makes of rows that its compiler finds otherwise."""
        compiler = copy.copy(made_by)
        compiler.connection = connections[self._words.db]
        compiler.__dict__.update(instead)
        rows: Any = self._words.rows
        query, found = object.__new__(type(rows.query)), object.__new__(type(rows))
        query.__dict__.update(rows.query.__dict__)
        query.__dict__["get_compiler"] = lambda *_using, **_how: compiler
        found.__dict__.update(rows.__dict__, _result_cache=None, _prefetch_done=False)
        found._query = query
        return list(found)

    @property
    def exists(self) -> Part:
        """For `ask_together`: whether there is any. None: there cannot be."""
        return self._part("exists", "EXISTS(%s)")

    @property
    def every_key(self) -> Part:
        """For `ask_among`: the keys of its rows; the same for all who are asked about in the same words."""
        return self._part("keys", "%s")

    @property
    def every_row(self) -> Part:
        """Its rows with their columns: a part of a query that has a place for them."""
        return self._part("rows", "%s")

    def first_keys(self, most: int) -> Part:
        """The keys of so many of its rows: a part of a query that has a place for them."""
        return self._part("keys", f"%s LIMIT {int(most)}")

    def first_rows(self, most: int) -> Part:
        """So many of its rows in their order: a part of a query that has a place for them."""
        return self._part("rows", f"%s LIMIT {int(most)}")

    def counted(self, most: int | None = None) -> Part:
        """For `ask_together`: how many, counted no further than `most`."""
        limit = "" if most is None else f" LIMIT {int(most)}"
        part = self._part("keys", f"(SELECT COUNT(*) FROM (%s{limit}) counted)")  # noqa: S608 - a number
        return part if part is None or most is None or most < LEAST else Counting(*part, most)

    def listed(self, *columns: str) -> Part:
        """For `ask_together`: its rows, few, of numbers and texts, as lists in JSON, or None."""
        named = ", ".join(f'listed."{column}"' for column in columns)
        if connections[self._words.db].vendor == "postgresql":
            every = f"CAST(JSON_AGG(JSON_BUILD_ARRAY({named})) AS text)"
        else:
            every = f"JSON_GROUP_ARRAY(JSON_ARRAY({named}))"
        return self._part("rows", f"(SELECT {every} FROM (%s) listed)")  # noqa: S608 - named in code

    def count(self, most: int | None = None) -> int:
        return int(ask_together([self.counted(most)])[0] or 0)

    def _part(self, kind: str, around: str) -> Part:
        made = self._words.made(kind)
        if made is None:
            return None
        before, after = around.split("%s")
        return f"{before}{made[1]}{after}", self._given.values(made[2], self._words.db)


def first_of_all(questions: Sequence[tuple[AskedRows, int]]) -> list[Any]:
    """The first so many rows of each, by one query: of one question, asked of different days."""
    found, put, params = questions[0][0], [], []
    if len(questions) == 1:
        return found[: questions[0][1]]
    for asked, most in questions:
        if asked._words is not found._words:  # noqa: SLF001
            return [row for one, few in questions for row in one[:few]]
        if (part := asked.every_row) is not None:
            put.append(f"SELECT * FROM ({part[0]} LIMIT {int(most)}) AS found")  # noqa: S608 - a number
            params += part[1]
    return found._read(*lifted(" UNION ALL ".join(put), params)) if put else []  # noqa: SLF001


class RowByKey(Generic[M]):
    """`_LOCKED = RowByKey(lambda key: Placement.objects.with_rows().filter(pk=key))`, asked by
    `_LOCKED(row.pk)`: what the query set has, with what is prefetched beside it, in words that are made once.
    For a wide row that came through its door and is read again, as verbs read it under its lock.

    What the query hangs on besides the key, the language and `common.clock` (a setting, say) is given as
    `more` and handed to `make`.
    """

    def __init__(self, make: "Callable[..., QuerySet[M]]") -> None:
        self._make = make
        self._words: dict[Any, Words] = {}

    def __call__(self, key: int, *more: Any) -> M:
        """Raises DoesNotExist where there is none."""
        name = (get_language(), *more)
        if (words := self._words.get(name)) is None:
            words = self._words[name] = words_of(lambda: self._make(KEYS, *more))
        found = AskedRows(words, Given(keys=[key], at=[clock.now(), clock.today()]))[:None]
        if not found:
            raise words.rows.model.DoesNotExist
        return found[0]  # type: ignore[no-any-return]


def lists(*listed: Part) -> Part:
    """For `ask_together`: several lists (`AskedRows.listed`) as one, of lists."""
    sql = (" || ',' || ").join("'[]'" if part is None else f"COALESCE({part[0]}, '[]')" for part in listed)
    return f"('[' || {sql} || ']')", tuple(one for part in listed if part is not None for one in part[1])


def asked_rows(rows: "QuerySet[Any] | AskedRows") -> AskedRows:
    """A query set as it is, as a question."""
    return rows if isinstance(rows, AskedRows) else AskedRows(Words(rows), Given())


def ask_together(parts: Sequence[Part], using: str = "default", *, seen: Part = None) -> list[Any]:
    """Many small answers by one query, which asks once for parts that are the same; None for a part that is
    None. `seen`: keys (`every_key`), found once: the table that capped.SEEN reads. What is known to reach its
    cap is not counted again (`reaching`)."""
    put: list[tuple[str, Any]] = []
    known: dict[int, int] = {}  # by place among the parts
    for place, part in enumerate(parts):
        if seen is None and isinstance(part, Counting) and (answer := part.known) is not None:
            known[place] = answer
        elif part is not None and part not in put:
            put.append(part)
    if not put:
        return [known.get(place) for place in range(len(parts))]
    first = "" if seen is None else f"WITH seen(pk) AS ({seen[0]}) "
    query = lifted(
        f"{first}SELECT {', '.join(sql for sql, _params in put)}",
        [*(() if seen is None else seen[1]), *(one for _sql, params in put for one in params)],
    )
    with connections[using].cursor() as cursor:
        cursor.execute(*query)
        answers = cursor.fetchone()
    if seen is None:
        for part, answer in zip(put, answers, strict=True):
            if isinstance(part, Learning):
                part.learn(answer)
    return [
        known.get(place) if part is None or place in known else answers[put.index(part)]
        for place, part in enumerate(parts)
    ]


def ask_among(
    questions: Sequence[tuple[Part, Sequence[int]]], using: str = "default"
) -> set[tuple[int, int]]:
    """(which question, key): of the keys beside each question (`every_key`) those of its rows, by one
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
