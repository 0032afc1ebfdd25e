"""Lists given out as .xlsx or .csv, with the columns of the page and nothing that a spreadsheet would run."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from partnerships.common.clock import BAKU, today
from partnerships.common.text import slug

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")
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


def export(
    rows: Iterable[Any], columns: Sequence[ExportColumn], *, name: str, fmt: str = "xlsx"
) -> HttpResponseBase:
    """A response with `rows` as a file "<name>-<today>.<fmt>".

    `rows` may be a queryset's iterator: a csv is sent while it is read, an xlsx is written row by row
    to a temporary file first. Raises ValueError for another format. Rights are the caller's: hand in
    the same visible_to queryset that the page lists.
    """
    if fmt not in FORMATS:
        raise ValueError(f"no such format: {fmt}")
    filename = f"{slug(name)}-{today().isoformat()}.{fmt}"
    response: HttpResponseBase
    if fmt == "csv":
        response = StreamingHttpResponse(csv_lines(rows, columns), content_type="text/csv; charset=utf-8")
    else:
        response = FileResponse(write_xlsx(rows, columns, title=name), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


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
        return str(value).replace(".", ",") if get_language() == "az" else str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(BAKU):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = _ILLEGAL.sub("", str(value))
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


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
    """At most 31 characters without those that Excel forbids in the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\']", " ", _ILLEGAL.sub("", str(title)))[:31].strip() or "1"
