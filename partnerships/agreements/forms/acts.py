"""What the verbs ask for: the signature, the paper, the reason, the people who answer for it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import reports
from partnerships.agreements.actions.pieces import position_at
from partnerships.agreements.forms.parts import NOTE
from partnerships.agreements.models import Agreement, Party
from partnerships.common.clock import today
from partnerships.common.days import DayField
from partnerships.directory.models import Person
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import MultipleDocumentField


class KeepersForm(forms.Form):
    """Who answers for it, and the deputy."""

    keeper = forms.ModelChoiceField(Person.objects.none(), label=_("Answers for it"), required=False)
    deputy = forms.ModelChoiceField(Person.objects.none(), label=_("Deputy"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        kwargs["initial"] = {"keeper": agreement.keeper_id, "deputy": agreement.deputy_id}
        super().__init__(*args, **kwargs)
        for name in ("keeper", "deputy"):
            self.fields[name].queryset = reports.may_answer(agreement)  # type: ignore[attr-defined]


class PostponeForm(forms.Form):
    postponed_until = DayField(label=_("Until when"))
    note = forms.CharField(
        label=_("Reason"),
        max_length=NOTE,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": str(NOTE)}),
        error_messages={"required": _("Say why it is decided later.")},
    )


YOURS = _("Your position")


def position_field(known: str, label: Any = YOURS) -> forms.CharField:
    """In which position one signs for an organisation: it stands under the signature on the paper."""
    return forms.CharField(
        label=label,
        max_length=200,
        initial=known,
        widget=forms.TextInput({"autocomplete": "organization-title", "dir": "auto"}),
        help_text=_("It stands under the signature on the paper."),
        error_messages={"required": _("Write in which position the paper is signed.")},
    )


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

    def __init__(self, *args: Any, name: str, party: Party | None, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if party is not None and party.organization_id is not None:
            self.fields["position"] = position_field(position_at(person, party))
            self.order_fields(["text_hash", "legal_name", "position", "read"])
        self.fields["legal_name"].help_text = escape(name)  # forms take it for markup


class PaperForm(forms.Form):
    """The scan of the paper signed by hand, the date on it and the names under it."""

    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    scan = MultipleDocumentField(kind=DocumentKind.OTHER, label=_("Scan of the signed paper"))
    signed_on = DayField(label=_("Date on the paper"))

    def __init__(
        self,
        *args: Any,
        parties: Iterable[Party],
        own_name: bool,
        own: Party | None = None,
        person: Person | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = list(parties)
        if own_name:
            self.fields["legal_name"] = forms.CharField(
                label=_("Your name, as in your documents"), max_length=200
            )
            if person is not None and own is not None and own.organization_id is not None:
                self.fields["position"] = position_field(position_at(person, own))
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
            if party.organization_id is not None:
                label = _t("In which position: %(party)s") % {"party": party.name}
                self.fields[f"position_{party.pk}"] = position_field(party.position, label)

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > today():
            raise ValidationError(_("This date lies in the future."))
        return day

    def names(self) -> dict[int, str]:
        return {party.pk: self.cleaned_data[f"name_{party.pk}"] for party in self.parties}

    def positions(self) -> dict[int, str]:
        return {party.pk: self.cleaned_data.get(f"position_{party.pk}", "") for party in self.parties}
