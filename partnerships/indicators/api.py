"""Indicators for programs: the numbers that the page shows, and reported values. Read alone."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.api import refusals
from partnerships.common.narrowing import filters_of
from partnerships.common.viewsets import RowAnswers, VisibleViewSet
from partnerships.indicators import catalogue, reports
from partnerships.indicators.models import Measure, ReportedValue
from partnerships.indicators.views import Asked
from partnerships.indicators.views_values import VALUES

PLACE = [
    OpenApiParameter(
        "year", OpenApiTypes.STR, description="The present year unless it is one of those kept."
    ),
    OpenApiParameter("place", OpenApiTypes.STR, description="Slug of one's organisation, or `all`."),
    OpenApiParameter("partner", OpenApiTypes.STR, description="Slug of a partner."),
    OpenApiParameter("edition", OpenApiTypes.STR, description="`outside`: nothing about few people at all."),
]


class YearSerializer(serializers.Serializer[Any]):
    """A number of a year; null where there is none, and where it is `hidden` since it is about few people."""

    year = serializers.IntegerField()
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    hidden = serializers.BooleanField()


class IndicatorSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="indicator.key")
    title = serializers.CharField(source="indicator.title")
    unit = serializers.CharField(source="indicator.unit")
    benefit = serializers.CharField(source="indicator.benefit")
    formula = serializers.CharField(source="indicator.formula")
    reported = serializers.BooleanField(source="indicator.is_reported")
    more_is_better = serializers.BooleanField(source="indicator.up")
    owner = serializers.CharField(source="indicator.owner")
    target = serializers.DecimalField(
        source="target.value", max_digits=16, decimal_places=2, default=None, allow_null=True
    )
    years = YearSerializer(many=True, source="cells")


class IndicatorViewSet(RowAnswers):
    """What the cooperation is measured by: of one's organisation, with a partner, or of everything."""

    serializer_class = IndicatorSerializer
    permission_classes = [IsAuthenticated]
    queryset = Measure.objects.none()
    pagination_class = None
    lookup_field = "key"
    lookup_value_converter = "str"

    @extend_schema(
        summary="Indicators of a year",
        parameters=PLACE,
        responses={200: IndicatorSerializer(many=True), **refusals(401, 403, 404)},
    )
    def list(self, request: Request) -> Response:
        asked = Asked(request.user, request.query_params)
        rows = reports.overview(asked.scope, asked.year).rows
        return Response(IndicatorSerializer(rows, many=True).data)

    @extend_schema(
        summary="One indicator",
        parameters=PLACE,
        responses={200: IndicatorSerializer, **refusals(401, 403, 404)},
    )
    def retrieve(self, request: Request, key: str) -> Response:
        found = catalogue.indicator(key)
        if found is None:
            raise Http404
        asked = Asked(request.user, request.query_params)
        row = reports.readings(asked.scope, [found], asked.year)[0]
        return Response(IndicatorSerializer(row).data)


class ValueSerializer(serializers.ModelSerializer[ReportedValue]):
    organization = serializers.SlugRelatedField("slug", read_only=True)
    partner = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    reported_by = serializers.CharField(source="reported_by.name")
    confirmed_by = serializers.CharField(source="confirmed_by.name", default=None, allow_null=True)

    class Meta:
        model = ReportedValue
        fields = (
            "uid", "indicator", "organization", "partner", "year", "amount", "grade", "source", "note",
            "state", "state_since", "reported_by", "confirmed_by", "version",
        )  # fmt: skip
        read_only_fields = fields


class ReportedValueViewSet(VisibleViewSet):
    """What people reported for indicators that the portal cannot count."""

    serializer_class = ValueSerializer
    filterset_class = filters_of(VALUES, ReportedValue)
    queryset = ReportedValue.objects.none()

    def get_queryset(self) -> Any:
        return super().get_queryset().with_rows()


RESOURCES = (("indicators", IndicatorViewSet), ("reported-values", ReportedValueViewSet))
