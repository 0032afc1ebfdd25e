"""The request's id, and what becomes of what a request carries: its cap, and what nobody has read."""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict

from partnerships.common.context import new_request_id, request_id

log = logging.getLogger(__name__)

_KEPT = "portal.request_id"
READ_FOR_US = 32 * 1024  # gunicorn reads what is left of so short a body
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Takes X-Request-ID from the proxy or makes one; it is in every log line, change and answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _SAFE_ID.fullmatch(given) else new_request_id())
        request.META[_KEPT] = request_id.get()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            _read_out(request)
            return response
        finally:
            request_id.reset(token)


def _read_out(request: HttpRequest) -> None:
    """Read a body that was refused unread (401, 403, 413). gunicorn promises to keep the connection but
    closes it where more than 64 kB of a body are left: the sender's next request would be lost."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()) or not READ_FOR_US < int(length) <= settings.REQUEST_LIMIT:
        return
    try:
        while request.read(READ_FOR_US):
            pass
    except OSError:  # the sender has gone
        log.info("a body of %s was not sent to its end", length)


class LineBreaksMiddleware:
    """A line break of what was typed is one character, as the counter beside the field and programs count
    it; browsers send two. Only of a form that was read already, for its key: nobody's body is read for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        sent = getattr(request, "_post", None)
        if sent and any("\r" in value for _name, values in sent.lists() for value in values):
            taken = QueryDict(mutable=True, encoding=sent.encoding)
            for name, values in sent.lists():
                taken.setlist(name, [value.replace("\r\n", "\n").replace("\r", "\n") for value in values])
            request.POST = taken  # type: ignore[assignment]  # nobody writes into it


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # What Django says of an answer (404, 409, 429) it says once the request has left every middleware: by
        # then the context may be that of other work.
        kept = getattr(getattr(record, "request", None), "META", {})
        record.request_id = kept.get(_KEPT) or request_id.get() or "-"
        return True


class UploadLimitMiddleware:
    """Refuses a body over REQUEST_LIMIT by its declared length, before a byte of it is read.

    gunicorn and every proxy hand on a body no longer than it declares; a chunked body without a
    length is refused as well, since no browser form sends one. The answer is the 413 of the family.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
        if length > settings.REQUEST_LIMIT or chunked:
            raise RequestDataTooBig(f"a body of {'unknown length' if chunked else length}")
        return self.get_response(request)
