"""Two workers on one import, each on a connection of its own, on both engines."""

import threading
import time
from typing import Any

import pytest
from celery import current_app
from django.db.models import F

from partnerships.common.importer import Column, Sheet
from partnerships.common.jobs import LeaseLost
from partnerships.common.jobs import run as run_job
from partnerships.common.models import Job, JobState
from partnerships.directory.models import Skill
from partnerships.documents import import_work, imports
from partnerships.documents.enums import FateKind, ImportState, RowState
from partnerships.documents.importers import Fate, Importer, importer
from partnerships.documents.models import ImportRow, ImportRun
from partnerships.testing import files
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROWS = 1200  # three chunks
# Where a worker stands still until the test lets it go on: as one does whose machine is suspended.
GATE = threading.local()


@importer("races.skills")
class SlowSkills(Importer):
    """Writes one skill a row, without looking whether it is there: twice written is twice there."""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        return True

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        return "Bacarıqlar"

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:
        return Sheet("Bacarıqlar", [Column("name", "Ad", required=True)])

    def check(self, run, rows):
        wait = getattr(GATE, "wait", None)
        if wait is not None:
            wait()
        return [Fate(FateKind.ADD) for _row in rows]

    def write(self, run, row):
        time.sleep(0.0005)
        Skill.objects.create(name=f"{row.cleaned['name']} · {threading.get_ident()}")
        return Fate(FateKind.ADD, "Əlavə edildi")


@pytest.fixture(autouse=True)
def work_is_left_to_the_test():
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.fixture
def brought():
    """A table of which nothing has been read yet, and its job in the queue."""
    cast = build()
    upload = files.upload(files.xlsx([["Ad"], *([f"Bacarıq {n}"] for n in range(ROWS))]), "a.xlsx")
    return imports.bring(upload, kind="races.skills", context={}, actor=cast.user("coordinator"))


def taken(run):
    """The job as one more worker takes it over; whoever had it before has lost it."""
    Job.objects.filter(pk=run.job_id).update(state=JobState.RUNNING, attempts=F("attempts") + 1)
    return Job.objects.get(pk=run.job_id)


def silent(done, total):
    pass


def test_one_queued_job_is_done_by_one_of_many_workers(brought):
    all_at_once([lambda: run_job(brought.job_id)] * 8)
    run = ImportRun.objects.get(pk=brought.pk)
    assert (run.state, run.rows.count(), run.job.state) == (ImportState.PREVIEWED, ROWS, JobState.DONE)
    assert (run.job.attempts, Change.objects.of(run).filter(verb="present").count()) == (1, 1)


def test_a_worker_that_wakes_up_after_another_took_over_leaves_one_whole_preview(brought):
    asleep, wake = threading.Event(), threading.Event()

    def wait():
        asleep.set()
        assert wake.wait(60)

    former = taken(brought)

    def sleeper():
        GATE.wait = wait
        return import_work.do_preview(former, silent)

    def successor():
        assert asleep.wait(60)
        later = taken(brought)
        threading.Timer(0.05, wake.set).start()  # both now write
        return import_work.do_preview(later, silent)

    lost, summary = all_at_once([sleeper, successor])
    assert isinstance(lost, LeaseLost)
    assert summary["fates"] == {"add": ROWS}
    run = ImportRun.objects.get(pk=brought.pk)
    assert run.state == ImportState.PREVIEWED
    assert sorted(run.rows.values_list("number", flat=True)) == list(range(2, ROWS + 2))


def test_two_workers_writing_one_import_write_every_row_once(brought):
    import_work.do_preview(taken(brought), silent)
    Job.objects.filter(pk=brought.job_id).update(state=JobState.DONE)
    run = imports.confirm(ImportRun.objects.get(pk=brought.pk), actor=brought.owner)
    former = taken(run)
    begun, followed = threading.Event(), threading.Event()

    def suspended(done, total):
        begun.set()
        assert followed.wait(60)

    def first():
        return import_work.do_write(former, suspended)

    def second():
        assert begun.wait(60)
        later = taken(run)
        followed.set()  # both now write
        return import_work.do_write(later, silent)

    lost, summary = all_at_once([first, second])
    assert isinstance(lost, LeaseLost)
    assert summary["outcomes"] == {RowState.WRITTEN: ROWS}
    names = [name.split(" · ")[0] for name in Skill.objects.values_list("name", flat=True)]
    assert sorted(names) == sorted(f"Bacarıq {n}" for n in range(ROWS))
    assert len(set(Skill.objects.values_list("name", flat=True))) == ROWS
    assert not ImportRow.objects.exclude(state=RowState.WRITTEN).exists()
    run = ImportRun.objects.get(pk=brought.pk)
    assert (run.state, Change.objects.of(run).filter(verb="finish").count()) == (ImportState.DONE, 1)


def test_confirming_from_two_windows_starts_one_writing(brought):
    import_work.do_preview(taken(brought), silent)
    Job.objects.filter(pk=brought.job_id).update(state=JobState.DONE)

    def press():
        return imports.confirm(
            ImportRun.objects.select_related("job").get(pk=brought.pk), actor=brought.owner
        )

    came_to = all_at_once([press, press, press])
    assert sum(isinstance(one, ImportRun) for one in came_to) == 1, came_to
    assert Job.objects.filter(kind=imports.WRITE_JOB).count() == 1
