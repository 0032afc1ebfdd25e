"""The one way of a review from state to state."""

from typing import Any

from django.db import transaction

from partnerships.reviews import tallies
from partnerships.reviews.models import Review
from partnerships.reviews.workflow import REVIEW


@transaction.atomic
def moved(review: Review, verb: str, *, actor: Any, **given: Any) -> Review:
    """The review after this verb of REVIEW, counted at once in what tables say of its item and its member.

    The lock of its round is held by the caller. Raises as `Workflow.apply`.
    """
    after = REVIEW.apply(review, verb, actor=actor, **given)
    tallies.tally(after.round, [after.object_id], [after.member_id])
    return after
