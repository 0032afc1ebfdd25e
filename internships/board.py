"""The company's board: applications of one programme by stage, a part of each, and where a card can go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from internships import api_rows, worklists
from internships.enums import ApplicationState as A
from internships.enums import InterviewState
from internships.models import Application, Interview
from internships.workflow import APPLICATION
from partnerships.common.clock import today
from partnerships.common.prepared import PreparedRows
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
    """What is shown of a column: how many stand in it, the page (0: a glance), its cards."""

    count: int
    page: int
    cards: list[Application]


def parts_of(rows: QuerySet[Application], pages: Mapping[str, int]) -> dict[str, Part]:
    """Every column with how many stand in it and its cards, the best score first: one query for numbers and
    keys and a fixed number for what the cards show, at any number of applications.

    pages  numbers from 1, by column, of those of which more is asked for; what lies beyond is its last page
    """
    found = _keys(rows, pages)
    for key, (count, keys) in found.items():
        if count and not keys:  # beyond the last page
            pages = {**pages, key: -(-count // SIZE)}
            found = _keys(rows, pages)
    cards = {row.pk: row for row in read([pk for _count, keys in found.values() for pk in keys])}
    return {
        lane: Part(count, pages.get(lane, 0), [cards[pk] for pk in keys if pk in cards])
        for lane, (count, keys) in found.items()
    }


def _keys(rows: QuerySet[Application], pages: Mapping[str, int]) -> dict[str, tuple[int, list[int]]]:
    """Column -> (how many stand in it, the keys of its cards in their order), by one query.

    The first card of each column is always found: it says how many there are.
    """
    found: dict[str, tuple[int, list[int]]] = dict.fromkeys(LANES, (0, []))
    try:
        sql, params = rows.order_by().values("pk", "state", "score").query.sql_with_params()
    except EmptyResultSet:
        return found
    states = [(state, lane.key) for lane in LANES.values() for state in sorted(lane.states)]
    spans = {lane: _span(pages.get(lane, 0)) for lane in LANES}
    each = " OR ".join(["(lane = %s AND (place = 1 OR place BETWEEN %s AND %s))"] * len(spans))
    # Of our own making throughout: the query of a queryset, columns of its model, placeholders.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lane, place, pk, many FROM (SELECT lanes.lane, stood.pk, "  # noqa: S608
            "ROW_NUMBER() OVER (PARTITION BY lanes.lane ORDER BY stood.score DESC NULLS LAST, stood.pk)"
            " AS place, COUNT(*) OVER (PARTITION BY lanes.lane) AS many "
            f"FROM ({sql}) AS stood JOIN (SELECT '' AS state, '' AS lane"
            f"{' UNION ALL SELECT %s, %s' * len(states)}) AS lanes ON lanes.state = stood.state) AS numbered "
            f"WHERE {each} ORDER BY place",
            [*params, *(one for pair in states for one in pair)]
            + [one for lane, span in spans.items() for one in (lane, *span)],
        )
        for lane, place, pk, count in cursor.fetchall():
            first, last = spans[lane]
            keys = found[lane][1] if found[lane][0] else []
            found[lane] = count, [*keys, pk] if first <= place <= last else keys
    return found


def _span(page: int) -> tuple[int, int]:
    """The first and the last place of what is shown."""
    return ((page - 1) * SIZE + 1, page * SIZE) if page else (1, GLANCE)


def _talk(name: str) -> Subquery:
    """Of the next talk that is set."""
    talks = Interview.objects.filter(application=OuterRef("pk"), state=InterviewState.SCHEDULED)
    return Subquery(talks.order_by("starts", "pk").values(name)[:1])


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
_CARDS: PreparedRows[Application] = PreparedRows(
    lambda keys: (
        worklists.with_due(Application.objects.filter(pk__in=keys).order_by(), None)
        .with_frameworks()  # type: ignore[attr-defined]
        .annotate(talk_uid=_talk("uid"))
        .select_related(*_NAMED)
        .only(*_READ)
    ),
    widths=(1, GLANCE * len(LANES), 50, SIZE * len(LANES)),
)


def read(keys: list[int]) -> list[Application]:
    """The applications with these keys and what a card shows of each: `due_at`, `interview_at`, `talk_uid`,
    and what the company's verbs look at."""
    rows, day = _CARDS(keys) if keys else [], today()
    for row in rows:
        until = row.framework_until  # type: ignore[attr-defined]
        row.framework_in_force = row.framework_endless or (until is not None and until >= day)  # type: ignore[attr-defined]
    return api_rows.to_decide(rows)
