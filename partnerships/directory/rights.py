"""Rights that are rows too: who may is said once, and asked of one row (a verb, a button) and of a
whole table (`visible_to`, what waits for somebody). Docs: docs/directory.md."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from rules.predicates import Predicate

from partnerships.directory.access import access_of

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING  # not Q(), which `|` leaves out


class Right(Predicate):
    """A predicate (user or actor, row) that knows its rows as well: `right.rows(user)` is the condition on
    the rows for which it holds.

    `|` and `&` of two rights are a right. With a predicate of `rules`, which knows no rows, they are one.
    """

    def __init__(self, may: Callable[[Any, Any], bool], rows: Callable[[Any], Q], name: str) -> None:
        super().__init__(may, name)
        self.rows = rows

    @property
    def _plain(self) -> Predicate:
        return Predicate(self.fn, self.name)

    def __or__(self, other: Any) -> Predicate:
        if not isinstance(other, Right):
            return self._plain | other
        return Right(
            lambda user, row: self(user, row) or other(user, row),
            lambda user: self.rows(user) | other.rows(user),
            f"({self.name} | {other.name})",
        )

    def __and__(self, other: Any) -> Predicate:
        if not isinstance(other, Right):
            return self._plain & other
        return Right(
            lambda user, row: self(user, row) and other(user, row),
            lambda user: self.rows(user) & other.rows(user),
            f"({self.name} & {other.name})",
        )

    def __xor__(self, other: Any) -> Predicate:
        return self._plain ^ other

    def __invert__(self) -> Predicate:
        return ~self._plain


def own(*fields: str) -> Right:
    """The person whom one of these fields of the row names, and nobody who stands in for them."""

    def is_named(user: Any, row: Any) -> bool:
        person = access_of(user).person_id
        return person is not None and any(getattr(row, f"{name}_id") == person for name in fields)

    def named(user: Any) -> Q:
        person = access_of(user).person_id
        return NOTHING if person is None else reduce(or_, (Q(**{name: person}) for name in fields))

    return Right(is_named, named, f"its_{'_or_'.join(fields)}")


def assigned(person: str, side: str, *roles: str) -> Right:
    """The person whom `person` of the row names for their work at the organisation `side`, and whoever
    stands in for them there today (`Access.stands_for`)."""

    def does(user: Any, row: Any) -> bool:
        return access_of(user).stands_for(getattr(row, f"{person}_id"), getattr(row, f"{side}_id"), *roles)

    return Right(does, lambda user: access_of(user).assigned(person, side, *roles), f"does_{person}_work")


def holds(side: str, *roles: str) -> Right:
    """One of these roles at the organisation that `side` of the row names, or above it; nobody where it names
    none."""

    def covered(user: Any, row: Any) -> bool:
        organization = getattr(row, side)
        return organization is not None and access_of(user).covers(organization.path, *roles)

    return Right(covered, lambda user: access_of(user).q(side, *roles), f"{'_or_'.join(roles)}_of_its_{side}")


def belongs(side: str, *roles: str) -> Right:
    """One of these roles anywhere in the organisation that `side` of the row names: a student of a faculty
    belongs to the university. `side` names whole organisations, not their units."""

    def within(user: Any, row: Any) -> bool:
        return getattr(row, f"{side}_id") in access_of(user).roots(*roles)

    def rows(user: Any) -> Q:
        roots = sorted(access_of(user).roots(*roles))
        return Q(**{f"{side}__in": roots}) if roots else NOTHING

    return Right(within, rows, f"{'_or_'.join(roles)}_within_its_{side}")


def at(*states: str) -> Right:
    """Whoever it is, while the row is in one of these states: `belongs(...) & at(S.OPEN)`."""
    return Right(
        lambda _user, row: row.state in states, lambda _user: Q(state__in=states), f"at_{'_or_'.join(states)}"
    )


administers = Right(
    lambda user, _row: access_of(user).administers,
    lambda user: EVERYTHING if access_of(user).administers else NOTHING,
    "administers",
)
"""Administrator of the organisation that runs the portal, whatever the row: `... | administers`."""


def anywhere(*roles: str) -> Right:
    """One of these roles at any organisation, whatever the row: `anywhere(Role.COORDINATOR) & at(S.OPEN)`."""

    def has(user: Any, _row: Any) -> bool:
        return access_of(user).has(*roles)

    def rows(user: Any) -> Q:
        return EVERYTHING if access_of(user).has(*roles) else NOTHING

    return Right(has, rows, f"{'_or_'.join(roles)}_anywhere")


def among(side: str, rows: Callable[[Any], Any]) -> Predicate:
    """What `side` of the row names is one of `rows(user)`, from which a form lets choose. Asks the database,
    so it is for what begins, not for the verbs of a list."""
    return Predicate(
        lambda user, row: rows(user).filter(pk=getattr(row, f"{side}_id")).exists(),
        name=f"its_{side}_among_{getattr(rows, '__name__', 'rows')}",
    )


class SeenRows(models.QuerySet[Any]):
    """Rows whose `visible_to` is a right."""

    right: Right
    shown: tuple[str, ...] = ()

    def visible_to(self, user: Any) -> Any:
        """Those that this user may see, with what they name."""
        return self.filter(self.right.rows(user)).select_related(*self.shown)


def seen_by(right: Predicate, *shown: str) -> Any:
    """`objects` of a model of which each row is seen by whom `right` says; `shown` is what a row names
    (select_related) wherever it is shown."""
    if not isinstance(right, Right):
        raise TypeError(f"{right} knows no rows: write a queryset with visible_to")
    return type("SeenRows", (SeenRows,), {"right": right, "shown": shown}).as_manager()
