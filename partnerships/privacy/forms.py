"""Forms of personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """One deliberate tick: what follows cannot be undone."""

    understood = forms.BooleanField(
        label=_("I understand that my account closes and that nothing of this can be brought back."),
        error_messages={"required": _("Tick this if you want to be erased.")},
    )
