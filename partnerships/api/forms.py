"""What a token is for: the same on the page and over the API."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.api.actions import LONGEST, USUAL
from partnerships.api.networks import cleaned
from partnerships.common import scopes


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What for"), max_length=80, help_text=_("Such as the name of the program, to know it by.")
    )
    writes = forms.TypedChoiceField(
        label=_("What it may do"),
        choices=(("", _("Read only")), ("yes", _("Read and change, as you may"))),
        coerce=bool,
        required=False,
        empty_value=False,  # type: ignore[arg-type]  # what nobody chose reads only
        widget=forms.RadioSelect,
    )
    group = forms.ChoiceField(label=_("Limited to"), required=False)
    networks = forms.CharField(
        label=_("Only from these addresses"),
        required=False,
        max_length=400,
        help_text=_("IP addresses or networks: 203.0.113.7, 203.0.113.0/24. Empty: from everywhere."),
    )
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1, max_value=LONGEST, initial=USUAL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = scopes.groups()

    def clean_networks(self) -> str:
        return cleaned(self.cleaned_data["networks"])
