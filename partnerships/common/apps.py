from functools import lru_cache
from typing import Any

from django.apps import AppConfig
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.models.expressions import Col
from django.utils.translation import gettext_lazy as _

from partnerships.common.bounds import say_for_people


class CommonConfig(AppConfig):
    name = "partnerships.common"
    label = "common"
    verbose_name = _("Portal jobs")

    def ready(self) -> None:
        say_for_people()
        Col.__hash__ = hash_of_column  # type: ignore[method-assign,assignment]
        SQLiteCursorWrapper.convert_query = with_marks  # type: ignore[method-assign,assignment]


_convert: Any = SQLiteCursorWrapper.convert_query


@lru_cache(maxsize=512)
def _with_marks(query: str) -> str:
    found: str = _convert(None, query)
    return found


def with_marks(cursor: Any, query: str, *, param_names: Any = None) -> str:
    """As Django has it, and the same text is gone through once: in words that are kept (docs/speed.md) there
    are thousands of signs, half a millisecond for each asking."""
    if param_names is not None:
        return _convert(cursor, query, param_names=param_names)
    return _with_marks(query)


def hash_of_column(column: Col) -> int:
    """The same for equal columns, without binding the signature of their constructor.

    Django hashes every column of an ordered select. With rows as wide as ours and its own hash
    (`Expression.identity`, tickets 34631 and 35102) that was a twentieth of all the time a page took.
    """
    return hash((column.alias, column.target.name))
