"""The card of the safety admission, and the pages on which its parts are written down."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, rules
from internships.enums import ClearanceKind
from internships.forms.admitting import BriefingForm, ClearanceForm
from internships.models import Clearance, Placement
from internships.placement_conditions import still_changeable
from internships.views.placing.parts import Card, Reader
from partnerships.common.access import access
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refused
from partnerships.workflow.actors import as_actor

SOON = 30  # days before the end of validity from which a part is shown as running out
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Part:
    """One part of the admission as the page shows it."""

    kind: ClearanceKind
    clearance: Clearance | None
    state: str  # good | move | bad | "" (missing)
    words: Any
    url: str = ""


def card(reader: Reader) -> Card:
    placement = reader.placement
    may = reader.admits and still_changeable(placement, as_actor(reader.user)) is None
    parts = parts_of(placement, may=may)
    return Card(
        "internships/placement/_safety.html",
        {"parts": parts, "complete": bool(parts) and all(p.state in ("good", "move") for p in parts)},
    )


def parts_of(placement: Placement, *, may: bool) -> list[Part]:
    """Every part that the hazard class asks for, in the order in which it is done."""
    if placement.hazard is None:
        return []
    have = {clearance.kind: clearance for clearance in placement.clearances.all()}
    return [_part(placement, kind, have.get(kind), may) for kind in placement.hazard.required]


def _part(placement: Placement, kind: ClearanceKind, found: Clearance | None, may: bool) -> Part:
    url = reverse("internships:clearance", args=[placement.uid, kind]) if may else ""
    if found is None:
        return Part(kind, None, "", _("missing"), url)
    if not found.holds(today(), placement.hazard):  # type: ignore[arg-type]
        ran_out = found.valid_until is not None and found.valid_until < today()
        return Part(kind, found, "bad", _("no longer valid") if ran_out else _("not enough"), url)
    if found.valid_until is not None and (found.valid_until - today()).days <= SOON:
        return Part(kind, found, "move" if may else "", _("runs out"), url)
    return Part(kind, found, "good", pgettext("safety admission", "done"), url)


@login_required
@require_http_methods(["GET", "POST"])
def clearance(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """One part of one student: written down, or corrected."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.admits_placement)
    if placement.hazard is None or kind not in placement.hazard.required:
        raise Http404
    found = next((row for row in placement.clearances.all() if row.kind == kind), None)
    form = ClearanceForm(
        request.POST if request.method == "POST" else None, hazard=placement.hazard, kind=kind, found=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_clearance(placement, kind, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            messages.success(request, _("The safety admission is written down."))
            return redirect(placement.get_absolute_url() + "#safety")
    context = {
        "placement": placement,
        "form": form,
        "kind": ClearanceKind(kind),
        "hazard": placement.hazard,
        "reader": Reader(request.user, placement),
    }
    return render(
        request,
        "internships/placement/clearance.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


@login_required
@require_POST
def briefing(request: HttpRequest) -> HttpResponse:
    """One briefing of all the chosen students: first asked for, then written down for each."""
    chosen, back = chosen_placements(request), back_to_list(request)
    if not chosen:
        messages.warning(request, _("Nothing was chosen."))
        return redirect(back)
    if not any(rules.admits_placement(request.user, placement) for placement in chosen):
        raise Refused(_("Your role does not include this here."))
    form = BriefingForm(request.POST if "confirmed" in request.POST else None, placements=chosen)
    if form.is_valid():
        values = dict(form.cleaned_data)
        result = actions.record_clearances(chosen, values.pop("kinds"), actor=request.user, **values)
        words = ngettext(
            "Written down for %(count)d student.", "Written down for %(count)d students.", len(result.done)
        )
        told = words % {"count": len(result.done)}
        if not result.refused:
            messages.success(request, told)
            return redirect(back)
        context = {
            "told": told,
            "refused": result.refused,
            "label": _("Briefing of several students"),
            "back": back,
        }
        return render(request, "internships/placement/many_result.html", context)
    return render(
        request,
        "internships/placement/briefing.html",
        {"form": form, "chosen": chosen, "back": back},
        status=422 if form.is_bound else 200,
    )


def back_to_list(request: HttpRequest) -> str:
    """The list as it was narrowed; only our own parameters come back."""
    sent = request.POST if request.method == "POST" else request.GET
    address, query = reverse("internships:placements"), sent.get("query", "")[:2000]
    return f"{address}?{query}" if query else address


def chosen_placements(request: HttpRequest) -> list[Placement]:
    uids = request.POST.getlist("pick")
    if len(uids) > MOST_AT_ONCE:
        raise BadRequest
    try:
        rows = Placement.objects.visible_to(request.user).filter(uid__in=uids).with_rows()
        return list(rows.order_by("person__sort_key", "pk"))
    except (ValueError, ValidationError) as error:
        raise BadRequest from error
