"""What tables say of the items and members of a round, kept as reviews are written.

A table of thousands is read by the index of a mean that stands there, and its counts from one row for each
item (models.Tally), each member and the round. Nothing about who may read what is kept: that is asked anew
each time.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Count, Q, Sum

from partnerships.reviews import reports
from partnerships.reviews.enums import ASSIGNED
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.models import Review, ReviewMember, ReviewRound, Tally

_AT_ONCE = 1000
SAID_NO = (S.DECLINED, S.CONFLICT)
KEPT = ("asked", "done", "dropped", "mean", "spread", "differ", "scores")
KEPT_OF_ROUND = ("items_asked", "items_marked", "items_differ", "asked", "done")


def tally(found: ReviewRound, items: Collection[int], members: Collection[int]) -> None:
    """Work out anew what is kept of these items and these members of a round, under its lock."""
    keys = sorted(items)
    for start in range(0, len(keys), _AT_ONCE):
        _tally_items(found, keys[start : start + _AT_ONCE])
    given: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Review.objects.filter(member_id__in=members).order_by().values_list("member_id", "state")
    for member, state, number in rows.annotate(n=Count("*")):
        given[member][state] = number
    for member in sorted(members):
        of_state = given[member]
        ReviewMember.objects.filter(pk=member).update(
            asked=sum(of_state[state] for state in ASSIGNED),
            done=of_state[S.SUBMITTED],
            declined=sum(of_state[state] for state in SAID_NO),
        )
    kept = of_round(found)
    ReviewRound.objects.filter(pk=found.pk).update(**kept)
    for name, number in kept.items():
        setattr(found, name, number)


def of_round(found: ReviewRound) -> dict[str, int]:
    """What is kept of the round, by what is kept of its items."""
    numbers = Tally.objects.filter(round=found, asked__gt=0).aggregate(
        items_asked=Count("*"),
        items_marked=Count("mean"),
        items_differ=Count("pk", filter=Q(differ=True)),
        asked=Sum("asked", default=0),
        done=Sum("done", default=0),
    )
    return dict(numbers)


def _tally_items(found: ReviewRound, keys: Collection[int]) -> None:
    Tally.objects.bulk_create(
        summed(found, keys), update_conflicts=True, unique_fields=["round", "object_id"], update_fields=KEPT
    )


def summed(found: ReviewRound, keys: Collection[int]) -> list[Tally]:
    """What the reviews of these items say now, not saved."""
    given: dict[int, list[tuple[str, Decimal | None]]] = {key: [] for key in keys}
    rows = Review.objects.filter(round=found, object_id__in=keys).order_by("pk")
    for key, state, score in rows.values_list("object_id", "state", "score"):
        given[key].append((state, score))
    top = found.scale.top
    return [_summed(found, key, reviews, top) for key, reviews in given.items()]


def _summed(found: ReviewRound, key: int, reviews: list[tuple[str, Decimal | None]], top: int) -> Tally:
    states = Counter(state for state, _score in reviews)
    scores = tuple(score for state, score in reviews if state == S.SUBMITTED and score is not None)
    result = reports.Result(scores, sum(states[state] for state in ASSIGNED), top)
    return Tally(
        round=found,
        object_id=key,
        asked=result.asked,
        done=states[S.SUBMITTED],
        dropped=sum(states[state] for state in SAID_NO),
        mean=result.mean,
        spread=result.spread,
        differ=result.differ,
        scores=" ".join(map(str, scores)),
    )
