"""What the API's viewsets share: pages, answers to refusals, and verbs drawn from a workflow table."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from json import JSONDecodeError
from typing import Any

from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.relations import MANY_RELATION_KWARGS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from partnerships.common.context import request_id
from partnerships.common.days import validate_day
from partnerships.common.refusals import (
    Blocked,
    IllegalTransition,
    Missing,
    Refused,
    StaleState,
    WorkflowError,
)

MOST_SEEN = 200  # rows of others that one field names

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
    invalid_cursor_message = gettext_lazy(
        "This cursor belongs to no place of this list: begin again without it."
    )

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """404 for a cursor whose place is no key: the framework looks at its form alone."""
        self.cursor = None
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, OverflowError, ModelValidationError) as error:
            if self.cursor is None:
                raise
            raise NotFound(self.invalid_cursor_message) from error


def answer_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as {"detail", "code", "request_id"}, validation errors by field as DRF writes them."""
    response = _answer(error, context)
    if response is not None and isinstance(response.data, dict):
        response.data.setdefault("request_id", request_id.get())
    return response


def _not_moved(error: WorkflowError, number: int, code: str) -> Response:
    named = {"field": error.field} if error.field else {}
    return Response({"detail": str(error), "code": code, **named}, status=number)


def _answer(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, Blocked):
        return _not_moved(error, status.HTTP_409_CONFLICT, error.refusal.code)
    if isinstance(error, WorkflowError):
        return _not_moved(error, *_ANSWERS[type(error)])
    if isinstance(error, Refused):
        return Response({"detail": str(error.reason), "code": "refused"}, status=status.HTTP_403_FORBIDDEN)
    if isinstance(error, ModelValidationError):
        by_field = getattr(error, "message_dict", None)
        error = ValidationError(by_field if by_field is not None else {"non_field_errors": error.messages})
    if isinstance(error, Http404):  # Django's words name the model, in English
        error = NotFound(_("There is nothing at this address, or it belongs to somebody else."))
    if isinstance(error, ParseError):  # the parser's words are English alone
        error = ParseError(_unreadable(error))
    response = exception_handler(error, context)
    if response is not None and isinstance(response.data, dict):
        code = getattr(response.data.get("detail"), "code", None)  # does not change with the words
        if code:
            response.data["code"] = code
    return response


def _unreadable(error: ParseError) -> str:
    cause = error.__context__
    if isinstance(cause, JSONDecodeError):
        where = {"line": cause.lineno, "column": cause.colno}
        return _("The JSON that was sent cannot be read: line %(line)s, column %(column)s.") % where
    return _("What was sent cannot be read in the format that its Content-Type names.")


class Problem(serializers.Serializer[dict[str, Any]]):
    """Every refusal that is not about a single field."""

    detail = serializers.CharField()
    code = serializers.CharField(required=False)
    field = serializers.CharField(required=False)
    request_id = serializers.CharField(required=False)


class OfferedVerb(serializers.Serializer[Any]):
    """A verb that the reader may use on the object now; `blocked` says why not at this moment."""

    name = serializers.CharField(help_text="Its address has - where the name has _.")
    label = serializers.CharField()
    needs = serializers.ListField(
        child=serializers.CharField(), help_text="The fields of its body that must be sent."
    )
    blocked = serializers.CharField(allow_null=True)


class Nothing(serializers.Serializer[dict[str, Any]]):
    """A verb that takes nothing."""


class Note(serializers.Serializer[dict[str, Any]]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class NeededNote(serializers.Serializer[dict[str, Any]]):
    note = serializers.CharField(max_length=2000)


REFUSALS = {
    400: OpenApiResponse(OpenApiTypes.OBJECT, description="What was sent cannot be read; messages by field."),
    401: OpenApiResponse(Problem, description="Sign in or send a token."),
    403: OpenApiResponse(Problem, description="Seen, but not yours to do."),
    404: OpenApiResponse(Problem, description="Not there, or not yours to see."),
    405: OpenApiResponse(Problem, description="This address does not take the method."),
    409: OpenApiResponse(
        Problem, description="Moved on, or blocked at this moment: `code` and `detail` say why."
    ),
    412: OpenApiResponse(Problem, description="Changed since the version that If-Match names."),
    415: OpenApiResponse(Problem, description="Send JSON."),
    422: OpenApiResponse(Problem, description="The Idempotency-Key was sent with another request."),
    429: OpenApiResponse(Problem, description="Too many requests; Retry-After says how long to wait."),
}


def refusals(*numbers: int) -> dict[int, OpenApiResponse]:
    """The refusals of an operation for its schema, next to its own answers."""
    return {number: REFUSALS[number] for number in (*numbers, 429)}


def verb(name: str, body: type[serializers.Serializer[Any]], call: Callable[..., Any]) -> Any:
    """A POST action `<object>/<name>/` of a viewset, its name with hyphens: reads `body`, calls
    `call(object, actor=user, **body)`, answers with the object as it stands now. The call is the
    action that the pages use."""

    def act(self: Any, request: Request, **kwargs: Any) -> Response:
        # First the door: to a stranger there is nothing that a body could be wrong for.
        obj = self.get_object()
        call(obj, actor=request.user, **_read(self, request, body))
        return Response(self.as_it_stands(obj))

    address = name.replace("_", "-")
    act.__name__ = address.replace("-", "_")
    act.__doc__ = _said_of(call) or name
    return action(detail=True, methods=["post"], url_path=address, url_name=address)(act)


def _said_of(call: Callable[..., Any]) -> str:
    """The first paragraph of an action's words, without what it raises: programs read of refusals in the
    responses."""
    paragraph = (call.__doc__ or "").strip().partition("\n\n")[0]
    return " ".join(one for one in _sentences(paragraph) if not one.startswith("Raises "))


def _sentences(words: str) -> list[str]:
    return re.split(r"(?<=\.) (?=[A-Z])", " ".join(words.split()))


def _read(view: Any, request: Request, body: type[serializers.Serializer[Any]], *row: Any) -> dict[str, Any]:
    """What was sent, as `body` reads it; of a row that is there only what is to change need be sent."""
    given = body(*row, data=request.data, partial=bool(row), context=view.get_serializer_context())
    given.is_valid(raise_exception=True)
    _none_unknown(view, request, given)
    return dict(given.validated_data)


def _none_unknown(view: Any, request: Request, given: serializers.Serializer[Any]) -> None:
    """A name that is mistyped is not taken for what was left out. What a row says of itself may come back."""
    taken = set(given.fields)
    known = taken | set(getattr(view.get_serializer_class()(), "fields", ()))
    if unknown := sorted(set(request.data) - known):
        words = _("There is no such field here. What can be sent: %(names)s.")
        names = ", ".join(sorted(taken)) or "–"
        raise ValidationError({name: [words % {"names": names}] for name in unknown})


def creating(body: type[serializers.Serializer[Any]], call: Callable[..., Any]) -> Any:
    """`POST <list>/`: reads `body`, calls `call(actor=user, **body)`, answers 201 with the row it made."""

    def create(self: Any, request: Request) -> Response:
        made = call(actor=request.user, **_read(self, request, body))
        return Response(self.as_it_stands(made), status=status.HTTP_201_CREATED)

    return create


def changing(body: type[serializers.Serializer[Any]], call: Callable[..., Any]) -> Any:
    """`PATCH <row>/`: reads of `body` what was sent, calls `call(row, actor=user, **body)`, answers with the
    row as it stands now."""

    def partial_update(self: Any, request: Request, **kwargs: Any) -> Response:
        obj = self.get_object()
        call(obj, actor=request.user, **_read(self, request, body, obj))
        return Response(self.as_it_stands(obj))

    return partial_update


Verbs = dict[str, tuple[type[serializers.Serializer[Any]], Callable[..., Any]]]


Bodies = Mapping[str, type[serializers.Serializer[Any]]]


def called(verbs: Verbs) -> Bodies:
    """The verbs that have an address, as their table calls them, each with what is sent to it."""
    return {name.replace("-", "_"): body for name, (body, _call) in verbs.items()}


@cache
def demanded(body: type[serializers.Serializer[Any]]) -> tuple[str, ...]:
    """The fields without which this body is refused."""
    return tuple(name for name, field in body().fields.items() if field.required)


def moment(at: datetime | None) -> str | None:
    """As the framework's field of a moment writes it, for rows that are written without their fields."""
    if at is None:
        return None
    said = localtime(at).isoformat()
    return f"{said[:-6]}Z" if said.endswith("+00:00") else said


def offered(found: Iterable[Any], bodies: Bodies) -> Any:
    """Of what a table offers (`workflow.available`) what has an address here (`called`); the rest is done on
    pages. As `OfferedVerb` writes it, without one of them made for every row of a list. What a verb needs are
    the fields of its body: what the action fills in itself nobody sends."""
    return [
        {
            "name": one.name,
            "label": str(one.label),
            "needs": demanded(bodies[one.name]),
            "blocked": str(one.refusal) if one.refusal else None,
        }
        for one in found
        if one.name in bodies
    ]


def add_verbs(viewset: Any, verbs: Verbs) -> None:
    """Give a viewset the verbs of its workflow: name in the address -> (what is sent, action). Each answers
    with the object by the viewset's own serializer and stands in the schema with the refusals it may give."""
    for name, (body, call) in verbs.items():
        act = verb(name, body, call)
        described = extend_schema(
            summary=_sentences(str(act.__doc__))[0],
            request=None if body is Nothing else body,
            responses={200: viewset.serializer_class, **refusals(400, 401, 403, 404, 409, 415)},
        )(act)
        setattr(viewset, act.__name__, described)


Write = tuple[type[serializers.Serializer[Any]], Callable[..., Any]]


def add_writes(
    viewset: Any, *, create: Write | None = None, change: Write | None = None, made: Any = None
) -> None:
    """Let rows be made and changed by actions: (what is sent, action). The first paragraph of the action's
    words is what the schema says of it. `made` is the serializer of a new row, where it says more than
    later."""
    for name, wrap, write, codes in (
        ("create", creating, create, (400, 401, 403, 409, 415)),
        ("partial_update", changing, change, (400, 401, 403, 404, 409, 415)),
    ):
        if write is None:
            continue
        body, call = write
        act = wrap(body, call)
        act.__doc__ = _said_of(call)
        answer = (
            {201: made or viewset.serializer_class} if name == "create" else {200: viewset.serializer_class}
        )
        described = extend_schema(
            summary=_sentences(act.__doc__)[0], request=body, responses={**answer, **refusals(*codes)}
        )(act)
        setattr(viewset, name, described)


class MomentField(serializers.DateTimeField):
    """A moment that is sent, in a year that somebody can mean."""

    default_validators = [validate_day]

    def enforce_timezone(self, value: Any) -> Any:
        """First the year: at the ends of the calendar other clocks have no day for it."""
        if isinstance(value, datetime):
            validate_day(value)
        return super().enforce_timezone(value)


class _SeenFields(serializers.ManyRelatedField):
    """Several rows, each a question to the database: more than anybody means are not looked up."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list) and len(data) > MOST_SEEN:
            words = _("At most %(most)s can be named at once.")
            raise serializers.ValidationError(words % {"most": MOST_SEEN}, code="max_length")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.UUID)
class SeenField(serializers.SlugRelatedField[Any]):
    """A row of `model` by its uid, among those that the writer may see; `fill` adds what the action reads."""

    def __init__(self, model: Any, fill: Callable[[Any], Any] = lambda rows: rows, **kwargs: Any) -> None:
        super().__init__("uid", queryset=model._default_manager.none(), **kwargs)
        self.model, self.fill = model, fill

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> Any:
        taken = {name: kwargs[name] for name in MANY_RELATION_KWARGS if name in kwargs}
        return _SeenFields(child_relation=cls(*args, **kwargs), **taken)

    def get_queryset(self) -> Any:
        return self.fill(self.model.objects.visible_to(self.context["request"].user))

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(serializers.UUIDField().run_validation(data))


def offered_alone(workflow: Any, obj: Any, context: Mapping[str, Any], verbs: Verbs) -> Any:
    """As `offered`, for a row by itself; None in lists, where conditions would cost a query for every row."""
    if not context["view"].detail and context["request"].method == "GET":
        return None
    return offered(workflow.available(obj, context["request"].user), called(verbs))
