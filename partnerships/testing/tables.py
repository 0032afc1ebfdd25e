"""Tables brought by people: previewed, confirmed, worked on at once inside the test's own transaction."""

from typing import Any

from django.test import TestCase

from partnerships.documents import imports
from partnerships.documents.models import ImportRun
from partnerships.testing import files


def bring(kind: str, rows: list[Any], *, actor: Any, context: dict[str, Any] | None = None) -> ImportRun:
    """The preview of a table with these rows, the first of them its headings."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        upload = files.upload(files.xlsx(rows), "cədvəl.xlsx")
        run = imports.bring(upload, kind=kind, context=context or {}, actor=actor)
    return again(run)


def confirm(run: ImportRun) -> ImportRun:
    """Confirmed by who brought it, and written."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        imports.confirm(run, actor=run.owner)
    return again(run)


def again(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_related("job", "file").get(pk=run.pk)


def fates(run: ImportRun) -> list[str]:
    return list(run.rows.order_by("number").values_list("fate", flat=True))


def refusals(run: ImportRun) -> dict[int, tuple[str, list[str]]]:
    """Row -> what becomes of it, and the columns with errors."""
    return {row.number: (row.fate, sorted(row.errors)) for row in run.rows.all()}
