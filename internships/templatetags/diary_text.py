"""How the diary tells hours and days."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from internships.weeks import hours_in_words
from partnerships.common.text import az_lower

register = template.Library()


@register.filter
def hours(minutes: Any) -> str:
    """390 is 6 h 30 min."""
    return hours_in_words(minutes or 0)


@register.filter
def weekday(day: date) -> str:
    """Monday, in the language of the page."""
    return date_format(day, "l")


@register.filter
def weekday_inside(day: date) -> str:
    """The same within a line: Azerbaijani writes it small there."""
    name = date_format(day, "l")
    return az_lower(name) if get_language() == "az" else name
