"""The company's board: applications of one programme by stage, a part of each, and where a card can go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from internships import api_rows, conditions, worklists
from internships.enums import ApplicationState as A
from internships.enums import InterviewState
from internships.models import Application, Interview
from internships.workflow import APPLICATION
from partnerships.calls.models import chain_beside
from partnerships.common.asked import AskedRows, asked_rows
from partnerships.common.capped import CAP, Found, capped
from partnerships.common.clock import today
from partnerships.common.compiled import lifted
from partnerships.common.prepared import PreparedRows
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization, Person

GLANCE = 6  # cards of a column until somebody asks for more of it
SIZE = 20  # cards of a column on one page then


@dataclass(frozen=True)
class Lane:
    """A column: the stages that it gathers."""

    key: str
    states: frozenset[str]
    label: Any


def _lane(state: A) -> Lane:
    return Lane(state.value, frozenset({state.value}), state.label)


LANES: dict[str, Lane] = {
    lane.key: lane
    for lane in (
        _lane(A.IN_REVIEW),
        _lane(A.INTERVIEW),
        _lane(A.WAITLISTED),
        _lane(A.OFFERED),
        _lane(A.ACCEPTED),
        Lane("ended", frozenset(state.value for state in worklists.ENDED), _("Ended")),
    )
}
# What the company does with a card; each is a verb of the workflow, and the table says from where to where.
VERBS = ("invite", "waitlist", "offer", "refuse", "revoke", "reconsider")
# Verbs that need nothing more than to be done; the others ask on their own page.
AT_ONCE = frozenset({"waitlist"})
# States out of which such a verb asks for a framework agreement.
_UNDER_FRAMEWORK = frozenset(
    state
    for name in VERBS
    if conditions.has_framework in APPLICATION[name].conditions
    for state in APPLICATION[name].sources
)


def lane_of(state: str) -> Lane | None:
    return next((lane for lane in LANES.values() if state in lane.states), None)


def verb_to(state: str, lane: Lane) -> str | None:
    """The company's verb that leads from this state into that column."""
    for name in VERBS:
        step = APPLICATION[name]
        if state in step.sources and step.target in lane.states:
            return name
    return None


@dataclass
class Part:
    """What is shown of a column: how many stand in it, counted no further than the cap, and whether there are
    more; the page (0: a glance), its cards, whether others come after them."""

    count: int
    more: bool
    page: int
    cards: list[Application]
    further: bool


@dataclass
class _Found:
    """The same by keys."""

    count: int = 0
    more: bool = False
    keys: list[int] = field(default_factory=list)
    further: bool = False


@asked
def standing_in(user: Any, programme: Any) -> Any:
    """What `parts_of` takes: whom `user` may see of a programme, in kept words."""
    rows = worklists.working_rows(user, programme=programme)
    return rows.order_by().values("pk", "state", "score")


def parts_of(
    rows: "QuerySet[Application] | AskedRows",
    pages: Mapping[str, int],
    *,
    narrowed: bool = False,
    long: Iterable[str] = (),
    counts: dict[str, Found] | None = None,
) -> dict[str, Part]:
    """Every column with how many stand in it and its cards, the best score first: one query for numbers and
    keys and a fixed number for what the cards show, at any number of applications.

    pages     numbers from 1, by column, of those of which more is asked for; beyond the last is the last
    narrowed  to few, by what no index has: all of them are gone through, once
    long      states known to have more than are counted (`worklists.keep_long`), which are not counted again
    counts    takes the numbers of each state, where they are counted by it
    """
    if isinstance(rows, QuerySet):
        rows = asked_rows(rows.order_by().values("pk", "state", "score"))
    part = rows.every_row
    if part is None:
        return {lane: Part(0, False, pages.get(lane, 0), [], False) for lane in LANES}
    keys_of = _numbered_keys
    if connection.vendor == "postgresql" and not narrowed:
        keys_of = partial(_first_keys, long=long, counts=counts if counts is not None else {})
    found = keys_of(part, pages)
    last = {
        lane: -(-(_count(part, LANES[lane]) if one.more else one.count) // SIZE)
        for lane, one in found.items()
        if one.count and not one.keys
    }
    if last:  # beyond the last page
        pages = {**pages, **last}
        found = keys_of(part, pages)
    cards = {row.pk: row for row in read([pk for one in found.values() for pk in one.keys])}
    return {
        lane: Part(
            *(one.count, one.more, pages.get(lane, 0)),
            *([cards[pk] for pk in one.keys if pk in cards], one.further),
        )
        for lane, one in found.items()
    }


_STATES = tuple((lane.key, state) for lane in LANES.values() for state in sorted(lane.states))
_PAIRS = [one for pair in _STATES for one in pair]
# Of our own making throughout: the query of a question, numbers, placeholders.
_GIVEN = f"WITH given(lane, state) AS (VALUES {', '.join(['(%%s, %%s)'] * len(_STATES))}) "
_EACH = _GIVEN + (  # noqa: S608
    "SELECT given.state, NULL::int AS many, one.pk, one.score FROM given CROSS JOIN LATERAL "
    "(SELECT found.pk, found.score FROM (%(rows)s) AS found WHERE found.state = given.state "
    "ORDER BY found.score DESC NULLS LAST, found.pk LIMIT %(most)s) AS one UNION ALL "
    "SELECT given.state, (SELECT COUNT(*) FROM (SELECT 1 FROM (%(rows)s) AS found "
    "WHERE found.state = given.state LIMIT %(cap)s) AS capped), NULL, NULL FROM given "
    "WHERE given.state <> ALL(CAST(%%s AS text[]))"
)
_LANE_OF = {state: lane for lane, state in _STATES}
_SPANS = " OR ".join(["(lane = %s AND (place = 1 OR place BETWEEN %s AND %s))"] * len(LANES))
_NUMBERED = _GIVEN + (  # noqa: S608
    "SELECT lane, place, pk, many FROM (SELECT given.lane, found.pk, "
    "ROW_NUMBER() OVER (PARTITION BY given.lane ORDER BY found.score DESC NULLS LAST, found.pk) AS place, "
    "COUNT(*) OVER (PARTITION BY given.lane) AS many "
    "FROM (%(rows)s) AS found JOIN given ON given.state = found.state) AS numbered "
    "WHERE %(spans)s ORDER BY place"
)


def _first_keys(
    part: tuple[str, Any], pages: Mapping[str, int], *, long: Iterable[str], counts: dict[str, Found]
) -> dict[str, _Found]:
    """The cards of each column by the first of each of its states, in the order of an index, and its number
    up to the cap: neither reads the whole programme."""
    sql, params = part
    spans = {lane: _span(pages.get(lane, 0)) for lane in LANES}
    most = max(last for _first, last in spans.values()) + 1
    words = _EACH % {"rows": sql, "most": int(most), "cap": CAP + 1}
    known = [state for state in _LANE_OF if state in long]
    counts |= dict.fromkeys(known, (CAP, True))
    standing: dict[str, list[Any]] = {lane: [] for lane in LANES}
    query = lifted(words, [*_PAIRS, *params, *params, f"{{{','.join(known)}}}"])
    with connection.cursor() as cursor:
        cursor.execute(*query)
        for state, many, pk, score in cursor.fetchall():
            if many is None:
                standing[_LANE_OF[state]].append((score is None, -(score or 0), pk))
            else:
                counts[state] = capped(many)
    found = {}
    for lane, (first, last) in spans.items():
        keys = [pk for _without, _score, pk in sorted(standing[lane])]
        count = sum(n + more for n, more in (counts[state] for state in LANES[lane].states))
        found[lane] = _Found(*capped(count), keys[first - 1 : last], len(keys) > last)
    return found


def _numbered_keys(part: tuple[str, Any], pages: Mapping[str, int]) -> dict[str, _Found]:
    """The same of few, all of which are read. The first card of each column is always found: it says how many
    there are."""
    sql, params = part
    found = {lane: _Found() for lane in LANES}
    spans = {lane: _span(pages.get(lane, 0)) for lane in LANES}
    given = [one for lane, span in spans.items() for one in (lane, *span)]
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED % {"rows": sql, "spans": _SPANS}, [*_PAIRS, *params, *given])
        for lane, place, pk, count in cursor.fetchall():
            one, (first, last) = found[lane], spans[lane]
            (one.count, one.more), one.further = capped(count), count > last
            if first <= place <= last:
                one.keys.append(pk)
    return found


def _count(part: tuple[str, Any], lane: Lane) -> int:
    """How many stand in a column that has more than the cap."""
    states = sorted(lane.states)
    places = ", ".join(["%s"] * len(states))
    with connection.cursor() as cursor:
        words = f"SELECT COUNT(*) FROM ({part[0]}) AS found WHERE found.state IN ({places})"  # noqa: S608
        cursor.execute(words, [*part[1], *states])
        return int(cursor.fetchone()[0])


def _span(page: int) -> tuple[int, int]:
    """The first and the last place of what is shown."""
    return ((page - 1) * SIZE + 1, page * SIZE) if page else (1, GLANCE)


def _talk(name: str) -> Case:
    """Of the next talk that is set, of whoever is at an interview."""
    talks = Interview.objects.filter(application=OuterRef("pk"), state=InterviewState.SCHEDULED)
    first = Subquery(talks.order_by("starts", "pk").values(name)[:1])
    return Case(When(state=A.INTERVIEW, then=first), output_field=first.output_field)


# What a card shows and the company's verbs look at: of the studies, of whoever runs the programme.
_READ = (
    *("uid", "version", "state", "score", "offer_expires"),
    *(f"person__{name}" for name in (*Person.SHOWN, "is_foreigner")),
    *(f"university__{name}" for name in Organization.SHOWN),
    *("affiliation__state", "affiliation__ends"),
    *(f"affiliation__study__{name}" for name in ("degree", "mode", "year", "gpa")),
    *("affiliation__study__specialty__name", "affiliation__study__specialty__name_en"),
    *("programme__slug", "programme__open_to_foreigners", "programme__call__rule_count"),
    *(f"programme__host__{name}" for name in Organization.SHOWN),
    *("offered_vacancy__position__title_az", "offered_vacancy__position__title_en"),
)
_NAMED = (
    *("person", "university", "affiliation__study__specialty", "programme__host", "programme__call"),
    "offered_vacancy__position",
)


def _days(first: int) -> dict[str, Case]:
    """The chain of the call, with the first card alone: the board is of one programme."""
    return {name: Case(When(pk=first, then=at)) for name, at in chain_beside("programme__call_id").items()}


_CARDS: PreparedRows[Application] = PreparedRows(
    lambda keys: (
        Application.objects.filter(pk__in=keys)
        .order_by()
        .with_frameworks(_UNDER_FRAMEWORK)
        .annotate(talk_uid=_talk("uid"), interview_at=_talk("starts"), **_days(keys[0]))
        .select_related(*_NAMED)
        .only(*_READ)
    ),
    widths=(1, GLANCE * len(LANES), 50, SIZE * len(LANES)),
)


def read(keys: list[int]) -> list[Application]:
    """The applications with these keys and what a card shows of each: `due_at`, `interview_at`, `talk_uid`,
    and what the company's verbs look at."""
    rows, day = _CARDS(keys) if keys else [], today().isoformat()
    for row in rows:
        if row.pk == keys[0]:
            row.programme.call.take_chain(row)
        if row.state in _UNDER_FRAMEWORK:
            until = row.framework_until  # type: ignore[attr-defined]
            row.framework_in_force = until is not None and until >= day  # type: ignore[attr-defined]
    api_rows.to_decide(rows)
    for row in rows:  # by the days of the call, which are read for the verbs
        row.due_at = worklists.due_of(row)  # type: ignore[attr-defined]
    return rows
