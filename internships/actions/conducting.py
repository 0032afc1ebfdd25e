"""The course of a practice: begun, interrupted, taken up again, over, ended early, cancelled.

Lock order as everywhere: pools by key, then applications, then the placement.
"""

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from internships.actions.contracting import drop_contract, restore_contract
from internships.actions.line import give_back, lock_line, move_up
from internships.enums import PlacementState
from internships.models import Placement
from internships.placement_conditions import outside
from internships.workflow import APPLICATION, PLACEMENT
from partnerships.common.asked import RowByKey
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, StaleState
from partnerships.workflow.actors import SYSTEM

log = logging.getLogger(__name__)


_LOCKED: RowByKey[Placement] = RowByKey(lambda key: Placement.objects.with_rows().filter(pk=key))


def lock_placement(placement: Placement) -> Placement:
    """Lock the row and read it afresh with all that predicates and conditions look at.

    What is written during a practice is written under this lock: two at once follow one another.
    """
    list(Placement.objects.filter(pk=placement.pk).select_for_update().values_list("pk"))
    return _LOCKED(placement.pk)


@transaction.atomic
def begin(placement: Placement, *, actor: Any) -> Placement:
    """The first day. Raises Blocked before the day, without a mentor or a complete safety admission."""
    return PLACEMENT.apply(lock_placement(placement), "begin", actor=actor)


@transaction.atomic
def suspend(placement: Placement, *, actor: Any, note: str) -> Placement:
    """Interrupt it, with the reason; no day is written until it is taken up again."""
    return PLACEMENT.apply(lock_placement(placement), "suspend", actor=actor, note=note)


@transaction.atomic
def resume_placement(placement: Placement, *, actor: Any, note: str = "") -> Placement:
    """Take up again what was interrupted; the safety admission is asked again."""
    return PLACEMENT.apply(lock_placement(placement), "resume", actor=actor, note=note)


@transaction.atomic
def finish(placement: Placement, *, actor: Any, note: str = "") -> Placement:
    """The last day has come: evaluations, report and mark follow."""
    return PLACEMENT.apply(lock_placement(placement), "finish", actor=actor, note=note)


@transaction.atomic
def end_early(placement: Placement, *, actor: Any, note: str, last_day: date | None) -> Placement:
    """End it before its last day, with the reason. Raises ValidationError for a day outside the practice
    or one that has not come; who comes after another's ending is told that, whatever day they chose."""
    placement = lock_placement(placement)
    PLACEMENT.demand(placement, "end_early", actor=actor)
    if last_day is not None:
        if refusal := outside(placement, last_day):
            raise ValidationError({"last_day": str(refusal.reason)})
        if last_day > today():
            raise ValidationError({"last_day": _("This day has not come yet.")})
    PLACEMENT.apply(placement, "end_early", actor=actor, note=note, last_day=last_day)
    drop_contract(placement, note=note, on=last_day)
    return placement


@transaction.atomic
def reinstate(placement: Placement, *, actor: Any, note: str) -> Placement:
    """Undo an early end, with the reason; the contract that ended with the practice holds again."""
    placement = lock_placement(placement)
    ended_on = placement.last_day
    PLACEMENT.apply(placement, "reinstate", actor=actor, note=note, last_day=None)
    restore_contract(placement, ended_on, note=note)
    return placement


@transaction.atomic
def cancel_placement(placement: Placement, *, actor: Any, note: str) -> Placement:
    """Give it up before it began: the seat goes back and, while the programme has not begun, to the next in
    line. The application ends with it and says why."""
    application = lock_line([placement.application_id])[0]
    placement = lock_placement(placement)
    PLACEMENT.apply(placement, "cancel", actor=actor, note=note)
    drop_contract(placement, note=note)
    freed = give_back(application)
    APPLICATION.apply(application, "give_up", actor=SYSTEM, note=note, offered_vacancy=None)
    move_up(freed)
    return placement


def begin_due() -> int:
    """Begin every practice whose first day has come and for which all is there; the rest are reminded of.

    Each in a transaction of its own, so that one that moved meanwhile does not hold up the others.
    """
    rows = Placement.objects.filter(state=PlacementState.PREPARING, starts__lte=today())
    ready = rows.exclude(mentor=None).exclude(hazard=None)
    return sum(_by_clock(begin, placement) for placement in ready.with_rows().order_by("pk"))


def finish_due() -> int:
    """Every practice whose last day is over."""
    rows = Placement.objects.filter(state=PlacementState.ACTIVE, ends__lt=today())
    return sum(_by_clock(finish, placement) for placement in rows.order_by("pk"))


def _by_clock(verb: Callable[..., Placement], placement: Placement) -> bool:
    try:
        verb(placement, actor=SYSTEM)
    except (StaleState, IllegalTransition, Blocked) as moved:
        log.info("placement %s stays as it is: %s", placement.pk, moved)
        return False
    return True
