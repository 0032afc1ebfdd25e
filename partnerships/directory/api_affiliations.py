"""Who belongs where: one's own, and those that one looks after or has to confirm."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.api import NeededNote, Note, Nothing, OfferedVerb, Verbs, add_verbs, offered_alone
from partnerships.common.days import validate_day
from partnerships.common.narrowing import ByChoice, ByText
from partnerships.common.viewsets import VisibleViewSet
from partnerships.directory import actions
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation
from partnerships.directory.reports import in_state, of_people
from partnerships.directory.workflow import AFFILIATION


class AffiliationSerializer(serializers.ModelSerializer[Affiliation]):
    person = serializers.CharField(source="person.name")
    organization: Any = serializers.SlugRelatedField("slug", read_only=True)
    specialty = serializers.CharField(source="study.specialty.code", default=None, allow_null=True)
    degree = serializers.CharField(source="study.degree", default=None, allow_null=True)
    year = serializers.IntegerField(source="study.year", default=None, allow_null=True)
    student_number = serializers.CharField(source="study.student_number", default=None, allow_null=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Affiliation
        fields = (
            "uid", "person", "organization", "role", "position", "starts", "ends", "state", "state_since",
            "verified_at", "specialty", "degree", "year", "student_number", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, affiliation: Affiliation) -> Any:
        return offered_alone(AFFILIATION, affiliation, self.context, VERBS)


PILLS = (("waiting", _("Waiting")), ("unreachable", _("Mail comes back")))


def _in_state(rows: Any, state: str, _user: Any) -> Any:
    """A state, or what a pill of the page gathers."""
    return in_state(rows, state) if state in dict(PILLS) else rows.filter(state=state)


class AffiliationFilter(django_filters.FilterSet):
    state = ByChoice(_in_state, choices=[*AffiliationState.choices, *PILLS])
    role = django_filters.ChoiceFilter(choices=Role.choices)
    organization = django_filters.CharFilter("organization__slug")
    q = ByText(of_people, help_text="Two letters or more of the person's name.")

    class Meta:
        model = Affiliation
        fields = ("state", "role", "organization", "q")


class EndSerializer(Note):
    ends = serializers.DateField(validators=[validate_day], help_text="The last day.")


VERBS: Verbs = {
    "confirm": (Note, actions.confirm_affiliation),
    "refuse": (NeededNote, actions.refuse_affiliation),
    "revoke": (NeededNote, actions.refuse_affiliation),
    "restore": (NeededNote, actions.restore_affiliation),
    "withdraw": (Nothing, actions.withdraw_affiliation),
    "end": (EndSerializer, actions.end_affiliation),
}


class AffiliationViewSet(VisibleViewSet):
    """Roles of people in organisations; `?state=requested` is what waits for a confirmation."""

    serializer_class = AffiliationSerializer
    filterset_class = AffiliationFilter
    queryset = Affiliation.objects.none()

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("person", "organization__root", "study__specialty")


add_verbs(AffiliationViewSet, VERBS)
