"""Moments that the database computes, the same whatever time zone its session has."""

from typing import Any

from django.db.models import DateTimeField, Func
from django.db.models.functions import TruncDate

from partnerships.common.clock import BAKU


class StartOfDay(Func):
    """00:00 in Baku of a date: `annotate(due_at=StartOfDay(F("starts")))`.

    A plain cast of a date to a moment would be midnight of the session's time zone. On SQLite, which knows no
    zones, Baku is four hours ahead of UTC, as it has been all year round since 2016.
    """

    output_field = DateTimeField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(%(expressions)s::timestamp AT TIME ZONE 'Asia/Baku')"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "strftime('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%S', %(expressions)s, '-4 hours')"
        return self.as_sql(compiler, connection, template=template, **extra)


class DayInBaku(TruncDate):
    """The day in Baku of a moment. Unlike `TruncDate`, PostgreSQL is told the time zone in words, not as a
    value: where it stands twice (two windows over one partition), it is seen to be the same."""

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, tzinfo=BAKU, **extra)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        moment, given = compiler.compile(self.lhs)
        return f"({moment} AT TIME ZONE '{BAKU.key}')::date", given
