"""Tokens: made in a session, sent as `Authorization: Token …`."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from knox.models import get_token_model
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerships.api.authentication import SessionAuthentication, TokenAuthentication
from partnerships.common.api import refusals


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once; only its hash is kept.")
    expiry = serializers.DateTimeField()


class TokenView(APIView):
    """A token for programs that act in one's name, with exactly one's own rights; the oldest makes room."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(
        summary="Make a token", request=None, responses={201: TokenSerializer, **refusals(400, 401, 403, 415)}
    )
    def post(self, request: Request) -> Response:
        kept, token = get_token_model().objects.create(user=request.user)
        mine = get_token_model().objects.filter(user=request.user)
        newest = mine.order_by("-created").values_list("pk", flat=True)
        mine.exclude(pk__in=list(newest[: settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]])).delete()
        body = TokenSerializer({"token": token, "expiry": kept.expiry}).data
        return Response(body, status=status.HTTP_201_CREATED)


class EndTokenView(APIView):
    """Puts an end to the token that the request carries."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(summary="End this token", request=None, responses={204: None, **refusals(401)})
    def post(self, request: Request) -> Response:
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
