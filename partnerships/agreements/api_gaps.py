"""Activity without an agreement that holds, as the page of gaps has it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.agreements import standing
from partnerships.agreements.models import Agreement
from partnerships.common.api import refusals
from partnerships.common.cursors import KeysetPages, Part
from partnerships.common.direction import Activities
from partnerships.common.viewsets import RowAnswers


class UncoveredActivitySerializer(serializers.Serializer[Any]):
    """What is ahead or under way and stands under no agreement, or under one that holds no longer."""

    kind = serializers.CharField(help_text="Such as `internships.practices`.")
    label: Any = serializers.CharField()
    activity = serializers.UUIDField(allow_null=True, help_text="The row in its own list, where it has one.")
    title = serializers.CharField()
    detail = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField()
    agreement = serializers.UUIDField(
        allow_null=True, help_text="Of the agreement that holds no longer, where you may see it."
    )
    page = serializers.CharField()


class UncoveredViewSet(RowAnswers):
    """Activities ahead or under way without an agreement that holds, kind after kind, the first to begin
    first."""

    serializer_class = UncoveredActivitySerializer
    permission_classes = [IsAuthenticated]
    pagination_class = KeysetPages
    filter_backends = ()
    asks = ("kind",)
    queryset = Agreement.objects.none()

    def ordered(self, kinds: dict[str, Activities]) -> list[Part]:
        user = self.request.user
        return [
            Part(key, standing.uncovered(kind, user).select_related(kind.agreement), (kind.starts, "pk"))
            for key, kind in kinds.items()
        ]

    @extend_schema(
        summary="Activities without an agreement that holds",
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, description="One kind: `internships.practices`.")
        ],
        responses={200: UncoveredActivitySerializer(many=True), **refusals(401, 404)},
    )
    def list(self, request: Request) -> Response:
        kinds = {kind.key: kind for kind in standing.all_activities()}
        wanted = request.query_params.get("kind", "")
        asked = {key: kind for key, kind in kinds.items() if wanted in ("", key)}
        pairs: Any = self.paginate_queryset(asked)  # type: ignore[arg-type]
        own = {getattr(row, kinds[part.key].agreement + "_id") for part, row in pairs} - {None}
        seen = dict(Agreement.objects.visible_to(request.user).filter(pk__in=own).values_list("pk", "uid"))
        lines = [_line(kinds[part.key], row, seen) for part, row in pairs]
        return self.get_paginated_response(UncoveredActivitySerializer(lines, many=True).data)


def _line(kind: Activities, row: Any, seen: dict[int, Any]) -> dict[str, Any]:
    title, detail = kind.line(row)
    return {
        "kind": kind.key,
        "label": str(kind.label),
        "activity": getattr(row, "uid", None),
        "title": title,
        "detail": detail,
        "starts": getattr(row, kind.starts),
        "ends": getattr(row, kind.ends),
        "agreement": seen.get(getattr(row, kind.agreement + "_id")),
        "page": row.get_absolute_url(),
    }
