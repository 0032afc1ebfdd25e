"""Importing a table: read, shown with every row's fate, confirmed, written row by row.

A direction says what its kind of import is (documents/importers.py) and mounts import_views.upload at an
address of its own. Docs: docs/imports.md.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.importer import NONE, ReportRow, report
from partnerships.common.jobs import start
from partnerships.common.models import JobState
from partnerships.common.refusals import Refused
from partnerships.directory.models import Person
from partnerships.documents import actions
from partnerships.documents.enums import DocumentKind, FateKind, ImportState, RowState
from partnerships.documents.importers import NOT_YOURS, importer_of
from partnerships.documents.models import ColumnChoice, ImportRow, ImportRun
from partnerships.documents.workflow import IMPORT, has_good_rows
from partnerships.workflow.actors import SYSTEM, as_actor

PREVIEW_JOB = "documents.preview_import"
WRITE_JOB = "documents.write_import"


# Verbs ---------------------------------------------------------------------------------------------


def bring(
    upload: UploadedFile | actions.ReadyFile, *, kind: str, context: dict[str, Any], actor: Any
) -> ImportRun:
    """Keep the table as a private file of the actor and start reading it.

    Raises Refused when the actor may not, FileRefused when it is no table.
    """
    user = as_actor(actor).user
    if user is None or user.person_id is None or not importer_of(kind).may(user, context):
        raise Refused(NOT_YOURS)
    owner = Person.objects.get(pk=user.person_id)
    ready = actions.prepare(upload, kind=DocumentKind.IMPORT)
    document = actions.store(ready, owner=owner, kind=DocumentKind.IMPORT, actor=actor)
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                owner=user,
                kind=kind,
                context=context,
                file=document,
                file_name=ready.sent_as or document.name,
                sha256=document.sha256,
            )
            return preview(run, actor=actor)
    except BaseException:
        actions.remove(document, actor=actor)
        raise


@transaction.atomic
def preview(run: ImportRun, *, actor: Any) -> ImportRun:
    """Have a worker read the file (again). Raises Blocked while one is at it."""
    work = start(PREVIEW_JOB, run.owner, run=run.pk)
    return IMPORT.apply(run, "preview", actor=actor, job=work, problem="")


@transaction.atomic
def match_columns(run: ImportRun, choices: dict[str, str], *, actor: Any) -> ImportRun:
    """Read the table with what its owner says of its columns, and remember it for tables of such headings.

    choices  slot of a heading (see common.importer.headings) -> key of a column, "" to leave it out
    Raises ValidationError where a required column is missing or one is named twice.
    """
    sheet = importer_of(run.kind).sheet(run.context)
    named = [key for key in choices.values() if key]
    if unknown := set(named) - {column.key for column in sheet.accepted}:
        raise ValueError(f"{run.kind}: no such columns: {sorted(unknown)}")
    if twice := [key for key, count in Counter(named).items() if count > 1]:
        labels = ", ".join(sheet.label(key) for key in twice)
        raise ValidationError(_("Chosen for several columns of the file: %(columns)s.") % {"columns": labels})
    covered = sheet.covered(named)
    if missing := [column for column in sheet.columns if column.required and column.key not in covered]:
        labels = ", ".join(str(column.label) for column in missing)
        raise ValidationError(_("Say which column of the file this is: %(columns)s.") % {"columns": labels})
    work = start(PREVIEW_JOB, run.owner, run=run.pk)
    signature = run.summary["headings"]["signature"]
    IMPORT.apply(run, "columns", actor=actor, job=work, problem="")
    ColumnChoice.objects.update_or_create(
        owner=run.owner, kind=run.kind, signature=signature, defaults={"choices": choices}
    )
    return run


@transaction.atomic
def pick_headings(run: ImportRun, heading: int, *, actor: Any) -> ImportRun:
    """Read the table with the headings in that row (by its number in the file) instead of the one found; NONE
    (of common.importer) says that it has none.

    Raises ValidationError for a row that is not one of those shown.
    """
    rows = [number for number, _words in run.summary.get("headings", {}).get("top", [])]
    if heading not in (NONE, *rows):
        raise ValidationError(_("Choose the row of your file in which the headings stand."))
    work = start(PREVIEW_JOB, run.owner, run=run.pk)
    return IMPORT.apply(run, "columns", actor=actor, job=work, problem="", heading_row=heading)


def said_before(run: ImportRun) -> dict[str, str]:
    """What its owner has said of single headings in earlier tables of this kind, the newest first."""
    rows = ColumnChoice.objects.filter(owner_id=run.owner_id, kind=run.kind).order_by("-updated")[:50]
    found: dict[str, str] = {}
    for row in rows:
        found = {**row.choices, **found}
    return found


def at_rest(summary: dict[str, Any]) -> dict[str, Any]:
    """Without the headings and the values shown with them: they are needed only while columns are matched."""
    return {key: value for key, value in summary.items() if key != "headings"}


@transaction.atomic
def confirm(run: ImportRun, *, actor: Any) -> ImportRun:
    """Have a worker write the rows that were shown as good; confirming twice writes nothing twice."""
    work = start(WRITE_JOB, run.owner, run=run.pk)
    return IMPORT.apply(run, "confirm", actor=actor, job=work)


@transaction.atomic
def discard(run: ImportRun, *, actor: Any) -> ImportRun:
    """Forget the table: its rows and its file go, the line that it was there stays.

    Where rows had been written before it failed, what became of each stays too.
    """
    document = run.file
    IMPORT.apply(run, "discard", actor=actor, file=None, summary=at_rest(run.summary))
    rows = run.rows.all()
    if written(run):
        rows = rows.filter(state=RowState.WAITING)
    rows.delete()
    if document is not None:
        actions.remove(document, actor=actor)
    return run


def state_words(run: ImportRun) -> str:
    """How it stands, for lists: a table of which nothing would be written waits for nobody's word."""
    if run.state == ImportState.PREVIEWED and has_good_rows(run, None) is not None:
        return _("Nothing to write")
    return str(run.get_state_display())


def is_over(run: ImportRun) -> bool:
    """Whether nothing more becomes of its rows as it stands: then words tell what was, not what will be."""
    return run.state in (ImportState.DONE, ImportState.FAILED, ImportState.DISCARDED)


def written(run: ImportRun) -> int:
    """How many rows have been written so far, also by a run that failed or still goes on."""
    return run.rows.filter(state=RowState.WRITTEN).count()


def with_outcomes(run: ImportRun) -> dict[str, Any]:
    """Its summary with what became of the rows so far, as counts by RowState."""
    done = run.rows.exclude(state=RowState.WAITING).order_by()
    outcomes = dict(done.values_list("state").annotate(count=Count("pk")))
    return {**run.summary, "outcomes": outcomes} if outcomes else run.summary


def earlier(run: ImportRun) -> ImportRun | None:
    """The same file, confirmed before by the same person in the same place."""
    same = ImportRun.objects.filter(
        owner_id=run.owner_id, kind=run.kind, sha256=run.sha256, state=ImportState.DONE
    ).exclude(pk=run.pk)
    return next((other for other in same.order_by("-state_since") if other.context == run.context), None)


# What time takes away ------------------------------------------------------------------------------


def forget_old(border: datetime | None = None) -> int:
    """Take away the rows and files of tables brought more than settings.IMPORT_RETENTION_DAYS days ago.

    They are people's data; the line that the table was there stays, with its counts, and so does what was
    written. One that nobody confirmed is discarded. Returns how many were forgotten.
    """
    border = border or timezone.now() - timedelta(days=settings.IMPORT_RETENTION_DAYS)
    keys = list(old_runs(border).order_by("pk").values_list("pk", flat=True))
    for key in keys:
        _forget(key)
    return len(keys)


def old_runs(border: datetime) -> Any:
    """Tables brought before that moment whose rows are still here and that nobody is working on."""
    old = ImportRun.objects.filter(created__lt=border, forgotten=None)
    return old.exclude(job__state__in=(JobState.QUEUED, JobState.RUNNING))


@transaction.atomic
def _forget(key: int) -> None:
    run = ImportRun.objects.select_for_update().get(pk=key)
    if run.job is not None and run.job.state in (JobState.QUEUED, JobState.RUNNING):
        return  # taken up again a moment ago
    document = run.file
    if run.state in (ImportState.PREVIEWING, ImportState.CONFIRMING):
        late = _("The work stopped before it was finished and was not taken up again.")
        IMPORT.apply(run, "fail", actor=SYSTEM, problem=late, summary=with_outcomes(run))
    if run.state in (ImportState.UPLOADED, ImportState.ASKING, ImportState.PREVIEWED):
        IMPORT.apply(run, "discard", actor=SYSTEM)
    run.rows.all().delete()
    ImportRun.objects.filter(pk=key).update(file=None, forgotten=timezone.now(), summary=at_rest(run.summary))
    if document is not None:
        actions.remove(document, actor=SYSTEM)


# The report ----------------------------------------------------------------------------------------


def report_of(run: ImportRun, *, errors_alone: bool = False) -> bytes:
    """The report of a run as .xlsx: every row, or those with errors alone, to be mended in it and brought
    again; what became or will become of each, and what is wrong."""
    sheet = importer_of(run.kind).sheet(run.context)
    finished = is_over(run)
    found = run.rows.exclude(errors={}) if errors_alone else run.rows.all()
    rows = (
        ReportRow(row.number, row.values, row_words(row, finished), row.errors)
        for row in found.order_by("number").iterator(chunk_size=1000)
    )
    return report(rows, sheet)


def row_words(row: ImportRow, finished: bool) -> str:
    """What became of a row, or will, in words."""
    if finished or row.state != RowState.WAITING:
        return row.outcome or str(RowState(row.state).label)
    return row.fate_text or str(FateKind(row.fate).label)
