"""Setting and moving the deadlines of a call."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.calls.models import ORDER, Call, Deadline, Step
from partnerships.common.clock import moment_in_words
from partnerships.workflow.engine import Condition, Missing, Refusal
from partnerships.workflow.models import record


def check_chain(moments: dict[str, datetime | None]) -> None:
    """Each deadline lies after the one before it. Raises ValidationError keyed by step."""
    previous: tuple[str, datetime] | None = None
    for step in ORDER:
        moment = moments.get(step)
        if moment is None:
            continue
        if previous and moment <= previous[1]:
            message = _("“%(step)s” has to come after “%(previous)s”.") % {
                "step": Step(step).label,
                "previous": Step(previous[0]).label,
            }
            raise ValidationError({step: message})
        previous = (step, moment)


@transaction.atomic
def set_deadlines(call: Call, moments: dict[str, datetime | None], *, actor: Any) -> Call:
    """Write the whole chain of a call that is not public yet. Raises ValidationError when out of order."""
    check_chain(moments)
    call.deadlines.exclude(step__in=[step for step, moment in moments.items() if moment]).delete()
    for step, moment in moments.items():
        if moment:
            Deadline.objects.update_or_create(call=call, step=step, defaults={"at": moment})
    call.forget_chain()
    return call


@transaction.atomic
def extend(subject: Any, step: str, moment: datetime, *, actor: Any, note: str) -> Call:
    """Move one deadline of `subject.call` later and tell everyone concerned.

    `subject` is what the call belongs to (a programme); the change is written on it as "extend" with
    step, from and to in its data, and the letters of its app say who is concerned. Raises
    ValidationError when the new moment is not later or breaks the chain, Missing without a reason.
    """
    if not note.strip():
        raise Missing("note", subject)
    call = Call.objects.select_for_update().get(pk=subject.call_id)
    before = call.at(step)
    if before is not None and moment <= before:
        raise ValidationError({step: _("An extension has to be later than the present deadline.")})
    check_chain({**call.chain, step: moment})
    Deadline.objects.update_or_create(call=call, step=step, defaults={"at": moment})
    call.forget_chain()
    subject.call = call
    data = {"step": step, "from": before.isoformat() if before else "", "to": moment.isoformat()}
    record(subject, "extend", actor=actor, note=note, data=data)
    return call


def deadline_open(step: str, call_of: str = "call") -> Condition:
    """The condition that the deadline of `step` has not passed; `call_of` is the path to the Call."""

    def condition(obj: Any, actor: Any) -> Refusal | None:
        call = obj
        for name in call_of.split("."):
            call = getattr(call, name)
        if not call.passed(step):
            return None
        moment = moment_in_words(call.at(step))
        return Refusal(
            gettext_lazy("The deadline has passed: %(moment)s (Baku).") % {"moment": moment},
            code="deadline_passed",
        )

    return condition
