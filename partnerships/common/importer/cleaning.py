"""Values of cells that several tables have."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partnerships.common.text import fold

FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y")
_YES = {"beli", "he", "yes", "true", "1", "+", "x"}
_NO = {"xeyr", "yox", "no", "false", "0", "-"}


def clean_day(text: str) -> date:
    """A day as a spreadsheet keeps it or as people type it: 2026-11-28, 28.11.2026, 28/11/2026."""
    for form in FORMS:
        try:
            return datetime.strptime(text.partition(" ")[0], form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise ValidationError(_("Write a date such as 28.11.2026."))


def clean_yes(text: str) -> bool:
    """Yes or no, in either language or as a mark."""
    word = fold(text)
    if word in _YES | _NO:
        return word in _YES
    raise ValidationError(_("Write yes or no."))
