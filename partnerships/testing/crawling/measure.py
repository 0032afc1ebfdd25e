"""How much of the portal a crawl follows and asks for, and what it has found."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from partnerships.testing.crawling.presses import Press

# What a look may write: the session, and the lines of who looked at whose file and who took which list away.
WRITTEN_BY_A_LOOK = frozenset({"django_session", "documents_documentview", "documents_exportrun"})
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")


@dataclass(frozen=True)
class Measure:
    """How much is followed and asked for; None is all of it.

    per_view   addresses of one view that one person follows
    queries    of them, those that differ in their query alone: what narrows a list adds no row to it
    replayed   of each kind of address or form that one person found, how many the others ask for
    relations  only one of each relation to the finder asks: who has the same role elsewhere, who is in the
               same house, who is neither, and nobody. Else everybody does, also who may see it. What one has
               asked for as the neighbour of another finder is not asked again. Of the administration, which
               its one role sees alike whatever row it is, one row, and who lacks the role knocks at every
               fifth of its doors; of forms of one's own every third is tried
    from_home  begins at the front page, at home and at the lists of the API, and comes to other pages by
               links alone. How each address without a parameter answers each role, the table of routes proves
    """

    per_view: int | None = None
    queries: int | None = None
    replayed: int | None = None
    relations: bool = False
    from_home: bool = False


# What differs between two objects of one kind is whom they belong to: one of each, for one of each relation.
SAMPLE = Measure(per_view=2, queries=2, replayed=1, relations=True)
# For who sees what somebody in the sample sees as well: of each view one, and none that no link leads to.
GLANCE = Measure(per_view=1, queries=1, replayed=1, relations=True, from_home=True)
WIDE = Measure(per_view=2, queries=12, replayed=2)
WHOLE = Measure()


@dataclass
class Walk:
    """What one person found."""

    looks: dict[str, int] = field(default_factory=dict)  # address -> status
    presses: dict[Press, str] = field(default_factory=dict)  # -> the page it was found on


@dataclass
class Report:
    """What went against a promise, by promise, and how much was asked."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)  # models of what was asked for by who may not see it

    def note(self, promise: str, what: str) -> None:
        if what not in self.wrong[promise] and len(self.wrong[promise]) < 200:
            self.wrong[promise].append(what)


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that are written to meanwhile."""
    tables: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split(None, 3)
        if words and words[0].upper() in WRITES:
            tables.add(words[1 if words[0].upper() == "UPDATE" else 2].strip('"`').split('"')[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
