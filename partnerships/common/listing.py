"""Lists that people may take away as a table: one declaration for each, beside the page that shows it.

    @listing("ideas.ideas")
    def ideas(user: Any, params: QueryDict) -> Listed:
        shown = Shown(user, params)
        return Listed(_("Cooperation ideas"), shown.rows().with_rows(), COLUMNS, order=("-pk",))

Declarations stand in the `exports` module of an app; {% download "ideas.ideas" %} offers them on the page.
What becomes of them (the file, the log, the work of a worker) stands above, in documents/exporting.py.
Docs: docs/exports.md.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.module_loading import autodiscover_modules

from partnerships.common.export import ExportColumn
from partnerships.common.paging import keyset

CHUNK = 1000  # rows read at once: a list costs the same number of queries up to this length


@dataclass(frozen=True)
class Listed:
    """A list as one reader sees it.

    name     its heading, which also names the file
    rows     the page's own visible_to queryset, narrowed as the page is; or things counted in memory
    columns  what stands in the table; nothing that the page does not show to this reader
    order    as the page's `keyset`: fields, the last one unique; none for things in memory
    lines    rows -> what the columns read, called with up to CHUNK rows, in a fixed number of queries
    """

    name: str
    rows: Any
    columns: Sequence[ExportColumn]
    order: tuple[str, ...] = ()
    lines: Callable[[list[Any]], Iterable[Any]] | None = None

    def count(self, most: int) -> int:
        """How many rows there are, counted no further than one above `most`."""
        if isinstance(self.rows, QuerySet):
            return self.rows.order_by()[: most + 1].values("pk").count()
        return min(len(self.rows), most + 1)

    def __iter__(self) -> Iterator[Any]:
        """Every line, read page by page as the page itself does: no cursor stays open while others write."""
        for chunk in self._chunks():
            yield from self.lines(chunk) if self.lines else chunk

    def _chunks(self) -> Iterator[list[Any]]:
        if not isinstance(self.rows, QuerySet):
            yield list(self.rows)
            return
        after, seen = "", set[str]()
        while True:
            params = {"after": after} if after else {}
            page = keyset(self.rows, params, order=self.order, size=CHUNK, filled=self._whole)
            yield page.rows
            if not page.next:
                return
            if page.next in seen:
                raise RuntimeError(f"{self.name}: its order leads back to its beginning")
            seen.add(page.next)
            after = page.next

    def _whole(self, keys: list[Any]) -> QuerySet[Any]:
        """These rows with all that they show. By their keys, since the database would sort every wide row
        of a long list for each thousand of them."""
        return self.rows.order_by().filter(pk__in=keys)


Build = Callable[[Any, QueryDict], Listed]


@dataclass(frozen=True)
class Listing:
    """A list that may be taken away. `people`: its rows tell of persons, so that each file is an event of
    privacy. `build` raises what the page would answer with: Refused, or Http404 to a stranger."""

    kind: str
    people: bool
    build: Build


_listings: dict[str, Listing] = {}


def listing(kind: str, *, people: bool = False) -> Callable[[Build], Build]:
    """Declare a list by its kind, such as "internships.placements"."""

    def register(build: Build) -> Build:
        if kind in _listings and _listings[kind].build is not build:
            raise ValueError(f"two lists of kind {kind}")
        _listings[kind] = Listing(kind, people, build)
        return build

    return register


def listings() -> dict[str, Listing]:
    """Every declared list, by its kind."""
    _discover()
    return dict(_listings)


@functools.cache
def _discover() -> None:
    """At the first question, not at the start: the declarations import the views of every app."""
    autodiscover_modules("exports", "registers")


def listing_of(kind: str) -> Listing:
    """The declared list of this kind. Raises LookupError for one that nobody declared."""
    found = listings().get(kind)
    if found is None:
        raise LookupError(f"no list of kind {kind}")
    return found
