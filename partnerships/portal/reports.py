"""What the pages of the portal read from all the apps at once. What stands in the calendar: dates.py."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.clock import BAKU, baku_date, today
from partnerships.common.direction import (
    MOST_IN_MOTION,
    Bar,
    Direction,
    Entry,
    OpenRow,
    Source,
    Stat,
    Todo,
    Underway,
)
from partnerships.common.piles import Nearest
from partnerships.common.sharing import sharing
from partnerships.common.text import sort_key
from partnerships.directory.access import access_of, stand_ins
from partnerships.directory.asked import asked
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.portal import registry
from partnerships.portal.dates import happening, nearest_of
from partnerships.portal.gathering import Gathered, Unread, answer, css_of, gather

NEAREST = 50  # entries of one source that the home page looks at
ROLES = 100  # more than anybody holds
TODAY, SOON = 12, 5  # entries of today and of the coming days that it shows
_NEVER = datetime.max.replace(tzinfo=BAKU)


# What waits for somebody -------------------------------------------------------------------------


def todos(user: Any) -> list[Todo]:
    """Everything that waits for `user`, the late first, then by date, those without a date last; whatever an
    app raises goes on."""
    return waiting(user, Unread(strict=True))


def waiting(user: Any, unread: Unread) -> list[Todo]:
    """The same without the apps that could not be read, which are in `unread` then."""
    return _in_order(user, _todos(user, unread), unread)


def _in_order(user: Any, found: list[Todo], unread: Unread) -> list[Todo]:
    if access_of(user).holders:
        found = _with_places(user, found, unread)
    # The alphabet decides at the same moment alone: its keys are dear.
    found.sort(key=lambda item: item.due or _NEVER)
    return [
        item
        for same in (list(same) for _due, same in groupby(found, key=lambda item: item.due or _NEVER))
        for item in (sorted(same, key=lambda one: sort_key(one.title)) if len(same) > 1 else same)
    ]


def _todos(user: Any, unread: Unread) -> list[Todo]:
    asking = _piles(user, unread)
    answer((asking, unread))
    return _waiting(user, asking, unread)


def _piles(user: Any, unread: Unread) -> list[Gathered]:
    return gather(registry.sources(), unread, lambda source: source.piles(user), lambda pile: pile.asks)


def _waiting(user: Any, asking: list[Gathered], unread: Unread) -> list[Todo]:
    """What waits: of the piles whose first question is answered, and what sources tell without one."""
    found: list[Todo] = []
    for one in asking:
        with unread.of(one.source):
            lines = [*_told(one), *one.source.todos(user)]
            found += [item if item.css else replace(item, css=css_of(one.source)) for item in lines]
    return found


def _told(one: Gathered) -> list[Any]:
    return [item for pile, answers in one.each() for item in pile.told(*answers)]


def _with_places(user: Any, found: list[Todo], unread: Unread) -> list[Todo]:
    """Those that are a deputy's own without a mark, the others with the name of whom they stand in for."""
    named: dict[Todo, str] = {}
    for narrow, holder, name in stand_ins(user):
        for item in _todos(narrow, unread):
            named.setdefault(item, "" if holder is None else name)
    # Where one line stands for things of both, it is nobody's alone.
    return [replace(item, place_of=named.get(item, "")) for item in found]


def late(items: Iterable[Todo]) -> int:
    """How many of these are past their time."""
    now = timezone.now()
    return sum(item.count for item in items if item.due is not None and item.due < now)


def waiting_count(user: Any) -> int:
    """How much that is; where a source can count, its list is not built for it. It stands in the frame of
    every page: an app that fails is left out of it, and home says so."""
    unread, count = Unread(), 0
    asking = gather(registry.sources(), unread, lambda source: source.piles(user), lambda pile: (pile.many,))
    answer((asking, unread))
    for one in asking:
        with unread.of(one.source):
            count += sum(pile.count(many) for pile, (many,) in one.each())
            count += sum(item.count for item in one.source.todos(user))
    return count


# Who the person is -------------------------------------------------------------------------------


def roles(user: Any) -> list[Affiliation]:
    """The current roles of a user, the latest first."""
    if not user.is_authenticated or user.person_id is None:
        return []
    return list(_held(user))


@asked
def _held(user: Any) -> Any:
    mine = Affiliation.objects.current().filter(person_id=user.person_id)
    skills = Person.skills.through.objects.filter(person_id=OuterRef("person_id"))
    mine = sharing(mine.annotate(skilled=Exists(skills)))  # for `profile_gaps`
    shown = (f"organization__root__{name}" for name in Organization.SHOWN)
    return mine.select_related("organization__root").only("role", *shown).order_by("-starts", "pk")


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


def profile_gaps(user: Any, held: list[Any]) -> list[str]:
    """What is still missing in the profile of somebody who is asked for what they know."""
    if not any(row.role in _PARTICULARS for row in held):
        return []
    person = user.person
    gaps = [] if person.phone else [_("phone")]
    if not held[0].skilled:
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


def cards(unread: Unread, but: str = "") -> list[Card]:
    """All directions, or all `but` one; one that cannot count what is open stands there without it."""
    found = []
    for direction in registry.directions():
        if direction.key == but:
            continue
        count, text = 0, ""
        with unread.of(direction):
            count, text = direction.open_count()
        found.append(Card(direction, count, text))
    return found


def open_rows(limit: int, unread: Unread) -> list[OpenRow]:
    """What is open now in all directions: what closes first on top, what is full at the end."""
    rows: list[OpenRow] = []
    for direction in registry.directions():
        with unread.of(direction):
            rows += direction.open_rows(limit)
    return sorted(rows, key=lambda row: (row.places == 0, row.deadline or _NEVER, sort_key(row.title)))[
        :limit
    ]


def partner_counts() -> dict[str, int]:
    """How many partner universities and companies there are."""
    return Organization.objects.partners().aggregate(
        universities=Count("pk", filter=Q(kind=Kind.UNIVERSITY)),
        companies=Count("pk", filter=Q(kind=Kind.COMPANY)),
    )


# Home --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    """What a person's home shows: what waits, what is on today (`fuller`: and more) and what comes next, the
    numbers of the role, what they have in motion with the nearest date first, the first steps in a role in
    which nothing is done yet, in the order of the apps; and the apps of which that
    could not be read: `uncounted` of what waits, `unread` of the rest. `held`: the person's `roles`."""

    held: list[Affiliation]
    todos: list[Todo]
    now: list[Entry]
    fuller: bool
    soon: list[Entry]
    stats: list[Stat]
    underway: list[Underway]
    steps: list[Todo]
    charts: list[tuple[str, list[Bar]]]
    uncounted: list[Source]
    unread: list[Source]


def home(user: Any, days: int = 30, stats: int = 4) -> Home:
    """All of it: one query tells of every part of every app whether there is anything, and how many."""
    day, sources = today(), registry.sources()
    tomorrow, ahead = day + timedelta(days=1), (day, day + timedelta(days=days))
    parts = [(day, day, TODAY + 1), (tomorrow, ahead[1], SOON)]
    uncounted, unread = Unread(), Unread()
    piles, dated = _piles(user, uncounted), nearest_of(user, ahead, parts, NEAREST, unread)
    motion = gather(sources, unread, lambda source: source.motion(user), lambda pile: pile.asks)
    steps = gather(sources, unread, lambda source: source.steps(user), lambda pile: pile.asks)
    numbers = gather(sources, unread, lambda source: source.numbers(user), lambda one: one.parts)
    charts = gather(sources, unread, lambda source: source.charts(user), lambda one: one.parts)
    asking = (
        (piles, uncounted),
        *((one, unread) for one in (dated, motion, steps, numbers, charts)),
    )
    mine = _held(user)
    (held,) = answer(*asking, beside=(mine.packed(ROLES),))
    todos = _waiting(user, piles, uncounted)
    entries = happening(user, ahead, dated, unread, Nearest.told)
    now, soon = _first_of(entries, day)
    return Home(
        mine.unpacked(held),
        _in_order(user, todos, uncounted),
        now[:TODAY],
        len(now) > TODAY,
        soon,
        _numbers(user, numbers, unread)[:stats],
        _moving(user, motion, unread),
        _first_steps(steps, unread),
        _charts(user, charts, unread),
        uncounted.sources,
        unread.sources,
    )


def _first_of(entries: Iterable[Entry], day: date) -> tuple[list[Entry], list[Entry]]:
    """All of this day, and the first of the days after it."""
    now: list[Entry] = []
    soon: list[Entry] = []
    for entry in entries:
        (now if baku_date(entry.starts) == day else soon).append(entry)
        if len(soon) == SOON:
            break
    return now, soon


def _moving(user: Any, asking: list[Gathered], unread: Unread) -> list[Underway]:
    found: list[Underway] = []
    for one in asking:
        with unread.of(one.source):
            found += _told(one)[:MOST_IN_MOTION] + one.source.underway(user)
    return sorted(found, key=lambda item: item.due or _NEVER)


def _first_steps(asking: list[Gathered], unread: Unread) -> list[Todo]:
    found: list[Todo] = []
    for one in asking:
        with unread.of(one.source):
            found += [replace(item, css=item.css or css_of(one.source)) for item in _told(one)]
    return found


def _charts(user: Any, asking: list[Gathered], unread: Unread) -> list[tuple[str, list[Bar]]]:
    """Those that have something to show: (title, bars)."""
    drawn: list[tuple[str, list[Bar]]] = []
    for one in asking:
        with unread.of(one.source):
            told = [(chart.title, chart.tell(*answers)) for chart, answers in one.each()]
            plain = one.source.bars(user)
            drawn += [chart for chart in (*told, *([plain] if plain else [])) if chart[1]]
    return drawn


def _numbers(user: Any, asking: list[Gathered], unread: Unread) -> list[Stat]:
    """In the order of the apps."""
    found: list[Stat] = []
    for one in asking:
        with unread.of(one.source):
            told = [
                stat for number, answers in one.each() for stat in number.tell(*(n or 0 for n in answers))
            ]
            found += [*told, *one.source.stats(user)]
    return found
