"""Requests to join, for those who look after them; the asker has a link by mail."""

import django_filters
from rest_framework import serializers

from partnerships.common.narrowing import filters_of
from partnerships.common.viewsets import VisibleViewSet
from partnerships.joining import actions
from partnerships.joining import views as pages
from partnerships.joining.enums import Asker
from partnerships.joining.models import JoinRequest
from partnerships.joining.workflow import JOINING
from partnerships.workflow.api import resource


class JoinRequestSerializer(serializers.ModelSerializer[JoinRequest]):
    organization = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    email = serializers.CharField(read_only=True)
    directions = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = JoinRequest
        fields = (
            "uid", "kind", "name", "organization", "domain", "contact_name", "contact_position", "email",
            "phone", "directions", "message", "state", "state_since", "created", "version",
        )  # fmt: skip
        read_only_fields = fields


JoinRequestFilter = filters_of(
    pages.REQUESTS, JoinRequest, kind=django_filters.ChoiceFilter(choices=Asker.choices)
)
REQUESTS = resource(
    JoinRequest,
    JOINING,
    {
        name: getattr(actions, name)
        for name in ("invite", "invite_again", "ask", "offer", "offer_again", "join", "decline")
    },
    about="Universities and companies that ask to become partners.",
    serializer=JoinRequestSerializer,
    filterset_class=JoinRequestFilter,
    get_queryset=lambda self: VisibleViewSet.get_queryset(self).with_rows(),
)
RESOURCES = (("join-requests", REQUESTS),)
