"""An agreement with everything that its page, its buttons and their conditions look at: read by its key, once
the door has been passed, in queries that are compiled once. What is not there is not asked for."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from partnerships.agreements.enums import LIVE_STATES, OPEN_STATES, AgreementKind
from partnerships.agreements.models import Agreement, AgreementText, Obligation, Party, Signature
from partnerships.common.prepared import Prepared
from partnerships.common.sharing import attach_to

_FIRST = Coalesce(OuterRef("root"), OuterRef("pk"))
_AMENDMENTS = Agreement.objects.filter(kind=AgreementKind.AMENDMENT, state__in=OPEN_STATES)
_RENEWALS = Agreement.objects.filter(state__in=LIVE_STATES).order_by("-pk")


def _rows(key: int) -> Any:
    others = Agreement.objects.exclude(kind=AgreementKind.AMENDMENT)
    return (
        Agreement.objects.filter(pk=key)
        .with_rows()
        .prefetch_related(None)
        .annotate(
            has_signatures=Exists(Signature.objects.filter(agreement=OuterRef("pk"))),
            has_amendments=Exists(_AMENDMENTS.filter(parent=OuterRef("pk"))),
            has_renewals=Exists(_RENEWALS.filter(renews=OuterRef("pk"))),
            # Of its chain: the first agreement and its amendments.
            has_chain=Exists(
                Agreement.objects.filter(Q(pk=_FIRST) | Q(root=_FIRST)).exclude(pk=OuterRef("pk"))
            ),
            has_under=Exists(others.filter(Q(parent=_FIRST) | Q(parent__root=_FIRST))),
            has_obligations=Exists(
                Obligation.objects.filter(Q(agreement=_FIRST) | Q(agreement__root=_FIRST))
            ),
        )
    )


_ROW = Prepared(_rows)
_PARTIES = Prepared(
    lambda key: (
        Party.objects.filter(agreement_id=key)
        .select_related("unit__root", "organization", "person__user", "signatory__user")
        .order_by("order")
    )
)
_SIGNATURES = Prepared(
    lambda key: Signature.objects.filter(agreement_id=key).select_related("person", "entered_by", "document")
)
_OPEN = Prepared(lambda key: _AMENDMENTS.filter(parent_id=key))
_RENEWED = Prepared(lambda key: _RENEWALS.filter(renews_id=key))
_TEXTS = Prepared(
    lambda key: AgreementText.objects.filter(agreement_id=key).select_related("template_version")
)


def whole_agreement(key: int) -> Agreement:
    """The agreement with this key, for whoever came through `access`. It knows `has_chain`, `has_under` and
    `has_obligations`, of it and its amendments."""
    found: Any = _ROW.one(key)
    if found is None:
        raise Agreement.DoesNotExist
    attach_to(found, "parties", _PARTIES(key), "agreement")
    attach_to(found, "signatures", _SIGNATURES(key) if found.has_signatures else [], "agreement")
    found.open_amendments = _OPEN(key) if found.has_amendments else []
    found.live_renewals = _RENEWED(key) if found.has_renewals else []
    return found  # type: ignore[no-any-return]


def texts_of(found: Agreement) -> list[AgreementText]:
    """Its texts, the returned ones too."""
    return _TEXTS(found.pk)
