"""Over the API: an application begun by an access code, its CV and transcript, and what it answers."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Field
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions
from internships.actions.applying import REUSABLE
from internships.forms.applying import DraftForm
from internships.models import Application, Programme
from partnerships.calls.models import Question
from partnerships.common.limits import seconds_to_wait
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField

# Named in the settings of the API too: the description calls these choices by a name of their own.
KINDS = [(kind.value, kind.label) for kind in REUSABLE]


class AccessCodeSerializer(serializers.Serializer[Any]):
    programme = serializers.SlugField(help_text="Slug of the programme that the code is for.")
    code = serializers.CharField(
        max_length=40, help_text="As it was given: capitals and dashes do not matter."
    )


class QuestionKey(serializers.Serializer[Any]):
    question = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of the question.")

    def validate_question(self, key: int) -> Question:
        call = self.context["application"].programme.call
        return get_object_or_404(Question, pk=key, call=call)


def _ready(field: Field, upload: Any) -> Any:
    """What was sent, looked at as on the page."""
    try:
        return field.clean(upload)
    except ValidationError as refused:
        raise serializers.ValidationError({"file": refused.messages}) from refused


class AnswerFileSerializer(QuestionKey):
    file = serializers.FileField(help_text="PDF, JPEG or PNG.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "file": _ready(DocumentField(kind=DocumentKind.ANSWER), given["file"])}


class KindSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(KINDS)


class DocumentFileSerializer(KindSerializer):
    file = serializers.FileField(help_text="PDF; a transcript may be a JPEG or PNG as well.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "file": _ready(DraftForm.base_fields[given["kind"]], given["file"])}


class WrittenAnswerSerializer(serializers.Serializer[Any]):
    """As a row says it. A file is sent to `answer-by-file`; one that is there may come back as it is."""

    question = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    value = serializers.JSONField(
        allow_null=True,
        help_text="A text, a number, an ISO day, a key, a list of keys; null takes the answer away.",
    )
    document = serializers.UUIDField(required=False, allow_null=True, default=None)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Of a draft only what changes is sent, of an answer both what is asked and what is said."""
        if lacking := [name for name in ("question", "value") if name not in given]:
            required = self.fields["question"].error_messages["required"]
            raise serializers.ValidationError({name: [required] for name in lacking})
        return {"document": None, **given}


def changed_answers(application: Application, given: list[dict[str, Any]]) -> dict[int, Any]:
    """Question -> value of what was sent and is not what is kept already."""
    kept = {
        answer.question_id: (answer.value, answer.document and answer.document.uid)
        for answer in application.answers.all()
    }
    changed = [one for one in given if kept.get(one["question"]) != (one["value"], one["document"])]
    if any(one["document"] for one in changed):
        raise serializers.ValidationError({"answers": [_("A file is uploaded, not written.")]})
    return {one["question"]: one["value"] for one in changed}


class SendingActions:
    """What `ApplicationViewSet` has beside the verbs of the workflow."""

    def _given(
        self: Any, form: type[serializers.Serializer[Any]], request: Request
    ) -> tuple[Application, Any]:
        application = self.get_object()
        given = form(data=request.data, context={**self.get_serializer_context(), "application": application})
        given.is_valid(raise_exception=True)
        return application, given.validated_data

    @action(detail=False, methods=["post"], url_path="by-code")
    def by_code(self: Any, request: Request) -> Response:
        """Begin after the deadline, or take up again, by the code of a company that invited one."""
        given = AccessCodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = get_object_or_404(
            Programme.objects.visible_to(request.user).with_call(), slug=given.validated_data["programme"]
        )
        if wait := seconds_to_wait(request, "access-code", settings.CODE_TRIES, 600):
            raise Throttled(wait)
        application = actions.enter_by_code(found, given.validated_data["code"], actor=request.user)
        return Response(self.as_it_stands(application))

    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def attach(self: Any, request: Request, uid: str) -> Response:
        """Put a CV or transcript with a draft, in place of the one before."""
        application, given = self._given(DocumentFileSerializer, request)
        actions.attach(application, [given["file"]], kind=given["kind"], actor=request.user)
        return Response(self.as_it_stands(application))

    @action(detail=True, methods=["post"])
    def detach(self: Any, request: Request, uid: str) -> Response:
        """Take the CV or transcript of a draft away."""
        application, given = self._given(KindSerializer, request)
        for document in application.documents.filter(kind=given["kind"]):
            actions.detach(application, document, actor=request.user)
        return Response(self.as_it_stands(application))

    @action(detail=True, methods=["post"], url_path="answer-by-file", parser_classes=[MultiPartParser])
    def answer_by_file(self: Any, request: Request, uid: str) -> Response:
        """Answer a question by a file, in place of the one before."""
        application, given = self._given(AnswerFileSerializer, request)
        actions.answer_by_file(application, given["question"], given["file"], actor=request.user)
        return Response(self.as_it_stands(application))

    @action(detail=True, methods=["post"], url_path="take-file-away")
    def take_file_away(self: Any, request: Request, uid: str) -> Response:
        """Take back the file by which a question was answered."""
        application, given = self._given(QuestionKey, request)
        actions.take_file_away(application, given["question"], actor=request.user)
        return Response(self.as_it_stands(application))
