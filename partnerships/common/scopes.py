"""What a token may do of what its owner may: read or also write, everything or one group of resources."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

PARTNERSHIP, PERSONAL = "partnership", "personal"
# Group -> (label, the apps whose resources belong to it). A direction is a group of its own.
_CORE: dict[str, tuple[Any, frozenset[str]]] = {
    PARTNERSHIP: (
        _("Organisations, agreements, ideas, requests to join"),
        frozenset({"directory", "agreements", "joining", "ideas", "indicators"}),
    ),
    PERSONAL: (
        _("Certificates, documents, notifications, bookings, progress of work"),
        frozenset({"certificates", "documents", "notifications", "bookings", "reviews", "common", "portal"}),
    ),
}
_directions: list[str] = []


def group_of(app: str) -> str:
    """The group of an app's resources, by the app's label."""
    return next((group for group, (_label, apps_of) in _CORE.items() if app in apps_of), app)


def offer(direction: str) -> None:
    """A direction has resources: a token may be limited to them."""
    if direction not in _directions:
        _directions.append(direction)


def groups() -> list[tuple[str, Any]]:
    """What a token may be limited to, with words; empty is no limit."""
    own = [(name, apps.get_app_config(name).verbose_name) for name in _directions]
    return [("", _("Everything")), *((group, label) for group, (label, _apps) in _CORE.items()), *own]


class WithinScope(BasePermission):
    """The one place where a token's limits hold. A session, which has no token, has none."""

    message = _("This token does not include this: make one that does, on the page of your API tokens.")
    code = "token_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if token is None:
            return True
        writing = request.method not in SAFE_METHODS
        return (token.writes or not writing) and token.group in ("", getattr(view, "token_group", None))
