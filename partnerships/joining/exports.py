"""The list of requests to join, to be taken away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.joining.views import found


@listing("joining.requests", people=True)
def requests(user: Any, params: QueryDict) -> Listed:
    base, _query, state = found(user, params)
    rows = base.filter(state=state) if state else base
    return Listed(_("Requests to join"), rows.with_rows(), COLUMNS, order=("-pk",))


COLUMNS = [
    ExportColumn(gettext_lazy("Organisation"), lambda row: row.name, 50),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.get_kind_display(), 18),
    ExportColumn(gettext_lazy("Contact"), lambda row: row.contact_name, 28),
    ExportColumn(gettext_lazy("Directions"), lambda row: "; ".join(str(word) for word in row.wanted), 50),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 22),
    ExportColumn(gettext_lazy("Since"), lambda row: row.state_since, 18),
    ExportColumn(gettext_lazy("Asked"), lambda row: row.created, 18),
]
