"""The Celery application. Tasks carry the id of the request that caused them."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, signals
from django.conf import settings

from partnerships.common import broker
from partnerships.common.context import new_request_id, request_id
from partnerships.common.memory import hold_memory_to

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerships.settings")

broker.use()
app = Celery("partnerships")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **kwargs: Any) -> None:
    """The file-system broker writes into folders that must exist; the web server may send first."""
    options = sender.conf.broker_transport_options or {}
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


@signals.worker_process_init.connect
def hold_memory(**kwargs: Any) -> None:
    """Each process of the pool fails in its own job where that asks for too much."""
    hold_memory_to(settings.WORKER_MEMORY)


@signals.task_prerun.connect
def carry_request_id(task: Any, **kwargs: Any) -> None:
    """Log lines and changes of a task name the request that caused it."""
    headers = getattr(task.request, "headers", None) or {}
    request_id.set(headers.get("request_id") or getattr(task.request, "request_id", None) or new_request_id())
