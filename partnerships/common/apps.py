from django.apps import AppConfig
from django.db.models.expressions import Col
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "partnerships.common"
    label = "common"
    verbose_name = _("Portal jobs")

    def ready(self) -> None:
        Col.__hash__ = hash_of_column  # type: ignore[method-assign,assignment]


def hash_of_column(column: Col) -> int:
    """The same for equal columns, without binding the signature of their constructor.

    Django hashes every column of an ordered select. With rows as wide as ours and its own hash
    (`Expression.identity`, tickets 34631 and 35102) that was a twentieth of all the time a page took.
    """
    return hash((column.alias, column.target.name))
