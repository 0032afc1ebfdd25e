"""A practice's page, shared by everyone who may see it, and its verbs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from internships import rules
from internships.enums import PlacementState, ReportState
from internships.forms.acts import ActForm
from internships.models import Placement
from internships.placement_moves import owes_report, steps_of_placement
from internships.views.acts import Act, Button, buttons
from internships.views.placing.acts import ACTS, PRIMARY
from internships.views.placing.cards import cards_for
from internships.views.placing.facts import CHANGES
from internships.views.placing.parts import Card, Reader
from internships.whole_practice import whole_practice
from internships.workflow import PLACEMENT, REPORT
from partnerships.common.access import demand
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Missing
from partnerships.directory.door import key_seen

KINDS = {
    PlacementState.ACTIVE: "on",
    PlacementState.ASSESSED: "good",
    PlacementState.ENDED_EARLY: "bad",
    PlacementState.CANCELLED: "bad",
}

# The final mark has a page of its own, where what is known of the practice is in view.
MARKS = ("assess", "reopen_assessment")


def chip_of(placement: Placement, mine: bool) -> str:
    return "move" if mine else KINDS.get(PlacementState(placement.state), "")


@login_required
@require_GET
def placement(request: HttpRequest, uid: UUID) -> HttpResponse:
    user: Any = request.user
    found = whole_practice(key_seen(Placement, uid, user))
    reader = Reader(user, found)
    cards = cards_for(reader)
    context = {
        "placement": found,
        "programme": found.programme,
        "reader": reader,
        "move": reader.move,
        "sign_url": reader.to_sign.get_absolute_url() if reader.to_sign else "",
        "steps": steps_of_placement(found),
        "state_kind": chip_of(found, reader.move.mine),
        "buttons": [*_to_admission(reader), *_buttons(found, user)],
        "asked": _asked(cards) if reader.student else "",
        "cards": [card for card in cards if not card.side],
        "side": [card for card in cards if card.side],
    }
    return render(request, "internships/placement/page.html", context)


def _asked(cards: list[Card]) -> str:
    """What the university asks the student to change in the report: the strip says it, as the card does."""
    report = [card for card in cards if card.template == "internships/placement/_report.html"]
    return next((str(card.card.get("asked", "")) for card in report), "")


def _buttons(found: Placement, user: Any) -> list[Button]:
    def url(verb: str) -> str:
        return reverse(f"internships:{'mark' if verb in MARKS else 'placement_act'}", args=[found.uid, verb])

    own = buttons(PLACEMENT.available(found, user), {*ACTS, *MARKS}, url, first=PRIMARY, acts=ACTS)
    return [*_report_buttons(found, user), *own]


def _to_admission(reader: Reader) -> list[Button]:
    """To who is asked to renew the safety admission: where it is written down."""
    found = reader.placement
    if found.state != PlacementState.ACTIVE or not (reader.admits and found.missing_clearance(today())):
        return []
    return [Button("safety", _("To the safety admission"), "#safety", True, "btn-primary")]


def _report_buttons(found: Placement, user: Any) -> list[Button]:
    """What the strip asks of who owes a report, and of who marks one; the card has them too."""
    report = getattr(found, "report", None)
    if owes_report(found) and rules.is_placed(user, found):
        words = _("Go on with the report") if report is not None else _("Add the report")
        # While the practice runs, today's day of the diary comes first.
        css = "btn-primary" if found.state == PlacementState.FINISHED else "btn-quiet"
        return [Button("report", words, reverse("internships:report", args=[found.uid]), True, css)]
    if report is None or report.state != ReportState.SUBMITTED or not rules.marks_report(user, found):
        return []
    return [
        Button(
            name,
            str(REPORT[name].label),
            reverse("internships:report_act", args=[found.uid, name]),
            True,
            "btn-primary" if name == "accept" else "btn-quiet",
        )
        for name in ("accept", "return")
    ]


# Verbs ----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """GET asks what the verb needs, POST does it; nothing runs but what the tables of acts name."""
    if verb in CHANGES:
        label, may, done = CHANGES[verb]
    elif verb in ACTS:
        label, may, done = PLACEMENT[verb].label, PLACEMENT.may(verb), ACTS[verb]
    else:
        raise Http404
    found = whole_practice(key_seen(Placement, uid, request.user))
    demand(request.user, found, may)
    form = done.form(request.POST if request.method == "POST" else None, subject=found, user=request.user)
    if request.method == "POST" and form.is_valid() and _done(found, done, form, request.user):
        messages.success(request, str(done.done))
        return redirect(found)
    return _ask(request, found, verb, label, done, form)


def _done(found: Placement, done: Act, form: ActForm, user: Any) -> bool:
    """Whether it was done; what refuses it stands in the form."""
    try:
        done.run(found, user, form.values())
    except ValidationError as error:
        form.refuse(error)
    except Missing as missing:
        form.add_error(missing.field if missing.field in form.fields else None, str(missing.reason))
    except Blocked as blocked:
        form.add_error(None, str(blocked.reason))
    else:
        return True
    return False


def _ask(
    request: HttpRequest, found: Placement, verb: str, label: Any, done: Act, form: ActForm
) -> HttpResponse:
    """The page of a verb: what follows from it, what it needs, and the one button."""
    found = whole_practice(found.pk)
    offered: Any = {"label": label}  # what has no transition refuses by its form
    if verb in ACTS:
        offered = next((one for one in PLACEMENT.available(found, request.user) if one.name == verb), None)
        if offered is None:
            messages.info(request, PLACEMENT.not_due(found))
            return redirect(found)
    context = {
        "placement": found,
        "reader": Reader(request.user, found),
        "offered": offered,
        "intro": done.intro,
        "form": form,
        "back": found.get_absolute_url(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "internships/placement/act.html", context, status=status)
