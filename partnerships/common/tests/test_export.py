"""Files given out: their columns, their letters, and nothing in them that a spreadsheet would run."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from partnerships.common.export import ExportColumn, csv_text, file_name, write

COLUMNS = [
    ExportColumn("Namizəd", lambda row: row["name"]),
    ExportColumn("Bal", lambda row: row["score"]),
    ExportColumn("Son tarix", lambda row: row["due"]),
]
ROWS = [
    {"name": "Nigar Məmmədova", "score": Decimal("88.4"), "due": datetime(2026, 11, 28, 19, 59, tzinfo=UTC)},
    {"name": '=HYPERLINK("http://x.example","aç")', "score": None, "due": date(2026, 11, 30)},
    {"name": "a\x00b\x0b\ud800c", "score": -5, "due": None},
]
DANGEROUS = ["=1+1", "+994501234567", "-2", "@SUM(A1)", "\tx", "\rx", "  =1", "＝1", "=cmd|'/c calc'!A1"]


def body(rows, columns=COLUMNS, title="Müraciətlər", fmt="xlsx") -> bytes:
    with write(rows, columns, title=title, fmt=fmt) as opened:
        return opened.read()


def test_a_csv_opens_in_excel_with_its_letters_and_its_commas():
    with override("az"):
        data = body(iter(ROWS), fmt="csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")) == [
        ["Namizəd", "Bal", "Son tarix"],
        ["Nigar Məmmədova", "88,4", "28.11.2026 23:59"],
        ['\'=HYPERLINK("http://x.example","aç")', "", "30.11.2026"],
        ["abc", "-5", ""],
    ]


def test_an_xlsx_keeps_text_as_text_numbers_as_numbers_and_dates_as_dates():
    page = load_workbook(io.BytesIO(body(ROWS, title="Müraciətlər / [2026]: tam siyahı"))).active
    assert page.title == "Müraciətlər 2026 tam siyahı"
    assert [[cell.value for cell in line] for line in page.iter_rows()] == [
        ["Namizəd", "Bal", "Son tarix"],
        ["Nigar Məmmədova", 88.4, datetime(2026, 11, 28, 23, 59)],  # noqa: DTZ001
        ['=HYPERLINK("http://x.example","aç")', None, datetime(2026, 11, 30)],  # noqa: DTZ001
        ["abc", -5, None],
    ]
    assert (page["A3"].data_type, page["A3"].quotePrefix) == ("s", True)
    assert (page["A2"].data_type, page["A2"].quotePrefix) == ("s", False)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_that_a_spreadsheet_would_run_leaves_as_it_is(text):
    assert csv_text(text) == f"'{text}"
    page = load_workbook(io.BytesIO(body([{"t": text}], [ExportColumn("T", lambda r: r["t"])]))).active
    assert page["A2"].data_type == "s"


def test_the_name_of_the_file_says_what_and_when():
    assert re.fullmatch(r"muracietler-20\d\d-\d\d-\d\d\.csv", file_name("Müraciətlər", "csv"))
    with pytest.raises(ValueError, match="pdf"):
        write([], COLUMNS, title="x", fmt="pdf")


@pytest.mark.parametrize(
    ("value", "az", "en"),
    [
        (Decimal("88.00"), "88", "88"), (Decimal("68.90"), "68,9", "68.9"), (112.0, "112", "112"),
        (Decimal("1E+2"), "100", "100"), (0, "0", "0"), (100, "100", "100"), (-2.5, "-2,5", "-2.5"),
    ],
)  # fmt: skip
def test_numbers_of_a_csv_are_read_as_people_write_them(value, az, en):
    told = []
    for language in ("az", "en"):
        with override(language):
            told.append(csv_text(value))
    assert told == [az, en]
