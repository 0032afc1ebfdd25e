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
    """Its owner, as long as they work there, and who stands in for them."""
    return access_of(user).stands_for(idea.owner_id, idea.home_id, *MEETING_ROLES)


@predicate
def oversees(user: Any, idea: Any) -> bool:
    """Runs the partnership at the organisation in which it was noted."""
    access = access_of(user)
    return access.administers or access.covers(idea.home.path, *OVERSEERS)


moves = owns | oversees
