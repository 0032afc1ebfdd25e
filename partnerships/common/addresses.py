"""Where a page may lead on to: what a request names, as long as it is a path of the portal; and the addresses
of the rows of a list."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(path: str) -> bool:
    """A path of the portal: no other host, however it is written, and no bare word, which `redirect` would
    take for the name of a view."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def asked_next(request: HttpRequest, default: str = "/") -> str:
    """The address in `next`, posted or in the query, if it is ours, else the default."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_ours(asked) else default


def addresses(name: str, *more: Any) -> Callable[[Any], str]:
    """uid -> the address of this name with it; worked out once for all rows of a list. Not for a slug that
    differs from row to row, which would have to be quoted; what is the same in all stands in `more`."""
    before, after = reverse(name, args=[UUID(int=0), *more]).split(str(UUID(int=0)))
    return lambda uid: f"{before}{uid}{after}"
