"""Rows that somebody sees for several reasons, each reason asked by itself.

As one condition, with OR, no index finds them: all are gone through or fetched, to be sorted or counted. Each
reason alone has its index, and a page or a number up to the cap wants but the first of each.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from partnerships.common.among import Among
from partnerships.common.asked import Part
from partnerships.common.paging import in_order


def first_of(parts: Sequence[QuerySet[Any]], order: tuple[str, ...], most: int) -> QuerySet[Any]:
    """Of the rows that any of these has, enough to find the first `most` in this order (as in `keyset`)."""
    heads = (Among("pk", in_order(part, order).values("pk")[:most]) for part in parts)
    return parts[0].model._default_manager.filter(reduce(or_, map(Q, heads)))


def counted_any(parts: Sequence[Part], most: int) -> Part:
    """For `ask_together`: how many rows any of these has (`AskedRows.every_key`), counted no further than
    `most`, each row once."""
    put = [part for part in parts if part is not None]
    if not put:
        return None
    # Of our own making: the queries of query sets, a number.
    keys = " UNION ".join(f"SELECT * FROM ({sql} LIMIT {int(most)}) AS seen" for sql, _params in put)  # noqa: S608
    count = f"(SELECT COUNT(*) FROM (SELECT * FROM ({keys}) AS every LIMIT {int(most)}) AS counted)"  # noqa: S608
    return count, tuple(one for _sql, params in put for one in params)
