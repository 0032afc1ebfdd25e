"""A key among those that a query finds first: for a question that is rare beside the table it narrows."""

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Subquery

TRIGRAM = 3  # letters that an index of names can be asked for


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
        asked = Subquery(rows.order_by()) if isinstance(rows, QuerySet) else rows
        super().__init__(F(column) if isinstance(column, str) else column, asked)

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        (column, of_column), (rows, of_rows) = (compiler.compile(one) for one in self.source_expressions)
        return f"{column} = ANY(ARRAY{rows})", (*of_column, *of_rows)
