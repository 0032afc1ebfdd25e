"""How figures of a practice are written."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from internships.papers import plain_credits
from partnerships.common.templatetags.figures import grouped

register = template.Library()

ROMAN = ("", "I", "II", "III", "IV", "V")


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours of the clock: 42 h, 12,5 h."""
    value = round((minutes or 0) / 60, 1)
    places = 0 if value == int(value) else 1
    return _("%(hours)s h") % {"hours": number_format(value, places, use_l10n=True, force_grouping=True)}


@register.filter("credits")
def credits_shown(number: Decimal) -> str:
    """9 and 10,5: no zero after the sign."""
    return grouped(plain_credits(number))


@register.filter
def roman(group: int | None) -> str:
    """The number of an electrical-safety group, as it is written."""
    return ROMAN[group or 0]
