"""What the API's viewsets share: pages, answers to refusals, and verbs drawn from a workflow table."""

from typing import Any

from django.core.exceptions import ValidationError as ModelValidationError
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from partnerships.common.context import request_id
from partnerships.common.refusals import (
    Blocked,
    IllegalTransition,
    Missing,
    Refused,
    StaleState,
    WorkflowError,
)

_ANSWERS: dict[type[Exception], tuple[int, str]] = {
    StaleState: (status.HTTP_409_CONFLICT, "stale"),
    IllegalTransition: (status.HTTP_409_CONFLICT, "illegal_transition"),
    Missing: (status.HTTP_400_BAD_REQUEST, "missing"),
}


class Pages(CursorPagination):
    """Cursor pages: the same cost on the first and on the thousandth."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-pk"


def answer_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as {"detail", "code", "request_id"}, validation errors by field as DRF writes them."""
    response = _answer(error, context)
    if response is not None and isinstance(response.data, dict):
        response.data.setdefault("request_id", request_id.get())
    return response


def _answer(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, Blocked):
        return Response(
            {"detail": str(error.refusal), "code": error.refusal.code}, status=status.HTTP_409_CONFLICT
        )
    if isinstance(error, WorkflowError):
        number, code = _ANSWERS[type(error)]
        body = {"detail": str(error), "code": code}
        if isinstance(error, Missing):
            body["field"] = error.field
        return Response(body, status=number)
    if isinstance(error, Refused):
        return Response({"detail": str(error.reason), "code": "refused"}, status=status.HTTP_403_FORBIDDEN)
    if isinstance(error, ModelValidationError):
        by_field = getattr(error, "message_dict", None)
        error = ValidationError(by_field if by_field is not None else {"non_field_errors": error.messages})
    return exception_handler(error, context)
