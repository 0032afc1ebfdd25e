"""Reading .xlsx and .csv into rows of text, whatever they were saved with."""

import csv
import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from partnerships.common.importer.headings import NONE, WITHIN, Headings, find
from partnerships.common.importer.sheet import Row, Sheet, plain_heading
from partnerships.common.importer.workbook import Unreadable, open_book, too_much
from partnerships.common.templatetags.figures import grouped
from partnerships.common.text import clean_line, in_quotes
from partnerships.common.told import joined

log = logging.getLogger(__name__)

MOST_COLUMNS = 100
# All sheets of a workbook together: as many as three have that are formatted down to their last row. A file
# of five kilobytes may claim a thousand million.
MOST_LINES = 3 * 1_048_576
LONGEST_CELL = 32_767  # characters that Excel keeps; what is longer than IMPORT_CELL is refused anyway
SEPARATORS = {",": "“,”", ";": "“;”", "\t": "⇥"}


# What somebody has said of a table with these headings: slot -> key of a column, "" to leave it out.
Choices = Callable[[Headings], dict[str, str] | None] | None


@dataclass
class Table:
    """What was read: rows, the words for what was assumed, and headings that mean nothing here."""

    rows: list[Row]
    assumed: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    headings: Headings | None = None


@dataclass(frozen=True)
class Said:
    """What its owner has said of a table: which column is which, and in which row the headings begin."""

    choices: Choices = None
    heading: int | None = None


def read(data: bytes, sheet: Sheet, choices: Choices = None, heading: int | None = None) -> Table:
    """The rows of `data` by the columns of `sheet`, as text; empty rows are left out.

    `choices` answers with what was said before of a table with such headings, or None; `heading` is the row
    in which they begin, where somebody has said it.

    By content: an .xlsx (values, never formulas), or text in UTF-8, UTF-16 or Windows-1254 parted by
    comma, semicolon or tab. Raises Unreadable when it is neither, is too large (settings.IMPORT_ROWS,
    IMPORT_UNPACKED), or lacks a heading that is required.
    """
    if data.startswith(b"PK\x03\x04"):
        return _read_xlsx(data, sheet, Said(choices, heading))
    return _read_csv(data, sheet, Said(choices, heading))


def every_row(data: bytes) -> Iterator[list[str]]:
    """The cells of every row of every sheet, hidden ones too, whatever the table was for. What cannot be read
    as a table comes as one cell of text."""
    try:
        if data.startswith(b"PK\x03\x04"):
            yield from _cells(data)
        else:
            text, _encoding = _decode(data)
            yield from (re.split("[,;\t]", line) for line in text.splitlines())
    except Unreadable:
        yield [data.decode("utf-8", "ignore")]


def _cells(data: bytes) -> Iterator[list[str]]:
    with open_book(data) as book:
        left = iter(range(MOST_LINES))
        for page in book.worksheets:
            page.reset_dimensions()
            for cells in _counted(page.iter_rows(values_only=True), left):
                yield [cell_text(value) for value in cells if value is not None]


# Excel ---------------------------------------------------------------------------------------------


def _read_xlsx(data: bytes, sheet: Sheet, said: Said) -> Table:
    with open_book(data) as book:
        return _first_fitting(book, sheet, said)


def _counted(
    lines: Iterable[Any], left: Iterator[int], refusal: Callable[[], Unreadable] = too_much
) -> Iterator[Any]:
    """The lines, as long as some are `left` of what all sheets may have."""
    for line in lines:
        if next(left, None) is None:
            raise refusal()
        yield line


def _first_fitting(book: Any, sheet: Sheet, said: Said) -> Table:
    """The first visible sheet that has the headings; else the refusal of the one that has most of them."""
    refusal: Unreadable | None = None
    visible = [page for page in book.worksheets if page.sheet_state == "visible"]
    left = iter(range(MOST_LINES))
    for page in visible:
        page.reset_dimensions()  # a file may claim sixteen thousand columns
        drawn = _counted(page.iter_rows(values_only=True, max_col=MOST_COLUMNS), left)
        lines = (
            (number, [] if cells.count(None) == len(cells) else [cell_text(value) for value in cells])
            for number, cells in enumerate(drawn, start=1)
        )
        try:
            table = _table(lines, sheet, said)
        except Unreadable as error:
            if error.code not in ("header", "twice"):
                raise
            if refusal is None or _understood(error) > _understood(refusal):
                refusal = error
            continue
        if len(visible) > 1:
            table.assumed.append(_("Read from the sheet “%(title)s”.") % {"title": in_quotes(page.title)})
        return table
    raise refusal or Unreadable(_("This file has no sheet with rows."), code="header")


def _understood(error: Unreadable) -> int:
    """How many headings of a sheet are known: the one with most is asked about."""
    return len(error.found.places) if error.found is not None else -1


def cell_text(value: Any) -> str:
    """A cell as somebody would have typed it: 1234.0 is 1234, a date is 2026-11-28, text stays text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_line(value[:LONGEST_CELL])
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return clean_line(str(value))


# Text ----------------------------------------------------------------------------------------------


def _read_csv(data: bytes, sheet: Sheet, said: Said) -> Table:
    text, encoding = _decode(data)
    declared = text[:5] if text[:4] == "sep=" else ""  # Excel's own first line
    body = text[text.find("\n") + 1 :] if declared else text
    separators = [declared[4]] if declared else list(SEPARATORS)
    separator = max(separators, key=lambda mark: _headings_found(body, mark, sheet))
    drawn = _counted(csv.reader(io.StringIO(body), delimiter=separator), iter(range(MOST_LINES)), _too_long)
    lines: Iterator[tuple[int, list[str]]] = (
        (number, [clean_line(cell) for cell in cells[:MOST_COLUMNS]])
        for number, cells in enumerate(drawn, start=1 + bool(declared))
    )
    try:
        table = _table(lines, sheet, said)
    except csv.Error as error:
        raise Unreadable(
            _("This text cannot be read as a table. Save it from Excel as .xlsx and upload that."),
            code="broken",
        ) from error
    name = SEPARATORS.get(separator, separator)
    table.assumed.insert(
        0,
        _("Read as text in %(encoding)s with columns parted by %(separator)s.")
        % {"encoding": encoding, "separator": name},
    )
    if encoding == "Windows-1254":
        table.assumed.append(
            _(
                "Windows-1254 has no letter “ə”: look at the names below. If letters are missing, save the "
                "file as "
                "“CSV UTF-8” or .xlsx and upload it again."
            )
        )
    return table


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = [("utf-16", "UTF-16")]
    else:
        tries = [("utf-8-sig", "UTF-8"), ("cp1254", "Windows-1254")]
    for codec, name in tries:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, name
    raise Unreadable(
        _("This is not a text table. Upload an .xlsx file, or a .csv file saved as “CSV UTF-8”."),
        code="encoding",
    )


def _headings_found(text: str, separator: str, sheet: Sheet) -> tuple[int, int]:
    """How many headings a separator brings out in one row, and, where none is known, how many columns."""
    known, best, width = sheet.meanings(), 0, 0
    try:
        for _number, cells in zip(
            range(WITHIN), csv.reader(io.StringIO(text), delimiter=separator), strict=False
        ):
            best = max(best, sum(plain_heading(cell) in known for cell in cells[:MOST_COLUMNS]))
            width = max(width, len(cells))
    except csv.Error:
        return 0, 0
    return best, width


# Both ----------------------------------------------------------------------------------------------


def _table(lines: Iterable[tuple[int, list[str]]], sheet: Sheet, said: Said) -> Table:
    every = iter(lines)
    first = next((line for line in every if any(line[1])), None)
    if first is None:
        raise _nothing()
    found, below = find(chain([first], every), sheet, said.heading)
    places, ignored = _places(found, sheet, said.choices)
    assert found is not None
    rows: list[Row] = []
    again: list[str] = []
    for number, cells in below:
        if not any(cells):
            continue
        values = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
        if not any(values.values()):
            continue
        if _is_heading_again(values, sheet):
            again.append(str(number))
            continue
        if len(rows) >= settings.IMPORT_ROWS:
            raise _too_long()
        rows.append(Row(number, sheet.taken_apart(values)))
    if not rows:
        raise Unreadable(_("The headings are there, but no row below them is filled in."), code="empty")
    assumed = [_("The headings stand in two rows.")] if found.two_rows else []
    if found.last == NONE:
        assumed.append(_("Read as a table without headings: the first row is data."))
    if found.hints:
        words = _("Rows passed over because they say how to fill in, or give an example: %(rows)s.")
        assumed.append(words % {"rows": ", ".join(map(str, found.hints))})
    if again:
        words = _("Rows passed over because they repeat the headings: %(rows)s.")
        assumed.append(words % {"rows": ", ".join(again[:20])})
    return Table(rows, assumed=assumed, ignored=ignored, headings=found)


def _too_long() -> Unreadable:
    return Unreadable(
        _("There are more than %(limit)s rows. Part the file and upload the parts one after another."),
        code="rows",
        params={"limit": grouped(settings.IMPORT_ROWS)},
    )


def _is_heading_again(values: dict[str, str], sheet: Sheet) -> bool:
    """A row that says the headings again, as on every page of a printed list, or in another language."""
    known, filled = sheet.meanings(), [(key, text) for key, text in values.items() if text]
    return len(filled) >= 2 and all(known.get(plain_heading(text)) == key for key, text in filled)


def _nothing() -> Unreadable:
    return Unreadable(
        _("There is nothing in this file. Fill in the template and upload that."), code="header"
    )


def _places(found: Headings | None, sheet: Sheet, choices: Choices) -> tuple[dict[str, int], list[str]]:
    """The place of each column, and the headings that are passed over. Raises Unreadable with the headings
    where a person has to say which column is which."""
    said = choices(found) if found is not None and choices is not None else None
    if found is not None and said is not None:
        places = found.chosen(said, sheet)
        found.places, found.twice = places, []
    if found is None or found.missing(sheet):
        needed = [column.key for column in sheet.columns if column.required]
        keys = found.missing(sheet) if found is not None else needed
        raise Unreadable(
            _(
                "These columns were not found: %(columns)s. Take the headings from the template; their order "
                "does not "
                "matter."
            ),
            code="header",
            params={"columns": joined((sheet.label(key) for key in keys), ", ")},
            found=found,
        )
    if found.twice:
        one, other = found.twice[0]
        raise Unreadable(
            _("Two columns mean the same: “%(one)s” and “%(other)s”. Leave one of them."),
            code="twice",
            params={"one": in_quotes(one), "other": in_quotes(other)},
            found=found,
        )
    known = set(found.places.values())
    ignored = [label for place, label in enumerate(found.labels) if label and place not in known]
    return found.places, ignored
