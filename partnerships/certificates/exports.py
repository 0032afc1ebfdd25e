"""Lists of certificates that may be taken away: one's own, those of others, what was issued together and what
became of each of them."""

from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy

from partnerships.certificates.enums import ItemState
from partnerships.certificates.kinds import types
from partnerships.certificates.lists import BATCHES, CERTIFICATES, MINE, table
from partnerships.certificates.models import Batch, BatchItem
from partnerships.common.access import access
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer

listing(CERTIFICATES.download, people=True)(table)
offer(MINE)
offer(BATCHES)


@listing("certificates.batch", people=True)
def batch(user: Any, params: QueryDict) -> Listed:
    """The report of one batch: what became of each who was chosen, and why where nothing did."""
    try:
        uid = UUID(params.get("of", ""))
    except ValueError as error:
        raise Http404 from error
    found = access(Batch, uid, user)
    name = str(types()[found.kind].title) if found.kind in types() else found.kind
    return Listed(name, found.items.select_related("certificate"), BATCH, order=("pk",))


def _serial(item: BatchItem) -> str:
    return item.certificate.serial if item.certificate else ""


BATCH = [
    ExportColumn(gettext_lazy("Holder"), lambda item: item.name, 34),
    ExportColumn(gettext_lazy("What became of it"), lambda item: ItemState(item.state).label, 22),
    ExportColumn(gettext_lazy("Reason"), lambda item: item.reason, 50),
    ExportColumn(gettext_lazy("Certificate"), _serial, 22),
]
