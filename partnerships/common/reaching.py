"""Counts that are known to reach their cap: what a page says as "1 000+" is not counted again for a minute,
which is most of what the numbers of a large portal cost.

Kept in this process, by the whole question with what is put into it: who asks, their rights, the day. Another
question is counted. What falls from 1 001 to 999 meanwhile reads "1 000+" until the minute is over. Nothing
that decides is counted so: seats, places and limits have numbers of their own.
"""

from collections.abc import Hashable
from time import time
from typing import Any

KEPT = 60  # seconds
LEAST = 1000  # what is counted no further than to less is counted each time
_MOST = 4000  # questions; each is a kilobyte or two
_kept: dict[Hashable, tuple[float, Any]] = {}


def known(question: Hashable) -> Any:
    """What is kept of it, None after a minute."""
    until, found = _kept.get(question, (0, None))
    return found if until > time() else None


def keep(question: Hashable, found: Any) -> None:
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[question] = time() + KEPT, found


def forget() -> None:
    """Everything is counted again."""
    _kept.clear()


class Learning(tuple[str, Any]):
    """A part of a common query (`asked.Part`) that keeps of its answer what reaches a cap."""

    def learn(self, answer: Any) -> None:
        """The answer was just given."""
        raise NotImplementedError


class Counting(Learning):
    """One that counts no further than `most`, LEAST or more."""

    most: int

    def __new__(cls, sql: str, params: Any, most: int) -> "Counting":
        part = super().__new__(cls, (sql, tuple(params)))
        part.most = most
        return part

    @property
    def known(self) -> int | None:
        """The answer, where it is known to be the cap."""
        found: int | None = known(self)
        return found

    def learn(self, answer: int) -> None:
        if answer >= self.most:
            keep(self, answer)
