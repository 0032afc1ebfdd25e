"""The files given back: a template to fill in, and a report to keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from partnerships.common.export import sheet_title, text_cell, xlsx_cell
from partnerships.common.importer.sheet import Sheet

_REQUIRED = PatternFill("solid", fgColor="FFF3D6")


def template(sheet: Sheet) -> bytes:
    """An .xlsx to fill in: headings on the first sheet, an explanation and an example on the second.

    The columns are formatted as text, so that leading zeros stay where they are typed.
    """
    book = Workbook()
    page = book.active
    page.title = sheet_title(sheet.title)
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = max(14, len(str(column.label)) + 4)
        page.column_dimensions[letter].number_format = "@"
        cell = page.cell(1, place, str(column.label))
        cell.font = Font(bold=True)
        if column.required:
            cell.fill = _REQUIRED
    _explain(book.create_sheet(sheet_title(_("How to fill it in"))), sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _explain(page: Any, sheet: Sheet) -> None:
    for letter, width in zip("ABCD", (28, 14, 28, 70), strict=True):
        page.column_dimensions[letter].width = width
    if sheet.note:
        page.append([str(sheet.note)])
        page.append([])
    # “Example” and the rest stand one under another: this sheet must never read as a table of rows.
    page.append([_("Column"), _("Must be filled in"), _("Example"), _("What it means")])
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for column in sheet.columns:
        page.append(
            [str(column.label), _("yes") if column.required else _("no"), column.sample, column.explained]
        )
        page.cell(page.max_row, 3).number_format = "@"
        page.cell(page.max_row, 3).data_type = "s"
        page.cell(page.max_row, 4).alignment = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True)
class ReportRow:
    """One row of a report: what was typed, what became of it, and what was wrong, by column key."""

    number: int
    values: dict[str, str]
    outcome: str
    errors: dict[str, list[str]]


def report(rows: Iterable[ReportRow], sheet: Sheet) -> bytes:
    """An .xlsx to keep: number, outcome and errors in front, then the row as it was brought.

    Its columns carry the headings of the template, so that the rows with errors can be mended in it
    and brought again.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_title(sheet.title))
    page.freeze_panes = "D2"
    heads = [_("Row"), _("Outcome"), _("What is wrong"), *(str(column.label) for column in sheet.columns)]
    for place, width in enumerate((7, 34, 48, *(20 for _column in sheet.columns)), start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.append([_heading(page, head) for head in heads])
    for row in rows:
        page.append(
            [
                row.number,
                xlsx_cell(page, row.outcome),
                xlsx_cell(page, error_text(row.errors, sheet)),
                *(xlsx_cell(page, row.values.get(column.key, "")) for column in sheet.columns),
            ]
        )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(page: Any, text: str) -> WriteOnlyCell:
    cell = text_cell(page, text)
    cell.font = Font(bold=True)
    return cell


def error_text(errors: dict[str, list[str]], sheet: Sheet) -> str:
    """Errors as one cell: "ÜOMG: …. Ad: ….", a sentence for each."""
    lines = []
    for key, reasons in errors.items():
        words = " ".join(reasons)
        lines.append(f"{sheet.label(key)}: {words}" if key else words)
    return " ".join(line if line.endswith(".") else f"{line}." for line in lines)
