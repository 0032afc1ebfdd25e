"""What was sent to me and why, to be taken away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.notifications import sent


@listing("notifications.sent", people=True)
def sent_to_me(user: Any, params: QueryDict) -> Listed:
    """One's own alone; with show=letters what went by mail alone. As the page: no words of letters."""
    name = _("What was sent to me and why")
    if params.get("show") == "letters":
        rows, tell = sent.all_letters(user), sent.letter_row
        return Listed(name, rows, COLUMNS, order=("-pk",), lines=lambda found: map(tell, found))
    return Listed(
        name, sent.all_told(user), COLUMNS, order=("-pk",), lines=lambda found: map(sent.told_row, found)
    )


COLUMNS = [
    ExportColumn(gettext_lazy("What"), lambda row: row.title, 60),
    ExportColumn(gettext_lazy("When"), lambda row: row.at, 18),
    ExportColumn(gettext_lazy("Why"), lambda row: row.why, 50),
    ExportColumn(gettext_lazy("In the portal"), lambda row: row.portal, 22),
    ExportColumn(gettext_lazy("By mail"), lambda row: row.mail, 22),
    ExportColumn(gettext_lazy("Details"), lambda row: row.detail, 50),
]
