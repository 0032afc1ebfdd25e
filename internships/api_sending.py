"""Over the API: an application begun by an access code, and questions that are answered by a file."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from internships import actions
from internships.models import Application, Programme
from partnerships.calls.models import Question
from partnerships.common.limits import seconds_to_wait
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField


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


class AnswerFileSerializer(QuestionKey):
    file = serializers.FileField(help_text="PDF, JPEG or PNG.")

    def validate_file(self, upload: Any) -> Any:
        try:
            return DocumentField(kind=DocumentKind.ANSWER).clean(upload)
        except ValidationError as refused:
            raise serializers.ValidationError(refused.messages) from refused


class SendingActions:
    """What `ApplicationViewSet` has beside the verbs of the workflow."""

    def _given(self: Any, form: type[QuestionKey], request: Request) -> tuple[Application, Any]:
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
