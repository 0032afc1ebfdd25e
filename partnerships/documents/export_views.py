"""The address of every list that may be taken away, and the page of what one took."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.export import FORMATS, TYPES
from partnerships.common.models import JobState
from partnerships.common.pages import drawn_anew
from partnerships.common.paging import keyset, page_links
from partnerships.documents import exporting
from partnerships.documents.models import ExportRun


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A short list is answered with its file. A long one is asked about first, and made once confirmed."""
    fmt = request.GET.get("format", "xlsx")
    if fmt not in FORMATS:
        raise BadRequest
    try:
        asked = exporting.ask(kind, request.user, request.GET, fmt)
    except LookupError as error:
        raise Http404 from error
    except exporting.TooLong as error:
        return _too_long(request, error)
    if not asked.at_once:
        if request.method == "POST":
            return redirect(exporting.start_long(asked, actor=request.user))
        return render(request, "documents/export_ask.html", {"asked": asked, "days": settings.EXPORT_DAYS})
    if request.method == "HEAD":  # a look at the address takes nothing away
        return HttpResponse(content_type=TYPES[fmt])
    opened, name = exporting.hand_out(asked, actor=request.user)
    response = FileResponse(opened, content_type=TYPES[fmt])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _too_long(request: HttpRequest, error: exporting.TooLong) -> HttpResponse:
    """Nothing is closed to the reader: the list is to be narrowed, on the page that they came from."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    context = {"name": error.name, "reason": error.reason, "back": came_from if ours else ""}
    return render(request, "documents/export_too_long.html", context, status=422)


@require_safe
@login_required
def export_list(request: HttpRequest) -> HttpResponse:
    """Everything that I took away, with the files that are still kept."""
    runs = ExportRun.objects.visible_to(request.user).select_related("file", "job")
    page = keyset(runs, request.GET, order=("-created", "-pk"), reader=request.user)
    context = {
        "runs": page.rows,
        "pages": page_links(request.GET, page, narrows=False),
        "days": settings.EXPORT_DAYS,
    }
    return render(request, "documents/export_list.html", context)


def _own(request: HttpRequest, uid: Any) -> ExportRun:
    return access(ExportRun.objects.select_related("file", "job"), uid, request.user)


def _working(run: ExportRun) -> bool:
    return run.job is not None and run.job.is_working


@require_safe
@login_required
def export_run(request: HttpRequest, uid: Any) -> HttpResponse:
    """How far it is, or the file."""
    run = _own(request, uid)
    context = {
        "run": run,
        "working": _working(run),
        "failed": run.job is not None and run.job.state == JobState.FAILED,
        "days": settings.EXPORT_DAYS,
    }
    return render(request, "documents/export_run.html", context)


@require_safe
@login_required
def export_progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """The moving part of the page, asked for every second; at the end it has the page drawn anew."""
    run = _own(request, uid)
    if not _working(run):
        return drawn_anew()
    return render(request, "documents/export_run.html#progress", {"run": run})
