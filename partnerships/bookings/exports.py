"""The list of bookings, to be taken away."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.bookings import reports
from partnerships.bookings.views import PILLS, order_of
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing


@listing("bookings.bookings", people=True)
def bookings(user: Any, params: QueryDict) -> Listed:
    show = params.get("show", "mine")
    if show not in PILLS:
        raise Http404
    return Listed(_("Bookings"), reports.listed(user, show).with_rows(), COLUMNS, order=order_of(show))


COLUMNS = [
    ExportColumn(gettext_lazy("What for"), lambda row: row.display_title, 50),
    ExportColumn(gettext_lazy("What"), lambda row: row.where, 40),
    ExportColumn(gettext_lazy("From"), lambda row: row.starts, 18),
    ExportColumn(gettext_lazy("Until"), lambda row: row.ends, 18),
    ExportColumn(gettext_lazy("Booked for"), lambda row: row.holder.name, 28),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 22),
]
