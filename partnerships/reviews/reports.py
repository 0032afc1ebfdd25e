"""Reads: what came of a round, for whoever may see it, and never of what they stand in conflict with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from statistics import fmean, median, pstdev
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat

from partnerships.common.among import Among
from partnerships.common.prepared import in_widths
from partnerships.common.query_words import Key
from partnerships.common.sharing import sharing
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.reviews import conflicts, rules
from partnerships.reviews.enums import ASSIGNED, Blind, Phase
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import Review, ReviewRound, Tally
from partnerships.reviews.models.tallies import marks_of
from partnerships.workflow.models import Change

# Marks that lie further apart than this part of the scale are shown as a disagreement.
APART = Decimal("0.4")
CENT = Decimal("0.01")
_REASONED = (S.DECLINED, S.CONFLICT, S.REOPENED)


@dataclass(frozen=True)
class Result:
    """What was handed in for one item: scores out of `top`, how many were asked."""

    scores: tuple[Decimal, ...] = ()
    asked: int = 0
    top: int = 5

    @property
    def given(self) -> int:
        return len(self.scores)

    @property
    def mean(self) -> Decimal | None:
        return _mean(self.scores) if self.scores else None

    @property
    def median(self) -> Decimal | None:
        return _two(median(self.scores)) if self.scores else None

    @property
    def spread(self) -> Decimal | None:
        """Standard deviation of the scores; none for fewer than two."""
        return _spread(self.scores) if len(self.scores) > 1 else None

    @property
    def lowest(self) -> Decimal:
        return min(self.scores)

    @property
    def highest(self) -> Decimal:
        return max(self.scores)

    @property
    def differ(self) -> bool:
        """Whether the reviewers disagree."""
        return len(self.scores) > 1 and self.highest - self.lowest >= APART * self.top

    @property
    def waiting(self) -> int:
        return self.asked - self.given


@lru_cache(4096)
def _mean(scores: tuple[Decimal, ...]) -> Decimal:
    """Of a few marks on a short scale, which a long table has again and again."""
    return _two(fmean(scores))


@lru_cache(4096)
def _spread(scores: tuple[Decimal, ...]) -> Decimal:
    """Of the same. In exact fractions, which takes longer than to draw the row."""
    return _two(pstdev(scores))


def _two(number: float | Decimal) -> Decimal:
    return Decimal(str(number)).quantize(CENT, ROUND_HALF_UP)


def is_member(user: Any, found: ReviewRound) -> bool:
    person_id = access_of(user).person_id
    if person_id is None or not rules.in_house(user, found):
        return False
    if getattr(found, "reader", None) == person_id:  # as visible_to read it for the same person
        return bool(found.reviewed_by_reader)  # type: ignore[attr-defined]
    return found.members.filter(person_id=person_id, active=True).exists()


def sees_results(user: Any, found: ReviewRound) -> bool:
    """The chair, unless a member while marking goes on; members once the phase shows it to them."""
    if rules.leads(user, found):
        return found.state != Phase.MARKING or not is_member(user, found)
    return found.switches.others and is_member(user, found)


def names_reviewers(user: Any, found: ReviewRound) -> bool:
    """Whether this reader learns who gave which mark."""
    return rules.leads(user, found) or found.blind == Blind.OPEN


def names_items(user: Any, found: ReviewRound) -> bool:
    """Whether this reader learns whose work it is: where that is hidden, a chair who marks nothing."""
    if not found.hides_items:
        return True
    return rules.leads(user, found) and (found.state == Phase.CLOSED or not is_member(user, found))


def title_of(user: Any, found: ReviewRound, item: Any) -> str:
    """An item as this reader may know it: by name, or by its code where whose it is stays hidden."""
    kind = found.reviewed
    return str(kind.name(item) if names_items(user, found) else kind.code(item))


def reasons(given: Iterable[Review]) -> dict[int, str]:
    """Review -> why it was declined, ended by a conflict or opened again, of those that are: what the letters
    tell the chair, and of one's own the reviewer."""
    keys = [review.pk for review in given if review.state in _REASONED]
    if not keys:
        return {}
    kind = ContentType.objects.get_for_model(Review)
    found = Change.objects.filter(content_type=kind, object_id__in=keys, to_state__in=_REASONED)
    return {change.object_id: change.note for change in found.order_by("at", "pk")}


def met(found: ReviewRound, user: Any) -> Any:
    """The items of this round that this reader may meet: those up for review, and those reviewed."""
    return _met(user, found.kind, found.pk, found.container_id)


def met_one(found: ReviewRound, user: Any, uid: UUID) -> Any | None:
    """That with this uid, with its organisations."""
    return next(iter(_met_one(user, found.kind, Key(found.pk), Key(found.container_id), uid)), None)


@asked
def _met_one(user: Any, kind: str, found: Key, container: Key, uid: UUID) -> Any:
    rows = _met(user, kind, found, container).filter(uid=uid)
    return rows.select_related(*type_of(kind).related, *type_of(kind).organizations)


def _met(user: Any, kind: str, found: int, container: int) -> Any:
    """Of what is hidden the container's alone is looked for: of all there may be very many."""
    described = type_of(kind)
    # Asked of each row, so that for one item nothing else is looked at; for many they are found once.
    reviewed = Review.objects.filter(round=found, state__in=ASSIGNED, object_id=OuterRef("pk")).order_by()
    standing = described.of(container).order_by().filter(pk=OuterRef("pk"))
    hidden = conflicts.hidden_in(described, access_of(user), container)
    rows = described.rows().filter(Exists(standing) | Exists(reviewed))
    return rows.exclude(pk__in=described.model_class._base_manager.filter(pk__in=hidden).values("pk"))


# For the pages of a direction --------------------------------------------------------------------------


def readable_round(kind: str, container_id: int, user: Any) -> ReviewRound | None:
    """The newest round of this container, begun, whose results this reader may see, if there is one."""
    rows = newest(user, kind, Key(container_id))[:6]
    begun = (found for found in rows if found.state != Phase.PREPARING)
    return next((found for found in begun if sees_results(user, found)), None)


def results(found: ReviewRound, user: Any, keys: Iterable[int]) -> dict[int, Result]:
    """What came of these items of the round's container, in one query for each hundred; what the reader
    stands in conflict with is not among them."""
    here, top = (Key(found.pk), Key(found.container_id)), found.scale.top
    return {
        key: Result(marks_of(scores), asked_for, top)
        for some in in_widths(list(keys))
        for key, asked_for, scores in _given(user, found.kind, *here, *map(Key, some))
    }


@asked
def _given(user: Any, kind: str, found: Key, container: Key, *items: Key) -> Any:
    """What was asked for about these items, less those that the reader must not meet."""
    hidden = conflicts.hidden_in(type_of(kind), access_of(user), container)
    return _given_less(hidden, found).filter(object_id__in=items)


def _given_less(hidden: Any, found: Key) -> Any:
    rows = Tally.objects.filter(round_id=found, asked__gt=0).exclude(object_id__in=hidden)
    return rows.order_by().values_list("object_id", "asked", "scores")


def told_of(user: Any, found: ReviewRound) -> tuple[str, Any]:
    """The same as a value within another query, of the item named.pk there, for `result_of`."""
    part = _all_given(user, found.kind, Key(found.pk), Key(found.container_id)).every_row
    if part is None:
        return "NULL", ()
    value = "CAST(given.asked AS text) || ';' || given.scores"
    # Of our own making: the query of a question.
    return f"(SELECT {value} FROM ({part[0]}) AS given WHERE given.object_id = named.pk)", part[1]  # noqa: S608


def result_of(text: str, top: int) -> Result:
    """What was told, out of `top` of the scale: that of the round, asked once for all its items."""
    asked_for, scores = text.split(";")
    return Result(marks_of(scores), int(asked_for), top)


@asked
def _all_given(user: Any, kind: str, found: Key, container: Key) -> Any:
    return _given_less(conflicts.hidden_in(type_of(kind), access_of(user), container), found)


def mean_score(found: ReviewRound, user: Any) -> Subquery:
    """An annotation of the kind's items: the mean of what was handed in; nothing where the reader must not
    look, so that an order by it tells nothing either."""
    return mean_of(found.kind, found.pk, found.container_id, user)


def mean_of(kind: str, found: int, container: int, user: Any) -> Subquery:
    """The same by the keys of the round and of what it was opened for."""
    hidden = conflicts.hidden_in(type_of(kind), access_of(user), container)
    rows = Tally.objects.filter(round_id=found, object_id=OuterRef("pk"))
    return Subquery(rows.exclude(object_id__in=hidden).order_by().values("mean")[:1])


def with_mean(kind: str, found: int, container: int, user: Any) -> Any:
    """What is kept of the items that have a mean, of those that this reader may meet: by the best mean first
    it is read from an index, as far as a page goes."""
    hidden = conflicts.hidden_in(type_of(kind), access_of(user), container)
    return Tally.objects.filter(round_id=found, mean__isnull=False).exclude(object_id__in=hidden)


# Counts ------------------------------------------------------------------------------------------------


def queue(review_round: ReviewRound, user: Any) -> list[Any]:
    """The uids that this reviewer has to mark in this round, in a fixed order."""
    rows = Review.objects.own(user).filter(round=review_round).to_mark()
    return list(rows.order_by("object_id").values_list("uid", flat=True))


@dataclass(frozen=True)
class Progress:
    """How far a round is: reviews asked for, and handed in."""

    asked: int
    done: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.asked) if self.asked else 0


def newest_so_far(user: Any, kind: str, container_id: int) -> tuple[ReviewRound, Progress] | None:
    """The newest round of a container that this reader sees, and how far it is, of what they may meet."""
    found = next(iter(_newest_less_hidden(user, kind, Key(container_id))[:1]), None)
    if found is None:
        return None
    asked_for, done = map(int, (found.hidden or "0;0").split(";"))
    return found, Progress(found.asked - asked_for, found.done - done)


@asked
def _newest_less_hidden(user: Any, kind: str, container: Key) -> Any:
    """With what was asked for and handed in of what the reader must not meet there: "3;2", or None."""
    keys = conflicts.hidden_in(type_of(kind), access_of(user), container)
    here = Q(Among("object_id", keys)) if keys else Q(pk__in=[])
    rows = Tally.objects.filter(here, round_id=OuterRef("pk")).order_by().values("round_id")
    numbers = (Cast(Sum(name), CharField()) for name in ("asked", "done"))
    told = rows.annotate(told=Concat(next(numbers), Value(";"), next(numbers))).values("told")
    return ReviewRound.objects.visible_to(user).of(kind, container).annotate(hidden=Subquery(told))


@asked
def newest(user: Any, kind: str, container: Key) -> Any:
    """The rounds of a container that this reader sees, the newest first."""
    return sharing(ReviewRound.objects.visible_to(user).of(kind, container))


def progresses(rounds: Iterable[ReviewRound], user: Any) -> dict[int, Progress]:
    """How far each of these rounds is, by their keys, of what the reader may meet: what is kept of each, and
    by one query for each kind what of it is hidden from this reader, which is little."""
    given = {}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for found in rounds:
        by_kind[found.kind].append(found.pk)
        given[found.pk] = Progress(found.asked, found.done)
    for kind, keys in by_kind.items():
        for some in in_widths(keys):
            for key, asked_for, done in _apart(user, kind, *map(Key, some)):
                given[key] = Progress(given[key].asked - asked_for, given[key].done - done)
    return given


@asked
def _apart(user: Any, kind: str, *rounds: Key) -> Any:
    """(round, asked for, handed in) of what the reader must not meet."""
    hidden = conflicts.hidden_keys(type_of(kind), access_of(user))
    here = Q(Among("object_id", hidden)) if hidden else Q(pk__in=[])
    rows = Tally.objects.filter(here, round__in=rounds).order_by().values("round_id")
    return rows.annotate(n=Sum("asked"), handed_in=Sum("done")).values_list("round_id", "n", "handed_in")
