"""What Django says of too long a text, a number out of bounds and a field left empty, in words for people.

Its own are "Ensure this value" and "This field is required", which nobody who filled in a form would say, and
which do not say what to do. Texts that actions refuse (`text.at_most`) read the same.
"""

from typing import Any

from django import forms
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
# What to do where a field that must not be empty is, by how it is filled in; a field may say it of itself.
EMPTY: dict[type[forms.Field], Any] = {
    forms.Field: _("Fill in this field."),
    forms.ChoiceField: _("Choose one."),
    forms.ModelChoiceField: _("Choose one."),
    forms.MultipleChoiceField: _("Choose at least one."),
    forms.ModelMultipleChoiceField: _("Choose at least one."),
    forms.BooleanField: _("Tick this."),
    forms.DateField: _("Give the date."),
    forms.TimeField: _("Give the time."),
    forms.IntegerField: _("Give a number."),
    forms.DecimalField: _("Give a number."),
    forms.EmailField: _("Write the e-mail address."),
    forms.FileField: _("Choose a file."),
}


def say_for_people() -> None:
    """Every form and model has these words from now on; a validator or a field with its own keeps it."""
    for field, words in EMPTY.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), "required": words}
    for validator, words in WORDS.items():
        validator.message = words
    DecimalValidator.messages |= FIGURES
