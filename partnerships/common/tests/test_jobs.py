"""Long work is a row: done once, tried again after an error, given up with its reason, found again."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import get_language

from partnerships.accounts.models import User
from partnerships.common import jobs
from partnerships.common.models import Job, JobState
from partnerships.common.tasks import sweep_jobs
from partnerships.testing import factories as make


@pytest.fixture
def owner(db: None) -> User:
    return make.user("sahib@else.example", language="en")


@pytest.fixture
def runs() -> Iterator[list[Any]]:
    """What the functions below did, in order."""
    did: list[Any] = []

    @jobs.job("test.count", "test.count")
    def count(job: Job, progress: jobs.Progress) -> dict[str, Any]:
        did.append((job.arguments["upto"], get_language()))
        progress(job.arguments["upto"], job.arguments["upto"])
        return {"counted": job.arguments["upto"]}

    @jobs.job("test.stumble", "test.stumble")
    def stumble(job: Job, progress: jobs.Progress) -> None:
        did.append(job.attempts)
        raise ZeroDivisionError("nothing to divide by")

    @jobs.job("test.refuse", "test.refuse")
    def refuse(job: Job, progress: jobs.Progress) -> None:
        did.append(job.attempts)
        raise jobs.JobFailed("The file has no rows.")

    @jobs.job("test.fill", "test.fill")
    def fill(job: Job, progress: jobs.Progress) -> None:
        did.append(job.attempts)
        raise MemoryError

    @jobs.job("test.slow", "test.slow")
    def slow(job: Job, progress: jobs.Progress) -> None:
        Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
        if job.attempts == 1:
            jobs.run(job.pk)  # another worker takes over what seems forgotten
        did.append(job.attempts)
        progress(1, 1)
        did.append("kept")

    yield did
    for kind in ("count", "stumble", "refuse", "fill", "slow"):
        del jobs._functions[f"test.{kind}"]


def test_a_job_runs_once_in_its_owners_language_and_keeps_its_result(owner: User, runs: list[Any]) -> None:
    job = jobs.start("test.count", owner, upto=7)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert runs == [(7, "en")]
    assert (job.state, job.result, job.done, job.total) == (JobState.DONE, {"counted": 7}, 7, 7)
    assert (job.error, job.leased_until) == ("", None)
    assert job.finished is not None


@pytest.mark.django_db(transaction=True)
def test_a_job_starts_by_itself_once_it_is_committed(owner: User, runs: list[Any]) -> None:
    job = jobs.start("test.count", owner, upto=2)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_an_error_is_kept_and_tried_three_times(owner: User, runs: list[Any]) -> None:
    job = jobs.start("test.stumble", owner)
    for state in (JobState.QUEUED, JobState.QUEUED, JobState.FAILED, JobState.FAILED):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error) == (state, "ZeroDivisionError: nothing to divide by")
    assert runs == [1, 2, 3]


def test_what_no_second_try_would_mend_is_not_tried_again(owner: User, runs: list[Any]) -> None:
    job = jobs.start("test.refuse", owner)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert runs == [1]
    assert (job.state, job.error) == (JobState.FAILED, "The file has no rows.")


def test_what_asks_for_more_memory_than_there_is_is_not_tried_again(owner: User, runs: list[Any]) -> None:
    job = jobs.start("test.fill", owner)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert runs == [1]
    assert job.state == JobState.FAILED
    assert job.error.startswith("This takes more memory than the portal gives to one job.")


HELD = """
from partnerships.common.memory import hold_memory_to
hold_memory_to(200 * 1024 * 1024)
small = bytearray(50 * 1024 * 1024)
try:
    bytearray(400 * 1024 * 1024)
except MemoryError:
    print("refused")
print(len(bytearray(50 * 1024 * 1024)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process writes to")
def test_a_process_is_refused_what_goes_beyond_its_memory_and_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", HELD], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", str(50 * 1024 * 1024)]


def test_a_worker_that_was_taken_over_stops_without_touching_the_outcome(
    owner: User, runs: list[Any]
) -> None:
    job = jobs.start("test.slow", owner)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert runs == [2, "kept", 1]
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_the_sweep_finds_what_was_lost_and_gives_up_what_kills_workers(
    owner: User, runs: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    then = timezone.now() - timedelta(minutes=10)
    lost = Job.objects.create(kind="test.count", owner=owner, arguments={"upto": 1}, created=then)
    dropped = Job.objects.create(
        kind="test.count",
        owner=owner,
        arguments={"upto": 2},
        state=JobState.RUNNING,
        attempts=1,
        leased_until=then,
    )
    deadly = Job.objects.create(
        kind="test.count", owner=owner, state=JobState.RUNNING, attempts=3, leased_until=then
    )
    fresh = Job.objects.create(kind="test.count", owner=owner, arguments={"upto": 3})
    with django_capture_on_commit_callbacks(execute=True):
        sweep_jobs()
    states = dict(Job.objects.values_list("pk", "state"))
    assert states == {
        lost.pk: JobState.DONE,
        dropped.pk: JobState.DONE,
        deadly.pk: JobState.FAILED,
        fresh.pk: JobState.QUEUED,
    }
    assert sorted(runs) == [(1, "en"), (2, "en")]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases of less than a second."""
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.6))


def others_try(work: Job, seconds: float) -> int:
    """What other workers find while one is at work: how often the job could be taken over."""
    found, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        found += Job.objects.forgotten().filter(pk=work.pk).count()
        time.sleep(0.05)
    return found


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_job_that_works_on_without_a_word_is_kept_by_its_heartbeat(quick: None) -> None:
    owner = make.user("sahib@else.example", language="en")
    seen = []

    def long(job: Job, progress: jobs.Progress) -> None:
        seen.append(others_try(job, 2))
        jobs.run(job.pk)  # another worker that tries finds nothing to do
        progress(1, 1)

    jobs.job("test.long", "test.long")(long)
    try:
        work = Job.objects.create(kind="test.long", owner=owner)
        jobs.run(work.pk)
    finally:
        del jobs._functions["test.long"]
    work.refresh_from_db()
    assert (seen, work.state, work.attempts) == ([0], JobState.DONE, 1)
    assert [one.name for one in threading.enumerate() if one.name.startswith("job-")] == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_job_that_hangs_is_left_to_another_worker(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SILENCE", timedelta(seconds=0.3))
    owner = make.user("sahib@else.example", language="en")
    did = []

    def hangs(job: Job, progress: jobs.Progress) -> None:
        if job.attempts == 1:
            did.append(others_try(job, 2) > 0)
            jobs.run(job.pk)
        progress(1, 1)  # the first one learns here that it has lost the job
        did.append(job.attempts)

    jobs.job("test.hangs", "test.hangs")(hangs)
    try:
        work = Job.objects.create(kind="test.hangs", owner=owner)
        jobs.run(work.pk)
    finally:
        del jobs._functions["test.hangs"]
    work.refresh_from_db()
    assert (did, work.state, work.attempts) == ([True, 2], JobState.DONE, 2)


def test_an_unknown_kind_is_refused_when_it_is_asked_for(owner: User) -> None:
    with pytest.raises(LookupError, match=r"no function for jobs of kind test\.unknown"):
        jobs.start("test.unknown", owner)
    assert not Job.objects.exists()


def test_two_functions_for_one_kind_are_a_mistake(runs: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"two functions for jobs of kind test\.count"):
        jobs.job("test.count", "test.count")(lambda job, progress: None)


def test_what_a_clock_ahead_has_written_does_not_wait_for_tomorrow(owner: User, runs: list[Any]) -> None:
    now = timezone.now()
    for state, values in (
        (JobState.QUEUED, {"created": now + timedelta(days=1)}),
        (JobState.RUNNING, {"leased_until": now + timedelta(days=1)}),
        (JobState.RUNNING, {"leased_until": now + timedelta(minutes=4)}),
    ):
        Job.objects.create(kind="test.count", owner=owner, arguments={"upto": 3}, state=state, **values)
    assert sorted(Job.objects.forgotten().values_list("pk", flat=True)) == sorted(
        Job.objects.order_by("pk").values_list("pk", flat=True)[:2]
    )
    for job in Job.objects.all():
        jobs.run(job.pk)
    assert [did for did, _language in runs] == [3, 3]
