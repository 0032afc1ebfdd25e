"""How many rows there are, as a value within another query."""

from typing import Any

from django.db.models import IntegerField, Subquery


class Counted(Subquery):
    """`Counted(rows.values("pk")[:most])`: how many, counted no further than `most`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def get_db_converters(self, _connection: Any) -> list[Any]:
        """None: every database answers a whole number."""
        return []
