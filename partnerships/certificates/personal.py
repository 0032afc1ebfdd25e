"""What certificates keep about people."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.certificates.models import Certificate
from partnerships.certificates.snapshot import fingerprint
from partnerships.common.held import Basis, Held
from partnerships.common.text import fold

NOBODY = "—"


def _erase(person: Any, cleaned: Callable[[Any], Any]) -> int:
    """The paper stays valid and its code can be checked; whose it was, only the paper still says."""
    rows = list(Certificate.objects.filter(holder=person).order_by("pk"))
    for row in rows:
        row.holder_name, row.snapshot = NOBODY, cleaned(row.snapshot)
        Certificate.objects.filter(pk=row.pk).update(
            holder_name=NOBODY,
            snapshot=row.snapshot,
            folded=fold(row.serial),
            erased_sha256=fingerprint(row),
        )
    return len(rows)


HELD = (
    Held(
        key="certificates.certificates",
        label=_("Certificates"),
        model="certificates.Certificate",
        columns=("serial", "code", "title", "holder_name", "issuer_name", "issued_at", "valid_to", "state"),
        what=_("Name, number, what it certifies and what is printed on it"),
        purpose=_("So that anybody who is shown the paper can check it"),
        basis=Basis.CONTRACT,
        seen_by=_("You, who issued it, and whoever types in its code"),
        until=_("For good; after erasure without your name, and its number can still be checked"),
        linked=("certificates.Certificate.holder",),
        erase=_erase,
    ),
    Held(
        key="certificates.batches",
        label=_("Certificates that you issued together"),
        model="certificates.Batch",
        columns=("created", "kind"),
        linked=("certificates.Batch.owner",),
        public=False,
    ),
)
