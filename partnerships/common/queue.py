"""Handing work to Celery without importing tasks."""

import logging
import time
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError

from partnerships.common.context import request_id

log = logging.getLogger(__name__)

# Seconds during which a broker that did not answer is not asked again: each asking costs a page up to
# CELERY_BROKER_CONNECTION_TIMEOUT, and one act may send several tasks.
PAUSE = 30
_away = {"until": 0.0}


def enqueue(task: str, *args: Any) -> None:
    """Send the named task once the current transaction has committed.

    Rows guarantee the work, the broker only hurries it: when the broker does not answer, this logs
    and the sweep of the owning engine picks the row up. Arguments must be JSON values, ids as a rule.
    """
    transaction.on_commit(lambda: _send(task, args))


def _send(task: str, args: tuple[Any, ...]) -> None:
    headers = {"request_id": request_id.get()}
    if current_app.conf.task_always_eager:
        if task not in current_app.tasks:  # a web process has not imported them; a worker has
            current_app.loader.import_default_modules()
        current_app.tasks[task].apply(args=args, throw=True, headers=headers)
        return
    if time.monotonic() < _away["until"]:
        log.info("broker away; the sweep will do %s%s", task, args)
        return
    try:
        current_app.send_task(task, args=args, headers=headers, retry=False)
    except (OSError, OperationalError, ChannelError) as error:
        _away["until"] = time.monotonic() + PAUSE
        log.warning("broker did not take %s%s: %s; the sweep will", task, args, error)
