"""What agreements ask for: the draft, the signature, the paper, the reason."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import reports
from partnerships.agreements.enums import SIGNERS
from partnerships.agreements.models import Agreement, Party
from partnerships.common.clock import today
from partnerships.directory.enums import Kind
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import MultipleDocumentField

NOTE, TERMS = 2000, 6000


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


def take_errors(form: forms.Form, error: ValidationError) -> None:
    """Put what an action refused on its fields, the rest on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


class TermForm(forms.Form):
    """From when until when; special terms in both languages."""

    starts = forms.DateField(label=_("Effective date"), widget=day_input())
    ends = forms.DateField(label=_("Expiry date"), widget=day_input(), required=False)
    endless = forms.BooleanField(label=_("Without an end"), required=False)
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

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if cleaned.get("endless"):
            if ends:
                self.add_error("endless", _("Give either a last day or none."))
        elif not ends and "ends" not in self.errors:
            self.add_error("ends", _("Give the last day, or say that there is none."))
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day is before the first."))
        return cleaned


class FrameworkForm(TermForm):
    """A framework agreement of one's company with a university."""

    field_order = ("company", "university", "starts", "ends", "endless", "bilingual", "terms_az", "terms_en")
    university = forms.ModelChoiceField(Organization.objects.none(), label=_("University"))
    company = forms.ModelChoiceField(Organization.objects.none(), label=_("Company"))
    bilingual = forms.BooleanField(
        label=_("In Azerbaijani and English, side by side"),
        required=False,
        help_text=_("For partners from other countries."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        companies = Organization.objects.filter(pk__in=reports.opens_frameworks(user))
        self.fields["company"].queryset = companies.order_by("sort_key")  # type: ignore[attr-defined]
        if len(found := list(companies[:2])) == 1:
            self.fields["company"].initial = found[0].pk
            self.fields["company"].widget = forms.HiddenInput()
        universities = Organization.objects.partners().filter(kind=Kind.UNIVERSITY)
        self.fields["university"].queryset = universities.order_by("sort_key")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "endless"}


class DraftForm(TermForm):
    """Everything of a draft that may still change."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    bilingual = forms.BooleanField(label=_("In Azerbaijani and English, side by side"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "starts": agreement.starts,
            "ends": agreement.ends,
            "endless": agreement.ends is None,
            "terms_az": agreement.terms_az,
            "terms_en": agreement.terms_en,
            "bilingual": agreement.bilingual,
            "version": agreement.version,
        }
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.organizations = [party for party in agreement.in_order if party.organization_id is not None]
        for party in self.organizations:
            self._add_signatory(party)

    def _add_signatory(self, party: Party) -> None:
        words = {"party": party.get_role_display()}
        people = _may_be_named(party)
        self.fields[f"signatory_{party.role}"] = forms.ModelChoiceField(
            people,
            label=_t("%(party)s: who signs") % words,
            required=False,
            initial=party.signatory_id,
            help_text=_t("Left open, anyone whose role signs for this party may."),
        )
        self.fields[f"position_{party.role}"] = forms.CharField(
            label=_t("%(party)s: position of who signs") % words,
            required=False,
            max_length=200,
            initial=party.position,
        )

    def signatories(self) -> dict[str, tuple[Person | None, str]]:
        found = {}
        for party in self.organizations:
            person = self.cleaned_data[f"signatory_{party.role}"]
            position = self.cleaned_data[f"position_{party.role}"]
            if person is not None and not position:
                position = _position_of(person, party)
            found[party.role] = (person, position)
        return found


def _may_be_named(party: Party) -> Any:
    """Those whose role signs for the party."""
    assert party.unit is not None
    above = [int(key) for key in party.unit.path.split(".") if key]
    holders = Affiliation.objects.current().filter(role__in=SIGNERS[party.role], organization_id__in=above)
    people = Person.objects.filter(pk__in=holders.values("person_id"))
    if party.signatory_id is not None:
        people = people | Person.objects.filter(pk=party.signatory_id)
    return people.order_by("sort_key", "pk")


def _position_of(person: Person, party: Party) -> str:
    rows = Affiliation.objects.current().filter(person=person, organization__root=party.organization)
    found = rows.exclude(position="").first()
    return found.position if found else ""


class AmendForm(TermForm):
    """What changes in an agreement: its term, or terms in words."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "starts": agreement.starts,
            "ends": agreement.ends,
            "endless": agreement.ends is None,
        }
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class SignForm(forms.Form):
    """One's legal name under a text that was read. The fingerprint says which text."""

    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    legal_name = forms.CharField(
        label=_("Your name, as in your documents"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name", "dir": "auto"}),
    )
    read = forms.BooleanField(
        label=_("I have read the whole text and agree to it."),
        error_messages={"required": _("Read the text first, then say so.")},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_name"].help_text = name


class PaperForm(forms.Form):
    """The scan of the paper signed by hand, the date on it and the names under it."""

    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    scan = MultipleDocumentField(kind=DocumentKind.OTHER, label=_("Scan of the signed paper"))
    signed_on = forms.DateField(label=_("Date on the paper"), widget=day_input())

    def __init__(self, *args: Any, parties: Iterable[Party], own_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = list(parties)
        if own_name:
            self.fields["legal_name"] = forms.CharField(
                label=_("Your name, as in your documents"), max_length=200
            )
            return
        for party in self.parties:
            self.fields[f"name_{party.pk}"] = forms.CharField(
                label=_t("Who signed for: %(party)s") % {"party": party.name},
                max_length=200,
                initial=party.person.full_name
                if party.person
                else party.signatory.full_name
                if party.signatory
                else "",
            )

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > today():
            raise ValidationError(_("This date lies in the future."))
        return day

    def names(self) -> dict[int, str]:
        return {party.pk: self.cleaned_data[f"name_{party.pk}"] for party in self.parties}


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": str(NOTE)}),
    )


class ReasonForm(forms.Form):
    note = forms.CharField(
        label=_("Reason"),
        max_length=NOTE,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": str(NOTE)}),
        help_text=_("All parties read it."),
        error_messages={"required": _("Say why: the other side reads it.")},
    )
