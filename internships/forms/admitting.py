"""What is written down of a safety admission, and of the onboarding list."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from internships.actions.admitting import BRIEFINGS, PARTICULARS, clearance_errors
from internships.enums import ClearanceKind, OnboardingKind
from internships.forms.placing import day_field
from internships.models import Clearance, HazardClass, OnboardingTask, Placement
from partnerships.common.clock import today

GROUPS = [("", "—"), *((number, roman) for number, roman in enumerate(("I", "II", "III", "IV", "V"), 1))]

OWED_OF_BRIEFING: tuple[str, ...] = ("given_by", "journal_number")
OWED: dict[str, tuple[str, ...]] = {
    ClearanceKind.ELECTRICAL_GROUP: (*OWED_OF_BRIEFING, "giver_group", "group")
}


def group_field(label: Any, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=GROUPS, coerce=int, empty_value=None, required=False, **kwargs
    )


class Admission(forms.Form):
    """Errors of the action stand on its fields."""

    done_on = day_field(_("Date"))
    given_by = forms.CharField(
        label=_("Given by"), max_length=160, required=False, help_text=_("Name and position.")
    )
    giver_group = group_field(_("Electrical-safety group of the one who gave it"))
    journal_number = forms.CharField(label=_("Number in the journal"), max_length=40, required=False)
    group = group_field(_("Group given to the student"))
    valid_until = day_field(_("Valid until"), required=False)

    def against(self, hazard: HazardClass, kind: str) -> dict[str, Any]:
        """What the rules say against what could be read of it: told together with what could not."""
        given = {name: self.cleaned_data.get(name) for name in Admission.base_fields}
        if kind == ClearanceKind.ELECTRICAL_GROUP:
            given["group"] = given["group"] or hazard.electrical_group
        return clearance_errors(hazard, kind, given)

    def take(self, found: Mapping[str, Any]) -> None:
        for name, words in found.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)

    def refuse(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(errors))


class ClearanceForm(Admission):
    """One part of the admission; it asks for what that part needs and for nothing else."""

    def __init__(
        self, data: Any = None, *, hazard: HazardClass, kind: str, found: Clearance | None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.hazard, self.kind = hazard, kind
        if kind not in BRIEFINGS:
            for name in ("given_by", "giver_group", "journal_number"):
                del self.fields[name]
        if kind == ClearanceKind.ELECTRICAL_GROUP:
            self.fields["group"].initial = hazard.electrical_group
            self.fields["valid_until"].help_text = _("Empty: as long as the hazard class says.")
        else:
            del self.fields["group"]
        if kind == ClearanceKind.MEDICAL:
            self.fields["done_on"].label = _("Date of the paper")
            self.fields["valid_until"].label = _("Cleared until")
            self.fields["valid_until"].help_text = _("Only the date is kept, never a diagnosis.")
            self.fields["valid_until"].required = True
        if kind == ClearanceKind.OF_AGE:
            self.fields["done_on"].label = _("Document seen on")
            self.fields["done_on"].help_text = _("That the student is of age; no date of birth is kept.")
            del self.fields["valid_until"]
        # Asked for by the part itself: `clean` says on each what is missing, all at once.
        for name in OWED.get(kind, OWED_OF_BRIEFING if kind in BRIEFINGS else ()):
            self.fields[name].asked_by_another = True  # type: ignore[attr-defined]
        self.fields["done_on"].initial = today()
        for name in self.fields if found is not None else ():
            self.fields[name].initial = getattr(found, name)

    def clean(self) -> dict[str, Any]:
        self.take(self.against(self.hazard, self.kind))
        return self.cleaned_data


class BriefingForm(Admission):
    """One briefing of many students: the parts that were given, once for all."""

    kinds = forms.MultipleChoiceField(
        label=_("What was done"), widget=forms.CheckboxSelectMultiple, required=True
    )
    field_order = ("kinds", "done_on", "given_by", "giver_group", "journal_number", "group", "valid_until")

    def __init__(self, data: Any = None, *, placements: Sequence[Placement], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.hazards = [placement.hazard for placement in placements if placement.hazard]
        asked = {kind for hazard in self.hazards for kind in hazard.required}
        # Each student's own papers are looked at one by one.
        own = {ClearanceKind.MEDICAL, ClearanceKind.OF_AGE}
        shown = [kind for kind in ClearanceKind if kind in asked - own]
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in shown]  # type: ignore[attr-defined]
        self.fields["done_on"].initial = today()
        if ClearanceKind.ELECTRICAL_GROUP not in asked:
            del self.fields["group"]
        # Asked for by the parts that are ticked.
        for name in (*OWED_OF_BRIEFING, "giver_group"):
            self.fields[name].asked_by_another = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What none of the students could be given is told here; what one cannot, beside their name."""
        for kind in self.cleaned_data.get("kinds", ()):
            found = [self.against(hazard, kind) for hazard in self.hazards if kind in hazard.required]
            self.take({name: words for name, words in found[0].items() if all(name in one for one in found)})
        return self.cleaned_data


class ParticularsForm(forms.Form):
    """The student's own lines of the onboarding list."""

    HINTS = {
        OnboardingKind.EMERGENCY_CONTACT: _(
            "Name and phone. Read by you, the mentor and human resources alone."
        ),
        OnboardingKind.EQUIPMENT_SIZE: _("Clothing, shoes, head: 50, 43, 57."),
        OnboardingKind.TRANSPORT: _("How you come to the site, from where."),
    }

    def __init__(self, data: Any = None, *, tasks: Sequence[OnboardingTask]) -> None:
        super().__init__(data)
        for task in tasks:
            if task.kind in PARTICULARS:
                kind = OnboardingKind(task.kind)
                self.fields[task.kind] = forms.CharField(
                    label=kind.label,
                    max_length=200,
                    required=False,
                    initial=task.value,
                    help_text=self.HINTS[kind],
                )
