"""Locks, always the round before its reviews, and who may."""

from typing import Any

from django.utils.translation import gettext as _

from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.reviews import conflicts, rules
from partnerships.reviews.models import Review, ReviewRound
from partnerships.workflow.actors import as_actor


def lock_round(found: ReviewRound) -> ReviewRound:
    """The round afresh, locked: assignments, phases and marks of one round wait for each other."""
    rows = ReviewRound.objects.select_for_update(of=("self",)).select_related(
        "organization", "rubric__rubric"
    )
    return rows.get(pk=found.pk)


def lock_review(review: Review) -> Review:
    lock_round(review.round)
    return Review.objects.select_for_update(of=("self",)).with_rows().get(pk=review.pk)


def must_lead(found: ReviewRound, actor: Any) -> None:
    if not rules.leads(as_actor(actor).principal, found):
        raise Refused(_("Only who leads this round does that."))


def must_meet(found: ReviewRound, object_id: int, actor: Any) -> None:
    """A chair with a conflict does nothing about that item."""
    who = access_of(as_actor(actor).principal)
    kind = found.reviewed
    rows = kind.model_class._base_manager.filter(pk=object_id)
    if who.person_id is None or rows.filter(conflicts.hidden(kind, who)).exists():
        raise Refused(_("You stand in a conflict of interest here; a colleague does this."))
