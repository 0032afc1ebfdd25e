"""What became of the students: the company says it, the student agrees to be kept in the talent pool."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internships import actions, rules
from internships.enums import OutcomeKind
from internships.forms.finishing import OutcomeForm, PoolForm
from internships.views.finishing import door, page, tried
from partnerships.common.refusals import Refused


@login_required
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, uid: str) -> HttpResponse:
    """Human resources say what became of the student."""
    placement = door(request, uid)
    if not rules.runs_placement(request.user, placement):
        raise Refused(_("Only human resources of the company say what became of a student."))
    form = OutcomeForm(request.POST if request.method == "POST" else None, placement=placement)
    if form.is_valid() and tried(
        form, lambda: actions.set_outcome(placement, actor=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved. The student is told where it concerns them."))
        return redirect(placement)
    return page(request, placement, _("What became of the student"), form, submit=_("Save"))


@login_required
@require_http_methods(["GET", "POST"])
def pool(request: HttpRequest, uid: str) -> HttpResponse:
    """The student agrees to the talent pool until a day, pauses for army service, or leaves it."""
    placement = door(request, uid)
    found = getattr(placement, "outcome", None)
    if not rules.is_placed(request.user, placement):
        raise Refused(_("Only the student decides on this."))
    if found is None or found.kind != OutcomeKind.POOL:
        messages.info(request, _("The company has not invited you to its talent pool."))
        return redirect(placement)
    verb = request.POST.get("act", "")
    form = PoolForm(request.POST if verb in ("agree", "pause") else None)
    if request.method == "POST" and _answered(request, placement, verb, form):
        return redirect(placement)
    return page(request, placement, _("Talent pool"), form, template="pool", outcome=found)


def _answered(request: HttpRequest, placement: Any, verb: str, form: PoolForm) -> bool:
    if verb == "leave":
        actions.leave_pool(placement, actor=request.user)
        messages.success(request, _("You are not in the talent pool."))
        return True
    if verb not in ("agree", "pause"):
        raise BadRequest(_("Choose one of the buttons."))
    act = actions.agree_to_pool if verb == "agree" else actions.pause_pool
    if not form.is_valid():
        return False
    if not tried(form, lambda: act(placement, actor=request.user, until=form.cleaned_data["until"])):
        return False
    messages.success(
        request, _("You are in the talent pool.") if verb == "agree" else _("The pause is kept.")
    )
    return True
