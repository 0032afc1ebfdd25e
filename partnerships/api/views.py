"""Tokens: made in a session, on the page or over the API, sent as `Authorization: Token …`."""

from threading import Lock
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerships.api import actions
from partnerships.api.authentication import SessionAuthentication, TokenAuthentication
from partnerships.api.forms import TokenForm
from partnerships.api.models import Token
from partnerships.api.networks import cleaned
from partnerships.common import scopes
from partnerships.common.access import access
from partnerships.common.api import refusals


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, and a new one. Its secret is in this answer alone: a redirect would have to keep it."""
    asked = {name: request.GET[name] for name in TokenForm.base_fields if name in request.GET}
    form, secret = TokenForm(request.POST or None, initial=asked), ""
    if request.method == "POST" and is_reauthentication_required(request, app=""):
        typed = {name: request.POST[name] for name in TokenForm.base_fields if name in request.POST}
        back = f"{request.path}?{urlencode(typed)}"  # the form stands there as it was left
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
    if request.method == "POST" and form.is_valid():
        _token, secret = actions.make(request.user, **form.cleaned_data)
        form = TokenForm()
    words = dict(scopes.groups())
    rows = [
        (token, words.get(token.group, token.group))
        for token in Token.objects.visible_to(request.user).living().order_by("-created", "-pk")
    ]
    context = {"form": form, "secret": secret, "rows": rows}
    response = render(request, "api/tokens.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def token_end(request: HttpRequest, uid: Any) -> HttpResponse:
    actions.end(access(Token, uid, request.user))
    messages.success(request, _("The token has ended: the program that used it is refused from now on."))
    return redirect("api_tokens")


class SchemaView(SpectacularAPIView):
    """The schema, drawn up for one reader at a time: the package loads its extensions while it draws, and of
    two who were first in a new process the second met them half loaded."""

    _one_at_a_time = Lock()

    def _get_schema_response(self, request: Request) -> Response:
        with self._one_at_a_time:
            return super()._get_schema_response(request)


class NewTokenSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, help_text="What it is for.")
    days = serializers.IntegerField(min_value=1, max_value=actions.LONGEST, default=actions.USUAL)
    writes = serializers.BooleanField(default=False, help_text="False: it reads only.")
    networks = serializers.CharField(
        max_length=400,
        default="",
        allow_blank=True,
        help_text="IP addresses and networks from which it is taken, spaces between. Empty: all.",
    )

    def validate_networks(self, typed: str) -> str:
        try:
            return cleaned(typed)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["group"] = serializers.ChoiceField(
            [key for key, _label in scopes.groups() if key],
            default="",
            allow_blank=True,
            help_text="Empty: everything.",
        )
        return fields


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once; only its hash is kept.")
    expiry = serializers.DateTimeField()
    name = serializers.CharField()
    writes = serializers.BooleanField()
    group = serializers.CharField(allow_blank=True)
    networks = serializers.CharField(allow_blank=True)


class BySession(BasePermission):
    """Somebody who has signed in: a token makes none, and is told so."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is not None:
            raise PermissionDenied(_("A token makes no tokens: sign in."), code="token_scope")
        return True


class TokenView(APIView):
    """A token for programs that act in one's name, never beyond one's own rights; the oldest makes room."""

    authentication_classes = [SessionAuthentication, TokenAuthentication]
    permission_classes = [IsAuthenticated, BySession]

    @extend_schema(
        auth=[{"cookieAuth": []}],  # type: ignore[list-item]  # handed on as it is
        summary="Make a token",
        request=NewTokenSerializer,
        responses={201: TokenSerializer, **refusals(400, 401, 403, 415)},
    )
    def post(self, request: Request) -> Response:
        if is_reauthentication_required(request, app=""):
            raise PermissionDenied(
                _("Give your password or second factor at /accounts/reauthenticate/, then repeat this."),
                code="reauthenticate",
            )
        given = NewTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        token, secret = actions.make(request.user, **given.validated_data)
        token.token = secret  # for this answer alone; only its hash is kept
        headers = {"Cache-Control": "private, no-store"}
        return Response(TokenSerializer(token).data, status=status.HTTP_201_CREATED, headers=headers)


class EndTokenView(APIView):
    """Puts an end to the token that the request carries, whatever its limits."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(summary="End this token", request=None, responses={204: None, **refusals(401)})
    def post(self, request: Request) -> Response:
        token: Any = request.auth
        actions.end(token)
        return Response(status=status.HTTP_204_NO_CONTENT)
