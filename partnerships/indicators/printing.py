"""The year on paper."""

from typing import Any

from django.utils.translation import override

from partnerships.common.clock import baku_date, today
from partnerships.directory.models import Organization
from partnerships.documents.printing import print_pdf
from partnerships.indicators.reports import Overview, Row, counted_at


def report_pdf(found: Overview, place: str, language: str) -> bytes:
    """Every indicator of the place and year by benefit, with targets, the year before and the formulas.

    The head names the organisation; what is of all partners is the operator's paper.
    """
    with override(language):
        return print_pdf("indicators/report", _data(found, place), language=language)


def _data(found: Overview, place: str) -> dict[str, Any]:
    house = found.scope.organization or Organization.objects.filter(is_operator=True).first()
    return {
        "house": house.display_name if house else place,
        "place": place,
        "year": str(found.year),
        "before": str(found.year - 1),
        "date": today(),
        "outside": found.scope.outside,
        "hides": found.hides_something,
        "counted": baku_date(at) if (at := found.counted_at or counted_at(found.year)) else None,
        "unfinished": found.year >= today().year,
        "groups": [
            {"title": str(label.label), "rows": [_row(row) for row in rows]} for label, rows in found.groups
        ],
        "formulas": [
            {"title": str(row.indicator.title), "formula": str(row.indicator.formula)} for row in found.rows
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "title": str(row.indicator.title),
        "unit": str(row.indicator.unit),
        "before": _cell(row.before),
        "now": _cell(row.now),
        "target": row.target_words,
        "share": row.share,
        "reported": row.indicator.is_reported,
    }


def _cell(cell: Any) -> dict[str, Any]:
    return {"words": cell.words, "hidden": cell.hidden}
