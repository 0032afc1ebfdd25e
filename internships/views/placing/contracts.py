"""The contract of a placement: its card, and the pages on which it is opened and amended."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, rules
from internships.actions.contracting import CONTRACTED
from internships.contracts import drift
from internships.forms.contracting import ContractForm
from internships.models import Placement
from internships.views.placing.parts import Card, Reader
from internships.views.placing.safety import back_to_list, chosen_placements
from partnerships.agreements.enums import LIVE_STATES, OPEN_STATES, AgreementKind, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import own_move, state_shown
from partnerships.agreements.reports import framework_between, sides_of
from partnerships.agreements.rules import manages_for
from partnerships.common.access import access
from partnerships.common.refusals import Blocked, Refused
from partnerships.common.text import within


def card(reader: Reader) -> Card:
    """How the contract stands; whoever is no party reads only that, without a way to the text."""
    return Card("internships/placement/_contract.html", _shown(reader))


def _shown(reader: Reader) -> dict[str, Any]:
    placement, user, rows = reader.placement, reader.user, reader.contracts
    signed = next((row for row in reversed(rows) if row.state == AgreementState.IN_FORCE), None)
    coming = next((row for row in reversed(rows) if row.state in OPEN_STATES), None)
    ended = next((row for row in reversed(rows) if row.state == AgreementState.TERMINATED), None)
    prepares = rules.prepares_contract(user, placement) and placement.state in CONTRACTED
    may_open = prepares and coming is None and signed is None
    shown = coming or signed or (None if may_open else ended)
    amendable = signed is not None and coming is None and placement.state in CONTRACTED
    changed = drift(placement, signed) if amendable else []  # type: ignore[arg-type]
    sides = sides_of(shown, user) if shown else []
    seen = any(side.opens for side in sides)  # type: ignore[attr-defined]
    return {
        "placement": placement,
        "contract": shown,
        "signed": signed,
        "amendment": shown is not None and shown.kind == AgreementKind.AMENDMENT,
        "seen": seen,
        "state": state_shown(shown) if shown else ("", ""),
        "move": own_move(shown, user) if shown and seen else "",
        "sides": sides,
        "changed": [within(what, get_language() or "az") for what in changed],
        "may_open": may_open,
        "ended_on": shown.ended_on if shown is not None and shown is ended else None,
        "may_amend": prepares and signed is not None and bool(changed) and manages_for(user, signed.owner),
    }


@login_required
@require_http_methods(["GET", "POST"])
def contract(request: HttpRequest, uid: str) -> HttpResponse:
    """Open the contract: what the placement says stands in it, four clauses may be worded otherwise."""
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.prepares_contract)
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
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.prepares_contract)
    made = actions.amend_contract(placement, actor=request.user)
    messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
    return redirect(made)


# Of many at once -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One chosen practice before its contract is sent: what will stand in it, and what is not known yet."""

    placement: Placement
    contract: Agreement | None
    framework: Agreement | None
    lacking: list[str]

    @property
    def over(self) -> bool:
        """Whether it ended without a contract: none is made any more."""
        return self.contract is None and self.placement.state not in CONTRACTED

    @property
    def waits(self) -> bool:
        """Whether there is something to send."""
        drafted = self.contract is None or self.contract.state == AgreementState.DRAFT
        return drafted and self.placement.state in CONTRACTED

    @property
    def state(self) -> tuple[str, str]:
        return state_shown(self.contract) if self.contract is not None else ("", "")


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """The contracts of the chosen practices: first shown with what is missing, then prepared and sent."""
    chosen = chosen_placements(request)
    back = back_to_list(request)
    if not chosen:
        messages.warning(request, _("Nothing was chosen."))
        return redirect(back)
    if not any(rules.prepares_contract(request.user, placement) for placement in chosen):
        raise Refused(_("Your role does not include this here."))
    if "confirmed" not in request.POST:
        lines = _lines(chosen)
        context = {
            "lines": lines,
            "waiting": sum(line.waits for line in lines),
            "over": any(line.over for line in lines),
            "back": back,
        }
        return render(request, "internships/placement/contracts.html", context)
    result = actions.send_contracts(chosen, actor=request.user)
    count = len(result.sent)
    words = ngettext("Sent for signing: %(count)d contract", "Sent for signing: %(count)d contracts", count)
    if not result.already and not result.refused:
        messages.success(request, words % {"count": count})
        return redirect(back)
    context = {
        "told": words % {"count": count},
        "sent": result.sent,
        "already": [(placement, contract, *state_shown(contract)) for placement, contract in result.already],
        "refused": result.refused,
        "label": _("Contracts of several students"),
        "back": back,
    }
    return render(request, "internships/placement/contracts_sent.html", context)


def _lines(chosen: list[Placement]) -> list[Line]:
    kind = ContentType.objects.get_for_model(Placement)
    keys = [placement.pk for placement in chosen]
    rows = Agreement.objects.filter(content_type=kind, object_id__in=keys, state__in=LIVE_STATES)
    contracts = {row.object_id: row for row in rows.select_related("root").order_by("pk")}
    frameworks: dict[Any, Agreement | None] = {}

    def framework(placement: Placement) -> Agreement | None:
        if placement.university is None:
            return None
        key = (placement.university_id, placement.host_id, placement.starts)
        if key not in frameworks:
            frameworks[key] = framework_between(placement.university, placement.host, placement.starts)
        return frameworks[key]

    found = []
    for placement in chosen:
        under = framework(placement)
        lacking = []
        if placement.university is not None and under is None:
            lacking.append(_("a framework agreement that holds on the first day"))
        if placement.mentor_id is None:
            lacking.append(_("mentor"))
        if placement.university is not None and placement.supervisor_id is None:
            lacking.append(_("university supervisor"))
        found.append(Line(placement, contracts.get(placement.pk), under, lacking))
    return found
