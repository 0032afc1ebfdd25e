"""Where a page may lead on to: what a request names, as long as it is a path of the portal; and the addresses
of the rows of a list."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(path: str) -> bool:
    """A path of the portal: no other host, however it is written, and no bare word, which `redirect` would
    take for the name of a view."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def within(path: str) -> str:
    """A path as the table of addresses knows it, without what the portal is mounted below (SCRIPT_NAME)."""
    prefix = get_script_prefix()
    return path[len(prefix) - 1 :] if path.startswith(prefix) else path


def mounted(path: str) -> str:
    """The other way: such a path where the portal stands today, for what is kept longer than it stays."""
    return f"{get_script_prefix()}{path[1:]}" if path.startswith("/") else path


def asked_next(request: HttpRequest, default: str | None = None) -> str:
    """The address in `next`, posted or in the query, if it is ours, else the default, else the front page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if is_ours(asked):
        return asked
    return get_script_prefix() if default is None else default


def kept_address(name: str, *args: Any) -> str:
    """`reverse(name, args=args)`, worked out once in a process: for what every list leads to. Not for a slug
    or a uid that differs from page to page."""
    return _address(name, args, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


def by_slug(name: str, slug: str) -> str:
    """`reverse(name, args=[slug])` of an address that takes a slug and nothing else, worked out once in a
    process for all slugs: letters, digits and hyphens, of which none has to be quoted."""
    return kept_address(name, _SLUG).replace(_SLUG, slug)


_SLUG = "a-slug-that-stands-in"


@lru_cache(512)
def _address(name: str, args: tuple[Any, ...], _prefix: str, urlconf: Any) -> str:
    return reverse(name, urlconf, args)


def addresses(name: str, *more: Any) -> Callable[[Any], str]:
    """uid -> the address of this name with it; worked out once for all rows of a list. Not for a slug that
    differs from row to row, which would have to be quoted; what is the same in all stands in `more`: a verb,
    of which there are few, is kept as well, a key is not."""
    one = UUID(int=0)
    few = all(isinstance(part, str) for part in more)
    known = kept_address(name, one, *more) if few else reverse(name, args=[one, *more])
    before, after = known.split(str(one))
    return lambda uid: f"{before}{uid}{after}"
