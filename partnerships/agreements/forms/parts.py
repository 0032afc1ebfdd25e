"""What several forms share: the term, the directions, a choice that is none."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.models import AgreementType
from partnerships.agreements.terms import unsaid
from partnerships.common.days import DayField
from partnerships.common.direction import directions

NOTE, TERMS = 2000, 6000


class TermForm(forms.Form):
    """From when until when; special terms in both languages."""

    # Of a form that does not ask it: whether what it follows, and so this one, is in both languages.
    bilingual_already = False

    starts = DayField(label=_("Effective date"))
    ends = DayField(label=_("Expiry date"), required=False)
    endless = forms.BooleanField(label=_("Without an end"), required=False)
    renew_months = forms.IntegerField(
        label=_("Renews by itself, by so many months"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("Left empty, it ends on its last day. Otherwise the last day is that of the first term."),
    )
    notice_days = forms.IntegerField(
        label=_("Notice period in days"),
        required=False,
        min_value=0,
        max_value=730,
        help_text=_("So long before the end you are asked what comes afterwards."),
    )
    terms_az = forms.CharField(
        label=_("Special terms in Azerbaijani"),
        required=False,
        max_length=TERMS,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    terms_en = forms.CharField(
        label=_("Special terms in English"),
        required=False,
        max_length=TERMS,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked for unless the tick below it says that there is none: `clean` says so.
        self.fields["ends"].asked_by_another = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if cleaned.get("endless"):
            if ends:
                self.add_error("endless", _("Give either a last day or none."))
            if cleaned.get("renew_months"):
                self.add_error("renew_months", _("What has no end does not renew."))
        elif not ends and "ends" not in self.errors:
            self.add_error("ends", _("Give the last day, or say that there is none."))
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day is before the first."))
        self._check_languages(cleaned)
        return cleaned

    def _check_languages(self, cleaned: dict[str, Any]) -> None:
        """What is signed in both languages says the same in both."""
        both = cleaned.get("bilingual", self.bilingual_already)
        for name, words in unsaid(both, cleaned.get("terms_az", ""), cleaned.get("terms_en", "")).items():
            if name not in self.errors:
                self.add_error(name, words)


def direction_choices() -> list[tuple[str, Any]]:
    return [(one.key, one.short_name) for one in directions()]


class WithDirections(TermForm):
    """With the directions covered; `of_type` gives what stands there at first."""

    directions = forms.MultipleChoiceField(
        label=_("Directions covered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    def __init__(self, *args: Any, of_type: AgreementType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = direction_choices()
        if of_type is not None:
            self.fields["notice_days"].initial = of_type.notice_days
            self.fields["renew_months"].initial = of_type.renew_months
            self.fields["directions"].initial = of_type.directions
            if of_type.directions:
                choices = [choice for choice in choices if choice[0] in of_type.directions]
        self.fields["directions"].choices = choices  # type: ignore[attr-defined]
