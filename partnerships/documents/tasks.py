"""What workers do for documents."""

import logging
from typing import Any

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from partnerships.common.jobs import Progress, job
from partnerships.common.models import Job
from partnerships.documents import (
    brought_days,  # noqa: F401 - a worker knows the kinds of import that tasks bring in
    brought_partners,  # noqa: F401
    brought_staff,  # noqa: F401
    brought_units,  # noqa: F401
    exporting,
    import_work,
    imports,
)
from partnerships.documents.forgetting import forget_papers, sweep_orphans

log = logging.getLogger(__name__)


@shared_task(name="documents.sweep")
def sweep() -> None:
    forget_papers()
    found = sweep_orphans()
    if found.missing:
        log.error("documents without their files: %s", ", ".join(found.missing))


@shared_task(name="documents.forget_imports")
def forget_imports() -> None:
    imports.forget_old()


@job(imports.PREVIEW_JOB, _("Preview of a table"))
def preview_import(job: Job, progress: Progress) -> dict[str, Any]:
    return import_work.do_preview(job, progress)


@job(imports.WRITE_JOB, _("Import of a table"))
def write_import(job: Job, progress: Progress) -> dict[str, Any]:
    return import_work.do_write(job, progress)


@job(exporting.EXPORT_JOB, _("File of a long list"))
def write_export(job: Job, progress: Progress) -> dict[str, Any]:
    return exporting.do_export(job, progress)
