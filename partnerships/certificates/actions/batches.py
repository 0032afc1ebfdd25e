"""Many certificates by a Job: every line says what became of it, so that a second try goes on from there."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.certificates.actions.issuing import issue
from partnerships.certificates.enums import ItemState
from partnerships.certificates.kinds import type_of
from partnerships.certificates.models import Batch, BatchItem, Certificate
from partnerships.certificates.printing import certificates_pdf
from partnerships.common.jobs import JobFailed, Progress, must_hold, start
from partnerships.common.models import Job
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.documents.actions import ReadyFile, store
from partnerships.documents.content import PDF
from partnerships.documents.enums import DocumentKind

BATCH_JOB = "certificates.batch"
MOST = 500  # in one batch: printing so many takes half a minute and 370 MB


def start_batch(objects: Iterable[Any], *, kind: str, actor: Any, language: str = "az") -> Batch:
    """Have a worker issue certificates for these objects; answers with the batch, whose page tells.

    `actor` is a user. Raises Refused when one of the objects is not theirs to certify.
    """
    what = type_of(kind)
    rows = list(objects)[:MOST]
    if not all(what.may_issue(actor, obj) for obj in rows):
        raise Refused(_("Your role does not include this here."))
    with transaction.atomic():
        batch = Batch.objects.create(owner=actor, kind=kind, language=language)
        BatchItem.objects.bulk_create(
            [BatchItem(batch=batch, object_id=obj.pk, name=what.describe(obj)[0][:320]) for obj in rows]
        )
        batch.job = start(BATCH_JOB, actor, batch=batch.pk)
        batch.save(update_fields=["job"])
    return batch


def run_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Issue what still waits, then print all into one file. Idempotent: see the fate of each line."""
    batch = Batch.objects.select_related("owner__person").get(pk=job.arguments["batch"])
    keys = list(batch.items.filter(state=ItemState.WAITING).values_list("pk", flat=True))
    total = batch.items.count()
    done = total - len(keys)
    # The print takes about as long as the issuing: half of the bar each.
    progress(done, total * 2)
    for key in keys:
        _do(job, batch, key)
        done += 1
        progress(done, total * 2)
    _print(job, batch, lambda printed: progress(total + printed, total * 2))
    counts = {str(state): batch.items.filter(state=state).count() for state in ItemState}
    return {name: count for name, count in counts.items() if count}


def _do(job: Job, batch: Batch, key: int) -> None:
    what = type_of(batch.kind)
    with transaction.atomic():
        item = BatchItem.objects.select_for_update().get(pk=key)
        must_hold(job)  # whoever took the job over waits for this line
        if item.state != ItemState.WAITING:
            return
        try:
            with transaction.atomic():
                obj = what.model_class._base_manager.get(pk=item.object_id)
                certificate = issue(obj, kind=batch.kind, actor=batch.owner)
        except what.model_class.DoesNotExist:
            item.state, item.reason = ItemState.REFUSED, _("It is no longer there.")
        except (WorkflowError, Refused) as error:
            item.state, item.reason = ItemState.REFUSED, str(error.reason)[:500]
        else:
            item.certificate = certificate
            item.state = ItemState.ISSUED if certificate.made else ItemState.ALREADY  # type: ignore[attr-defined]
        item.save(update_fields=["state", "certificate", "reason"])


def _print(job: Job, batch: Batch, progress: Any) -> None:
    """One file with all certificates of the batch, those that stood already included."""
    if batch.file_id is not None:
        return
    found = Certificate.objects.filter(pk__in=batch.items.exclude(certificate=None).values("certificate"))
    certificates = list(found.live().order_by("serial"))
    if not certificates:
        return
    pdf = certificates_pdf(certificates, language=batch.language, progress=progress)
    person = batch.owner.person
    if person is None:
        raise JobFailed(_("Your account has no person to whom the file could belong."))
    what = type_of(batch.kind)
    prepared = ReadyFile(f"{what.title} ({len(certificates)}).pdf", PDF, pdf)
    must_hold(job)
    document = store(prepared, owner=person, kind=DocumentKind.CERTIFICATES, actor=batch.owner, subject=batch)
    Batch.objects.filter(pk=batch.pk).update(file=document)
