"""What of all apps answers to the words that somebody typed."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.common.asked import ask_together
from partnerships.common.direction import Hit
from partnerships.common.text import fold, sort_key
from partnerships.directory.called import remembered
from partnerships.portal import registry

SHORTEST_SEARCH = 2  # folded letters
HITS_PER_SOURCE = 10
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `more`: a source gave as much as it was asked for, there may be others."""

    title: str
    hits: list[Hit]
    more: bool = False


def search(user: Any, typed: str) -> list[Group]:
    """What of all apps answers to the words, grouped as the apps name it, the nearest group first.

    The words are folded; fewer than SHORTEST_SEARCH folded letters find nothing. Each source shows
    only what `user` may see.
    """
    words = fold(typed)
    if len(words.replace(" ", "")) < SHORTEST_SEARCH:
        return []
    hits, cut = _directions_found(words), set[str]()
    for found in _of_all(user, words):
        hits += found
        many = Counter(str(hit.group) for hit in found)
        cut.update(group for group, count in many.items() if count >= HITS_PER_SOURCE)
    hits.sort(key=lambda hit: (_distance(hit, words), hit.rank, sort_key(str(hit.title))))
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(str(hit.group), []).append(hit)
    return [Group(title, found, title in cut) for title, found in groups.items()]


def _of_all(user: Any, words: str) -> Iterator[list[Hit]]:
    """What each app finds; all of them are asked by one query."""
    with remembered():
        sources = [(one, list(one.sought(user, words, HITS_PER_SOURCE))) for one in registry.sources()]
        answers = iter(ask_together([one.part for _source, sought in sources for one in sought]))
        for source, sought in sources:
            told = [hit for one in sought for hit in one.told(next(answers))]
            yield told + source.search(user, words, HITS_PER_SOURCE)


def _directions_found(words: str) -> list[Hit]:
    return [
        Hit(str(found.name), str(found.summary), reverse(found.url_name), _("Directions"), 3)
        for found in registry.directions()
        if words in fold(str(found.name))
    ]


def _distance(hit: Hit, words: str) -> int:
    """0: the title is the words, or the short name beside it; 1: it begins with them; 2: a word of it does;
    3: they are elsewhere. Quotation marks around a name stand between nobody and it."""
    words, title = _bare(words), _bare(fold(str(hit.title)))
    if words in (title, _bare(fold(str(hit.detail)))):
        return 0
    if title.startswith(words):
        return 1
    return 2 if f" {words}" in title else 3


def _bare(folded: str) -> str:
    """Its words alone."""
    return " ".join(_WORDS.findall(folded))
