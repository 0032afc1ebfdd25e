"""Pages of long lists that cost the same on the first and on the thousandth: keyset, never OFFSET."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar
from urllib.parse import quote_plus, urlencode

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.http import QueryDict

from partnerships.common.capped import CAP, Found, capped, capped_count

M = TypeVar("M", bound=models.Model)
SIZES = (25, 50, 100)  # rows a page that somebody can choose; the first until they do


class BadCursor(ValueError):
    """A place in a list that this list does not have."""


@dataclass
class Keyset(Generic[M]):
    """One page. `next` and `previous` are values for the `after` / `before` query parameters, or "".
    `chosen`: the size that its reader chose; 0 where the list has one of its own, or nobody is signed in.
    `found`: how many rows the list has, as `capped_count` says it, where that was wanted."""

    rows: list[M]
    next: str
    previous: str
    chosen: int = 0
    found: tuple[int, bool] = (0, False)

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class _Exact(DjangoJSONEncoder):
    """Moments keep their microseconds: a cursor that is cut to milliseconds meets its own row again."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _encode(values: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(values, cls=_Exact).encode()).decode().rstrip("=")


def _decode(text: str, length: int) -> list[Any] | None:
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, list) and len(values) == length else None


def place_of(row: Any, order: tuple[str, ...]) -> str:
    """Where a row stands in a list of this order, as `keyset` takes it."""
    return _encode([_value(row, name.lstrip("-")) for name in order])


def size_of(reader: Any) -> int:
    """How many rows a page this reader has; visitors have the default."""
    return int(getattr(reader, "page_size", SIZES[0]))


def keyset(
    queryset: models.QuerySet[M],
    params: Any,
    *,
    order: tuple[str, ...],
    reader: Any = None,
    size: int = 0,
    fill: Callable[[models.QuerySet[M]], models.QuerySet[M]] | None = None,
    filled: Callable[[list[Any]], Iterable[M]] | None = None,
    counting: bool = False,
    strict: bool = False,
) -> Keyset[M]:
    """The page of `queryset` that `params` (request.GET) asks for.

    order   fields or annotations, "-" for descending, the last one unique ("-pk"); nulls come last in
            either direction
    reader  the user, whose choice of rows a page it follows
    size    a size of the list's own instead
    fill    adds what a row shows, and the annotations that `order` names, to the rows of the page alone, by
            a query more. The narrow `queryset` then only finds their keys: nothing of another table is read,
            joined or sorted for rows that are not shown
    filled  the same by keys: what reads these rows in any order, a `PreparedRows` for instance
    counting  with how many there are (`Keyset.found`): of the first page by the same query
    A cursor that was tampered with answers with the first page; `strict`: raises BadCursor.
    """
    chosen = 0 if size or not hasattr(reader, "page_size") else size_of(reader)
    given, cursor, backwards = cursor_of(params, order)
    if strict and given and cursor is None:
        raise BadCursor(given)
    backwards = backwards and cursor is not None
    try:
        rows = in_order(queryset, order, backwards)
        if cursor is not None:
            rows = rows.filter(_beyond(order, cursor, backwards, partial(_nullable, queryset)))
        page, more, found = _read(rows, size or size_of(reader), fill, filled, counting and cursor is None)
    except (ValueError, TypeError, ArithmeticError, ValidationError) as error:
        if cursor is None:
            raise
        if strict:
            raise BadCursor(given) from error
        how: Any = {"reader": reader, "size": size, "fill": fill, "filled": filled, "counting": counting}
        return keyset(queryset, {}, order=order, **how)
    made = made_up(page, more, order=order, beyond=cursor is not None, backwards=backwards, chosen=chosen)
    if counting:
        made.found = found or capped_count(queryset)
    return made


def _read(
    rows: models.QuerySet[M], size: int, fill: Any, filled: Any, counting: bool
) -> tuple[list[M], bool, Found | None]:
    """The first `size` of these rows in their order, whether there are more, and how many there are: where
    that is wanted and their keys are found by themselves."""
    if fill is None and filled is None:
        found = list(rows[: size + 1])
        return found[:size], len(found) > size, None
    # As values: no join is planned around them.
    keys = list(rows.values_list("pk", flat=True)[: (CAP if counting else size) + 1])
    count = capped(len(keys)) if counting else None
    more, keys = len(keys) > size, keys[:size]
    if filled is not None:
        return by_keys(keys, filled), more, count
    shown = fill(rows.model._default_manager.filter(pk__in=keys))
    return list(shown.order_by(*rows.query.order_by)), more, count


def by_keys(keys: list[Any], filled: Callable[[list[Any]], Iterable[M]]) -> list[M]:
    """The rows of these keys in their order; what is gone meanwhile is left out."""
    known = {row.pk: row for row in filled(keys)}
    return [known[key] for key in keys if key in known]


def keyset_asked(
    read: Callable[[int | None, bool, int], list[int]],
    params: Any,
    *,
    order: tuple[str, ...],
    reader: Any,
    filled: Callable[[list[Any]], Iterable[M]],
    count: Callable[[], int] | None = None,
) -> tuple[Keyset[M], Found | None] | None:
    """`keyset` of keys that are read in kept words, and how many there are where that is wanted (`count`).
    None for a place in the list that the reading cannot be told: then it is `keyset`'s.

    read    (key, backwards, most) -> so many keys in the order of the list, those beyond the key where one is
            given, which is so in a list by its key alone
    filled  as in `keyset`
    count   how many there are, no further than one past the cap; asked where the first page does not tell it
    """
    chosen = size_of(reader) if hasattr(reader, "page_size") else 0
    size, (_given, cursor, backwards) = size_of(reader), cursor_of(params, order)
    beyond = None
    if cursor is not None:
        beyond = cursor[0]
        if len(order) != 1 or type(beyond) is not int or not 0 < beyond < _KEYS:
            return None
    # Who is told how many there are need not be asked twice for the first of them.
    at_once = count is not None and beyond is None
    backwards = backwards and beyond is not None
    keys = read(beyond, backwards, (CAP if at_once else size) + 1)
    found = None if count is None else capped(len(keys) if at_once else count())
    page, more = by_keys(keys[:size], filled), len(keys) > size
    return made_up(
        page, more, order=order, beyond=beyond is not None, backwards=backwards, chosen=chosen
    ), found


_KEYS = 2**63  # none is larger


def cursor_of(params: Any, order: tuple[str, ...]) -> tuple[str, list[Any] | None, bool]:
    """What an address says of a place in a list of this order: as it stands there, as values (None where it
    says none), and whether the page before it is meant."""
    given = params.get("before") or params.get("after") or ""
    return given, _decode(given, len(order)), "before" in params


def made_up(
    page: list[M], more: bool, *, order: tuple[str, ...], beyond: bool, backwards: bool, chosen: int
) -> Keyset[M]:
    """The page of these rows, as they were found: backwards where they come before a place. `more`: there are
    others behind them; `beyond`: they come after (or before) a place in the list."""
    if backwards:
        page.reverse()
    ends = [place_of(row, order) for row in (page[0], page[-1])] if page else ["", ""]
    has_next = more if not backwards else True
    has_previous = beyond if not backwards else more
    return Keyset(
        page, ends[1] if has_next and page else "", ends[0] if has_previous and page else "", chosen
    )


def in_order(
    queryset: models.QuerySet[M], order: tuple[str, ...], backwards: bool = False
) -> models.QuerySet[M]:
    """The rows in the order of a `keyset`, from its beginning; from its end when going backwards."""
    return queryset.order_by(
        *(_ordering(name, backwards, _nullable(queryset, name.lstrip("-"))) for name in order)
    )


def first_page(rows: list[M], *, order: tuple[str, ...], reader: Any) -> Keyset[M]:
    """The first page of a `keyset` whose first rows, one more than a page of this reader has, are read
    already."""
    size = size_of(reader)
    chosen = size if hasattr(reader, "page_size") else 0
    more = len(rows) > size
    return made_up(rows[:size], more, order=order, beyond=False, backwards=False, chosen=chosen)


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _ordering(name: str, backwards: bool, nullable: bool) -> Any:
    descending = name.startswith("-") != backwards
    field = F(name.lstrip("-"))
    # An index serves the plain order; only columns that can be null need their nulls placed.
    place = {("nulls_first" if backwards else "nulls_last"): True} if nullable else {}
    return field.desc(**place) if descending else field.asc(**place)


def _nullable(queryset: models.QuerySet[Any], name: str) -> bool:
    if name in queryset.query.annotations:
        return True
    model: Any = queryset.model
    field: Any = None
    for part in name.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model or model
    return bool(field.null)


def _beyond(order: tuple[str, ...], cursor: list[Any], backwards: bool, nullable: Any) -> Q:
    """Rows that come after the cursor in the order (before it, when going backwards)."""
    found, same = Q(pk__in=[]), Q()
    for name, value in zip(order, cursor, strict=True):
        field = name.lstrip("-")
        descending = name.startswith("-") != backwards
        if value is None:
            # Nulls stand last: nothing lies beyond them forwards, everything that is not null backwards.
            step = Q(**{f"{field}__isnull": False}) if backwards else Q(pk__in=[])
            equal = Q(**{f"{field}__isnull": True})
        else:
            step = Q(**{f"{field}__{'lt' if descending else 'gt'}": value})
            if not backwards and nullable(field):
                step |= Q(**{f"{field}__isnull": True})
            equal = Q(**{field: value})
        found |= same & step
        same &= equal
    return found & _from_there(order, cursor, backwards, nullable)


def _from_there(order: tuple[str, ...], cursor: list[Any], backwards: bool, nullable: Any) -> Q:
    """What follows from `_beyond` for the first of the fields. An index is entered where the page begins by
    this alone: of the OR it cannot know, and goes through all that stand before."""
    field, value = order[0].lstrip("-"), cursor[0]
    if value is None or nullable(field):
        return Q()
    return Q(**{f"{field}__{'lte' if order[0].startswith('-') != backwards else 'gte'}": value})


def narrowed(params: QueryDict, **changed: str) -> str:
    """The address of the same list from its first page, with these parameters changed ("" takes one away)."""
    kept = _kept(params, *changed)
    return f"?{urlencode([*kept, *((name, value) for name, value in changed.items() if value)])}"


def narrowing(params: QueryDict, name: str) -> Callable[[str], str]:
    """value -> `narrowed` by this one parameter, for the pills of a list: the rest is written once."""
    rest, before = _rest(params, name)
    return lambda value: f"{before}{name}={quote_plus(str(value))}" if value else rest


def _rest(params: QueryDict, *changed: str) -> tuple[str, str]:
    """The address of a list without these, and what it begins with where one more follows."""
    rest = urlencode(_kept(params, *changed))
    return f"?{rest}", f"?{rest}&" if rest else "?"


def _kept(params: QueryDict, *changed: str) -> list[tuple[str, str]]:
    """What stays in the address of a list: all but its place in it and these."""
    gone = {"after", "before", *changed}
    return [(name, value) for name, values in params.lists() if name not in gone for value in values]


def page_links(
    params: QueryDict, page: Keyset[Any], summary: str = "", *, narrows: bool = True
) -> dict[str, Any]:
    """What {% pager %} shows of a Keyset: the addresses of the pages before and after, filters kept, and how
    many rows a page its reader chose, where another choice would show another page.

    narrows  whether the address narrows or orders the list, so that its reader may save it as it stands
    """
    long = page.previous or page.next or len(page) > SIZES[0]
    rest, before = _rest(params)
    return {
        "size": page.chosen if long else 0,
        "first_url": rest,
        "previous_url": f"{before}before={quote_plus(page.previous)}" if page.previous else "",
        "next_url": f"{before}after={quote_plus(page.next)}" if page.next else "",
        "summary": summary,
        "narrows": narrows,
    }
