"""Turns refusals of the engines into pages."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url

from partnerships.common.refusals import Missing, Refused, StaleState, WorkflowError
from partnerships.portal import errors
from partnerships.portal.context import forget

log = logging.getLogger(__name__)
# What psycopg says of a text with a zero byte, which no form lets through and PostgreSQL cannot hold.
NUL_REFUSED = "cannot contain NUL"
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def _leads_to_sign_in(response: HttpResponse) -> bool:
    """As `login_required` answers, with the way back."""
    address = response.headers.get("Location", "") if response.status_code == 302 else ""
    return address.startswith(f"{resolve_url(settings.LOGIN_URL)}?{REDIRECT_FIELD_NAME}=")


class RefusalMiddleware:
    """409 for what has moved on or is blocked, 403 with its reason, 413, 503; a missing reason leads back.
    Whoever opens what only a form is sent to, after signing in anew or from the address bar, gets a page too;
    whoever sends a form when their session has ended reads what they typed.

    What DRF's views raise is answered by common.api.answer_exception before it comes here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in _SAFE and response.status_code < 400:
            forget(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            if request.method == "GET":
                return errors.not_a_page(request, response["Allow"])
            if request.method == "POST":
                return errors.only_read(request, response["Allow"])
        if request.method == "POST" and _leads_to_sign_in(response) and errors.typed_texts(request):
            return errors.signed_out(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if errors.is_lost_database(error):
            log.error("database lost at %s", request.path, exc_info=error)
            return errors.unavailable(request)
        if isinstance(error, ValueError) and NUL_REFUSED in str(error):
            return errors.bad_request(request)
        if isinstance(error, errors.TOO_BIG):
            return errors.too_big(request)
        if isinstance(error, Refused):
            return errors.permission_denied(request, error)
        if isinstance(error, Missing):
            return self._ask_again(request, error)
        if isinstance(error, WorkflowError):
            return errors.conflict(request, error.reason, error.obj, stale=isinstance(error, StaleState))
        return None

    def _ask_again(self, request: HttpRequest, error: Missing) -> HttpResponse:
        """Back to the form with the message; htmx shows it where the person is."""
        if request.headers.get("HX-Request") == "true":
            return errors.answer(request, 409, error.reason)
        messages.error(request, str(error.reason))
        return redirect(errors.came_from(request))
