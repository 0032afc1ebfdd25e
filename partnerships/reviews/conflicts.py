"""Who must not review what: one specification (ReviewKind), read as a filter and as a table.

`hidden` is for querysets: what one person must not meet, asked of rows in hand; `hidden_keys` and `hidden_in`
find the same by its ties, for rows of which most are not hidden. `table` is for many people and many items at
once, with the reason. All answer alike; a test holds them together. Own work is never overridden.

Who leads a round in another's place does not meet either what that other must not meet (`bound`); what they
review themselves goes by their own ties: `access.narrowed(None)`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, Exists, F, IntegerField, OuterRef, Q, TextField, Value
from django.db.models.expressions import ExpressionWrapper

from partnerships.common.among import Among, AmongKnown, in_one
from partnerships.common.compiled import compiled, compiled_for
from partnerships.common.query_words import Typed
from partnerships.directory.access import Access
from partnerships.directory.asked import asked
from partnerships.directory.models import Affiliation, Organization
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import Relation, ReviewKind, relations, type_of

Pair = tuple[int, int]  # (item, person)


def _declared(kind: ReviewKind) -> Any:
    return apps.get_model("reviews", "Conflict").objects.filter(kind=kind.key)


def _overridden(kind: ReviewKind) -> Any:
    return apps.get_model("reviews", "ConflictOverride").objects.filter(kind=kind.key, ended_at=None)


def _nodes(kind: ReviewKind, person_id: int) -> Any:
    """Organisations and units that are a conflict of this person's: all of their house, or those above and
    below the units in which they are."""
    held = Affiliation.objects.current().filter(person_id=person_id)
    rows = Organization.objects.order_by().values("pk")
    if kind.whole_house:
        return rows.filter(root_id__in=held.order_by().values("organization__root_id"))
    above = held.annotate(path=ExpressionWrapper(OuterRef("path"), TextField()))
    return rows.filter(
        Exists(above.filter(path__startswith=F("organization__path")))
        | Exists(held.filter(organization__path__startswith=OuterRef("path")))
    )


@dataclass(frozen=True)
class _Ties:
    """What a person is tied to, as parts of queries that are put into words once: key -> keys."""

    declared: Callable[[int], Any]  # items
    freed: Callable[[int], Any]  # items
    subjects: tuple[Callable[[int], Any], ...]  # people
    nodes: Callable[[int], Any]  # organisations and units
    every: Callable[[int], Any]  # items that are hidden, of all that is reviewed
    within: Callable[[int, int], Any]  # and those of one container


@cache
def _ties(kind: ReviewKind, known: tuple[Relation, ...]) -> _Ties:
    def subjects(person_id: int) -> list[Any]:
        return [rows for relation in known for rows in relation.subjects(person_id)]

    def items(person_id: int, reviewed: dict[str, Any]) -> Any:
        """By what ties to each, so that no item is looked at that nothing ties to."""
        here = kind.model_class._base_manager.filter(**reviewed).order_by().values("pk")
        others = here.exclude(pk__in=_freed(kind, person_id))
        found = [here.filter(**{name: person_id}) for name in kind.people]
        found += [others.filter(**{f"{name}__in": r}) for name in kind.people for r in subjects(person_id)]
        found += [others.filter(**{f"{name}__in": _nodes(kind, person_id)}) for name in _places(kind)]
        return others.filter(Among("pk", _declared_to(kind, person_id))).union(*found)

    rounds = apps.get_model("reviews", "ReviewRound").objects.filter(kind=kind.key).order_by()
    reviewed = {f"{kind.container}__in": rounds.values("container_id")}
    return _Ties(
        compiled_for(lambda person_id: _declared_to(kind, person_id)),
        compiled_for(lambda person_id: _freed(kind, person_id)),
        tuple(compiled_for(lambda person_id, n=n: subjects(person_id)[n]) for n in range(len(subjects(0)))),
        compiled_for(lambda person_id: _nodes(kind, person_id)),
        compiled_for(lambda person_id: items(person_id, reviewed)),
        compiled_for(lambda person_id, key: items(person_id, {kind.container: key})),
    )


def _declared_to(kind: ReviewKind, person_id: int) -> Any:
    return _declared(kind).filter(person_id=person_id).order_by().values("object_id")


def _freed(kind: ReviewKind, person_id: int) -> Any:
    return _overridden(kind).filter(person_id=person_id).order_by().values("object_id")


def _places(kind: ReviewKind) -> tuple[str, ...]:
    """The fields whose organisation is looked at: where the whole house counts, one names it for all."""
    return (kind.whole_house and kind.houses) or kind.organizations


def hidden(kind: ReviewKind, who: Access) -> Q:
    """Items of `kind.model` that this person must not meet as reviewer or chair."""
    person_id = who.person_id
    if person_id is None:
        return Q(pk__in=[])
    ties = _ties(kind, relations())
    own, other = Q(pk__in=[]), Q(pk__in=ties.declared(person_id))
    for name in kind.people:
        own |= Q(**{name: person_id})
        for subjects in ties.subjects:
            other |= Q(**{f"{name}__in": subjects(person_id)})
    for name in _places(kind):
        other |= Q(**{f"{name}__in": ties.nodes(person_id)})
    mine = own | (other & ~Q(pk__in=ties.freed(person_id)))
    theirs = _bound(kind, who, kind.model_class._base_manager, ties.every)
    return mine if theirs is None else mine | Q(pk__in=theirs)


def hidden_keys(kind: ReviewKind, who: Access) -> Any:
    """The keys of the same, of all that a round was ever opened for: for an `__in`."""
    if who.person_id is None:
        return []
    return _with_bound(kind, who, kind.model_class._base_manager, _ties(kind, relations()).every)


def hidden_in(kind: ReviewKind, who: Access, container_id: int) -> Any:
    """Those of one container."""
    if who.person_id is None:
        return []
    here = kind.model_class._base_manager.filter(**{kind.container: container_id})
    within = _ties(kind, relations()).within
    return _with_bound(kind, who, here, lambda person_id: within(person_id, container_id))


def _with_bound(kind: ReviewKind, who: Access, rows: Any, tied: Callable[[int], Any]) -> Any:
    mine, theirs = tied(who.person_id), _bound(kind, who, rows, tied)  # type: ignore[arg-type]
    return mine if theirs is None else both(rows, mine, theirs)


def _bound(kind: ReviewKind, who: Access, rows: Any, tied: Callable[[int], Any]) -> Any:
    return bound(who, rows, f"{kind.container}__{kind.organization}", kind.roles, tied)


def both(rows: Any, mine: Any, theirs: Any) -> Any:
    """The keys of `rows` in either, for an `__in`."""
    return compiled(rows.filter(pk__in=mine).order_by().values("pk").union(theirs))


def bound(
    who: Access, rows: Any, organization: str, roles: tuple[str, ...], tied: Callable[[int], Any]
) -> Any:
    """The keys of those of `rows` that somebody has a role over by another's power alone, where that other
    stands in conflict with it; None for who stands in for nobody by these roles.

    organization  the field whose organisation the roles are held at
    tied          person -> the keys of what they must not meet
    """
    hands = who.hands(*roles)
    if all(holder is None for holder, _hand in hands):
        return None
    found, reasons = rows.order_by(), []
    for holder, hand in hands:
        reached = hand.q(organization, *roles)
        if holder is None:
            found = found.filter(~reached)
        else:
            apart = Q(pk__in=tied(holder))
            found = found.filter(~reached | apart)
            reasons.append(reached & apart)
    return found.filter(reduce(or_, reasons)).values("pk")


def table(kind: ReviewKind, items: Any, people: Iterable[int], *, overridden: bool = True) -> dict[Pair, str]:
    """(item, person) -> Tie of each conflict among these, in two queries whatever their number.

    `items` is a queryset of `kind.model`. With `overridden=False` those that were overridden are there too.
    """
    wanted = set(people)
    if not wanted:
        return {}
    columns = [f"{name}__path" for name in kind.organizations]
    return _table(
        kind, list(items.order_by().values_list("pk", *kind.people, *columns)), wanted, overridden=overridden
    )


def ties_of(kind: ReviewKind, item: Any, people: Iterable[int]) -> dict[int, str]:
    """person -> Tie of one item that was read with its organisations: one query."""
    wanted = set(people)
    if not wanted:
        return {}
    owners = [getattr(item, item._meta.get_field(name).attname) for name in kind.people]
    places = [getattr(item, name) for name in kind.organizations]
    row = (item.pk, *owners, *(None if place is None else place.path for place in places))
    return {person: tie for (_item, person), tie in _table(kind, [row], wanted).items()}


_DECLARED, _FREED, _HOUSE, _RELATED = 0, 1, 2, 3  # and from there on each of the relations


@asked
def _known(kind: str, people: Typed, subjects: Typed) -> Any:
    """(what, person, item or subject, path) that these people are tied by, from whatever table says so."""

    def of(rows: Any, what: int, person: str, other: Any, path: Any = None) -> Any:
        said = Value(what, IntegerField()), F(person), other
        return rows.filter(AmongKnown(person, people)).order_by().values_list(*said, path or nothing)

    described, nothing = type_of(kind), Value("", TextField())
    held = Affiliation.objects.current()
    found = [
        of(_overridden(described), _FREED, "person_id", F("object_id")),
        of(held, _HOUSE, "person_id", Value(0, BigIntegerField()), F("organization__path")),
    ]
    for n, relation in enumerate(relations(), _RELATED):
        for rows, one, other in relation.pairs():
            found.append(of(rows.filter(AmongKnown(other, subjects)), n, one, F(other)))
    return of(_declared(described), _DECLARED, "person_id", F("object_id")).union(*found, all=True)


def _facts(
    kind: ReviewKind, wanted: set[int], subjects: set[int]
) -> tuple[dict[int, list[str]], set[Pair], set[Pair], dict[Pair, int]]:
    """Paths of the places of each person; what is declared and what overridden; (person, subject) -> which of
    the relations, the first there is."""
    houses: dict[int, list[str]] = defaultdict(list)
    declared: set[Pair] = set()
    freed: set[Pair] = set()
    tied: dict[Pair, int] = {}
    for what, person, other, path in _known(kind.key, in_one(sorted(wanted)), in_one(sorted(subjects))):
        if what == _HOUSE:
            houses[person].append(path)
        elif what == _DECLARED:
            declared.add((other, person))
        elif what == _FREED:
            freed.add((other, person))
        else:
            tied[person, other] = min(what, tied.get((person, other), what))
    return houses, declared, freed, tied


def _table(
    kind: ReviewKind, rows: list[Any], wanted: set[int], *, overridden: bool = True
) -> dict[Pair, str]:
    """Of rows of an item, its people and the paths of its organisations."""
    keys = {row[0] for row in rows}
    subjects = {key for row in rows for key in row[1 : 1 + len(kind.people)] if key is not None}
    houses, declared, freed, tied = _facts(kind, wanted, subjects)
    if not overridden:
        freed = set()
    found: dict[Pair, str] = {}
    for row in rows:
        owners = {key for key in row[1 : 1 + len(kind.people)] if key is not None}
        paths = tuple(path for path in row[1 + len(kind.people) :] if path)
        for person in wanted:
            pair = (row[0], person)
            if person in owners:
                found[pair] = Tie.OWN
            elif pair in freed:
                continue
            elif pair in declared:
                found[pair] = Tie.DECLARED
            elif near := [tied[person, owner] for owner in owners if (person, owner) in tied]:
                found[pair] = relations()[near[0] - _RELATED].tie
            elif tie := _house_tie(tuple(houses[person]), paths, whole=kind.whole_house):
                found[pair] = tie
    return {pair: tie for pair, tie in found.items() if pair[0] in keys}


@lru_cache(4096)
def _house_tie(held: tuple[str, ...], paths: tuple[str, ...], *, whole: bool) -> str | None:
    """The same unit, or one above or below it; else the same organisation, where that counts. Of paths alone:
    most of a house are in few units."""
    for path in paths:
        if any(
            (path.startswith(mine) or mine.startswith(path)) and _depth(mine) > 1 and _depth(path) > 1
            for mine in held
        ):
            return Tie.UNIT
    if whole:
        roots = {mine.split(".", 1)[0] for mine in held}
        if any(path.split(".", 1)[0] in roots for path in paths):
            return Tie.ORGANISATION
        return None
    touching = any(path.startswith(mine) or mine.startswith(path) for path in paths for mine in held)
    return Tie.UNIT if touching else None


def _depth(path: str) -> int:
    return path.count(".")
