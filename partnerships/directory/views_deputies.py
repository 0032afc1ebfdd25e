"""Who stands in for me, and for whom I stand in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.common.access import access
from partnerships.common.refusals import Blocked
from partnerships.directory import actions, reports
from partnerships.directory.access import access_of
from partnerships.directory.forms_deputies import DeclineForm, DeputyForm, EndForm
from partnerships.directory.models import Affiliation, Deputyship
from partnerships.directory.workflow import DEPUTYSHIP

SHOWN = 50
# The field beside which a refusal stands.
FIELDS = {"stranger": "deputy", "dates": "ends", "long": "ends", "beyond": "ends", "twice": "starts"}


def _chosen(request: HttpRequest, roles: list[Affiliation]) -> Affiliation | None:
    """The role that is passed on: the one named, or the only one where none is named."""
    named = request.POST.get("role") or request.GET.get("role", "")
    found = next((row for row in roles if str(row.uid) == named), None)
    only = len(roles) == 1 and not (named and request.method == "POST")
    return roles[0] if found is None and only else found


@login_required
@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """Both lists, and the form of a new one where there is a role to pass on."""
    person_id = access_of(request.user).person_id
    roles = list(actions.passed_on_by(person_id)) if person_id is not None else []
    chosen = _chosen(request, roles)
    form = None
    if chosen is not None:
        people = actions.colleagues_of(chosen)
        form = DeputyForm(request.POST if request.method == "POST" else None, people=people, role=chosen)
    if request.method == "POST":
        if form is None or chosen is None:
            raise Http404
        if form.is_valid():
            values = {key: value for key, value in form.cleaned_data.items() if key != "role"}
            try:
                made = actions.name_deputy(chosen, actor=request.user, **values)
            except Blocked as error:
                form.add_error(FIELDS.get(error.refusal.code), error.reason)
            else:
                messages.success(request, _("Named: %(name)s") % {"name": made.deputy.name})
                return redirect("deputies")
    shown = reports.deputyships_of(person_id)[:SHOWN]
    context = {
        "form": form,
        "roles": roles,
        "chosen": chosen,
        "rows": [(row, DEPUTYSHIP.available(row, request.user)) for row in shown],
    }
    return render(request, "directory/deputies.html", context, status=422 if form and form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def deputy_act(request: HttpRequest, uid: Any, verb: str) -> HttpResponse:
    """Decline, or end before the last day."""
    row = access(Deputyship.objects.select_related("holder", "deputy"), uid, request.user)
    offered = next((o for o in DEPUTYSHIP.available(row, request.user) if o.name == verb), None)
    if offered is None:
        raise Http404
    kind = DeclineForm if verb == "decline" else EndForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if verb == "decline":
            actions.decline_deputyship(row, actor=request.user, note=form.cleaned_data["note"])
            said = _("Declined: %(name)s reads why.") % {"name": row.holder.name}
        else:
            actions.end_deputyship(row, actor=request.user)
            said = _("Ended: %(name)s stands in for you no longer.") % {"name": row.deputy.name}
        messages.success(request, said)
        return redirect("deputies")
    context = {"offered": offered, "form": form, "back": reverse("deputies"), "intro": _intro(row, verb)}
    return render(request, "act.html", context, status=422 if form.errors else 200)


def _intro(row: Deputyship, verb: str) -> str:
    if verb == "decline":
        return _("The holder reads why and names somebody else: %(name)s") % {"name": row.holder.name}
    return _("From now on this deputy does not stand in for you: %(name)s") % {"name": row.deputy.name}
