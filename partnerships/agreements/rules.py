"""Who may do what with an agreement: small predicates over (user, object)."""

from typing import Any

from rules.predicates import predicate

from partnerships.agreements.enums import (
    APPROVERS,
    LAWYERS,
    MANAGERS,
    SENT_STATES,
    SIGNERS,
    AgreementState,
    TermKind,
)
from partnerships.directory.access import access_of, is_system

__all__ = ["is_system"]


def signs_for(user: Any, party: Any) -> bool:
    """The person themselves; for an organisation its named signatory while still working there, and whoever
    holds one of the roles that sign for it. `party.unit` is read: select it."""
    access = access_of(user)
    if access.person_id is None:
        return False
    if party.person_id is not None:
        return party.person_id == access.person_id
    if party.signatory_id == access.person_id and party.unit.root_id in access.workplaces:
        return True
    return access.covers(party.unit.path, *SIGNERS[party.role])


def parties_of(user: Any, agreement: Any) -> list[Any]:
    """The parties for which this user may sign, in the order of signing. Who is a party themselves (a
    coordinator who studies), or stands in for one, signs for no other: a colleague does."""
    found = [party for party in agreement.in_order if signs_for(user, party)]
    if any(party.person_id in _one_with(user) for party in agreement.in_order):
        return [party for party in found if party.person_id is not None]
    return found


def _one_with(user: Any) -> set[int]:
    """Who signs for no organisation opposite themselves: this person, and those for whom they stand in."""
    access = access_of(user)
    return {key for key in (access.person_id, *access.holders) if key is not None}


def has_turn(user: Any, agreement: Any) -> bool:
    """Whether the party whose turn it is waits for this user: `parties_of` without the rows of the others,
    of which only who they are is read."""
    first = agreement.awaiting
    if first is None or not signs_for(user, first):
        return False
    if first.person_id is not None:
        return True
    return not any(party.person_id in _one_with(user) for party in agreement.in_order)


def party_to_sign(user: Any, agreement: Any) -> Any:
    """The first party for which this user has yet to sign, if any."""
    return next((party for party in parties_of(user, agreement) if not agreement.signed_by(party)), None)


@predicate
def signs(user: Any, agreement: Any) -> bool:
    """May sign for a party that has not signed the present text."""
    return party_to_sign(user, agreement) is not None


@predicate
def is_party(user: Any, agreement: Any) -> bool:
    """May sign for one of the parties, whether it has signed or not."""
    return bool(parties_of(user, agreement))


def manages_for(user: Any, organization: Any) -> bool:
    """Prepares agreements in the name of this organisation."""
    return access_of(user).covers(organization.path, *MANAGERS)


@predicate
def reads_inside(user: Any, agreement: Any) -> bool:
    """Prepares it, or looks at it within the house that keeps it: reads what is said there before the parties
    have the text."""
    access = access_of(user)
    return access.administers or access.covers(agreement.owner.path, *MANAGERS, *LAWYERS)


def text_for(user: Any, agreement: Any) -> Any:
    """The present text as this reader has it: nothing while it is only looked at within the house."""
    return agreement.text if agreement.state in SENT_STATES or reads_inside(user, agreement) else None


@predicate
def manages(user: Any, agreement: Any) -> bool:
    """Prepares, sends and ends it for the organisation that keeps it."""
    return manages_for(user, agreement.owner)


@predicate
def ends_for_party(user: Any, agreement: Any) -> bool:
    """Signs for one of the organisations that are parties."""
    return any(party.organization_id is not None for party in parties_of(user, agreement))


@predicate
def proposed_it(user: Any, agreement: Any) -> bool:
    """Asked for it in the name of an organisation and still works there."""
    made_by, asked = agreement.made_by, agreement.proposed_by
    access = access_of(user)
    if asked is None or made_by is None or access.person_id is None:
        return False
    return made_by.person_id == access.person_id and asked.root_id in access.workplaces


@predicate
def is_proposal(user: Any, agreement: Any) -> bool:
    return agreement.state == AgreementState.PROPOSED


@predicate
def needs_legal(user: Any, agreement: Any) -> bool:
    return agreement.type is not None and agreement.type.needs_legal


@predicate
def needs_approval(user: Any, agreement: Any) -> bool:
    return agreement.type is not None and agreement.type.needs_approval


@predicate
def reviews_law(user: Any, agreement: Any) -> bool:
    """Legal counsel of the organisation that keeps it, or its leadership."""
    return access_of(user).covers(agreement.owner.path, *LAWYERS)


@predicate
def approves(user: Any, agreement: Any) -> bool:
    """Leadership of the organisation that keeps it."""
    return access_of(user).covers(agreement.owner.path, *APPROVERS)


@predicate
def reviews(user: Any, agreement: Any) -> bool:
    """The one whose look it waits for now."""
    if agreement.state == AgreementState.LEGAL_REVIEW:
        return reviews_law(user, agreement)
    return agreement.state == AgreementState.APPROVAL and approves(user, agreement)


@predicate
def answers(user: Any, agreement: Any) -> bool:
    """May say no: to a proposal who would keep it, at the approval who approves."""
    if agreement.state == AgreementState.PROPOSED:
        return manages(user, agreement)
    return approves(user, agreement)


@predicate
def owes(user: Any, obligation: Any) -> bool:
    """Signs for the party that owes it, or keeps the agreement."""
    return signs_for(user, obligation.party) or manages(user, obligation.agreement)


@predicate
def goes_on(user: Any, agreement: Any) -> bool:
    """Renews by itself or has no end: nothing has to be made for it to go on."""
    return agreement.term_kind in (TermKind.AUTO, TermKind.OPEN) and not agreement.is_for_one_practice


@predicate
def has_term(user: Any, agreement: Any) -> bool:
    return agreement.term_kind != TermKind.OPEN and not agreement.is_for_one_practice


@predicate
def is_reminded(user: Any, agreement: Any) -> bool:
    return agreement.notice_by is not None


@predicate
def is_decided(user: Any, agreement: Any) -> bool:
    return bool(agreement.decision)


# A proposal is taken back by who made it; who would keep it takes it up or rejects it.
may_withdraw = (manages & ~is_proposal) | (is_proposal & proposed_it) | is_system
may_end = manages | ends_for_party | is_system
may_open = manages | is_system
