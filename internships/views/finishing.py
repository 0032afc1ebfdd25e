"""The pages at the end of a practice: evaluations, the report and its mark, the final mark."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internships import actions, placement_conditions, rules
from internships.actions.evaluating import MENTORS
from internships.enums import EvaluationKind, EvaluationState, Source
from internships.forms.acts import ReasonForm
from internships.forms.deciding import take_errors
from internships.forms.finishing import AcceptReportForm, EvaluateForm, MarkForm, ReportForm
from internships.history import asked_to_change
from internships.models import Evaluation, Placement, Report
from internships.views.placing.parts import Reader
from internships.workflow import EVALUATION, PLACEMENT, REPORT
from partnerships.common.access import access
from partnerships.common.refusals import Blocked, IllegalTransition, Refused
from partnerships.directory.access import access_of


def door(request: HttpRequest, uid: Any) -> Placement:
    found: Placement = access(Placement.objects.with_rows(), uid, request.user)
    return found


def page(
    request: HttpRequest,
    placement: Placement,
    title: Any,
    form: Any,
    *,
    template: str = "act",
    danger: bool = False,
    refusal: Any = None,
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own below the placement; 422 while something in it is wrong."""
    context = {
        "placement": placement,
        "programme": placement.programme,
        "reader": Reader(request.user, placement),
        "offered": {"label": title, "refusal": refusal, "transition": {"danger": danger}},
        "back": placement.get_absolute_url(),
        "form": form,
        **more,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, f"internships/placement/{template}.html", context, status=status)


def tried(form: Any, run: Callable[[], Any]) -> bool:
    """Do it; what is refused goes on the fields that it names or above the form, and nothing is lost."""
    try:
        run()
    except ValidationError as error:
        take_errors(form, error)
    except Blocked as blocked:
        form.add_error(None, str(blocked.reason))
    else:
        return True
    return False


# Evaluations ----------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def evaluate(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """One side gives its evaluation; human resources enter the mentor's from the signed paper."""
    placement = door(request, uid)
    if kind not in EvaluationKind.values:
        raise Http404
    found = Evaluation.objects.filter(placement=placement, kind=kind).first()
    evaluation = found or Evaluation(placement=placement, kind=kind)
    evaluation.placement = placement
    if not rules.gives_evaluation(request.user, evaluation):
        raise Refused(_("Your role does not include this here."))
    if evaluation.state == EvaluationState.SUBMITTED:
        if request.POST.get("comment", "").strip() not in ("", evaluation.comment):
            raise IllegalTransition(_("This evaluation is given already."), placement)
        messages.info(request, _("This evaluation is given already."))
        return redirect(placement)
    paper = kind in MENTORS and access_of(request.user).person_id != placement.mentor_id
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EvaluateForm(*posted, kind=kind, given=found, paper=paper)
    if form.is_valid() and tried(
        form,
        lambda: actions.give_evaluation(
            placement, kind, actor=request.user, source=Source.PAPER if paper else "", **form.values()
        ),
    ):
        messages.success(request, _("The evaluation is given."))
        return redirect(placement)
    return page(
        request,
        placement,
        EvaluationKind(kind).label,
        form,
        template="evaluate",
        submit=EVALUATION["submit"].label,
        refusal=placement_conditions.may_evaluate(evaluation, request.user),
        paper=paper,
        own=kind == EvaluationKind.STUDENT,
    )


@login_required
@require_http_methods(["GET", "POST"])
def evaluation_reopen(request: HttpRequest, uid: str) -> HttpResponse:
    """Open a given evaluation again, with the reason."""
    rows = Evaluation.objects.select_related("placement")
    evaluation: Evaluation = access(rows, uid, request.user)
    placement = door(request, evaluation.placement.uid)
    evaluation.placement = placement
    if not rules.reopens_evaluation(request.user, evaluation):
        raise Refused(_("Your role does not include this here."))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and tried(
        form,
        lambda: actions.reopen_evaluation(evaluation, actor=request.user, note=form.cleaned_data["note"]),
    ):
        messages.success(request, _("The evaluation is open again."))
        return redirect(placement)
    title = EVALUATION["reopen"].label
    return page(
        request,
        placement,
        title,
        form,
        danger=True,
        refusal=placement_conditions.not_assessed(evaluation, None),
    )


# The report -----------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, uid: str) -> HttpResponse:
    """The student writes the title, adds the file and hands it in."""
    placement = door(request, uid)
    if not rules.is_placed(request.user, placement):
        raise Refused(_("The student writes the report."))
    found = Report.objects.filter(placement=placement).prefetch_related("documents").first()
    if found is not None and found.keeps_documents:
        messages.info(request, _("The report is handed in: the university returns it before it is changed."))
        return redirect(placement)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReportForm(*posted, instance=found)
    if form.is_valid() and tried(form, lambda: _write_report(request, placement, form)):
        handed = "hand_in" in request.POST
        messages.success(request, _("The report is handed in.") if handed else _("The report is kept."))
        return redirect(placement)
    files = found.documents.all() if found is not None else []
    asked = asked_to_change(found) if found is not None else ""
    title = _("Report on the practice")
    return page(request, placement, title, form, template="report", files=files, asked=asked)


def _write_report(request: HttpRequest, placement: Placement, form: ReportForm) -> None:
    file = form.cleaned_data["file"]
    uploads = [file] if file else []
    actions.attach_report(placement, uploads, actor=request.user, title=form.cleaned_data["title"])
    if "hand_in" in request.POST:
        actions.submit_report(placement, actor=request.user)


@login_required
@require_http_methods(["GET", "POST"])
def report_act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """The university returns the report with a reason, accepts it with a mark, or takes the mark back."""
    placement = door(request, uid)
    found = getattr(placement, "report", None)
    acts: dict[str, tuple[Any, Any, Any]] = {
        "return": (ReasonForm, actions.return_report, _("Returned to the student with your reason.")),
        "accept": (AcceptReportForm, actions.accept_report, _("The report is accepted.")),
        "reopen": (ReasonForm, actions.reopen_report, _("The mark of the report is taken back.")),
    }
    if verb not in acts or found is None:
        raise Http404
    if not rules.marks_report(request.user, placement):
        raise Refused(_("Your role does not include this here."))
    form_class, run, done = acts[verb]
    if found.state not in REPORT[verb].sources:
        raise IllegalTransition(REPORT.not_due(found), placement)
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid() and tried(form, lambda: run(placement, actor=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(placement)
    return page(request, placement, REPORT[verb].label, form, danger=REPORT[verb].danger, report=found)


# The final mark -------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """The university gives the final mark, or takes it back with a reason."""
    placement = door(request, uid)
    acts: dict[str, tuple[Any, Any, Any]] = {
        "assess": (MarkForm, actions.assess_placement, _("The final mark is given.")),
        "reopen_assessment": (ReasonForm, actions.reopen_assessment, _("The final mark is taken back.")),
    }
    if verb not in acts:
        raise Http404
    offered = next((item for item in PLACEMENT.available(placement, request.user) if item.name == verb), None)
    if offered is None:
        if not PLACEMENT.may(verb)(request.user, placement):
            raise Refused(_("Your role does not include this here."))
        raise IllegalTransition(PLACEMENT.not_due(placement), placement)
    form_class, run, done = acts[verb]
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid() and tried(form, lambda: run(placement, actor=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(placement)
    return page(
        request,
        placement,
        offered.label,
        form,
        template="mark",
        danger=offered.transition.danger,
        refusal=offered.refusal,
        report=getattr(placement, "report", None),
        evaluations=Evaluation.objects.visible_to(request.user).filter(
            placement=placement, state=EvaluationState.SUBMITTED
        ),
    )
