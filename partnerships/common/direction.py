"""What an app gives the portal, as data: the portal collects these and imports no direction.

Each direction has `direction.py` with a DIRECTION; core apps that contribute have `source.py` with a
SOURCE. What it writes to people: common/letters.py. How to add a direction: docs/add-a-direction.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy

from partnerships.common.clock import baku_date, end_of_day
from partnerships.common.indicator import Indicator
from partnerships.common.piles import Chart, Dated, Numbers, Pile, Sought, dated, found, numbered, told


def _end_the_day(line: Any) -> None:
    """Lines of all apps are put in order by their moment: a day without an hour is its last one."""
    if line.due is not None and not isinstance(line.due, datetime):
        object.__setattr__(line, "due", end_of_day(line.due))


@dataclass(frozen=True)
class Todo:
    """One thing that waits for somebody: "what waits for me" on the home page.

    title   "Decide: Fərid Əlibəyli" (translated); detail  the line below
    due     the promised moment, or None; a day counts until its end
    count   how many such things one line stands for
    place_of  whom the reader stands in for with this; the portal says so, no source has to
    """

    title: str
    detail: str
    url: str
    due: date | None = None
    css: str = ""
    count: int = 1
    place_of: str = ""

    def __post_init__(self) -> None:
        _end_the_day(self)


@dataclass(frozen=True)
class Stat:
    """A number that matters to somebody's role: value as text, label, and where its records are listed."""

    value: str
    label: str
    url: str = ""
    delta: str = ""


MOST_IN_MOTION = 5  # so much of one app is shown


@dataclass(frozen=True)
class Underway:
    """Something of the person's own that is in motion: what, its state, whose move it is, by when.

    kind    of the state's chip: "move" (the person's own move), "on", "good", "bad" or nothing
    due     as of a Todo
    """

    title: str
    detail: str
    url: str
    state: str
    kind: str
    move: str
    due: date | None = None

    def __post_init__(self) -> None:
        _end_the_day(self)


@dataclass(frozen=True)
class Bar:
    """One bar of a small chart: "22/30" at an enterprise."""

    label: str
    value: int
    total: int
    url: str = ""


@dataclass(frozen=True)
class Hit:
    """A search result."""

    title: str
    detail: str
    url: str
    group: str
    rank: int = 0


@dataclass(frozen=True)
class Entry:
    """Something in the calendar. `uid` is stable, so that a feed updates instead of doubling.

    sequence  grows with every change, where the thing has a version
    """

    uid: str
    title: str
    starts: datetime
    ends: datetime | None = None
    place: str = ""
    url: str = ""
    css: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class OpenRow:
    """A thing that is open now, for the front page: what, where, how many places, until when."""

    title: str
    detail: str
    where: str
    places: int | None
    deadline: datetime | None
    url: str


@dataclass(frozen=True)
class MenuItem:
    """A line of the side menu. `shown(user)` says to whom; the page itself must still refuse the others."""

    label: Any
    url_name: str
    shown: Callable[[Any], bool]


@dataclass(frozen=True)
class Becomes:
    """A kind of thing that a cooperation idea can become.

    label     what the page calls it; rows  user -> queryset of those that this user may name
    new_url   name of the page on which one is made, asked with `partner` (a slug) where one is known
    makes     user -> whether that page is theirs; query  what that page is asked with besides
    """

    label: Any
    rows: Callable[[Any], Any]
    new_url: str
    makes: Callable[[Any], bool]
    query: str = ""


@dataclass(frozen=True)
class Activities:
    """What a direction does under agreements of partners: practices, projects, courses.

    key         "internships.practices", the direction first: programs know the kind by it
    label       what the page calls them
    rows        user -> queryset of those that this user may see, cancelled ones left out; the whole of them
                for None
    agreement   name of the foreign key to the agreement under which a row stands
    starts, ends  names of its date fields, both inclusive
    running     Q of what is ahead or under way
    line        row -> its title and what stands below it; the row has a page (get_absolute_url)
    named       few and no persons: the agreement's page names all that run, not only those past its end
    """

    key: str
    label: Any
    rows: Callable[[Any], Any]
    agreement: str
    starts: str
    ends: str
    running: Any
    line: Callable[[Any], tuple[str, str]]
    named: bool = False


@dataclass(frozen=True)
class Figure:
    """What a direction did under an agreement, as a number: places given, practices done, people hired.

    key    one of the direction's `figure_labels`; by_year  year -> number; url  where its records are listed
    """

    key: str
    value: Decimal
    by_year: dict[int, Decimal] = field(default_factory=dict)
    url: str = ""


def _nothing(*args: Any) -> list[Any]:
    return []


def _none_counted(chains: Mapping[int, int]) -> dict[int, list[Figure]]:
    return {}


@dataclass(frozen=True)
class Noted:
    """A card on the page of a partner: its heading, the newest lines, the address of all of them."""

    title: Any
    lines: list[Hit]
    url: str


@dataclass(frozen=True)
class Source:
    """What any app may contribute. Every callable takes the user first and shows only what they may see."""

    key: str
    # What is asked of all apps by one query; each has a plain form below for what cannot be asked so.
    piles: Callable[[Any], list[Pile]] = _nothing  # what waits for the person
    motion: Callable[[Any], list[Pile]] = _nothing  # what they have under way: lines are Underway
    steps: Callable[[Any], list[Pile]] = (
        _nothing  # what comes first in a role, until it is done: lines are Todo
    )
    numbers: Callable[[Any], list[Numbers]] = _nothing
    charts: Callable[[Any], list[Chart]] = _nothing
    dated: Callable[[Any, date, date], list[Dated]] = _nothing  # (user, first, last)
    sought: Callable[[Any, str, int], list[Sought]] = _nothing  # (user, folded words, limit)
    todos: Callable[[Any], list[Todo]] = _nothing
    stats: Callable[[Any], list[Stat]] = _nothing
    underway: Callable[[Any], list[Underway]] = _nothing
    bars: Callable[[Any], tuple[Any, list[Bar]] | list[Any]] = _nothing
    search: Callable[[Any, str, int], list[Hit]] = _nothing  # (user, folded words, limit)
    calendar: Callable[[Any, date, date], list[Entry]] = _nothing
    menu: tuple[MenuItem, ...] = ()
    becomes: tuple[Becomes, ...] = ()
    # (user, record) -> what a record of an app below grew out of: a line on its page
    grew_from: Callable[[Any, Any], list[Hit]] | None = None
    # (user, organisation) -> what is noted about a partner: a card on its page; None where nothing is
    on_partner: Callable[[Any, Any], Noted | None] | None = None
    # (user, model) -> the same as a condition on its rows: whether there is any such record
    grown: Callable[[Any, Any], Any] | None = None
    # (user, what the address of the form said, record just made): link it with what it grows out of
    grow_from: Callable[[Any, Any, Any], None] | None = None
    # What stands under agreements, and what it came to: (agreement -> the chain of its amendments, by key) ->
    # chain -> figures. In a fixed number of queries: a page asks for all agreements on it at once.
    activities: tuple[Activities, ...] = ()
    figures: Callable[[Mapping[int, int]], dict[int, list[Figure]]] = _none_counted
    figure_labels: dict[str, Any] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()  # what the cooperation is measured by: docs/indicators.md

    def waits(self, user: Any) -> list[Todo]:
        """All that of this app waits for the person; the portal asks all apps together instead."""
        return [*told(self.piles(user)), *self.todos(user)]

    def counts(self, user: Any) -> list[Stat]:
        return [*numbered(self.numbers(user)), *self.stats(user)]

    def moves(self, user: Any) -> list[Underway]:
        return [*told(self.motion(user))[:MOST_IN_MOTION], *self.underway(user)]

    def finds(self, user: Any, words: str, limit: int) -> list[Hit]:
        return [*found(self.sought(user, words, limit)), *self.search(user, words, limit)]

    def happens(self, user: Any, first: date, last: date) -> list[Entry]:
        found = [*dated(self.dated(user, first, last)), *self.calendar(user, first, last)]
        return [entry for entry in found if first <= baku_date(entry.starts) <= last]


@dataclass(frozen=True)
class Direction(Source):
    """A direction: its public face and its contributions.

    `css` is the class that colours it (static/portal.css), `url_name` its public page: "d-research" and
    "research:index" where it says none; `short_name` is its name unless said. `invitation` is the button
    that the front page gives the direction while something is open in it. `chain` tells its public page
    the way from the first step to the result ((step, what happens), ...), `nothing_open` (title, text) what
    will stand there once something is open.
    """

    name: Any = ""
    short_name: Any = ""
    summary: Any = ""
    invitation: Any = ""
    about: tuple[Any, ...] = ()
    chain: tuple[tuple[Any, Any], ...] = ()
    nothing_open: tuple[Any, Any] = (gettext_lazy("Nothing is open here just now."), "")
    css: str = ""
    url_name: str = ""
    open_count: Callable[[], tuple[int, str]] = field(default=lambda: (0, ""))  # (how many, "86 free places")
    open_rows: Callable[[int], list[OpenRow]] = _nothing  # limit -> rows

    def __post_init__(self) -> None:
        by_itself = {"css": f"d-{self.key}", "url_name": f"{self.key}:index", "short_name": self.name}
        for field_name, value in by_itself.items():
            if not getattr(self, field_name):
                object.__setattr__(self, field_name, value)


@cache
def directions() -> tuple[Direction, ...]:
    """The directions in the order of settings.DIRECTIONS."""
    return tuple(import_module(f"{name}.direction").DIRECTION for name in settings.DIRECTIONS)


@cache
def core_sources() -> tuple[Source, ...]:
    """The contributions of the core apps, in the order of INSTALLED_APPS."""
    return tuple(
        import_module(f"{config.name}.source").SOURCE
        for config in apps.get_app_configs()
        if config.name.startswith("partnerships.") and module_has_submodule(config.module, "source")
    )
