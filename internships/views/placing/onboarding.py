"""The card of the onboarding list: the student's particulars, and what the company ticks."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, rules
from internships.enums import RUNNING_STATES, OnboardingKind, PlacementState
from internships.forms.admitting import ParticularsForm
from internships.models import OnboardingTask, Placement
from internships.placement_conditions import still_changeable
from internships.views.placing.parts import Card, Reader
from internships.whole_practice import tasks_of
from partnerships.common.access import access
from partnerships.common.pages import form_page, posted
from partnerships.workflow.actors import as_actor


@dataclass(frozen=True)
class Line:
    """One thing of the list; `value` is empty for whoever may not read it."""

    task: OnboardingTask
    value: str
    hidden: bool


def card(reader: Reader) -> Card | None:
    """Until the practice is over: nothing is prepared then, and nobody needs the emergency contact."""
    if reader.placement.state not in (PlacementState.PREPARING, *RUNNING_STATES):
        return None
    tasks = tasks_of(reader.placement)
    if not tasks:
        return None
    open_ = still_changeable(reader.placement, as_actor(reader.user)) is None
    return Card(
        "internships/placement/_onboarding.html",
        {
            "lines": [_line(task, reader) for task in tasks],
            "done": sum(task.done_at is not None for task in tasks),
            "ticks": reader.admits and open_,
            "writes": reader.student and open_,
        },
    )


def _line(task: OnboardingTask, reader: Reader) -> Line:
    """The emergency contact is for the company's human resources, the mentor and the student alone."""
    private = task.kind == OnboardingKind.EMERGENCY_CONTACT
    reads = reader.student or reader.company or reader.mentor
    hidden = private and not reads
    return Line(task, "" if hidden else task.value, hidden and bool(task.value))


@login_required
@require_http_methods(["GET", "POST"])
def particulars(request: HttpRequest, uid: str) -> HttpResponse:
    """The student writes the own lines."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.is_placed)
    back = placement.get_absolute_url()
    return form_page(
        request,
        ParticularsForm(posted(request)[0], tasks=list(placement.onboarding.all())),
        lambda **lines: actions.write_particulars(placement, lines, actor=request.user),
        heading=_("Before the first day"),
        subheading=placement.host,
        back=f"{back}#onboarding",
        to=f"{back}#onboarding",
        crumbs=[(_("My practice"), back)],
    )


@login_required
@require_POST
def tick(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """One thing is done, or open again."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.admits_placement)
    if kind not in OnboardingKind.values:
        raise Http404
    try:
        actions.tick(placement, kind, actor=request.user, done=request.POST.get("done") == "1")
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect(placement.get_absolute_url() + "#onboarding")
