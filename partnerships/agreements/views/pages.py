"""An agreement's page, its texts, and its verbs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from partnerships.agreements import actions, forms, reports, rules
from partnerships.agreements.actions.freezing import preview
from partnerships.agreements.enums import AgreementKind, AgreementState
from partnerships.agreements.history import history_of
from partnerships.agreements.models import Agreement, AgreementText
from partnerships.agreements.moves import move_of, state_shown, steps_of
from partnerships.agreements.printing import agreement_pdf
from partnerships.agreements.texts import to_html
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.access import access
from partnerships.common.refusals import Blocked, Missing
from partnerships.common.templatetags.ui import due_kind
from partnerships.documents.printing import pdf_response

UNDER = 50


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
class Side:
    """A party with its signature under the present text, if any."""

    party: Any
    signature: Any
    now: bool
    named: list[Any]


@login_required
@require_GET
def agreement(request: HttpRequest, uid: str) -> HttpResponse:
    user = request.user
    shown = found(request, uid)
    move = move_of(shown, user)
    state, kind = state_shown(shown)
    chain = list(reports.chain_of(shown)) if shown.root_id or shown.state != AgreementState.DRAFT else []
    under = Agreement.objects.none()
    if shown.kind != AgreementKind.PLACEMENT:
        under = reports.under(shown).visible_to(user).with_rows()[:UNDER]  # type: ignore[attr-defined]
    context = {
        "agreement": shown,
        "move": move,
        "since_kind": due_kind(shown.turn_since) if move.mine else "",
        "state": state,
        "state_kind": "move" if move.mine else kind,
        "steps": steps_of(shown),
        "buttons": buttons(shown, user),
        "sides": _sides(shown),
        "texts": list(shown.texts.select_related("template_version")),
        "draft_text": _draft_text(shown),
        "chain": [one for one in chain if one.pk != shown.pk and _seen(one, user)],
        "under": [(one, *state_shown(one)) for one in under],
        "history": history_of(shown),
        "documents": _documents(shown),
        "subject_url": _subject_url(shown, user),
        "parent_seen": shown.parent is not None and _seen(shown.parent, user),
        "manages": rules.manages(user, shown),
    }
    return render(request, "agreements/agreement.html", context)


def _seen(one: Agreement, user: Any) -> bool:
    return Agreement.objects.visible_to(user).filter(pk=one.pk).exists()


def _sides(shown: Agreement) -> list[Side]:
    sides = []
    for party in shown.in_order:
        signature = shown.signed_by(party) if shown.state != AgreementState.DRAFT else None
        now = shown.state == AgreementState.SIGNING and shown.awaiting_id == party.pk
        sides.append(Side(party, signature, now, reports.signers_of(party) if now else []))
    return sides


def _draft_text(shown: Agreement) -> Any:
    """The text as it would be sent now; only while it is a draft."""
    if shown.state != AgreementState.DRAFT:
        return None
    az = preview(shown, "az")
    en = preview(shown, "en") if shown.bilingual else ("", "")
    return {"title_az": az[0], "html_az": to_html(az[1]), "title_en": en[0], "html_en": to_html(en[1])}


def _documents(shown: Agreement) -> list[Any]:
    """Each scan once, though it may stand for several signatures."""
    scans = {one.document_id: one.document for one in shown.signatures.all() if one.document_id}
    return list(scans.values())


def _subject_url(shown: Agreement, user: Any) -> str:
    """The page of what it stands for, to who may open it."""
    subject: Any = shown.subject if shown.content_type_id else None
    if not hasattr(subject, "get_absolute_url"):
        return ""
    seen = type(subject)._default_manager.visible_to(user).filter(pk=subject.pk).exists()
    return subject.get_absolute_url() if seen else ""


@login_required
@require_GET
def text(request: HttpRequest, uid: str, number: int) -> HttpResponse:
    """One version of the text, also one that was returned."""
    shown = found(request, uid)
    one = get_object_or_404(
        AgreementText.objects.select_related("template_version"), agreement=shown, number=number
    )
    signed = [signature for signature in shown.signatures.all() if signature.text_id == one.pk]
    context = {"agreement": shown, "text": one, "signed": signed, "current": one.pk == shown.text_id}
    return render(request, "agreements/text.html", context)


@login_required
@require_GET
def pdf(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The present text on paper, with place for signatures and what was signed in the portal."""
    shown = found(request, uid)
    if shown.text is None:
        raise Http404
    return pdf_response(agreement_pdf(shown), shown.number.replace("/", "-"), inline=True)


# Verbs ----------------------------------------------------------------------------------------------


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
PAGES = {"sign": "agreements:sign", "paper": "agreements:paper"}
PRIMARY = ("sign", "send")


def buttons(shown: Agreement, user: Any) -> list[Button]:
    """The verbs of the page, the primary one first; editing and amending stand beside them."""
    drawn = []
    offered = AGREEMENT.available(shown, user)
    free = [item.name for item in offered if item.refusal is None]
    first = next((name for name in PRIMARY if name in free), "")
    for item in offered:
        if item.name not in ACTS and item.name not in PAGES:
            continue
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
    if shown.state == AgreementState.DRAFT:
        return [Button("edit", _("Change"), reverse("agreements:edit", args=[shown.uid]), "btn-quiet")]
    if shown.state == AgreementState.IN_FORCE and shown.content_type_id is None and not shown.open_amendment:
        return [Button("amend", _("Amend"), reverse("agreements:amend", args=[shown.uid]), "btn-quiet")]
    return []


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
