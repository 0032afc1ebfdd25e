"""What a reviewer does: a draft that is never lost, handing in, saying no."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common import versions
from partnerships.common.refusals import IllegalTransition, Refused, StaleState
from partnerships.common.text import at_most
from partnerships.reviews import conditions, rules
from partnerships.reviews.actions.locks import lock_review, must_meet
from partnerships.reviews.actions.moving import moved
from partnerships.reviews.enums import TO_MARK
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.models import Review
from partnerships.workflow.actors import as_actor

__all__ = ["amend", "decline", "invite", "reopen", "save_draft", "submit"]
COMMENT = 4000


@transaction.atomic
def save_draft(
    review: Review, *, actor: Any, marks: dict[str, Any], comment: str, version: int | None = None
) -> Review:
    """Keep what is marked so far; the first letters begin it.

    With `version` the one that the form was read at: StaleState when it was changed elsewhere meanwhile.
    Raises IllegalTransition once it is handed in, Blocked when marking is over, ValidationError for a mark
    that the scale does not have.
    """
    locked = lock_review(review)
    return _keep(locked, actor, marks, comment, version)


def _keep(locked: Review, actor: Any, marks: dict[str, Any], comment: str, version: int | None) -> Review:
    if not rules.reviews(as_actor(actor).principal, locked):
        raise Refused(_("Only the reviewer writes here."))
    if locked.state not in TO_MARK:
        raise IllegalTransition(_("This has been handed in, or is no longer asked of you."), locked)
    if version is not None and locked.version != version:
        raise StaleState(_("This was changed in another window."), locked)
    clean, comment = locked.round.scale.check(marks, whole=False), at_most("comment", comment, COMMENT)
    if locked.state == S.INVITED:
        moved(locked, "begin", actor=actor, marks=clean, comment=comment)
        return locked
    if refusal := conditions.marking_open(locked, actor):
        from partnerships.common.refusals import Blocked

        raise Blocked(refusal, locked)
    versions.must_be(locked)
    Review.objects.filter(pk=locked.pk).update(
        marks=clean, comment=comment, updated=timezone.now(), version=F("version") + 1
    )
    locked.marks, locked.comment, locked.version = clean, comment, locked.version + 1
    return locked


@transaction.atomic
def submit(
    review: Review,
    *,
    actor: Any,
    marks: dict[str, Any] | None = None,
    comment: str = "",
    version: int | None = None,
) -> Review:
    """Hand in, with the marks given or those of the draft. The score is the weighted mean of the marks.

    Raises ValidationError by criterion for what is missing, Blocked when marking is over, when there is a
    conflict of interest by now, or when the thing is no longer up for review.
    """
    locked = lock_review(review)
    if marks is not None:
        whole = locked.round.scale.check(marks, whole=True)
        if locked.state in TO_MARK and locked.marks == whole and locked.comment == comment:
            version = None  # the draft was saved as it stands while the button was on its way
        _keep(locked, actor, whole, comment, version)
    score = locked.round.scale.score(locked.marks) if not conditions.marks_whole(locked, actor) else None
    return moved(locked, "submit", actor=actor, score=score, submitted_at=timezone.now())


@transaction.atomic
def decline(review: Review, *, actor: Any, note: str) -> Review:
    """Say no, with the reason; the chair is told."""
    return moved(lock_review(review), "decline", actor=actor, note=note)


@transaction.atomic
def amend(review: Review, *, actor: Any) -> Review:
    """The reviewer opens again what they handed in; until it is handed in again it does not count."""
    return moved(lock_review(review), "amend", actor=actor)


@transaction.atomic
def reopen(review: Review, *, actor: Any, note: str) -> Review:
    """The chair asks the reviewer to look again, with the reason."""
    locked = lock_review(review)
    must_meet(locked.round, locked.object_id, actor)
    return moved(locked, "reopen", actor=actor, note=note)


@transaction.atomic
def invite(review: Review, *, actor: Any) -> Review:
    """Ask again whoever declined, or whose assignment was taken back."""
    from partnerships.reviews.actions.rounds import tell_members
    from partnerships.reviews.enums import Phase

    locked = lock_review(review)
    must_meet(locked.round, locked.object_id, actor)
    moved(locked, "invite", actor=actor)
    if locked.round.state != Phase.PREPARING:
        tell_members(locked.round, Review.objects.filter(pk=locked.pk), actor=actor)
    return locked
