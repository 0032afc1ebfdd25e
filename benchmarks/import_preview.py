"""What the preview of a large import costs, as a ratio to the time that openpyxl needs to read the file.

    python benchmarks/import_preview.py [rows]

Builds a workbook of `rows` students (20,000 unless said otherwise) with ten columns, reads it with openpyxl
alone, then previews it into a scratch test database; prints seconds (best of three) and the ratio.
"""

import io
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerships.testing.settings")

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from partnerships.common.importer import Column, Sheet  # noqa: E402
from partnerships.common.models import Job, JobState  # noqa: E402
from partnerships.documents import import_work, imports  # noqa: E402
from partnerships.documents.enums import FateKind, ImportState  # noqa: E402
from partnerships.documents.importers import Fate, Importer, importer  # noqa: E402
from partnerships.documents.models import ImportRun  # noqa: E402
from partnerships.testing import files  # noqa: E402
from partnerships.testing.cast import build  # noqa: E402

HEAD = [f"Sütun {n}" for n in range(1, 11)]


@importer("benchmarks.rows")
class Rows(Importer):
    @classmethod
    def may(cls, user, context):  # noqa: ARG003
        return True

    @classmethod
    def sheet(cls, context):  # noqa: ARG003
        return Sheet("Sətirlər", [Column(f"c{n}", head, required=n == 0) for n, head in enumerate(HEAD)])

    def check(self, run, rows):
        return [Fate(FateKind.ADD, "Əlavə ediləcək") for _row in rows]


def best(work, times: int = 3) -> float:
    spent = []
    for _try in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def bare(data: bytes) -> None:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for _row in book.active.iter_rows(values_only=True):
        pass


def preview(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.PREVIEWING)
    Job.objects.filter(pk=run.job_id).update(state=JobState.RUNNING)
    import_work.do_preview(Job.objects.get(pk=run.job_id), lambda *_progress: None)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    body = [[f"Məmmədova {n}", "Nigar", f"{n:05d}", 88.4, 4, *["mətn"] * 5] for n in range(rows)]
    data = files.xlsx([HEAD, *body])
    floor = best(lambda: bare(data))
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        actor = build().user("coordinator")
        upload = SimpleUploadedFile("rows.xlsx", data)
        run = imports.bring(upload, kind="benchmarks.rows", context={}, actor=actor)
        took = best(lambda: preview(run))
        kept = run.rows.count()
    finally:
        teardown_databases(databases, verbosity=0)
    print(f"{kept} rows: openpyxl {floor:.2f} s, preview {took:.2f} s, ratio {took / floor:.2f} (bound 4)")


if __name__ == "__main__":
    main()
