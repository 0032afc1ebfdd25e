"""Who must not review what: one specification (ReviewKind), read as a filter and as a table.

`hidden` is for querysets: what one person must not meet. `table` is for many people and many items at once,
with the reason. Both answer alike; a test holds them together. Own work is never overridden.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q

from partnerships.directory.access import Access
from partnerships.directory.models import Affiliation
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import ReviewKind, relations

Pair = tuple[int, int]  # (item, person)


def _declared(kind: ReviewKind) -> Any:
    return apps.get_model("reviews", "Conflict").objects.filter(kind=kind.key)


def _overridden(kind: ReviewKind) -> Any:
    return apps.get_model("reviews", "ConflictOverride").objects.filter(kind=kind.key, ended_at=None)


def _tied(people: set[int], subjects: set[int] | None = None) -> dict[Pair, str]:
    """(one, other) -> Tie, for each of `people` as the one."""
    found: dict[Pair, str] = {}
    for relation in relations():
        for one, other, tie in relation(people, subjects):
            found.setdefault((one, other), tie)
    return found


def subjects_of(who: Access) -> set[int]:
    """Whose work this person must not review, asked once for each Access: once in a request."""
    known = who.__dict__.get("_review_subjects")
    if known is None and who.person_id is not None:
        known = who.__dict__["_review_subjects"] = {pair[1] for pair in _tied({who.person_id})}
    return known or set()


def hidden(kind: ReviewKind, who: Access, subjects: Collection[int] | None = None) -> Q:
    """Items of `kind.model` that this person must not meet as reviewer or chair.

    `subjects` are those of `subjects_of`, where they are known: then nothing is asked of the database for a
    kind of which the whole house is a conflict.
    """
    person_id = who.person_id
    if person_id is None:
        return Q(pk__in=[])
    own = Q(pk__in=[])
    for name in kind.people:
        own |= Q(**{name: person_id})
    other = Q(pk__in=_declared(kind).filter(person_id=person_id).values("object_id"))
    if subjects is None:
        subjects = subjects_of(who)
    if subjects:
        for name in kind.people:
            other |= Q(**{f"{name}__in": subjects})
    held = Affiliation.objects.current().filter(person_id=person_id)
    for name in kind.organizations:
        if kind.whole_house:
            other |= Q(**{f"{name}__root_id__in": held.values("organization__root_id")})
            continue
        for path in held.values_list("organization__path", flat=True):
            other |= Q(**{f"{name}__path__startswith": path})
            other |= Q(**{f"{name}_id__in": [int(key) for key in path.split(".") if key]})
    freed = _overridden(kind).filter(person_id=person_id).values("object_id")
    return own | (other & ~Q(pk__in=freed))


def table(kind: ReviewKind, items: Any, people: Iterable[int], *, overridden: bool = True) -> dict[Pair, str]:
    """(item, person) -> Tie of each conflict among these, in as many queries whatever their number.

    `items` is a queryset of `kind.model`. With `overridden=False` those that were overridden are there too.
    """
    wanted = set(people)
    if not wanted:
        return {}
    columns = [f"{name}__path" for name in kind.organizations]
    rows = list(items.order_by().values_list("pk", *kind.people, *columns))
    keys = {row[0] for row in rows}
    subjects = {key for row in rows for key in row[1 : 1 + len(kind.people)] if key is not None}
    houses = _houses(wanted)
    tied = _tied(wanted, subjects)
    declared = set(_declared(kind).filter(person_id__in=wanted).values_list("object_id", "person_id"))
    freed: set[Pair] = set()
    if overridden:
        freed = set(_overridden(kind).filter(person_id__in=wanted).values_list("object_id", "person_id"))
    found: dict[Pair, str] = {}
    for row in rows:
        owners = {key for key in row[1 : 1 + len(kind.people)] if key is not None}
        paths = [path for path in row[1 + len(kind.people) :] if path]
        for person in wanted:
            pair = (row[0], person)
            if person in owners:
                found[pair] = Tie.OWN
            elif pair in freed:
                continue
            elif pair in declared:
                found[pair] = Tie.DECLARED
            elif (
                tie := next((tied[person, owner] for owner in owners if (person, owner) in tied), None)
            ) or (tie := _house_tie(kind, houses[person], paths)):
                found[pair] = tie
    return {pair: tie for pair, tie in found.items() if pair[0] in keys}


def _houses(people: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    held = Affiliation.objects.current().filter(person_id__in=people)
    for person, path in held.values_list("person_id", "organization__path"):
        found[person].append(path)
    return found


def _house_tie(kind: ReviewKind, held: list[str], paths: list[str]) -> str | None:
    """The same unit, or one above or below it; else the same organisation, where that counts."""
    for path in paths:
        if any(
            (path.startswith(mine) or mine.startswith(path)) and _depth(mine) > 1 and _depth(path) > 1
            for mine in held
        ):
            return Tie.UNIT
    if kind.whole_house:
        roots = {mine.split(".", 1)[0] for mine in held}
        if any(path.split(".", 1)[0] in roots for path in paths):
            return Tie.ORGANISATION
        return None
    touching = any(path.startswith(mine) or mine.startswith(path) for path in paths for mine in held)
    return Tie.UNIT if touching else None


def _depth(path: str) -> int:
    return path.count(".")
