"""What must hold before a verb of a placement, each answering with the reason when it does not."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from internships.enums import (
    RUNNING_STATES,
    ClearanceKind,
    EvaluationKind,
    EvaluationState,
    PlacementState,
    ProgrammeKind,
    ReportState,
)
from partnerships.agreements import reports as agreements
from partnerships.common.clock import day_in_words, today
from partnerships.common.text import within
from partnerships.workflow.engine import Refusal


def start_reached(placement: Any, actor: Any) -> Refusal | None:
    if today() < placement.starts:
        return Refusal(
            _("The practice begins on %(day)s.") % {"day": day_in_words(placement.starts)}, code="too_early"
        )
    return None


def mentor_named(placement: Any, actor: Any) -> Refusal | None:
    if placement.mentor_id is None:
        return Refusal(_("Name a mentor first."), code="no_mentor")
    return None


def contract_signed(placement: Any, actor: Any) -> Refusal | None:
    """Practice needs a contract of student, university and enterprise; a setting for hosts that need none."""
    if not settings.PLACEMENT_NEEDS_CONTRACT:
        return None
    known = getattr(placement, "contract_in_force", None)  # rows of `with_rows` bring it along
    if known if known is not None else agreements.live_for(placement) is not None:
        return None
    return Refusal(_("The practice contract is not signed by all parties."), code="no_contract")


def parts_within(kinds: Iterable[ClearanceKind]) -> list[str]:
    """Parts of the safety admission as they read within a sentence."""
    return [within(str(kind.label), get_language() or "az") for kind in kinds]


def cleared(placement: Any, actor: Any) -> Refusal | None:
    """Not one day of practice before the safety admission is complete, nor after a part of it ran out."""
    if missing := placement.missing_clearance(today()):
        return Refusal(
            _("Safety admission is not complete: %(missing)s.")
            % {"missing": ", ".join(parts_within(missing))},
            code="not_cleared",
        )
    return None


def last_day_reached(placement: Any, actor: Any) -> Refusal | None:
    if today() < placement.ends:
        return Refusal(
            _("The last day is %(day)s. To stop before it, end the practice early with a reason.")
            % {"day": day_in_words(placement.ends)},
            code="not_over",
        )
    return None


def mentor_has_evaluated(placement: Any, actor: Any) -> Refusal | None:
    given = any(
        row.kind == EvaluationKind.MENTOR_FINAL and row.state == EvaluationState.SUBMITTED
        for row in placement.evaluations.all()  # prefetched where a page asks; four at most
    )
    return None if given else Refusal(_("The mentor has not evaluated yet."), code="no_evaluation")


def report_settled(placement: Any, actor: Any) -> Refusal | None:
    """Practice in the curriculum ends with a report that the university accepted."""
    if placement.programme.kind != ProgrammeKind.PRACTICE:
        return None
    report = getattr(placement, "report", None)
    if report is None or report.state != ReportState.ACCEPTED:
        return Refusal(_("The report is not accepted yet."), code="no_report")
    return None


def still_changeable(placement: Any, actor: Any) -> Refusal | None:
    """Mentor, unit, last day: until it is over."""
    if placement.state not in RUNNING_STATES | {PlacementState.PREPARING}:
        return Refusal(_("The practice is over; nothing is changed in it any more."), code="over")
    return None


def outside(placement: Any, day: date) -> Refusal | None:
    """A day before the first one or after that on which it ends or ended; the words say which these are."""
    last = placement.last_day or placement.ends
    if placement.starts <= day <= last:
        return None
    words = {"first": day_in_words(placement.starts), "last": day_in_words(last)}
    return Refusal(_("This day lies outside the practice: %(first)s – %(last)s.") % words, code="outside")


def day_counts(entry: Any, actor: Any) -> Refusal | None:
    """A day is written when it has come, within the practice, after the safety admission was complete."""
    placement = entry.placement
    if placement.state not in (PlacementState.ACTIVE, PlacementState.FINISHED):
        return Refusal(_("The practice is not under way."), code="not_active")
    if refusal := outside(placement, entry.date):
        return refusal
    if entry.date > today():
        return Refusal(_("This day has not come yet."), code="future")
    if placement.missing_clearance(entry.date):
        return Refusal(_("On this day the safety admission was not complete."), code="not_cleared")
    return None


def may_evaluate(evaluation: Any, actor: Any) -> Refusal | None:
    """Half-way while it runs; finally in the last week and after; never before it began."""
    placement = evaluation.placement
    if placement.state in (PlacementState.PREPARING, PlacementState.CANCELLED):
        return Refusal(_("The practice has not begun."), code="not_begun")
    if evaluation.kind == EvaluationKind.MENTOR_MID and (settled := not_assessed(evaluation, actor)):
        return settled
    last = placement.last_day or placement.ends
    if evaluation.kind != EvaluationKind.MENTOR_MID and today() < last - timedelta(days=7):
        return Refusal(
            _("The final evaluation opens a week before the last day, %(day)s.")
            % {"day": day_in_words(last)},
            code="too_early",
        )
    return None


def not_assessed(obj: Any, actor: Any) -> Refusal | None:
    if obj.placement.state == PlacementState.ASSESSED:
        return Refusal(_("The final mark is given: the university takes it back first."), code="assessed")
    return None


def report_attached(report: Any, actor: Any) -> Refusal | None:
    if not report.documents.all():
        return Refusal(_("Add the file of the report."), code="no_file")
    return None
