"""One thing to send to the portal, what counts as the same thing for another object, and where all begins."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from partnerships.testing.crawling import pages
from partnerships.testing.crawling.sight import is_uid

# Signs the reader out or in: nothing to walk through.
SKIPPED = ("/static/", "/accounts/logout/", "/admin/logout/", "/admin/jsi18n/")
NOTHING = "00000000-0000-4000-8000-000000000007"  # the uid of no row


@dataclass(frozen=True)
class Press:
    """One thing to send: method, address, fields (or JSON, for the API)."""

    method: str
    path: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def json(self) -> bool:
        return self.path.startswith("/api/")

    def uids(self) -> set[str]:
        """Every uid in the path and in what is sent."""
        return self.in_path() | {v for _name, values in self.fields for v in values if is_uid(v)}

    def said(self) -> set[str]:
        """Every uid that its sender has named, in the query too: an answer that repeats it tells nothing."""
        return self.uids() | set(pages.UID.findall(self.path))

    def in_path(self) -> set[str]:
        return set(pages.UID.findall(urlsplit(self.path).path))

    def without(self, own: Callable[[str], bool]) -> "Press":
        """Of several that are picked at once, only those that are not the sender's own: what is done to
        one's own among them would hide what is done to the others."""
        fields = []
        for name, values in self.fields:
            foreign = tuple(value for value in values if not (is_uid(value) and own(value)))
            fields.append((name, foreign if len(values) > 1 and foreign else values))
        return replace(self, fields=tuple(fields))

    @property
    def administers(self) -> bool:
        return self.path.startswith("/admin/") and not self.path.startswith("/admin/login/")

    @property
    def keyed(self) -> bool:
        """Its address carries a signed token and is itself the right to what it opens: whoever holds it is
        meant to get in. That a forged or closed one opens nothing is tested where tokens are made."""
        return "token" in _kwargs(urlsplit(self.path).path)

    def kind(self) -> tuple[str, ...]:
        """What is the same thing for another object: view and verb, names in the query, button pressed."""
        parts = urlsplit(self.path)
        given = _kwargs(parts.path)
        words = sorted(str(v) for k, v in given.items() if k in ("verb", "token"))
        names = sorted({key for key, _value in parse_qsl(parts.query, keep_blank_values=True)})
        button = [
            value.partition(":")[0]
            for key, values in self.fields
            for value in values
            if key in ("do", "verb")
        ]
        return (self.method, view_of(parts.path), *words, *names, *button, str(min(len(self.uids()), 2)))


@cache
def _found_at(path: str, urlconf: str) -> Any:
    try:
        return resolve(path, urlconf)
    except Resolver404:
        return None


def _kwargs(path: str) -> dict[str, Any]:
    match = _found_at(path, settings.ROOT_URLCONF)
    return match.kwargs if match else {}


def view_of(path: str) -> str:
    match = _found_at(urlsplit(path).path, settings.ROOT_URLCONF)
    return match.view_name if match else "?"


def patterns(
    resolver: Any = None, prefix: str = "", names: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(name, address, pattern) of every URL there is, the packages' and the API's included."""
    for item in (resolver or get_resolver()).url_patterns:
        address = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, address, f"{names}{item.namespace}:" if item.namespace else names)
        else:
            yield f"{names}{item.name or '?'}", address, item


def every_start() -> list[str]:
    """Every address without a parameter, of the pages and of the API."""
    found = [f"/{address}" for _name, address, _pattern in patterns() if not set(address) & set("<(^?")]
    return [path for path in dict.fromkeys(found) if not path.startswith(SKIPPED)]
