"""What whoever opens a contract may word otherwise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from internships.agreements import PLACES
from internships.contracts import WORDED, values_of
from internships.models import Placement

MOST = 1500


class ContractForm(forms.Form):
    """Clauses with their usual words, to be left or worded otherwise; one language or two."""

    bilingual = forms.BooleanField(
        label=_("In Azerbaijani and English, side by side"),
        required=False,
        help_text=_("For citizens of other countries."),
    )

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bilingual"].initial = placement.person.is_foreigner
        usual = values_of(placement)
        for name in WORDED:
            if name == "recognition" and placement.university_id is None:
                continue
            self.fields[name] = forms.CharField(
                label=PLACES[name],
                initial=usual[name]["az"],
                max_length=MOST,
                widget=forms.Textarea({"rows": 3, "dir": "auto"}),
            )

    def values(self) -> dict[str, Any]:
        words = {name: text for name, text in self.cleaned_data.items() if name in WORDED}
        return {"bilingual": self.cleaned_data["bilingual"], "words": words}
