"""What goes with a decision of the company on one application."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from internships.conditions import place_refusal
from internships.enums import RefusalCode
from internships.models import Application, Assessment, Choice
from partnerships.seats import actions as seats

NOTE = 2000


def take_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an action refused on the fields that it names, the rest on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name != NON_FIELD_ERRORS and name in form.fields else None, errors)


def place_label(choice: Choice, university_id: int | None) -> str:
    """1. Substations · Summer: 3 of 12 free, your university's quota named when it is what binds."""
    vacancy, pool = choice.vacancy, choice.vacancy.pool
    words = {"rank": choice.rank, "place": vacancy.position.title, "period": vacancy.period.name}
    head = _t("%(rank)s. %(place)s, %(period)s") % words
    free = ngettext("%(left)s of %(all)s seat is free", "%(left)s of %(all)s seats are free", pool.capacity)
    parts = [head, free % {"left": max(0, pool.left), "all": pool.capacity}]
    quota = next((row for row in pool.quotas.all() if row.organization_id == university_id), None)
    if quota is not None:
        parts.append(
            _t("quota of the university: %(taken)s of %(places)s used")
            % {"taken": quota.taken, "places": quota.places}
        )
    elif (why := seats.refusal(pool, university_id)) is not None and pool.left > 0:
        parts.append(str(why.reason))
    return " · ".join(parts)


class OfferForm(forms.Form):
    vacancy = forms.ChoiceField(label=_("Place"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the student"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": "1"}),
    )

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data)
        if data is None:
            self.show(application)
            return
        # What was sent is compared with the places chosen; seats and quotas are only read to be shown.
        chosen = [choice.vacancy for choice in application.choices.select_related("vacancy")]
        self._vacancies = {str(vacancy.pk): vacancy for vacancy in chosen}
        self.fields["vacancy"].choices = [(key, key) for key in self._vacancies]  # type: ignore[attr-defined]

    def show(self, application: Application) -> None:
        """Name the places with what is free now; `application` comes with its choices."""
        choices = list(application.choices.all())
        self.fields["vacancy"].choices = [  # type: ignore[attr-defined]
            (str(choice.vacancy_id), place_label(choice, application.university_id)) for choice in choices
        ]
        if self.is_bound:  # what was chosen stays chosen
            return
        free = [choice for choice in choices if place_refusal(application, choice.vacancy) is None]
        if free:
            self.fields["vacancy"].initial = str(free[0].vacancy_id)

    def values(self) -> dict[str, Any]:
        return {
            "vacancy": self._vacancies.get(self.cleaned_data["vacancy"]),
            "note": self.cleaned_data["note"],
        }


class WaitlistForm(forms.Form):
    note = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def values(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


class RefuseForm(forms.Form):
    code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("What the student reads"),
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "1"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        given = [choice for choice in RefusalCode.choices if choice[0] != RefusalCode.CANCELLED]
        self.fields["code"].choices = [("", _("Choose a reason")), *given]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {"code": self.cleaned_data["code"], "note": self.cleaned_data["note"]}


class AssessForm(forms.ModelForm):  # type: ignore[type-arg]
    """One colleague's own score and note; nobody else edits them."""

    class Meta:
        model = Assessment
        fields = ("score", "note")
        widgets = {
            "score": forms.NumberInput(attrs={"min": 0, "max": 100, "inputmode": "numeric"}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"score": _("A score alone or a note alone is enough.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("score", "note"):  # one of the two has to be there: `clean`
            self.fields[name].asked_by_another = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("score") is None and not cleaned.get("note") and not self.errors:
            self.add_error("score", _("Give a score or write a note."))
        return cleaned
