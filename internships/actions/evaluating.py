"""Evaluations by each side, the report with its mark, the final mark."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.conducting import lock_placement
from internships.criteria import clean_marks, current_form
from internships.enums import EvaluationKind, Source
from internships.models import Evaluation, Placement, Report
from internships.workflow import EVALUATION, PLACEMENT, REPORT
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.common.text import at_most
from partnerships.documents import actions as documents
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.workflow.actors import Actor, as_actor

MENTORS = (EvaluationKind.MENTOR_MID, EvaluationKind.MENTOR_FINAL)


@transaction.atomic
def give_evaluation(
    placement: Placement,
    kind: str,
    *,
    actor: Any,
    marks: Mapping[str, Any],
    comment: str = "",
    recommended: bool | None = None,
    source: str = "",
    scan: Any = None,
) -> Evaluation:
    """Give one side's evaluation: every criterion of the present form (criteria.py), once.

    source  how it came; by default the mentor's link for whoever acts through it, else the page. A mentor's
            evaluation that human resources enter is Source.PAPER and needs the scan of the signed paper.
    Raises ValidationError by criterion ("recommended" where the form asks it, "scan"), Refused, Blocked
    with the reason (too early, not begun), IllegalTransition when it is given already.
    """
    by = as_actor(actor)
    placement = lock_placement(placement)
    kept = clean_marks(kind, marks)
    if current_form(kind).recommend and recommended is None:
        raise ValidationError({"recommended": _("Answer yes or no.")})
    source = source or (Source.LINK if by.kind == "link" else Source.PORTAL)
    evaluation = Evaluation.objects.filter(placement=placement, kind=kind).first()
    evaluation = evaluation or Evaluation(placement=placement, kind=kind)
    evaluation.placement = placement
    giver = _giver(placement, kind, by, source, scan)
    if evaluation.pk is None:
        if not rules.gives_evaluation(by.principal, evaluation):
            raise Refused(_("Your role does not include this here."))
        evaluation.save()
    EVALUATION.apply(
        evaluation,
        "submit",
        actor=actor,
        marks=kept,
        comment=at_most("comment", comment.strip(), 2000),
        recommended=recommended,
        given_by_id=giver,
        given_at=timezone.now(),
        source=source,
    )
    if scan is not None:
        _keep_scan(evaluation, scan, by)
    return evaluation


def _giver(placement: Placement, kind: str, by: Actor, source: str, scan: Any) -> int | None:
    """Whose evaluation it is: the mentor's when human resources enter a signed paper, else the doer's."""
    if kind not in MENTORS or rules.mentors_placement(by.principal, placement):
        return by.person_id
    if source != Source.PAPER:
        raise Refused(_("The mentor gives this evaluation. Human resources enter it from the signed paper."))
    if scan is None:
        raise ValidationError({"scan": _("Add the scan of the signed paper.")})
    return placement.mentor_id


def _keep_scan(evaluation: Evaluation, scan: Any, by: Actor) -> Document:
    person = by.user.person if by.user is not None else None
    if person is None:
        raise Refused(_("Files are uploaded by the person to whom they belong."))
    return documents.store(scan, owner=person, kind=DocumentKind.SCAN, actor=by, subject=evaluation)


@transaction.atomic
def reopen_evaluation(evaluation: Evaluation, *, actor: Any, note: str) -> Evaluation:
    """Open a given evaluation again, with the reason; not once the final mark is given."""
    evaluation.placement = lock_placement(evaluation.placement)
    return EVALUATION.apply(evaluation, "reopen", actor=actor, note=note)


# The report -----------------------------------------------------------------------------------------
@transaction.atomic
def attach_report(placement: Placement, uploads: Sequence[Any], *, actor: Any, title: str) -> Report:
    """Put the file of the report in place of the one that is there, while it is the student's to change."""
    placement = lock_placement(placement)
    if not rules.writes_diary(as_actor(actor).principal, placement):
        raise Refused(_("The student writes the report."))
    report, _made = Report.objects.get_or_create(placement=placement)
    report.placement = placement
    if report.keeps_documents:
        words = _("The report is handed in: the university returns it before it is changed.")
        raise Blocked(Refusal(words, code="handed_in"), report)
    report.title = at_most("title", title.strip(), 200)
    report.save()
    if uploads:
        for old in report.documents.filter(kind=DocumentKind.REPORT):
            documents.remove(old, actor=actor)
        documents.store(
            uploads, owner=placement.person, kind=DocumentKind.REPORT, actor=actor, subject=report
        )
    return report


@transaction.atomic
def submit_report(placement: Placement, *, actor: Any) -> Report:
    """Hand the report in to the university. Blocked without a file."""
    report = _report(placement)
    return REPORT.apply(report, "submit", actor=actor, submitted_at=timezone.now())


@transaction.atomic
def return_report(placement: Placement, *, actor: Any, note: str) -> Report:
    return REPORT.apply(_report(placement), "return", actor=actor, note=note)


@transaction.atomic
def accept_report(
    placement: Placement,
    *,
    actor: Any,
    mark: int,
    note: str = "",
    defended_on: date | None = None,
    commission: str = "",
    originality: str = "",
) -> Report:
    """Accept it with a mark of 0 to 100, and what is known of the defence."""
    return REPORT.apply(
        _report(placement),
        "accept",
        actor=actor,
        note=note,
        mark=_mark(mark),
        defended_on=defended_on,
        commission=at_most("commission", commission.strip(), 500),
        originality=at_most("originality", originality.strip(), 200),
    )


@transaction.atomic
def reopen_report(placement: Placement, *, actor: Any, note: str) -> Report:
    """Take the report's mark back, with the reason."""
    return REPORT.apply(_report(placement), "reopen", actor=actor, note=note, mark=None)


def _report(placement: Placement) -> Report:
    placement = lock_placement(placement)
    report = Report.objects.filter(placement=placement).first()
    if report is None:
        words = _("There is no report yet: the student writes and hands it in first.")
        raise Blocked(Refusal(words, code="no_report"), placement)
    report.placement = placement
    return report


# The final mark -------------------------------------------------------------------------------------
@transaction.atomic
def assess_placement(placement: Placement, *, actor: Any, mark: int, note: str = "") -> Placement:
    """The university's final mark of the practice, 0 to 100; it ends the practice.

    Blocked while the mentor has not evaluated or, in the curriculum, the report is not accepted.
    """
    placement = lock_placement(placement)
    return PLACEMENT.apply(placement, "assess", actor=actor, note=note, mark=_mark(mark))


@transaction.atomic
def reopen_assessment(placement: Placement, *, actor: Any, note: str) -> Placement:
    """Take the final mark back, with the reason."""
    placement = lock_placement(placement)
    return PLACEMENT.apply(placement, "reopen_assessment", actor=actor, note=note, mark=None)


def _mark(mark: int) -> int:
    if not 0 <= mark <= 100:
        raise ValidationError({"mark": _("The mark lies between 0 and 100.")})
    return mark
