"""The company's board: applications of one programme by stage, a page of each, and where a card can go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from internships import api_rows, worklists
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.workflow import APPLICATION

SIZE = 20  # cards of a column on one page


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


def counts(rows: QuerySet[Application]) -> dict[str, int]:
    """How many stand in each column."""
    found = worklists.state_counts(rows)
    return {lane.key: sum(found.get(state, 0) for state in lane.states) for lane in LANES.values()}


def page_of(rows: QuerySet[Application], pages: Mapping[str, int]) -> dict[str, list[Application]]:
    """The cards of every column, the best score first: one query for the keys and a fixed number for what
    the cards show, at any number of applications. `pages` are numbers from 1, by column."""
    column = Case(
        *(When(state__in=lane.states, then=Value(lane.key)) for lane in LANES.values()),
        output_field=CharField(null=True),
    )
    order = [F("score").desc(nulls_last=True), F("pk").asc()]
    numbered = (
        rows.order_by()
        .annotate(lane=column)
        .annotate(place=Window(RowNumber(), partition_by=F("lane"), order_by=order))
    )
    wanted = Q(pk__in=[])
    for key in LANES:
        first = (pages.get(key, 1) - 1) * SIZE
        wanted |= Q(lane=key, place__gt=first, place__lte=first + SIZE)
    keys = list(numbered.filter(wanted).order_by("place").values_list("pk", "lane"))
    shown = worklists.with_due(Application.objects.filter(pk__in=[pk for pk, _lane in keys]), None)
    cards = {row.pk: row for row in api_rows.filled(list(api_rows.found(shown)), answers=False)}
    found: dict[str, list[Application]] = {key: [] for key in LANES}
    for pk, key in keys:
        if pk in cards:
            found[key].append(cards[pk])
    return found
