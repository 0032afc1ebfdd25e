"""INSERT … SELECT for a model: the columns that are named, the model's own defaults for the rest."""

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
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {', '.join(expressions)} {source}"  # noqa: S608
    run(sql.replace("%", "%%").replace(VALUE, "%s") if values else sql, *values)


def sequence(model: type[models.Model], *, settle: bool = False) -> int:
    """The highest key in use; with `settle` the sequence goes on behind it."""
    top = model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0
    if settle:
        run("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", model._meta.db_table, max(top, 1))
    return top
