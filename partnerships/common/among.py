"""Rows by the names of others: a key among those that a query finds first, for a name that is rare beside the
table it narrows; the newest rows first, for a name that many have."""

from typing import Any

from django.db.models import BigIntegerField, BooleanField, F, Func, OuterRef, QuerySet, Subquery

TRIGRAM = 3  # letters that an index of names can be asked for
OFTEN = 300  # so many of a name are looked up one by one without a second thought
NEWEST = 5_000  # rows that are looked through for a name that more have


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

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        (column, of_column), (rows, of_rows) = (compiler.compile(one) for one in self.source_expressions)
        return f"{column} = ANY(ARRAY{rows})", (*of_column, *of_rows)


def is_frequent(named: QuerySet[Any]) -> bool:
    """Whether more have this name than are looked up one by one: then `among_newest` is worth a try. What is
    counted stops there."""
    return len(named.order_by().values_list("pk", flat=True)[: OFTEN + 1]) > OFTEN


def among_newest(rows: Any, column: str, named: Any, words: str) -> Any:
    """Those of `rows` whose `column` names one of `named` with these words in its `folded` text, the newest
    first, looked for among the newest of the table alone. As many as are wanted are the same as of the whole
    table; where they are fewer, the whole has to be asked.

    What one in sixty is called stands in ten of the newest six hundred rows, and in sixteen thousand of all.
    They are read backwards by their key, and each is asked for its name until there are enough: as a value,
    which PostgreSQL does not turn into a join.
    """
    last = rows.model._default_manager.order_by("-pk").values("pk")[:1]
    text = named.filter(pk=OuterRef(column)).order_by().values("folded")
    near = rows.alias(text_of_named=Subquery(text)).filter(
        pk__gt=Subquery(last, output_field=BigIntegerField()) - NEWEST, text_of_named__contains=words
    )
    return near.order_by("-pk")
