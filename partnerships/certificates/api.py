"""Certificates: one's own and those one may see; the public check by code."""

from typing import Any

import django_filters
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from partnerships.certificates import actions, reports
from partnerships.certificates.api_batches import BatchViewSet
from partnerships.certificates.lists import CERTIFICATES
from partnerships.certificates.models import Certificate
from partnerships.certificates.verifying import find
from partnerships.certificates.workflow import CERTIFICATE
from partnerships.common.api import NeededNote, OfferedVerb, Verbs, add_verbs, offered_alone, refusals
from partnerships.common.cursors import KeysetPages, in_order_of
from partnerships.common.narrowing import ByChoice, ByText, sorted_by
from partnerships.common.viewsets import RowAnswers, VisibleViewSet

STANDINGS = ("issued", "expired", "revoked", "replaced")


class LineSerializer(serializers.Serializer[dict[str, str]]):
    label = serializers.CharField()
    value = serializers.CharField()


class SaidSerializer(serializers.ModelSerializer[Certificate]):
    """Everything that is printed, in the reader's language, and how it stands."""

    code = serializers.CharField(source="grouped_code")
    title = serializers.CharField()
    holder = serializers.CharField(source="holder_name")
    issuer = serializers.CharField(source="issuer_name")
    text = serializers.CharField()
    lines = serializers.SerializerMethodField()
    standing = serializers.ChoiceField(choices=STANDINGS)
    since = serializers.DateTimeField(source="state_since", help_text="When it came to stand so.")
    replaced_by = serializers.CharField(source="replaced_by.grouped_code", default=None, allow_null=True)
    verify_url = serializers.CharField()

    class Meta:
        model = Certificate
        fields: tuple[str, ...] = (
            "serial", "code", "title", "holder", "issuer", "text", "lines", "issued_at", "valid_to",
            "standing", "since", "reason", "replaced_by", "verify_url", "sha256",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, certificate: Certificate) -> list[dict[str, str]]:
        return [{"label": label, "value": value} for label, value in certificate.lines]


VERBS: Verbs = {
    "revoke": (NeededNote, actions.revoke),
    "reissue": (NeededNote, actions.reissue),
}


class CertificateSerializer(SaidSerializer):
    actions = serializers.SerializerMethodField()

    class Meta(SaidSerializer.Meta):
        fields = ("uid", *SaidSerializer.Meta.fields, "actions")
        read_only_fields = fields

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, certificate: Certificate) -> Any:
        return offered_alone(CERTIFICATE, certificate, self.context, VERBS)


class CertificateFilter(django_filters.FilterSet):
    state = ByChoice(
        lambda rows, standing, _user: reports.in_standing(rows, standing),
        choices=[(standing, standing) for standing in STANDINGS],
    )
    sort = sorted_by(CERTIFICATES.orders)
    q = ByText(
        lambda rows, typed, _user: rows.found_by(typed), help_text="Words of the name, a number, or a code."
    )

    kind = django_filters.CharFilter()

    class Meta:
        model = Certificate
        fields = ("state", "q", "kind", "sort")


class CertificateViewSet(VisibleViewSet):
    """Your own certificates, and those that your role lets you see."""

    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter
    pagination_class = KeysetPages
    queryset = Certificate.objects.none()

    def ordered(self, rows: Any) -> Any:
        return in_order_of(CERTIFICATES.orders, rows, self.request.query_params)

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("replaced_by")


add_verbs(CertificateViewSet, VERBS)


class VerifyThrottle(AnonRateThrottle):
    """The public check is for papers in the hand, not for trying codes; signed in or not."""

    scope = "verify"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class VerifyViewSet(RowAnswers):
    """Whether a certificate is real: all that its paper says, by the code on it. No sign-in."""

    serializer_class = SaidSerializer
    permission_classes = [AllowAny]
    throttle_classes = [VerifyThrottle]
    lookup_field = "code"
    lookup_value_converter = "str"
    queryset = Certificate.objects.none()

    @extend_schema(summary="Check a certificate", responses={200: SaidSerializer, **refusals(404)})
    def retrieve(self, request: Request, code: str) -> Response:
        found = find(code)
        if found is None or not found.is_sound:
            raise Http404
        return Response(self.get_serializer(found).data, headers={"X-Robots-Tag": "noindex"})


RESOURCES = (
    ("certificates", CertificateViewSet),
    ("certificate-batches", BatchViewSet),
    ("verify", VerifyViewSet),
)
