"""The diary for programs: days that the reader may see, the student's own to write, the table's verbs."""

from datetime import date, timedelta
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions
from internships.enums import DiaryState, Source
from internships.models import DiaryEntry, Placement
from internships.weeks import monday_of
from internships.workflow import DIARY
from partnerships.common.api import (
    NeededNote,
    Nothing,
    OfferedVerb,
    SeenField,
    Verbs,
    add_verbs,
    add_writes,
    called,
    offered,
    refusals,
)
from partnerships.common.days import validate_day
from partnerships.common.narrowing import ByDay
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
        return offered(DIARY.available(entry, self.context["request"].user), _CALLED)


class DayText(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=15, max_value=720)
    site = serializers.CharField(required=False, allow_blank=True, max_length=160)
    work = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    learned = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class NewDay(DayText):
    placement = SeenField(Placement)
    date = serializers.DateField(validators=[validate_day])


class ChangedDay(DayText):
    version = serializers.IntegerField(required=False, min_value=1)


def _of_week(rows: Any, day: date, _user: Any) -> Any:
    monday = monday_of(day)
    return rows.filter(date__gte=monday, date__lt=monday + timedelta(days=7))


class DiaryFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=DiaryState.choices)
    placement = django_filters.UUIDFilter("placement__uid")
    first = django_filters.DateFilter("date", lookup_expr="gte")
    last = django_filters.DateFilter("date", lookup_expr="lte")
    week = ByDay(_of_week, help_text="Any day of the week.")

    class Meta:
        model = DiaryEntry
        fields = ("state", "placement", "first", "last", "week")


VERBS: Verbs = {
    "submit": (Nothing, actions.submit_day),
    "take-back": (Nothing, actions.take_back),
    "confirm": (Nothing, actions.confirm_day),
    "return": (NeededNote, actions.return_day),
    "reopen": (NeededNote, actions.reopen_day),
}
_CALLED = called(VERBS)


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


def _write(*, actor: Any, placement: Placement, date: Any, **values: Any) -> DiaryEntry:
    """Write a day."""
    return actions.write_day(placement, date, actor=actor, version=0, **values)


def _rewrite(entry: DiaryEntry, *, actor: Any, version: int | None = None, **values: Any) -> DiaryEntry:
    """Change a day."""
    return actions.write_day(entry.placement, entry.date, actor=actor, version=version, **values)


add_verbs(DiaryViewSet, VERBS)
add_writes(DiaryViewSet, create=(NewDay, _write), change=(ChangedDay, _rewrite))
