"""Words that can be said again in another language.

What a worker finds out is read later, by somebody who may have chosen another language meanwhile. While
`remembering()` is on, what gettext answers knows its message and what was filled into it; `SaidField` and
`SaidJSONField` keep that instead of the words and say them in the language of whoever reads the row.

    with remembering():
        run.problem = _("The row %(row)d is too long.") % {"row": 7}     # kept: message and row

Remembered through str(), % and ValidationError. An f-string, + or "".join() makes plain words of it, which
stay as they are: `joined(words)` puts several together. A name out of the database, which gettext does not
know, is remembered by `spoken(lambda: period.name)`. Docs: docs/imports.md.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.functional import Promise

FUNCTIONS = ("gettext", "pgettext", "ngettext", "npgettext")
MARK = "$said"  # the key by which kept words are known in JSON
SPOKEN = "spoken"
_on: ContextVar[bool] = ContextVar("remembering", default=False)


class Told(str):
    """Words with where they come from: the function of gettext, what it was asked, what was filled in."""

    source: dict[str, Any]

    def __new__(cls, words: str, source: dict[str, Any]) -> "Told":
        made = super().__new__(cls, words)
        made.source = source
        return made

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        """For copies and pickles."""
        return str.__str__(self), self.source

    def __str__(self) -> str:
        return self

    def __mod__(self, filled: Any) -> "Told":
        return Told(super().__mod__(filled), {**self.source, "with": filled})


@contextmanager
def remembering() -> Iterator[None]:
    """Within it what gettext answers in this thread is Told."""
    _install()
    token = _on.set(True)
    try:
        yield
    finally:
        _on.reset(token)


@cache
def _install() -> None:
    """Once in a process that remembers: django.utils.translation asks `_trans` for each of these."""
    asked: Any = translation._trans  # type: ignore[attr-defined]  # noqa: SLF001  (no other place is asked)
    for name in FUNCTIONS:
        setattr(asked, name, _wrapped(name, getattr(asked, name)))


def _wrapped(name: str, ask: Callable[..., str]) -> Callable[..., str]:
    def answer(*asked: Any) -> str:
        words = ask(*asked)
        return Told(words, {MARK: name, "asked": asked}) if _on.get() and words else words

    return answer


def joined(words: Iterable[Any], between: str = " ") -> str:
    """Several words as one, each of which is said again by itself."""
    parts = [str(word) for word in words]
    text = between.join(parts)
    return Told(text, {MARK: "join", "asked": (between, *parts)}) if _on.get() else text


def spoken(read: Callable[[], Any]) -> str:
    """A name that `read` finds in the present language, remembered in every language of the portal."""
    words = str(read())
    if not _on.get():
        return words
    names = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            names[language] = str(read())
    return Told(words, {MARK: SPOKEN, "asked": (names,)}) if set(names.values()) != {words} else words


def kept(value: Any) -> Any:
    """As JSON holds it: Told as its source, everything around it as it is."""
    if isinstance(value, Told):
        source = {MARK: value.source[MARK], "asked": [_filled(part) for part in value.source["asked"]]}
        given = value.source.get("with")
        if isinstance(given, dict):
            source["with"] = {str(key): _filled(part) for key, part in given.items()}
        elif given is not None:
            source["with"] = [_filled(part) for part in (given if isinstance(given, tuple) else (given,))]
        return source
    if isinstance(value, dict):
        return {key: kept(part) for key, part in value.items()}
    return [kept(part) for part in value] if isinstance(value, (list, tuple)) else value


def _filled(value: Any) -> Any:
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(value, Told):
        return kept(value)
    if isinstance(value, Mapping):
        return {str(key): str.__str__(name) for key, name in value.items()}
    return value if isinstance(value, (str, int, float)) else str(value)


def said(value: Any) -> Any:
    """What `kept` holds, in the present language; it can be kept again."""
    if isinstance(value, list):
        return [said(part) for part in value]
    if not isinstance(value, dict):
        return value
    if value.get(MARK) not in (*FUNCTIONS, "join", SPOKEN):
        return {key: said(part) for key, part in value.items()}
    name, asked = value[MARK], tuple(said(part) for part in value["asked"])
    words = _again(name, asked)
    source = {MARK: name, "asked": asked}
    if "with" in value:
        given = said(value["with"])
        source["with"] = given if isinstance(given, dict) else tuple(given)
        words %= source["with"]
    return Told(str(words), source)


def _again(name: str, asked: tuple[Any, ...]) -> str:
    if name == "join":
        return str(asked[0].join(asked[1:]))
    if name == SPOKEN:
        names = asked[0]
        return str(names.get((translation.get_language() or "")[:2]) or next(iter(names.values()), ""))
    return str(getattr(translation, name)(*asked))


class SaidField(models.TextField):  # type: ignore[type-arg]
    """A text that is said in the language of whoever reads it; plain text stays as it was written."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Promise):
            value = str(value)
        return json.dumps(kept(value), ensure_ascii=False) if isinstance(value, Told) else value

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return said(json.loads(value)) if value and value.startswith(f'{{"{MARK}"') else value


class SaidJSONField(models.JSONField):
    """JSON in which texts are said in the language of whoever reads it."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(kept(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return said(super().from_db_value(value, expression, connection))
