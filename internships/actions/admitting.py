"""Safety admission and onboarding: what is done before the first day, and renewed before it runs out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.conducting import lock_placement
from internships.enums import ClearanceKind, OnboardingKind
from internships.models import Clearance, HazardClass, OnboardingTask, Placement
from internships.placement_conditions import still_changeable
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refused, WorkflowError
from partnerships.common.text import at_most
from partnerships.workflow.actors import as_actor
from partnerships.workflow.engine import ManyResult
from partnerships.workflow.models import record

# What is given by somebody, under a number of a journal.
BRIEFINGS = frozenset(
    {ClearanceKind.ENTRY_BRIEFING, ClearanceKind.WORKPLACE_BRIEFING, ClearanceKind.ELECTRICAL_GROUP}
)
# What students write themselves; the rest is the company's to do.
PARTICULARS = frozenset(
    {OnboardingKind.EMERGENCY_CONTACT, OnboardingKind.EQUIPMENT_SIZE, OnboardingKind.TRANSPORT}
)


@transaction.atomic
def record_clearance(
    placement: Placement,
    kind: str,
    *,
    actor: Any,
    done_on: date,
    given_by: str = "",
    giver_group: int | None = None,
    journal_number: str = "",
    group: int | None = None,
    valid_until: date | None = None,
) -> Clearance:
    """Write down one part of the safety admission, or correct what is written.

    `group` is the electrical-safety group given; without `valid_until` it holds for the months that the
    hazard class names. Of a medical clearance only the day until which it holds is kept. Raises
    ValidationError by field for what the rules of the hazard class do not allow, Blocked once the practice
    is over.
    """
    placement = lock_placement(placement)
    by = as_actor(actor)
    if not (by.reaches(placement) and rules.admits_placement(by.principal, placement)):
        raise Refused(_("Your role does not include this here."))
    if refusal := still_changeable(placement, by):
        raise Blocked(refusal, placement)
    hazard = placement.hazard
    if hazard is None or kind not in hazard.required:
        raise ValidationError(_("The hazard class of the unit does not ask for this."))
    if kind == ClearanceKind.ELECTRICAL_GROUP:
        group = group or hazard.electrical_group
        valid_until = valid_until or done_on + relativedelta(months=hazard.group_months)
    values = {
        "done_on": done_on,
        "given_by": given_by.strip() if kind in BRIEFINGS else "",
        "giver_group": giver_group if kind in BRIEFINGS else None,
        "journal_number": journal_number.strip() if kind in BRIEFINGS else "",
        "group": group if kind == ClearanceKind.ELECTRICAL_GROUP else None,
        "valid_until": valid_until,
    }
    if errors := clearance_errors(hazard, kind, values):
        raise ValidationError(errors)
    clearance, new = Clearance.objects.update_or_create(
        placement=placement, kind=kind, defaults={**values, "recorded_by": by.user}
    )
    data = {"kinds": [str(kind)], "done_on": done_on.isoformat()}
    record(placement, "clear" if new else "clear_again", actor=actor, to_state=placement.state, data=data)
    return clearance


def clearance_errors(hazard: HazardClass, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """What the rules of the hazard class say against it, by field. A form asks with what it could read: of a
    day that is missing nothing is said here."""
    found: dict[str, Any] = {}
    done_on, until = values["done_on"], values["valid_until"]
    if done_on is not None and done_on > today():
        found["done_on"] = _("This day has not come yet.")
    if done_on is not None and until is not None and until < done_on:
        found["valid_until"] = _("This lies before the day on which it was done.")
    if kind == ClearanceKind.MEDICAL and until is None:
        found["valid_until"] = _("Say until which day it holds.")
    if kind in BRIEFINGS:
        if not values["given_by"]:
            found["given_by"] = _("Say who gave it.")
        if not values["journal_number"]:
            found["journal_number"] = _("Give the number in the journal.")
    if kind == ClearanceKind.ELECTRICAL_GROUP:
        if (values["giver_group"] or 0) < hazard.briefer_group:
            words = _("Only a worker of group %(group)s or higher may give this.")
            found["giver_group"] = words % {"group": hazard.briefer_group}
        if (values["group"] or 0) < (hazard.electrical_group or 0):
            words = _("The unit asks for group %(group)s at least.")
            found["group"] = words % {"group": hazard.electrical_group}
    return found


def record_clearances(
    placements: Sequence[Placement], kinds: Sequence[str], *, actor: Any, **values: Any
) -> ManyResult[Placement]:
    """One briefing of many students: the same day, giver and journal for each and each part.

    A part that a student's hazard class does not ask for is passed over; a student for whom anything is
    refused stays as they were and comes back with the reason.
    """
    result: ManyResult[Placement] = ManyResult()
    for placement in placements:
        asked = [kind for kind in kinds if placement.hazard and kind in placement.hazard.required]
        try:
            with transaction.atomic():
                for kind in asked:
                    record_clearance(placement, kind, actor=actor, **values)
        except (WorkflowError, Refused) as refused:
            result.refused.append((placement, refused.reason))
        except ValidationError as error:
            result.refused.append((placement, " ".join(error.messages)))
        else:
            if asked:
                result.done.append(placement)
            else:
                words = _("The hazard class of the unit does not ask for this.")
                result.refused.append((placement, words))
    return result


# Onboarding ---------------------------------------------------------------------------------------------
@transaction.atomic
def write_particulars(placement: Placement, values: dict[str, str], *, actor: Any) -> list[OnboardingTask]:
    """The student's own words to the onboarding list; what changed is open again until the company has
    read it. Raises Refused for anybody else, Blocked once the practice is over."""
    placement = lock_placement(placement)
    by = as_actor(actor)
    if not rules.is_placed(by.principal, placement):
        raise Refused(_("Only the student writes this."))
    if refusal := still_changeable(placement, by):
        raise Blocked(refusal, placement)
    tasks = list(placement.onboarding.select_for_update().filter(kind__in=PARTICULARS).order_by("pk"))
    changed = []
    for task in tasks:
        value = at_most(task.kind, values.get(task.kind, task.value).strip(), 200)
        if value != task.value:
            task.value, task.done_at, task.done_by = value, None, None
            task.version += 1
            task.save()
            changed.append(task)
    if changed:
        record(placement, "particulars", actor=actor, to_state=placement.state)
    return changed


@transaction.atomic
def tick(placement: Placement, kind: str, *, actor: Any, done: bool) -> OnboardingTask:
    """Mark one thing of the onboarding list as done, or open again. Raises ValidationError for a particular
    that the student has not written yet."""
    placement = lock_placement(placement)
    by = as_actor(actor)
    if not (by.reaches(placement) and rules.admits_placement(by.principal, placement)):
        raise Refused(_("Your role does not include this here."))
    if refusal := still_changeable(placement, by):
        raise Blocked(refusal, placement)
    task = placement.onboarding.select_for_update().get(kind=kind)
    if done and kind in PARTICULARS and not task.value:
        raise ValidationError(_("The student has not written this yet."))
    task.done_at, task.done_by = (timezone.now(), by.user) if done else (None, None)
    task.version += 1
    task.save()
    return task
