"""The pages of every import. A direction mounts `upload` at its own address and with its own context; the
rest is mounted once, in urls.py, and belongs to whoever brought the table."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnerships.common.access import access
from partnerships.common.export import XLSX
from partnerships.common.importer import Sheet, template
from partnerships.common.models import JobState
from partnerships.common.pages import drawn_anew
from partnerships.common.paging import keyset, page_links
from partnerships.common.refusals import Refused
from partnerships.common.text import slug
from partnerships.directory.access import access_of
from partnerships.documents import imports
from partnerships.documents.enums import FateKind, ImportState, RowState
from partnerships.documents.forms import TableForm
from partnerships.documents.holding import still_at_work
from partnerships.documents.importers import NOT_YOURS, importer_of
from partnerships.documents.models import ImportRow, ImportRun
from partnerships.documents.workflow import IMPORT

NAMED_BY = 2  # columns that stand for a row in the list


@require_http_methods(["GET", "POST"])
@login_required
def upload(request: HttpRequest, *, kind: str, context: dict[str, Any]) -> HttpResponse:
    """The upload page of an import: what the columns are, the template (?template=1), the file.

    To be called from a direction's own view, which has found the context's objects through `access`.
    """
    importer = importer_of(kind)
    if not importer.may(request.user, context):
        raise Refused(NOT_YOURS)
    sheet = importer.sheet(context)
    if "template" in request.GET:
        return _file(template(sheet), slug(str(sheet.title)))
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                run = imports.bring(form.cleaned_data["file"], kind=kind, context=context, actor=request.user)
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return redirect(run)
    mine = ImportRun.objects.visible_to(request.user).filter(kind=kind).order_by("-created")[:20]
    return render(
        request,
        "documents/import_upload.html",
        {
            "form": form,
            "sheet": sheet,
            "note": sheet.note,  # in a template `sheet.note` is the column of that key, where there is one
            "title": importer.title(context),
            "back": importer.result_url(context),
            "back_label": importer.result_label(context),
            "runs": [(run, imports.state_words(run)) for run in mine if run.context == context][:5],
        },
        status=400 if form.errors else 200,
    )


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def import_list(request: HttpRequest) -> HttpResponse:
    """Everything that I brought, to be found again."""
    runs = ImportRun.objects.visible_to(request.user).exclude(state=ImportState.DISCARDED)
    page = keyset(runs, request.GET, order=("-created", "-pk"), reader=request.user)
    context = {
        "runs": [(run, imports.state_words(run)) for run in page],
        "pages": page_links(request.GET, page, narrows=False),
        "brings_days_off": access_of(request.user).administers,
    }
    return render(request, "documents/import_list.html", context)


@require_GET
@login_required
def import_run(request: HttpRequest, uid: Any) -> HttpResponse:
    """One import as it stands: being read, to be confirmed, being written, or finished."""
    run = access(ImportRun.objects.select_related("job", "file"), uid, request.user, still_at_work)
    if run.state == ImportState.ASKING:
        return redirect("import_columns", run.uid)
    importer = importer_of(run.kind)
    sheet = importer.sheet(run.context)
    context: dict[str, Any] = {
        "run": run,
        "title": importer.title(run.context),
        "upload_url": importer.upload_url(run.context),
        "result_url": importer.result_url(run.context),
        "verbs": {offer.name: offer for offer in IMPORT.available(run, request.user)},
        "working": is_working(run),
        "stuck": run.state in (ImportState.PREVIEWING, ImportState.CONFIRMING) and not is_working(run),
        "earlier": imports.earlier(run) if run.state == ImportState.PREVIEWED else None,
        "written": _written(run),
    }
    if shows_rows(run):
        context |= _rows(request, run, sheet)
    return render(request, "documents/import_run.html", context)


def is_working(run: ImportRun) -> bool:
    """Whether a worker has it, or is about to."""
    moving = run.state in (ImportState.PREVIEWING, ImportState.CONFIRMING)
    return moving and run.job is not None and run.job.state in (JobState.QUEUED, JobState.RUNNING)


def _written(run: ImportRun) -> int:
    """How many rows were written; counted once a run is finished, so that it is known when they are gone."""
    if run.forgotten is None and run.state != ImportState.DONE:
        return imports.written(run)
    return run.summary.get("outcomes", {}).get(RowState.WRITTEN, 0)


def shows_rows(run: ImportRun) -> bool:
    """Whether there are rows to show: those of a preview, and those of which something became."""
    if run.forgotten is not None:
        return False
    stopped = run.state in (ImportState.FAILED, ImportState.DISCARDED)
    return run.state in (ImportState.PREVIEWED, ImportState.DONE) or (stopped and imports.written(run) > 0)


def _rows(request: HttpRequest, run: ImportRun, sheet: Sheet) -> dict[str, Any]:
    """The table, those with errors first: unless asked otherwise only they are shown, while there are any."""
    finished = imports.is_over(run)
    counts = _counts(run)
    choices = RowState if finished else FateKind
    first = RowState.REFUSED if finished else FateKind.REFUSE
    chosen = request.GET.get("show", first if counts.get(first) else "all")
    rows = run.rows.all() if finished else run.rows.filter(state=RowState.WAITING)
    if chosen in choices.values:
        rows = rows.filter(**{"state" if finished else "fate": chosen})
    page = keyset(rows, request.GET, order=("number", "pk"), size=100)
    by_column = run.summary.get("columns", {})
    return {
        "counts": [
            (value, choices(value).label, counts[value]) for value in sorted(counts, key=choices.values.index)
        ],
        "chosen": chosen,
        "some_wrong": 0 < counts.get(first, 0) < sum(counts.values()),
        "finished": finished,
        "all_rows": sum(counts.values()),
        "to_write": sum(counts.get(value, 0) for value in (FateKind.ADD, FateKind.CHANGE)),
        "error_columns": [(sheet.label(key) or _("The row as a whole"), n) for key, n in by_column.items()],
        "rows": [_row(row, sheet, finished) for row in page],
        "pages": page_links(request.GET, page, narrows=False),
    }


def _counts(run: ImportRun) -> dict[str, int]:
    """Rows by what became of them, or in a preview by what will."""
    if not imports.is_over(run):
        return run.summary.get("fates", {})
    if run.state == ImportState.DONE:
        return run.summary.get("outcomes", {})
    return dict(run.rows.order_by().values_list("state").annotate(count=Count("pk")))


def _row(row: ImportRow, sheet: Sheet, finished: bool) -> dict[str, Any]:
    bad = row.state == RowState.REFUSED if finished else row.fate == FateKind.REFUSE
    idle = row.state == RowState.LEFT if finished else row.fate == FateKind.NOTHING
    kind = RowState(row.state) if finished else FateKind(row.fate)
    words = imports.row_words(row, finished)
    cells = [(column.label, row.values.get(column.key, "")) for column in sheet.columns]
    return {
        "number": row.number,
        # The first columns are what a row is known by.
        "name": " ".join(text for _label, text in cells[:NAMED_BY] if text),
        "state": kind.label,
        "words": words if words != str(kind.label) else "",
        "css": "bad" if bad else "" if idle else "good",
        "errors": [
            (sheet.label(key), row.values.get(key, ""), reasons) for key, reasons in row.errors.items()
        ],
        "cells": [(label, text) for label, text in cells if text],
    }


@require_GET
@login_required
def import_progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """The moving part of the page, asked for every second; at the end it has the page drawn anew."""
    run = access(ImportRun.objects.select_related("job"), uid, request.user)
    if not is_working(run):
        return drawn_anew()
    return render(request, "documents/import_run.html#progress", {"run": run})


@require_POST
@login_required
def import_preview(request: HttpRequest, uid: Any) -> HttpResponse:
    run = access(ImportRun.objects.select_related("job"), uid, request.user)
    return redirect(imports.preview(run, actor=request.user))


@require_POST
@login_required
def import_confirm(request: HttpRequest, uid: Any) -> HttpResponse:
    run = access(ImportRun.objects.select_related("job"), uid, request.user)
    return redirect(imports.confirm(run, actor=request.user))


@require_POST
@login_required
def import_discard(request: HttpRequest, uid: Any) -> HttpResponse:
    run = access(ImportRun.objects.select_related("job", "file"), uid, request.user)
    imports.discard(run, actor=request.user)
    return redirect(importer_of(run.kind).upload_url(run.context))


@require_GET
@login_required
def import_report(request: HttpRequest, uid: Any) -> HttpResponse:
    """Every row with what became of it, as .xlsx; ?show=errors: those that have to be mended."""
    run = access(ImportRun, uid, request.user, still_at_work)
    stem, errors_alone = run.file_name.rpartition(".")[0], request.GET.get("show") == "errors"
    name = _("Rows with errors: %(name)s") if errors_alone else _("Report: %(name)s")
    return _file(imports.report_of(run, errors_alone=errors_alone), slug(name % {"name": stem}))
