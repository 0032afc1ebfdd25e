"""Requests to join, for those who look after them; the asker has a link by mail."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.common.api import NeededNote, Nothing, OfferedVerb, Verbs, add_verbs, offered_alone
from partnerships.common.text import fold
from partnerships.common.viewsets import VisibleViewSet
from partnerships.joining import actions
from partnerships.joining.enums import Asker, JoinState
from partnerships.joining.models import JoinRequest
from partnerships.joining.workflow import JOINING


class JoinRequestSerializer(serializers.ModelSerializer[JoinRequest]):
    organization = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    email = serializers.CharField(read_only=True)
    directions = serializers.ListField(child=serializers.CharField(), read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = JoinRequest
        fields = (
            "uid", "kind", "name", "organization", "domain", "contact_name", "contact_position", "email",
            "phone", "directions", "message", "state", "state_since", "created", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, request: JoinRequest) -> Any:
        return offered_alone(JOINING, request, self.context, VERBS)


class JoinRequestFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JoinState.choices)
    kind = django_filters.ChoiceFilter(choices=Asker.choices)
    q = django_filters.CharFilter(method="search", help_text="Words of name, domain or contact.")

    class Meta:
        model = JoinRequest
        fields = ("state", "kind", "q")

    def search(self, queryset: Any, name: str, value: str) -> Any:
        for word in fold(value).split()[:6]:
            queryset = queryset.filter(folded__contains=word)
        return queryset


VERBS: Verbs = {
    "invite": (Nothing, actions.invite),
    "ask": (NeededNote, actions.ask),
    "offer": (Nothing, actions.offer),
    "join": (Nothing, actions.join),
    "decline": (NeededNote, actions.decline),
}


class JoinRequestViewSet(VisibleViewSet):
    """Universities and companies that ask to become partners."""

    serializer_class = JoinRequestSerializer
    filterset_class = JoinRequestFilter
    queryset = JoinRequest.objects.none()

    def get_queryset(self) -> Any:
        return super().get_queryset().with_rows()


add_verbs(JoinRequestViewSet, VERBS)
RESOURCES = (("join-requests", JoinRequestViewSet),)
