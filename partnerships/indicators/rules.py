"""Who reads indicators, reports and confirms values, sets targets: predicates (user, object)."""

from typing import Any

from rules.predicates import predicate

from partnerships.directory.access import Access, access_of
from partnerships.indicators.enums import ANSWERABLE, READERS


def sees_all(user: Any) -> bool:
    """Runs the partnership, or administers, for the organisation that runs the portal."""
    return access_of(user).operates


def own_roots(user: Any) -> set[int]:
    """Keys of the organisations whose numbers this user reads: the role is held at the organisation itself,
    since a faculty's or an enterprise's reach ends below it."""
    return _held(access_of(user), *READERS)


def _held(access: Access, *roles: str) -> set[int]:
    return {scope.root_id for scope in access.of(*roles) if scope.node_id == scope.root_id}


def answerable_roots(user: Any) -> set[int]:
    """Keys of the organisations for which this user sets targets and confirms what was reported."""
    return _held(access_of(user), *ANSWERABLE)


def reads(user: Any) -> bool:
    return sees_all(user) or bool(own_roots(user))


def answers_for(user: Any, organization_id: int | None) -> bool:
    """Leads the organisation, or its partnership; for everything (None), who runs the portal's "
    "partnership."""
    if organization_id is None:
        return access_of(user).manages_partners
    return organization_id in answerable_roots(user)


def same_eyes(access: Access) -> set[int]:
    """Keys of those whose numbers this person does not confirm: their own, and of whom they stand in for."""
    own: set[int] = {access.person_id} if access.person_id is not None else set()
    return own | access.holders


@predicate
def reports_it(user: Any, value: Any) -> bool:
    """Reads the numbers of the organisation for which it is reported."""
    return value.organization_id in own_roots(user)


@predicate
def confirms(user: Any, value: Any) -> bool:
    """Answers for the organisation, or runs the partnership; never who reported it, nor who stands in for
    them: two pairs of eyes."""
    access = access_of(user)
    if access.person_id is None or value.reported_by_id in same_eyes(access):
        return False
    return answers_for(user, value.organization_id) or access.manages_partners


@predicate
def is_reporter(user: Any, value: Any) -> bool:
    person = access_of(user).person_id
    return person is not None and person == value.reported_by_id and reports_it(user, value)


@predicate
def answers(user: Any, value: Any) -> bool:
    return answers_for(user, value.organization_id) or access_of(user).manages_partners
