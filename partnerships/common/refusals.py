"""Every way in which the portal says no, each with a reason for the person who asked."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _


class Refused(PermissionDenied):
    """A refusal with a reason for the person who asked; shown on the 403 page and in the API."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


class LinkDoesNotOpen(Http404):
    """A link of a letter that was cut off on its way, or leads to nothing any more; its page says so."""


@dataclass(frozen=True)
class Refusal:
    """Why a thing that one may do in principle cannot be done now: what a person reads, and a code. `field`:
    below which field of a form it stands, where what is typed there is the reason."""

    reason: Any
    code: str = "blocked"
    field: str = ""

    def __str__(self) -> str:
        return str(self.reason)


class WorkflowError(Exception):
    """A change of state that did not happen; str() is for the person who asked. `field` names what was typed
    wrong or not at all, where it is that."""

    field = ""

    def __init__(self, reason: Any = "", obj: Any = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.obj = obj


class IllegalTransition(WorkflowError):
    """The object is not in a state from which this can be done."""


class StaleState(WorkflowError):
    """Someone else moved the object between our read and our write."""


class Blocked(WorkflowError):
    """A condition does not hold; `refusal` says which and why."""

    def __init__(self, refusal: Refusal, obj: Any = None) -> None:
        super().__init__(refusal.reason, obj)
        self.refusal, self.field = refusal, refusal.field


class Missing(WorkflowError):
    """Something that the transition needs was not given, such as a reason; `field` names it."""

    def __init__(self, field_name: str, obj: Any = None) -> None:
        super().__init__(_("Say why: the other side reads it."), obj)
        self.field = field_name
