"""Who moves a request to join: the partnership manager, and the asker by their link."""

from typing import Any

from rules.predicates import predicate

from partnerships.agreements.enums import AgreementState
from partnerships.directory.access import access_of, is_system

__all__ = ["is_system"]

GONE = frozenset({AgreementState.WITHDRAWN, AgreementState.REJECTED, AgreementState.TERMINATED})


@predicate
def looks_after(user: Any, request: Any) -> bool:
    """Runs the partnership for the operator of the portal."""
    access = access_of(user)
    return access.administers or access.operates


@predicate
def asks(user: Any, request: Any) -> bool:
    """Opened the link that was mailed to the asker; the engine checks that it is the link of this request."""
    return getattr(user, "kind", "") == "link"


@predicate
def fell_away(user: Any, request: Any) -> bool:
    """What was offered came to nothing, so that another one may be offered."""
    return request.agreement is not None and request.agreement.state in GONE


ends = looks_after | is_system
