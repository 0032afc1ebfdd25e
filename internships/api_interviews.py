"""Interviews by the same rights as on the pages; what the interviewer recommends is not in it."""

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from internships import actions, reports
from internships.enums import InterviewState, Recommendation
from internships.models import Application, Interview
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.common.access import uid_if_seen
from partnerships.common.api import (
    MomentField,
    NeededNote,
    Note,
    OfferedVerb,
    SeenField,
    Verbs,
    add_verbs,
    add_writes,
    offered_alone,
)
from partnerships.common.narrowing import ByDay
from partnerships.common.refusals import Refused
from partnerships.common.viewsets import VisibleViewSet


class InterviewSerializer(serializers.ModelSerializer[Interview]):
    application = serializers.UUIDField(source="application_seen", read_only=True, allow_null=True)
    candidate = serializers.CharField(source="candidate.name")
    interviewer = serializers.CharField(source="interviewer.name")
    place = serializers.CharField(source="place_in_words", read_only=True)
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
    day = ByDay(lambda rows, day, _user: reports.on_day(rows, day))
    hour = django_filters.NumberFilter("starts", lookup_expr="hour", min_value=0, max_value=23)
    who = django_filters.UUIDFilter("interviewer__uid")

    class Meta:
        model = Interview
        fields = ("state", "first", "last", "day", "hour", "who")


class HoldSerializer(Note):
    recommendation = serializers.ChoiceField(Recommendation.choices)


class NewInterview(Note):
    application = SeenField(Application, lambda rows: rows.with_rows())
    interviewer = serializers.EmailField(help_text="Address of somebody who works at the company.")
    starts = MomentField()
    ends = MomentField()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    link = serializers.URLField(max_length=200, required=False, allow_blank=True)

    def validate(self, given: Any) -> Any:
        # Before anybody is looked up: who may not invite learns nothing of who works at the company.
        if not APPLICATION.may("invite")(self.context["request"].user, given["application"]):
            raise Refused(_("Your role does not include this here."))
        people = reports.people_of(given["application"].programme.host)
        person = people.filter(email__iexact=given["interviewer"]).first()
        if person is None:
            raise serializers.ValidationError({"interviewer": _("Nobody at the company has this address.")})
        return {**given, "interviewer": person}


class MovedInterview(NeededNote):
    starts = MomentField()
    ends = MomentField()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    link = serializers.URLField(max_length=200, required=False, allow_blank=True)


VERBS: Verbs = {
    "reschedule": (MovedInterview, actions.reschedule),
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


def _invite(*, actor: Any, application: Application, **values: Any) -> Interview:
    """Invite a candidate to a talk."""
    return actions.invite(application, actor=actor, **values)


add_verbs(InterviewViewSet, VERBS)
add_writes(InterviewViewSet, create=(NewInterview, _invite))
