"""Whose move it is in a practice, by when, and the way so far and ahead, as each reader reads it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from internships import rules
from internships.enums import (
    ApplicationState,
    EvaluationKind,
    EvaluationState,
    InterviewState,
    ProgrammeKind,
    ReportState,
)
from internships.enums import PlacementState as P
from internships.models import Interview, Placement
from internships.models.placements import mark_within
from internships.moves import Move, StepShown, application_labels
from internships.placement_conditions import contract_signed, parts_within
from partnerships.certificates.models import Certificate
from partnerships.common.clock import day_in_words, end_of_day, today

OWED = frozenset({ReportState.DRAFT, ReportState.RETURNED})
ENDED = frozenset({P.ENDED_EARLY, P.CANCELLED})


def move_of_placement(placement: Placement, user: Any) -> Move:
    """The strip at the head of a placement, as `user` reads it."""
    company = rules.runs_placement(user, placement)
    match P(placement.state):
        case P.PREPARING:
            return _preparing(placement, company)
        case P.ACTIVE:
            return _report_meanwhile(placement, user) or _active(placement, company)
        case P.SUSPENDED:
            return _suspended(placement, company or rules.coordinates_placement(user, placement))
        case P.FINISHED:
            return _finished(placement, user)
        case _:
            return _settled(placement)


def lacking(placement: Placement, day: date) -> list[str]:
    """What keeps the practice from beginning on that day, in words; empty when it may begin."""
    found = [_("a mentor")] if placement.mentor_id is None else []
    if contract_signed(placement, None) is not None:
        found.append(_("the signed contract"))
    if placement.hazard is None:
        return [*found, _("the hazard class of the unit")]
    return found + parts_within(placement.missing_clearance(day))


def signing_move(placement: Placement) -> Move:
    """The strip of whoever is to sign before the practice begins."""
    first = _("First day: %(day)s") % {"day": day_in_words(placement.starts)}
    due = end_of_day(placement.starts - timedelta(days=1))
    return Move(True, _("Your move: read the contract and sign it."), first, due)


def _preparing(placement: Placement, company: bool) -> Move:
    due = end_of_day(placement.starts - timedelta(days=1))
    first = _("First day: %(day)s") % {"day": day_in_words(placement.starts)}
    missing = lacking(placement, max(placement.starts, today()))
    if not missing:
        text = _("All is ready: the practice begins on its first day by itself.")
        return Move(False, text, first, due)
    words = _("Still missing: %(missing)s.") % {"missing": ", ".join(missing)}
    text = (
        _("Your move: make everything ready for the first day.")
        if company
        else _("The company's move: it makes everything ready for the first day.")
    )
    return Move(company, text, f"{first} · {words}", due)


def _active(placement: Placement, company: bool) -> Move:
    due = end_of_day(placement.ends)
    missing = placement.missing_clearance(today())
    if missing:
        names = ", ".join(parts_within(missing))
        text = (
            _("Your move: renew the safety admission. Until then no day counts.")
            if company
            else _("The company's move: the safety admission has run out. Until then no day counts.")
        )
        return Move(company, text, _("No longer valid: %(missing)s.") % {"missing": names}, due)
    weeks = -(-((placement.ends - placement.starts).days + 1) // 7)
    week = min(weeks, max(1, (today() - placement.starts).days // 7 + 1))
    text = _("The practice is under way: week %(week)d of %(weeks)d.") % {"week": week, "weeks": weeks}
    return Move(False, text, due=due)


def _report_meanwhile(placement: Placement, user: Any) -> Move | None:
    """A report may be handed in before the last day: it is read, or changed, from then on."""
    report = _report_state(placement)
    if report == ReportState.RETURNED and rules.is_placed(user, placement):
        due = end_of_day(placement.ends + timedelta(days=settings.PRACTICE_REPORT_DAYS))
        return Move(True, _("Your move: change the report as it was asked and hand it in again."), "", due)
    if report == ReportState.SUBMITTED and rules.assesses_placement(user, placement):
        due = end_of_day(placement.ends + mark_within())
        return Move(True, _("Your move: mark the report, or return it with what is to be changed."), "", due)
    return None


def _suspended(placement: Placement, mine: bool) -> Move:
    text = (
        _("Your move: take the practice up again or end it early.")
        if mine
        else _("The practice is interrupted; the company or the university takes it up again.")
    )
    return Move(mine, text, _("Meanwhile no day counts."), end_of_day(placement.ends))


def _finished(placement: Placement, user: Any) -> Move:
    """Evaluation, report and mark: one's own part first, else that of whoever is waited for."""
    given = any(
        one.kind == EvaluationKind.MENTOR_FINAL and one.state == EvaluationState.SUBMITTED
        for one in placement.evaluations.all()
    )
    report = _report_state(placement)
    owed, handed = report in OWED, report == ReportState.SUBMITTED
    awaited = owed and placement.programme.kind == ProgrammeKind.PRACTICE
    last = placement.last_day or placement.ends
    due = end_of_day(last + mark_within())
    report_due = end_of_day(last + timedelta(days=settings.PRACTICE_REPORT_DAYS))
    assesses = rules.assesses_placement(user, placement)
    if owed and rules.is_placed(user, placement):
        text = (
            _("Your move: change the report as it was asked and hand it in again.")
            if report == ReportState.RETURNED
            else _("Your move: hand in your report.")
        )
        return Move(True, text, "", report_due)
    if handed and assesses:
        return Move(True, _("Your move: mark the report, or return it with what is to be changed."), "", due)
    if not given:
        mine = rules.mentors_placement(user, placement)
        text = _("Your move: evaluate the student.") if mine else _("The mentor's move: the evaluation.")
        return Move(mine, text, "", due)
    if awaited:
        return Move(False, _("The student's move: the report."), "", report_due)
    if handed:
        return Move(False, _("The university's move: the report is to be marked."), "", due)
    text = _("Your move: give the final mark.") if assesses else _("The university's move: the final mark.")
    return Move(assesses, text, "", due)


def _report_state(placement: Placement) -> str:
    """How the report stands. Only practice in the curriculum asks for one: elsewhere it is empty until the
    student has handed one in."""
    report = getattr(placement, "report", None)
    state = report.state if report is not None else ReportState.DRAFT
    asked_for = placement.programme.kind == ProgrammeKind.PRACTICE
    return state if asked_for or state != ReportState.DRAFT else ""


def owes_report(placement: Placement) -> bool:
    """Whether it is the student's move to hand a report in, or to change one."""
    state = _report_state(placement)
    if placement.state == P.ACTIVE:
        return state == ReportState.RETURNED
    return placement.state == P.FINISHED and state in OWED


def _settled(placement: Placement) -> Move:
    if placement.state == P.ASSESSED:
        mark = {"mark": placement.mark}
        return Move(False, _("The practice is over and assessed."), _("Mark: %(mark)s") % mark)
    if placement.state == P.ENDED_EARLY:
        day = {"day": day_in_words(placement.last_day or placement.ends)}
        return Move(False, _("The practice was ended early."), _("Last day: %(day)s") % day)
    return Move(False, _("The practice was cancelled before it began; the seat was given back."))


def steps_of_placement(placement: Placement) -> list[StepShown]:
    """The steps of the application, all done, and those of the practice; where it ended, that one is off.

    An interview that was not held is none of them.
    """
    left_out = {ApplicationState.ACCEPTED}
    if not _annotated(placement, "talked", talked):
        left_out.add(ApplicationState.INTERVIEW)
    done = [label for state, label in application_labels(placement.programme) if state not in left_out]
    labels = practice_labels()
    reached = _reached(placement)
    now = "off" if placement.state in ENDED else "now"
    return [StepShown(str(label), "done") for label in done] + [
        StepShown(label, "done" if index < reached else now if index == reached else "")
        for index, label in enumerate(labels)
    ]


def talked() -> Exists:
    """Whether an interview was held for the placement of the outer query, to be read with it."""
    return Exists(Interview.objects.filter(application=OuterRef("application"), state=InterviewState.HELD))


def certified() -> Exists:
    """The same of a live certificate."""
    return Exists(Certificate.objects.of_kind(Placement).live().filter(object_id=OuterRef("pk")))


def _annotated(placement: Placement, name: str, asked: Callable[[], Exists]) -> bool:
    """What was read with the placement, or else a query of its own."""
    if name not in placement.__dict__:
        row = (
            Placement.objects.filter(pk=placement.pk).annotate(**{name: asked()}).values_list(name, flat=True)
        )
        setattr(placement, name, row.get())
    return bool(getattr(placement, name))


def practice_labels() -> list[str]:
    """What follows an accepted offer."""
    return [
        pgettext("step", "Contract"),
        pgettext("step", "Safety"),
        pgettext("step", "Practice"),
        pgettext("step", "Mark"),
        pgettext("step", "Certificate"),
    ]


def _reached(placement: Placement) -> int:
    """The index of the step at which it stands."""
    match P(placement.state):
        case P.PREPARING | P.CANCELLED:
            return 1 if contract_signed(placement, None) is None else 0
        case P.ACTIVE | P.SUSPENDED | P.ENDED_EARLY:
            return 2
        case P.FINISHED:
            return 3
        case _:
            return 5 if _annotated(placement, "certified", certified) else 4
