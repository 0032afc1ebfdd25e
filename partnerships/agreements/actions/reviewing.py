"""Before the partner has the text: proposals, legal review, internal approval."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.agreements.actions.freezing import Given
from partnerships.agreements.actions.opening import frozen, open_agreement
from partnerships.agreements.actions.pieces import lock, reread
from partnerships.agreements.actions.signing import free_renewed
from partnerships.agreements.enums import READERS, PartyRole
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import as_actor

ROLES = {Kind.UNIVERSITY: PartyRole.UNIVERSITY, Kind.COMPANY: PartyRole.COMPANY}


def role_of(organization: Organization) -> PartyRole:
    return ROLES.get(Kind(organization.kind), PartyRole.PARTNER)


def parties_of(of_type: AgreementType, owner: Organization, others: Sequence[Organization]) -> list[Given]:
    """The parties in their order of signing: the partners, then whoever keeps it; or as the text has it."""
    parties = [Given(role_of(one), one) for one in [*others, owner]]
    order = of_type.kind.roles
    return sorted(parties, key=lambda party: order.index(party.role)) if order else parties


def open_between(
    of_type: AgreementType, owner: Organization, partners: Sequence[Organization], *, actor: Any, **terms: Any
) -> Agreement:
    """A draft of this type between the organisation that keeps it and its partners.

    `terms` as of `open_agreement`: starts, ends, renew_months, notice_days, directions, bilingual, terms_az …
    """
    parties = parties_of(of_type, owner, partners)
    return open_agreement(of_type.text_kind, None, parties, {}, actor, owner=owner, of_type=of_type, **terms)


def propose(
    of_type: AgreementType,
    owner: Organization,
    asking: Organization,
    *,
    actor: Any,
    starts: date,
    ends: date | None = None,
    note: str,
) -> Agreement:
    """A partner asks `owner` for an agreement, in the name of `asking`; the other side answers.

    Raises Refused to who does not speak for the organisation that asks.
    """
    by = as_actor(actor)
    if not access_of(by.principal).covers(asking.path, *READERS):
        raise Refused(_("Your role does not include this here."))
    parties = parties_of(of_type, owner, [asking])
    return open_agreement(
        of_type.text_kind,
        None,
        parties,
        {},
        by,
        owner=owner,
        of_type=of_type,
        starts=starts,
        ends=ends,
        proposed_by=asking,
        note=note,
    )


@transaction.atomic
def take_up(agreement: Agreement, *, actor: Any) -> Agreement:
    """Whoever manages the agreements of the other side makes a draft of a proposal and answers for it."""
    agreement, by = lock(agreement), as_actor(actor)
    keeper = Person.objects.filter(pk=by.person_id).first()
    return reread(AGREEMENT.apply(agreement, "take_up", actor=by, keeper=keeper))


@transaction.atomic
def reject(agreement: Agreement, *, actor: Any, note: str) -> Agreement:
    """No to a proposal, or at the internal approval, with the reason."""
    agreement = lock(agreement)
    AGREEMENT.apply(agreement, "reject", actor=actor, note=note)
    free_renewed(agreement, note)
    return reread(agreement)


@transaction.atomic
def to_legal(agreement: Agreement, *, actor: Any) -> Agreement:
    """Fix the text and hand it to legal counsel."""
    return frozen(lock(agreement), "to_legal", actor)


@transaction.atomic
def to_approval(agreement: Agreement, *, actor: Any) -> Agreement:
    """Fix the text and hand it to leadership."""
    return frozen(lock(agreement), "to_approval", actor)


@transaction.atomic
def pass_review(agreement: Agreement, *, actor: Any, note: str = "") -> Agreement:
    """Legal counsel has nothing against it: to the approval, or ready to be sent where none is asked for."""
    agreement = lock(agreement)
    needs = agreement.type is not None and agreement.type.needs_approval
    return reread(AGREEMENT.apply(agreement, "pass_on" if needs else "clear", actor=actor, note=note))


@transaction.atomic
def approve(agreement: Agreement, *, actor: Any, note: str = "") -> Agreement:
    """Leadership agrees to it: ready to be sent, as it was read."""
    return reread(AGREEMENT.apply(lock(agreement), "approve", actor=actor, note=note))


@transaction.atomic
def rework(agreement: Agreement, *, actor: Any, note: str) -> Agreement:
    """Back to the draft, with the reason. The text that was read stays; the next one has the next number."""
    return reread(AGREEMENT.apply(lock(agreement), "rework", actor=actor, note=note))
