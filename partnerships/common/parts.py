"""Rows that somebody sees for several reasons, each reason asked by itself; the first of several groups.

As one condition, with OR, no index finds them: all are gone through or fetched, to be sorted or counted. Each
reason alone has its index, and a page or a number up to the cap wants but the first of each.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from partnerships.common.among import Among
from partnerships.common.asked import AskedRows, Part
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


def first_of_groups(
    rows: AskedRows, groups: AskedRows, column: str, order: Sequence[str], most: int
) -> list[int]:
    """The keys of the first `most` of `rows`, of which each belongs to one of the groups (a round): the first
    of each are read from an index that begins with the group and has them in this order, and these alone
    sorted; all at once would be sorted as a whole.

    rows     a question with the columns "pk", `column` and those of `order`
    groups   a question of the groups, as keys; rows of no group are left out
    order    columns, "-" for descending, nulls last; the last one "pk"
    """
    found, every = rows.every_row, groups.every_key
    if found is None or every is None:
        return []
    quote = connection.ops.quote_name

    def ordered(table: str) -> str:
        names = ((f"{table}.{quote(one.lstrip('-'))}", one.startswith("-")) for one in order)
        return ", ".join(f"{name} DESC NULLS LAST" if falling else name for name, falling in names)

    # Of our own making throughout: the queries of questions, columns, a number.
    here = f"found.{quote(column)} = own.pk"
    if connection.vendor == "postgresql":
        cut = f"ORDER BY {ordered('found')} LIMIT {int(most)}"
        first = f"SELECT found.* FROM ({found[0]}) AS found WHERE {here} {cut}"  # noqa: S608
        source = f"({every[0]}) AS own CROSS JOIN LATERAL ({first}) AS one"
    else:  # SQLite has no LATERAL, and small tables
        source = f"(SELECT found.* FROM ({found[0]}) AS found JOIN ({every[0]}) AS own ON {here}) AS one"  # noqa: S608
    values = [*every[1], *found[1]] if connection.vendor == "postgresql" else [*found[1], *every[1]]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT one.pk FROM {source} ORDER BY {ordered('one')} LIMIT {int(most)}", values)  # noqa: S608
        return [key for (key,) in cursor.fetchall()]
