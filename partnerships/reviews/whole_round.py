"""A round with all that its page shows: the round itself, its table, its members.

Read in kept words, and as its reader may meet them: never what they stand in conflict with.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Value
from django.http import Http404

from partnerships.common.paging import SIZES
from partnerships.common.prepared import Prepared, PreparedRows
from partnerships.common.query_words import Key, keys_of
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.models import Person
from partnerships.directory.reports import above, people_in
from partnerships.reviews import conflicts, reports
from partnerships.reviews.enums import ASSIGNED
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import ConflictOverride, Review, ReviewMember, ReviewRound


@asked
def _seen(user: Any, uid: UUID) -> Any:
    overrides = ConflictOverride.objects.filter(round=OuterRef("pk"))
    return ReviewRound.objects.visible_to(user).filter(uid=uid).annotate(overridden=Exists(overrides))


def round_of(user: Any, uid: UUID) -> ReviewRound:
    """The door to a round, as `access`; with `overridden`, whether a conflict was ever overridden in it."""
    found: ReviewRound | None = next(iter(_seen(user, uid)[:1]), None)
    if found is None:
        raise Http404
    return found


@cache
def _containers(kind: str) -> Prepared[Any]:
    rows = type_of(kind).container_class._base_manager
    return Prepared(lambda key: rows.filter(pk=key))


def container_of(found: ReviewRound, items: Iterable[Any] = ()) -> Any:
    """What the round was opened for, if it is still there; not asked for where one of its `items` was read
    with it (`ReviewKind.shown`)."""
    link = found.reviewed.model_class._meta.get_field(found.reviewed.container)
    for item in items:
        if link.is_cached(item) and getattr(item, link.attname) == found.container_id:
            return link.get_cached_value(item)
    return _containers(found.kind).one(found.container_id)


@dataclass
class Row:
    """One item of a round, as its reader may see it; `item` and `reviews` once it is filled."""

    key: int
    result: reports.Result
    standing: bool = True
    rank: int | None = None
    lacking: int = 0
    done: int = 0
    dropped: int = 0
    item: Any = None
    reviews: list[Review] = field(default_factory=list)


def rows_of(found: ReviewRound, user: Any, *, scores: bool) -> list[Row]:
    """Every item that the reader may meet, the best mean first, then those without a mark.

    Without `scores` nobody's marks are read: for assigning while marking goes on.
    """
    rows = ranked(found, user, scores=scores)
    return fill(found, rows, Review.objects.filter(round=found))


@dataclass(frozen=True)
class Read:
    """What a table is made of, as its reader may meet it.

    standing  keys of what is up for review; given  of each review the item, the member, its state and score
    """

    standing: set[int]
    given: list[tuple[int, int, str, Decimal | None]]


def read(found: ReviewRound, user: Any) -> Read:
    """Of one round, by one query, however much there is."""
    rows = list(_table(user, found.kind, Key(found.pk), Key(found.container_id)))
    hidden = {key for number, key, _member, what, _score in rows if number is None and what == _APART}
    standing = {key for number, key, _member, _what, _score in rows if number is None} - hidden
    given = sorted((row for row in rows if row[0] is not None and row[1] not in hidden), key=itemgetter(0))
    return Read(standing, [row[1:] for row in given])


_APART = "apart"


@asked
def _table(user: Any, kind: str, found: Key, container: Key) -> Any:
    """(review, item, member, state, score) of a round; without a review what is up for review in its
    container, and what is hidden from this reader."""
    reviewed, none = type_of(kind), Value(None, BigIntegerField())
    hidden = conflicts.hidden_in(reviewed, access_of(user), container)

    def alone(rows: Any, what: str) -> Any:
        said = Value(what, CharField()), Value(None, Review._meta.get_field("score"))
        return rows.order_by().values_list(none, F("pk"), none, *said)

    columns = (F(name) for name in ("pk", "object_id", "member_id", "state", "score"))
    apart = reviewed.model_class._base_manager.filter(pk__in=hidden)
    given = Review.objects.filter(round=found).order_by().values_list(*columns)
    return given.union(alone(reviewed.of(container), "standing"), alone(apart, _APART), all=True)


def ranked(found: ReviewRound, user: Any, *, scores: bool, known: Read | None = None) -> list[Row]:
    """The same without what they are (`fill`): key, marks and states of each, of what was `read`."""
    table = known or read(found, user)
    given: dict[int, list[tuple[str, Decimal | None]]] = defaultdict(list)
    reviewed, top = set(), found.scale.top
    for key, _member, state, score in table.given:
        given[key].append((state, score))
        if state in ASSIGNED:
            reviewed.add(key)
    rows = []
    for key in sorted(table.standing | reviewed):
        row = _row(key, given.get(key, ()), top, scores=scores)
        row.standing = key in table.standing
        if row.standing:
            row.lacking = max(0, found.per_item - row.result.asked)
        rows.append(row)
    if scores:
        means = {row.key: row.result.mean for row in rows}
        rows.sort(key=lambda row: (means[row.key] is None, -(means[row.key] or 0), row.key))
        _rank(rows, means)
    return rows


def _row(key: int, given: Iterable[tuple[str, Decimal | None]], top: int, *, scores: bool) -> Row:
    asked_for = done = dropped = 0
    known = []
    for state, score in given:
        if state in ASSIGNED:
            asked_for += 1
        elif state in (S.DECLINED, S.CONFLICT):
            dropped += 1
        if state == S.SUBMITTED:
            done += 1
            if scores and score is not None:
                known.append(score)
    return Row(key, reports.Result(tuple(known), asked_for, top), done=done, dropped=dropped)


def fill(found: ReviewRound, rows: list[Row], reviews: Any = None) -> list[Row]:
    """These rows with what they are, and with those of `reviews` that are about them."""
    items = {item.pk: item for item in items_of(found.kind)([row.key for row in rows])}
    given: dict[int, list[Review]] = defaultdict(list)
    for review in reviews.select_related("member__person").order_by("pk") if reviews is not None else ():
        review.round = found
        given[review.object_id].append(review)
    for row in rows:
        row.item, row.reviews = items.get(row.key), given[row.key]
    return [row for row in rows if row.item is not None]


@cache
def items_of(kind: str) -> PreparedRows[Any]:
    """Items of a kind by their keys, with what says whose they are: for whoever may meet them."""
    described, widths = type_of(kind), (*SIZES, 500)
    return PreparedRows(lambda keys: described.listed().filter(pk__in=keys).order_by(), widths=widths)


@cache
def _one_item(kind: str) -> Prepared[Any]:
    described = type_of(kind)
    return Prepared(lambda key: described.rows().filter(pk=key))


def item_with(kind: str, key: int) -> Any:
    """The item with this key, for whoever may meet it."""
    (item,) = _one_item(kind)(key)
    return item


def _rank(rows: list[Row], means: dict[int, Decimal | None]) -> None:
    """Equal means share a rank, as in a competition: 1, 2, 2, 4."""
    before: Row | None = None
    for place, row in enumerate(rows, 1):
        if means[row.key] is None:
            return
        shared = before is not None and means[before.key] == means[row.key]
        row.rank = before.rank if shared and before is not None else place
        before = row


_GIVEN = Prepared(
    lambda key, item: (
        Review.objects.filter(round_id=key, object_id=item).select_related("member__person").order_by("pk")
    ),
    shared=True,
)


def given_for(found: ReviewRound, item: Any) -> list[Review]:
    """Every review of one item, the oldest first."""
    given = _GIVEN(found.pk, item.pk)
    for review in given:
        review.round = review.member.round = found
    return given


_MEMBERS = Prepared(
    lambda key: (
        ReviewMember.objects.filter(round_id=key)
        .select_related("person")
        .only(
            "uid",
            "round",
            "cap",
            "active",
            "asked",
            "done",
            "declined",
            *(f"person__{name}" for name in Person.SHOWN),
        )
        .order_by("person__sort_key", "pk")
    ),
    shared=True,
)


def members_of(found: ReviewRound) -> list[ReviewMember]:
    """By their names."""
    members = _MEMBERS(found.pk)
    for member in members:
        member.round = found
    return members


def leading(found: ReviewRound) -> list[Person]:
    """Those who lead it and do not review in it as well, by their names."""
    return list(_leading(found.reviewed.roles, Key(found.pk), *keys_of(above(found.organization))))


@asked
def _leading(roles: tuple[str, ...], found: Key, *nodes: Key) -> Any:
    reviewing = ReviewMember.objects.filter(round_id=found, active=True).values("person_id")
    people = people_in(nodes, *roles).exclude(pk__in=reviewing)
    return people.only("uid", "sort_key", *Person.SHOWN).order_by("sort_key", "pk")


@dataclass(frozen=True)
class Load:
    member: ReviewMember
    asked: int
    done: int
    declined: int


def loads(
    found: ReviewRound, user: Any, keys: set[int] | None = None, known: Read | None = None
) -> list[Load]:
    """Each member with how much they have and have done, of what the reader may meet (`keys` of what was
    `read`, where they are known already)."""
    table = known or read(found, user)
    if keys is None:
        keys = {row.key for row in ranked(found, user, scores=False, known=table)}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for key, member_id, state, _score in table.given:
        if key in keys:
            counts[member_id][state] += 1
    rows = []
    for member in members_of(found):
        mine = counts[member.pk]
        asked, declined = (sum(mine[s] for s in some) for some in (ASSIGNED, (S.DECLINED, S.CONFLICT)))
        rows.append(Load(member, asked, mine[S.SUBMITTED], declined))
    return rows
