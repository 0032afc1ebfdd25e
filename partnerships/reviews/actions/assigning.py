"""Who reviews what: by hand, and automatically."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, IllegalTransition, Refusal
from partnerships.reviews import conflicts, tallies
from partnerships.reviews.actions.locks import lock_review, lock_round, must_lead, must_meet
from partnerships.reviews.actions.moving import moved
from partnerships.reviews.actions.rounds import tell_members
from partnerships.reviews.conditions import conflict_refusal
from partnerships.reviews.enums import ASSIGNED, DROPPED, Phase
from partnerships.reviews.enums import ReviewState as S
from partnerships.reviews.matching import Plan, match
from partnerships.reviews.models import Review, ReviewMember, ReviewRound
from partnerships.workflow.models import record_many


def _may_assign(found: ReviewRound) -> None:
    if found.state == Phase.CLOSED:
        raise IllegalTransition(_("This round is closed."), found)


def _told_now(found: ReviewRound) -> bool:
    return found.state != Phase.PREPARING


@transaction.atomic
def assign(found: ReviewRound, item: Any, members: Sequence[ReviewMember], *, actor: Any) -> list[Review]:
    """Ask these members for this item; whoever was asked before and said no is asked again.

    Raises Blocked with its reason for a conflict of interest, an item that is no longer up for review, and a
    reviewer who would have more than their limit. A double click assigns once.
    """
    locked = lock_round(found)
    must_lead(locked, actor)
    _may_assign(locked)
    must_meet(locked, item.pk, actor)
    kind = locked.reviewed
    if not kind.of(locked.container_id).filter(pk=item.pk).exists():
        raise Blocked(
            Refusal(_("This is no longer up for review: it was withdrawn or decided."), "not_standing")
        )
    members = [member for member in members if member.round_id == locked.pk and member.active]
    rows = kind.model_class._base_manager.filter(pk=item.pk)
    ties = conflicts.table(kind, rows, [member.person_id for member in members])
    known = {r.member_id: r for r in Review.objects.filter(round=locked, object_id=item.pk).with_rows()}
    made = []
    for member in sorted(members, key=lambda member: member.pk):
        old = known.get(member.pk)
        if old is not None and old.state in ASSIGNED:
            continue
        if tie := ties.get((item.pk, member.person_id)):
            raise Blocked(conflict_refusal(tie))
        member.round = locked
        if full := full_refusal(member, _load(member)):
            raise Blocked(full)
        if old is not None:
            made.append(moved(old, "invite", actor=actor, by_hand=True))
        else:
            made.append(Review.objects.create(round=locked, member=member, object_id=item.pk, by_hand=True))
            record_many([made[-1]], "invite", actor=actor, from_states={made[-1].pk: ""}, to_state=S.INVITED)
            tallies.tally(locked, [item.pk], [member.pk])
    if made and _told_now(locked):
        tell_members(locked, Review.objects.filter(pk__in=[review.pk for review in made]), actor=actor)
    return made


def full_refusal(member: ReviewMember, load: int) -> Refusal | None:
    """Why a reviewer who is asked for so many takes no more."""
    if member.most is None or load < member.most:
        return None
    words = _("%(name)s already has %(most)s, the most for this reviewer.")
    return Refusal(words % {"name": member.person.name, "most": member.most}, "full")


def _load(member: ReviewMember) -> int:
    return Review.objects.assigned().filter(member=member).count()


def plan_of(found: ReviewRound) -> Plan:
    """What pressing "assign automatically" would do now, and who would still lack a reviewer, and why."""
    kind = found.reviewed
    members = list(found.members.filter(active=True).order_by("pk"))
    for member in members:
        member.round = found
    items = kind.of(found.container_id)
    by_person = {member.person_id: member.pk for member in members}
    ties = conflicts.table(kind, items, by_person)
    rows = list(Review.objects.filter(round=found).values_list("object_id", "member_id", "state"))
    keys = list(items.order_by("pk").values_list("pk", flat=True))
    return match(
        keys,
        {member.pk: member.most for member in members},
        wanted=found.per_item,
        held=[(item, member) for item, member, state in rows if state in ASSIGNED],
        blocked=[(item, by_person[person]) for item, person in ties],
        declined=[(item, member) for item, member, state in rows if state in DROPPED],
    )


@transaction.atomic
def assign_automatically(found: ReviewRound, *, actor: Any) -> Plan:
    """Give every item its reviewers as `plan_of` says, worked out afresh under the lock of the round.

    Balanced, within the limits, never in conflict, and the same for the same state: pressed twice, the second
    finds nothing left to do. Answers with what was done; `short` says who lacks a reviewer, and why.
    """
    locked = lock_round(found)
    must_lead(locked, actor)
    _may_assign(locked)
    plan = plan_of(locked)
    made = Review.objects.bulk_create(
        Review(round=locked, member_id=member, object_id=item) for item, member in plan.pairs
    )
    record_many(
        made, "invite", actor=actor, from_states={review.pk: "" for review in made}, to_state=S.INVITED
    )
    tallies.tally(locked, {review.object_id for review in made}, {review.member_id for review in made})
    if made and _told_now(locked):
        tell_members(locked, Review.objects.filter(pk__in=[review.pk for review in made]), actor=actor)
    return plan


@transaction.atomic
def take_back(review: Review, *, actor: Any, note: str = "") -> Review:
    """Take an assignment back that has not been handed in."""
    locked = lock_review(review)
    must_meet(locked.round, locked.object_id, actor)
    return moved(locked, "take_back", actor=actor, note=note)
