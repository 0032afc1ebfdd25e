"""Lists of certificates that may be taken away: one's own, and those of others."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.certificates import reports
from partnerships.certificates.views import listed
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing

ORDER = ("-issued_at", "-pk")


@listing("certificates.certificates", people=True)
def certificates(user: Any, params: QueryDict) -> Listed:
    rows, _query, state = listed(user, params)
    return Listed(_("Certificates"), reports.in_standing(rows, state), COLUMNS, order=ORDER)


@listing("certificates.mine")
def mine(user: Any, params: QueryDict) -> Listed:
    return Listed(_("My certificates"), reports.mine(user), COLUMNS, order=ORDER)


COLUMNS = [
    ExportColumn(gettext_lazy("Number"), lambda row: row.serial, 18),
    ExportColumn(gettext_lazy("Holder"), lambda row: row.holder_name, 34),
    ExportColumn(gettext_lazy("Certificate"), lambda row: row.title, 34),
    ExportColumn(gettext_lazy("Issued by"), lambda row: row.issuer_name, 30),
    ExportColumn(gettext_lazy("Issued"), lambda row: row.issued_at, 18),
    ExportColumn(gettext_lazy("Valid to"), lambda row: row.valid_to, 14),
    ExportColumn(gettext_lazy("State"), lambda row: row.standing_words, 18),
    ExportColumn(gettext_lazy("Reason"), lambda row: row.reason, 40),
    ExportColumn(gettext_lazy("Check code"), lambda row: row.grouped_code, 18),
]
