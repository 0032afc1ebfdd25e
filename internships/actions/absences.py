"""Days on which the student was not there: reported by either side, excused or not, made up."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.conducting import lock_placement
from internships.enums import RUNNING_STATES, DiaryState, PlacementState
from internships.models import Absence, Placement
from internships.placement_conditions import outside
from internships.workflow import ABSENCE
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def report_absence(
    placement: Placement, day: date, *, actor: Any, reason: str, note: str = "", minutes: int | None = None
) -> Absence:
    """Say that the student is not there on a day, also before it comes.

    The student, the mentor (also behind the link) or human resources. Raises Blocked outside the practice and
    for a day that stands in the diary, ValidationError for a day that is reported already.
    """
    placement = lock_placement(placement)
    by = as_actor(actor)
    may = rules.is_placed | rules.confirms_diary
    if not (by.reaches(placement) and may(by.principal, placement)):
        raise Refused(_("Your role does not include this here."))
    if refusal := absence_refusal(placement, day):
        raise Blocked(refusal, placement)
    absence = Absence(
        placement=placement,
        date=day,
        minutes=minutes or min(max(placement.weekly_minutes // 5, 15), 720),
        reason=reason,
        note=note,
    )
    absence.full_clean()
    absence.save()
    record(absence, "report", actor=actor, to_state=absence.state, note=note)
    _tell(absence, "absence_report", actor=actor, note=note)
    return absence


def absence_refusal(placement: Placement, day: date) -> Refusal | None:
    if placement.state not in RUNNING_STATES | {PlacementState.FINISHED}:
        return Refusal(_("The practice is not under way."), code="not_active")
    if refusal := outside(placement, day):
        return refusal
    entry = placement.diary.filter(date=day, state__in=[DiaryState.SUBMITTED, DiaryState.CONFIRMED]).first()
    if entry is not None:
        return Refusal(_("This day is handed in as a day of work."), code="worked")
    return None


def _move(absence: Absence, verb: str, *, actor: Any, note: str = "", **values: Any) -> Absence:
    absence = Absence.objects.select_related("placement__host").get(pk=absence.pk)
    ABSENCE.apply(absence, verb, actor=actor, note=note, **values)
    _tell(absence, f"absence_{verb}", actor=actor, note=note)
    return absence


@transaction.atomic
def excuse_absence(absence: Absence, *, actor: Any, note: str = "") -> Absence:
    """There was a good reason; the hours are still to be made up where the plan needs them."""
    return _move(absence, "excuse", actor=actor, note=note)


@transaction.atomic
def not_excuse_absence(absence: Absence, *, actor: Any, note: str) -> Absence:
    """The reason does not hold, and why not."""
    return _move(absence, "not_excuse", actor=actor, note=note)


@transaction.atomic
def make_up_absence(absence: Absence, *, actor: Any, made_up_on: date | None, note: str = "") -> Absence:
    """The hours were made up on another day."""
    if made_up_on is not None:
        placement = absence.placement
        if made_up_on == absence.date or made_up_on > today():
            raise ValidationError({"made_up_on": _("Give another day, one that has come.")})
        if refusal := outside(placement, made_up_on):
            raise ValidationError({"made_up_on": str(refusal.reason)})
    return _move(absence, "make_up", actor=actor, note=note, made_up_on=made_up_on)


@transaction.atomic
def reopen_absence(absence: Absence, *, actor: Any, note: str) -> Absence:
    """It was not made up after all."""
    return _move(absence, "reopen", actor=actor, note=note, made_up_on=None)


def _tell(absence: Absence, verb: str, *, actor: Any, note: str) -> None:
    """A line of the placement's history."""
    placement = absence.placement
    data = {"day": absence.date.isoformat(), "reason": absence.reason}
    record(placement, verb, actor=actor, to_state=placement.state, note=note, data=data)
