"""The diary on the desk of the mentor, human resources and the university; paper; the mentor's link."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, rules
from internships.actions.mentor_links import address_of
from internships.enums import PlacementState
from internships.forms.deciding import take_errors
from internships.forms.diary import PaperForm, SpanForm
from internships.models import Placement
from internships.views.diary_board import act, board, outcome_of
from internships.weeks import monday_of
from partnerships.common.access import access
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked


def desk(
    request: HttpRequest, placement: Placement, *, error: str = "", status: int = 200, absence: Any = None
) -> HttpResponse:
    """The weeks with their totals, what waits first; who may confirm has the buttons."""
    context = {
        "placement": placement,
        "board": board(placement, request.user, absence),
        "post_url": _do_url(placement),
        "by_link": False,
        "paper": rules.runs_placement(request.user, placement),
        "error": error,
        "kept": request.POST if error else {},
    }
    return render(request, "internships/diary/desk.html", context, status=status)


def _do_url(placement: Placement) -> str:
    return reverse("internships:diary_do", args=[placement.uid])


@login_required
@require_POST
def do(request: HttpRequest, uid: Any) -> HttpResponse:
    """The mentor confirms and returns; human resources too take a confirmation back and keep absences."""
    mentors = request.POST.get("do") in ("confirm", "return")
    may = rules.mentors_placement if mentors else rules.confirms_diary
    placement = access(Placement.objects.with_rows(), uid, request.user, may)
    outcome = act(placement, request.user, request.POST)
    if outcome is None:
        raise BadRequest
    if outcome.error:
        return desk(request, placement, error=outcome.error, status=422, absence=outcome.form)
    outcome.tell(request)
    return redirect("internships:diary", uid=placement.uid)


# From paper -------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, uid: Any) -> HttpResponse:
    """Human resources enter days signed on paper, with the scan."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.runs_placement)
    days = SpanForm(request.POST if request.method == "POST" else request.GET).days(_open_week(placement))
    posted = request.method == "POST"
    form = PaperForm(request.POST if posted else None, request.FILES if posted else None, days=days)
    if posted and form.is_valid():
        try:
            found = actions.enter_paper(
                placement,
                form.hours(),
                actor=request.user,
                scan=form.cleaned_data["scan"],
                note=form.cleaned_data["note"],
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            n = len(found.done)
            outcome_of(found, _("Entered from paper: %(count)s") % {"count": n}).tell(request)
            return redirect("internships:diary", uid=placement.uid)
    context = {
        "placement": placement,
        "form": form,
        "rows": [form[f"d{day:%Y%m%d}"] for day in days],
        "first": days[0],
        "last": days[-1],
    }
    return render(request, "internships/diary/paper.html", context, status=422 if form.is_bound else 200)


def _open_week(placement: Placement) -> tuple[date, date]:
    """The week that a paper most likely holds: the first one in which nothing is confirmed."""
    confirmed = set(placement.diary.filter(state="confirmed").values_list("date", flat=True))
    last = min(today(), placement.last_day or placement.ends)
    done = {monday_of(day) for day in confirmed}
    monday = monday_of(placement.starts)
    while monday + timedelta(days=7) <= last and monday in done:
        monday += timedelta(days=7)
    return max(monday, placement.starts), max(min(monday + timedelta(days=6), last), placement.starts)


# The mentor's link ------------------------------------------------------------------------------------
@login_required
@require_POST
def link(request: HttpRequest, uid: Any) -> HttpResponse:
    """Send the link to the mentor, make a new one, or take it back."""
    placement = access(Placement.objects.with_rows(), uid, request.user)
    verb = request.POST.get("do", "")
    try:
        if verb == "send":
            sent = actions.send_mentor_link(placement, actor=request.user)
            words = (
                _("The link is on its way to the mentor.")
                if sent
                else _("The link was sent within this hour already.")
            )
            (messages.success if sent else messages.info)(request, words)
        elif verb == "renew":
            actions.renew_mentor_link(placement, actor=request.user)
            messages.success(request, _("The old link no longer opens; the new one is on its way."))
        elif verb == "revoke":
            actions.revoke_mentor_link(placement, actor=request.user)
            messages.success(request, _("The link no longer opens."))
        else:
            raise BadRequest
    except Blocked as blocked:
        messages.warning(request, str(blocked.reason))
    return redirect(placement)


def link_card(placement: Placement, user: Any) -> dict[str, Any] | None:
    """What the placement's page says of the mentor's link, to whom it concerns; the address to nobody.

    `placement` was read with `links.link_made()` and `links.link_used()`.
    """
    if placement.mentor_id is None or not rules.sends_mentor_link(user, placement):
        return None
    made, used = placement.link_made, placement.link_used  # type: ignore[attr-defined]
    renews = rules.runs_placement(user, placement)
    # Once the mark is given nothing is left to do behind it, and it can only be taken back.
    sends = placement.state not in (PlacementState.ASSESSED, PlacementState.CANCELLED)
    if not sends and not (renews and made is not None):
        return None
    return {
        "live": {"created": made, "last_used": used} if made is not None else None,
        "sends": sends,
        "renews": renews,
        "reachable": bool(address_of(placement.mentor)),
    }
