"""What opening, following, reviewing and signing share: the lock, the parties, the name."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from partnerships.agreements.actions.freezing import (
    Given,
    Words,
    names_of,
)
from partnerships.agreements.enums import (
    LIVE_STATES,
    SIGNERS,
    AgreementKind,
)
from partnerships.agreements.kinds import TextKind, kind_of
from partnerships.agreements.models import Agreement, Party
from partnerships.agreements.rules import manages_for
from partnerships.agreements.texts import joined
from partnerships.agreements.whole import whole_agreement
from partnerships.common.clock import today
from partnerships.common.models import next_number
from partnerships.common.refusals import Refused
from partnerships.common.versions import must_be
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.workflow.actors import SYSTEM


def lock(agreement: Agreement) -> Agreement:
    """The row under its lock, with all that predicates and conditions look at."""
    must_be(Agreement._base_manager.select_for_update().get(pk=agreement.pk))
    return reread(agreement)


def slots(agreement: Agreement) -> dict[str, Party]:
    """The parties by what they are; where several are the same, with their order behind."""
    roles = [party.role for party in agreement.in_order]
    return {
        party.role if roles.count(party.role) == 1 else f"{party.role}_{party.order}": party
        for party in agreement.in_order
    }


def reread(agreement: Agreement) -> Agreement:
    return whole_agreement(agreement.pk)


def check_opener(by: Any, owner: Organization) -> None:
    if by is not SYSTEM and not manages_for(by.principal, owner):
        raise Refused(
            _(
                "Agreements of an organisation are prepared by its partnership manager, human resources or "
                "coordinator."
            )
        )


def live(kind: str, subject: models.Model) -> Agreement | None:
    rows = Agreement.objects.about(subject).filter(text_kind=kind, state__in=LIVE_STATES)
    return rows.with_rows().first()


def person_of(by: Any) -> Person:
    return Person.objects.get(pk=by.person_id)


def check_parties(kind: TextKind, parties: Sequence[Given]) -> None:
    roles = [party.role for party in parties]
    if not kind.roles:
        keys = [party.organization.pk for party in parties if party.organization is not None]
        if len(keys) < 2 or len(keys) != len(parties) or len(set(keys)) != len(keys):
            raise ValidationError({"partners": _("Name two or more organisations, each once.")})
    elif sorted(roles) != sorted(kind.roles):
        raise ValueError(f"{kind.key} is signed by {kind.roles}, not by {roles}")
    for party in parties:
        if (party.person is None) == (party.organization is None):
            raise ValueError(f"{party.role}: an organisation or a person")


def both(values: dict[str, Any]) -> dict[str, Words]:
    return {
        name: dict(value) if isinstance(value, dict) else {"az": str(value), "en": str(value)}
        for name, value in values.items()
    }


def name_it(agreement: Agreement, parties: Sequence[Given]) -> None:
    """A title while it is a draft; the text brings its own when it is sent."""
    kind = kind_of(agreement.text_kind).label
    own = agreement.type if agreement.kind in (AgreementKind.FRAMEWORK, AgreementKind.GENERAL) else None
    names = [names_of(party) for party in parties]
    with override("az"):
        label = own.name if own is not None else kind
        agreement.title_az = f"{label}: {joined(name['az'] for name in names)}"[:300]
    with override("en"):
        label = own.name if own is not None else kind
        agreement.title_en = f"{label}: {joined(name['en'] for name in names)}"[:300]
    acronyms = [party.organization.acronym for party in parties if party.organization is not None]
    agreement.names = " ".join([*(name["az"] for name in names), *(name["en"] for name in names), *acronyms])[
        :600
    ]


def position_at(person: Person, party: Party) -> str:
    """In which position a person signs for a party: as the agreement names it, or as their affiliation does.

    Of several affiliations at the organisation the one whose role signs there goes first; empty where none
    of them says it, and for a person who signs for themselves.
    """
    if party.organization is None:
        return ""
    if party.position and party.signatory_id in (None, person.pk):
        return party.position
    return _position_within(person, party.organization, party.role)


def _position_within(person: Person, organization: Organization, role: str) -> str:
    rows = Affiliation.objects.current().filter(person=person, organization__root=organization.root_id)
    found = list(rows.exclude(position="").values_list("role", "position"))
    found.sort(key=lambda one: one[0] not in SIGNERS[role])
    return found[0][1] if found else ""


def write_parties(agreement: Agreement, parties: Sequence[Given]) -> None:
    for order, given in enumerate(parties, start=1):
        names = names_of(given)
        position = given.position.strip()
        if given.signatory is not None and given.organization is not None and not position:
            position = _position_within(given.signatory, given.organization, given.role)
        Party.objects.create(
            agreement=agreement,
            order=order,
            role=given.role,
            organization=given.organization,
            unit=given.unit or given.organization,
            person=given.person,
            signatory=given.signatory,
            position=position,
            name_az=names["az"],
            name_en=names["en"],
        )


def again(party: Party, changed: Given | None) -> Given:
    if changed is not None:
        return changed
    return Given(party.role, party.organization, party.unit, party.person, party.signatory, party.position)


def new_number(agreement: Agreement) -> str:
    """The next of its series and year; an amendment carries the number of the first with its own behind."""
    if agreement.kind == AgreementKind.AMENDMENT and agreement.root is not None:
        Agreement._base_manager.select_for_update().get(pk=agreement.root_id)
        before = Agreement.objects.filter(root_id=agreement.root_id).exclude(number="").count()
        return f"{agreement.root.number}/{before + 1}"
    return next_number(kind_of(agreement.text_kind).series, today().year)
