"""What all apps give a page, asked by one query. An app that fails takes nobody's page down: its part is left
out, the page says so in its place, and the failure is logged with its traceback. Docs: docs/portal.md.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from partnerships.common.asked import Part, ask_together
from partnerships.common.direction import Direction, Source
from partnerships.common.piles import answered

log = logging.getLogger(__name__)


class Unread:
    """The apps of which something could not be read, each once.

    known     those of which it is known already
    strict    the failure goes on to whoever asked: for programs, which take a short list for a whole one
    """

    def __init__(self, known: Iterable[Source] = (), *, strict: bool = False) -> None:
        self.sources: list[Source] = [*known]
        self._strict = strict

    def __bool__(self) -> bool:
        return bool(self.sources)

    def of(self, source: Source) -> AbstractContextManager[None]:
        """What is read of this app; whatever it raises ends this block alone."""
        return _Reading(self, source)

    def failed(self, source: Source, error: Exception) -> bool:
        """Whether the page goes on without it."""
        if self._strict:
            return False
        log.error("What %s gives the page could not be read.", source.key, exc_info=error)
        if source not in self.sources:
            self.sources.append(source)
        return True


class _Reading:
    """A block of `Unread.of`, of which a page has a hundred: as a class a third of a generator's cost."""

    __slots__ = ("_source", "_unread")

    def __init__(self, unread: Unread, source: Source) -> None:
        self._unread, self._source = unread, source

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, _traceback: Any) -> bool:
        return isinstance(error, Exception) and self._unread.failed(self._source, error)


def name_of(source: Source) -> str:
    """What people call the app."""
    return str(source.name if isinstance(source, Direction) else apps.get_app_config(source.key).verbose_name)


def names_of(sources: Iterable[Source]) -> str:
    """All of them, for one line."""
    return ", ".join(map(name_of, sources))


@dataclass
class Gathered:
    """What one app gives, and of each thing the parts and the answers to them."""

    source: Source
    things: list[Any]
    parts: list[Sequence[Part]]
    answers: list[list[Any]] = field(default_factory=list)

    def each(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each thing with its answers."""
        return zip(self.things, self.answers, strict=True)


def gather(
    sources: Iterable[Source],
    unread: Unread,
    give: Callable[[Source], Iterable[Any]],
    parts: Callable[[Any], Sequence[Part]],
) -> list[Gathered]:
    """give   what an app is asked for; parts  what is asked of the database for each of it"""
    found = []
    for source in sources:
        with unread.of(source):
            things = list(give(source))
            found.append(Gathered(source, things, [parts(thing) for thing in things]))
    return found


def answer(*asking: tuple[list[Gathered], Unread], beside: Sequence[Part] = ()) -> list[Any]:
    """Have all of it answered by one query; where that fails, each app by its own, to find whose it was. What
    is asked `beside` is no app's; its answers."""
    every = [one for gathered, _unread in asking for one in gathered]
    try:
        own, *rest = answered([beside, *(parts for one in every for parts in one.parts)])
    except Exception:
        log.exception("What the apps give home could not be asked by one query.")
        for gathered, unread in asking:
            kept = []
            for one in gathered:
                with unread.of(one.source):
                    one.answers = answered(one.parts)
                    kept.append(one)
            gathered[:] = kept
        return ask_together(beside)
    answers = iter(rest)
    for one in every:
        one.answers = [next(answers) for _parts in one.parts]
    return own


def css_of(source: Source) -> str:
    """A direction's colour; what the core contributes has none."""
    return source.css if isinstance(source, Direction) else ""
