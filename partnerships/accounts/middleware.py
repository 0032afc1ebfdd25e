"""The language of a page, the second factor of the staff, and codes whose reason has gone."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.accounts import actions, codes
from partnerships.accounts.second_factor import lacks_second_factor

_CODES = {code for code, _name in settings.LANGUAGES}


class PrivateMiddleware:
    """What somebody sees once signed in is theirs: no proxy keeps it, and a browser asks first.

    Not `no-store`: going back in a long list stays instant.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    """In this browser, for a year."""
    if settings.LANGUAGE_COOKIE_NAME not in response.cookies:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=60 * 60 * 24 * 365,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.PRODUCTION,
            httponly=True,
            samesite="Lax",
        )


class LanguageMiddleware:
    """The address's ?lang=, else the account's language, else the cookie's, else Azerbaijani.

    Never the browser's header: most phones here are set to Russian or English by their shop. The cookie
    follows the account: while the database is away, it alone knows in which language to say so. A visitor who
    came by an address with ?lang= reads on in that language; an account keeps its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._choose(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            spoken = translation.get_language() or language  # a token's owner may have another
        response.headers.setdefault("Content-Language", spoken)
        keep = self._to_keep(request)
        if keep and keep != request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""):
            remember_language(response, keep)
        return response

    def _to_keep(self, request: HttpRequest) -> str:
        """What this browser is to remember: of an account its language, of a visitor the one asked for."""
        asked = request.GET.get("lang", "")
        if request.user.is_authenticated:
            return "" if asked else request.user.language
        return asked if asked in _CODES else ""

    def _choose(self, request: HttpRequest) -> str:
        asked = request.GET.get("lang", "")
        if asked in _CODES:
            return asked
        if request.user.is_authenticated:
            return request.user.language
        remembered = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return remembered if remembered in _CODES else settings.LANGUAGE_CODE


class SecondFactorMiddleware:
    """Leads staff without a second factor to enrol before they enter the administration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        inside = request.path_info.startswith("/admin/")
        if inside and user.is_authenticated and lacks_second_factor(user):
            messages.info(
                request, _("Set up a second factor first: the administration is open only with it.")
            )
            return redirect("mfa_index")
        return self.get_response(request)


class LateCodesMiddleware:
    """A code opens nothing once the account that it was sent for is another than it was (`codes`).

    Who comes with one that is over is told so: django-allauth shows them another page without a word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        page = (match and match.url_name) or ""
        if page not in codes.PAGES:
            return
        comes_with_one = request.method == "POST" or codes.waits(request, page)
        codes.end_late_ones(request)
        if comes_with_one and not codes.waits(request, page):
            messages.warning(request, self._over(page, request.user.is_authenticated))

    @staticmethod
    def _over(page: str, signed_in: bool) -> str:
        if page == "account_email_verification_sent" and not signed_in:
            return _(
                "This code no longer works: it was used, or its hour is over. Sign in: a new one is sent."
            )
        return _("This code no longer works: it was used, or its hour is over. Ask for a new one.")


CONSENT_CHECKED = "consent_checked"
_CONSENT_EVERY = 600  # seconds between two looks at the newest text


class ConsentMiddleware:
    """Leads whoever has not agreed to the newest text on personal data to it before they go on.

    Only when a page is opened: a form that is being sent is never lost to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and self._opens_page(request) and request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(CONSENT_CHECKED, 0) > _CONSENT_EVERY:
                if not actions.has_agreed(request.user):
                    address = (
                        f"{reverse('personal_data_agree')}?{urlencode({'next': request.get_full_path()})}"
                    )
                    return redirect(address)
                request.session[CONSENT_CHECKED] = now
        return self.get_response(request)

    def _opens_page(self, request: HttpRequest) -> bool:
        free = (
            "/personal-data/",
            "/profile/data/",  # without consent too, everybody gets their data and may have them erased
            "/accounts/",
            "/api/",
            "/static/",
            "/healthz/",
            "/readyz/",
            "/admin/jsi18n/",
        )
        if request.path_info.startswith(free) or "HX-Request" in request.headers:
            return False
        return request.headers.get("Sec-Fetch-Dest", "document") == "document"
