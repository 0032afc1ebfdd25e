"""Access codes: made by human resources, entered by who was invited."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.calls.models.codes import MOST_USES
from partnerships.common.clock import end_of_day
from partnerships.common.days import DayField


class CodeForm(forms.Form):
    note = forms.CharField(
        label=_("For whom"),
        max_length=200,
        help_text=_("A name or a reason, for your colleagues: who gets in is seen in the history too."),
    )
    uses = forms.IntegerField(
        label=_("How many people may use it"), min_value=1, max_value=MOST_USES, initial=1
    )
    last_day = DayField(
        label=_("Last day"),
        help_text=_("Until the end of that day the application can be sent."),
    )

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "note": cleaned["note"],
            "uses": cleaned["uses"],
            "expires": end_of_day(cleaned["last_day"]),
        }


class EnterCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Access code"),
        max_length=40,
        help_text=_("Twelve letters and figures, such as K7MQ-2XH9-4PWT; capitals and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
