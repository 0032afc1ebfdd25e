"""The first few rows of each of many days: what a month shows of what may be long without end.

A window over all rows would look each of them up in the tables that say who sees it; here each span stops as
soon as it has enough, by an index that begins with the moment.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

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
    found: list[list[int]] = [[] for _span in spans]
    part = rows.every_row
    if part is None or not spans:
        return found
    connection = connections[using]
    # PostgreSQL stops at enough for each; SQLite has no LATERAL, and small tables.
    words = _LATERAL if connection.vendor == "postgresql" else _WINDOW
    moment = connection.ops.adapt_datetimefield_value
    given = [(n, moment(opens), moment(ends)) for n, (opens, ends) in enumerate(spans)]
    places = ", ".join(["(%s, %s, %s)"] * len(given))
    with connection.cursor() as cursor:
        # Of our own making throughout: the query of a question, placeholders, a number.
        cursor.execute(
            words % {"rows": part[0], "spans": places, "most": int(most)},
            [*(value for span in given for value in span), *part[1]],
        )
        for number, key in cursor.fetchall():
            found[number].append(key)
    return found


_SPANS = "WITH span(number, opens, ends) AS (VALUES %(spans)s) "
_LATERAL = _SPANS + (  # noqa: S608 - of our own making
    "SELECT span.number, one.pk FROM span CROSS JOIN LATERAL "
    "(SELECT found.pk, found.starts FROM (%(rows)s) AS found "
    "WHERE found.starts >= span.opens AND found.starts < span.ends "
    "ORDER BY found.starts, found.pk LIMIT %(most)s) AS one ORDER BY span.number, one.starts, one.pk"
)
_WINDOW = _SPANS + (  # noqa: S608 - of our own making
    "SELECT number, pk FROM (SELECT span.number, found.pk, row_number() OVER "
    "(PARTITION BY span.number ORDER BY found.starts, found.pk) AS place FROM span JOIN (%(rows)s) AS found "
    "ON found.starts >= span.opens AND found.starts < span.ends) AS one "
    "WHERE place <= %(most)s ORDER BY number, place"
)
