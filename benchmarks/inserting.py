"""INSERT … SELECT for a model: the columns that are named, the model's own defaults for the rest."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.utils import timezone

from partnerships.common.fields import UidField

VALUE = "\x00"  # stands for a value until the signs of percent are doubled


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def insert(model: type[models.Model], source: str, **columns: str) -> None:
    """Write a row of `model` for each row of `source` ("FROM …"); `columns` are SQL expressions by column."""
    names, expressions, values = [], [], []
    for field in model._meta.concrete_fields:
        name = field.column
        if name not in columns and field.primary_key:
            continue
        names.append(connection.ops.quote_name(name))
        if name in columns:
            expressions.append(columns.pop(name))
        elif isinstance(field, UidField):
            expressions.append("gen_random_uuid()")
        elif getattr(field, "auto_now", False) or field.default is timezone.now:
            expressions.append("now()")
        else:
            expressions.append(VALUE)
            values.append(field.get_db_prep_save(field.get_default(), connection))
    if columns:
        raise ValueError(f"{model.__name__} has no {sorted(columns)}")
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {', '.join(expressions)} {source}"
    run(sql.replace("%", "%%").replace(VALUE, "%s") if values else sql, *values)


def sequence(model: type[models.Model], *, settle: bool = False) -> int:
    """The highest key in use; with `settle` the sequence goes on behind it."""
    top = model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0
    if settle:
        run("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", model._meta.db_table, max(top, 1))
    return top


@contextlib.contextmanager
def bare(*models_: type[models.Model]) -> Iterator[None]:
    """These tables with nothing but their primary keys, for as long as millions of rows go in. What is made
    anew afterwards (indexes, and constraints, which look at every row) is what was there."""
    again = []
    with connection.cursor() as cursor:
        for model in models_:
            table = model._meta.db_table
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'x') ORDER BY contype DESC",
                [table],
            )
            for name, definition in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            cursor.execute(
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
                "WHERE indrelid = %s::regclass AND NOT indisprimary",
                [table],
            )
            for name, definition in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
                again.append(definition)
    yield
    for sql in again:
        run(sql)
