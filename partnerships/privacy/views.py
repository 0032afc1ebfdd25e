"""What is kept and why, for everybody; and for each person their own data."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerships.accounts.actions import withdraw_consent
from partnerships.accounts.middleware import CONSENT_CHECKED
from partnerships.accounts.models import Consent
from partnerships.common.pages import drawn_anew
from partnerships.common.refusals import Blocked
from partnerships.directory.door import own_person
from partnerships.documents.models import DocumentView
from partnerships.privacy import actions, links, reports
from partnerships.privacy.forms import EraseForm

LOOKS = 10


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, who sees it and until when."""
    return render(request, "privacy/kept.html", {"kinds": reports.kept_kinds()})


@require_GET
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """All that somebody can know and do about their own data."""
    person = own_person(request)
    consents = Consent.objects.filter(user=request.user).select_related("text").order_by("-text__number")  # type: ignore[misc]
    context: dict[str, Any] = {
        "person": person,
        "copy": reports.copy_state(person),
        "erasure": reports.open_erasure(person),
        "blocks": actions.standing_against(person) if reports.open_erasure(person) else [],
        "counts": reports.counts_of(person),
        "consents": consents,
        "agreed": any(consent.withdrawn_at is None for consent in consents),
        "codes": reports.codes_of(person)[:LOOKS],
        "looks": DocumentView.objects.visible_to(request.user).with_people()[:LOOKS],
    }
    return render(request, "privacy/my_data.html", context)


@require_POST
@login_required
def copy(request: HttpRequest) -> HttpResponse:
    """Have a copy made."""
    actions.ask_for_copy(own_person(request), actor=request.user)
    return redirect("my_data")


@require_GET
@login_required
def copy_progress(request: HttpRequest) -> HttpResponse:
    """The moving part of the page, asked for every second; at the end it has the page drawn anew."""
    found = reports.copy_state(own_person(request))
    if not found.working:
        return drawn_anew()
    return render(request, "privacy/my_data.html#progress", {"copy": found})


@require_POST
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take every consent back; what follows is said on the page."""
    if withdraw_consent(request.user, actor=request.user):  # type: ignore[arg-type]
        request.session.pop(CONSENT_CHECKED, None)
        messages.success(
            request, _("Your consent is withdrawn. Before you go on in the portal you are asked again.")
        )
    return redirect("my_data")


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """What erasing means, what stands against it, and the request. The password or code was just given."""
    person = own_person(request)
    if reports.open_erasure(person) is not None:
        return redirect(reverse("my_data") + "#erase")
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_erasure(person, actor=request.user)
        except Blocked as error:
            form.add_error(None, error.reason)
        else:
            return redirect(reverse("my_data") + "#erase")
    context = {"form": form, "blocks": actions.standing_against(person), "days": settings.ERASURE_DAYS}
    return render(request, "privacy/erase.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def erase_cancel(request: HttpRequest) -> HttpResponse:
    """Call the erasure off."""
    found = reports.open_erasure(own_person(request))
    if found is None:  # called off already, in another window
        return redirect("my_data")
    actions.cancel_erasure(found, actor=request.user)
    messages.success(request, _("The erasure is called off. Everything stays as it is."))
    return redirect("my_data")


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody else entered about me, behind the link of the letter; and that I do not want it."""
    person = links.open_link(token)
    if request.method == "POST":
        if actions.refuse_listing(person, actor=links.actor_of(person)):
            return render(request, "privacy/listed_gone.html")
        messages.info(request, _("Those who entered you have been asked. Nothing is erased yet."))
        return redirect("listed", token=token)
    context = {
        "person": person,
        "shown": reports.entered(person),
        "rows": person.affiliations.select_related("organization__root").order_by("pk"),  # type: ignore[attr-defined]
        # What to do about it is said to who has an account; here those who entered the person are asked.
        "blocks": [block.what for block in actions.standing_against(person)],
    }
    response = render(request, "privacy/listed.html", context)
    response["Cache-Control"] = "private, no-store"
    # Under `no-referrer` a browser sends the form with "Origin: null", which is refused as forged.
    response["Referrer-Policy"] = "same-origin"
    return response
