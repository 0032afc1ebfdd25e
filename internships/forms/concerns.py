"""What a student tells past the mentor, and the answer to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from internships.forms.acts import ActForm, note_field
from internships.models import Concern


class ConcernForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Concern
        fields = ("topic", "text", "to_company")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].widget = forms.Textarea({"rows": 7, "dir": "auto", "data-count": "4000"})
        self.fields["text"].help_text = _("What happened, when, and what you would like to be done.")
        self.fields["to_company"].help_text = _(
            "Without this only your university reads it. The mentor never does."
        )


class AnswerForm(ActForm):
    note = note_field(
        _("Answer"),
        required=True,
        help_text=_("The student reads it."),
        missing=_("Write the answer: the student waits for it."),
    )


class AgainForm(ActForm):
    note = note_field(
        _("What is not settled"),
        required=True,
        missing=_("Write what is not settled, so that it can be looked into."),
    )
