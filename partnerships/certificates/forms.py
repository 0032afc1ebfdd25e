"""The code to check, the reason of an end, the objects of a batch."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partnerships.certificates import codes


class CodeForm(forms.Form):
    """A check code as people type it: small letters, spaces and hyphens do not matter."""

    code = forms.CharField(
        label=_("Check code"),
        max_length=80,
        help_text=_("Twelve letters and digits at the foot of the certificate, for example K7MH-3XPD-9DFT."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = codes.normalise(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _(
                    "This is not a check code. It has twelve characters; the letters A, B, E, I, L, O, Q, S, "
                    "U, Z and the digits 0, 1, 2, 5, 8 never occur in it."
                ),
                code="shape",
            )
        return code


class ReasonForm(forms.Form):
    note = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": ""}),
        help_text=_("Everybody who checks the certificate reads it."),
    )


class BatchForm(forms.Form):
    """What is chosen on the page of those who wait; `everyone` takes all of them."""

    pick = forms.MultipleChoiceField(required=False)
    everyone = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, initial="az")

    def __init__(self, *args: Any, uids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pick"].choices = [(uid, uid) for uid in uids]  # type: ignore[attr-defined]
