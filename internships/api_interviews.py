"""Interviews by the same rights as on the pages; what the interviewer recommends is not in it."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from internships import actions
from internships.enums import InterviewState, Recommendation
from internships.models import Application, Interview
from internships.workflow import INTERVIEW
from partnerships.common.access import uid_if_seen
from partnerships.common.api import NeededNote, Note, OfferedVerb, Verbs, add_verbs, offered_alone
from partnerships.common.viewsets import VisibleViewSet


class InterviewSerializer(serializers.ModelSerializer[Interview]):
    application = serializers.UUIDField(source="application_seen", read_only=True, allow_null=True)
    candidate = serializers.CharField(source="candidate.name")
    interviewer = serializers.CharField(source="interviewer.name")
    link = serializers.CharField(read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Interview
        fields = (
            "uid", "application", "candidate", "interviewer", "starts", "ends", "place", "link", "state",
            "state_since", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, interview: Interview) -> Any:
        return offered_alone(INTERVIEW, interview, self.context, VERBS)


class InterviewFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=InterviewState.choices)
    first = django_filters.DateFilter("starts", lookup_expr="date__gte")
    last = django_filters.DateFilter("starts", lookup_expr="date__lte")

    class Meta:
        model = Interview
        fields = ("state", "first", "last")


class HoldSerializer(Note):
    recommendation = serializers.ChoiceField(Recommendation.choices)


VERBS: Verbs = {
    "hold": (HoldSerializer, actions.hold_interview),
    "no-show": (Note, actions.no_show),
    "cancel": (NeededNote, actions.cancel_interview),
}


class InterviewViewSet(VisibleViewSet):
    """Talks with candidates: one's own, those that one holds, those of one's company."""

    serializer_class = InterviewSerializer
    filterset_class = InterviewFilter
    queryset = Interview.objects.none()

    def get_queryset(self) -> Any:
        seen = uid_if_seen(Application, self.request.user, "application")
        return super().get_queryset().with_people().annotate(application_seen=seen)


add_verbs(InterviewViewSet, VERBS)
