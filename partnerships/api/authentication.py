"""Who a token speaks for, answered in the language of that account."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme as SpectacularSessionScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox import auth
from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from partnerships.api.actions import note_use


class TokenAuthentication(auth.TokenAuthentication):
    """Knox's, with the language of the token's owner: the middleware has seen no account yet.

    An address with ?lang= keeps it. The middleware puts the language back after the answer.
    """

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is not None:
            note_use(found[1])
        if found is not None and "lang" not in request.query_params:
            translation.activate(found[0].language)
        return found


class TokenScheme(KnoxTokenScheme):
    """The same scheme in the schema as knox's own."""

    target_class = "partnerships.api.authentication.TokenAuthentication"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; the framework's own words for a missing CSRF token are English alone."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(
                _("The CSRF token is missing or out of date: send the cookie's value in X-CSRFToken."),
                code="csrf_failed",
            ) from error


class SessionScheme(SpectacularSessionScheme):
    target_class = "partnerships.api.authentication.SessionAuthentication"
