"""What is reviewed: what a direction says of its own, collected without importing any by name.

A direction has `reviews.py` with REVIEWS, a sequence of ReviewKind, and, where it knows who is tied to whom,
RELATIONS, a sequence of Relation. Docs: docs/reviews.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings


@dataclass(frozen=True)
class Relation:
    """Who must not review whose work, as queries: read for one person as a filter, for many as pairs.

    tie    why (enums.Tie)
    pairs  () -> (query set, field of the reviewer, field of whose work it is), ...: each is asked by its own
           index. What goes both ways has a line for each.
    """

    tie: str
    pairs: Callable[[], Sequence[tuple[Any, str, str]]]

    def subjects(self, person_id: int) -> list[Any]:
        """Whose work this person must not review, as queries for their keys."""
        return [rows.filter(**{one: person_id}).order_by().values(other) for rows, one, other in self.pairs()]


@dataclass(frozen=True)
class Sheet:
    """What a reviewer reads of an item.

    facts  (label, value); texts (label, paragraphs)
    files  () -> documents.Document, in a fixed order: read where they are shown
    """

    facts: Sequence[tuple[Any, Any]] = ()
    texts: Sequence[tuple[Any, str]] = ()
    files: Callable[[], Sequence[Any]] = tuple


@dataclass(frozen=True)
class ReviewKind:
    """A kind of reviewing that a direction has.

    key            "internships.commission"; kept in rows and addresses, so it never changes
    title          what a round of it is called; items  what is reviewed, in the plural
    model          "internships.Application": needs `uid`; container  its field that names what a round is
                   opened for; container_key  the field by which an address names that
    organization   lookup from the container to the directory.Organization that answers for the round
    roles          who opens and leads rounds there
    standing       () -> queryset of what is still up for review, in whatever container
    candidates     container -> queryset of directory.Person who may be asked to review
    sheet          (item, blind) -> Sheet; with `blind` without whatever tells whose it is
    by_name        field of the item by which names are sorted: "person__sort_key"; without it by no name
    name, detail   item -> whose it is, and a line about it; code  item -> its name where that is hidden
    people         fields of the item that name a person whose work it is
    organizations  fields of the item that name an organisation or unit it comes from
    whole_house    whether the same organisation is a conflict, or only the same unit
    houses         of `organizations` those in whose house all of them are; all by itself
    outsiders      whether somebody from outside the organisation may review
    """

    key: str
    title: Any
    items: Any
    model: str
    container: str
    organization: str
    roles: tuple[str, ...]
    standing: Callable[[], Any]
    candidates: Callable[[Any], Any]
    sheet: Callable[[Any, bool], Sheet]
    name: Callable[[Any], str]
    detail: Callable[[Any], str]
    code: Callable[[Any], str]
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    whole_house: bool = True
    houses: tuple[str, ...] = ()
    outsiders: bool = False
    container_key: str = "uid"
    by_name: str = ""
    related: tuple[str, ...] = field(default=())  # what name, detail, code and sheet read: for select_related
    # What name, detail and code alone read, and the link to the container: for `only`, in tables.
    shown: tuple[str, ...] = field(default=())

    @property
    def model_class(self) -> Any:
        return apps.get_model(self.model)

    @property
    def container_class(self) -> Any:
        return self.model_class._meta.get_field(self.container).related_model

    def of(self, container_id: int) -> Any:
        """What stands for review in one container."""
        return self.standing().filter(**{f"{self.container}_id": container_id})

    def rows(self) -> Any:
        return self.model_class._base_manager.select_related(*self.related)

    def listed(self) -> Any:
        """Rows as a table names them, which reads nothing else of them."""
        if not self.shown:
            return self.rows()
        beside = {name.rpartition("__")[0] for name in self.shown} - {""}
        return self.model_class._base_manager.select_related(*sorted(beside)).only("uid", *self.shown)

    def answers_for(self, container: Any) -> Any:
        """The organisation that leads rounds for this container."""
        found = container
        for name in self.organization.split("__"):
            found = getattr(found, name)
        return found


@cache
def _collected(names: tuple[str, ...]) -> tuple[dict[str, ReviewKind], tuple[Relation, ...]]:
    found: dict[str, ReviewKind] = {}
    relations: list[Relation] = []
    for name in names:
        if not find_spec(f"{name}.reviews"):
            continue
        module = import_module(f"{name}.reviews")
        for kind in getattr(module, "REVIEWS", ()):
            if kind.key in found:
                raise ValueError(f"two kinds of reviewing with the key {kind.key}")
            found[kind.key] = kind
        relations += getattr(module, "RELATIONS", ())
    return found, tuple(relations)


def _names() -> tuple[str, ...]:
    return (*settings.DIRECTIONS, *getattr(settings, "REVIEW_SOURCES", ()))


def types() -> dict[str, ReviewKind]:
    """Every kind by its key: those of the directions and of what REVIEW_SOURCES names beside them."""
    return _collected(_names())[0]


def type_of(key: str) -> ReviewKind:
    """The kind with this key. Raises KeyError for one that nobody registered (any more)."""
    return types()[key]


def relations() -> tuple[Relation, ...]:
    return _collected(_names())[1]
