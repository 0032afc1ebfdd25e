"""What workers do for an import: reading the table into a preview, and writing what was confirmed."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.importer import Headings, Row, Sheet, Table, Unreadable, read
from partnerships.common.jobs import TOO_LARGE, Progress, must_hold
from partnerships.common.models import Job
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.common.told import joined, remembering
from partnerships.directory.access import forget_access
from partnerships.documents.enums import FateKind, ImportState, RowState
from partnerships.documents.importers import Fate, Importer, importer_of
from partnerships.documents.imports import at_rest, said_before, with_outcomes
from partnerships.documents.models import ColumnChoice, ImportRow, ImportRun
from partnerships.documents.workflow import IMPORT
from partnerships.workflow.actors import SYSTEM

log = logging.getLogger(__name__)

CHUNK = 500  # rows checked together
WRITE_FOR = 0.12  # seconds of writing in one transaction


@contextmanager
def _holding(run: ImportRun, work: Job) -> Iterator[None]:
    """A transaction in which nobody else writes to this import; raises LeaseLost for a worker that was
    given up and has been followed by another."""
    with transaction.atomic():
        ImportRun.objects.select_for_update().get(pk=run.pk)
        must_hold(work)
        yield


@remembering()
def do_preview(work: Job, progress: Progress) -> dict[str, Any]:
    """Read the file and say of every row what would become of it. Writes nothing but the preview.

    No lock is held between chunks. Run again from the beginning, it replaces what it had shown; rows that
    an earlier writing is done with keep their outcome and are not shown as to be written.
    """
    run = ImportRun.objects.select_related("owner", "file").get(pk=work.arguments["run"])
    if run.state != ImportState.PREVIEWING:
        return run.summary
    kind = importer_of(run.kind)
    if not kind.may(run.owner, run.context):
        return _fail(run, work, _("Your role no longer includes this import."))
    sheet, table = kind.sheet(run.context), None
    try:
        table = read(_bytes(run), sheet, lambda found: _said(run, found), run.heading_row)
    except Unreadable as error:
        if error.found is not None:
            return _ask(run, work, sheet, error.found)
        return _fail(run, work, joined(error.messages))
    except MemoryError:  # what filled it is let go of first, at the end of this block
        pass
    if table is None:
        log.error("import %s asked for more memory than WORKER_MEMORY_MB", run.pk)
        return _fail(run, work, str(TOO_LARGE))
    with _holding(run, work):
        run.rows.filter(state=RowState.WAITING).delete()
    summary = _check_rows(run, work, kind(), sheet, table, progress)
    with _holding(run, work):
        IMPORT.apply(run, "present", actor=SYSTEM, summary=summary)
    return summary


def _said(run: ImportRun, found: Headings) -> dict[str, str] | None:
    kept = ColumnChoice.objects.filter(owner_id=run.owner_id, kind=run.kind, signature=found.signature)
    return kept.values_list("choices", flat=True).first()


def _ask(run: ImportRun, work: Job, sheet: Sheet, found: Headings) -> dict[str, Any]:
    """The owner says which column is which; what an earlier reading showed is taken away."""
    summary = {**with_outcomes(run), "headings": _described(run, sheet, found)}
    with _holding(run, work):
        run.rows.filter(state=RowState.WAITING).delete()
        IMPORT.apply(run, "ask", actor=SYSTEM, summary=summary)
    return {"asked": len([slot for slot in found.slots if slot])}


def _described(run: ImportRun, sheet: Sheet, found: Headings) -> dict[str, Any]:
    """What the page that asks shows of each column: label, slot, first values, what is proposed."""
    proposed = found.proposed(sheet, said_before(run))
    columns = [
        {"label": label, "slot": slot, "samples": samples, "key": proposed.get(slot, "")}
        for label, slot, samples in zip(found.labels, found.slots, found.samples, strict=True)
        if slot
    ]
    first = found.last - 1 if found.two_rows else found.last
    return {
        "signature": found.signature,
        "line": found.last,
        "first": first,
        "top": found.top,
        "columns": columns,
    }


def _bytes(run: ImportRun) -> bytes:
    if run.file is None:
        raise Unreadable(_("The file is no longer there. Upload it again."), code="gone")
    try:
        with default_storage.open(run.file.stored, "rb") as opened:
            return opened.read()
    except FileNotFoundError as error:
        log.exception("the file of import %s is missing", run.pk)
        raise Unreadable(_("The file is no longer there. Upload it again."), code="gone") from error


def _fail(run: ImportRun, work: Job, problem: str) -> dict[str, Any]:
    with _holding(run, work):
        IMPORT.apply(run, "fail", actor=SYSTEM, problem=problem, summary=at_rest(with_outcomes(run)))
    return {"problem": problem}


def _check_rows(
    run: ImportRun, work: Job, kind: Importer, sheet: Sheet, table: Table, progress: Progress
) -> dict[str, Any]:
    fates: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    done = set(run.rows.values_list("number", flat=True))
    to_check = [row for row in table.rows if row.number not in done]
    kind.prepare(run)
    total = len(to_check)
    for start_at in range(0, total, CHUNK):
        rows = [sheet.clean(row) for row in to_check[start_at : start_at + CHUNK]]
        told = kind.check(run, rows)
        if len(told) != len(rows):
            raise ValueError(f"{run.kind}: {len(told)} fates for {len(rows)} rows")
        found = [_checked(run, row, fate) for row, fate in zip(rows, told, strict=True)]
        with _holding(run, work):
            ImportRow.objects.bulk_create(found)
        fates.update(row.fate for row in found)
        columns.update(key for row in found for key in row.errors)
        progress(start_at + len(rows), total)
    return {
        **{key: value for key, value in with_outcomes(run).items() if key == "outcomes"},
        "rows": len(table.rows),
        "fates": dict(fates),
        "columns": dict(columns),
        "assumed": table.assumed,
        "ignored": table.ignored,
        "headings": _described(run, sheet, table.headings) if table.headings else None,
    }


def _checked(run: ImportRun, row: Row, fate: Fate) -> ImportRow:
    refused = bool(row.errors)
    return ImportRow(
        run=run,
        number=row.number,
        values=row.values,
        errors=row.errors,
        fate=FateKind.REFUSE if refused else fate.kind,
        fate_text="" if refused else fate.text,
    )


@remembering()
def do_write(work: Job, progress: Progress) -> dict[str, Any]:
    """Write every good row in a savepoint of its own, a few to a transaction.

    A row is marked in the transaction that writes it: run again after a crash, it goes on where it was.
    """
    run = ImportRun.objects.select_related("owner").get(pk=work.arguments["run"])
    if run.state != ImportState.CONFIRMING:
        return run.summary
    cls = importer_of(run.kind)
    if not cls.may(run.owner, run.context):
        return _fail(run, work, _("Your role no longer includes this import."))
    kind, sheet = cls(), cls.sheet(run.context)
    with _holding(run, work):
        _close_idle_rows(run)
    kind.prepare(run)
    waiting = list(run.rows.filter(state=RowState.WAITING).values_list("pk", flat=True))
    total = run.rows.count()
    left = iter(waiting)
    done = total - len(waiting)
    while some := _write_some(run, work, kind, sheet, left):
        done += some
        progress(done, total)
        if done < total and not _may_still(run, cls):
            return _fail(run, work, _("Your role no longer includes this import."))
    with _holding(run, work):
        summary = at_rest(with_outcomes(run))
        IMPORT.apply(run, "finish", actor=SYSTEM, summary=summary)
    return summary


def _may_still(run: ImportRun, cls: type[Importer]) -> bool:
    """Asked anew: a long table is written for minutes, and a role may end or an account close meanwhile."""
    run.owner.refresh_from_db(fields=["is_active"])
    forget_access(run.owner)
    return cls.may(run.owner, run.context)


def _close_idle_rows(run: ImportRun) -> None:
    waiting = run.rows.filter(state=RowState.WAITING)
    now = timezone.now()
    waiting.filter(fate=FateKind.REFUSE).update(state=RowState.REFUSED, done_at=now)
    waiting.filter(fate=FateKind.NOTHING).update(state=RowState.LEFT, done_at=now)


def _write_some(run: ImportRun, work: Job, kind: Importer, sheet: Sheet, keys: Iterator[int]) -> int:
    """Rows for as long as a transaction may last; how many, zero when none is left."""
    some = 0
    with _holding(run, work):
        border = time.monotonic() + WRITE_FOR
        for key in keys:
            _write_one(run, kind, sheet, key)
            some += 1
            if time.monotonic() > border:
                break
    return some


def _write_one(run: ImportRun, kind: Importer, sheet: Sheet, key: int) -> None:
    # Claimed first: what an earlier try has written is found taken.
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
        values = {"state": state, "outcome": fate.text}
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
