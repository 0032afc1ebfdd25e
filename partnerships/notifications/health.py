"""Whether the portal is well: /healthz/ for proxies, /readyz/ for alarms, a line for administrators."""

import logging
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from partnerships.common.clock import moment_in_words
from partnerships.notifications.enums import MessageState, Pulse
from partnerships.notifications.models import Heartbeat, Message
from partnerships.workflow.models import Change

log = logging.getLogger(__name__)

WORKER_SILENT = timedelta(minutes=3)
OUTBOX_OLD = timedelta(minutes=15)
LOW_ROOM = 20
OK = "ok"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything runs, 503 naming what does not. Codes, not words: machines read this."""
    parts = inspect()
    failing = sorted(name for name, code in parts.items() if code != OK)
    body = {"status": "failing" if failing else OK, "failing": failing, "checks": parts}
    return JsonResponse(body, status=503 if failing else 200)


def inspect() -> dict[str, str]:
    """Each part with "ok" or a code of what is wrong with it."""
    parts = {"database": _database(), "broker": _broker(), "storage": _storage()}
    checks: dict[str, Callable[[], str]] = {"worker": _worker, "beat": _beat, "outbox": _outbox}
    for name, check in checks.items():
        parts[name] = check() if parts["database"] == OK else "unknown"
    return parts


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        log.warning("database not reached: %s", error)
        return "unreachable"
    return OK


def _broker() -> str:
    """Redis answers; the folder of the file-system broker can be written to."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        folder = Path(str(options["data_folder_out"]))
        return OK if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK) else "unreachable"
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OSError, KombuError) as error:
        log.warning("broker not reached: %s", error)
        return "unreachable"
    return OK


def _storage() -> str:
    """Room for LOW_ROOM of the largest files, where they lie on a disk; an object store tells nothing."""
    if not isinstance(default_storage, FileSystemStorage):
        return OK
    folder = Path(default_storage.location)
    while not folder.exists():  # before the first upload
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return "unwritable"
    return OK if shutil.disk_usage(folder).free >= LOW_ROOM * settings.UPLOAD_LIMIT else "low"


def _worker() -> str:
    return _pulse(Pulse.WORKER)


def _beat() -> str:
    return _pulse(Pulse.BEAT)


def _pulse(name: Pulse) -> str:
    seen = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if seen is None:
        return "never_seen"
    # A moment in the future was written by a clock that ran ahead: it proves nothing about now.
    return OK if abs(timezone.now() - seen) < WORKER_SILENT else "silent"


def stuck() -> Q:
    """Letters that have been due for a while and that no worker took."""
    old = timezone.now() - OUTBOX_OLD
    return (
        Q(state=MessageState.SENDING, leased_until__lt=old)
        | Q(state=MessageState.QUEUED, next_try_at__lt=old)
        | Q(state=MessageState.HELD, hold_until__lt=old)
    )


def is_silent(pulse: Heartbeat) -> bool:
    """Not heard for three minutes; a moment ahead of now proves nothing."""
    return abs(timezone.now() - pulse.at) >= WORKER_SILENT


def _outbox() -> str:
    """Nothing lies longer than it should: neither letters nor changes that nobody was told of.

    A letter that its own mail server has put off waits for its next try and says nothing about us;
    one that we cannot hand to any server does.
    """
    old = timezone.now() - OUTBOX_OLD
    if Message.objects.filter(stuck()).exists():
        return "stuck"
    ready = Q(hold_until=None, created__lt=old) | Q(hold_until__lt=old)
    if Message.objects.waiting().filter(ready, deferred=False).exists():
        return "old_letters"
    return "untold_changes" if Change.objects.untold().filter(at__lt=old).exists() else OK


def troubles() -> list[str]:
    """What an operator has to know at once, most pressing first; nothing when all runs."""
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    late = timezone.now() - WORKER_SILENT
    if Pulse.WORKER not in seen or seen[Pulse.WORKER] < late:
        # Everything else follows from it.
        silent = _("The worker is silent: letters, reminders and long work wait until it runs again.")
        return [silent + _since(seen.get(Pulse.WORKER))]
    if Pulse.BEAT not in seen or seen[Pulse.BEAT] < late:
        silent = _("The clock of the worker is silent: reminders and deadlines wait until it runs again.")
        return [silent + _since(seen.get(Pulse.BEAT))]
    words = {
        "stuck": _("Letters lie in the outbox and no worker takes them."),
        "old_letters": _("Letters older than 15 minutes have reached no mail server."),
        "untold_changes": _("Nobody has been told of changes older than 15 minutes: see the worker's log."),
    }
    found = [words[code]] if (code := _outbox()) != OK else []
    dead = Message.objects.filter(state=MessageState.DEAD).count()
    if dead:
        found.append(
            ngettext(
                "%(n)s letter could not be delivered: it waits in the outbox to be sent again.",
                "%(n)s letters could not be delivered: they wait in the outbox to be sent again.",
                dead,
            )
            % {"n": dead}
        )
    return found


def _since(seen: datetime | None) -> str:
    return f" {_('Last heard: %(when)s (Baku).') % {'when': moment_in_words(seen)}}" if seen else ""


def banner() -> str:
    """The line above every page of an administrator, or nothing."""
    return " ".join(troubles())
