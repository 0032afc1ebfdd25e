"""Piles, days, numbers and hits: what the portal asks of all apps at once, as questions that share one query.

What a line is (Todo, Entry, Stat) and what an app may contribute stands in common/direction.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from partnerships.common.asked import Part, ask_together, asked_rows, first_of_all
from partnerships.common.capped import CAP

if TYPE_CHECKING:
    from partnerships.common.direction import Bar, Entry, Hit, Stat, Todo


def _nothing(*args: Any) -> list[Any]:
    return []


@dataclass(frozen=True)
class Pile:
    """Things of one kind that wait for somebody, or are in motion: told one by one, or only counted.

    Asked in two steps, so that the piles of all apps share one query: `asks` is asked of all of them, and
    the answers are given to `told`, which reads rows where there are any. Where only the number is wanted,
    these two are `many` and `count`.

    rows      a question (directory.asked) or a queryset, in the order in which they are told, `most` of them
    tell      row -> its line
    together  (rows read, how many, counted no further than one past the cap of lists) -> the lines told
              instead where there are more than `most`; without it the rest is left out
    along     its rows come with the shared query, not by one of their own: where they have few columns and
              most of those who are asked about have some
    """

    rows: Any
    most: int
    tell: Callable[[Any], Any]
    together: Callable[[list[Any], int], list[Any]] | None = None
    along: bool = False

    @property
    def first(self) -> Part:
        """Whether there is anything, or how many."""
        rows = asked_rows(self.rows)
        if self.together is not None:
            return rows.counted(CAP + 1)
        return None if self.along else rows.exists

    @property
    def asks(self) -> tuple[Part, ...]:
        """What is asked of all piles at once before one is told."""
        return (self.first, asked_rows(self.rows).packed(self.most)) if self.along else (self.first,)

    def told(self, first: Any, packed: str | None = None) -> list[Any]:
        """The lines; the answers to that are given."""
        rows = asked_rows(self.rows)
        found = rows.unpacked(packed) if self.along else rows[: self.most] if first else []
        if self.together is not None and found and first > self.most:
            return self.together(found, first)
        return [self.tell(row) for row in found]

    @property
    def many(self) -> Part:
        """What is asked of all piles at once where they are only counted: the sum of the counts of the lines,
        or whether there is anything, where `count` has to look."""
        return asked_rows(self.rows).counted(CAP if self.together is not None else self.most)

    def count(self, many: Any) -> int:
        return int(many or 0)


@dataclass(frozen=True)
class Sifted(Pile):
    """Things of which only Python can tell what waits: `most` are read, and `sift` makes the lines. `most` 0:
    where there is any, `sift` reads by itself."""

    tell: Callable[[Any], Any] = field(default=str)
    sift: Callable[[list[Any]], "list[Todo]"] = field(default=_nothing)

    def told(self, first: Any, packed: str | None = None) -> "list[Todo]":
        return self.sift(asked_rows(self.rows)[: self.most]) if first else []

    @property
    def many(self) -> Part:
        return self.first

    def count(self, many: Any) -> int:
        return sum(line.count for line in self.told(many))


@dataclass(frozen=True)
class Tally(Pile):
    """Things that are told by their number alone: `tell` makes the lines of it. Counted no further than one
    past `most`, and as `most` then; 0: all."""

    @property
    def first(self) -> Part:
        return asked_rows(self.rows).counted(self.most + 1 if self.most else None)

    def told(self, first: Any, packed: str | None = None) -> "list[Todo]":
        return self.tell(first) if first else []  # type: ignore[no-any-return]

    @property
    def many(self) -> Part:
        return asked_rows(self.rows).counted(self.most or None)


def answered(asking: Sequence[Sequence[Part]]) -> list[list[Any]]:
    """The answers to each of these, all by one query."""
    answers = iter(ask_together([part for parts in asking for part in parts]))
    return [[next(answers) for _part in parts] for parts in asking]


def told(piles: Iterable[Pile]) -> list[Any]:
    """The lines of all of them; one query tells which have any."""
    piles = list(piles)
    answers = answered([pile.asks for pile in piles])
    return [line for pile, found in zip(piles, answers, strict=True) for line in pile.told(*found)]


def counted(piles: Iterable[Pile]) -> int:
    """How many these lines stand for, by one query as a rule."""
    piles = list(piles)
    answers = ask_together([pile.many for pile in piles])
    return sum(pile.count(many) for pile, many in zip(piles, answers, strict=True))


@dataclass(frozen=True)
class Daily:
    """How a month is told of what may be many on a day: `rows` is a question with the `pk` and `starts` of
    each thing, in no order and of no days; `read` brings those of some keys, as `Dated.tell` takes them."""

    rows: Any
    read: Callable[[Sequence[int]], list[Any]]


@dataclass(frozen=True)
class Dated:
    """Things that stand in the calendar: at most `most` of `rows`, in order. `tell` makes a list of entries
    of each, since one thing may have several (a programme its deadlines); those outside the days asked for
    are left out by the portal. `beside` reads what stands beside these rows, for all of them at once.
    `beginning`: (first, last) -> the question for what begins on these days, of what may be many on a day.
    `along`: what home shows of it comes with the shared query, as that of a `Pile`."""

    rows: Any
    most: int
    tell: Callable[[Any], "Iterable[Entry]"]
    beside: Callable[[list[Any]], None] | None = None
    daily: Daily | None = None
    beginning: Callable[[date, date], Any] | None = None
    along: bool = False

    @property
    def first(self) -> Part:
        """Whether there is anything: asked before it is told."""
        return asked_rows(self.rows).exists

    def of_keys(self, keys: Sequence[int]) -> "list[Entry]":
        """Of what is `daily`: the entries of these things."""
        assert self.daily is not None
        return self.entries(self.daily.read(keys)) if keys else []

    def told(self, first: Any, most: int | None = None) -> "list[Entry]":
        """The entries, of the first `most` things."""
        return self.entries(
            asked_rows(self.rows)[: self.most if most is None else min(most, self.most)] if first else []
        )

    def nearest(self, parts: Sequence[tuple[date, date, int]], most: int) -> "Nearest":
        """What home shows of it: of the first so many things of each of these days, where they may be many on
        one; else of the first `most`."""
        if self.beginning is None:
            return Nearest(self, ((asked_rows(self.rows), min(most, self.most)),))
        return Nearest(self, tuple((self.beginning(*days), few) for *days, few in parts))

    def entries(self, rows: list[Any]) -> "list[Entry]":
        if self.beside is not None and rows:
            self.beside(rows)
        return [entry for row in rows for entry in self.tell(row)]


@dataclass(frozen=True)
class Nearest:
    """The first rows of something dated: of each question so many. In two steps, as a `Pile`."""

    dated: Dated
    questions: tuple[tuple[Any, int], ...]

    @property
    def asks(self) -> tuple[Part, ...]:
        if not self.dated.along:
            return (self.dated.first,)
        return tuple(rows.packed(most) for rows, most in self.questions)

    def told(self, *answers: Any) -> "list[Entry]":
        """The entries; the answers to that are given."""
        if self.dated.along:
            asked = zip(self.questions, answers, strict=True)
            return self.dated.entries([row for (rows, _most), text in asked for row in rows.unpacked(text)])
        return self.dated.entries(first_of_all(self.questions)) if answers[0] else []


def dated(found: Iterable[Dated]) -> "list[Entry]":
    found = list(found)
    answers = ask_together([one.first for one in found])
    return [entry for one, first in zip(found, answers, strict=True) for entry in one.told(first)]


@dataclass(frozen=True)
class Numbers:
    """Numbers of the home page: `parts` are asked with those of all others, `tell` is given the answers."""

    parts: tuple[Part, ...]
    tell: Callable[..., "list[Stat]"]


@dataclass(frozen=True)
class Sought:
    """Rows that answer to what somebody searches for, at most `most`, in the order of their question; `tell`
    makes a hit of each."""

    rows: Any
    most: int
    tell: "Callable[[Any], Hit]"

    @property
    def part(self) -> Part:
        """What is asked with that of all others."""
        return asked_rows(self.rows).packed(self.most)

    def told(self, answer: Any) -> "list[Hit]":
        """The hits; `answer` is that to the part."""
        return [self.tell(row) for row in self._read(answer)]

    def _read(self, answer: Any) -> list[Any]:
        return asked_rows(self.rows).unpacked(answer)


@dataclass(frozen=True)
class SoughtByKeys(Sought):
    """The same where `keys` are found first: `rows` is a question for those of the table that `capped.SEEN`
    reads. `instead`: the keys that are asked for by themselves, where fewer than `most` are found so."""

    keys: Part = None
    instead: Callable[[], Part] | None = None

    @property
    def part(self) -> Part:
        return self._of(self.keys)

    def _of(self, keys: Part) -> Part:
        return None if keys is None else asked_rows(self.rows).packed(self.most, seen=keys)

    def _read(self, answer: Any) -> list[Any]:
        found = super()._read(answer)
        if self.instead is None or len(found) == self.most:
            return found
        return super()._read(ask_together([self._of(self.instead())])[0])


def found(sought: "Iterable[Sought]") -> "list[Hit]":
    """What is found of all of these, by one query as a rule."""
    sought = list(sought)
    answers = ask_together([one.part for one in sought])
    return [hit for one, answer in zip(sought, answers, strict=True) for hit in one.told(answer)]


@dataclass(frozen=True)
class Chart:
    """A small bar chart of the home page: `parts` are asked with those of all others, `tell` makes its bars
    of the answers; without any it is not shown."""

    title: Any
    parts: tuple[Part, ...]
    tell: Callable[..., "list[Bar]"]


def numbered(found: Sequence[Numbers]) -> "list[Stat]":
    answers = answered([one.parts for one in found])
    return [
        stat for one, some in zip(found, answers, strict=True) for stat in one.tell(*(n or 0 for n in some))
    ]
