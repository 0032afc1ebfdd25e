"""The verbs of an agreement: their buttons, and the page that asks what each needs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partnerships.agreements import actions, forms, rules
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement
from partnerships.agreements.whole import whole_agreement
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.access import demand
from partnerships.directory.door import key_seen
from partnerships.workflow import pages
from partnerships.workflow.pages import WHY, Act, Button


def found(request: HttpRequest, uid: Any, may: Any = None) -> Agreement:
    shown = whole_agreement(key_seen(Agreement, uid, request.user))
    if may is not None:
        demand(request.user, shown, may)
    return shown


def _asks_why(run: Any, done: Any, intro: Any = "", **more: Any) -> Act:
    """A verb with a reason, which all parties read unless `help` says otherwise; what else the table needs
    its action knows."""
    return Act(run, done, intro, asks=("note",), **{"help": gettext_lazy("All parties read it."), **more})


ACTS = {
    "send": Act(
        actions.send,
        gettext_lazy("Sent: the first party is asked to sign."),
        gettext_lazy(
            "The text is fixed now and gets its fingerprint. The parties sign in their order; each is told "
            "when it is their turn."
        ),
    ),
    "withdraw": Act(
        actions.withdraw,
        gettext_lazy("Withdrawn."),
        gettext_lazy("It will not come into force. Whoever was asked to sign is told."),
        note=gettext_lazy("Note"),
    ),
    "return": _asks_why(
        actions.return_to_draft,
        gettext_lazy("Returned with your reason."),
        gettext_lazy(
            "The text becomes a draft again. Once changed it is sent as a new text, and all parties sign "
            "anew."
        ),
    ),
    "terminate": _asks_why(
        actions.terminate,
        gettext_lazy("Ended. All parties are told."),
        gettext_lazy("The agreement ends today, before its time. This cannot be taken back."),
    ),
    "take_up": Act(
        actions.take_up,
        gettext_lazy("It is a draft now. Check the text and who signs, then send it."),
        gettext_lazy("You prepare the text and answer for it; whoever proposed it is told."),
    ),
    "reject": _asks_why(
        actions.reject,
        gettext_lazy("Rejected with your reason."),
        gettext_lazy("There will be no agreement from this. Whoever asked for it is told why."),
    ),
    "to_legal": Act(
        actions.to_legal,
        gettext_lazy("Sent to legal review."),
        gettext_lazy("The text is fixed now, so that what is passed is what is signed."),
    ),
    "to_approval": Act(
        actions.to_approval,
        gettext_lazy("Sent for approval."),
        gettext_lazy("The text is fixed now, so that what is passed is what is signed."),
    ),
    "pass_on": Act(
        actions.pass_review,
        gettext_lazy("Passed: it waits for approval."),
        gettext_lazy("Leadership is asked next to approve exactly this text."),
        note=gettext_lazy("Note"),
    ),
    "clear": Act(
        actions.pass_review,
        gettext_lazy("Passed: it can be sent for signing."),
        gettext_lazy("Whoever answers for it is told and sends exactly this text for signing."),
        note=gettext_lazy("Note"),
    ),
    "approve": Act(
        actions.approve,
        gettext_lazy("Approved: it can be sent for signing."),
        gettext_lazy("Whoever answers for it is told and sends exactly this text for signing."),
        note=gettext_lazy("Note"),
    ),
    "rework": _asks_why(
        actions.rework,
        gettext_lazy("Back to the draft, with your reason."),
        gettext_lazy("The text that was read stays; the next one gets the next number."),
        help=gettext_lazy("Whoever prepares it or looks at it here reads it; the parties do not."),
        missing=WHY,  # no other side reads it
        away="agreements:list",  # a draft is for who keeps it alone
    ),
    "keep": Act(
        actions.keep,
        gettext_lazy("Decided: it goes on."),
        gettext_lazy("Nothing has to be signed: it goes on as it stands, and you are asked again in time."),
        note=gettext_lazy("Note"),
    ),
    "lapse": _asks_why(
        actions.lapse,
        gettext_lazy("Decided: it ends with its term. All parties are told."),
        gettext_lazy("It is not continued. It holds until its last day; what runs past that is listed."),
    ),
    "postpone": Act(
        actions.postpone,
        gettext_lazy("Postponed: you are asked again on that day."),
        gettext_lazy("You are not reminded until the day that you name."),
        form=lambda data, _files, **_of: forms.PostponeForm(data),
    ),
    "reconsider": _asks_why(
        actions.reconsider,
        gettext_lazy("To be decided anew."),
        gettext_lazy("What was decided holds no longer; you are asked and reminded again until you decide."),
    ),
}
PAGES = {"sign": "agreements:sign", "paper": "agreements:paper", "renew": "agreements:renew"}
PRIMARY = ("sign", "send", "to_legal", "to_approval", "pass_on", "clear", "approve", "take_up")


def buttons(shown: Agreement, user: Any) -> list[Button]:
    """The verbs of the page, the primary one first; editing and amending stand beside them."""

    def url(verb: str) -> str:
        name = PAGES.get(verb)
        return reverse(name, args=[shown.uid]) if name else f"{shown.get_absolute_url()}{verb}/"

    # Where the look of the lawyers comes first, that is offered in place of sending; once it is decided what
    # comes after the term, the strip says so and deciding anew is offered in place of each decision.
    offered = [
        item
        for item in AGREEMENT.available(shown, user)
        if item.refusal is None or item.refusal.code not in ("review_first", "decided")
    ]
    first = ("renew", *PRIMARY) if shown.needs_decision else PRIMARY
    drawn = [*pages.buttons(offered, {*ACTS, *PAGES}, url, first), *_beside(shown, user)]
    return sorted(drawn, key=lambda button: (button.css != "btn-primary", "danger" in button.css))


def _beside(shown: Agreement, user: Any) -> list[Button]:
    if not rules.manages(user, shown):
        return []
    drawn: list[Button] = []
    if shown.state == AgreementState.DRAFT:
        drawn.append(Button("edit", _("Change"), reverse("agreements:edit", args=[shown.uid]), "btn-quiet"))
    standing = shown.state == AgreementState.IN_FORCE and shown.content_type_id is None
    if standing and not shown.open_amendment and not shown.live_renewal:
        drawn.append(Button("amend", _("Amend"), reverse("agreements:amend", args=[shown.uid]), "btn-quiet"))
    return drawn


def crumbs(shown: Agreement | None = None) -> list[tuple[Any, str]]:
    above = [(_("Agreements"), reverse("agreements:list"))]
    return [*above, (shown, shown.get_absolute_url())] if shown else above


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """GET says what follows and asks what the verb needs, POST does it."""
    shown = found(request, uid)
    return pages.verb_page(
        request, shown, verb, AGREEMENT, ACTS, crumbs=crumbs(shown), subheading=shown.title
    )
