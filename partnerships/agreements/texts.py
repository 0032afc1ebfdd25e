"""Agreement texts: a small safe Markdown with named places, frozen by a fingerprint.

A template says "{university}" where the university's name goes. What is filled in never becomes markup:
"*" in somebody's name stays a star.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, override

from partnerships.common.prose import MARKDOWN
from partnerships.common.text import az_lower

LANGUAGES = ("az", "en")
_PLACE = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{[^{}]*\}?|\}")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&{}])")
_LIST_START = re.compile(r"^([-+=]|\d+(?=[.)]))")
_MARK = re.compile(r"\s*(?:#+|[-*+]|\d+[.)])\s+")
_SENTENCES = re.compile(r"(?<=[.!?])(?<!\bNo\.)\s+")


class Marked(str):
    """A value that is Markdown already, written by this app."""

    __slots__ = ()


def places_in(text: str) -> set[str]:
    return set(_PLACE.findall(text or ""))


def wrong_places(text: str, known: Iterable[str]) -> list[str]:
    """What stands in braces and is no known place, as it was typed; a brace without its pair too."""
    names = set(known)
    found = []
    for match in _BRACES.finditer(text or ""):
        place = _PLACE.fullmatch(match[0])
        if place is None or place[1] not in names:
            found.append(match[0])
    return list(dict.fromkeys(found))


def without_sentences(text: str, names: Iterable[str]) -> str:
    """The text without the sentences that name one of these places: what they speak of is not there.

    A line of which nothing is left goes as well, with its dash or number.
    """
    gone = set(names)
    lines = []
    for line in text.split("\n"):
        if not places_in(line) & gone:
            lines.append(line)
            continue
        mark = _MARK.match(line)
        start = mark.end() if mark else 0
        said = [one for one in _SENTENCES.split(line[start:]) if not places_in(one) & gone]
        if said:
            lines.append(line[:start] + " ".join(said))
    return "\n".join(lines)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every place filled. Raises KeyError for a place without a value."""
    return _PLACE.sub(lambda match: _as_text(values[match[1]]), text)


def _as_text(value: str) -> str:
    if isinstance(value, Marked):
        return str(value)
    lines = [line.strip() for line in str(value).splitlines() if line.strip()]
    return "\\\n".join(escape(line) for line in lines)


def escape(line: str) -> str:
    """One line in which nothing is markup."""
    return _LIST_START.sub(_escape_start, _SPECIAL.sub(r"\\\1", line))


def _escape_start(match: re.Match[str]) -> str:
    # "1." would begin a list: the sign after the number is what is escaped, "-" and "+" are signs themselves
    return f"\\{match[0]}" if not match[0].isdigit() else f"{match[0]}\\"


def plain(value: str) -> str:
    """A title out of a template: its places filled, without markup."""
    return re.sub(r"\\([\\`*_\[\]<>#|~&{}.)+=-])", r"\1", value)


def digest(*parts: str) -> str:
    """The fingerprint of what is signed: every part with its length, so that none can slide into another."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode()
        whole.update(f"{len(data)}:".encode())
        whole.update(data)
    return whole.hexdigest()


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, words) of each block for printing: "h1".."h4", "p", or "li" with its number or dash in front."""
    found: list[tuple[str, str]] = []
    kind, counters, mark = "p", [], ""
    for token in MARKDOWN.parse(text or ""):
        if token.type == "heading_open":
            kind = token.tag
        elif token.type in ("heading_close", "list_item_close"):
            kind = "p"
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            counters.append(int(token.attrs.get("start", 1)) - 1 if token.tag == "ol" else None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            counters.pop()
        elif token.type == "list_item_open":
            if counters[-1] is not None:
                counters[-1] += 1
                mark = f"{counters[-1]}. "
            else:
                mark = "– "
            kind = "li"
        elif token.type == "inline":
            words = "".join(
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or []
            )
            found.append((kind, f"{mark}{words}" if kind == "li" else words))
            mark = ""
    return found


@lru_cache(maxsize=2048)
def day_in_text(day: date | None, language: str) -> str:
    """25 noyabr 2026, 25 November 2026: with the year, since a contract is read for years."""
    if day is None:
        return ""
    with override(language):
        words = format_date(day, "j E Y" if language == "az" else "j F Y")
    return az_lower(words) if language == "az" else words


def in_language(az: str, en: str) -> str:
    return en if en and (get_language() or "az").startswith("en") else az


def joined(names: Iterable[str]) -> str:
    return " – ".join(dict.fromkeys(name for name in names if name))
