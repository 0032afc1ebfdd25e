"""Every refusal as a page of the family: whole, as a fragment for htmx, as JSON under /api/."""

import re
import sqlite3
import sys
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.clock import day_in_words
from partnerships.common.context import request_id
from partnerships.common.refusals import LinkDoesNotOpen, Refused
from partnerships.portal.context import Shell

NOTICES = "#notices"  # where base.html shows what happened
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
RETRY_AFTER = 5  # seconds
_BARE = (400, 500, 503)
# Names of fields that nobody typed, or that must not be shown again.
_NOT_TYPED = (
    "csrfmiddlewaretoken",
    "version",
    "next",
    "action",
    "verb",
    "uid",
    "text_hash",
    "programme",
    "seen",
    "do",
)
_SECRET = ("password", "code", "token", "secret")


# What PostgreSQL says when it goes away or takes nobody in: 08 of connections, 57P0 of shutting down and
# starting, 53300 of too many. SQLite: a file that is held by another writer too long, or cannot be opened.
_GONE = ("08", "57P0", "53300")
_GONE_FILE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR")


def is_lost_database(error: BaseException | None) -> bool:
    """Whether the database was not reached, or went away. A column that is not there, a deadlock or a
    statement that took too long are a fault here: 500, though drivers call some of them operational too."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorname", None) or "").startswith(_GONE_FILE)
    # psycopg has no code for a connection that was never made, or broke while it was used.
    code: str | None = getattr(cause, "sqlstate", None)
    return code is None or code.startswith(_GONE)


def answer(
    request: HttpRequest, status: int, reason: Any = "", template: str = "", **context: Any
) -> HttpResponse:
    """The refusal `status` with its reason, in the shape that the caller reads.

    Pages of 400, 500 and 503 are drawn without the shell: they need neither a database nor a sound request.
    """
    if request.path_info.startswith("/api/"):
        body = {"detail": str(reason), "code": _CODES[status], "request_id": request_id.get()}
        return JsonResponse(body, status=status)
    values = {"reason": str(reason), "status": status, "request_id": request_id.get(), **context}
    bare = None if status in _BARE else request
    if bare is not None:
        values["shell"] = Shell(request, counting=False)
    if request.headers.get("HX-Request") == "true":
        html = loader.render_to_string("portal/refusal.html", values, bare)
        response = HttpResponse(html, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = NOTICES, "innerHTML"
    else:
        html = loader.render_to_string(template or f"{status}.html", values, bare)
        response = HttpResponse(html, status=status)
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return response


_NOT_YOURS = gettext_lazy(
    "Your role does not include this page or this step. If you think that it should, write to whoever "
    "confirms roles in your organisation."
)
_CODES = {
    400: "bad_request",
    403: "refused",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    500: "server_error",
    503: "unavailable",
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TOO_BIG):
        return too_big(request)
    return answer(
        request,
        400,
        _(
            "The browser sent something that the portal cannot read. "
            "Go back, load the page anew and try again."
        ),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = exception.reason if isinstance(exception, Refused) else ""
    return answer(request, 403, reason or _NOT_YOURS)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, LinkDoesNotOpen):
        return answer(request, 404, _("This link does not open."), "link.html")
    # What was sent to a page that has been closed to its reader meanwhile is not lost either.
    words = _("There is nothing at this address, or it belongs to somebody else.")
    return answer(request, 404, words, typed=typed_texts(request))


def not_a_page(request: HttpRequest, allowed: str) -> HttpResponse:
    """Only forms are sent to this address. Signing in anew leads here when the session had ended."""
    response = answer(
        request,
        405,
        _("Only a form can be sent to this address, and nothing has been changed now."),
    )
    response["Allow"] = allowed
    return response


def only_read(request: HttpRequest, allowed: str) -> HttpResponse:
    """Somebody sent a form to a page that takes none."""
    reason = _("Nothing can be sent to this address, and nothing has been changed now.")
    response = answer(request, 405, reason, reading=True)
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort. Called while the error is being handled, so a lost database is told apart here too."""
    with translation.override(_language(request)):
        if is_lost_database(sys.exc_info()[1]):
            return unavailable(request)
        return answer(request, 500, _("Something broke here, and it has been written down."))


def unavailable(request: HttpRequest) -> HttpResponse:
    response = answer(
        request, 503, _("The portal cannot reach its database just now. Try again in a minute.")
    )
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def too_big(request: HttpRequest) -> HttpResponse:
    reason = _("This is more than the portal takes at once.")
    return answer(request, 413, reason, limit=settings.REQUEST_LIMIT, back_url=came_from(request))


def conflict(request: HttpRequest, reason: Any, obj: Any = None, *, stale: bool = False) -> HttpResponse:
    """409: why it was not done, the way to how things stand now, and what was typed, to be copied. `stale`:
    because somebody was quicker, which no other refusal is headed by."""
    return answer(
        request, 409, reason, stale=stale, back_url=way_back(request, obj), typed=typed_texts(request)
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long that its key has changed."""
    text = _(
        "The form was open too long, or cookies are switched off. Nothing has been changed: open the form "
        "again and send it once more."
    )
    return _not_taken(request, text)


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while the form was filled in: signing in alone would bring an empty one."""
    text = _(
        "You have been signed out meanwhile. Nothing has been changed: open the form again and send it "
        "once more."
    )
    return _not_taken(request, text)


def _not_taken(request: HttpRequest, text: str) -> HttpResponse:
    """403: nothing was done, and what was typed is shown to be copied."""
    typed, back = typed_texts(request), came_from(request)
    return answer(request, 403, text, typed=typed, back_url=back, heading=_("The form was not taken"))


def way_back(request: HttpRequest, obj: Any) -> str:
    """The object's own page, else the page that the request came from, else home."""
    address = getattr(obj, "get_absolute_url", None)
    return address() if address is not None else came_from(request)


def came_from(request: HttpRequest) -> str:
    """The page of ours that the request came from; home when it came from elsewhere."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else get_script_prefix()


def typed_texts(request: HttpRequest) -> list[str]:
    """What a person typed into the form that was refused; no keys, choices by key, or passwords."""
    try:
        posted = list(request.POST.lists())
    except (*TOO_BIG, MultiPartParserError, UnreadablePostError):  # no form, or broken off
        return []
    return [
        _in_words(value.strip())
        for name, values in posted
        if name not in _NOT_TYPED and not any(word in name for word in _SECRET)
        for value in values
        if _is_text(value.strip())
    ]


def _in_words(value: str) -> str:
    """A day of a calendar as people read it; all else as it was typed."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    try:
        return day_in_words(date.fromisoformat(value))
    except ValueError:
        return value


def _is_text(value: str) -> bool:
    if not value or value in ("on", "true", "false") or value.isdigit():
        return False
    try:
        UUID(value)
    except ValueError:
        return True
    return False


def _language(request: HttpRequest) -> str:
    """The page's language when the middleware that chooses it may not have run."""
    codes = {code for code, _name in settings.LANGUAGES}
    wishes = (
        getattr(request, "LANGUAGE_CODE", ""),
        request.GET.get("lang", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
    )
    return next((wish for wish in wishes if wish in codes), settings.LANGUAGE_CODE)
