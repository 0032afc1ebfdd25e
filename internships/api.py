"""Applications by the same rights as on the pages; what this direction has for programs."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions, api_order, api_rows, rules, worklists
from internships.api_codes import AccessCodeViewSet
from internships.api_interviews import InterviewViewSet
from internships.api_numbers import NumbersViewSet
from internships.api_placements import PlacementViewSet
from internships.api_programmes import PositionViewSet, ProgrammeViewSet
from internships.api_sending import (
    AccessCodeSerializer,
    AnswerFileSerializer,
    DocumentFileSerializer,
    KindSerializer,
    QuestionKey,
    SendingActions,
    WrittenAnswerSerializer,
    changed_answers,
)
from internships.diary_api import DiaryViewSet
from internships.enums import ApplicationState, RefusalCode
from internships.models import Application, Vacancy
from internships.workflow import APPLICATION
from partnerships.calls.checking import shown
from partnerships.calls.models import Answer
from partnerships.calls.sheets import values_of
from partnerships.common.api import (
    NeededNote,
    Note,
    Nothing,
    OfferedVerb,
    SeenField,
    Verbs,
    add_verbs,
    add_writes,
    called,
    moment,
    offered,
    refusals,
)
from partnerships.common.cursors import KeysetPages
from partnerships.common.narrowing import ByChoice, ByText, ByUid, Either, Only
from partnerships.common.sharing import attached
from partnerships.common.viewsets import RowViewSet
from partnerships.directory.models import Organization


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """As it was typed; a file by its uid."""

    question = serializers.IntegerField(source="question_id")
    document = serializers.UUIDField(source="document.uid", allow_null=True, default=None)

    class Meta:
        model = Answer
        fields = ("question", "value", "document")
        read_only_fields = fields


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    programme = serializers.SlugRelatedField("slug", read_only=True)
    applicant = serializers.CharField(source="person.name", read_only=True)
    university = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    choices = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    offered = serializers.UUIDField(
        source="offered_vacancy.uid", read_only=True, allow_null=True, default=None
    )
    due = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField(help_text="For the company alone.")
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            "uid", "number", "programme", "applicant", "university", "state", "state_since", "motivation",
            "choices", "answers",
            "submitted_at", "offered", "offer_expires", "due", "score", "version", "actions",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Application) -> dict[str, Any]:
        """What the fields say, without asking each of them of each row: a page has fifty."""
        place, university = instance.offered_vacancy, instance.university
        return {
            "uid": str(instance.uid),
            "number": instance.number,
            "programme": instance.programme.slug,
            "applicant": instance.person.name,
            "university": None if university is None else university.slug,
            "state": str(instance.state),
            "state_since": moment(instance.state_since),
            "motivation": instance.motivation,
            "choices": self.get_choices(instance),
            "answers": self.get_answers(instance),
            "submitted_at": moment(instance.submitted_at),
            "offered": None if place is None else str(place.uid),
            "offer_expires": moment(instance.offer_expires),
            "due": self.get_due(instance),
            "score": self.get_score(instance),
            "version": instance.version,
            "actions": self.get_actions(instance),
        }

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_choices(self, application: Application) -> list[str]:
        return [str(choice.vacancy.uid) for choice in attached(application, "choices")]

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, application: Application) -> Any:
        """What was asked and answered; questions that were not asked are left out, as on the page."""
        call = application.programme.call
        if not call.question_count:
            return []
        answers = attached(application, "answers")
        asked = shown(call.asked, values_of(answers))
        return AnswerSerializer([row for row in answers if row.question_id in asked], many=True).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due(self, application: Application) -> str | None:
        due = application.due
        return due.isoformat() if due else None

    @extend_schema_field(serializers.DecimalField(5, 2, allow_null=True))
    def get_score(self, application: Application) -> Any:
        user = self.context["request"].user
        if application.score is None or rules.is_applicant(user, application):
            return None
        return str(application.score) if rules.runs_programme(user, application.programme) else None

    @extend_schema_field(OfferedVerb(many=True))
    def get_actions(self, application: Application) -> Any:
        user = self.context["request"].user
        return offered(APPLICATION.available(application, user, _ADDRESSED), _CALLED)


def _with_seats(vacancies: Any) -> Any:
    return vacancies.select_related("position", "pool")


class StartSerializer(serializers.Serializer[Any]):
    position = SeenField(Vacancy, _with_seats)


class DraftSerializer(serializers.Serializer[Any]):
    motivation = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    choices = serializers.ListField(child=SeenField(Vacancy, _with_seats), required=False, max_length=3)
    answers = WrittenAnswerSerializer(
        many=True, required=False, help_text="In the shape in which they are read. Those not named stay."
    )


class OfferSerializer(Note):
    position = SeenField(Vacancy, _with_seats, required=False)


class RefusalSerializer(NeededNote):
    code = serializers.ChoiceField(RefusalCode.choices)


def _of_unit(rows: Any, slug: str, _user: Any) -> Any:
    node = Organization.objects.filter(slug=slug).first()
    return rows.none() if node is None else worklists.of_place(rows, unit__path__startswith=node.path)


class ApplicationFilter(django_filters.FilterSet):
    state = ByChoice(
        worklists.in_state, choices=[*ApplicationState.choices, (worklists.OVER, gettext_lazy("Ended"))]
    )
    programme = ByText(api_order.of_programme, help_text="Slug; `all`: every round.")
    mine = Either(api_order.mine, help_text="`false`: sent ones of others, as the working list has them.")
    sort = ByChoice(
        lambda rows, _sort, _user: rows,
        choices=api_order.CHOICES,
        help_text="As on the page: `due`, `name`; of a programme and for its company `score`, `commission`.",
    )
    university = django_filters.CharFilter("university__slug")
    specialty = django_filters.CharFilter("affiliation__study__specialty__code", help_text="Its code.")
    unit = ByText(_of_unit, help_text="Slug: a place there, or below it, was chosen.")
    position = ByUid(
        lambda rows, uid, _user: worklists.of_place(rows, vacancies__uid=uid),
        help_text="A place that was chosen, in whichever period.",
    )
    late = Only(lambda rows, _yes, _user: worklists.late(worklists.with_due(rows, None)))
    q = ByText(
        lambda rows, typed, _user: rows.answering(typed), help_text="Name of the candidate, or number."
    )

    class Meta:
        model = Application
        fields = (
            "state", "programme", "university", "specialty", "unit", "position", "late", "mine", "q", "sort",
        )  # fmt: skip


def _offer(
    application: Application, *, actor: Any, note: str = "", position: Vacancy | None = None
) -> Application:
    """Offer the named position, else the highest choice that has a seat."""
    return actions.offer(application, actor=actor, vacancy=position, note=note)


VERBS: Verbs = {
    "submit": (Nothing, actions.submit),
    "submit-open": (Nothing, actions.submit),
    "withdraw": (Note, actions.withdraw),
    "resume": (Nothing, actions.resume),
    "accept": (Nothing, actions.accept),
    "decline": (Note, actions.decline),
    "endorse": (Note, actions.endorse),
    "return": (NeededNote, actions.return_to_student),
    "not-endorse": (NeededNote, actions.not_endorse),
    "reopen-endorsement": (NeededNote, actions.reopen_endorsement),
    "offer": (OfferSerializer, _offer),
    "waitlist": (Note, actions.waitlist),
    "refuse": (RefusalSerializer, actions.refuse),
    "revoke": (NeededNote, actions.revoke),
    "reconsider": (NeededNote, actions.reconsider),
}


_CALLED = called(VERBS)
# In the order of the table. Of the others nothing is worked out: who may end a talk is asked of the talks.
_ADDRESSED = [name for name in APPLICATION.transitions if name in _CALLED]


@extend_schema_view(
    by_code=extend_schema(
        request=AccessCodeSerializer,
        responses={200: ApplicationSerializer, **refusals(400, 401, 403, 404, 409, 415)},
    ),
    attach=extend_schema(
        request={"multipart/form-data": DocumentFileSerializer},
        responses={200: ApplicationSerializer, **refusals(400, 401, 403, 404, 409, 415)},
    ),
    detach=extend_schema(
        request=KindSerializer,
        responses={200: ApplicationSerializer, **refusals(400, 401, 403, 404, 409, 415)},
    ),
    answer_by_file=extend_schema(
        request={"multipart/form-data": AnswerFileSerializer},
        responses={200: ApplicationSerializer, **refusals(400, 401, 403, 404, 409, 415)},
    ),
    take_file_away=extend_schema(
        request=QuestionKey,
        responses={200: ApplicationSerializer, **refusals(400, 401, 403, 404, 409, 415)},
    ),
)
class ApplicationViewSet(SendingActions, RowViewSet):
    """Applications that the reader may see. `actions` says what the reader may do with each now."""

    serializer_class = ApplicationSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = ApplicationFilter
    pagination_class = KeysetPages
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    queryset = Application.objects.none()

    def get_queryset(self) -> Any:
        if self.action == "list" and set(self.request.query_params) <= {"page_size"}:
            return api_rows.Newest(self.request.user)
        rows = Application.objects.visible_to(self.request.user)
        if self.action == "list":
            return api_rows.found(rows)
        return (
            rows.with_late().with_rows().prefetch_related("answers__document", "programme__call__questions")
        )

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset if isinstance(queryset, api_rows.Newest) else super().filter_queryset(queryset)

    def ordered(self, rows: Any) -> Any:
        return api_order.ordered(rows, self.request.user, self.request.query_params)

    def paginate_queryset(self, queryset: Any) -> Any:
        return api_rows.filled(super().paginate_queryset(queryset))  # type: ignore[arg-type]

    @extend_schema(
        summary="Applications", responses={200: ApplicationSerializer(many=True), **refusals(400, 401, 404)}
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One application", responses={200: ApplicationSerializer, **refusals(401, 404)})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)


def _start(*, actor: Any, position: Vacancy) -> Application:
    """Start an application."""
    return actions.start_application(position, actor=actor)


def _save_draft(
    application: Application, *, actor: Any, choices: Any = None, answers: Any = None, **values: Any
) -> Application:
    """Change a draft."""
    if answers is not None:
        values["answers"] = changed_answers(application, answers)
    return actions.save_draft(application, actor=actor, vacancies=choices, **values)


add_verbs(ApplicationViewSet, VERBS)
add_writes(ApplicationViewSet, create=(StartSerializer, _start), change=(DraftSerializer, _save_draft))

RESOURCES = (
    ("programmes", ProgrammeViewSet),
    ("positions", PositionViewSet),
    ("applications", ApplicationViewSet),
    ("diary", DiaryViewSet),
    ("placements", PlacementViewSet),
    ("interviews", InterviewViewSet),
    ("access-codes", AccessCodeViewSet),
    ("numbers", NumbersViewSet),
)
