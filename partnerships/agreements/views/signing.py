"""Reading and signing."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.agreements import actions, rules
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.forms import PaperForm, SignForm
from partnerships.agreements.models import Agreement
from partnerships.agreements.views.acts import found
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.clock import today
from partnerships.common.forms import take
from partnerships.common.pages import form_page, posted
from partnerships.common.refusals import Blocked, IllegalTransition
from partnerships.directory.access import access_of
from partnerships.workflow.pages import not_due


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, uid: str) -> HttpResponse:
    """The whole text, one's name, one tick, one press."""
    shown = found(request, uid, rules.is_party)
    person = request.user.person  # type: ignore[union-attr]
    asked = {"name": person.full_name, "person": person, "party": rules.party_to_sign(request.user, shown)}
    form = SignForm(request.POST if request.method == "POST" else None, initial=_read(shown), **asked)
    changed = ""
    if request.method == "POST":
        if _has_signed(shown, request.user, request.POST.get("text_hash", "")):
            messages.info(request, _("You have signed already."))
            return redirect(shown)
        if form.is_valid():
            try:
                return _signed(request, shown, form)
            except ValidationError as error:
                take(form, error)
            except Blocked as blocked:
                changed = str(blocked.reason) if blocked.refusal.code == "text_changed" else ""
                form.add_error(None, str(blocked.reason))
        shown = found(request, uid)
    if changed:
        # What was typed is kept; the new text has to be read, so the tick is not.
        typed = {one: request.POST.get(one, "") for one in ("legal_name", "position")}
        form = SignForm(initial={**_read(shown), **typed}, **asked)
    offered = _offered(shown, request.user, "sign")
    if offered is None:
        return not_due(request, shown, "sign", shown.get_absolute_url(), _why_not(shown, request.user))
    context = {
        "agreement": shown,
        "text": shown.text,
        "form": form,
        "changed": changed,
        "offered": offered,
        "party": rules.party_to_sign(request.user, shown),
        "paper": offered.refusal is None,
        "returns": _offered(shown, request.user, "return"),
    }
    status = 409 if changed else 422 if form.is_bound and form.errors else 200
    return render(request, "agreements/sign.html", context, status=status)


def _why_not(shown: Agreement, user: Any) -> str:
    """Why there is nothing to sign for somebody of a party: a colleague was quicker, or it has moved on."""
    for party in rules.parties_of(user, shown):
        if signature := shown.signed_by(party):
            return _("Your party has signed already: %(name)s") % {"name": signature.legal_name}
    return AGREEMENT.not_due(shown)


def _read(shown: Agreement) -> dict[str, str]:
    return {"text_hash": shown.text.sha256 if shown.text else ""}


def _offered(shown: Agreement, user: Any, verb: str) -> Any:
    return next((item for item in AGREEMENT.available(shown, user) if item.name == verb), None)


def _signed(request: HttpRequest, shown: Agreement, form: SignForm) -> HttpResponse:
    read = form.cleaned_data["text_hash"]
    try:
        after = actions.sign(
            shown,
            actor=request.user,
            text_hash=read,
            legal_name=form.cleaned_data["legal_name"],
            position=form.cleaned_data.get("position", ""),
            ip=get_adapter().get_client_ip(request),
        )
    except (Blocked, IllegalTransition):
        # The second of two presses: the first has done what both meant.
        if not _has_signed(found(request, shown.uid), request.user, read):
            raise
        messages.info(request, _("You have signed already."))
        return redirect(shown)
    messages.success(request, _signed_words(after))
    return redirect(after)


def _signed_words(after: Agreement) -> str:
    if after.state == AgreementState.IN_FORCE and after.starts > today():
        return _("Signed. All parties have signed: the agreement holds from its first day on.")
    if after.state == AgreementState.IN_FORCE:
        return _("Signed. All parties have signed: the agreement is in force.")
    return _("Signed. Signs next: %(party)s") % {"party": after.awaiting.name if after.awaiting else ""}


def _has_signed(shown: Agreement, user: Any, read: str) -> bool:
    """Whether this person has signed the text with this fingerprint for every party of theirs."""
    person_id = access_of(user).person_id
    mine = [one for one in shown.signatures_now if one.person_id == person_id and one.sha256 == read]
    return bool(mine) and rules.party_to_sign(user, shown) is None


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, uid: str) -> HttpResponse:
    """The scan of a paper: for oneself when it is one's turn, for all by who keeps the agreement."""
    shown = found(request, uid, rules.is_party | rules.manages)
    own, whole = _offered(shown, request.user, "sign"), _offered(shown, request.user, "paper")
    if own is None and whole is None:
        return not_due(request, shown, "paper", shown.get_absolute_url(), AGREEMENT.not_due(shown))
    # Who keeps the agreement and is not on turn comes for the paper of all.
    turn = own is not None and own.refusal is None
    for_all = whole is not None and (not turn or "all" in request.GET or "all" in request.POST)
    left = [party for party in shown.in_order if not shown.signed_by(party)]
    form = PaperForm(
        *posted(request),
        parties=left,
        own_name=not for_all,
        own=rules.party_to_sign(request.user, shown),
        person=request.user.person,  # type: ignore[union-attr]
        initial=_read(shown),
    )
    return form_page(
        request,
        form,
        lambda **_values: _entered(request, shown, form, for_all=for_all),
        heading=_("Enter a signed paper"),
        back=shown.get_absolute_url(),
        done=_signed_words,
        template="agreements/paper.html",
        agreement=shown,
        for_all=for_all,
        offered=whole if for_all else own,
        both=own is not None and whole is not None,
    )


def _entered(request: HttpRequest, shown: Agreement, form: PaperForm, *, for_all: bool) -> Agreement:
    values = {
        "actor": request.user,
        "scan": form.cleaned_data["scan"],
        "signed_on": form.cleaned_data["signed_on"],
        "ip": get_adapter().get_client_ip(request),
        "text_hash": form.cleaned_data["text_hash"],
    }
    if for_all:
        return actions.enter_paper(shown, names=form.names(), positions=form.positions(), **values)
    typed = {one: form.cleaned_data.get(one, "") for one in ("legal_name", "position")}
    return actions.sign(shown, **typed, **values)
