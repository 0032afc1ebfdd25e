"""Two records of one organisation become one where very many rows move: a worker does it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.clock import now
from partnerships.common.jobs import JobFailed, Progress, job, start
from partnerships.common.models import WORKING, Job, JobState
from partnerships.common.refusals import IllegalTransition
from partnerships.directory.actions.joining import references
from partnerships.directory.actions.merging import merge_organizations, must_be_able_to_merge
from partnerships.directory.enums import Ending
from partnerships.directory.models import Organization, Succession
from partnerships.workflow.actors import as_actor

MERGE_JOB = "directory.merge_organizations"
# Rows that are moved while somebody waits for the page: about a second.
AT_ONCE = 2000
# So long a merge that failed is found on the page of doubles by whoever began it.
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Merge:
    """One that was handed to a worker and is not done."""

    job: Job
    kept: Organization
    gone: Organization

    @property
    def works(self) -> bool:
        """Whether a worker has it, or will: what failed stands still."""
        return self.job.is_working


def merges_not_done(owner: Any) -> list[Merge]:
    """What a worker merges for this person, and what failed lately and stands still; the newest first."""
    jobs = Job.objects.filter(owner=owner, kind=MERGE_JOB, created__gte=now() - LATELY)
    found = list(jobs.exclude(state=JobState.DONE).order_by("-pk")[:5])
    keys = {key for one in found for key in (one.arguments["kept"], one.arguments["gone"])}
    rows = Organization.objects.in_bulk(keys) if keys else {}
    merges, pairs = [], set()
    for one in found:
        kept, gone = rows[one.arguments["kept"]], rows[one.arguments["gone"]]
        if gone.is_active and frozenset((kept.pk, gone.pk)) not in pairs:
            merges.append(Merge(one, kept, gone))
        pairs.add(frozenset((kept.pk, gone.pk)))
    return merges


def rows_to_move(gone: Organization) -> int:
    """How many rows name an organisation, in all tables."""
    return sum(
        model._base_manager.filter(**{name: gone}).order_by().count()
        for model, name in references(Organization)
    )


@transaction.atomic
def start_merge(kept: Organization, gone: Organization, *, actor: Any, reason: str) -> Job:
    """Have a worker merge these two; one that is at work on one of them is answered instead of a second.

    What `merge_organizations` refuses is refused here at once, as it stands now, and by the worker again.
    """
    who = as_actor(actor)
    must_be_able_to_merge(kept, gone, actor=who, reason=reason)
    pair = {kept.pk, gone.pk}
    for running in Job.objects.filter(owner=who.user, kind=MERGE_JOB, state__in=WORKING):
        if pair & {running.arguments["kept"], running.arguments["gone"]}:
            return running
    rows = rows_to_move(gone)
    return start(MERGE_JOB, who.user, kept=kept.pk, gone=gone.pk, reason=reason.strip(), rows=rows)


@job(MERGE_JOB, gettext_lazy("Two records of one organisation become one"))
def merge_long(work: Job, progress: Progress) -> dict[str, Any]:
    """All of it or nothing, in one transaction: of two workers the second waits and finds it done."""
    rows = Organization.objects.in_bulk([work.arguments["kept"], work.arguments["gone"]])
    if len(rows) < 2:
        raise JobFailed(_("One of the two has ended: they may have been merged already."))
    kept, gone = rows[work.arguments["kept"]], rows[work.arguments["gone"]]
    try:
        merge_organizations(kept, gone, actor=work.owner, reason=work.arguments["reason"])
    except IllegalTransition:
        done = Succession.objects.filter(organization=gone, successor=kept, how=Ending.DUPLICATE)
        if not done.exists():
            raise
    progress(work.arguments["rows"], work.arguments["rows"])
    return {"kept": str(kept.uid)}
