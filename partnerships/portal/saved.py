"""What of an address is a list as somebody narrowed it: not the place in it, nor the language of the page."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from partnerships.common.addresses import is_ours, within

MOST = 30  # saved views of one person
LONGEST = 1500  # letters of an address
PLACES = frozenset({"after", "before", "lang"})
# What stands below these is no list of the portal's own pages.
_ELSEWHERE = ("/api/", "/admin/", "/accounts/", "/static/")

Pairs = list[list[str]]


def pairs_of(query: Iterable[tuple[str, str]]) -> Pairs:
    """What of a query narrows or orders, in the order in which it was said."""
    return [[name, value] for name, value in query if value and name not in PLACES]


def pairs_in(params: QueryDict | Mapping[str, str]) -> Pairs:
    """The same of request.GET."""
    lists = params.lists() if isinstance(params, QueryDict) else ((k, [v]) for k, v in params.items())
    return pairs_of((name, value) for name, values in lists for value in values)


def read(address: str) -> tuple[str, Pairs] | None:
    """(path, pairs) of an address of ours, as it is saved; None for what leads to no page of the portal."""
    if len(address) > LONGEST or not address.isprintable() or not is_ours(address):
        return None
    parts = urlsplit(address)
    path = unquote(parts.path)
    if not path.isprintable() or len(path) > 300 or within(path).startswith(_ELSEWHERE):
        return None
    try:
        resolve(within(path))
    except Resolver404:
        return None
    query = pairs_of(parse_qsl(parts.query))
    return (path, query) if all("\x00" not in text for pair in query for text in pair) else None
