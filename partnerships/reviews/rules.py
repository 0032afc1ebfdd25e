"""Who leads a round and who reviews: predicates (user, object). Conflicts are asked apart: conflicts.py."""

from typing import Any

from rules.predicates import predicate

from partnerships.directory.access import access_of
from partnerships.reviews.kinds import types


def _round(obj: Any) -> Any:
    return getattr(obj, "round", obj)


@predicate
def leads(user: Any, obj: Any) -> bool:
    """The chair: whoever holds the kind's role at the organisation that answers for the round.

    Never of a review that they write themselves, nor of what they stand in conflict with; the rows that
    `visible_to` gives leave the latter out, so that a review in hand is none of these.
    """
    found = _round(obj)
    kind = types().get(found.kind)
    return kind is not None and access_of(user).covers(found.organization.path, *kind.roles)


@predicate
def leads_review(user: Any, review: Any) -> bool:
    return leads(user, review) and not _wrote(user, review)


def _wrote(user: Any, review: Any) -> bool:
    person = access_of(user).person_id
    return person is not None and person == review.member.person_id


@predicate
def reviews(user: Any, review: Any) -> bool:
    """The reviewer, while a member and still in the house (unless the kind asks outsiders)."""
    return _wrote(user, review) and review.member.active and in_house(user, review)


@predicate
def in_house(user: Any, obj: Any) -> bool:
    found = _round(obj)
    kind = types().get(found.kind)
    if kind is None:
        return False
    return kind.outsiders or found.organization.root_id in access_of(user).workplaces
