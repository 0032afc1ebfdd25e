"""What a draft, a proposal, an amendment and a renewal ask for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import reports
from partnerships.agreements.actions.pieces import position_at, slots
from partnerships.agreements.enums import SIGNERS
from partnerships.agreements.first_types import offered_types
from partnerships.agreements.forms.parts import NOTE, TermForm, WithDirections
from partnerships.agreements.models import Agreement, AgreementType, Party
from partnerships.agreements.terms import as_long
from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.common.forms import Differing
from partnerships.directory.enums import Kind
from partnerships.directory.models import Affiliation, Organization, Person


class FrameworkForm(WithDirections):
    """A framework agreement of one's company with a university."""

    field_order = (
        "company",
        "university",
        "starts",
        "ends",
        "endless",
        "renew_months",
        "notice_days",
        "directions",
        "bilingual",
        "terms_az",
        "terms_en",
    )
    university = forms.ModelChoiceField(Organization.objects.none(), label=_("University"))
    company = forms.ModelChoiceField(Organization.objects.none(), label=_("Company"))
    bilingual = forms.BooleanField(
        label=_("In Azerbaijani and English, side by side"),
        required=False,
        help_text=_("For partners from other countries."),
    )

    def __init__(self, *args: Any, user: Any, partner: Organization | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner is not None:
            self.fields["university"].initial = partner.pk
        companies = Organization.objects.filter(pk__in=reports.opens_frameworks(user))
        self.fields["company"].queryset = companies.order_by("sort_key")  # type: ignore[attr-defined]
        if len(found := list(companies[:2])) == 1:
            self.fields["company"].initial = found[0].pk
            self.fields["company"].widget = forms.HiddenInput()
        universities = Organization.objects.partners().filter(kind=Kind.UNIVERSITY)
        self.fields["university"].queryset = universities.order_by("sort_key")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        found = {name: value for name, value in self.cleaned_data.items() if name != "endless"}
        return {**found, "directions": found["directions"] or None}


class PartiesForm(WithDirections):
    """An agreement of one's organisation with one or more partners."""

    field_order = ("owner", "partners", *FrameworkForm.field_order[2:])
    owner = forms.ModelChoiceField(Organization.objects.none(), label=_("Your organisation"))
    partners = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label=_("Partners"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They sign in this order, your organisation last."),
        error_messages={"required": _("Choose at least one partner: they sign with you.")},
    )
    bilingual = forms.BooleanField(
        label=_("In Azerbaijani and English, side by side"),
        required=False,
        help_text=_("For partners from other countries."),
    )

    def __init__(self, *args: Any, user: Any, partner: Organization | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner is not None:
            self.fields["partners"].initial = [partner.pk]
        own = reports.opens_for(user)
        _only(self, "owner", own)
        partners = Organization.objects.partners().exclude(pk__in=own[:1] if own.count() == 1 else [])
        self.fields["partners"].queryset = partners.order_by("sort_key")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("owner") in list(cleaned.get("partners") or []):
            self.add_error("partners", _("Your organisation is a party already: choose the others."))
        return cleaned

    def values(self) -> dict[str, Any]:
        found = {name: value for name, value in self.cleaned_data.items() if name != "endless"}
        return {**found, "directions": found["directions"] or None}


def _only(form: forms.Form, name: str, rows: Any) -> None:
    """A choice among these rows; where there is one, it is not asked."""
    form.fields[name].queryset = rows  # type: ignore[attr-defined]
    if len(found := list(rows[:2])) == 1:
        form.fields[name].initial = found[0].pk
        form.fields[name].widget = forms.HiddenInput()


class ProposeForm(forms.Form):
    """A partner asks another for an agreement."""

    asking = forms.ModelChoiceField(Organization.objects.none(), label=_("Your organisation"))
    type = forms.ModelChoiceField(AgreementType.objects.none(), label=_("Type of agreement"))
    owner = forms.ModelChoiceField(Organization.objects.none(), label=_("With whom"))
    starts = DayField(label=_("Effective date"))
    ends = DayField(
        label=_("Expiry date"),
        required=False,
        help_text=_("Left empty: without an end. The other side may change the dates."),
    )
    note = forms.CharField(
        label=_("What for"),
        max_length=NOTE,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": str(NOTE)}),
        help_text=_("What you want to do together, in a few sentences."),
        error_messages={"required": _("Say what for: the other side decides by it.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = reports.speaks_for(user)
        _only(self, "asking", own)
        self.fields["type"].queryset = AgreementType.objects.filter(
            pk__in=[one.pk for one in offered_types()]
        )  # type: ignore[attr-defined]
        companies = Organization.objects.partners().filter(kind=Kind.COMPANY).exclude(pk__in=own)
        self.fields["owner"].queryset = companies.order_by("sort_key")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends, chosen = cleaned.get("starts"), cleaned.get("ends"), cleaned.get("type")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day is before the first."))
        asking = cleaned.get("asking")
        if chosen is not None and asking is not None and chosen.kind.roles and asking.kind != Kind.UNIVERSITY:
            self.add_error("type", _("This type is made with a university."))
        return cleaned

    def values(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        of_type = found.pop("type")
        return {**found, "of_type": of_type}


class DraftForm(Differing, WithDirections):
    """Everything of a draft that may still change; the slower of two editors is shown what differs."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    bilingual = forms.BooleanField(label=_("In Azerbaijani and English, side by side"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "starts": agreement.starts,
            "ends": agreement.period_ends,
            "endless": agreement.period_ends is None,
            "renew_months": agreement.renew_months,
            "notice_days": agreement.notice_days,
            "directions": agreement.directions,
            "terms_az": agreement.terms_az,
            "terms_en": agreement.terms_en,
            "bilingual": agreement.bilingual,
            "version": agreement.version,
        }
        super().__init__(*args, of_type=agreement.type, **kwargs)
        self.agreement = agreement
        self._stored_version = agreement.version
        if agreement.is_for_one_practice:
            for name in ("renew_months", "notice_days", "directions"):
                del self.fields[name]
        self.organizations = {
            slot: party for slot, party in slots(agreement).items() if party.organization_id is not None
        }
        for slot, party in self.organizations.items():
            self._add_signatory(slot, party)

    def meet(self, stored: Agreement) -> None:
        """Somebody else was quicker: it is `stored` by now."""
        now = DraftForm(agreement=stored)
        for name, field in now.fields.items():
            self.initial[name] = now.get_initial_for_field(field, name)
        self._stored_version = stored.version
        self.show_conflict()

    def _add_signatory(self, slot: str, party: Party) -> None:
        words = {"party": party.get_role_display() if slot == party.role else party.name}
        people = _may_be_named(party)
        self.fields[f"signatory_{slot}"] = forms.ModelChoiceField(
            people,
            label=_t("%(party)s: who signs") % words,
            required=False,
            initial=party.signatory_id,
            help_text=_t("Left open, anyone whose role signs for this party may."),
        )
        self.fields[f"position_{slot}"] = forms.CharField(
            label=_t("%(party)s: position of who signs") % words,
            required=False,
            max_length=200,
            initial=party.position,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for slot, party in self.organizations.items():
            person, position = cleaned.get(f"signatory_{slot}"), cleaned.get(f"position_{slot}")
            if person is not None and not position and not position_at(person, party):
                self.add_error(
                    f"position_{slot}", _("The portal does not know this person's position: write it.")
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        asked = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "endless" and not name.startswith(("signatory_", "position_"))
        }
        return {**asked, "signatories": self.signatories()}

    def signatories(self) -> dict[str, tuple[Person | None, str]]:
        found = {}
        for slot, party in self.organizations.items():
            person = self.cleaned_data[f"signatory_{slot}"]
            position = self.cleaned_data[f"position_{slot}"]
            if person is not None and not position:
                position = position_at(person, party)
            found[slot] = (person, position)
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


class AmendForm(TermForm):
    """What changes in an agreement: its term, or terms in words."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "starts": agreement.starts,
            "ends": agreement.period_ends,
            "endless": agreement.period_ends is None,
            "renew_months": agreement.renew_months,
            "notice_days": agreement.notice_days,
        }
        super().__init__(*args, **kwargs)
        self.bilingual_already = agreement.bilingual

    def values(self) -> dict[str, Any]:
        # An empty field takes the renewal away; one that was not drawn leaves it.
        drawn = "renew_months" in self.data or self.cleaned_data["renew_months"] is not None
        months = (self.cleaned_data["renew_months"] or 0) if drawn else None
        return {**self.cleaned_data, "renew_months": months}


class RenewForm(TermForm):
    """The term of the agreement that comes after this one: as long as this, from the day after its end."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        ends = agreement.period_ends
        starts = ends + timedelta(days=1) if ends else today()
        kwargs["initial"] = {
            "starts": starts,
            "ends": as_long(agreement.starts, ends, starts) if ends else None,
            "endless": ends is None,
            "renew_months": agreement.renew_months,
            "notice_days": agreement.notice_days,
            **reports.terms_together(agreement),
        }
        super().__init__(*args, **kwargs)
        self.bilingual_already = agreement.bilingual

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "endless"}
