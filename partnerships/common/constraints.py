"""Constraints that the database itself holds, on PostgreSQL and on SQLite alike."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, BooleanField, DateTimeField, F, Func, Q, Value


class NoOverlap(BaseConstraint):
    """Half-open spans [start, end) with the same `key` never overlap among rows where `active` is true.

    EXCLUDE on PostgreSQL (needs btree_gist), a pair of triggers on SQLite, `validate()` for forms.
    It lives in Meta.constraints because a table remake on SQLite drops a trigger it does not know.
    A row whose key is null is never in conflict. An update that turns `active` on is checked too.
    """

    def __init__(
        self,
        *,
        name: str,
        key: str,
        start: str,
        end: str,
        active: str = "active",
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.key, self.start, self.end, self.active = key, start, end, active

    def _columns(self, model: type[models.Model]) -> dict[str, str]:
        names = {"key": self.key, "start": self.start, "end": self.end, "active": self.active}
        return {role: model._meta.get_field(name).column for role, name in names.items()}

    def _triggers(self, model: type[models.Model], editor: Any) -> list[Statement]:
        columns = {role: editor.quote_name(column) for role, column in self._columns(model).items()}
        body = (
            "CREATE TRIGGER %(name)s BEFORE {event} ON %(table)s WHEN NEW.%(active)s "
            "BEGIN SELECT RAISE(ABORT, 'constraint %(raw)s') WHERE EXISTS ("
            "SELECT 1 FROM %(table)s o WHERE o.%(key)s = NEW.%(key)s AND o.%(active)s "
            "AND o.%(pk)s <> COALESCE(NEW.%(pk)s, -1) "
            "AND o.%(start)s < NEW.%(end)s AND NEW.%(start)s < o.%(end)s); END"
        )
        return [
            Statement(
                body.format(event=event),
                table=Table(model._meta.db_table, editor.quote_name),
                name=editor.quote_name(f"{self.name}_{event.lower()}"),
                raw=self.name,
                pk=editor.quote_name(model._meta.pk.column),
                **columns,
            )
            for event in ("INSERT", "UPDATE")
        ]

    # None: nothing to put into CREATE TABLE; Django's own code knows it, its types do not.
    def constraint_sql(self, model: Any, schema_editor: Any) -> str | None:  # type: ignore[override]
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
            return None
        quote = schema_editor.quote_name
        columns = {role: quote(column) for role, column in self._columns(model).items()}
        return (
            "CONSTRAINT {name} EXCLUDE USING gist ({key} WITH =, tstzrange({start}, {end}) WITH &&) "
            "WHERE ({active})"
        ).format(name=quote(self.name), **columns)

    def create_sql(self, model: Any, schema_editor: Any) -> str | None:  # type: ignore[override]
        sql = self.constraint_sql(model, schema_editor)
        if sql is None:
            return None
        return f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} ADD {sql}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {quote(self.name + '_insert')}")
            return f"DROP TRIGGER IF EXISTS {quote(self.name + '_update')}"
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = "default"
    ) -> None:
        names = {self.key, self.start, self.end, self.active}
        if exclude and names & set(exclude):
            return
        key, start, end = (getattr(instance, name) for name in (self.key, self.start, self.end))
        if not getattr(instance, self.active) or None in (key, start, end):
            return
        clash = Q(**{self.key: key, self.active: True, f"{self.start}__lt": end, f"{self.end}__gt": start})
        if model._base_manager.using(using).filter(clash).exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs.update(key=self.key, start=self.start, end=self.end, active=self.active)
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__


class Meets(Func):
    """`rows.filter(Meets("starts", "ends", first, last))`: the same rows as `starts__lt=last,
    ends__gt=first`, of spans that end after they begin. PostgreSQL finds them in the index of `NoOverlap`,
    where for the other two it goes through all that ends after `first`."""

    output_field = BooleanField()

    def __init__(self, start: str, end: str, first: datetime, last: datetime) -> None:
        moments = (Value(moment, DateTimeField()) for moment in (first, last))
        super().__init__(F(start), F(end), *moments)

    def as_sql(  # type: ignore[override]  # its stubs name what no caller gives
        self, compiler: Any, connection: Any, **_context: Any
    ) -> tuple[str, Any]:
        (start, _), (end, _), (first, of_first), (last, of_last) = (
            compiler.compile(one) for one in self.source_expressions
        )
        if connection.vendor == "postgresql":
            return f"tstzrange({start}, {end}) && tstzrange({first}, {last})", (*of_first, *of_last)
        return f"({end} > {first} AND {start} < {last})", (*of_first, *of_last)
