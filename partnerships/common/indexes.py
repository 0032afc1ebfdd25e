"""Indexes that PostgreSQL has of its own kind; where there is none, an ordinary one stands in."""

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Columns, Statement, Table


class TrigramIndex(models.Index):
    """Serves `field__contains` (and with `upper` `field__icontains`) on three letters or more.

    By trigrams on PostgreSQL, which needs pg_trgm; elsewhere a plain index, which no such query uses.
    """

    def __init__(self, field: str = "", *, upper: bool = False, fields: Any = (), name: str = "") -> None:
        self.upper = upper
        super().__init__(fields=[field] if field else list(fields), name=name)

    def deconstruct(self) -> Any:
        path, _args, kwargs = super().deconstruct()
        return path, (), {**kwargs, **({"upper": True} if self.upper else {})}

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using=using, **kwargs)
        of = "UPPER(%(columns)s)" if self.upper else "%(columns)s"
        table, column = model._meta.db_table, model._meta.get_field(self.fields[0]).column
        return Statement(
            f"CREATE INDEX %(name)s ON %(table)s USING gin ({of} gin_trgm_ops)",
            name=schema_editor.quote_name(self.name),
            table=Table(table, schema_editor.quote_name),
            columns=Columns(table, [column], schema_editor.quote_name),
        )


class NullsLastIndex(models.Index):
    """Serves an order in which nulls stand last though it descends, as keyset pages have it."""

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        made = super().create_sql(model, schema_editor, using=using, **kwargs)
        if schema_editor.connection.vendor == "postgresql":  # SQLite's nulls are the smallest
            nullable = [model._meta.get_field(name).null for name, _order in self.fields_orders]
            columns: Any = made.parts["columns"]
            columns.col_suffixes = tuple(
                f"{suffix} NULLS LAST".strip() if null and suffix == "DESC" else suffix
                for suffix, null in zip(columns.col_suffixes, nullable, strict=True)
            )
        return made
