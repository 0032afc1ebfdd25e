"""Cursor pages of lists in an order of their own: by name, by a date that may be missing, by a mark.

The framework's own cursors know one column without gaps and skip in it; these stand on
`common.paging.keyset`, as the pages do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.utils.urls import replace_query_param

from partnerships.common.api import Pages
from partnerships.common.paging import BadCursor, keyset, place_of


@dataclass(frozen=True)
class Ordered:
    """Rows in an order: fields or annotations as `keyset` takes them, and what reads the rows of a page by
    their keys, annotations of the order included."""

    rows: Any
    order: tuple[str, ...]
    filled: Callable[[list[Any]], Any] | None = None


@dataclass(frozen=True)
class Part:
    """One of several lists that are shown as one: a key that stays the same, its rows, their order."""

    key: str
    rows: Any
    order: tuple[str, ...]


def in_order_of(orders: Sequence[Any], rows: Any, params: Any) -> Ordered | None:
    """`rows` by the order of a ready list (common.lists.Order) that `sort` names."""
    chosen = next((one for one in orders if one.key == params.get("sort", "")), None)
    return Ordered(rows, chosen.fields) if chosen is not None else None


class KeysetPages(Pages):
    """A page of `view.ordered(rows)`: an `Ordered`, a sequence of `Part`, or None for the newest first."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self.beside: tuple[str, str] | None = None
        asked = view.ordered(queryset)
        if asked is None:
            return super().paginate_queryset(queryset, request, view)
        self.page_size = self.get_page_size(request) or 0
        self.base_url = request.build_absolute_uri()
        cursor = request.query_params.get("cursor", "")
        if cursor[:1] not in ("", "a", "b"):
            raise _nowhere()
        try:
            read = self._of_one if isinstance(asked, Ordered) else self._of_several
            return read(asked, cursor[:1] == "b", cursor[1:])
        except BadCursor as error:
            raise _nowhere() from error

    def _of_one(self, asked: Ordered, backwards: bool, place: str) -> list[Any]:
        found = keyset(
            asked.rows,
            {"before" if backwards else "after": place} if place else {},
            order=asked.order,
            size=self.page_size,
            filled=asked.filled,
            strict=True,
        )
        self.beside = (found.previous and f"b{found.previous}", found.next and f"a{found.next}")
        return found.rows

    def _of_several(self, parts: Sequence[Part], backwards: bool, place: str) -> list[tuple[Part, Any]]:
        """(part, row) of each; the rows of a part have no gaps in what they are ordered by."""
        key, _dot, within = place.rpartition(".")
        keys = [part.key for part in parts]
        if place and key not in keys:
            raise BadCursor(place)
        ahead = list(reversed(parts)) if backwards else list(parts)
        ahead = ahead[[part.key for part in ahead].index(key) :] if place else ahead
        found: list[tuple[Part, Any]] = []
        for part in ahead:
            order = tuple(_turned(name) for name in part.order) if backwards else part.order
            params = {"after": within} if within and part.key == key else {}
            left = self.page_size + 1 - len(found)
            found += [(part, row) for row in keyset(part.rows, params, order=order, size=left, strict=True)]
            if len(found) > self.page_size:
                break
        more, found = len(found) > self.page_size, found[: self.page_size]
        if backwards:
            found.reverse()
        before, after = (bool(place), more) if not backwards else (more, bool(place))
        ends = [f"{part.key}.{place_of(row, part.order)}" for part, row in (found[:1] + found[-1:])]
        self.beside = (f"b{ends[0]}" if found and before else "", f"a{ends[-1]}" if found and after else "")
        return found

    def _link(self, at: int) -> str | None:
        assert self.beside is not None
        here = self.base_url or ""
        return replace_query_param(here, "cursor", self.beside[at]) if self.beside[at] else None

    def get_previous_link(self) -> str | None:
        return super().get_previous_link() if self.beside is None else self._link(0)

    def get_next_link(self) -> str | None:
        return super().get_next_link() if self.beside is None else self._link(1)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _nowhere() -> NotFound:
    return NotFound(Pages.invalid_cursor_message)
