"""What the pages of the portal read from all the apps at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.asked import ask_together
from partnerships.common.clock import BAKU, baku_date, today
from partnerships.common.direction import (
    MOST_IN_MOTION,
    Bar,
    Dated,
    Direction,
    Entry,
    Hit,
    Numbers,
    OpenRow,
    Pile,
    Source,
    Stat,
    Todo,
    Underway,
    counted,
)
from partnerships.common.text import fold, sort_key
from partnerships.directory.access import access_of, stand_ins
from partnerships.directory.asked import asked
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization
from partnerships.portal import registry

SHORTEST_SEARCH = 2  # folded letters
HITS_PER_SOURCE = 10
NEAREST = 50  # entries of one source that the home page looks at
_NEVER = datetime.max.replace(tzinfo=BAKU)


# What waits for somebody -------------------------------------------------------------------------


def todos(user: Any) -> list[Todo]:
    """Everything that waits for `user`, the late first, then by date, those without a date last."""
    return _in_order(user, _todos(user))


def _in_order(user: Any, found: list[Todo]) -> list[Todo]:
    if access_of(user).holders:
        found = _with_places(user, found)
    # The alphabet decides at the same moment alone: its keys are dear.
    found.sort(key=lambda item: item.due or _NEVER)
    return [
        item
        for same in (list(same) for _due, same in groupby(found, key=lambda item: item.due or _NEVER))
        for item in (sorted(same, key=lambda one: sort_key(one.title)) if len(same) > 1 else same)
    ]


def _todos(user: Any) -> list[Todo]:
    asking = [(source, source.piles(user)) for source in registry.sources()]
    answers = ask_together([pile.first for _source, piles in asking for pile in piles])
    return _waiting(user, asking, iter(answers))


def _waiting(user: Any, asking: list[tuple[Source, list[Pile]]], answers: Iterator[Any]) -> list[Todo]:
    """What waits: of the piles whose first question is answered, and what sources tell without one."""
    return [
        item if item.css else replace(item, css=_css(source))
        for source, piles in asking
        for item in (
            *(item for pile in piles for item in pile.told(next(answers))),
            *source.todos(user),
        )
    ]


def _with_places(user: Any, found: list[Todo]) -> list[Todo]:
    """Those that are a deputy's own without a mark, the others with the name of whom they stand in for."""
    named: dict[Todo, str] = {}
    for narrow, holder, name in stand_ins(user):
        for item in _todos(narrow):
            named.setdefault(item, "" if holder is None else name)
    # Where one line stands for things of both, it is nobody's alone.
    return [replace(item, place_of=named.get(item, "")) for item in found]


def _css(source: Source) -> str:
    """A direction's colour; what the core contributes has none."""
    return source.css if isinstance(source, Direction) else ""


def late(items: Iterable[Todo]) -> int:
    """How many of these are past their time."""
    now = timezone.now()
    return sum(item.count for item in items if item.due is not None and item.due < now)


def waiting_count(user: Any) -> int:
    """How much that is; where a source can count, its list is not built for it."""
    sources = registry.sources()
    plain = sum(item.count for source in sources for item in source.todos(user))
    return plain + counted(pile for source in sources for pile in source.piles(user))


def charts(user: Any) -> list[tuple[str, list[Bar]]]:
    """The small bar charts that have something to show: (title, bars)."""
    drawn = []
    for source in registry.sources():
        chart = source.bars(user)
        if chart:
            title, bars = chart
            if bars:
                drawn.append((title, bars))
    return drawn


# Who the person is -------------------------------------------------------------------------------


def roles(user: Any) -> list[Affiliation]:
    """The current roles of a user, the latest first."""
    if not user.is_authenticated or user.person_id is None:
        return []
    return list(_held(user))


@asked
def _held(user: Any) -> Any:
    mine = Affiliation.objects.current().filter(person_id=user.person_id)
    return mine.select_related("organization__root").order_by("-starts", "pk")


def role_line(held: list[Affiliation]) -> str:
    """ "Azərişıq, Human resources": the latest two roles, in the page's language."""
    return " · ".join(
        _("%(organization)s, %(role)s")
        % {"organization": row.organization.root.short_name, "role": row.get_role_display()}
        for row in held[:2]
    )


@dataclass(frozen=True)
class Standing:
    """Where somebody who has no confirmed role yet stands: nothing asked for, or still to be confirmed."""

    waiting_at: str = ""


def standing(user: Any, held: list[Affiliation]) -> Standing | None:
    """None for those who have a role."""
    if held:
        return None
    pending = (
        Affiliation.objects.filter(
            person_id=user.person_id, state__in=[AffiliationState.REQUESTED, AffiliationState.SUGGESTED]
        )
        .exclude(person_id=None)
        .select_related("organization__root")
        .first()
    )
    return Standing(waiting_at=pending.organization.root.display_name if pending else "")


_PARTICULARS = frozenset({Role.EXPERT, Role.ORGANISER, Role.TRAINER, Role.FOUNDER, Role.LECTURER})


def profile_gaps(user: Any, held: list[Affiliation]) -> list[str]:
    """What is still missing in the profile of somebody who is asked for what they know."""
    if not any(row.role in _PARTICULARS for row in held):
        return []
    person = user.person
    gaps = [] if person.phone else [_("phone")]
    if not person.skills.exists():
        gaps.append(_("skills"))
    if not person.orcid and any(row.role in (Role.EXPERT, Role.LECTURER) for row in held):
        gaps.append(_("ORCID"))
    return gaps


_WORKERS = frozenset({Role.HR, Role.COORDINATOR, Role.MENTOR, Role.SUPERVISOR, Role.ADMINISTRATOR})


def looks_around(held: list[Affiliation]) -> bool:
    """Has a role, and none whose home is a desk: what is open is then the best that home can show."""
    return bool(held) and not any(row.role in _WORKERS for row in held)


def is_student(held: list[Affiliation]) -> bool:
    return any(row.role == Role.STUDENT for row in held)


# The public front --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A direction on the front page, with what is open in it."""

    direction: Direction
    count: int
    text: str


def cards() -> list[Card]:
    return [Card(direction, *direction.open_count()) for direction in registry.directions()]


def open_rows(limit: int = 8) -> list[OpenRow]:
    """What is open now in all directions: what closes first on top, what is full at the end."""
    rows = [row for direction in registry.directions() for row in direction.open_rows(limit)]
    return sorted(rows, key=lambda row: (row.places == 0, row.deadline or _NEVER, sort_key(row.title)))[
        :limit
    ]


def partner_counts() -> dict[str, int]:
    """How many partner universities and companies there are."""
    return Organization.objects.partners().aggregate(
        universities=Count("pk", filter=Q(kind=Kind.UNIVERSITY)),
        companies=Count("pk", filter=Q(kind=Kind.COMPANY)),
    )


# Search ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """What was found of one kind. `more`: a source gave as much as it was asked for, there may be others."""

    title: str
    hits: list[Hit]
    more: bool = False


def search(user: Any, typed: str) -> list[Group]:
    """What of all apps answers to the words, grouped as the apps name it, the nearest group first.

    The words are folded; fewer than SHORTEST_SEARCH folded letters find nothing. Each source shows
    only what `user` may see.
    """
    words = fold(typed)
    if len(words.replace(" ", "")) < SHORTEST_SEARCH:
        return []
    hits, cut = _directions_found(words), set[str]()
    for source in registry.sources():
        found = source.search(user, words, HITS_PER_SOURCE)
        hits += found
        many = Counter(str(hit.group) for hit in found)
        cut.update(group for group, count in many.items() if count >= HITS_PER_SOURCE)
    hits.sort(key=lambda hit: (_distance(hit, words), hit.rank, sort_key(str(hit.title))))
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(str(hit.group), []).append(hit)
    return [Group(title, found, title in cut) for title, found in groups.items()]


def _directions_found(words: str) -> list[Hit]:
    return [
        Hit(str(found.name), str(found.summary), reverse(found.url_name), _("Directions"), 3)
        for found in registry.directions()
        if words in fold(str(found.name))
    ]


def _distance(hit: Hit, words: str) -> int:
    """0: the title is the words; 1: it begins with them; 2: a word of it does; 3: they are elsewhere."""
    title = fold(str(hit.title))
    if title == words:
        return 0
    if title.startswith(words):
        return 1
    return 2 if f" {words}" in title else 3


# Calendar ----------------------------------------------------------------------------------------


def entries(user: Any, first: date, last: date) -> list[Entry]:
    """What happens from `first` to `last`, both Baku days and both included, by time."""
    asking = [(source, source.dated(user, first, last)) for source in registry.sources()]
    answers = ask_together([one.first for _source, dated in asking for one in dated])
    return _happening(user, (first, last), asking, iter(answers))


def _happening(
    user: Any,
    days: tuple[date, date],
    asking: list[tuple[Source, list[Dated]]],
    answers: Iterator[Any],
    most: int | None = None,
) -> list[Entry]:
    """most    so many of each kind are enough, the nearest first"""
    first, last = days
    found = [
        entry if entry.css else replace(entry, css=_css(source))
        for source, dated in asking
        for entry in (
            *(entry for one in dated for entry in one.told(next(answers), most)),
            *source.calendar(user, first, last),
        )
        if first <= baku_date(entry.starts) <= last
    ]
    found.sort(key=lambda entry: entry.starts)
    # The alphabet decides at the same moment alone: its keys are dear.
    together = (list(same) for _starts, same in groupby(found, key=lambda entry: entry.starts))
    return [
        entry
        for same in together
        for entry in (sorted(same, key=lambda one: sort_key(str(one.title))) if len(same) > 1 else same)
    ]


# Home --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    """What a person's home shows: what waits, what is on today and what comes next, the numbers of the role,
    what they have in motion with the nearest date first."""

    todos: list[Todo]
    now: list[Entry]
    soon: list[Entry]
    stats: list[Stat]
    underway: list[Underway]


def home(user: Any, days: int = 30, soon: int = 5, stats: int = 4) -> Home:
    """All of it: one query tells of every part of every app whether there is anything, and how many."""
    day, sources = today(), registry.sources()
    ahead = (day, day + timedelta(days=days))
    piles = [(source, source.piles(user)) for source in sources]
    dated = [(source, source.dated(user, *ahead)) for source in sources]
    motion = [(source, source.motion(user)) for source in sources]
    numbers = [(source, source.numbers(user)) for source in sources]
    parts = [one.first for asking in (piles, dated, motion) for _source, some in asking for one in some]
    parts += [part for _source, some in numbers for one in some for part in one.parts]
    answers = iter(ask_together(parts))
    todos = _waiting(user, piles, answers)
    entries = _happening(user, ahead, dated, answers, NEAREST)
    moving = _moving(user, motion, answers)
    return Home(
        _in_order(user, todos),
        [entry for entry in entries if baku_date(entry.starts) == day],
        [entry for entry in entries if baku_date(entry.starts) > day][:soon],
        _numbers(user, numbers, answers)[:stats],
        moving,
    )


def _moving(user: Any, asking: list[tuple[Source, list[Pile]]], answers: Iterator[Any]) -> list[Underway]:
    found = []
    for source, piles in asking:
        own = [item for pile in piles for item in pile.told(next(answers))]
        found += own[:MOST_IN_MOTION] + source.underway(user)
    return sorted(found, key=lambda item: item.due or _NEVER)


def _numbers(user: Any, asking: list[tuple[Source, list[Numbers]]], answers: Iterator[Any]) -> list[Stat]:
    """In the order of the apps."""
    return [
        stat
        for source, numbers in asking
        for stat in (
            *(stat for one in numbers for stat in one.tell(*(next(answers) or 0 for _part in one.parts))),
            *source.stats(user),
        )
    ]
