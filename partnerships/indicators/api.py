"""Indicators for programs: the numbers that the page shows, the records behind them, and reported values."""

from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.api import (
    NeededNote,
    Nothing,
    OfferedVerb,
    Verbs,
    add_verbs,
    add_writes,
    offered_alone,
    refusals,
)
from partnerships.common.cursors import KeysetPages, Ordered
from partnerships.common.narrowing import filters_of
from partnerships.common.viewsets import RowAnswers, VisibleViewSet
from partnerships.directory.models import Organization
from partnerships.indicators import actions, reports
from partnerships.indicators.enums import Grade
from partnerships.indicators.models import Measure, ReportedValue
from partnerships.indicators.views import Asked, indicator_or_404
from partnerships.indicators.views_values import VALUES
from partnerships.indicators.workflow import VALUE

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


class PartnerNumberSerializer(serializers.Serializer[Any]):
    """The number of a partner in the year that was asked for."""

    slug = serializers.CharField(source="organization.slug")
    name = serializers.CharField(source="organization.display_name")
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, source="cell.value")
    hidden = serializers.BooleanField(source="cell.hidden")


class WholeIndicatorSerializer(IndicatorSerializer):
    partners = PartnerNumberSerializer(many=True, help_text="The largest first; none within one partner.")


class CountedRecordSerializer(serializers.Serializer[Any]):
    """A row that was counted."""

    uid = serializers.UUIDField(allow_null=True, help_text="Of the row in its own list, where it has one.")
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    page = serializers.CharField()


class IndicatorViewSet(RowAnswers):
    """What the cooperation is measured by: of one's organisation, with a partner, or of everything."""

    serializer_class = IndicatorSerializer
    permission_classes = [IsAuthenticated]
    queryset = Measure.objects.none()
    asks = tuple(one.name for one in PLACE)
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
        responses={200: WholeIndicatorSerializer, **refusals(401, 403, 404)},
    )
    def retrieve(self, request: Request, key: str) -> Response:
        found, asked = indicator_or_404(key), Asked(request.user, request.query_params)
        row = reports.readings(asked.scope, [found], asked.year)[0]
        partners = reports.by_partner(asked.scope, found, asked.year)
        told = PartnerNumberSerializer(partners, many=True).data
        return Response({**IndicatorSerializer(row).data, "partners": told})

    def ordered(self, rows: Any) -> Ordered:
        return Ordered(rows, ("-pk",))

    @extend_schema(
        summary="The records behind a number that you may open",
        parameters=[OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH), *PLACE],
        responses={200: CountedRecordSerializer(many=True), **refusals(401, 403, 404)},
    )
    @action(
        detail=False,
        url_path="<str:key>/records",
        url_name="records",
        pagination_class=KeysetPages,
        serializer_class=CountedRecordSerializer,
        filter_backends=(),
    )
    def records(self, request: Request, key: str) -> Response:
        """They are yours to see on other pages anyway; how many they are is not the number."""
        found, asked = indicator_or_404(key), Asked(request.user, request.query_params)
        rows: Any = self.paginate_queryset(reports.records(asked.scope, found, asked.year, request.user))
        lines = [(row, *found.line(row)) for row in rows]
        told = [
            {
                "uid": getattr(row, "uid", None),
                "title": title,
                "detail": detail,
                "page": row.get_absolute_url(),
            }
            for row, title, detail in lines
        ]
        return self.get_paginated_response(CountedRecordSerializer(told, many=True).data)


VERBS: Verbs = {
    "confirm": (Nothing, actions.confirm),
    "return": (NeededNote, actions.give_back),
    "withdraw": (NeededNote, actions.withdraw),
    "cancel": (NeededNote, actions.cancel),
}


class ValueSerializer(serializers.ModelSerializer[ReportedValue]):
    organization = serializers.SlugRelatedField("slug", read_only=True)
    partner = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    reported_by = serializers.CharField(source="reported_by.name")
    confirmed_by = serializers.CharField(source="confirmed_by.name", default=None, allow_null=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = ReportedValue
        fields = (
            "uid", "indicator", "organization", "partner", "year", "amount", "grade", "source", "note",
            "state", "state_since", "reported_by", "confirmed_by", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, value: ReportedValue) -> Any:
        return offered_alone(VALUE, value, self.context, VERBS)


class CorrectedValueSerializer(serializers.Serializer[Any]):
    """A number with the paper in which it stands."""

    year = serializers.IntegerField(min_value=1900, max_value=9999)
    amount = serializers.DecimalField(16, 2, min_value=Decimal("0.01"))
    grade = serializers.ChoiceField(Grade.choices, default=Grade.MEASURED)
    source = serializers.CharField(max_length=200, help_text="The paper in which it stands.")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    partner = serializers.SlugRelatedField(
        "slug", queryset=Organization.objects.partners(), required=False, allow_null=True, default=None
    )


class ReportSerializer(CorrectedValueSerializer):
    indicator = serializers.CharField(max_length=60, help_text="Key of one that is `reported`.")
    organization = serializers.SlugRelatedField(
        "slug", queryset=Organization.objects.all(), help_text="Your own, whose numbers you read."
    )


def _correct(value: ReportedValue, *, actor: Any, **sent: Any) -> ReportedValue:
    """Change what was reported, while nobody has confirmed it, and hand it in again."""
    names = ("year", "amount", "grade", "source", "note", "partner")
    return actions.correct(value, actor=actor, **{name: getattr(value, name) for name in names} | sent)


class ReportedValueViewSet(VisibleViewSet):
    """What people reported for indicators that the portal cannot count. It counts once somebody else has
    confirmed it."""

    serializer_class = ValueSerializer
    filterset_class = filters_of(VALUES, ReportedValue)
    queryset = ReportedValue.objects.none()

    def get_queryset(self) -> Any:
        return super().get_queryset().with_rows()


add_verbs(ReportedValueViewSet, VERBS)
add_writes(
    ReportedValueViewSet,
    create=(ReportSerializer, actions.report),
    change=(CorrectedValueSerializer, _correct),
)
RESOURCES = (("indicators", IndicatorViewSet), ("reported-values", ReportedValueViewSet))
