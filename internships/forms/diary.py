"""What the diary asks: a day, an absence, a signed paper."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from internships.enums import AbsenceReason
from internships.forms.acts import note_field
from internships.forms.applying import LongText
from partnerships.common.clock import day_in_words
from partnerships.common.days import DayField
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField

HOURS = tuple(range(1, 13))
QUARTERS = (0, 15, 30, 45)
MOST = 12 * 60
PAPER_DAYS = 31  # days of one signed paper


class DayForm(forms.Form):
    """One day: hours and minutes are tapped, not typed."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    hours = forms.TypedChoiceField(
        label=_("Hours"), coerce=int, choices=[(n, str(n)) for n in HOURS], widget=forms.RadioSelect
    )
    quarter = forms.TypedChoiceField(
        label=_("Minutes"), coerce=int, choices=[(n, f"{n:02d}") for n in QUARTERS], widget=forms.RadioSelect
    )
    site = forms.CharField(label=_("Where"), required=False, max_length=160)
    work = LongText(label=_("What I did"), required=False, max_length=4000)
    learned = LongText(label=_("What I learned"), required=False, max_length=2000)
    photo = DocumentField(kind=DocumentKind.PHOTO, label=_("Photo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].widget.attrs.update({"class": "form-control", "dir": "auto"})
        self.fields["learned"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "hours" in cleaned and "quarter" in cleaned and cleaned["hours"] * 60 + cleaned["quarter"] > MOST:
            self.add_error("hours", _t("A day has at most 12 hours."))
        return cleaned

    def values(self) -> dict[str, Any]:
        c = self.cleaned_data
        return {
            "minutes": c["hours"] * 60 + c["quarter"],
            "site": c["site"],
            "work": c["work"],
            "learned": c["learned"],
        }


class AbsenceForm(forms.Form):
    """A day on which the student is not there."""

    date = DayField(
        label=_("Day"), widget=forms.DateInput({"type": "date", "class": "form-control"}, "%Y-%m-%d")
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=AbsenceReason.choices, widget=forms.Select({"class": "form-select"})
    )
    note = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=500,
        widget=forms.TextInput({"class": "form-control", "dir": "auto"}),
    )


class PaperForm(forms.Form):
    """Days that the mentor signed on paper: hours by day, and the scan."""

    scan = DocumentField(kind=DocumentKind.SCAN, label=_("Scan of the signed paper"))
    note = note_field(_("Note"), required=False)

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        choices = [("", "—")] + [(str(30 * n), _half(n)) for n in range(1, 25)]
        for day in days:
            self.fields[f"d{day:%Y%m%d}"] = forms.ChoiceField(
                label=day_in_words(day),
                choices=choices,
                required=False,
                widget=forms.Select({"class": "form-select"}),
            )

    def hours(self) -> dict[date, int]:
        given = {day: self.cleaned_data.get(f"d{day:%Y%m%d}") for day in self.days}
        return {day: int(value) for day, value in given.items() if value}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.hours():
            raise ValidationError(_t("Give the hours of at least one day."))
        return cleaned


def _half(number: int) -> str:
    return f"{number // 2}:{'30' if number % 2 else '00'}"


class SpanForm(forms.Form):
    """Which days stand on the paper."""

    first = DayField()
    last = DayField()

    def days(self, default: tuple[date, date]) -> list[date]:
        first, last = default
        if self.is_valid() and self.cleaned_data["first"] <= self.cleaned_data["last"]:
            first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        number = min((last - first).days + 1, PAPER_DAYS)
        return [first + timedelta(days=n) for n in range(number)]


class AskForm(forms.Form):
    """A mentor's address, for the link again."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"class": "form-control", "autocomplete": "email"}),
    )
