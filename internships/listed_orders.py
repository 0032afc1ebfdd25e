"""The first of a round in an order that no index has for all of it: put together of parts that have one."""

from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from internships import worklists
from internships.enums import ApplicationState as A
from internships.forms.worklist import SORTS
from internships.models import Application
from partnerships.common.among import Among
from partnerships.common.paging import in_order

BY_SCORE = SORTS["score"]


def soonest_of_round(rows: Any, call: Any, order: tuple[str, ...], most: int) -> Any:
    """So many of a round by the day of the next move. Within a state all have the same, but for offers: of
    each the first are read, in the order of an index, and not the whole round is sorted for a page."""
    parts: list[str] = []
    values: list[Any] = []
    for one in A.values:
        within = ("offer_expires", "pk") if one == A.OFFERED else ("pk",)
        first = in_order(rows.filter(state=one), within).values("pk")[:most]
        try:
            sql, params = first.query.sql_with_params()
        except EmptyResultSet:  # who sees nothing
            return rows.none().values_list("pk", flat=True)
        parts.append(f"SELECT pk FROM ({sql}) AS first_{one}")  # noqa: S608 - of a query set's own making
        values += params
    keys = RawSQL(" UNION ALL ".join(parts), values)  # noqa: S611 - the same
    found = worklists.with_due_of(Application.objects.filter(Among("pk", keys)), call)
    return in_order(found, order).values_list("pk", flat=True)


def best_of_state(rows: Any, most: int) -> Any:
    """So many of a state of a round by their score: those that have one, and the newest that have none, each
    from an index in whose order they are. Of thousands without a score none is sorted."""
    scored = in_order(rows.filter(score__isnull=False), BY_SCORE)
    rest = rows.filter(score__isnull=True).order_by(F("score").asc(nulls_first=True), "-pk")
    heads = (Q(Among("pk", one.values("pk")[:most])) for one in (scored, rest))
    found = Application.objects.filter(reduce(or_, heads))
    return in_order(found, BY_SCORE).values_list("pk", flat=True)
