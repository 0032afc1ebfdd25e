"""The year, one number by partner and its records, and reported values, to be taken away."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer
from partnerships.indicators import reports
from partnerships.indicators.views import KINDS, Asked, indicator_or_404
from partnerships.indicators.views_values import VALUES


@listing("indicators.year")
def year(user: Any, params: QueryDict) -> Listed:
    """What the page shows, with the formulas in words."""
    asked = Asked(user, params)
    found = reports.overview(asked.scope, asked.year)
    columns = [
        ExportColumn(gettext_lazy("Benefit"), lambda row: row.benefit, 28),
        ExportColumn(gettext_lazy("Indicator"), lambda row: row.indicator.title, 46),
        ExportColumn(pgettext_lazy("of a number", "Unit"), lambda row: str(row.indicator.unit), 14),
        *(_of_year(place, cell.year) for place, cell in enumerate(found.rows[0].cells)),
        ExportColumn(gettext_lazy("Target"), lambda row: row.target.value if row.target else None, 12),
        ExportColumn(gettext_lazy("Of the target, %"), lambda row: row.share, 12),
        ExportColumn(gettext_lazy("How it is counted"), lambda row: row.indicator.formula, 90),
    ]
    counted = {row.indicator.key: None for row in found.rows} | reports.days_counted(asked.year)
    columns.append(ExportColumn(gettext_lazy("Counted on"), lambda row: counted[row.indicator.key], 14))
    return Listed(f"{_('Indicators')} {asked.year} {asked.title}", found.rows, columns)


@listing("indicators.partners")
def partners(user: Any, params: QueryDict) -> Listed:
    """One indicator partner by partner, as its page shows it; `of` is its key."""
    indicator, asked = indicator_or_404(params.get("of", "")), Asked(user, params)
    found = reports.by_partner(asked.scope, indicator, asked.year)
    lines = [line for kind in KINDS for line in found if line.organization.kind == kind]
    columns = [
        ExportColumn(gettext_lazy("Partner"), lambda line: line.organization.display_name, 50),
        ExportColumn(gettext_lazy("Kind"), lambda line: line.organization.get_kind_display(), 20),
        ExportColumn(str(indicator.unit), lambda line: _number(line.cell), 16),
    ]
    return Listed(f"{indicator.title} {asked.year} {asked.title}", lines, columns)


def _of_year(place: int, year: int) -> ExportColumn:
    return ExportColumn(str(year), lambda row: _number(row.cells[place]), 12)


def _number(cell: reports.Cell) -> Any:
    if cell.hidden:
        return _("hidden")
    if cell.value is None:
        return None
    found = round(cell.value, max(cell.digits, 2))
    return int(found) if found == int(found) else found  # no "2,00 projects" where the table is text


@listing("indicators.records", people=True)
def records(user: Any, params: QueryDict) -> Listed:
    """The rows behind a number that the reader may open; `of` is the indicator's key."""
    indicator, asked = indicator_or_404(params.get("of", "")), Asked(user, params)
    rows = reports.records(asked.scope, indicator, asked.year, user)
    return Listed(
        f"{indicator.title} {asked.year}",
        rows,
        RECORD,
        order=("-pk",),
        lines=lambda found: [indicator.line(row) for row in found],
    )


RECORD = [
    ExportColumn(gettext_lazy("What was counted"), lambda pair: pair[0], 50),
    ExportColumn(gettext_lazy("Details"), lambda pair: pair[1], 50),
]


offer(VALUES)
