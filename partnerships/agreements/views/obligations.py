"""Obligations: written down by who keeps the agreement, fulfilled by who owes them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.agreements import actions, forms, rules
from partnerships.agreements.models import Obligation
from partnerships.agreements.views.acts import found
from partnerships.common.access import access
from partnerships.common.refusals import Blocked, StaleState


def _obligation(request: HttpRequest, uid: Any, may: Any = None) -> Obligation:
    return access(Obligation.objects.with_rows(), uid, request.user, may)


def _keeps(user: Any, obligation: Obligation) -> bool:
    return rules.manages(user, obligation.agreement)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, uid: str) -> HttpResponse:
    """Who owes what, how much, by when."""
    shown = found(request, uid, rules.manages)
    form = forms.ObligationForm(request.POST or None, agreement=shown)
    if request.method == "POST" and form.is_valid():
        try:
            values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
            actions.add_obligation(shown, actor=request.user, **values)
        except ValidationError as error:
            forms.take_errors(form, error)
        except Blocked as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("Written down."))
            return redirect(shown)
    context = {"agreement": shown, "form": form, "heading": _("New obligation"), "button": _("Write down")}
    return render(request, "agreements/form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Change what was written down."""
    row = _obligation(request, uid, _keeps)
    form = forms.ObligationForm(request.POST or None, agreement=row.agreement, obligation=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_obligation(row, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            forms.take_errors(form, error)
        except (Blocked, StaleState) as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, _("Saved."))
            return redirect(row.agreement)
    context = {
        "agreement": row.agreement,
        "form": form,
        "heading": _("Change the obligation"),
        "button": _("Save"),
        "drops": row if not row.fulfilments.all() else None,
    }
    return render(request, "agreements/form.html", context, status=_status(form))


@login_required
@require_POST
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    """Take away what was written down by mistake."""
    row = _obligation(request, uid, _keeps)
    actions.drop_obligation(row, actor=request.user)
    messages.success(request, _("Taken away."))
    return redirect(row.agreement)


@login_required
@require_http_methods(["GET", "POST"])
def fulfil(request: HttpRequest, uid: str) -> HttpResponse:
    """A part that was done, with what shows it."""
    row = _obligation(request, uid, rules.owes)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.FulfilForm(*posted, obligation=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.fulfil(row, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            forms.take_errors(form, error)
        else:
            messages.success(request, _("Entered."))
            return redirect(row.agreement)
    return render(
        request,
        "agreements/fulfil.html",
        {"agreement": row.agreement, "obligation": row, "form": form},
        status=_status(form),
    )


@login_required
@require_http_methods(["GET", "POST"])
def keepers(request: HttpRequest, uid: str) -> HttpResponse:
    """Who answers for the agreement, and the deputy."""
    shown = found(request, uid, rules.manages)
    form = forms.KeepersForm(request.POST or None, agreement=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(shown, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            forms.take_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(shown)
    context = {
        "agreement": shown,
        "form": form,
        "heading": _("Who answers for it"),
        "intro": _("They are reminded of the notice day first, the leadership thirty days before it."),
        "button": _("Save"),
    }
    return render(request, "agreements/form.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
