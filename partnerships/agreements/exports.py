"""Lists of agreements that may be taken away: all, those that sleep, what has none that holds."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.agreements import standing
from partnerships.agreements.lists import AGREEMENTS, in_table, lines
from partnerships.agreements.owed import OBLIGATIONS
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer, table_columns

offer(AGREEMENTS)
offer(OBLIGATIONS)


@listing("agreements.sleeping")
def sleeping(user: Any, params: QueryDict) -> Listed:
    return Listed(
        _("Sleeping agreements"),
        in_table(standing.asleep(user)),
        table_columns(AGREEMENTS),
        order=("in_force_since", "pk"),
        lines=lambda rows: lines(rows, user),
    )


@listing("agreements.uncovered", people=True)
def uncovered(user: Any, params: QueryDict) -> Listed:
    """Every activity without an agreement that holds, kind after kind."""
    rows = [
        (kind.label, line)
        for kind in standing.all_activities()
        for line in standing.lines_of(kind, standing.uncovered(kind, user))
    ]
    return Listed(_("Without an agreement that holds"), rows, UNCOVERED)


UNCOVERED = [
    ExportColumn(gettext_lazy("Kind"), lambda pair: pair[0], 24),
    ExportColumn(gettext_lazy("Title"), lambda pair: pair[1].title, 50),
    ExportColumn(gettext_lazy("Details"), lambda pair: pair[1].detail, 50),
    ExportColumn(gettext_lazy("From"), lambda pair: pair[1].starts, 12),
    ExportColumn(gettext_lazy("Until"), lambda pair: pair[1].ends, 12),
    ExportColumn(
        gettext_lazy("Agreement"), lambda pair: pair[1].agreement.number if pair[1].agreement else "", 20
    ),
]
