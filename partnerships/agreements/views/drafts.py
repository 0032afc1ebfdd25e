"""Making and changing drafts: a framework agreement, an amendment."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.agreements import actions, forms, reports, rules
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.views.acts import found
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An agreement of one's organisation with partners; the type first where there are several."""
    types = reports.types_opened(request.user)
    if not types:
        raise Refused(
            _("Agreements are prepared by the partnership manager, human resources or coordinator.")
        )
    key = request.POST.get("type") or request.GET.get("type", "")
    chosen = next((one for one in types if one.key == key), None)
    if request.method == "POST" or len(types) == 1:
        chosen = chosen or types[0]
    if chosen is None:
        return render(request, "agreements/types.html", {"types": types})
    form_class = forms.FrameworkForm if chosen.kind.roles else forms.PartiesForm
    form = form_class(request.POST or None, user=request.user, of_type=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            made = _opened(chosen, form.values(), request.user)
        except ValidationError as error:
            forms.take_errors(form, error)
        else:
            messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
            return redirect(made)
    context = {
        "form": form,
        "heading": _("New agreement: %(type)s") % {"type": chosen.name},
        "intro": _("The text comes from the present template. You read it before it is sent for signing."),
        "button": _("Make the draft"),
        "hidden": {"type": chosen.key},
    }
    return render(request, "agreements/form.html", context, status=_status(form))


def _opened(chosen: AgreementType, values: dict[str, Any], user: Any) -> Agreement:
    if chosen.kind.roles:
        owner, partners = values.pop("company"), [values.pop("university")]
    else:
        owner, partners = values.pop("owner"), list(values.pop("partners"))
    return actions.open_between(chosen, owner, partners, actor=user, **values)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A partner asks a company for an agreement."""
    if not reports.speaks_for(request.user).exists():
        raise Refused(_("Agreements are proposed by coordinators, human resources and leadership."))
    form = forms.ProposeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose(actor=request.user, **form.values())
        except ValidationError as error:
            forms.take_errors(form, error)
        else:
            messages.success(request, _("Proposed: the other side answers. You are told."))
            return redirect(made)
    context = {
        "form": form,
        "heading": _("Propose an agreement"),
        "intro": _("The other side takes it up and prepares the text, or says why not."),
        "button": _("Propose"),
    }
    return render(request, "agreements/form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """A draft: its term, special terms and who signs for whom."""
    shown = found(request, uid, rules.manages)
    if shown.state != AgreementState.DRAFT:
        messages.info(request, _("This has already moved on; here is how it stands now."))
        return redirect(shown)
    form = forms.DraftForm(request.POST or None, agreement=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_draft(shown, actor=request.user, **_changed(form))
        except ValidationError as error:
            forms.take_errors(form, error)
        except (StaleState, IllegalTransition) as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("Saved."))
            return redirect(shown)
    context = {
        "agreement": shown,
        "form": form,
        "heading": _("Change the draft"),
        "button": _("Save"),
    }
    return render(request, "agreements/form.html", context, status=_status(form))


def _changed(form: forms.DraftForm) -> dict[str, Any]:
    names = ("version", "starts", "ends", "bilingual", "terms_az", "terms_en")
    drawn = [name for name in ("renew_months", "notice_days", "directions") if name in form.cleaned_data]
    values = {name: form.cleaned_data[name] for name in (*names, *drawn)}
    return {**values, "signatories": form.signatories()}


@login_required
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, uid: str) -> HttpResponse:
    """A new linked agreement with what changes."""
    shown = found(request, uid, rules.manages)
    form = forms.AmendForm(request.POST or None, agreement=shown)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.amend(shown, actor=request.user, **form.values())
        except ValidationError as error:
            forms.take_errors(form, error)
        except Blocked as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
            return redirect(made)
    context = {
        "agreement": shown,
        "form": form,
        "heading": _("Amend"),
        "intro": _(
            "An amendment is an agreement of its own, signed by the same parties in the same order. "
            "The old one holds until then and stays to be read."
        ),
        "button": _("Make the draft"),
    }
    return render(request, "agreements/form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, uid: str) -> HttpResponse:
    """A new linked agreement for the time after this one."""
    shown = found(request, uid, AGREEMENT.may("renew"))
    form = forms.RenewForm(request.POST or None, agreement=shown)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.renew(shown, actor=request.user, **form.values())
        except ValidationError as error:
            forms.take_errors(form, error)
        except Blocked as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
            return redirect(made)
    context = {
        "agreement": shown,
        "form": form,
        "heading": _("Renew"),
        "intro": _(
            "A renewal is an agreement of its own, signed by the same parties. The old one holds to its end "
            "and stays to be read; its obligations are carried over."
        ),
        "button": _("Make the draft"),
    }
    return render(request, "agreements/form.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
