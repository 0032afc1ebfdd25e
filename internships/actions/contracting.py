"""The contract of a placement: opened with what the placement says, amended when that changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from internships import rules
from internships.agreements import THREE, TWO
from internships.contracts import WORDED, drift, values_of
from internships.enums import PlacementState
from internships.models import Placement
from partnerships.agreements import actions as agreements
from partnerships.agreements import reports
from partnerships.agreements.enums import OPEN_STATES, AgreementState, PartyRole
from partnerships.agreements.models import Agreement
from partnerships.agreements.rules import manages_for
from partnerships.common.refusals import (
    Blocked,
    Refusal,
    Refused,
    WorkflowError,
)
from partnerships.directory.models import Organization
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import ActorKind, Change

CONTRACTED = frozenset({PlacementState.PREPARING, PlacementState.ACTIVE, PlacementState.SUSPENDED})
OVER = Refusal(gettext_lazy("The practice is over."), code="over")


@transaction.atomic
def open_contract(
    placement: Placement, *, actor: Any, bilingual: bool | None = None, words: dict[str, str] | None = None
) -> Agreement:
    """A draft contract for this placement; the one that is there already is answered.

    bilingual  in both languages side by side; by default for citizens of other countries
    words      place -> text, for what is worded otherwise than by default (`contracts.WORDED`)

    Student, university and company sign in that order; without a university, student and company. It stands
    under the framework agreement that holds on the first day, if there is one. It is kept by whoever opens
    it: the company, or the university of the student. Raises Refused to anyone but the company's human
    resources and the student's coordinator, Blocked once the practice is over.
    """
    placement = _own(placement, actor)
    kind = THREE if placement.university_id else TWO
    values = values_of(placement)
    for name, text in (words or {}).items():
        if name not in WORDED:
            raise ValueError(f"{name} is told by the placement")
        if text.strip() and text.strip() != values[name]["az"]:
            values[name] = {"az": text.strip(), "en": text.strip()}
    return agreements.open_agreement(
        kind,
        placement,
        _parties(placement),
        values,
        actor,
        owner=_keeper(placement, actor),
        starts=placement.starts,
        ends=placement.ends,
        parent=_framework(placement),
        bilingual=placement.person.is_foreigner if bilingual is None else bilingual,
    )


@transaction.atomic
def amend_contract(placement: Placement, *, actor: Any) -> Agreement:
    """A draft amendment with all in which the placement has moved away from its signed contract.

    Raises Blocked without a signed contract, while another amendment is on its way, or when nothing differs;
    Refused to whoever does not keep the contract.
    """
    placement = _own(placement, actor)
    contract = reports.live_for(placement)
    if contract is None:
        raise Blocked(Refusal(_("There is no signed contract to amend."), code="no_contract"), placement)
    if not drift(placement, contract):
        raise Blocked(
            Refusal(_("The contract says what the practice is: nothing to amend."), code="no_change"),
            placement,
        )
    now = {name: words for name, words in values_of(placement).items() if name not in WORDED}
    return agreements.amend(contract, actor=actor, starts=placement.starts, ends=placement.ends, values=now)


@dataclass(frozen=True)
class ManyContracts:
    """What became of each: sent for signing, there already (as it stands), refused with the reason."""

    sent: list[tuple[Placement, Agreement]] = field(default_factory=list)
    already: list[tuple[Placement, Agreement]] = field(default_factory=list)
    refused: list[tuple[Placement, Any]] = field(default_factory=list)


def send_contracts(placements: Iterable[Placement], *, actor: Any) -> ManyContracts:
    """Have the contract of each of these placements prepared and sent for signing.

    Each in a transaction of its own: what one cannot get keeps the others from nothing, and a second call
    goes on where the first ended. A draft that is there is sent as it stands, what was sent or signed is
    left alone. In both languages for citizens of other countries. Raises nothing for a single row.
    """
    many = ManyContracts()
    for placement in placements:
        try:
            contract, sent = _send_one(placement, actor)
        except (WorkflowError, Refused) as refusal:
            many.refused.append((placement, refusal.reason))
        else:
            (many.sent if sent else many.already).append((placement, contract))
    return many


@transaction.atomic
def _send_one(placement: Placement, actor: Any) -> tuple[Agreement, bool]:
    """The contract, and whether it was sent now."""
    placement = _own(placement, actor, though_over=True)
    if placement.state not in CONTRACTED:
        if (signed := reports.live_for(placement)) is None:
            raise Blocked(OVER, placement)
        return signed, False
    contract = open_contract(placement, actor=actor)
    if contract.state != AgreementState.DRAFT:
        return contract, False
    by = as_actor(actor)
    if by is not SYSTEM and not manages_for(by.principal, contract.owner):
        said = _("It is being prepared by the other side: %(keeper)s") % {"keeper": contract.owner}
        raise Blocked(Refusal(said, code="kept_by_other"), contract)
    return agreements.send(contract, actor=actor), True


def renew_contract(placement: Placement, *, actor: Any) -> None:
    """What follows from a change of dates, unit, mentor or supervisor: a contract that is only a draft says
    so too. What was sent for signing stays as it is and is amended."""
    drafts = list(Agreement.objects.about(placement).filter(state=AgreementState.DRAFT))
    if not drafts:
        return
    placement = Placement.objects.with_rows().get(pk=placement.pk)
    now = {name: words for name, words in values_of(placement).items() if name not in WORDED}
    for draft in drafts:
        agreements.renew_draft(draft, actor=actor, values=now, starts=placement.starts, ends=placement.ends)


def drop_contract(placement: Placement, *, note: str, on: date | None = None) -> None:
    """What follows from a practice that ends before its time: a contract that is prepared or being signed is
    withdrawn, one in force ends with the practice, as its text says.

    on  the last day of the practice, today unless said
    """
    for contract in Agreement.objects.about(placement).filter(state__in=OPEN_STATES):
        agreements.withdraw(contract, actor=SYSTEM, note=note)
    in_force = Agreement.objects.about(placement).filter(state=AgreementState.IN_FORCE)
    for contract in in_force:
        agreements.terminate(contract, actor=SYSTEM, note=note, on=on)


def restore_contract(placement: Placement, ended_on: date | None, *, note: str) -> None:
    """What follows when an early end is undone: the contract that ended with the practice holds again.

    One that a party ended for reasons of its own stays ended; a new one is prepared then.
    """
    ended = Agreement.objects.about(placement).filter(state=AgreementState.TERMINATED, ended_on=ended_on)
    for contract in ended:
        last = Change.objects.of(contract).filter(verb="terminate").first()
        if last is not None and last.actor_kind == ActorKind.SYSTEM:
            agreements.revive(contract, note=note)


def _own(placement: Placement, actor: Any, *, though_over: bool = False) -> Placement:
    """The row under its lock, to who prepares contracts, while the practice is ahead or under way."""
    list(Placement.objects.filter(pk=placement.pk).select_for_update().values_list("pk"))
    placement = Placement.objects.with_rows().get(pk=placement.pk)
    by = as_actor(actor)
    if by is not SYSTEM and not rules.prepares_contract(by.principal, placement):
        raise Refused(
            _("The company's human resources or the student's university coordinator prepare the contract.")
        )
    if placement.state not in CONTRACTED and not though_over:
        raise Blocked(OVER, placement)
    return placement


def _keeper(placement: Placement, actor: Any) -> Organization:
    """The organisation in whose name it is prepared: the company where the actor works for it."""
    by = as_actor(actor)
    kept = [placement.host, placement.university, placement.faculty]
    return next(
        (one for one in kept if one is not None and by is not SYSTEM and manages_for(by.principal, one)),
        placement.host,
    )


def _parties(placement: Placement) -> list[agreements.Given]:
    parties = [agreements.Given(PartyRole.STUDENT, person=placement.person)]
    if placement.university is not None:
        faculty = placement.faculty or placement.university
        parties.append(agreements.Given(PartyRole.UNIVERSITY, placement.university, unit=faculty))
    return [*parties, agreements.Given(PartyRole.COMPANY, placement.host)]


def _framework(placement: Placement) -> Agreement | None:
    if placement.university is None:
        return None
    return reports.framework_between(placement.university, placement.host, placement.starts)
