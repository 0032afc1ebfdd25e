"""What the pages of the portal read from all the apps at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.clock import BAKU, baku_date, today
from partnerships.common.direction import Bar, Direction, Entry, Hit, OpenRow, Source, Stat, Todo, Underway
from partnerships.common.text import fold, sort_key
from partnerships.directory.access import access_of, stand_ins
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
    found = _todos(user)
    if access_of(user).holders:
        found = _with_places(user, found)
    return sorted(found, key=lambda item: (item.due or _NEVER, sort_key(item.title)))


def _todos(user: Any) -> list[Todo]:
    return [
        item if item.css else replace(item, css=_css(source))
        for source in registry.sources()
        for item in source.todos(user)
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
    return sum(
        source.waiting(user) if source.waiting is not None else sum(item.count for item in source.todos(user))
        for source in registry.sources()
    )


def stats(user: Any, limit: int = 4) -> list[Stat]:
    """The numbers that matter to the person's role, in the order of the apps."""
    return [stat for source in registry.sources() for stat in source.stats(user)][:limit]


def underway(user: Any) -> list[Underway]:
    """What the person has in motion, the nearest date first, those without one last."""
    found = [item for source in registry.sources() for item in source.underway(user)]
    return sorted(found, key=lambda item: item.due or _NEVER)


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
    return list(
        Affiliation.objects.current()
        .filter(person_id=user.person_id)
        .select_related("organization__root")
        .order_by("-starts", "pk")
    )


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


def entries(user: Any, first: date, last: date, most: int | None = None) -> list[Entry]:
    """What happens from `first` to `last`, both Baku days and both included, by time.

    most    so many of each source are enough, the nearest first
    """
    found = [
        entry if entry.css else replace(entry, css=_css(source))
        for source in registry.sources()
        for entry in (
            source.nearest(user, first, last, most)
            if most is not None and source.nearest is not None
            else source.calendar(user, first, last)
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


def today_and_soon(user: Any, days: int = 30, limit: int = 5) -> tuple[list[Entry], list[Entry]]:
    """What is in the calendar today, and the next `limit` things of the `days` after it."""
    day = today()
    found = entries(user, day, day + timedelta(days=days), most=NEAREST)
    now = [entry for entry in found if baku_date(entry.starts) == day]
    return now, [entry for entry in found if baku_date(entry.starts) > day][:limit]
