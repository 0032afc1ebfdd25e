"""Importing a table: read, shown with every row's fate, confirmed, written row by row.

A direction says what its kind of import is:

    @importer("internships.students")
    class StudentsImport(Importer):
        ...

and mounts import_views.upload at an address of its own. Docs: docs/imports.md.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.importer import ReportRow, Row, Sheet, Table, Unreadable, read, report
from partnerships.common.jobs import Progress, start
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.directory.models import Person
from partnerships.documents import actions
from partnerships.documents.enums import DocumentKind, FateKind, ImportState, RowState
from partnerships.documents.models import ImportRow, ImportRun
from partnerships.documents.workflow import IMPORT
from partnerships.workflow.actors import SYSTEM, as_actor

log = logging.getLogger(__name__)

PREVIEW_JOB = "documents.preview_import"
WRITE_JOB = "documents.write_import"
CHUNK = 500  # rows checked together
WRITE_FOR = 0.12  # seconds of writing in one transaction


@dataclass(frozen=True)
class Fate:
    """What will become of a row, or has: a FateKind, and a sentence for the person."""

    kind: str
    text: str = ""


class Importer:
    """One kind of import. A direction subclasses it; one instance lives through one preview or one writing,
    so that look-ups made in `prepare` and counts kept between chunks (seats left) can stay on it.

    `context` is what the upload page fixed, as JSON values (the programme's key, say).
    """

    kind = ""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        """Whether `user` may bring such a table here; asked at the upload, the preview and the writing."""
        raise NotImplementedError

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        """The heading of the pages."""
        raise NotImplementedError

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:
        """The columns."""
        raise NotImplementedError

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        """Where the upload page of this context is mounted."""
        raise NotImplementedError

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        """Where what was written can be seen."""
        raise NotImplementedError

    def prepare(self, run: ImportRun) -> None:
        """Look up once what all rows need. Called before the first `check` or `write`."""

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        """What will become of these rows, in their order: up to CHUNK at a time, set-based.

        `row.cleaned` is filled. `row.refuse(column, reason)` marks a row that will not be written,
        whatever its fate says. Writes nothing.
        """
        raise NotImplementedError

    def write(self, run: ImportRun, row: Row) -> Fate:
        """Write one row through actions, as `run.owner`; says what was done.

        Runs in a savepoint of its own. A refusal (ValidationError, Refused, WorkflowError) leaves the
        others as they are. Must itself find out when the row is there already (FateKind.NOTHING).
        """
        raise NotImplementedError


_kinds: dict[str, type[Importer]] = {}
I = TypeVar("I", bound=type[Importer])  # noqa: E741


def importer(kind: str) -> Callable[[I], I]:
    """Register a class as the importer of this kind."""

    def register(cls: I) -> I:
        if _kinds.setdefault(kind, cls) is not cls:
            raise ValueError(f"two importers of kind {kind}")
        cls.kind = kind
        return cls

    return register


def importer_of(kind: str) -> type[Importer]:
    """The class registered for this kind. Raises LookupError for one that nobody registered."""
    if kind not in _kinds:
        raise LookupError(f"no importer of kind {kind}")
    return _kinds[kind]


# Verbs ---------------------------------------------------------------------------------------------


def bring(
    upload: UploadedFile | actions.Prepared, *, kind: str, context: dict[str, Any], actor: Any
) -> ImportRun:
    """Keep the table as a private file of the actor and start reading it.

    Raises Refused when the actor may not, FileRefused when it is no table.
    """
    user = as_actor(actor).user
    if user is None or user.person_id is None or not importer_of(kind).may(user, context):
        raise Refused(_("Your role does not include this import."))
    owner = Person.objects.get(pk=user.person_id)
    document = actions.store(upload, owner=owner, kind=DocumentKind.IMPORT, actor=actor)
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                owner=user,
                kind=kind,
                context=context,
                file=document,
                file_name=document.name,
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
def confirm(run: ImportRun, *, actor: Any) -> ImportRun:
    """Have a worker write the rows that were shown as good; confirming twice writes nothing twice."""
    work = start(WRITE_JOB, run.owner, run=run.pk)
    return IMPORT.apply(run, "confirm", actor=actor, job=work)


@transaction.atomic
def discard(run: ImportRun, *, actor: Any) -> ImportRun:
    """Forget the table: its rows and its file go, the line that it was there stays."""
    document = run.file
    IMPORT.apply(run, "discard", actor=actor, file=None)
    run.rows.all().delete()
    if document is not None:
        actions.remove(document, actor=actor)
    return run


def earlier(run: ImportRun) -> ImportRun | None:
    """The same file, confirmed before by the same person in the same place."""
    same = ImportRun.objects.filter(
        owner_id=run.owner_id, kind=run.kind, sha256=run.sha256, state=ImportState.DONE
    ).exclude(pk=run.pk)
    return next((other for other in same.order_by("-state_since") if other.context == run.context), None)


# What workers do -----------------------------------------------------------------------------------


def do_preview(run_id: int, progress: Progress) -> dict[str, Any]:
    """Read the file and say of every row what would become of it. Writes nothing but the preview.

    No lock is held between chunks. Run again from the beginning, it replaces what it had written.
    """
    run = ImportRun.objects.select_related("owner", "file").get(pk=run_id)
    if run.state != ImportState.PREVIEWING:
        return run.summary
    kind = importer_of(run.kind)
    if not kind.may(run.owner, run.context):
        return _fail(run, _("Your role no longer includes this import."))
    sheet = kind.sheet(run.context)
    try:
        table = read(_bytes(run), sheet)
    except Unreadable as error:
        return _fail(run, " ".join(error.messages))
    run.rows.all().delete()
    summary = _check_rows(run, kind(), sheet, table, progress)
    IMPORT.apply(run, "present", actor=SYSTEM, summary=summary)
    return summary


def _bytes(run: ImportRun) -> bytes:
    if run.file is None:
        raise Unreadable(_("The file is no longer there. Upload it again."), code="gone")
    try:
        with default_storage.open(run.file.stored, "rb") as opened:
            return opened.read()
    except FileNotFoundError as error:
        log.exception("the file of import %s is missing", run.pk)
        raise Unreadable(_("The file is no longer there. Upload it again."), code="gone") from error


def _fail(run: ImportRun, problem: str) -> dict[str, Any]:
    IMPORT.apply(run, "fail", actor=SYSTEM, problem=problem)
    return {"problem": problem}


def _check_rows(
    run: ImportRun, kind: Importer, sheet: Sheet, table: Table, progress: Progress
) -> dict[str, Any]:
    fates: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    kind.prepare(run)
    total = len(table.rows)
    for start_at in range(0, total, CHUNK):
        rows = [sheet.clean(row) for row in table.rows[start_at : start_at + CHUNK]]
        told = kind.check(run, rows)
        if len(told) != len(rows):
            raise ValueError(f"{run.kind}: {len(told)} fates for {len(rows)} rows")
        found = [_checked(run, row, fate) for row, fate in zip(rows, told, strict=True)]
        ImportRow.objects.bulk_create(found)
        fates.update(row.fate for row in found)
        columns.update(key for row in found for key in row.errors)
        progress(start_at + len(rows), total)
    return {
        "rows": total,
        "fates": dict(fates),
        "columns": dict(columns),
        "assumed": table.assumed,
        "ignored": table.ignored,
    }


def _checked(run: ImportRun, row: Row, fate: Fate) -> ImportRow:
    refused = bool(row.errors)
    return ImportRow(
        run=run,
        number=row.number,
        values=row.values,
        errors=row.errors,
        fate=FateKind.REFUSE if refused else fate.kind,
        fate_text="" if refused else fate.text[:500],
    )


def do_write(run_id: int, progress: Progress) -> dict[str, Any]:
    """Write every good row in a savepoint of its own, a few to a transaction.

    A row is marked in the transaction that writes it: run again after a crash, it goes on where it was.
    """
    run = ImportRun.objects.select_related("owner").get(pk=run_id)
    if run.state != ImportState.CONFIRMING:
        return run.summary
    cls = importer_of(run.kind)
    if not cls.may(run.owner, run.context):
        return _fail(run, _("Your role no longer includes this import."))
    kind, sheet = cls(), cls.sheet(run.context)
    _close_idle_rows(run)
    kind.prepare(run)
    waiting = list(run.rows.filter(state=RowState.WAITING).values_list("pk", flat=True))
    total = run.rows.count()
    left = iter(waiting)
    done = total - len(waiting)
    while written := _write_some(run, kind, sheet, left):
        done += written
        progress(done, total)
    outcomes = dict(run.rows.order_by().values_list("state").annotate(count=Count("pk")))
    summary = {**run.summary, "outcomes": outcomes}
    IMPORT.apply(run, "finish", actor=SYSTEM, summary=summary)
    return summary


def _close_idle_rows(run: ImportRun) -> None:
    waiting = run.rows.filter(state=RowState.WAITING)
    now = timezone.now()
    waiting.filter(fate=FateKind.REFUSE).update(state=RowState.REFUSED, done_at=now)
    waiting.filter(fate=FateKind.NOTHING).update(state=RowState.LEFT, done_at=now)


@transaction.atomic
def _write_some(run: ImportRun, kind: Importer, sheet: Sheet, keys: Iterator[int]) -> int:
    """Rows for as long as a transaction may last; how many, zero when none is left."""
    border = time.monotonic() + WRITE_FOR
    written = 0
    for key in keys:
        _write_one(run, kind, sheet, key)
        written += 1
        if time.monotonic() > border:
            break
    return written


def _write_one(run: ImportRun, kind: Importer, sheet: Sheet, key: int) -> None:
    # Claimed first: a worker that took the job over waits here for the other, then finds it taken.
    claim = ImportRow.objects.filter(pk=key, state=RowState.WAITING)
    if not claim.update(state=RowState.WRITTEN, done_at=timezone.now()):
        return
    kept = ImportRow.objects.get(pk=key)
    row = sheet.clean(Row(kept.number, kept.values))
    values: dict[str, Any]
    try:
        with transaction.atomic():
            fate = _write_clean(run, kind, row)
        state = RowState.LEFT if fate.kind == FateKind.NOTHING else RowState.WRITTEN
        values = {"state": state, "outcome": fate.text[:500]}
    except ValidationError as error:
        values = {"state": RowState.REFUSED, "errors": _by_column(error, sheet)}
    except (Refused, WorkflowError, Http404, ObjectDoesNotExist, IntegrityError, DataError) as error:
        values = {"state": RowState.REFUSED, "errors": {"": [_reason(error)]}}
    except DatabaseError:
        raise  # the connection, not the row: the job is tried again
    except Exception:
        log.exception("row %s of import %s could not be written", kept.number, run.pk)
        words = _("This row could not be written because of a mistake on our side; nothing of it was kept.")
        values = {"state": RowState.REFUSED, "errors": {"": [words]}}
    ImportRow.objects.filter(pk=key).update(**values)


def _write_clean(run: ImportRun, kind: Importer, row: Row) -> Fate:
    if row.errors:  # the columns ask for more than when the table was shown
        raise ValidationError(row.errors)
    return kind.write(run, row)


def _by_column(error: ValidationError, sheet: Sheet) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {"": error.messages}
    known = {column.key for column in sheet.columns}
    errors: dict[str, list[str]] = {}
    for key, reasons in error.message_dict.items():
        errors.setdefault(key if key in known else "", []).extend(reasons)
    return errors


def _reason(error: Exception) -> str:
    if isinstance(error, (Refused, WorkflowError)):
        return str(error.reason)
    if isinstance(error, (Http404, ObjectDoesNotExist)):
        return _("What this row refers to is no longer there.")
    return _("This contradicts what is already kept. Read the file again to see how it stands now.")


def report_of(run: ImportRun) -> bytes:
    """The report of a run as .xlsx: every row, what became or will become of it, and what is wrong."""
    sheet = importer_of(run.kind).sheet(run.context)
    finished = run.state == ImportState.DONE
    rows = (
        ReportRow(row.number, row.values, row_words(row, finished), row.errors)
        for row in run.rows.order_by("number").iterator(chunk_size=1000)
    )
    return report(rows, sheet)


def row_words(row: ImportRow, finished: bool) -> str:
    """What became of a row, or will, in words."""
    if finished or row.state != RowState.WAITING:
        return row.outcome or str(RowState(row.state).label)
    return row.fate_text or str(FateKind(row.fate).label)
