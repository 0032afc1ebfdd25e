"""Days and moments that people type."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from partnerships.common.clock import today

# Whoever types "26" into a calendar's year has typed the year 26. Nothing here is older than the oldest
# partner's papers, and what ends after the year 2199 has no end.
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
FIRST_YEAR, LAST_YEAR = 2000, 2100  # years of the calendars
MOMENT = "%Y-%m-%dT%H:%M"


def day_asked(text: str) -> date:
    """The day of an address, today where it names none. Raises Http404 where no calendar of ours has it."""
    try:
        day = date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise Http404 from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Http404
    return day


def validate_day(day: date) -> None:
    """A day, or a moment, in a year that somebody can mean. Raises ValidationError."""
    if not FIRST.year <= day.year <= LAST.year:
        raise ValidationError(
            _("The year %(year)s cannot be meant: write it in full, between %(first)s and %(last)s."),
            code="year",
            params={"year": day.year, "first": FIRST.year, "last": LAST.year},
        )


def validate_days(**days: date | None) -> None:
    """The same of several, by the names of their fields. Raises ValidationError."""
    wrong = {}
    for name, day in days.items():
        try:
            if day is not None:
                validate_day(day)
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)


class DayField(forms.DateField):
    """A day, drawn with a calendar in whose year four digits fit."""

    default_validators = [validate_day]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, "%Y-%m-%d"))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        bounds = {"min": FIRST.isoformat(), "max": LAST.isoformat()}
        return {**super().widget_attrs(widget), **bounds, **widget.attrs}


class MomentField(forms.DateTimeField):
    """A day with its hour, in the same years."""

    default_validators = [validate_day]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput({"type": "datetime-local"}, MOMENT))
        super().__init__(**kwargs)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        bounds = {"min": f"{FIRST:%Y-%m-%d}T00:00", "max": f"{LAST:%Y-%m-%d}T23:59"}
        return {**super().widget_attrs(widget), **bounds, **widget.attrs}
