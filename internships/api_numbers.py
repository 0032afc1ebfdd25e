"""The numbers of a year, and the practices behind them, by the rights of their pages."""

from typing import Any

import django_filters
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from internships.enums import OutcomeKind
from internships.models import Placement
from internships.numbers import kept, pace, yearly
from internships.views import numbers as page
from partnerships.common.api import refusals
from partnerships.common.cursors import KeysetPages, Ordered
from partnerships.common.narrowing import ByChoice, ByText
from partnerships.common.prepared import PreparedRows
from partnerships.common.text import fold
from partnerships.common.viewsets import RowAnswers
from partnerships.directory.models import Organization, Person

YEAR = OpenApiParameter("year", OpenApiTypes.INT, OpenApiParameter.PATH)


class YearLineSerializer(serializers.Serializer[Any]):
    """Of one university or enterprise; without a slug: students without a university."""

    slug = serializers.CharField(source="key", allow_blank=True)
    name = serializers.CharField(source="label")
    practices = serializers.IntegerField(source="opened")
    underway = serializers.IntegerField()
    assessed = serializers.IntegerField()
    broken_off = serializers.IntegerField()
    pool = serializers.IntegerField()
    hired = serializers.IntegerField()
    mean_mark = serializers.DecimalField(6, 1, source="mean", allow_null=True)


class OpinionSerializer(serializers.Serializer[Any]):
    """What students say of an enterprise; never of fewer answers than are needed to hide who said what."""

    enterprise = serializers.CharField(help_text="Slug.")
    answers = serializers.IntegerField()
    means = serializers.DictField(child=serializers.DecimalField(6, 1))
    recommend = serializers.IntegerField(help_text="Of a hundred.")


class YearStepSerializer(serializers.Serializer[Any]):
    """How long applications stay in a state."""

    state = serializers.CharField()
    label: Any = serializers.CharField()
    left = serializers.IntegerField(help_text="Applications that went on.")
    typical_days = serializers.FloatField(allow_null=True, help_text="Half of them were faster.")
    slow_days = serializers.FloatField(allow_null=True, help_text="One in ten took longer.")
    waiting = serializers.IntegerField(help_text="Applications that are in it now.")


class NumberedYearSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()


class YearNumbersSerializer(NumberedYearSerializer):
    """Practices that begin in the year, by university and by enterprise."""

    counted_at = serializers.DateTimeField(allow_null=True, help_text="Null: just now.")
    universities = YearLineSerializer(many=True)
    enterprises = YearLineSerializer(many=True)
    opinions = OpinionSerializer(many=True)
    steps = YearStepSerializer(many=True)


_BEHIND: PreparedRows[Placement] = PreparedRows(
    lambda keys: (
        Placement.objects.filter(pk__in=keys)
        .order_by()
        .select_related("person", "university", "unit", "programme", "outcome")
        .only(
            *("uid", "state", "mark", "person__sort_key", "outcome__kind"),
            *(f"person__{name}" for name in Person.SHOWN),
            *("university__slug", "unit__slug", "programme__slug"),
        )
    )
)


class YearStudentSerializer(serializers.ModelSerializer[Placement]):
    """A practice behind a number; more of it under `placements/`."""

    student = serializers.CharField(source="person.name", read_only=True)
    university: Any = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    unit: Any = serializers.SlugRelatedField("slug", read_only=True)
    programme: Any = serializers.SlugRelatedField("slug", read_only=True)
    state = serializers.CharField(read_only=True, help_text="As in `placements/`.")
    outcome = serializers.ChoiceField(
        OutcomeKind.choices, source="outcome.kind", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Placement
        fields = ("uid", "student", "university", "unit", "programme", "state", "mark", "outcome")
        read_only_fields = fields


def _named(rows: Any, typed: str, _user: Any) -> Any:
    for word in fold(typed).split():
        rows = rows.filter(person__folded__contains=word)
    return rows


def _in_unit(rows: Any, slug: str, _user: Any) -> Any:
    node = Organization.objects.filter(slug=slug).first()
    return rows.none() if node is None else rows.filter(unit__path__startswith=node.path)


class BehindFilter(django_filters.FilterSet):
    university = django_filters.CharFilter("university__slug")
    unit = ByText(_in_unit, help_text="Slug: there, or below it.")
    group = ByChoice(
        lambda rows, name, _user: rows.filter(page.GROUPS[name].where),
        choices=[(name, name) for name in page.GROUPS],
        help_text="Which number of the year.",
    )
    q = ByText(_named, help_text="Name of the student.")

    class Meta:
        model = Placement
        fields = ("university", "unit", "group", "q")


class NumbersViewSet(RowAnswers):
    """The numbers of practice and internship, year by year, of what the reader's roles cover."""

    serializer_class = YearNumbersSerializer
    permission_classes = [IsAuthenticated]
    queryset = Placement.objects.none()
    pagination_class = None
    filterset_class: Any = None  # of the list of students alone
    lookup_field = "year"
    lookup_value_converter = "int"

    @extend_schema(
        summary="Years that have numbers, the newest first",
        responses={200: NumberedYearSerializer(many=True), **refusals(401, 403)},
    )
    def list(self, request: Request) -> Response:
        page.readers_only(request.user)
        years = kept.Reader(request.user).years
        return Response([{"year": year} for year in years])

    @extend_schema(
        summary="The numbers of a year", parameters=[YEAR],
        responses={200: YearNumbersSerializer, **refusals(401, 403, 404)},
    )  # fmt: skip
    def retrieve(self, request: Request, year: int) -> Response:
        page.readers_only(request.user)
        found = self._reader(year).figures(year)
        universities, enterprises = yearly.named(found.universities, found.enterprises)
        nodes = yearly.names_of(one.node for one in found.opinions)
        told = {
            "year": year,
            "counted_at": found.counted_at,
            "universities": universities,
            "enterprises": enterprises,
            "opinions": [
                {"enterprise": nodes[one.node].slug, "answers": one.answers, "means": one.means,
                 "recommend": one.recommend}
                for one in found.opinions
            ],
            "steps": [_step(one) for one in pace.steps(request.user, found.paces, leads_down=False)],
        }  # fmt: skip
        return Response(YearNumbersSerializer(told).data)

    def _reader(self, year: int) -> kept.Reader:
        reader = kept.Reader(self.request.user, year)
        if year not in reader.years:
            raise Http404
        return reader

    def ordered(self, rows: Any) -> Ordered:
        return Ordered(rows, page.ORDER, filled=_BEHIND)

    @extend_schema(
        summary="The practices behind a number of a year",
        parameters=[YEAR],
        responses={200: YearStudentSerializer(many=True), **refusals(400, 401, 403, 404)},
    )
    @action(
        detail=False,
        url_path="<int:year>/students",
        url_name="students",
        pagination_class=KeysetPages,
        filterset_class=BehindFilter,
        serializer_class=YearStudentSerializer,
    )
    def students(self, request: Request, year: int) -> Response:
        """By name; for who looks after students: human resources, coordinators, heads of units."""
        page.lookers_only(request.user)
        self._reader(year)
        rows = self.paginate_queryset(self.filter_queryset(page.behind(request.user, year)))
        return self.get_paginated_response(YearStudentSerializer(rows, many=True).data)


def _step(step: pace.Step) -> dict[str, Any]:
    return {
        "state": step.pace.state,
        "label": step.label,
        "left": step.pace.left,
        "typical_days": step.pace.median,
        "slow_days": step.pace.slow,
        "waiting": step.pace.waiting,
    }
