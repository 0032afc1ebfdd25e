"""What workers do for documents."""

import logging
from typing import Any

from celery import shared_task

from partnerships.common.jobs import Progress, job
from partnerships.common.models import Job
from partnerships.documents import imports
from partnerships.documents.actions import sweep_orphans

log = logging.getLogger(__name__)


@shared_task(name="documents.sweep")
def sweep() -> None:
    found = sweep_orphans()
    if found.missing:
        log.error("documents without their files: %s", ", ".join(found.missing))


@job(imports.PREVIEW_JOB)
def preview_import(job: Job, progress: Progress) -> dict[str, Any]:
    return imports.do_preview(job.arguments["run"], progress)


@job(imports.WRITE_JOB)
def write_import(job: Job, progress: Progress) -> dict[str, Any]:
    return imports.do_write(job.arguments["run"], progress)
