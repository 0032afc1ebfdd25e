"""The verbs of an agreement: their buttons, and the page that asks what each needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partnerships.agreements import actions, forms, rules
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.access import access
from partnerships.common.refusals import Blocked, Missing


def found(request: HttpRequest, uid: Any, may: Any = None) -> Agreement:
    return access(Agreement.objects.with_rows(), uid, request.user, may)


@dataclass(frozen=True)
class Button:
    name: str
    label: str
    url: str
    css: str
    why: str = ""


@dataclass(frozen=True)
class Act:
    """A verb as a page does it: what it calls, what is said afterwards and before, what it asks."""

    run: Callable[[Agreement, Any, dict[str, Any]], Any]
    done: Any
    form: type[django_forms.Form] = django_forms.Form
    intro: Any = ""


ACTS = {
    "send": Act(
        lambda it, user, v: actions.send(it, actor=user, **v),
        gettext_lazy("Sent: the first party is asked to sign."),
        intro=gettext_lazy(
            "The text is fixed now and gets its fingerprint. The parties sign in their order; each is told "
            "when it is their turn."
        ),
    ),
    "withdraw": Act(
        lambda it, user, v: actions.withdraw(it, actor=user, **v),
        gettext_lazy("Withdrawn."),
        forms.NoteForm,
        gettext_lazy("It will not come into force. Whoever was asked to sign is told."),
    ),
    "return": Act(
        lambda it, user, v: actions.return_to_draft(it, actor=user, **v),
        gettext_lazy("Returned with your reason."),
        forms.ReasonForm,
        gettext_lazy(
            "The text becomes a draft again. Once changed it is sent as a new text, and all parties sign "
            "anew."
        ),
    ),
    "terminate": Act(
        lambda it, user, v: actions.terminate(it, actor=user, **v),
        gettext_lazy("Ended. All parties are told."),
        forms.ReasonForm,
        gettext_lazy("The agreement ends today, before its time. This cannot be taken back."),
    ),
}
ACTS.update(
    {
        "take_up": Act(
            lambda it, user, v: actions.take_up(it, actor=user, **v),
            gettext_lazy("It is a draft now. Check the text and who signs, then send it."),
            intro=gettext_lazy("You prepare the text and answer for it; whoever proposed it is told."),
        ),
        "reject": Act(
            lambda it, user, v: actions.reject(it, actor=user, **v),
            gettext_lazy("Rejected with your reason."),
            forms.ReasonForm,
            gettext_lazy("There will be no agreement from this. Whoever asked for it is told why."),
        ),
        "to_legal": Act(
            lambda it, user, v: actions.to_legal(it, actor=user, **v),
            gettext_lazy("Sent to legal review."),
            intro=gettext_lazy("The text is fixed now, so that what is passed is what is signed."),
        ),
        "to_approval": Act(
            lambda it, user, v: actions.to_approval(it, actor=user, **v),
            gettext_lazy("Sent for approval."),
            intro=gettext_lazy("The text is fixed now, so that what is passed is what is signed."),
        ),
        "pass_on": Act(
            lambda it, user, v: actions.pass_review(it, actor=user, **v),
            gettext_lazy("Passed: it waits for approval."),
            forms.NoteForm,
        ),
        "clear": Act(
            lambda it, user, v: actions.pass_review(it, actor=user, **v),
            gettext_lazy("Passed: it can be sent for signing."),
            forms.NoteForm,
        ),
        "approve": Act(
            lambda it, user, v: actions.approve(it, actor=user, **v),
            gettext_lazy("Approved: it can be sent for signing."),
            forms.NoteForm,
        ),
        "rework": Act(
            lambda it, user, v: actions.rework(it, actor=user, **v),
            gettext_lazy("Back to the draft, with your reason."),
            forms.ReasonForm,
            gettext_lazy("The text that was read stays; the next one gets the next number."),
        ),
        "keep": Act(
            lambda it, user, v: actions.keep(it, actor=user, **v),
            gettext_lazy("Decided: it goes on."),
            forms.NoteForm,
            gettext_lazy(
                "Nothing has to be signed: it goes on as it stands, and you are asked again in time."
            ),
        ),
        "lapse": Act(
            lambda it, user, v: actions.lapse(it, actor=user, **v),
            gettext_lazy("Decided: it ends with its term. All parties are told."),
            forms.ReasonForm,
            gettext_lazy("It is not continued. It holds until its last day; what runs past that is listed."),
        ),
        "postpone": Act(
            lambda it, user, v: actions.postpone(it, actor=user, **v),
            gettext_lazy("Postponed: you are asked again on that day."),
            forms.PostponeForm,
            gettext_lazy("You are not reminded until the day that you name."),
        ),
        "reconsider": Act(
            lambda it, user, v: actions.reconsider(it, actor=user, **v),
            gettext_lazy("To be decided anew."),
            forms.ReasonForm,
        ),
    }
)
PAGES = {"sign": "agreements:sign", "paper": "agreements:paper", "renew": "agreements:renew"}
PRIMARY = ("sign", "send", "to_legal", "to_approval", "pass_on", "clear", "approve", "take_up")


def buttons(shown: Agreement, user: Any) -> list[Button]:
    """The verbs of the page, the primary one first; editing and amending stand beside them."""
    drawn = []
    offered = AGREEMENT.available(shown, user)
    free = [item.name for item in offered if item.refusal is None]
    first = next((name for name in PRIMARY if name in free), "")
    if shown.needs_decision and "renew" in free:
        first = "renew"
    for item in offered:
        if item.name not in ACTS and item.name not in PAGES:
            continue
        if item.name == "send" and item.refusal and item.refusal.code == "review_first":
            continue  # the look that comes first is offered in its place
        url = (
            reverse(PAGES[item.name], args=[shown.uid])
            if item.name in PAGES
            else reverse("agreements:act", args=[shown.uid, item.name])
        )
        css = "btn-primary" if item.name == first else "btn-quiet"
        if item.transition.danger:
            css = "btn-danger-quiet"
        why = str(item.refusal.reason) if item.refusal else ""
        drawn.append(Button(item.name, str(item.label), url, css, why))
    drawn += _beside(shown, user)
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


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """GET says what follows and asks what the verb needs, POST does it."""
    if verb not in ACTS:
        raise Http404
    shown = found(request, uid, AGREEMENT.may(verb))
    form = ACTS[verb].form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ACTS[verb].run(shown, request.user, form.cleaned_data)
        except ValidationError as error:
            forms.take_errors(form, error)
        except (Missing, Blocked) as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, str(ACTS[verb].done))
            return redirect(shown)
    offered = next((item for item in AGREEMENT.available(shown, request.user) if item.name == verb), None)
    if offered is None:
        messages.info(request, _("This has already moved on; here is how it stands now."))
        return redirect(shown)
    context = {
        "agreement": shown,
        "offered": offered,
        "intro": ACTS[verb].intro,
        "form": form,
        "back": shown.get_absolute_url(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "agreements/act.html", context, status=status)
