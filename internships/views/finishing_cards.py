"""The cards at the end of a placement's page: evaluations, report, what became of the student."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse

from internships import placement_conditions, rules
from internships.criteria import MarkShown, marks_shown, mean_mark
from internships.enums import (
    EvaluationKind,
    EvaluationState,
    OutcomeKind,
    PlacementState,
    ProgrammeKind,
    ReportState,
)
from internships.history import asked_to_change
from internships.models import Evaluation, Placement
from internships.papers import papers_of
from internships.views.placing.parts import Card, Reader
from internships.workflow import REPORT

BEGUN = frozenset(PlacementState) - {PlacementState.PREPARING, PlacementState.CANCELLED}
REPORT_KINDS = {ReportState.SUBMITTED: "on", ReportState.RETURNED: "bad", ReportState.ACCEPTED: "good"}


@dataclass(frozen=True)
class EvaluationShown:
    """One side's evaluation as a reader sees it: given with its marks, or still to be given and by whom."""

    label: str
    given: Evaluation | None = None
    marks: tuple[MarkShown, ...] = ()
    mean: Any = None
    give_url: str = ""
    reopen_url: str = ""
    why: str = ""


def evaluations(reader: Reader) -> Card | None:
    """What each side thinks; nothing while the practice has not begun."""
    if reader.placement.state not in BEGUN:
        return None
    shown = _evaluations(reader.placement, reader.user)
    return Card("internships/placement/_evaluations.html", {"evaluations": shown})


def report(reader: Reader) -> Card | None:
    placement = reader.placement
    if placement.state not in BEGUN:
        return None
    written = getattr(placement, "report", None) is not None
    if placement.programme.kind != ProgrammeKind.PRACTICE and not (written or reader.student):
        return None  # an internship asks for no report: nobody waits for one
    return Card("internships/placement/_report.html", _report(reader))


def outcome(reader: Reader) -> Card | None:
    found = _outcome(reader)
    return Card("internships/placement/_outcome.html", found, side=True) if found else None


def papers(reader: Reader) -> Card | None:
    """What is printed of the practice."""
    found = papers_of(reader.placement)
    return Card("internships/placement/_papers.html", {"papers": found}, side=True) if found else None


def _evaluations(placement: Placement, user: Any) -> list[EvaluationShown]:
    rows = placement.evaluations.all()  # prefetched with who gave them
    given = {row.kind: row for row in rows if row.read_by(user)}
    shown = (_evaluation(placement, user, kind, given.get(kind)) for kind in EvaluationKind)
    return [one for one in shown if one is not None]


def _evaluation(
    placement: Placement, user: Any, kind: EvaluationKind, found: Evaluation | None
) -> EvaluationShown | None:
    evaluation = found or Evaluation(placement=placement, kind=kind)
    evaluation.placement = placement
    may = rules.gives_evaluation(user, evaluation)
    if found is not None and found.state == EvaluationState.SUBMITTED:
        reopen = may and placement.state != PlacementState.ASSESSED
        return EvaluationShown(
            str(kind.label),
            found,
            tuple(marks_shown(found)),
            mean_mark(found),
            reopen_url=reverse("internships:evaluation_reopen", args=[found.uid]) if reopen else "",
        )
    if kind == EvaluationKind.MENTOR_MID and (not may or placement.state != PlacementState.ACTIVE):
        return None  # half-way is a help to the mentor and owed to nobody
    if kind == EvaluationKind.STUDENT and not may:
        return None
    refusal = placement_conditions.may_evaluate(evaluation, user)
    url = reverse("internships:evaluate", args=[placement.uid, kind.value]) if may and not refusal else ""
    return EvaluationShown(str(kind.label), give_url=url, why=str(refusal.reason) if refusal and may else "")


def _report(reader: Reader) -> dict[str, Any]:
    placement, user, student = reader.placement, reader.user, reader.student
    report = getattr(placement, "report", None)
    if report is None:
        return {"report": None, "write_url": _write_url(placement)} if student else {"report": None}
    open_to_student = report.state in (ReportState.DRAFT, ReportState.RETURNED)
    if report.state == ReportState.DRAFT and not student:
        return {"report": None}
    prefetch_related_objects([report], "documents")  # asked for by the conditions as well
    acts = [
        {
            "label": item.label,
            "url": reverse("internships:report_act", args=[placement.uid, item.name]),
            "danger": item.transition.danger,
            "why": str(item.refusal.reason) if item.refusal else "",
        }
        for item in REPORT.available(_with(report, placement), user)
        if item.name != "submit"
    ]
    return {
        "report": report,
        "asked": asked_to_change(report) if student or rules.marks_report(user, placement) else "",
        "kind": REPORT_KINDS.get(ReportState(report.state), ""),
        "documents": report.documents.all(),
        "acts": acts,
        "write_url": _write_url(placement) if student and open_to_student else "",
    }


def _with(report: Any, placement: Placement) -> Any:
    report.placement = placement
    return report


def _write_url(placement: Placement) -> str:
    return reverse("internships:report", args=[placement.uid])


def _outcome(reader: Reader) -> dict[str, Any] | None:
    """The company's own note and numbers are the company's; the student reads what concerns them."""
    placement, company, student = reader.placement, reader.company, reader.student
    outcome = getattr(placement, "outcome", None)
    over = placement.state in (PlacementState.FINISHED, PlacementState.ASSESSED)
    if outcome is None:
        url = reverse("internships:outcome", args=[placement.uid])
        return {"outcome": None, "set_url": url} if company and over else None
    consented = outcome.is_agreed
    return {
        "outcome": outcome,
        "company": company,
        "pool": outcome.kind == OutcomeKind.POOL,
        "consented": consented,
        "paused": outcome.is_paused,
        "set_url": reverse("internships:outcome", args=[placement.uid]) if company else "",
        "pool_url": reverse("internships:pool", args=[placement.uid])
        if student and outcome.kind == OutcomeKind.POOL
        else "",
        "asked": outcome.kind == OutcomeKind.POOL and outcome.consent_at is None,
        "longest": settings.POOL_CONSENT_DAYS,
    }
