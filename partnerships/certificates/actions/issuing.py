"""One certificate: issued, revoked, drawn up anew."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.certificates.codes import new_code
from partnerships.certificates.enums import CertificateState
from partnerships.certificates.kinds import CertificateType, Draft, type_of
from partnerships.certificates.models import Certificate
from partnerships.certificates.snapshot import fingerprint, freeze
from partnerships.certificates.workflow import CERTIFICATE
from partnerships.common.clock import baku_date
from partnerships.common.models import next_number
from partnerships.common.refusals import Blocked, Refusal, Refused, WorkflowError
from partnerships.common.text import clean_line
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@dataclass
class ManyIssued:
    """What became of each object of issue_many: certificates made, those that stood already, refusals."""

    issued: list[Certificate] = field(default_factory=list)
    already: list[Certificate] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)


def issue(obj: models.Model, *, kind: str, actor: Any, again: bool = False) -> Certificate:
    """The live certificate of this type for `obj`; made if there is none, with `made` true on it then.

    Called twice, at once or one after another, it answers with the same. Raises Refused to whoever may not
    issue, and Blocked when the object is not ready, or when an earlier one was revoked and `again` does
    not say that a new one is meant.
    """
    by = as_actor(actor)
    what = type_of(kind)
    if not what.may_issue(by.principal, obj):
        raise Refused(_("Your role does not include this here."))
    with transaction.atomic():
        fresh = _locked(what, obj.pk)
        live = Certificate.objects.of(fresh).live().filter(kind=kind).first()
        if live is not None:
            live.made = False  # type: ignore[attr-defined]
            return live
        if refusal := what.ready(fresh):
            raise Blocked(refusal, fresh)
        if not again and Certificate.objects.of(fresh).filter(kind=kind).exists():
            raise Blocked(
                Refusal(_("An earlier certificate was revoked. Issue a new one on its own page."), "revoked"),
                fresh,
            )
        return _make(what, fresh, by=by, verb="issue")


def _locked(what: CertificateType, key: Any) -> Any:
    """The object as it stands now; whoever issues for it at the same time waits here."""
    what.model_class._base_manager.select_for_update().get(pk=key)
    return what.model_class._base_manager.get(pk=key)


def _make(what: CertificateType, obj: Any, *, by: Any, verb: str, **data: Any) -> Certificate:
    draft = what.draft(obj)
    now = timezone.now()
    made = Certificate(
        kind=what.key,
        code=new_code(),
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        holder=draft.holder,
        holder_name=clean_line(draft.holder_name),
        issuer=draft.issuer,
        template=what.template,
        template_version=what.version,
        snapshot=freeze(what, draft),
        issued_at=now,
        valid_to=draft.valid_to,
        state_since=now,
    )
    # Last, since the counter stays locked until the end of the transaction.
    made.serial = next_number(series_of(what, draft), baku_date(now).year)
    made.sha256 = fingerprint(made)
    made.save(force_insert=True)
    if what.mark:
        what.model_class._base_manager.filter(pk=obj.pk).update(**{what.mark: True})
    record(made, verb, actor=by, to_state=CertificateState.ISSUED, data=data)
    made.made = True  # type: ignore[attr-defined]
    return made


def series_of(what: CertificateType, draft: Draft) -> str:
    """Each issuer counts by itself, so that nobody's numbers have gaps."""
    issuer = draft.issuer
    return what.series if issuer.is_operator else f"{what.series}{issuer.pk}"


def issue_many(objects: Iterable[Any], *, kind: str, actor: Any) -> ManyIssued:
    """`issue` for each, every one in a transaction of its own: a refusal costs none of the others."""
    result = ManyIssued()
    for obj in objects:
        try:
            certificate = issue(obj, kind=kind, actor=actor)
        except (WorkflowError, Refused) as error:
            result.refused.append((obj, str(error.reason)))
        else:
            (result.issued if certificate.made else result.already).append(certificate)  # type: ignore[attr-defined]
    return result


def revoke(certificate: Certificate, *, actor: Any, note: str) -> Certificate:
    """Take it back, for a reason that everybody who checks it will read.

    Raises IllegalTransition, Refused, Missing (no reason) and StaleState, see Workflow.apply.
    """
    return CERTIFICATE.apply(certificate, "revoke", actor=actor, note=note, reason=note)


@transaction.atomic
def reissue(certificate: Certificate, *, actor: Any, note: str) -> Certificate:
    """Draw it up anew from how its object stands now; the old one points to the new one.

    Answers with the new one, which has a number and a code of its own. Raises as `revoke`, and Blocked when
    what it certifies no longer holds.
    """
    by = as_actor(actor)
    what = type_of(certificate.kind)
    obj = _locked(what, certificate.object_id)
    CERTIFICATE.apply(certificate, "reissue", actor=actor, note=note, reason=note)
    new = _make(what, obj, by=by, verb="issue_anew", replaces=certificate.serial)
    Certificate.objects.filter(pk=certificate.pk).update(replaced_by=new)
    certificate.replaced_by = new
    return new
