"""What waits for the person, as the page says it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.api import refusals
from partnerships.common.viewsets import RowAnswers
from partnerships.portal import reports
from partnerships.portal.api_saved import SavedViewViewSet
from partnerships.portal.models import CalendarKey


class TodoSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    page = serializers.CharField(source="url")
    due = serializers.DateTimeField(allow_null=True)
    count = serializers.IntegerField(help_text="How many such things one line stands for.")
    place_of = serializers.CharField(allow_blank=True, help_text="Whom you stand in for with it.")


class TodoViewSet(RowAnswers):
    """What waits for you: the late first, then by date."""

    serializer_class = TodoSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = None
    queryset = CalendarKey.objects.none()

    @extend_schema(summary="What waits for you", responses={200: TodoSerializer(many=True), **refusals(401)})
    def list(self, request: Request) -> Response:
        return Response(TodoSerializer(reports.todos(request.user), many=True).data)


RESOURCES = (("todo", TodoViewSet), ("saved-views", SavedViewViewSet))
