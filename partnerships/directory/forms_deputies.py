"""Forms of deputies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.common.days import DayField
from partnerships.directory.models import Affiliation, Person


class DeputyForm(forms.Form):
    role = forms.CharField(required=False, widget=forms.HiddenInput)
    deputy = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who stands in"), empty_label=_("Choose a colleague")
    )
    starts = DayField(label=_("First day"))
    ends = DayField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Leave, a business trip: the deputy reads it.")
    )

    def __init__(self, data: Any = None, *, people: Any, role: Affiliation) -> None:
        super().__init__(data, initial={"role": role.uid})
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]
        self.fields["deputy"].label_from_instance = lambda person: person.full_name  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class EndForm(forms.Form):
    """Nothing to say: the button is the act."""
