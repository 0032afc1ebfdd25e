"""The text on personal data, agreeing to it, and the language of the pages."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerships.accounts import actions
from partnerships.accounts.forms import AgreeForm
from partnerships.accounts.middleware import CONSENT_CHECKED, remember_language
from partnerships.accounts.models import Consent, ConsentText, Language
from partnerships.common.addresses import asked_next
from partnerships.common.paging import SIZES
from partnerships.common.prose import to_html, with_headings
from partnerships.common.text import key_of


def _said(text: ConsentText | None) -> dict[str, Any]:
    """The text in the reader's language, as its pages show it: its first line is the title."""
    if text is None:
        return {"text": None, "title": ""}
    body = text.body_en if (get_language() or "az").startswith("en") else text.body_az
    title, _end, rest = body.strip().partition("\n")
    return {"text": text, "title": title.lstrip("# ").strip(), "body": to_html(with_headings(rest))}


@require_GET
def personal_data(request: HttpRequest) -> HttpResponse:
    number = request.GET.get("version", "")
    text = (
        get_object_or_404(ConsentText, number=key_of(number))
        if number.isdecimal()
        else ConsentText.objects.first()
    )
    return render(request, "accounts/personal_data.html", _said(text))


@login_required
@require_http_methods(["GET", "POST"])
def personal_data_agree(request: HttpRequest) -> HttpResponse:
    """Where somebody is led when the text has changed since they agreed, or they have taken that back."""
    text = ConsentText.objects.first()
    if text is None or actions.has_agreed(request.user):  # type: ignore[arg-type]
        return redirect(asked_next(request))
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.agree(request.user, text, ip=get_adapter().get_client_ip(request))  # type: ignore[arg-type]
        request.session.pop(CONSENT_CHECKED, None)
        return redirect(asked_next(request))
    before = Consent.objects.filter(user_id=request.user.pk, text__number__lt=text.number).order_by(
        "-text__number"
    )
    taken_back = Consent.objects.filter(user_id=request.user.pk, text=text, withdrawn_at__isnull=False)
    context = {
        **_said(text),
        "form": form,
        "next": asked_next(request),
        "taken_back": taken_back.exists(),
        "before": before.values_list("text__number", flat=True).first(),
    }
    return render(request, "accounts/personal_data_agree.html", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language in the cookie and, for who has signed in, on the account."""
    language = request.POST.get("language", "")
    back = asked_next(request)
    path, _mark, query = back.partition("?")
    # ?lang= in the address would win over the choice just made.
    query = "&".join(part for part in query.split("&") if part and not part.startswith("lang="))
    response = redirect(f"{path}?{query}" if query else path)
    if language in Language.values:
        if request.user.is_authenticated:
            actions.set_language(request.user, language)
        remember_language(response, language)
    return response


@require_POST
@login_required
def set_page_size(request: HttpRequest) -> HttpResponse:
    """Keeps how many rows a page of lists has; leads back to the list, to its first row."""
    size = request.POST.get("size", "")
    if size not in map(str, SIZES):
        raise BadRequest
    actions.set_page_size(request.user, int(size), actor=request.user)  # type: ignore[arg-type]
    return redirect(asked_next(request))
