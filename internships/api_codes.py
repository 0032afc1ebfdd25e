"""Access codes for whom a company invites late: made, listed and taken back as on the programme's page."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions, reports
from internships.models import Programme
from partnerships.calls.models import AccessCode
from partnerships.calls.models.codes import MOST_USES
from partnerships.common.api import Nothing, Verbs, add_verbs, add_writes, refusals
from partnerships.common.clock import end_of_day
from partnerships.common.days import validate_day
from partnerships.common.viewsets import RowViewSet


class CodeSerializer(serializers.ModelSerializer[AccessCode]):
    """A code as it stands. What it reads is in the answer to its making alone."""

    id = serializers.IntegerField(read_only=True)
    programme = serializers.CharField(source="call.programme.slug", read_only=True)
    made_by = serializers.CharField(source="made_by.display_name", read_only=True)
    used_by = serializers.SerializerMethodField()
    live = serializers.BooleanField(source="is_live", read_only=True)

    class Meta:
        model = AccessCode
        fields: tuple[str, ...] = (
            "id", "programme", "hint", "note", "uses", "used_by", "expires", "live", "made_by", "created",
            "revoked_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_used_by(self, code: AccessCode) -> list[str]:
        return [use.subject.person.name for use in code.used.all() if use.subject is not None]


class MadeCodeSerializer(CodeSerializer):
    code = serializers.CharField(
        read_only=True, help_text="What is given to whom you invite: said this once."
    )

    class Meta(CodeSerializer.Meta):
        fields = (*CodeSerializer.Meta.fields, "code")
        read_only_fields = fields


@extend_schema_field(OpenApiTypes.STR)
class OwnProgrammeField(serializers.SlugRelatedField[Programme]):
    """A programme by its slug, among those that the writer keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("slug", queryset=Programme.objects.none(), **kwargs)

    def get_queryset(self) -> Any:
        return reports.own_programmes(self.context["request"].user)


class NewCode(serializers.Serializer[Any]):
    programme = OwnProgrammeField()
    note = serializers.CharField(max_length=200, help_text="For whom: a name or a reason.")
    uses = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MOST_USES)
    last_day = serializers.DateField(
        validators=[validate_day], help_text="Until the end of that day the application can be sent."
    )


class CodeFilter(django_filters.FilterSet):
    programme = django_filters.CharFilter("call__programme__slug")
    live = django_filters.BooleanFilter(method="only_live", label="Neither over nor taken back")

    class Meta:
        model = AccessCode
        fields = ("programme", "live")

    def only_live(self, queryset: Any, name: str, value: bool) -> Any:
        live = {"revoked_at": None, "expires__gt": timezone.now()}
        return queryset.filter(**live) if value else queryset.exclude(**live)


def _make(*, actor: Any, programme: Programme, last_day: Any, **values: Any) -> AccessCode:
    """Make a code for whom the company invites after the deadline; what it reads is said in this answer."""
    try:
        code, text = actions.make_access_code(programme, actor=actor, expires=end_of_day(last_day), **values)
    except ValidationError as error:
        told = dict(error.message_dict)
        if "expires" in told:
            told["last_day"] = told.pop("expires")
        raise ValidationError(told) from error
    code.text = text  # type: ignore[attr-defined]
    return code


def _revoke(code: AccessCode, *, actor: Any) -> None:
    """Take a code back: nobody gets in by it any more."""
    actions.revoke_access_code(code.call.programme, code, actor=actor)


@extend_schema_view(
    list=extend_schema(
        summary="Access codes", responses={200: CodeSerializer(many=True), **refusals(400, 401, 404)}
    ),
    retrieve=extend_schema(summary="One access code", responses={200: CodeSerializer, **refusals(401, 404)}),
)
class AccessCodeViewSet(RowViewSet):
    """Codes of the programmes that the reader keeps, by which somebody applies after the deadline."""

    serializer_class = CodeSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = CodeFilter
    lookup_value_converter = "int"
    answers_secrets = True
    queryset = AccessCode.objects.none()

    def get_queryset(self) -> Any:
        used = Prefetch("used", reports.uses_met_by(self.request.user))
        return reports.codes_run_by(self.request.user).prefetch_related(used, "used__subject__person")

    def as_it_stands(self, obj: Any) -> Any:
        said = super().as_it_stands(obj)
        return {**said, "code": obj.text} if hasattr(obj, "text") else said

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer


VERBS: Verbs = {"revoke": (Nothing, _revoke)}
add_verbs(AccessCodeViewSet, VERBS)
add_writes(AccessCodeViewSet, create=(NewCode, _make), made=MadeCodeSerializer)
