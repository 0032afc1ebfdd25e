"""A page of the table of a round, and what stands above it: read from what is kept of each item (Tally) and
of the round itself.

In kept words, and as its reader may meet it: what they stand in conflict with is neither among the rows nor
in any number. Ranks and pages come from the database: a table of thousands costs little more than one of ten.
Taken away as a whole it is read by `whole_round`; a test holds both together.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Rank, Round

from partnerships.common.capped import CAP
from partnerships.common.counting import Counted
from partnerships.common.paging import SIZES
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Key
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.reviews import conflicts, orders, reports, whole_round
from partnerships.reviews.enums import ASSIGNED
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import Review, ReviewRound, Tally
from partnerships.reviews.models.tallies import marks_of
from partnerships.reviews.orders import Order
from partnerships.reviews.tallies import KEPT_OF_ROUND, SAID_NO
from partnerships.reviews.whole_round import Load, Row

# Of what lacks reviewers no more are counted: counting on costs and tells its chair nothing more.
LACKING = 100


@dataclass(frozen=True)
class Counts:
    """Of what the reader may meet.

    items    up for review, or asked of somebody; more  at least so many
    asked    of these, asked of somebody
    lacking  of these, with fewer reviewers than the round wants, as far as they were counted
    marked   with a mark; differ  marked differently
    apart    member -> (asked, done, said no) of what is hidden from the reader
    ranks    of each mean, in hundredths, its rank; empty where they were not wanted
    """

    items: int
    more: bool
    lacking: int
    marked: int
    differ: int
    progress: reports.Progress
    apart: dict[int, tuple[int, int, int]]
    asked: int = 0
    ranks: dict[int, int] = field(default_factory=dict)


_ROUND, _ITEMS, _MEMBER, _MEAN = 0, 1, 2, 3


def counts(
    found: ReviewRound, user: Any, *, upto: int = 0, lacking: int = LACKING + 1, ranks: bool = False
) -> Counts:
    """The numbers of one round, by one query.

    upto     how far the page goes: where more than this and more than the cap is asked of somebody, what is
             asked of nobody is not counted besides
    lacking  how many of those that lack reviewers are counted at the most
    ranks    whether the ranks of all means are wanted: for rows in another order than theirs
    """
    enough = max(CAP, upto)
    here = found.kind, found.per_item, lacking, ranks, Key(found.pk), Key(found.container_id)
    read = list(_counts(user, found.items_asked <= enough, *here))
    if found.items_asked > enough >= _asked_for(read):  # not without what is hidden, or no longer
        read = list(_counts(user, True, *here))
    known = _asked_for(read)
    short = unasked = marked = differ = in_all = done = 0
    apart, means = {}, {}
    for what, *said in read:
        if what == _ROUND:
            short, unasked = said[5:]
        if what == _MEMBER:
            apart[said[0]] = (said[1], said[2], said[3])
        elif what == _MEAN:
            means[said[0]] = said[1]
        else:
            sign = 1 if what == _ROUND else -1
            marked, differ = marked + sign * said[1], differ + sign * said[2]
            in_all, done = in_all + sign * said[3], done + sign * said[4]
    progress = reports.Progress(in_all, done)
    items, placed = known + (unasked or 0), _ranked(means)
    return Counts(items, unasked is None, short, marked, differ, progress, apart, known, placed)


def _ranked(means: dict[int, int]) -> dict[int, int]:
    """Of each mean its rank, by how many items have it: equal ones share a rank, as in `_placed`."""
    ranks, before = {}, 0
    for mean in sorted(means, reverse=True):
        ranks[mean] = before + 1
        before += means[mean]
    return ranks


def _asked_for(read: list[Any]) -> int:
    """How many items somebody is asked for, of those that the reader may meet."""
    signs = {_ROUND: 1, _ITEMS: -1}
    return sum(signs[row[0]] * row[1] for row in read if row[0] in signs)


@asked
def _counts(
    user: Any, whole: bool, kind: str, per_item: int, lacking: int, ranks: bool, found: Key, container: Key
) -> Any:
    """(what, seven numbers): what is kept of the round and how many lack reviewers, with `whole` also how
    many are asked of nobody; of the items that are hidden from this reader, which are few, what to take away;
    and of each member what is hidden. With `ranks` how many items have which mean."""
    reviewed, none = type_of(kind), Value(None, IntegerField())
    hidden = conflicts.hidden_in(reviewed, access_of(user), container)
    kept, of_item = Tally.objects.filter(round=found).order_by(), Q(object_id=OuterRef("pk"))
    standing = reviewed.of(container).exclude(pk__in=hidden).order_by()
    lack = standing.filter(~Exists(kept.filter(of_item, asked__gte=per_item)))
    unasked = standing.filter(~Exists(kept.filter(of_item, asked__gt=0)))
    of_round = (
        ReviewRound.objects.filter(pk=found)
        .order_by()
        .annotate(
            what=Value(_ROUND),
            lacking=Counted(lack.values("pk")[:lacking]) if lacking else Value(0),
            unasked=Counted(unasked.values("pk")) if whole else none,
        )
        .values_list("what", *KEPT_OF_ROUND, "lacking", "unasked")
    )
    apart = kept.filter(asked__gt=0, object_id__in=hidden).values("round_id")
    of_items = apart.annotate(
        what=Value(_ITEMS),
        known=Count("*"),
        marked=Count("mean"),
        apart=Count("pk", filter=Q(differ=True)),
        in_all=Sum("asked"),
        handed_in=Sum("done"),
    ).values_list("what", "known", "marked", "apart", "in_all", "handed_in", none, none)
    given = Review.objects.filter(round=found, object_id__in=hidden).order_by().values("member_id")
    of_members = given.annotate(
        what=Value(_MEMBER),
        of_these=Count("pk", filter=Q(state__in=sorted(ASSIGNED))),
        handed_in=Count("pk", filter=Q(state=S.SUBMITTED)),
        said_no=Count("pk", filter=Q(state__in=SAID_NO)),
    ).values_list("what", "member_id", "of_these", "handed_in", "said_no", none, none, none)
    if not ranks:
        return of_round.union(of_items, of_members, all=True)
    met = kept.filter(mean__isnull=False).exclude(object_id__in=hidden)
    of_means = (
        met.annotate(what=Value(_MEAN), cents=Cast(Round(F("mean") * 100), IntegerField()))
        .values("what", "cents")
        .annotate(known=Count("*"))
        .values_list("what", "cents", "known", none, none, none, none, none)
    )
    return of_round.union(of_items, of_members, of_means, all=True)


def rows(
    found: ReviewRound,
    user: Any,
    known: Counts,
    *,
    scores: bool,
    first: int,
    last: int,
    order: Order = Order.RANK,
) -> list[Row]:
    """The rows from one place of the table to another, the best mean first, then those without a mark; each
    with its item. Without `scores` nobody's marks are read, and they stand by their age.

    order  one of those that `orders.offered` has for this reader; `known` is then counted with `ranks`. What
           is asked of nobody stands last in it, by its name among the others while there are not very many
    """
    here, top = (found.kind, Key(found.pk), Key(found.container_id)), found.scale.top
    if order != Order.RANK:
        many = found.items_asked > CAP
        whole = last > known.asked or (order == Order.NAME and not many)
        read = (
            orders.by_name(user, whole, whole and many, *here)
            if order == Order.NAME
            else orders.by_marks(user, order, whole, *here)
        )[first:last]
        return _filled(found, [_ordered(kept, top, known, scores=scores) for kept in read])
    if scores and last <= known.marked:
        read = _placed(user, here, first, last)
    else:
        read = _every(user, scores, *here)[first:last]
    return _filled(found, [_row(kept, top, scores=scores) for kept in read])


def _filled(found: ReviewRound, made: list[Row]) -> list[Row]:
    """These rows with what they are."""
    items = {item.pk: item for item in _items(found.kind)([row.key for row in made])} if made else {}
    for row in made:
        row.item = items.get(row.key)
        row.standing = row.item is not None and row.item.stands
        row.lacking = max(0, found.per_item - row.result.asked) if row.standing else 0
    return [row for row in made if row.item is not None]


def _row(kept: Any, top: int, *, scores: bool) -> Row:
    key, in_all, done, dropped, given, mean, rank = kept
    marks = marks_of(given) if scores else ()
    result = reports.Result(marks, in_all, top)
    ranked = rank if scores and mean >= 0 else None
    return Row(key, result, rank=ranked, done=done, dropped=dropped)


def _ordered(kept: Any, top: int, known: Counts, *, scores: bool) -> Row:
    key, in_all, done, dropped, given = kept[:5]
    result = reports.Result(marks_of(given) if scores else (), in_all, top)
    rank = known.ranks.get(int(result.mean * 100)) if result.mean is not None else None
    return Row(key, result, rank=rank, done=done, dropped=dropped)


# A mean below all, of what has none.
_NO_MEAN = Value(Decimal(-1), DecimalField(max_digits=5, decimal_places=2))
_BEST_FIRST = ("-best", "object_id")
_COLUMNS = ("object_id", "asked", "done", "dropped", "scores", "best", "rank")


def _placed(user: Any, here: tuple[str, Key, Key], first: int, last: int) -> list[Any]:
    """_COLUMNS of what has a mark, the best first, from one place to another. The rank of the first is asked
    for, and the others follow from it: the database would go through all that share a mean to say theirs."""
    read = _marked(user, *here)[first:last]
    rank = 1 + _better(user, *here, Key(read[0][0])).count() if first and read else 1
    found, before = [], None
    for place, row in enumerate(read, first + 1):
        if before is not None and row[-1] != before:
            rank = place
        before = row[-1]
        found.append((*row, rank))
    return found


@asked
def _marked(user: Any, kind: str, found: Key, container: Key) -> Any:
    """Those rows without their ranks: read from the index of the means, no further than the page."""
    kept = reports.with_mean(kind, found, container, user)
    return kept.order_by("-mean", "object_id").values_list(*_COLUMNS[:-2], "mean")


@asked
def _better(user: Any, kind: str, found: Key, container: Key, item: Key) -> Any:
    """What has a better mean than this item."""
    mean = Tally.objects.filter(round=found, object_id=item).order_by().values("mean")
    return reports.with_mean(kind, found, container, user).filter(mean__gt=Subquery(mean[:1]))


@asked
def _every(user: Any, scores: bool, kind: str, found: Key, container: Key) -> Any:
    """All of the table: with scores as `_placed` and then what has none."""
    reviewed = type_of(kind)
    hidden = conflicts.hidden_in(reviewed, access_of(user), container)
    standing = reviewed.of(container).exclude(pk__in=hidden).order_by()
    of_round = Tally.objects.filter(round=found)
    kept = of_round.filter(Q(asked__gt=0) | Q(object_id__in=standing.values("pk"))).order_by()
    best = Coalesce("mean", _NO_MEAN) if scores else _NO_MEAN
    ranked = kept.exclude(object_id__in=hidden).annotate(
        best=best, rank=Window(Rank(), order_by=F("best").desc())
    )
    none, nothing = Value(0), Value("", TextField())
    unknown = standing.exclude(pk__in=of_round.order_by().values("object_id"))
    bare = unknown.values_list(F("pk"), none, none, none, nothing, _NO_MEAN, Value(0, IntegerField()))
    return ranked.values_list(*_COLUMNS).union(bare, all=True).order_by(*_BEST_FIRST)


@cache
def _items(kind: str) -> PreparedRows[Any]:
    """Items of a kind by their keys, with what says whose they are and whether they are up for review."""
    described = type_of(kind)

    def make(keys: Any) -> Any:
        stands = described.standing().order_by().filter(pk=OuterRef("pk"))
        return described.listed().filter(pk__in=keys).order_by().annotate(stands=Exists(stands))

    return PreparedRows(make, widths=SIZES)


def loads(found: ReviewRound, known: Counts) -> list[Load]:
    """Each member with how much they have and have done, less what is hidden from whom `known` was counted
    for."""
    made = []
    for member in whole_round.members_of(found):
        asked_for, done, declined = known.apart.get(member.pk, (0, 0, 0))
        made.append(Load(member, member.asked - asked_for, member.done - done, member.declined - declined))
    return made
