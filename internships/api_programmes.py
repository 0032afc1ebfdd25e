"""Programmes and places in the open: what is offered, asked and taken."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from internships import actions
from internships.enums import PracticeType, ProgrammeKind
from internships.filters import PlaceFilter, about
from internships.models import Programme, Vacancy
from internships.workflow import PROGRAMME
from partnerships.calls.models import EligibilityRule, Question
from partnerships.common.api import (
    NeededNote,
    Nothing,
    OfferedVerb,
    Verbs,
    add_verbs,
    offered_alone,
    refusals,
)
from partnerships.common.narrowing import ByChoice, ByText
from partnerships.common.viewsets import RowViewSet
from partnerships.directory.models import Organization


class QuestionSerializer(serializers.ModelSerializer[Question]):
    """What an application answers. It is asked where `shown_if` was answered by one of `shown_values`."""

    id = serializers.IntegerField(read_only=True)
    choices = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))

    class Meta:
        model = Question
        fields = (
            "id", "kind", "label_az", "label_en", "help_az", "help_en", "required", "choices", "limit_unit",
            "shortest", "longest", "minimum", "maximum", "earliest", "latest", "shown_if", "shown_values",
        )  # fmt: skip
        read_only_fields = fields


class EligibilitySerializer(serializers.ModelSerializer[EligibilityRule]):
    """Who may apply, beside what each place asks for."""

    values = serializers.ListField(child=serializers.CharField())
    fact = serializers.CharField(help_text="Empty where an answer is looked at.")
    question = serializers.IntegerField(
        source="question_id", allow_null=True, help_text="Id of the question whose answer is looked at."
    )

    class Meta:
        model = EligibilityRule
        fields = ("fact", "question", "test", "number", "values", "reason_az", "reason_en")
        read_only_fields = fields


def _unpublish(programme: Programme, *, actor: Any) -> Programme:
    """Take a published programme back to draft, while nobody has applied."""
    return actions.unpublish(programme, actor=actor)


def _archive(programme: Programme, *, actor: Any) -> Programme:
    """Put a programme away in which nothing is open."""
    return actions.archive_programme(programme, actor=actor)


VERBS: Verbs = {
    "publish": (Nothing, actions.publish),
    "unpublish": (Nothing, _unpublish),
    "cancel": (NeededNote, actions.cancel_programme),
    "archive": (Nothing, _archive),
}


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    practice_type = serializers.ChoiceField(PracticeType.choices, allow_blank=True, read_only=True)
    host: Any = serializers.SlugRelatedField("slug", read_only=True)
    deadlines = serializers.SerializerMethodField()
    open = serializers.SerializerMethodField()
    rules = EligibilitySerializer(source="call.taken_by", many=True, read_only=True)
    questions = QuestionSerializer(source="call.asked", many=True, read_only=True)
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Programme
        fields = (
            "slug", "kind", "practice_type", "title_az", "title_en", "summary_az", "summary_en", "host",
            "endorsement_required", "open_to_foreigners", "paid", "max_choices", "weekly_hours", "deadlines",
            "open", "rules", "questions", "state", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.DateTimeField()))
    def get_deadlines(self, programme: Programme) -> dict[str, str]:
        return {step: moment.isoformat() for step, moment in programme.call.chain.items()}

    def get_open(self, programme: Programme) -> bool:
        return programme.call.is_open()

    @extend_schema_field(OfferedVerb(many=True, allow_null=True))
    def get_actions(self, programme: Programme) -> Any:
        return offered_alone(PROGRAMME, programme, self.context, VERBS)


class PositionSerializer(serializers.ModelSerializer[Vacancy]):
    """A position in a period, with its seats: what an application chooses."""

    programme = serializers.CharField(source="position.programme.slug")
    unit = serializers.CharField(source="position.unit.slug")
    title_az = serializers.CharField(source="position.title_az")
    title_en = serializers.CharField(source="position.title_en", allow_null=True)
    starts = serializers.DateField(source="period.starts")
    ends = serializers.DateField(source="period.ends")
    seats = serializers.IntegerField(source="pool.capacity")
    seats_left = serializers.IntegerField(source="pool.left")
    specialties: Any = serializers.SlugRelatedField(
        "code", many=True, read_only=True, source="position.specialties"
    )
    min_year = serializers.IntegerField(source="position.min_year")
    min_gpa = serializers.DecimalField(5, 2, source="position.min_gpa", allow_null=True)

    class Meta:
        model = Vacancy
        fields = (
            "uid", "programme", "unit", "title_az", "title_en", "starts", "ends", "seats", "seats_left",
            "specialties", "min_year", "min_gpa",
        )  # fmt: skip
        read_only_fields = fields


class ProgrammeFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=ProgrammeKind.choices)
    host = django_filters.CharFilter("host__slug")
    open = django_filters.BooleanFilter(method="only_open", label="Taking applications now")

    class Meta:
        model = Programme
        fields = ("kind", "host", "open")

    def only_open(self, queryset: Any, name: str, value: bool) -> Any:
        taking = Programme.objects.open().values("pk")
        return queryset.filter(pk__in=taking) if value else queryset.exclude(pk__in=taking)


@extend_schema_view(
    list=extend_schema(
        summary="Programmes", responses={200: ProgrammeSerializer(many=True), **refusals(400, 404)}
    ),
    retrieve=extend_schema(summary="One programme", responses={200: ProgrammeSerializer, **refusals(404)}),
)
class ProgrammeViewSet(RowViewSet):
    """Rounds of practice and internship."""

    serializer_class = ProgrammeSerializer
    permission_classes = [AllowAny]
    filterset_class = ProgrammeFilter
    lookup_field = "slug"
    lookup_value_converter = "slug"
    queryset = Programme.objects.none()

    def get_queryset(self) -> Any:
        return (
            Programme.objects.visible_to(self.request.user)
            .with_call()
            .prefetch_related("call__questions", "call__rules")
        )


add_verbs(ProgrammeViewSet, VERBS)


def _as_page(name: str) -> Any:
    """Narrowed as the page of open places is, among all that the reader sees."""

    def narrow(rows: Any, value: str, user: Any) -> Any:
        seen = Vacancy.objects.visible_to(user)
        return PlaceFilter(QueryDict(urlencode({name: value})), seen).narrow(rows, name)

    return narrow


def _in_unit(rows: Any, slug: str, _user: Any) -> Any:
    node = Organization.objects.filter(slug=slug).first()
    return rows.none() if node is None else rows.filter(position__unit__path__startswith=node.path)


class PositionFilter(django_filters.FilterSet):
    programme = django_filters.CharFilter("position__programme__slug")
    open = django_filters.BooleanFilter(method="only_open", label="Taking applications now")
    kind = ByChoice(_as_page("kind"), choices=ProgrammeKind.choices)
    pay = ByChoice(_as_page("pay"), choices=[("paid", _("Paid")), ("unpaid", _("Unpaid"))])
    city = ByText(_as_page("city"), help_text="Its name in plain Latin: `baki`.")
    unit = ByText(_in_unit, help_text="Slug of an enterprise or unit: places there and below it.")
    specialty = ByText(_as_page("specialty"), help_text="Code: places for it, and for everybody.")
    period = ByText(_as_page("period"), help_text="Month in which it begins: `2027-02`.")
    q = ByText(about, help_text="Words of place, programme, unit, company, specialties or skills.")

    class Meta:
        model = Vacancy
        fields = ("programme", "open", *PlaceFilter.NAMES, "q")

    def only_open(self, queryset: Any, name: str, value: bool) -> Any:
        taking = Vacancy.objects.open().values("pk")
        return queryset.filter(pk__in=taking) if value else queryset.exclude(pk__in=taking)


@extend_schema_view(
    list=extend_schema(
        summary="Positions with their seats",
        responses={200: PositionSerializer(many=True), **refusals(400, 404)},
    ),
    retrieve=extend_schema(summary="One position", responses={200: PositionSerializer, **refusals(404)}),
)
class PositionViewSet(RowViewSet):
    """Places that can be chosen."""

    serializer_class = PositionSerializer
    permission_classes = [AllowAny]
    filterset_class = PositionFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = Vacancy.objects.none()

    def get_queryset(self) -> Any:
        return Vacancy.objects.visible_to(self.request.user).with_place()
