"""The language of a page, and the second factor of the staff."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

_CODES = {code for code, _name in settings.LANGUAGES}


class LanguageMiddleware:
    """The address's ?lang=, else the account's language, else the cookie's, else Azerbaijani.

    Never the browser's header: most phones here are set to Russian or English by their shop.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._choose(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

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
        if (
            request.path.startswith("/admin/")
            and not settings.DEMO
            and user.is_authenticated
            and user.is_staff
        ):
            if not is_mfa_enabled(user):
                messages.info(
                    request,
                    _(
                        "Set up a second factor first: the administration is open only with it."
                    ),
                )
                return redirect("mfa_index")
        return self.get_response(request)
