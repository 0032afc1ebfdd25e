"""Who reads indicators, reports and confirms values, sets targets: predicates (user, object)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from rules.predicates import predicate

from partnerships.common.clock import today
from partnerships.directory.access import Access, access_of
from partnerships.directory.enums import DeputyState
from partnerships.directory.models import Deputyship
from partnerships.indicators.enums import ANSWERABLE, READERS, ValueState


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


def deputies_of(access: Access) -> list[tuple[int, date, date]]:
    """Who stands or stood in for this person, with the first and the last day; asked once for each Access."""
    known: list[tuple[int, date, date]] | None = access.__dict__.get("_deputies")
    if known is None:
        rows = Deputyship.objects.filter(state=DeputyState.NAMED, holder_id=access.person_id)
        known = list(rows.values_list("deputy_id", "starts", "ends"))
        access.__dict__["_deputies"] = known
    return known


def same_eyes(access: Access) -> Q:
    """Values that this person does not confirm: their own, of whom they stand in for, and of who stood in for
    them at any time since it was reported."""
    theirs = Deputyship.objects.filter(
        state=DeputyState.NAMED,
        holder_id=access.person_id,
        deputy_id=OuterRef("reported_by_id"),
        starts__lte=today(),
        ends__gte=OuterRef("created__date"),
    )
    return Q(reported_by_id__in={access.person_id, *access.holders}) | Q(Exists(theirs))


@predicate
def reports_it(user: Any, value: Any) -> bool:
    """Reads the numbers of the organisation for which it is reported."""
    return value.organization_id in own_roots(user)


@predicate
def confirms(user: Any, value: Any) -> bool:
    """Answers for the organisation, or runs the partnership; never who reported it. Deputies and those for
    whom they stand in count as one pair of eyes (conditions.other_eyes)."""
    access = access_of(user)
    if access.person_id is None or value.reported_by_id == access.person_id:
        return False
    return answers_for(user, value.organization_id) or access.manages_partners


@predicate
def is_reporter(user: Any, value: Any) -> bool:
    person = access_of(user).person_id
    return person is not None and person == value.reported_by_id and reports_it(user, value)


@predicate
def cancels(user: Any, value: Any) -> bool:
    """Answers for the organisation, or runs the partnership; what its own reporter can still take back is
    taken back, not cancelled: there are no two ways."""
    if value.state == ValueState.RETURNED and is_reporter(user, value):
        return False
    return answers_for(user, value.organization_id) or access_of(user).manages_partners
