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
from partnerships.agreements.views.pages import found
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A framework agreement of one's company with a university."""
    if not reports.opens_frameworks(request.user):
        raise Refused(_("Framework agreements are prepared by the company's partnership manager."))
    form = forms.FrameworkForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_framework(actor=request.user, **form.values())
        except ValidationError as error:
            forms.take_errors(form, error)
        else:
            messages.success(request, _("The draft is made. Check the text and who signs, then send it."))
            return redirect(made)
    context = {
        "form": form,
        "heading": _("New framework agreement"),
        "intro": _("The text comes from the present template. You read it before it is sent for signing."),
        "button": _("Make the draft"),
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
    values = {
        name: form.cleaned_data[name]
        for name in ("version", "starts", "ends", "bilingual", "terms_az", "terms_en")
    }
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


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
