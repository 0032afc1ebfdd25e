"""What became of a student after the practice: talent pool with a dated consent, hired, or neither."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.conducting import lock_placement
from internships.criteria import mean_mark
from internships.enums import EvaluationKind, EvaluationState, OutcomeKind, PlacementState
from internships.models import Evaluation, Outcome, Placement
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.common.text import at_most
from partnerships.directory.models import Organization
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

# What the history of the placement calls each.
VERBS = {OutcomeKind.POOL: "ask_pool", OutcomeKind.HIRED: "hire", OutcomeKind.NONE: "no_employment"}
OVER = (PlacementState.FINISHED, PlacementState.ASSESSED)


@transaction.atomic
def set_outcome(
    placement: Placement,
    *,
    actor: Any,
    kind: str,
    decided_on: date,
    unit: Organization | None = None,
    position: str = "",
    staff_number: str = "",
    note: str = "",
) -> Outcome:
    """Say what became of the student. The pool is an invitation: it counts once the student agrees.

    Raises Refused for whoever does not run the placement, Blocked while the practice is not over or, for
    the pool, while the mentor's evaluation does not carry it; ValidationError for a hire without its place.
    """
    by = as_actor(actor)
    placement = lock_placement(placement)
    if not rules.runs_placement(by.principal, placement):
        raise Refused(_("Only human resources of the company say what became of a student."))
    if placement.state not in OVER:
        raise Blocked(Refusal(_("The practice is not over yet."), code="not_over"), placement)
    if decided_on > today():
        raise ValidationError({"decided_on": _("This date lies in the future.")})
    if kind == OutcomeKind.POOL and (why := _not_for_the_pool(placement)):
        raise Blocked(why, placement)
    if kind == OutcomeKind.HIRED and not position.strip():
        raise ValidationError({"position": _("Name the position.")})
    if unit is not None and not unit.path.startswith(placement.host.path):
        raise ValidationError({"unit": _("This unit belongs to another company.")})
    before = Outcome.objects.filter(placement=placement).first()
    outcome = before or Outcome(placement=placement)
    asked_anew = kind != OutcomeKind.POOL or before is None or before.kind != OutcomeKind.POOL
    outcome.kind, outcome.decided_on, outcome.decided_by = kind, decided_on, by.user
    hired = kind == OutcomeKind.HIRED
    outcome.unit = unit if hired else None
    outcome.position = at_most("position", position.strip(), 160) if hired else ""
    outcome.staff_number = at_most("staff_number", staff_number.strip(), 40) if hired else ""
    outcome.note = at_most("note", note.strip(), 2000)
    if asked_anew:
        outcome.consent_at = outcome.consent_until = outcome.paused_until = None
    outcome.version += 1
    outcome.save()
    if before is None or asked_anew:
        record(placement, VERBS[OutcomeKind(kind)], actor=actor, data={"position": outcome.position})
    return outcome


def _not_for_the_pool(placement: Placement) -> Refusal | None:
    """The pool is for those whom the mentor recommends, or whose marks reach settings.POOL_MEAN."""
    evaluation = Evaluation.objects.filter(
        placement=placement, kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED
    ).first()
    if evaluation is None:
        return Refusal(_("The mentor has not evaluated yet."), code="no_evaluation")
    mean = mean_mark(evaluation)
    if evaluation.recommended or (mean is not None and mean >= Decimal(settings.POOL_MEAN)):
        return None
    return Refusal(
        _("The talent pool takes whom the mentor recommends, or a mean mark of at least %(least)s.")
        % {"least": settings.POOL_MEAN},
        code="not_recommended",
    )


@transaction.atomic
def agree_to_pool(placement: Placement, *, actor: Any, until: date) -> Outcome:
    """The student agrees to be kept in the talent pool until a day, at most POOL_CONSENT_DAYS from today.

    Agreeing anew ends a pause: who is back before its day can be called again.
    """
    placement, outcome = _own_pool(placement, actor)
    latest = today() + timedelta(days=settings.POOL_CONSENT_DAYS)
    if not today() < until <= latest:
        raise ValidationError(
            {"until": _("Choose a day between tomorrow and %(latest)s.") % {"latest": f"{latest:%d.%m.%Y}"}}
        )
    outcome.consent_at, outcome.consent_until = timezone.now(), until
    outcome.paused_until = None
    outcome.version += 1
    outcome.save()
    record(placement, "agree_to_pool", actor=actor, data={"until": until.isoformat()})
    return outcome


@transaction.atomic
def leave_pool(placement: Placement, *, actor: Any) -> Outcome:
    """The student does not agree, or no longer: the company keeps no interest in them from now on."""
    placement, outcome = _own_pool(placement, actor)
    outcome.kind, outcome.note = OutcomeKind.NONE, ""
    outcome.consent_at = outcome.consent_until = outcome.paused_until = None
    outcome.version += 1
    outcome.save()
    record(placement, "leave_pool", actor=actor)
    return outcome


@transaction.atomic
def pause_pool(placement: Placement, *, actor: Any, until: date) -> Outcome:
    """The student serves in the army until a day: the consent is kept that much longer and nobody calls."""
    placement, outcome = _own_pool(placement, actor)
    if outcome.consent_until is None or not outcome.is_agreed:
        raise Blocked(Refusal(_("Agree to the talent pool first."), code="no_consent"), placement)
    latest = today() + timedelta(days=settings.POOL_CONSENT_DAYS)
    if not today() < until <= latest:
        raise ValidationError(
            {"until": _("Choose a day between tomorrow and %(latest)s.") % {"latest": f"{latest:%d.%m.%Y}"}}
        )
    outcome.paused_until = until
    outcome.consent_until = max(outcome.consent_until, until + timedelta(days=180))
    outcome.version += 1
    outcome.save()
    record(placement, "pause_pool", actor=actor, data={"until": until.isoformat()})
    return outcome


def _own_pool(placement: Placement, actor: Any) -> tuple[Placement, Outcome]:
    by = as_actor(actor)
    placement = lock_placement(placement)
    if not rules.is_placed(by.principal, placement):
        raise Refused(_("Only the student decides on this."))
    outcome = Outcome.objects.filter(placement=placement, kind=OutcomeKind.POOL).first()
    if outcome is None:
        words = _("The company has not invited you to its talent pool.")
        raise Blocked(Refusal(words, code="not_invited"), placement)
    return placement, outcome
