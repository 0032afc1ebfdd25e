"""Rows drawn in Python: labels for cards, what is a person's word escaped, what is drawn left as it is."""

from datetime import date

from django.utils import translation

from partnerships.common.tables import Column, drawn, named, page_column, somebody, twofold
from partnerships.common.templatetags.ui import chip

HOSTILE = '<img src=x onerror="alert(1)">'
HARMLESS = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"


def test_a_row_is_cells_with_their_labels_and_classes() -> None:
    columns = [
        page_column("Ad", lambda row: named("/a/", row["name"]), bare=True),
        Column("Gün", lambda row: row["day"]),
        page_column("Vəziyyət", lambda row: chip(row["state"], "good"), "small"),
        Column("Sayı", lambda row: row["count"]),
    ]
    rows = [{"name": "Nigar", "day": date(2025, 1, 5), "state": "Fəal", "count": 1200}]
    with translation.override("az"):
        assert drawn(rows, columns) == (
            '<tr><td><span><a class="name" href="/a/" dir="auto">Nigar</a></span></td>'
            '<td data-label="Gün"><span class="num nowrap">5 yanvar 2025</span></td>'
            '<td class="small" data-label="Vəziyyət"><span class="chip good">Fəal</span></td>'
            '<td data-label="Sayı"><span class="num">1\u202f200</span></td></tr>\n'
        )


def test_nothing_that_somebody_wrote_becomes_markup() -> None:
    columns = [
        page_column(HOSTILE, lambda row: somebody(row, row, row), HOSTILE),
        page_column("", lambda row: twofold(row, row)),
        Column("", lambda row: row),
    ]
    found = drawn([HOSTILE], columns)
    assert "<img" not in found
    assert found.count(HARMLESS) == 8


def test_no_rows_are_nothing() -> None:
    assert not drawn([], [Column("", str)])
