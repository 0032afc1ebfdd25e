"""Rows by the names of others: a key among those that a query finds first, for a name that is rare beside the
table it narrows; the newest rows first, for a name that many have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, F, Func, Model, QuerySet, Subquery, Value

from partnerships.common.asked import AskedRows, Part, asked_rows
from partnerships.common.compiled import known_words, lifted
from partnerships.common.query_words import Typed

TRIGRAM = 3  # letters that an index of names can be asked for
OFTEN = 300  # so many of a name are looked up one by one without a second thought
HELD = 2000  # keys of a frequent name that are kept at hand
NEWEST = 10_000  # rows that are looked through for a name that more have


class Among(Func):
    """`rows.filter(Among("person_id", people))`: the same rows as `person_id__in=people`.

    PostgreSQL takes the keys together before anything else and looks each up by its index, whatever it thinks
    of how many there are. An `__in` is a join to it, and what it cannot know, how many people a piece of a
    name finds, has it go through the whole table where that seems cheaper. For some thousand keys at most.
    `people` is a `values("pk")` that hangs on no outer query.
    """

    output_field = BooleanField()
    arg_joiner = " IN "
    template = "%(expressions)s"

    def __init__(self, column: Any, rows: Any) -> None:
        if isinstance(rows, QuerySet):
            rows = Subquery(rows if rows.query.is_sliced else rows.order_by())
        super().__init__(F(column) if isinstance(column, str) else column, rows)

    def as_postgresql(self, compiler: Any, _connection: Any, **_context: Any) -> tuple[str, Any]:
        (column, of_column), (rows, of_rows) = (compiler.compile(one) for one in self.source_expressions)
        return f"{column} = ANY(ARRAY{rows})", (*of_column, *of_rows)


class AmongKnown(Func):
    """`rows.filter(AmongKnown("person_id", in_one(people)))`: the same by keys that are known already, in a
    question, which has the same words for any number of them. `each`: looked up one by one whatever their
    number, where the order of the rows is found in an index that would be gone through instead."""

    output_field = BooleanField()

    def __init__(self, column: str, keys: str, *, each: bool = False) -> None:
        super().__init__(F(column), Value(keys, CharField()))
        self.each = each

    def as_sql(  # type: ignore[override]  # its stubs name what no caller gives
        self, compiler: Any, connection: Any, **_context: Any
    ) -> tuple[str, Any]:
        (column, of_column), (keys, of_keys) = (compiler.compile(one) for one in self.source_expressions)
        if connection.vendor == "postgresql":
            # In other words than `keys_in_one`: these may be some of those keys.
            each = f"ARRAY(SELECT one FROM unnest({keys}::bigint[]) one)"  # noqa: S608 - a placeholder
            return f"{column} = ANY({each if self.each else f'{keys}::bigint[]'})", (*of_column, *of_keys)
        known = f"SELECT value FROM json_each({keys})"  # noqa: S608 - a placeholder
        return f"{column} IN ({known})", (*of_column, *of_keys)


class AmongMany(Among):
    """The same where very many are called so: their keys are found once and kept at hand, and each row that
    is read anyway, of a round or of what few see, is asked for its own."""

    template = "((%(expressions)s) IS TRUE)"

    def as_postgresql(self, compiler: Any, _connection: Any, **_context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection)


def in_one(keys: Iterable[int]) -> Typed:
    """Keys as one argument of a question, for `AmongKnown`."""
    around = "{%s}" if connection.vendor == "postgresql" else "[%s]"
    return Typed(around % ",".join(str(int(key)) for key in keys))


def keys_in_one() -> str:
    """SQL of the rows that keys in one argument are, with its place. Where the same keys stand in several
    parts of a query they are sent once."""
    return known_words(
        "SELECT unnest(%s::bigint[])"
        if connection.vendor == "postgresql"
        else "SELECT value FROM json_each(%s)"
    )


def among_newest(
    rows: "QuerySet[Any] | AskedRows",
    column: str,
    named: type[Model],
    words: str,
    most: int,
    *,
    known: str = "",
    part: bool = False,
) -> Part:
    """The keys of so many of `rows`, the newest first, whose `column` names one of `named` with these words
    in its `folded` text; looked for among the newest of the whole table alone. Where it finds as many as are
    wanted they are the same as by any other way; where fewer, the whole has to be asked.

    What one in sixty is called stands in ten of the newest six hundred rows, and in sixteen thousand of all.
    They are read backwards by their key, and each is asked for its name, and then whether it is one of
    `rows`, until there are enough: both as values, which PostgreSQL does not turn into joins. `known` are the
    keys of all of the name (as `in_one` has them), where they were found already: nobody's name is read then.
    Where they are not, who sees but a `part` of the table has thousands of names read: they are found here.
    """
    seen, model = asked_rows(rows).every_key, rows.model
    if seen is None:
        return None
    quote = connection.ops.quote_name
    contains = connection.operators["contains"]  # type: ignore[attr-defined]
    table, people = quote(model._meta.db_table), quote(named._meta.db_table)
    names = quote(model._meta.get_field(column).column)  # type: ignore[union-attr]
    # Of our own making throughout: tables, columns, the query of a query set, numbers.
    near = f"SELECT id AS pk, {names} AS named FROM {table} ORDER BY id DESC LIMIT {NEWEST}"  # noqa: S608
    one_of, called = f"(near.named IN ({keys_in_one()})) IS TRUE", known
    if not known:
        called = f"%{connection.ops.prep_for_like_query(words)}%"
        one_of = (
            f"(near.named IN (SELECT id FROM {people} WHERE folded {contains})) IS TRUE"  # noqa: S608
            if part
            else f"(SELECT folded FROM {people} WHERE id = near.named) {contains}"  # noqa: S608
        )
    sql = (
        f"SELECT near.pk FROM ({near}) near WHERE {one_of}"  # noqa: S608
        f" AND (SELECT seen.pk FROM ({seen[0]}) seen WHERE seen.pk = near.pk) IS NOT NULL"
        f" ORDER BY near.pk DESC LIMIT {int(most)}"
    )
    return sql, (called, *seen[1])


@dataclass(frozen=True)
class NewestCalled:
    """What `newest_called` has found: the nearest keys, and how many rows of the name there are in all, where
    that could be told."""

    keys: list[int]
    count: int | None


def newest_called(
    rows: AskedRows,
    column: str,
    named: type[Model],
    words: str,
    most: tuple[int, int],
    *,
    known: str,
    every: bool,
    beyond: int | None = None,
    backwards: bool = False,
    within: tuple[str, int] | None = None,
) -> NewestCalled:
    """`among_newest` for a list: from a place in it, with how many of `rows` have this name; so many keys and
    no further counted than `most` says, by one query.

    rows      a question with the columns "pk" and `column`, which names one of `named`
    known     the keys of those with these `words` in their `folded` text, as `in_one` has them; `every`: all
              of them, and not only the first `HELD`
    beyond    a key: older ones than that, or newer ones where it goes `backwards`, the nearest first
    within    a column and the key that all of `rows` have there, where an index has that part of the table in
              the order of its keys: the rest is not gone through

    Where not all are known each row is asked for its name. Of those who are known one after the other is
    looked up, until enough rows are counted.
    """
    seen = rows.every_row
    if seen is None:
        return NewestCalled([], 0)
    of_name = _IS_CALLED
    if not every:
        people = connection.ops.quote_name(named._meta.db_table)
        of_name = f"(SELECT folded FROM {people} WHERE id = near.named) {connection.operators['contains']}"  # type: ignore[attr-defined]  # noqa: S608
    asked = [] if every else [f"%{connection.ops.prep_for_like_query(words)}%"]
    first, near = _nearest(rows, seen[0], column, of_name, most[0], (within, beyond, backwards))
    counted = _counting(seen[0], column, most[1])
    # Of our own making throughout: tables, columns, the queries of questions, numbers, placeholders.
    sql = (
        f"WITH called(pk) AS ({keys_in_one()}) SELECT 0 AS kind, newest.pk FROM ({first}) newest "  # noqa: S608
        f"UNION ALL SELECT 1, {counted}"
    )
    query = lifted(sql, [known, *near, *asked, *seen[1], *seen[1]])
    with connection.cursor() as cursor:
        cursor.execute(*query)
        found = cursor.fetchall()
    keys = sorted((key for kind, key in found if not kind), reverse=not backwards)
    count = next(n for kind, n in found if kind)
    return NewestCalled(keys, count if every or count == most[1] else None)


def newest_parts(
    rows: AskedRows, column: str, most: tuple[int, int], *, within: tuple[str, int] | None = None
) -> tuple[Part, Part]:
    """The same as parts of a query that has the people in a table `called`, all of the name: the keys, the
    newest first, and how many there are."""
    seen = rows.every_row
    if seen is None:
        return None, None
    first, near = _nearest(rows, seen[0], column, _IS_CALLED, most[0], (within, None, False))
    return (first, (*near, *seen[1])), (_counting(seen[0], column, most[1]), tuple(seen[1]))


def _nearest(
    rows: AskedRows,
    seen: str,
    column: str,
    of_name: str,
    most: int,
    place: tuple[tuple[str, int] | None, int | None, bool],
) -> tuple[str, list[Any]]:
    """SQL of the nearest keys, and the values before those of `of_name` and of `seen`."""
    (within, beyond, backwards), quote = place, connection.ops.quote_name
    postgresql = connection.vendor == "postgresql"
    way, there = ("ASC", ">") if backwards else ("DESC", "<")
    near = {} if within is None else {f"{quote(within[0])} = {_THERE if postgresql else '%s'}": within[1]}
    near |= {} if beyond is None else {f"id {there} %s": beyond}
    nearest = _NEAREST % {
        "newest": NEWEST,
        "seen": seen,
        "column": quote(column),
        "table": quote(rows.model._meta.db_table),
        "since": f"WHERE {' AND '.join(near)}" if near else "",
        "of_name": of_name,
        "way": way,
        "most": int(most),
        "fence": "OFFSET 0" if postgresql else "",
    }
    first = _FROM_THERE % nearest if within is not None and postgresql else nearest
    return first, list(near.values())


def _counting(seen: str, column: str, most: int) -> str:
    counted = _EACH if connection.vendor == "postgresql" else _COUNTED
    counted %= {"seen": seen, "column": connection.ops.quote_name(column)}
    return f"(SELECT COUNT(*) FROM ({counted} LIMIT {int(most)}) counted)"  # noqa: S608 - a number


_IS_CALLED = "(near.named IN (SELECT pk FROM called)) IS TRUE"
# OFFSET has PostgreSQL ask for the name first, and look people up one by one: neither becomes a join.
_NEAREST = (
    "SELECT near.pk FROM (SELECT near.pk FROM (SELECT id AS pk, %(column)s AS named FROM %(table)s %(since)s "
    "ORDER BY id %(way)s LIMIT %(newest)s) near WHERE %(of_name)s ORDER BY near.pk %(way)s %(fence)s) near "
    "WHERE (SELECT seen.pk FROM (%(seen)s) seen WHERE seen.pk = near.pk) IS NOT NULL "
    "ORDER BY near.pk %(way)s LIMIT %(most)s"
)
_COUNTED = "SELECT 1 FROM (%(seen)s) seen WHERE seen.%(column)s IN (SELECT pk FROM called)"
_EACH = (
    "SELECT 1 FROM called CROSS JOIN LATERAL "
    "(SELECT 1 FROM (%(seen)s) seen WHERE seen.%(column)s = called.pk OFFSET 0) one"
)
# A key from outside: with a value PostgreSQL thinks of several processes, and sorts the part instead of going
# through its index.
_THERE = "there.key"
_FROM_THERE = "WITH there(key) AS MATERIALIZED (SELECT %%s::bigint) SELECT UNNEST(ARRAY(%s)) AS pk FROM there"


def newest_seen(found: AskedRows, rows: AskedRows, by: str, most: int) -> Part:
    """The keys of so many of `rows` that are among `found`, the latest by the column `by` first, then by key.

    `found` has the columns "pk" and this one, and is little beside the table: it is sorted, and each is asked
    whether it is one of `rows` until there are enough, where that is dear to ask of all.
    """
    near, seen = found.every_row, rows.every_key
    if near is None or seen is None:
        return None
    column = connection.ops.quote_name(by)
    # Of our own making: the queries of query sets, a column, a number.
    sql = (
        f"SELECT near.pk FROM (SELECT * FROM ({near[0]}) found ORDER BY {column} DESC, pk DESC) near"  # noqa: S608
        f" WHERE (SELECT seen.pk FROM ({seen[0]}) seen WHERE seen.pk = near.pk) IS NOT NULL"
        f" ORDER BY near.{column} DESC, near.pk DESC LIMIT {int(most)}"
    )
    return sql, (*near[1], *seen[1])
