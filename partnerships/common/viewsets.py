"""Viewsets that several apps share. Apart from api.py, which the REST framework reads while it is loading."""

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.exceptions import APIException, NotAuthenticated, ValidationError
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common import once, versions
from partnerships.common.api import refusals
from partnerships.common.refusals import StaleState
from partnerships.common.scopes import WithinScope

_EVERYWHERE = {"lang", "format"}


class PreconditionFailed(APIException):
    status_code = 412
    default_code = "precondition_failed"


def _changed() -> PreconditionFailed:
    return PreconditionFailed(
        _("This has been changed since you read it: read it again, then decide whether to go on.")
    )


def _tags(header: str) -> Iterator[str]:
    """The entity tags of a header. A proxy that compresses marks them weak (W/): they stay the same tags."""
    for tag in parse_etags(header):
        yield tag.removeprefix("W/").strip('"')


def etag(row: dict[str, Any]) -> str:
    """`"<version>-<hash>"`: If-Match asks for the version, If-None-Match for all that is said of it, which
    changes with the reader's language and the hour too. A row that nobody edits has the hash alone."""
    said = hashlib.sha256(JSONRenderer().render(row)).hexdigest()[:16]
    version = row.get("version")
    return f'"{version}-{said}"' if version is not None else f'"{said}"'


class RowAnswers(viewsets.GenericViewSet[Any]):
    """What every viewset keeps: single rows with an ETag, writes that heed If-Match and Idempotency-Key, and
    the limits of the token that asks."""

    answers_etags = True
    answers_secrets = False  # answers to POST hold what nobody may find in the database
    token_group = ""  # which tokens reach it; given when it is registered
    asks: tuple[str, ...] = ()  # what an address may ask besides filters and pages
    words_kept = True  # of the question for a single row: `get_queryset` hangs on who reads it alone
    # (reader, viewset, uid) -> the row, by such words; given when it is registered, where rows have a uid
    row_of: Any = None
    # reader -> a mark that is another one as soon as their rights are others; given when it is registered
    rights_of: Any = None

    def get_permissions(self) -> list[Any]:
        return [*super().get_permissions(), WithinScope()]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        unexpected = versions.expected.set(None)
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            versions.expected.reset(unexpected)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # What everybody may read has verbs as well.
        if request.method not in SAFE_METHODS and not request.user.is_authenticated:
            raise NotAuthenticated
        if request.method in ("GET", "HEAD"):
            self._none_unasked(request)
        act = getattr(self, "post", None)
        # A file sent again takes the place of the one before: it needs no key, and its bytes are not kept.
        uploads = (request.content_type or "").startswith("multipart/")
        if act is not None and request.method == "POST" and once.HEADER in request.headers and not uploads:
            self.post = partial(self._once, act)

    def _none_unasked(self, request: Request) -> None:
        """A filter whose name is mistyped would narrow nothing, and whoever asks would not see it."""
        if unknown := sorted(set(request.query_params) - _EVERYWHERE - (known := self._asked_by())):
            words = _("Nothing here is asked by this name. What can be asked: %(names)s.")
            names = ", ".join(sorted(known)) or "–"
            raise ValidationError({name: [words % {"names": names}] for name in unknown})

    def _asked_by(self) -> set[str]:
        filters = getattr(self, "filterset_class", None)
        pages = {"cursor", "page_size"} if self.paginator is not None else set()
        return {*self.asks, *pages, *(filters.base_filters if filters is not None else ())}

    def _once(self, act: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        done = partial(act, request, *args, **kwargs)
        rights = self.rights_of(request.user) if self.rights_of is not None else ""
        refuse, secret = self.handle_exception, self.answers_secrets
        return once.once(request, done, refuse, secret=secret, rights=rights, again=self._told_again)

    def _told_again(self, status: int, said: Any, same_rights: bool) -> Any:
        """Of an answer of before what its sender may read today: with other rights the row as they see it
        now, and nothing of a row that is no longer theirs to see, though it was done."""
        refused = status >= 400
        try:
            row = self._found() if self.detail else None if refused else self._made_before(said)
        except Http404:
            if refused:
                raise
            return None
        if same_rights or refused or said is None:
            return said
        return self.get_serializer(row).data if row is not None else None

    def _made_before(self, said: Any) -> Any:
        """The row that a POST to the list made, if it is still there for who made it; Http404."""
        key = said.get(self.lookup_field, said.get("id")) if isinstance(said, dict) else None
        if key is None:
            return None
        return get_object_or_404(self.get_queryset(), **{self.lookup_field: key})

    def as_it_stands(self, obj: Any) -> Any:
        """What is answered after a write: the row read anew, as the reader sees it now."""
        if self.row_of is None:
            row = self.get_queryset().get(pk=obj.pk)
        else:
            (row,) = self.row_of(self.request.user, type(self), obj.uid)
        return self.get_serializer(row).data

    def _found(self) -> Any:
        if self.row_of is None or self.request.query_params:  # which narrow single rows as well
            return super().get_object()
        found = self.row_of(self.request.user, type(self), self.kwargs["uid"])[:1]
        if not found:
            raise Http404
        self.check_object_permissions(self.request, found[0])
        return found[0]

    def get_object(self) -> Any:
        obj = self._found()
        wanted = self.request.headers.get("If-Match", "*").strip()
        if self.request.method in ("GET", "HEAD") or wanted == "*":
            return obj
        if (version := getattr(obj, "version", None)) is None:
            if etag(self.get_serializer(obj).data).strip('"') not in _tags(wanted):
                raise _changed()
        elif str(version) not in {tag.partition("-")[0] for tag in _tags(wanted)}:
            raise _changed()
        else:
            versions.expect(obj, version)
        return obj

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, StaleState) and "If-Match" in self.request.headers:
            exc = _changed()
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        one = response.status_code == 201 or (response.status_code == 200 and self.detail)
        if one and isinstance(getattr(response, "data", None), dict):
            tag = etag(response.data)
            if request.method in ("GET", "HEAD"):
                asked = request.headers.get("If-None-Match", "")
                if asked.strip() == "*" or tag.strip('"') in _tags(asked):
                    response = Response(status=304)
            response["ETag"] = tag
        return super().finalize_response(request, response, *args, **kwargs)


class RowViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, RowAnswers):
    """Lists and single rows; who may see which is the viewset's own queryset."""


class VisibleViewSet(RowViewSet):
    """Rows of one model that the signed-in reader may see, by uid. Name `serializer_class`; for the schema,
    an empty `queryset`, of a model with `visible_to`; `api.add_verbs` gives it its verbs."""

    permission_classes = [IsAuthenticated]
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        row: Any = cls.serializer_class
        extend_schema_view(
            list=extend_schema(responses={200: row(many=True), **refusals(400, 401, 404)}),
            retrieve=extend_schema(responses={200: row, **refusals(401, 404)}),
        )(cls)

    def get_queryset(self) -> Any:
        row: Any = self.serializer_class
        return row.Meta.model.objects.visible_to(self.request.user)
