"""Tables written as .xlsx or .csv: numbers as numbers, dates as dates of Baku, and nothing that a spreadsheet
would run. What is written into them is declared list by list: see common/listing.py."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from partnerships.common.clock import BAKU, today
from partnerships.common.text import slug

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TYPES = {"xlsx": XLSX, "csv": CSV}
FORMATS = tuple(TYPES)
NAMES = {"xlsx": "Excel (.xlsx)", "csv": "CSV (.csv)"}  # what a menu calls them
LONGEST_CELL = 32_767  # what Excel holds in one cell
# What XML cannot carry; Excel calls a file with one of these damaged.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What makes a spreadsheet read a text as a formula, the wide forms of Asian keyboards included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True)
class ExportColumn:
    """A column of a list: its heading as the page shows it, and how its value is taken from a row."""

    label: Any
    value: Callable[[Any], Any]
    width: int = 20


def write(rows: Iterable[Any], columns: Sequence[ExportColumn], *, title: str, fmt: str) -> IO[bytes]:
    """The table in a temporary file, read from its start; the file goes when it is closed.

    Whole before any of it is sent: what fails on the way is an error page, not half a file that looks whole.
    Raises ValueError for another format.
    """
    if fmt not in FORMATS:
        raise ValueError(f"no such format: {fmt}")
    return write_xlsx(rows, columns, title=title) if fmt == "xlsx" else write_csv(rows, columns)


def file_name(name: str, fmt: str) -> str:
    """ "muracietler-2026-11-26.xlsx": no letter in it that a header or a file system would spoil."""
    return f"{slug(name)}-{today().isoformat()}.{fmt}"


def write_csv(rows: Iterable[Any], columns: Sequence[ExportColumn]) -> IO[bytes]:
    """A .csv in a temporary file, read from its start."""
    out = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    for line in csv_lines(rows, columns):
        out.write(line.encode())
    out.seek(0)
    return out


def csv_lines(rows: Iterable[Any], columns: Sequence[ExportColumn]) -> Iterator[str]:
    """Lines of a csv that Excel opens by a double click: UTF-8 with its mark, parted by semicolons."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([csv_text(str(column.label)) for column in columns])
    for row in rows:
        yield writer.writerow([csv_text(column.value(row)) for column in columns])


class _Echo:
    """A file for csv.writer that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_text(value: Any) -> str:
    """A value as a person reads it, a text that a spreadsheet would run with an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float, Decimal)):
        text = _number(value)
        return text.replace(".", ",") if get_language() == "az" else text
    if isinstance(value, datetime):
        return f"{value.astimezone(BAKU):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = _ILLEGAL.sub("", str(value))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _number(value: float | Decimal) -> str:
    """88, not 88.00; 79.5, not 7.95E+1: as a spreadsheet shows the number itself."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    whole, _point, part = text.partition(".")
    return f"{whole}.{part.rstrip('0')}".rstrip(".") if part.isdigit() else text


def write_xlsx(rows: Iterable[Any], columns: Sequence[ExportColumn], *, title: str) -> IO[bytes]:
    """An .xlsx in a temporary file, read from its start; the file goes when it is closed."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_title(title))
    page.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.append([_bold(page, column.label) for column in columns])
    for row in rows:
        page.append([xlsx_cell(page, column.value(row)) for column in columns])
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(out)
    out.seek(0)
    return out


def _bold(page: Any, label: Any) -> WriteOnlyCell:
    cell = text_cell(page, str(label))
    cell.font = Font(bold=True)
    return cell


def xlsx_cell(page: Any, value: Any) -> Any:
    """A cell that holds `value`: text always as text, so that "=1+1" stays those four characters."""
    if value is None or isinstance(value, (bool, int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        cell = WriteOnlyCell(page, value.astimezone(BAKU).replace(tzinfo=None))
        cell.number_format = "dd.mm.yyyy hh:mm"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(page, value)
        cell.number_format = "dd.mm.yyyy"
        return cell
    text = _ILLEGAL.sub("", str(value))[:LONGEST_CELL]
    return (
        text_cell(page, text) if text.startswith(_FORMULA) else text
    )  # a bare text is written twice as fast


def text_cell(page: Any, value: str) -> WriteOnlyCell:
    """A cell of its own for a text, to be made bold or kept from running."""
    text = _ILLEGAL.sub("", value)[:LONGEST_CELL]
    cell = WriteOnlyCell(page, text)
    if text.startswith(_FORMULA):
        cell.data_type = "s"
        cell.quotePrefix = True  # Excel then keeps it as text even after somebody edits the cell
    return cell


def sheet_title(title: str) -> str:
    """At most 31 characters, whole words, without those that Excel forbids in the name of a sheet."""
    words = " ".join(re.sub(r"[\[\]:*?/\\']", " ", _ILLEGAL.sub("", str(title))).split())
    cut = words[:31]
    if len(words) > 31 and words[31] != " " and " " in cut:
        cut = cut.rsplit(" ", 1)[0]
    return cut.strip() or "1"
