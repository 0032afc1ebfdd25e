"""Who does what with personal data."""

from typing import Any

from rules.predicates import predicate

from partnerships.directory.access import access_of, is_system

__all__ = ["is_own", "is_system"]


@predicate
def is_own(user: Any, erasure: Any) -> bool:
    """The person whose data they are."""
    person_id = access_of(user).person_id
    return person_id is not None and erasure.person_id == person_id


def reads_logs(user: Any) -> bool:
    """Who guards the data; the administrator has the same in the administration, and more."""
    access = access_of(user)
    return access.guards_data or access.administers
