"""Rows that somebody sees for several reasons, each reason asked by itself.

As one condition, with OR, no index finds them: all are gone through or fetched, to be sorted or counted. Each
reason alone has its index, and a page or a number up to the cap wants but the first of each.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from partnerships.common.among import Among
from partnerships.common.asked import Part
from partnerships.common.paging import CAP, groups_of, in_order


def first_of(parts: Sequence[QuerySet[Any]], order: tuple[str, ...], most: int) -> QuerySet[Any]:
    """Of the rows that any of these has, enough to find the first `most` in this order (as in `keyset`)."""
    heads = (Among("pk", in_order(part, order).values("pk")[:most]) for part in parts)
    return parts[0].model._default_manager.filter(reduce(or_, map(Q, heads)))


def groups_of_any(
    parts: Sequence[Part], column: str, values: Iterable[str], cap: int = CAP
) -> dict[str, tuple[int, bool]]:
    """`capped_groups` of the rows that any of these has, each row counted once. `parts`: questions
    (`AskedRows.every_row`) with the columns "pk" and this one."""
    put = [part for part in parts if part is not None]
    if len(put) < 2:
        return groups_of(put[0] if put else None, column, values, cap)
    name, wanted = connection.ops.quote_name(column), list(values)
    # Of our own making throughout: the query of a query set, a column of its model, numbers, placeholders.
    each = (
        f"SELECT * FROM (SELECT found.pk FROM ({sql}) AS found"  # noqa: S608
        f" WHERE found.{name} = given.value LIMIT {cap + 1}) AS capped"
        for sql, _params in put
    )
    places, any_of = ", ".join(["(%s)"] * len(wanted)), " UNION ".join(each)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH given(value) AS (VALUES {places}) "  # noqa: S608
            f"SELECT value, (SELECT COUNT(*) FROM ({any_of}) AS every) FROM given",
            [*wanted, *(one for _sql, params in put for one in params)],
        )
        return {value: (min(n, cap), n > cap) for value, n in cursor.fetchall() if n}
