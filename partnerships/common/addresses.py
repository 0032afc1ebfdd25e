"""Where a page may lead on to: what a request names, as long as it is a path of the portal."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(path: str) -> bool:
    """A path of the portal: no other host, however it is written, and no bare word, which `redirect` would
    take for the name of a view."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def asked_next(request: HttpRequest, default: str = "/") -> str:
    """The address in `next`, posted or in the query, if it is ours, else the default."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_ours(asked) else default
