"""What must hold before a certificate is drawn up anew."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.certificates.kinds import type_of
from partnerships.common.refusals import Refusal


def object_ready(certificate: Any, actor: Any) -> Refusal | None:
    """What it certifies still stands; otherwise it is to be revoked."""
    refusal = type_of(certificate.kind).ready(certificate.subject)
    if refusal is None:
        return None
    return Refusal(_("What it certifies no longer holds. Revoke it instead."), refusal.code)
