"""The first few rows of each of many days: what a month shows of what may be long without end.

A window over all rows would look each of them up in the tables that say who sees it; here each span stops as
soon as it has enough, by an index that begins with the moment.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections

from partnerships.common.asked import AskedRows
from partnerships.common.clock import start_of_day

Span = tuple[datetime, datetime]  # from the first until before the second


def days_from(first: date, last: date) -> list[Span]:
    """The days of Baku from `first` to `last`, both included."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(start_of_day(day), start_of_day(day + timedelta(days=1))) for day in days]


def first_of_each(
    rows: AskedRows, spans: Sequence[Span], most: int, using: str = "default"
) -> list[list[int]]:
    """Of each span the keys of its first `most` rows, in order; one query.

    rows   a question with the columns `pk` and `starts`, in no order, not cut
    """
    (found,) = firsts_of_each([rows], spans, most, using)
    return [[key for _starts, key in begun] for begun in found]


def firsts_of_each(
    questions: Sequence[AskedRows], spans: Sequence[Span], most: int, using: str = "default"
) -> list[list[list[tuple[Any, int]]]]:
    """The same of several questions, by one query: of each, and of each span, when its first rows begin and
    their keys. When is to be compared, no more: PostgreSQL says it in seconds, which are read faster."""
    found: list[list[list[tuple[Any, int]]]] = [[[] for _span in spans] for _question in questions]
    parts = [(n, part) for n, one in enumerate(questions) if (part := one.every_row) is not None]
    if not parts or not spans:
        return found
    connection = connections[using]
    # PostgreSQL stops at enough for each; SQLite has no LATERAL, and small tables.
    postgresql = connection.vendor == "postgresql"
    words = _LATERAL if postgresql else _WINDOW
    sql, given = _in_arrays(spans) if postgresql else _in_values(spans, connection)
    # Of our own making throughout: the queries of questions, placeholders, numbers.
    each = [words % {"question": n, "rows": part[0], "most": int(most)} for n, part in parts]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql} {' UNION ALL '.join(each)} ORDER BY 1, 2, 3, 4",
            [*given, *(value for _n, part in parts for value in part[1])],
        )
        for question, number, starts, key in cursor.fetchall():
            found[question][number].append((starts, key))
    return found


def _in_arrays(spans: Sequence[Span]) -> tuple[str, list[Any]]:
    """Two values, however many spans there are: a value each would cost as much as what they ask for."""
    each = [f"{{{','.join(one.isoformat() for one in moments)}}}" for moments in zip(*spans, strict=True)]
    return (
        "WITH span(opens, ends, number) AS (SELECT * FROM "
        "unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY)"
    ), each


def _in_values(spans: Sequence[Span], connection: Any) -> tuple[str, list[Any]]:
    moment = connection.ops.adapt_datetimefield_value
    places = ", ".join(["(%s, %s, %s)"] * len(spans))
    given = [(moment(opens), moment(ends), n) for n, (opens, ends) in enumerate(spans, 1)]
    return (
        f"WITH span(opens, ends, number) AS (VALUES {places})",
        [value for span in given for value in span],
    )


_LATERAL = (
    "SELECT %(question)s, CAST(span.number AS integer) - 1, date_part('epoch', one.starts), one.pk "
    "FROM span CROSS JOIN LATERAL (SELECT found.pk, found.starts FROM (%(rows)s) AS found "
    "WHERE found.starts >= span.opens AND found.starts < span.ends "
    "ORDER BY found.starts, found.pk LIMIT %(most)s) AS one"
)
_WINDOW = (
    "SELECT %(question)s, number - 1, starts, pk FROM (SELECT span.number, found.pk, found.starts, "
    "row_number() OVER (PARTITION BY span.number ORDER BY found.starts, found.pk) AS place FROM span "
    "JOIN (%(rows)s) AS found ON found.starts >= span.opens AND found.starts < span.ends) AS one "
    "WHERE place <= %(most)s"
)
