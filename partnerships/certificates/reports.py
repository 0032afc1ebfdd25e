"""Reads: lists with their counts, those who wait for a certificate, the way of one certificate."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.certificates.enums import CertificateState
from partnerships.certificates.kinds import CertificateType, type_of, types
from partnerships.certificates.models import ISSUERS, Batch, Certificate
from partnerships.common.asked import ask_together
from partnerships.common.clock import today
from partnerships.common.kinds import kind_in_query
from partnerships.common.query_words import Key
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.workflow.timeline import changes_of


def of_others(user: Any) -> QuerySet[Certificate]:
    """What this user may see beside their own."""
    return Certificate.objects.visible_to(user).exclude(holder_id=access_of(user).person_id)


def sees_of_others(user: Any) -> bool:
    """Whether this user issues some, or sees any beside their own."""
    return oversees(user) or of_others(user).exists()


def mine(user: Any) -> QuerySet[Certificate]:
    """One's own."""
    return Certificate.objects.visible_to(user).filter(holder_id=access_of(user).person_id)


def oversees(user: Any) -> bool:
    """Whether certificates of others are this user's work, for the menu."""
    return access_of(user).has(*ISSUERS)


def in_standing(rows: QuerySet[Certificate], standing: str) -> QuerySet[Certificate]:
    """Rows as a pill names them; anything else leaves them all."""
    return rows.filter(standing_is(standing))


def standing_is(standing: str) -> Q:
    # Most have no end. A kept plan takes one in three to lie before any day, unless it is told so.
    lapsed = Q(valid_to__isnull=False, valid_to__lt=today())
    if standing == "issued":
        return Q(state=CertificateState.ISSUED) & ~lapsed
    if standing == "expired":
        return lapsed & Q(state=CertificateState.ISSUED)
    if standing in (CertificateState.REVOKED, CertificateState.REPLACED):
        return Q(state=standing)
    return Q()


def issuable(user: Any) -> list[CertificateType]:
    """The types of which this user may issue at least one now or has issued some: for the buttons."""
    kinds = list(types().values())
    ready = ask_together([_awaiting(user, kind.key).exists for kind in kinds])
    return [kind for kind, some in zip(kinds, ready, strict=True) if some]


@asked
def _awaiting(user: Any, key: str) -> QuerySet[Any]:
    return awaiting(type_of(key), user)


def awaiting(kind: CertificateType, user: Any) -> QuerySet[Any]:
    """The objects that are ready, that this user may certify, and that never had a certificate."""
    if kind.mark:
        return kind.rows(user).filter(**{kind.mark: False})
    had = Certificate.objects.filter(
        kind=kind.key,
        content_type=kind_in_query(kind.model_class),
        object_id=OuterRef("pk"),
    )
    return kind.rows(user).filter(~Exists(had))


def batches(user: Any) -> QuerySet[Batch]:
    return Batch.objects.visible_to(user).select_related("job", "file")


@dataclass(frozen=True)
class Standing:
    """What an object's own page shows of its certificate: the live one, or whether one can be issued."""

    kind: CertificateType
    certificate: Certificate | None
    refusal: Any
    may_issue: bool
    url: str


def standing_of(obj: Any, key: str, user: Any, *, none: bool = False) -> Standing:
    """For the include certificates/_of_object.html, as `standing`; one query, no query where it is known that
    there is `none`."""
    kind = type_of(key)
    live = None if none else Certificate.objects.of(obj).live().filter(kind=key).first()
    may_issue = live is None and kind.may_issue(user, obj)
    url = reverse("certificate_issue", args=[key, obj.uid])
    return Standing(kind, live, kind.ready(obj) if may_issue else None, may_issue, url)


@asked
def whole(user: Any, uid: UUID) -> QuerySet[Certificate]:
    """The certificate of this address, if its reader sees it, with what its page says of others: the one in
    whose place it stands is asked for only where there `was_another`."""
    another = Certificate.objects.filter(replaced_by=OuterRef("pk")).order_by()
    return (
        Certificate.objects.visible_to(user)
        .filter(uid=uid)
        .order_by()
        .select_related("replaced_by")
        .annotate(was_another=Exists(another))
    )


@asked
def object_seen(user: Any, model: Any, key: Key) -> Any:
    """The object that a certificate is for, if this reader sees it."""
    return model._default_manager.all().visible_to(user).filter(pk=key).order_by().values("pk")


WORDS = {
    "issue": lambda: _("Issued"),
    "issue_anew": lambda: _("Issued in place of another"),
    "revoke": lambda: _("Revoked"),
    "reissue": lambda: _("Replaced by another"),
}


def history(certificate: Certificate) -> list[dict[str, Any]]:
    """The timeline of a certificate, newest first."""
    return [
        {
            "label": WORDS[change.verb]() if change.verb in WORDS else change.verb,
            "at": change.at,
            "who": change.who,
            "note": change.note,
        }
        for change in changes_of(certificate)
    ]
