"""Work longer than a request: a row with progress and a result, run by a worker.

    @job("library.import_books", _("List of books"))
    def import_books(job: Job, progress: Progress) -> dict[str, Any]:
        ...

    work = start("library.import_books", request.user, document=document.pk)

Functions stand in a module that the app's `tasks.py` imports, so that workers know them. A function may
be run again from its beginning, after a crash or an error: **being idempotent is its own duty**. It
works in short transactions, calls `progress(done, total)` at least once a minute and returns JSON values.
A heartbeat beside it keeps its lease, which is short: a worker that dies is followed within a minute.
It raises JobFailed, with words for the owner, for what no second try would mend. Docs: docs/jobs.md.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from partnerships.common.clock import AHEAD
from partnerships.common.models import Job, JobState
from partnerships.common.queue import enqueue
from partnerships.common.refusals import Refused, WorkflowError

log = logging.getLogger(__name__)

TOO_LARGE = gettext_lazy(
    "This takes more memory than the portal gives to one job. Divide it into smaller parts."
)
Progress = Callable[[int, int], None]
Function = Callable[[Job, Progress], dict[str, Any] | None]

TRIES = 3
# How long a job may be without a sign of life of its worker before another one starts it again, and how many
# signs it gives in that time.
LEASE = timedelta(seconds=getattr(settings, "JOB_LEASE", 30))
BEATS = 4
# How long a function may be without progress before its worker is taken to hang, though it lives.
SILENCE = timedelta(seconds=getattr(settings, "JOB_SILENCE", 300))
# Progress is written at most this often (seconds).
WRITE_EVERY = 0.5

_functions: dict[str, Function] = {}
_labels: dict[str, Any] = {}


class JobFailed(Exception):
    """The job cannot be done, however often it is tried; str() is for its owner."""


class LeaseLost(Exception):
    """Another worker has taken the job over: this one stops without a word."""


def job(kind: str, label: Any) -> Callable[[Function], Function]:
    """Register the function that does jobs of this kind; `label` is what people call the kind."""

    def register(function: Function) -> Function:
        if _functions.setdefault(kind, function) is not function:
            raise ValueError(f"two functions for jobs of kind {kind}")
        _labels[kind] = label
        return function

    return register


def labels() -> dict[str, Any]:
    """Every kind of work that somebody does, with the words for it."""
    current_app.loader.import_default_modules()
    return dict(_labels)


def start(kind: str, owner: Any, **arguments: Any) -> Job:
    """Write the job and have a worker take it once the current transaction has committed.

    `arguments` are JSON values, ids as a rule. Raises LookupError for a kind that nobody registered.
    """
    _function(kind)
    work = Job.objects.create(kind=kind, owner=owner, arguments=arguments)
    enqueue("common.run_job", work.pk)
    return work


def _function(kind: str) -> Function:
    if kind not in _functions:
        current_app.loader.import_default_modules()  # a web process has not imported the tasks yet
    if kind not in _functions:
        raise LookupError(f"no function for jobs of kind {kind}")
    return _functions[kind]


def run(job_id: int) -> None:
    """Do a job that nobody else is doing; a second call at the same time, or after the end, does nothing."""
    now = timezone.now()
    over = Q(leased_until__lt=now) | Q(leased_until__gt=now + AHEAD)
    free = Q(state=JobState.QUEUED) | Q(over, state=JobState.RUNNING)
    taken = (
        Job.objects.filter(free, pk=job_id)
        .filter(attempts__lt=TRIES)
        .update(state=JobState.RUNNING, leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not taken:
        return
    work = Job.objects.select_related("owner").get(pk=job_id)
    heart, short = _Heart(work), False
    try:
        with translation.override(work.owner.language), heart:
            result = _function(work.kind)(work, _reporter(work, heart))
    except LeaseLost:
        log.warning("job %s was taken over by another worker", work.pk)
    except (JobFailed, WorkflowError, Refused) as error:
        _write(work, state=JobState.FAILED, error=str(error), finished=timezone.now(), leased_until=None)
    except MemoryError:  # what filled it is let go of first, at the end of this block
        short = True
    except Exception as error:
        log.exception("job %s failed (try %s)", work.pk, work.attempts)
        _again(work, error)
    else:
        _write(
            work,
            state=JobState.DONE,
            result=result or {},
            error="",
            finished=timezone.now(),
            leased_until=None,
        )
    if short:
        log.error("job %s asked for more memory than WORKER_MEMORY_MB", work.pk)
        with translation.override(work.owner.language):
            words = str(TOO_LARGE)
        _write(work, state=JobState.FAILED, error=words, finished=timezone.now(), leased_until=None)


def _again(work: Job, error: Exception) -> None:
    words = "".join(traceback.format_exception_only(error)).strip()
    over = work.attempts >= TRIES
    _write(
        work,
        state=JobState.FAILED if over else JobState.QUEUED,
        error=words,
        finished=timezone.now() if over else None,
        leased_until=None,
    )


def _mine(work: Job) -> Any:
    """The row while this try is the one that holds it: the number of the try is the token."""
    return Job.objects.filter(pk=work.pk, state=JobState.RUNNING, attempts=work.attempts)


def must_hold(work: Job) -> None:
    """For a function that must not write beside a worker that has taken its job over.

    Asked inside the transaction that locks what it writes: whoever takes the job over waits for that lock.
    Raises LeaseLost.
    """
    if not _mine(work).exists():
        raise LeaseLost(work.pk)


def _write(work: Job, **values: Any) -> None:
    if not _mine(work).update(**values, updated=timezone.now()):
        log.warning("job %s was taken over by another worker; its outcome is dropped", work.pk)


class _Heart:
    """Keeps the lease of a job while its function works, from a thread with a connection of its own.

    It stops when the function ends, when another worker has the job, and when the function has told no
    progress for SILENCE: what hangs is taken over as well. It dies with its process.
    """

    def __init__(self, work: Job) -> None:
        self._work, self._over = work, threading.Event()
        self.heard = time.monotonic()

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._beat, name=f"job-{self._work.pk}", daemon=True)
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(LEASE.total_seconds())

    def _beat(self) -> None:
        try:
            while not self._over.wait(LEASE.total_seconds() / BEATS):
                if time.monotonic() - self.heard > SILENCE.total_seconds():
                    log.warning("job %s tells no progress: it is left to another worker", self._work.pk)
                    return
                if not self._kept():
                    return
        finally:
            connections.close_all()

    def _kept(self) -> bool:
        try:
            return bool(_mine(self._work).update(leased_until=timezone.now() + LEASE))
        except DatabaseError:  # away for a moment, or busy: the next beat asks again
            log.warning("job %s: its lease could not be kept this time", self._work.pk, exc_info=True)
            connections.close_all()
            return True


def _reporter(work: Job, heart: _Heart) -> Progress:
    last = 0.0

    def progress(done: int, total: int) -> None:
        """Write how far it is and keep the lease. Raises LeaseLost when another worker has the job."""
        nonlocal last
        heart.heard = now = time.monotonic()
        if now - last < WRITE_EVERY and done < total:
            return
        last = now
        kept = _mine(work).update(done=done, total=total, leased_until=timezone.now() + LEASE)
        if not kept:
            raise LeaseLost(work.pk)
        work.done, work.total = done, total

    return progress


def sweep() -> int:
    """Start what lies forgotten; give up what has brought its worker down too often. Returns how many run."""
    lost = "the worker that was doing it did not come back"
    forgotten = Job.objects.forgotten()
    forgotten.filter(attempts__gte=TRIES).update(
        state=JobState.FAILED, error=lost, finished=timezone.now(), leased_until=None
    )
    keys = list(Job.objects.forgotten().order_by("pk").values_list("pk", flat=True)[:100])
    for key in keys:
        enqueue("common.run_job", key)
    return len(keys)
