"""What all apps give a page, asked by one query. An app that fails takes nobody's page down: its part is left
out, the page says so in its place, and the failure is logged with its traceback. Docs: docs/portal.md.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from partnerships.common.asked import Part, ask_together
from partnerships.common.direction import Direction, Source

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

    @contextmanager
    def of(self, source: Source) -> Iterator[None]:
        """What is read of this app; whatever it raises ends this block alone."""
        try:
            yield
        except Exception:
            if self._strict:
                raise
            log.exception("What %s gives the page could not be read.", source.key)
            if source not in self.sources:
                self.sources.append(source)


def name_of(source: Source) -> str:
    """What people call the app."""
    return str(source.name if isinstance(source, Direction) else apps.get_app_config(source.key).verbose_name)


def names_of(sources: Iterable[Source]) -> str:
    """All of them, for one line."""
    return ", ".join(map(name_of, sources))


@dataclass
class Gathered:
    """What one app gives, and the answers to its parts."""

    source: Source
    things: list[Any]
    parts: list[Part]
    answers: list[Any] = field(default_factory=list)


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
            found.append(Gathered(source, things, [part for thing in things for part in parts(thing)]))
    return found


def answer(*asking: tuple[list[Gathered], Unread]) -> None:
    """Have all of it answered by one query; where that fails, each app by its own, to find whose it was."""
    every = [one for gathered, _unread in asking for one in gathered]
    try:
        answers = iter(ask_together([part for one in every for part in one.parts]))
    except Exception:
        log.exception("What the apps give home could not be asked by one query.")
        for gathered, unread in asking:
            kept = []
            for one in gathered:
                with unread.of(one.source):
                    one.answers = ask_together(one.parts)
                    kept.append(one)
            gathered[:] = kept
    else:
        for one in every:
            one.answers = [next(answers) for _part in one.parts]


def css_of(source: Source) -> str:
    """A direction's colour; what the core contributes has none."""
    return source.css if isinstance(source, Direction) else ""
