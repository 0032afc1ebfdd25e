"""Who notes an idea and who moves it: predicates (user, idea)."""

from typing import Any

from rules.predicates import predicate

from partnerships.directory.access import access_of
from partnerships.directory.enums import MEETING_ROLES
from partnerships.ideas.enums import OVERSEERS


def notes_ideas(user: Any) -> bool:
    """Works for a partner in a role that meets the others."""
    return access_of(user).has(*MEETING_ROLES)


@predicate
def owns(user: Any, idea: Any) -> bool:
    """Its owner, and who noted it while nobody else has taken it over."""
    person = access_of(user).person_id
    return person is not None and person == idea.owner_id


@predicate
def oversees(user: Any, idea: Any) -> bool:
    """Runs the partnership at the organisation in which it was noted."""
    access = access_of(user)
    return access.administers or access.covers(idea.home.path, *OVERSEERS)


moves = owns | oversees
