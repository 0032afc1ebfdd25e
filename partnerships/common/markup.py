"""Pieces of pages made in Python: as `format_html` escapes, without its readiness for lazy words."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def text(value: Any) -> str:
    """`conditional_escape`: text is made harmless, what is markup already (it has `__html__`) is left."""
    if type(value) is SafeString:  # most of them are one of these two
        return value
    if type(value) is str:
        return escape(value) if _HARMFUL.search(value) else value
    if type(value) in _HARMLESS:
        return str(value)
    if isinstance(value, Promise):
        value = str(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))


_HARMLESS = (UUID, int)
_HARMFUL = re.compile("[&<>\"']")  # looked for at once: `escape` goes through a word five times


def saying(words: str, name: str = "name") -> Callable[[Any], SafeString]:
    """value -> `words` with it at %(name)s, escaped; for a sentence that each row of a list says."""
    before, after = map(text, words.split(f"%({name})s"))
    return lambda value: SafeString(f"{before}{text(value)}{after}")


def markup(form: str, *values: Any) -> SafeString:
    """`form` with the values in its {}, escaped.

    `format_html` passes each value through three wrappers that ask whether a word is lazy; a page has a
    thousand of them, and this takes a third of the time. `form` is of the code, never of a person.
    """
    return SafeString(form.format(*map(text, values)))


OPEN = SafeString("\x00")  # no page has it: a place of `kept_markup` that is filled at each drawing


def kept_markup(draw: Callable[..., SafeString]) -> Callable[..., Callable[..., SafeString]]:
    """What many pages draw alike but for a few values: `draw` is asked once in a process for each language,
    and for each of its own arguments where it has some (few and plain). It leaves `OPEN` where a value goes:
    `_menu()(address, token)` is the menu with both, escaped, in the order in which they stand in it.

    For words, icons and what stands around them; an address, a person's word, a number are values.
    """

    @lru_cache(256)
    def parts(_language: str | None, *alike: Any) -> list[str]:
        return draw(*alike).split(OPEN)

    def kept(*alike: Any) -> Callable[..., SafeString]:
        first, *rest = parts(get_language(), *alike)

        def filled(*values: Any) -> SafeString:
            pairs = zip(values, rest, strict=True)
            return SafeString(first + "".join([f"{text(value)}{part}" for value, part in pairs]))

        return filled

    return kept
