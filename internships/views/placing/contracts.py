"""The contract of a placement: its card, and the pages on which it is opened and amended."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, rules
from internships.actions.contracting import CONTRACTED
from internships.contracts import drift
from internships.forms.contracting import ContractForm
from internships.models import Placement
from internships.views.placing.parts import Card, Reader
from partnerships.agreements.enums import LIVE_STATES, OPEN_STATES, AgreementKind, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import move_of, state_shown
from partnerships.common.access import access
from partnerships.common.refusals import Blocked


def card(reader: Reader) -> Card:
    """How the contract stands; whoever is no party reads only that, without a way to the text."""
    return Card("internships/placement/_contract.html", _shown(reader.placement, reader.user))


def _shown(placement: Placement, user: Any) -> dict[str, Any]:
    states = (*LIVE_STATES, AgreementState.TERMINATED)
    rows = list(Agreement.objects.about(placement).filter(state__in=states).order_by("pk").with_rows())
    signed = next((row for row in reversed(rows) if row.state == AgreementState.IN_FORCE), None)
    coming = next((row for row in reversed(rows) if row.state in OPEN_STATES), None)
    ended = next((row for row in reversed(rows) if row.state == AgreementState.TERMINATED), None)
    prepares = rules.runs_placement(user, placement) and placement.state in CONTRACTED
    may_open = prepares and coming is None and signed is None
    shown = coming or signed or (None if may_open else ended)
    changed = drift(placement, signed) if signed is not None and coming is None else []
    seen = shown is not None and Agreement.objects.visible_to(user).filter(pk=shown.pk).exists()
    return {
        "placement": placement,
        "contract": shown,
        "signed": signed,
        "amendment": shown is not None and shown.kind == AgreementKind.AMENDMENT,
        "seen": seen,
        "state": state_shown(shown) if shown else ("", ""),
        "move": move_of(shown, user) if shown and seen else None,
        "sides": [(party, shown.signed_by(party)) for party in shown.in_order] if shown else [],
        "changed": changed,
        "may_open": may_open,
        "ended_on": shown.ended_on if shown is not None and shown is ended else None,
        "may_amend": prepares and bool(changed),
    }


@login_required
@require_http_methods(["GET", "POST"])
def contract(request: HttpRequest, uid: str) -> HttpResponse:
    """Open the contract: what the placement says stands in it, four clauses may be worded otherwise."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.runs_placement)
    form = ContractForm(request.POST or None, placement=placement)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_contract(placement, actor=request.user, **form.values())
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
            return redirect(made)
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request, "internships/placement/contract.html", {"placement": placement, "form": form}, status=status
    )


@login_required
@require_POST
def contract_amend(request: HttpRequest, uid: str) -> HttpResponse:
    """A draft amendment with what has changed since the contract was signed."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.runs_placement)
    made = actions.amend_contract(placement, actor=request.user)
    messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
    return redirect(made)
