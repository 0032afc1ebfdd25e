"""Who a token speaks for, answered in the language of that account."""

import logging
from functools import cache
from hmac import compare_digest
from typing import Any

from allauth.account.adapter import get_adapter
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme as SpectacularSessionScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox import auth
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from partnerships.api.actions import note_use
from partnerships.api.models import Token
from partnerships.api.networks import stands_in
from partnerships.common import clock
from partnerships.common.asked import AskedRows
from partnerships.common.query_words import Given, Typed, Words, typed_of, words_of

log = logging.getLogger(__name__)


class FromElsewhere(PermissionDenied):
    default_code = "token_network"


@cache
def _beginning() -> Words:
    """Tokens that begin as one that was sent, with their owners, and whether some token of the owner has
    ended: each request of a program begins with this question, so it is put into words once."""

    def rows() -> Any:
        over = Token.objects.filter(user_id=OuterRef("user_id"), expiry__lt=clock.now())
        found = Token.objects.filter(token_key=typed_of(0)).select_related("user")
        return found.annotate(some_over=Exists(over))

    return words_of(rows)


class TokenAuthentication(auth.TokenAuthentication):
    """Knox's, with the language of the token's owner: the middleware has seen no account yet.

    An address with ?lang= keeps it. The middleware puts the language back after the answer.
    """

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        if "lang" not in request.query_params:
            translation.activate(user.language)
        if token.networks:
            self._from_there(request, token)
        note_use(token)
        return found

    def authenticate_credentials(self, token: bytes) -> Any:
        """As knox does it, which reads all tokens of the owner each time to remove those that are over."""
        sent = token.decode(errors="replace")  # no token has such a sign
        given = Given(typed=[Typed(sent[: CONSTANTS.TOKEN_KEY_LENGTH])], at=[clock.now(), clock.today()])
        for found in AskedRows(_beginning(), given):
            if found.some_over and self._cleanup_token(found):
                continue
            if compare_digest(hash_token(sent), found.digest):
                return self.validate_user(found)
        raise AuthenticationFailed(_("Invalid token."))

    def _from_there(self, request: Request, token: Any) -> None:
        address = get_adapter().get_client_ip(request)
        if not stands_in(address, token.networks):
            log.warning("token %s refused: asked from %s %s", token.uid, address, request.path)
            raise FromElsewhere(
                _(
                    "This token is taken only from the addresses that its owner named, "
                    "and this is none of them."
                )
            )


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
