"""What a student's personal code is needed for."""

from django import forms
from django.utils.translation import gettext_lazy as _

REASONS = (
    ("pass", _("Pass to the site")),
    ("contract", _("Contract on paper")),
    ("order", _("Order of the company or the university")),
    ("insurance", _("Insurance")),
)


class CodeForm(forms.Form):
    """The reason is kept in the words of the reader who gave it."""

    why = forms.ChoiceField(
        label=_("What is it needed for?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        help_text=_("The student sees who looked, when and what for."),
    )

    def clean_why(self) -> str:
        return str(dict(REASONS)[self.cleaned_data["why"]])
