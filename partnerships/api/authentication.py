"""Who a token speaks for, answered in the language of that account."""

from typing import Any

from django.utils import translation
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox import auth
from rest_framework.request import Request


class TokenAuthentication(auth.TokenAuthentication):
    """Knox's, with the language of the token's owner: the middleware has seen no account yet.

    An address with ?lang= keeps it. The middleware puts the language back after the answer.
    """

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is not None and "lang" not in request.query_params:
            translation.activate(found[0].language)
        return found


class TokenScheme(KnoxTokenScheme):
    """The same scheme in the schema as knox's own."""

    target_class = "partnerships.api.authentication.TokenAuthentication"
