"""What a target and a reported value ask for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import today
from partnerships.common.forms import Differing, EitherDecimalField
from partnerships.directory.models import Organization
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField
from partnerships.indicators import catalogue
from partnerships.indicators.collecting import every_year
from partnerships.indicators.enums import Grade
from partnerships.indicators.models import ReportedValue, Target


def _text(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows, "dir": "auto"}), **kwargs)


class TargetForm(Differing, forms.Form):
    """What is aimed at, and why."""

    secret = ("note",)  # each setting has its own reason: there is none to compare with
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    value = EitherDecimalField(label=_("Target"), max_digits=16, decimal_places=2, min_value=Decimal(0))
    note = _text(_("Why this much"), max_length=500, required=False)

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def meet(self, stored: Target | None) -> None:
        """Somebody else was quicker: theirs stands beside what was typed."""
        self.initial["value"] = stored.value if stored else None
        self._stored_version = stored.version if stored else 0
        self.show_conflict()


class RecountForm(forms.Form):
    """Why a year is counted anew."""

    note = _text(_("Why"), max_length=500)


READ_OF_VALUE = ("version", "year", "amount", "grade", "partner", "source", "note")


class ValueForm(Differing, forms.Form):
    """A number with the paper in which it stands."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    indicator = forms.ChoiceField(label=_("Indicator"))
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organisation"), empty_label=None
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    amount = EitherDecimalField(label=_("Value"), max_digits=16, decimal_places=2, min_value=Decimal("0.01"))
    grade = forms.ChoiceField(label=_("How it was found"), choices=Grade.choices)
    partner = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("With which partner"),
        required=False,
        empty_label=_("None or several"),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The paper in which it stands: kind, number and date."),
    )
    note = _text(_("How it was worked out"), max_length=2000, required=False)
    evidence = DocumentField(kind=DocumentKind.OTHER, label=_("Evidence"), required=False)

    def __init__(
        self, *args: Any, own: list[Organization], value: ReportedValue | None = None, **kwargs: Any
    ) -> None:
        if value is not None:
            kwargs["initial"] = {name: getattr(value, name) for name in READ_OF_VALUE}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["year"].choices = [(year, year) for year in reversed(every_year()[:-1])]
        fields["year"].initial = today().year
        fields["partner"].queryset = Organization.objects.partners().order_by("sort_key", "pk")
        if value is not None:
            del fields["indicator"], fields["organization"]
            return
        fields["indicator"].choices = [
            (one.key, f"{one.title} ({one.unit})") for one in catalogue.reported_ones()
        ]
        fields["organization"].queryset = Organization.objects.filter(pk__in=[one.pk for one in own])
        fields["organization"].initial = own[0].pk if own else None
        if len(own) == 1:
            fields["partner"].queryset = fields["partner"].queryset.exclude(pk=own[0].pk)
            fields["organization"].widget = forms.HiddenInput()

    def meet(self, stored: ReportedValue) -> None:
        """It was corrected in another window: that stands beside what was typed, which is written when sent
        again."""
        self.initial.update({name: getattr(stored, name) for name in READ_OF_VALUE})
        self._stored_version = stored.version
        self.show_conflict()


class ActForm(forms.Form):
    """A verb without a word to it; the version that was read travels along."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def meet(self, _stored: ReportedValue) -> None:
        """What one has not read is not confirmed: not by sending the same page again either."""
        self.add_error(
            None,
            _now("The number was corrected meanwhile. Go back and read it before you confirm it."),
        )
