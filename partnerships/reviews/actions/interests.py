"""Conflicts of interest: declared, written down by a chair, overridden with a reason."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, Missing, Refusal, Refused
from partnerships.common.text import at_most
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.reviews import conflicts, rules
from partnerships.reviews.actions.locks import lock_review, lock_round, must_lead, must_meet
from partnerships.reviews.actions.moving import moved
from partnerships.reviews.enums import DROPPED, Tie
from partnerships.reviews.models import Conflict, ConflictOverride, Review, ReviewRound
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

REASON = 2000


def _write(kind: str, object_id: int, person_id: int, reason: str, user: Any) -> None:
    Conflict.objects.get_or_create(
        kind=kind,
        object_id=object_id,
        person_id=person_id,
        defaults={"reason": at_most("note", reason.strip(), REASON), "made_by": user},
    )


@transaction.atomic
def declare(review: Review, *, actor: Any, note: str) -> Review:
    """The reviewer declares a conflict of interest, or the chair does so for them: the review is over, a mark
    that was handed in counts no more, and the item is hidden from the reviewer."""
    locked = lock_review(review)
    by = as_actor(actor)
    if not rules.reviews(by.principal, locked):
        must_meet(locked.round, locked.object_id, actor)
    moved(locked, "declare", actor=actor, note=note)
    _write(locked.round.kind, locked.object_id, locked.member.person_id, note, by.user)
    return locked


@transaction.atomic
def note_conflict(found: ReviewRound, item: Any, person: Person, *, actor: Any, note: str) -> None:
    """Write down that somebody, a reviewer or a chair (oneself too), has a conflict with an item.

    Their review of it ends. Raises Blocked where nobody would be left to lead it.
    """
    if not note.strip():
        raise Missing("note")
    locked = lock_round(found)
    must_lead(locked, actor)
    must_meet(locked, item.pk, actor)
    if not _somebody_leads(locked, item, person):
        words = _("Then nobody could lead this one any more. Have a colleague be given the role first.")
        raise Blocked(Refusal(words, "nobody_left"))
    kept = Review.objects.filter(round=locked, object_id=item.pk, member__person=person)
    for review in kept.exclude(state__in=DROPPED).with_rows():
        moved(review, "declare", actor=actor, note=note)
    _write(locked.kind, item.pk, person.pk, note, as_actor(actor).user)
    record(locked, "note_conflict", actor=actor, note=note, data={"item": item.pk, "person": person.pk})


def _somebody_leads(found: ReviewRound, item: Any, person: Person) -> bool:
    """Whether a chair without a conflict is left once this person is out."""
    from partnerships.directory.reports import people_at

    chairs = set(people_at(found.organization, *found.reviewed.roles).values_list("pk", flat=True))
    if person.pk not in chairs:
        return True
    rows = found.reviewed.model_class._base_manager.filter(pk=item.pk)
    tied = {pair[1] for pair in conflicts.table(found.reviewed, rows, chairs)}
    return bool(chairs - tied - {person.pk})


@transaction.atomic
def override(found: ReviewRound, item: Any, person: Person, *, actor: Any, note: str) -> ConflictOverride:
    """Let somebody review although the portal sees a conflict; everybody who leads reads the reason.

    Nobody does that for themselves or for whom they stand in, and nobody's own work is ever theirs to review.
    """
    if not note.strip():
        raise Missing("note")
    locked = lock_round(found)
    must_lead(locked, actor)
    must_meet(locked, item.pk, actor)
    by = as_actor(actor)
    if person.pk in {by.person_id, *access_of(by.principal).holders}:
        raise Refused(_("Nobody decides on their own conflict of interest; a colleague does."))
    rows = locked.reviewed.model_class._base_manager.filter(pk=item.pk)
    tie = conflicts.table(locked.reviewed, rows, [person.pk]).get((item.pk, person.pk))
    if tie is None:
        raise Blocked(Refusal(_("There is no conflict of interest here."), "no_conflict"))
    if tie == Tie.OWN:
        raise Blocked(Refusal(_("Nobody reviews what is their own."), "own"))
    try:
        with transaction.atomic():
            made = ConflictOverride.objects.create(
                kind=locked.kind,
                object_id=item.pk,
                round=locked,
                person=person,
                tie=tie,
                reason=at_most("note", note.strip(), REASON),
                made_by=by.user,
            )
    except IntegrityError as error:  # a double click: the first stands
        raise Blocked(Refusal(_("This conflict is overridden already."), "overridden")) from error
    record(
        locked,
        "override",
        actor=actor,
        note=note,
        data={"item": item.pk, "person": person.pk, "tie": str(tie)},
    )
    return made


@transaction.atomic
def end_override(made: ConflictOverride, *, actor: Any, note: str) -> ConflictOverride:
    """The conflict counts again; a review that rests on it is over."""
    if not note.strip():
        raise Missing("note")
    locked = lock_round(made.round)
    must_lead(locked, actor)
    must_meet(locked, made.object_id, actor)
    ConflictOverride.objects.filter(pk=made.pk, ended_at=None).update(ended_at=timezone.now())
    made.refresh_from_db()
    kept = Review.objects.filter(round=locked, object_id=made.object_id, member__person_id=made.person_id)
    for review in kept.exclude(state__in=DROPPED).with_rows():
        moved(review, "declare", actor=actor, note=note)
    record(
        locked,
        "end_override",
        actor=actor,
        note=note,
        data={"item": made.object_id, "person": made.person_id, "tie": made.tie},
    )
    return made
