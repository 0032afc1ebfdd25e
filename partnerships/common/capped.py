"""Numbers of long lists, counted no further than a cap ("1 000+"): of a list, of its pills, of values of a
column."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

from partnerships.common.compiled import lifted
from partnerships.common.templatetags.figures import grouped

CAP = 1000
SEEN = RawSQL("SELECT pk FROM seen", ())
Found = tuple[int, bool]  # how many, no further than CAP, and whether there are more


def capped_count(queryset: models.QuerySet[Any], cap: int = CAP) -> tuple[int, bool]:
    """How many, counted no further than `cap`; True when there are more ("1 000+")."""
    found = queryset.order_by()[: cap + 1].values("pk").count()
    return min(found, cap), found > cap


def capped_groups(
    queryset: models.QuerySet[Any], field: str, values: Iterable[str], cap: int = CAP
) -> dict[str, tuple[int, bool]]:
    """`capped_count` for each of these values of a column, those without rows left out; one query.

    Each is counted by itself and no further than the cap, so that an index with `field` in it makes the cost
    of a million rows that of a few thousand.
    """
    try:
        part = queryset.order_by().values_list(field).query.sql_with_params()
    except EmptyResultSet:
        return {}
    return groups_of(part, queryset.model._meta.get_field(field).column, values, cap)


def groups_of(
    part: tuple[str, Any] | None,
    column: str,
    values: Iterable[str],
    cap: int = CAP,
    *,
    beside: tuple[list[int], tuple[str, Any] | None] = ([], None),
    said: tuple[list[str], tuple[str, Any] | None] = ([], None),
    called: tuple[str, Any] | None = None,
    told: tuple[dict[int, str], tuple[str, Any], int] = ({}, ("NULL", ()), 0),
) -> dict[str, tuple[int, bool]]:
    """The same of the rows of a question that has this column (`AskedRows.every_row`). `beside`: a list that
    takes the keys of another in their order (`AskedRows.first_keys`, `first_rows`), which the same query
    reads. `said`: a list that takes a text, with the value of a query that it is (`called.in_one_of`).
    `called`: keys of people, found once, which these two read as the table `called`, and how many they are as
    the table `number`. `told`: takes a text by each of the first so many keys beside, with the value of a
    query that it is, of named.pk."""
    (keys, other), (texts, text), (known_of, value, first) = beside, said, told
    if part is None:
        return {}
    (sql, params), wanted = part, list(values)
    given = ", ".join(["(%s)"] * len(wanted))
    # Of our own making throughout: the query of a queryset, a column of its model, placeholders.
    each = f"SELECT 1 FROM ({sql}) AS found WHERE found.{connection.ops.quote_name(column)} = given.value"  # noqa: S608
    each += f" LIMIT {cap + 1}"
    known, found_by = ("", ()) if called is None else (_CALLED % called[0], called[1])
    more, parts = "", [text]
    if other is not None:
        more = _BESIDE % (int(first), value[0], other[0])
        parts = [value, other, text]
    more += "" if text is None else f" UNION ALL SELECT NULL, NULL, NULL, {text[0]}"
    query = lifted(
        f"WITH {known}given(value) AS (VALUES {given}) "  # noqa: S608
        f"SELECT value, (SELECT COUNT(*) FROM ({each}) AS capped), 0, NULL FROM given{more}",
        [*found_by, *wanted, *params, *(one for part in parts if part for one in part[1])],
    )
    with connection.cursor() as cursor:
        cursor.execute(*query)
        found = cursor.fetchall()
    none, rest = ([row for row in found if (row[0] is None) is of] for of in (True, False))
    keys += [pk for _place, pk in sorted((place, pk) for _value, pk, place, _text in none if place)]
    texts += [one for _value, _pk, place, one in none if one is not None and not place]
    known_of.update({pk: one for _value, pk, place, one in none if one is not None and place})
    return {value: (min(n, cap), n > cap) for value, n, *_rest in rest if n}


_CALLED = "called(pk) AS (%s), number(n) AS (SELECT COUNT(*) FROM called), "
# What comes of a UNION has no order, so each key says its place.
_BESIDE = (
    " UNION ALL SELECT NULL, named.pk, ROW_NUMBER() OVER (), "
    "CASE WHEN ROW_NUMBER() OVER () <= %d THEN %s END FROM (%s) AS named"
)


def capped_counts(
    querysets: Mapping[str, models.QuerySet[Any]], cap: int = CAP, *, seen: Any = None
) -> dict[str, tuple[int, bool]]:
    """`capped_count` of each of these, by its key, in one query: the pills of a list.

    seen  the keys that are few and dear to find, `compiled`: found once, as the table SEEN for `pk__in`
    """
    found, counts = dict.fromkeys(querysets, (0, False)), {}
    values: list[Any] = []
    for key, rows in querysets.items():
        try:
            sql, params = rows.order_by()[: cap + 1].values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        # Of our own making: the query of a queryset.
        counts[key] = f"(SELECT COUNT(*) FROM ({sql}) AS capped)"  # noqa: S608
        values += params
    if counts:
        with connection.cursor() as cursor:
            first = "" if seen is None else f"WITH seen(pk) AS ({seen.sql}) "
            values = values if seen is None else [*seen.params, *values]
            cursor.execute(f"{first}SELECT {', '.join(counts.values())}", values)
            found.update(
                (key, (min(n, cap), n > cap)) for key, n in zip(counts, cursor.fetchone(), strict=True)
            )
    return found


def capped_sum(found: dict[str, tuple[int, bool]], values: Iterable[str], cap: int = CAP) -> tuple[int, bool]:
    """Of what `capped_groups` found, how many these values have together, as `capped_count` says it."""
    counts = [found[value] for value in values if value in found]
    total = sum(count for count, _more in counts)
    return min(total, cap), total > cap or any(more for _count, more in counts)


def capped(count: int) -> Found:
    """What was counted no further than one past the cap: `counted(*capped(n))` is "1 000+"."""
    return min(count, CAP), count > CAP


def counted(count: int, more: bool) -> str:
    """What `capped_count` found, as a person reads it: "1 000+"."""
    return f"{grouped(count)}+" if more else grouped(count)
