"""Practices by the same rights as on the pages; concerns are not in it."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions
from internships import placement_reports as reports
from internships.enums import PlacementState
from internships.models import Application, Placement
from internships.workflow import PLACEMENT
from partnerships.common.access import uid_if_seen
from partnerships.common.api import (
    NeededNote,
    Nothing,
    OfferedVerb,
    Verbs,
    add_verbs,
    called,
    offered,
    refusals,
)
from partnerships.common.clock import today
from partnerships.common.days import validate_day
from partnerships.common.narrowing import ByChoice, ByText, Only
from partnerships.common.viewsets import RowViewSet


class PlacementSerializer(serializers.ModelSerializer[Placement]):
    number = serializers.CharField(source="application.number", read_only=True, allow_null=True)
    # Who follows a practice need not have been shown the application.
    application = serializers.UUIDField(source="application_seen", read_only=True, allow_null=True)
    programme: Any = serializers.SlugRelatedField("slug", read_only=True)
    student = serializers.CharField(source="person.name", read_only=True)
    host: Any = serializers.SlugRelatedField("slug", read_only=True)
    unit: Any = serializers.SlugRelatedField("slug", read_only=True)
    university: Any = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    mentor = serializers.CharField(source="mentor.name", read_only=True, allow_null=True, default=None)
    supervisor = serializers.CharField(
        source="supervisor.name", read_only=True, allow_null=True, default=None
    )
    missing = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = (
            "uid", "number", "application", "programme", "student", "host", "unit", "university", "mentor",
            "supervisor", "state", "state_since", "starts", "ends", "last_day", "weekly_minutes",
            "planned_minutes", "credits", "mark", "missing", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_missing(self, placement: Placement) -> list[str]:
        """Parts of the safety admission that are not there, or no longer valid."""
        return [str(kind) for kind in placement.missing_clearance(max(today(), placement.starts))]

    @extend_schema_field(OfferedVerb(many=True))
    def get_actions(self, placement: Placement) -> Any:
        return offered(PLACEMENT.available(placement, self.context["request"].user), _CALLED)


class EndEarly(NeededNote):
    last_day = serializers.DateField(validators=[validate_day])


class Extension(NeededNote):
    ends = serializers.DateField(validators=[validate_day])
    version = serializers.IntegerField(required=False, min_value=1)


class PlacementFilter(django_filters.FilterSet):
    state = ByChoice(reports.in_state, choices=[*PlacementState.choices, (reports.OVER, _("Ended"))])
    programme = django_filters.CharFilter("programme__slug")
    unit = django_filters.CharFilter("unit__slug")
    university = django_filters.CharFilter("university__slug")
    late = Only(lambda rows, _yes, _user: reports.with_next(rows).filter(reports.late()))
    bare = Only(lambda rows, _yes, _user: rows.filter(reports.bare()), help_text="Without a contract.")
    q = ByText(lambda rows, typed, _user: rows.answering(typed), help_text="Name of the student, or number.")

    class Meta:
        model = Placement
        fields = ("state", "programme", "unit", "university", "late", "bare", "q")


VERBS: Verbs = {
    "begin": (Nothing, actions.begin),
    "suspend": (NeededNote, actions.suspend),
    "resume": (Nothing, actions.resume_placement),
    "finish": (Nothing, actions.finish),
    "end-early": (EndEarly, actions.end_early),
    "cancel": (NeededNote, actions.cancel_placement),
    "reinstate": (NeededNote, actions.reinstate),
    "extend": (Extension, actions.extend),
}
_CALLED = called(VERBS)


class PlacementViewSet(RowViewSet):
    """Practices that the reader may see. `actions` says what the reader may do with each now."""

    serializer_class = PlacementSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = PlacementFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = Placement.objects.none()

    def get_queryset(self) -> Any:
        user = self.request.user
        seen = uid_if_seen(Application, user, "application")
        return Placement.objects.visible_to(user).with_rows().annotate(application_seen=seen)

    @extend_schema(
        summary="Practices", responses={200: PlacementSerializer(many=True), **refusals(400, 401, 404)}
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One practice", responses={200: PlacementSerializer, **refusals(401, 404)})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)


add_verbs(PlacementViewSet, VERBS)
