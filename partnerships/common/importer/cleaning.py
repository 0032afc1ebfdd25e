"""Values of cells that several tables have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from partnerships.common.days import validate_day
from partnerships.common.text import fold
from partnerships.common.told import joined

FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y")
_YES = {"beli", "he", "yes", "true", "1", "+", "x"}
_NO = {"xeyr", "yox", "no", "false", "0", "-"}


def clean_day(text: str) -> date:
    """A day as a spreadsheet keeps it or as people type it: 2026-11-28, 28.11.2026, 28/11/2026."""
    for form in FORMS:
        try:
            day = datetime.strptime(text.partition(" ")[0], form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
        validate_day(day)
        return day
    raise ValidationError(_("Write a date such as 28.11.2026."))


def clean_yes(text: str) -> bool:
    """Yes or no, in either language or as a mark."""
    word = fold(text)
    if word in _YES | _NO:
        return word in _YES
    raise ValidationError(_("Write yes or no."))


def words_of(choices: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Folded word in any language of the portal, or the value itself -> value."""
    choices = list(choices)
    words = {fold(value): value for value, _label in choices}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words |= {fold(str(label)): value for value, label in choices}
    return words


@dataclass(frozen=True)
class OneOf:
    """text -> the value of a choice, by its words in either language; `others`: further folded words.

    `choices` is asked for at each use, since a direction may add to it. Pages and template say by `offered`
    what a column takes.
    """

    choices: Callable[[], Iterable[tuple[Any, Any]]]
    others: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, text: str) -> Any:
        found = self._meant(text)
        if found is None:
            raise ValidationError(one_of(self.offered()))
        return found

    def _meant(self, text: str) -> Any:
        return (words_of(self.choices()) | dict(self.others)).get(fold(text))

    def said(self, text: str) -> str:
        """The same word as the reader reads it."""
        found = self._meant(text)
        return next((str(label) for value, label in self.choices() if value == found), text)

    def offered(self) -> list[Any]:
        """The words, as the reader reads them."""
        return [label for _value, label in self.choices()]


def one_of(words: Iterable[Any]) -> str:
    """What may be written, as a sentence."""
    return _("Write one of these: %(words)s.") % {"words": joined(words, "; ")}
