"""What Django's validators say of a text that is too long and of a number out of bounds, in words for people.

Their own begin with "Ensure this value", which nobody who filled in a form would say. Texts that actions
refuse (`text.at_most`) read the same.
"""

from typing import Any

from django.core.validators import (
    BaseValidator,
    DecimalValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

WORDS: dict[type[BaseValidator], Any] = {
    MaxLengthValidator: ngettext_lazy(
        "At most %(limit_value)d character can be kept here; you wrote %(show_value)d. Shorten the text.",
        "At most %(limit_value)d characters can be kept here; you wrote %(show_value)d. Shorten the text.",
        "limit_value",
    ),
    MinValueValidator: _("It must be at least %(limit_value)s."),
    MaxValueValidator: _("It can be at most %(limit_value)s."),
}
# How many figures a number may have: in all, after the point, before it.
FIGURES: dict[str, Any] = {
    "max_digits": ngettext_lazy(
        "The number is too long: at most %(max)s figure.",
        "The number is too long: at most %(max)s figures.",
        "max",
    ),
    "max_decimal_places": ngettext_lazy(
        "Write at most %(max)s figure after the point.",
        "Write at most %(max)s figures after the point.",
        "max",
    ),
    "max_whole_digits": ngettext_lazy(
        "The number is too large: at most %(max)s figure before the point.",
        "The number is too large: at most %(max)s figures before the point.",
        "max",
    ),
}


def say_for_people() -> None:
    """Every form and model has these words from now on; a validator with a message of its own keeps it."""
    for validator, words in WORDS.items():
        validator.message = words
    DecimalValidator.messages |= FIGURES
