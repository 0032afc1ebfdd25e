"""Who may do what with an agreement: small predicates over (user, object)."""

from typing import Any

from rules.predicates import predicate

from partnerships.agreements.enums import MANAGERS, SIGNERS
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
    """The parties for which this user may sign, in the order of signing."""
    return [party for party in agreement.in_order if signs_for(user, party)]


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
def manages(user: Any, agreement: Any) -> bool:
    """Prepares, sends and ends it for the organisation that keeps it."""
    return manages_for(user, agreement.owner)


@predicate
def ends_for_party(user: Any, agreement: Any) -> bool:
    """Signs for one of the organisations that are parties."""
    return any(party.organization_id is not None for party in parties_of(user, agreement))


may_end = manages | ends_for_party | is_system
may_open = manages | is_system
