"""What workers do for certificates."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.certificates import actions
from partnerships.certificates.actions.batches import BATCH_JOB
from partnerships.common.jobs import Progress, job
from partnerships.common.models import Job


@job(BATCH_JOB, _("Issuing of many certificates"))
def run_batch(job: Job, progress: Progress) -> dict[str, Any]:
    return actions.run_batch(job, progress)
