"""Obligations: written down by who keeps the agreement, fulfilled by who owes them."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.agreements import actions, forms, rules
from partnerships.agreements.models import Obligation
from partnerships.agreements.views.acts import found
from partnerships.agreements.views.drafts import page_of
from partnerships.common.access import access
from partnerships.common.pages import posted


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

    def run(version: Any = None, **values: Any) -> None:
        actions.add_obligation(shown, actor=request.user, **values)

    return page_of(
        request, shown, form, run, _("New obligation"), submit=_("Write down"), done=_("Written down.")
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Change what was written down."""
    row = _obligation(request, uid, _keeps)
    return page_of(
        request,
        row.agreement,
        forms.ObligationForm(request.POST or None, agreement=row.agreement, obligation=row),
        partial(actions.change_obligation, row, actor=request.user),
        _("Change the obligation"),
        template="agreements/obligation.html",
        drops=row if not row.fulfilments.all() else None,
        to=row.agreement.get_absolute_url(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    """Take away what was written down by mistake, with the reason where others have read it."""
    row = _obligation(request, uid, _keeps)
    sent = row.agreement.sent_at is not None
    return page_of(
        request,
        row.agreement,
        forms.DropForm(*posted(request), needed=sent),
        partial(actions.drop_obligation, row, actor=request.user),
        _("Take the obligation away"),
        template="agreements/fulfil.html",
        obligation=row,
        intro=_("It is reminded of no longer. The reason stays in the history, which all parties read.")
        if sent
        else "",
        submit=_("Take it away"),
        danger=True,
        done=_("Taken away."),
        to=row.agreement.get_absolute_url(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def fulfil(request: HttpRequest, uid: str) -> HttpResponse:
    """A part that was done, with what shows it."""
    row = _obligation(request, uid, rules.owes)
    return page_of(
        request,
        row.agreement,
        forms.FulfilForm(*posted(request), obligation=row),
        partial(actions.fulfil, row, actor=request.user),
        _("Enter what was done"),
        template="agreements/fulfil.html",
        obligation=row,
        submit=_("Enter"),
        done=_("Entered."),
        to=row.agreement.get_absolute_url(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def keepers(request: HttpRequest, uid: str) -> HttpResponse:
    """Who answers for the agreement, and the deputy."""
    shown = found(request, uid, rules.manages)
    form = forms.KeepersForm(request.POST or None, agreement=shown)
    run = partial(actions.hand_over, shown, actor=request.user)
    intro = _("They are reminded of the notice day first, the leadership thirty days before it.")
    return page_of(request, shown, form, run, _("Who answers for it"), intro=intro)
