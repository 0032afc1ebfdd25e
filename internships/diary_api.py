"""The diary for programs: days that the reader may see, the student's own to write, the table's verbs."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions
from internships.enums import DiaryState, Source
from internships.models import DiaryEntry, Placement
from internships.workflow import DIARY
from partnerships.common.api import NeededNote, Nothing, OfferedVerb, Verbs, add_verbs, offered, refusals
from partnerships.common.viewsets import RowViewSet


class DiarySerializer(serializers.ModelSerializer[DiaryEntry]):
    placement: Any = serializers.SlugRelatedField("uid", read_only=True)
    confirmed_source = serializers.ChoiceField(Source.choices, allow_blank=True, read_only=True)
    photos = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta:
        model = DiaryEntry
        fields = (
            "uid", "placement", "date", "minutes", "site", "work", "learned", "state", "submitted_at",
            "confirmed_at", "confirmed_source", "photos", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_photos(self, entry: DiaryEntry) -> list[str]:
        return [str(document.uid) for document in entry.documents.all()]

    @extend_schema_field(OfferedVerb(many=True))
    def get_actions(self, entry: DiaryEntry) -> Any:
        return offered(DIARY.available(entry, self.context["request"].user), VERBS)


class PlacementField(serializers.SlugRelatedField):
    """A practice by its uid, among those the reader may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("uid", **kwargs)

    def get_queryset(self) -> QuerySet[Placement]:
        return Placement.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(serializers.UUIDField().run_validation(data))


class DayText(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=15, max_value=720)
    site = serializers.CharField(required=False, allow_blank=True, max_length=160)
    work = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    learned = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class NewDay(DayText):
    placement = extend_schema_field(OpenApiTypes.UUID)(PlacementField)(queryset=Placement.objects.none())
    date = serializers.DateField()


class ChangedDay(DayText):
    version = serializers.IntegerField(required=False, min_value=1)


class DiaryFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=DiaryState.choices)
    placement = django_filters.UUIDFilter("placement__uid")
    first = django_filters.DateFilter("date", lookup_expr="gte")
    last = django_filters.DateFilter("date", lookup_expr="lte")

    class Meta:
        model = DiaryEntry
        fields = ("state", "placement", "first", "last")


VERBS: Verbs = {
    "submit": (Nothing, actions.submit_day),
    "take-back": (Nothing, actions.take_back),
    "confirm": (Nothing, actions.confirm_day),
    "return": (NeededNote, actions.return_day),
    "reopen": (NeededNote, actions.reopen_day),
}


class DiaryViewSet(RowViewSet):
    """Days of the diary. A day that is not handed in yet is seen by its student alone."""

    serializer_class = DiarySerializer
    permission_classes = [IsAuthenticated]
    filterset_class = DiaryFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = DiaryEntry.objects.none()

    def get_queryset(self) -> Any:
        rows = DiaryEntry.objects.visible_to(self.request.user)
        rows = rows.select_related("placement__host", "placement__hazard")
        return rows.prefetch_related("placement__clearances", "documents")

    @extend_schema(
        summary="Days of diaries", responses={200: DiarySerializer(many=True), **refusals(400, 401, 404)}
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One day", responses={200: DiarySerializer, **refusals(401, 404)})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Write a day",
        request=NewDay,
        responses={201: DiarySerializer, **refusals(400, 401, 403, 409, 415)},
    )
    def create(self, request: Request) -> Response:
        given = NewDay(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        entry = actions.write_day(
            values.pop("placement"), values.pop("date"), actor=request.user, version=0, **values
        )
        body = self.get_serializer(self.get_queryset().get(pk=entry.pk)).data
        return Response(body, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Change a day",
        request=ChangedDay,
        responses={200: DiarySerializer, **refusals(400, 401, 403, 404, 409, 415)},
    )
    def partial_update(self, request: Request, uid: str) -> Response:
        given = ChangedDay(data=request.data, partial=True, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        entry = self.get_object()
        values = dict(given.validated_data)
        version = values.pop("version", None)
        actions.write_day(entry.placement, entry.date, actor=request.user, version=version, **values)
        return Response(self.get_serializer(self.get_queryset().get(pk=entry.pk)).data)


add_verbs(DiaryViewSet, VERBS)
