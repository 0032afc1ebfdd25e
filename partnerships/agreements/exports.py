"""Lists of agreements that may be taken away: all, those that sleep, what has none that holds."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.agreements import standing
from partnerships.agreements.filters import ListFilter
from partnerships.agreements.views.lists import line_of
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing


@listing("agreements.agreements")
def agreements(user: Any, params: QueryDict) -> Listed:
    rows: Any = ListFilter(params, user).rows()
    return Listed(
        _("Agreements"),
        rows.with_rows(),
        COLUMNS,
        order=("-pk",),
        lines=lambda rows: [line_of(row, user) for row in rows],
    )


@listing("agreements.sleeping")
def sleeping(user: Any, params: QueryDict) -> Listed:
    return Listed(
        _("Sleeping agreements"),
        standing.asleep(user).with_rows(),
        COLUMNS,
        order=("in_force_since", "pk"),
        lines=lambda rows: [line_of(row, user) for row in rows],
    )


COLUMNS = [
    ExportColumn(gettext_lazy("Number"), lambda line: line.agreement.number, 20),
    ExportColumn(gettext_lazy("Agreement"), lambda line: line.agreement.title, 60),
    ExportColumn(gettext_lazy("Kind"), lambda line: line.agreement.type_name, 24),
    ExportColumn(gettext_lazy("Parties"), lambda line: "; ".join(line.parties), 60),
    ExportColumn(gettext_lazy("State"), lambda line: line.state, 22),
    ExportColumn(gettext_lazy("Signs next"), lambda line: line.awaits, 36),
    ExportColumn(gettext_lazy("Effective date"), lambda line: line.agreement.starts, 14),
    ExportColumn(
        gettext_lazy("Expiry date"), lambda line: line.agreement.period_ends or _("without an end"), 16
    ),
    ExportColumn(gettext_lazy("Notice day"), lambda line: line.agreement.notice_by or "", 14),
    ExportColumn(
        gettext_lazy("Answers for it"),
        lambda line: line.agreement.keeper.name if line.agreement.keeper else "",
        30,
    ),
]


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
