"""The orders in which the table of a round can be read, besides that of its ranks.

An order is offered to whoever reads what it goes by in the columns of the table: by name where they read
names, by marks where they read marks. So no order says what a cell does not.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from partnerships.common.query_words import Key
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.reviews import conflicts, reports
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import ReviewRound, Tally

_NUMBER: Any = DecimalField(max_digits=7, decimal_places=2)
# A number above all, of what has none of its own.
_LAST = Value(Decimal(9999), _NUMBER)


class Order(StrEnum):
    """The word for it in an address."""

    RANK = "rank"  # the best mean first; where no marks are read, as they came
    LOW = "low"
    NAME = "name"
    FEW = "few"
    MANY = "many"
    APART = "apart"
    ALIKE = "alike"


def offered(found: ReviewRound, user: Any, *, scores: bool) -> list[tuple[str, str]]:
    """(order, what it is called) for this reader, the one that stands by itself first. `scores`: whether
    marks stand in their table."""
    named = found.reviewed.by_name and reports.names_items(user, found)
    name = [(Order.NAME, _("By name"))] if named else []
    if not scores:
        return [(Order.RANK, _("In the order in which they came")), *name]
    return [
        (Order.RANK, _("Highest mean first")),
        (Order.LOW, _("Lowest mean first")),
        *name,
        (Order.FEW, _("Fewest marks first")),
        (Order.MANY, _("Most marks first")),
        (Order.APART, _("Widest spread first")),
        (Order.ALIKE, _("Narrowest spread first")),
    ]


def chosen(orders: list[tuple[str, str]], asked_for: str) -> Order:
    """That of the address, where it is offered."""
    return Order(asked_for) if asked_for in dict(orders) else Order.RANK


# By what rows stand, the smallest first. Those with the same stand by their ranks.
_BY: dict[str, Any] = {
    Order.LOW: Coalesce("mean", _LAST),
    Order.FEW: Cast("done", _NUMBER),
    Order.MANY: Cast(-F("done"), _NUMBER),
    Order.APART: Coalesce(-F("spread"), _LAST),
    Order.ALIKE: Coalesce("spread", _LAST),
}
COLUMNS = ("object_id", "asked", "done", "dropped", "scores")


@asked
def by_marks(user: Any, order: str, whole: bool, kind: str, found: Key, container: Key) -> Any:
    """COLUMNS of what somebody is asked for; `whole`: and then of what stands and is asked of nobody."""
    reviewed = type_of(kind)
    hidden = conflicts.hidden_in(reviewed, access_of(user), container)
    of_round = Tally.objects.filter(round=found).order_by()
    kept = of_round.exclude(object_id__in=hidden)
    best = Coalesce("mean", Value(Decimal(-1), _NUMBER))
    if not whole:
        rows = kept.filter(asked__gt=0).annotate(by=_BY[order], best=best)
        return rows.order_by("by", "-best", "object_id").values_list(*COLUMNS)
    standing = reviewed.of(container).exclude(pk__in=hidden).order_by()
    every = kept.filter(Q(asked__gt=0) | Q(object_id__in=standing.values("pk")))
    nobody = Case(When(asked__gt=0, then=0), default=1, output_field=IntegerField())
    told = every.annotate(nobody=nobody, by=_BY[order], best=best)
    none, last = Value(0, IntegerField()), Value(1, IntegerField())
    by = Value(Decimal(0), _NUMBER) if order in (Order.FEW, Order.MANY) else _LAST
    bare = standing.exclude(pk__in=of_round.values("object_id")).values_list(
        F("pk"), none, none, none, Value("", TextField()), last, by, Value(Decimal(-1), _NUMBER)
    )
    both = told.values_list(*COLUMNS, "nobody", "by", "best").union(bare, all=True)
    return both.order_by("nobody", "by", "-best", "object_id")


@asked
def by_name(user: Any, whole: bool, parted: bool, kind: str, found: Key, container: Key) -> Any:
    """The same by the names of what they are. `parted`: what is asked of nobody stands behind, as where
    there is so much of it that it is counted on its own page alone."""
    reviewed = type_of(kind)
    hidden = conflicts.hidden_in(reviewed, access_of(user), container)
    kept = Tally.objects.filter(round=found, object_id=OuterRef("pk")).order_by()
    rows = reviewed.model_class._base_manager.filter(**{f"{reviewed.container}_id": container})
    asked_for = Exists(kept.filter(asked__gt=0))
    if whole:
        standing = reviewed.of(container).order_by().values("pk")
        rows = rows.filter(asked_for | Q(pk__in=standing))
    else:
        rows = rows.filter(asked_for)
    if parted:
        rows = rows.annotate(nobody=Case(When(asked_for, then=0), default=1, output_field=IntegerField()))
    none, nothing = Value(0, IntegerField()), Value("", TextField())
    told = [Coalesce(Subquery(kept.values(name)[:1]), none) for name in COLUMNS[1:4]]
    said = Coalesce(Subquery(kept.values("scores")[:1]), nothing)
    first = ("nobody",) if parted else ()
    ordered = rows.exclude(pk__in=hidden).order_by(*first, reviewed.by_name, "pk")
    return ordered.values_list("pk", *told, said)
