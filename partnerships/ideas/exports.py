"""The list of cooperation ideas, to be taken away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.ideas.views import Shown


@listing("ideas.ideas")
def ideas(user: Any, params: QueryDict) -> Listed:
    rows = Shown(user, params).rows().with_rows()
    return Listed(_("Cooperation ideas"), rows, COLUMNS, order=("-pk",))


COLUMNS = [
    ExportColumn(gettext_lazy("Idea"), lambda row: row.title, 60),
    ExportColumn(gettext_lazy("Partner"), lambda row: str(row.partner or ""), 40),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 22),
    ExportColumn(gettext_lazy("Next step"), lambda row: row.next_step, 50),
    ExportColumn(gettext_lazy("Until"), lambda row: row.next_on, 12),
    ExportColumn(gettext_lazy("Looked after by"), lambda row: row.owner.name, 26),
    ExportColumn(gettext_lazy("Noted by"), lambda row: row.noted_by.name, 26),
    ExportColumn(gettext_lazy("Day"), lambda row: row.said_on, 12),
]
