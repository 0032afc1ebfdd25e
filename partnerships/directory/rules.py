"""Who may look after which people and organisations, as predicates (user, object) -> bool."""

from typing import Any

from rules.predicates import predicate

from partnerships.directory.access import access_of, is_system
from partnerships.directory.enums import COMPANY_ROLES, UNIVERSITY_ROLES, Kind, Role

__all__ = ["decides", "edits_person", "is_own", "is_system", "keeps", "manages_organizations"]

# What a keeper may confirm or invite; everything else is given by an administrator.
_GIVES = {
    Role.COORDINATOR: frozenset(UNIVERSITY_ROLES),
    Role.HR: frozenset(COMPANY_ROLES),
    Role.ADMINISTRATOR: frozenset(UNIVERSITY_ROLES) | frozenset(COMPANY_ROLES),
}


def keeps(user: Any, organization: Any, role: str | None = None) -> bool:
    """Looks after the people of this node: its coordinator, its human resources, an administrator, or the
    partnership manager of the operator where a university has no coordinator, or a company
    nobody of human resources yet.

    With `role`, whether that role may be given too. `organization.root` is read: select it.
    """
    access = access_of(user)
    if access.administers:
        return True
    for holder, given in _GIVES.items():
        if access.covers(organization.path, holder) and (role is None or role in given):
            return True
    if not access.operates:
        return False
    if organization.root.kind == Kind.COMPANY:
        return role == Role.HR and organization.root_id not in access.kept_companies
    return (
        (role is None or role in UNIVERSITY_ROLES)
        and organization.root.kind == Kind.UNIVERSITY
        and organization.root_id not in access.kept_universities
    )


@predicate
def is_own(user: Any, affiliation: Any) -> bool:
    person_id = access_of(user).person_id
    return person_id is not None and affiliation.person_id == person_id


@predicate
def decides(user: Any, affiliation: Any) -> bool:
    """Keeps the node and may give the role; never about oneself, nor about whom one stands in for."""
    if is_own(user, affiliation) or affiliation.person_id in access_of(user).holders:
        return False
    return keeps(user, affiliation.organization, affiliation.role)


@predicate
def edits_person(user: Any, person: Any) -> bool:
    """Oneself; an administrator; who keeps somebody that has no account to do it themselves."""
    access = access_of(user)
    if access.person_id is not None and person.pk == access.person_id:
        return True
    if access.administers:
        return True
    if person.user_id is not None:
        return False
    rows = person.affiliations.exclude(state="refused").select_related("organization__root")
    return any(keeps(user, row.organization) for row in rows)


@predicate
def manages_organizations(user: Any, organization: Any) -> bool:
    """Opens partners and draws the tree: the operator's partnership manager and administrator anywhere,
    an organisation's own administrator within it."""
    access = access_of(user)
    if access.operates or is_system(user, organization) or getattr(user, "is_superuser", False):
        return True
    return organization is not None and access.covers(organization.path, Role.ADMINISTRATOR)


# Deputies ------------------------------------------------------------------------------------------------
@predicate
def is_holder(user: Any, deputyship: Any) -> bool:
    """Whose role it is."""
    person_id = access_of(user).person_id
    return person_id is not None and deputyship.holder_id == person_id


@predicate
def is_deputy(user: Any, deputyship: Any) -> bool:
    person_id = access_of(user).person_id
    return person_id is not None and deputyship.deputy_id == person_id


@predicate
def administers(user: Any, deputyship: Any) -> bool:
    return access_of(user).administers


ends_deputyship = is_holder | administers
