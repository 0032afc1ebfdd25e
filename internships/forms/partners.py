"""Under which agreement a university takes part in a programme."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from internships.actions import agreements_with
from internships.models import Programme, ProgrammePartner
from partnerships.agreements.models import Agreement
from partnerships.common.forms import VersionedForm


def _with_term(agreement: Agreement) -> str:
    return f"{agreement.number} · {agreement.type_name} · {agreement.term}"


def _with_parties(agreement: Agreement, host: int) -> str:
    others = [party.name for party in agreement.in_order if party.organization_id != host]
    return f"{', '.join(others)} · {_with_term(agreement)}"


def _field(found: Iterable[Agreement], label: Any, **values: Any) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    keys = [one.pk for one in found]
    rows = Agreement.objects.filter(pk__in=keys).select_related("type", "root").prefetch_related("parties")
    return forms.ModelChoiceField(rows.order_by("-starts", "-pk"), label=label, **values)


class PartnerForm(VersionedForm):
    """One of the agreements that hold between the two; none leaves it to the portal again."""

    class Meta:
        model = ProgrammePartner
        fields = ("agreement",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner: ProgrammePartner = self.instance
        found = agreements_with(partner.programme, partner.university)
        if partner.agreement is not None and partner.agreement not in found:
            self.initial["agreement"] = None
        field = _field(found, _("Agreement"), required=False, empty_label=_t("As the portal suggests"))
        field.label_from_instance = _with_term  # type: ignore[assignment]
        self.fields["agreement"] = field


class NewPartnerForm(forms.Form):
    """A university that does not take part yet, by an agreement of its own with the company."""

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = set(programme.partners.values_list("university_id", flat=True)) | {programme.host_id}
        found = [
            one
            for one in agreements_with(programme)
            if not {party.organization_id for party in one.parties.all()} <= taken
        ]
        field = _field(found, _("University and agreement"), empty_label=_t("Choose"))
        field.label_from_instance = lambda one: _with_parties(one, programme.host_id)  # type: ignore[assignment]
        self.fields["agreement"] = field
        self.has_any = bool(found)
