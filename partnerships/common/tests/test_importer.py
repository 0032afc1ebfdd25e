"""Tables as people send them: formats, encodings, headings, numbers, and what is refused."""

import io
import zipfile
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook

from partnerships.common.importer import (
    Column,
    ReportRow,
    Row,
    Sheet,
    Unreadable,
    every_row,
    read,
    reading,
    report,
    template,
    workbook,
)
from partnerships.testing import files


def grade(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        raise ValidationError("a number from 0 to 100") from error
    if not 0 <= value <= 100:
        raise ValidationError("a number from 0 to 100")
    return value


SHEET = Sheet(
    "Students",
    [
        Column("family", _("family name"), ("Soyad",), required=True, example="Məmmədova"),
        Column("number", _("student number"), ("Tələbə nömrəsi",), required=True, example="00123"),
        Column("gpa", "GPA", ("ÜOMG",), clean=grade, example="88,4", help="0–100"),
        Column("born", "Born", ("Doğum tarixi",)),
    ],
)
NAIVE = datetime(2004, 5, 1, 9, 30)  # noqa: DTZ001 - a spreadsheet knows no time zone
HEAD = ["Soyad", "Tələbə nömrəsi", "ÜOMG", "Doğum tarixi"]
ROW = ["Məmmədova", "00123", "88,4", ""]


def values(data: bytes) -> list[dict[str, str]]:
    return [row.values for row in read(data, SHEET).rows]


def code(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, SHEET)
    assert "".join(caught.value.messages).strip()
    return str(caught.value.code)


EXPECTED = {"family": "Məmmədova", "number": "00123", "gpa": "88,4", "born": ""}


def test_headings_stand_in_any_order_and_language_and_other_columns_are_passed_over():
    table = read(
        files.xlsx([["gpa *", "Qeyd", "student NUMBER:", "  SOYAD "], ["88,4", "x", "00123", "Məmmədova"]]),
        SHEET,
    )
    assert [row.values for row in table.rows] == [{"family": "Məmmədova", "number": "00123", "gpa": "88,4"}]
    assert table.ignored == ["Qeyd"]


def test_a_title_above_and_empty_rows_between_keep_the_numbers_that_excel_shows():
    book = Workbook()
    page = book.active
    page["A1"] = "Energetika fakültəsi"
    page.merge_cells("A1:D1")
    for place, heading in enumerate(HEAD, start=1):
        page.cell(3, place, heading)
    page.append(ROW)
    page.cell(7, 1, "Əliyev")
    page.cell(7, 2, "00124")
    out = io.BytesIO()
    book.save(out)
    rows = read(out.getvalue(), SHEET).rows
    assert [(row.number, row.values["family"]) for row in rows] == [(4, "Məmmədova"), (7, "Əliyev")]


def test_numbers_and_dates_typed_by_excel_read_as_people_type_them():
    rows = [
        HEAD,
        ["A", 1234.0, 88.4, date(2004, 5, 1)],
        ["B", "00123", 0.1 + 0.2, NAIVE],
    ]
    assert values(files.xlsx(rows)) == [
        {"family": "A", "number": "1234", "gpa": "88.4", "born": "2004-05-01"},
        {"family": "B", "number": "00123", "gpa": "0.3", "born": "2004-05-01 09:30"},
    ]


def test_a_formula_is_never_evaluated():
    data = files.xlsx([HEAD, ["A", "1", "=1+1", '=HYPERLINK("http://x.example")']])
    assert values(data) == [{"family": "A", "number": "1", "gpa": "", "born": ""}]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_any_encoding_and_with_any_separator(separator, codec):
    data = files.csv_text([HEAD, ROW], separator).encode(codec)
    assert values(data) == [EXPECTED]


def test_windows_1254_is_read_and_its_missing_letter_named():
    table = read(files.csv_text([["Soyad", "Student number"], ["Şükürlü", "7"]], ";").encode("cp1254"), SHEET)
    assert [row.values["family"] for row in table.rows] == ["Şükürlü"]
    assert "Windows-1254" in table.assumed[0]
    assert "“;”" in table.assumed[0]
    assert "ə" in table.assumed[1]


def test_the_first_line_by_which_excel_names_its_separator_is_obeyed():
    table = read(("sep=;\n" + files.csv_text([HEAD, ROW], ";")).encode(), SHEET)
    assert [(row.number, row.values) for row in table.rows] == [(3, EXPECTED)]


def test_the_sheet_that_has_the_headings_is_taken_and_named():
    book = Workbook()
    book.active.append(["Contents"])
    page = book.create_sheet("Siyahı")
    page.append(HEAD)
    page.append(ROW)
    hidden = book.create_sheet("Köhnə", 0)
    hidden.append(HEAD)
    hidden.append(["Gizli", "1", "", ""])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    table = read(out.getvalue(), SHEET)
    assert [row.values for row in table.rows] == [EXPECTED]
    assert "Siyahı" in table.assumed[0]


def test_invisible_marks_in_cells_are_dropped():
    assert values(files.xlsx([HEAD, ["\u202eMəmmədova\u200e ", " 00123\n", "88,4", ""]])) == [EXPECTED]


def test_a_missing_column_is_named():
    with pytest.raises(Unreadable) as caught:
        read(files.xlsx([["Soyad", "ÜOMG"], ["A", "1"]]), SHEET)
    assert (caught.value.code, caught.value.params) == ("header", {"columns": str(SHEET["number"].label)})


def test_two_columns_of_one_meaning_are_refused():
    assert code(files.xlsx([["Soyad", "Family name", "Tələbə nömrəsi"], ["A", "B", "1"]])) == "twice"


def test_a_workbook_without_any_cell_says_so_and_asks_for_no_columns():
    with pytest.raises(Unreadable) as caught:
        read(files.xlsx([]), SHEET)
    assert (caught.value.code, caught.value.found) == ("header", None)
    assert "Soyad" not in caught.value.messages[0]


def test_headings_without_rows_are_refused():
    assert code(files.xlsx([HEAD, ["", "", "", ""]])) == "empty"


def test_more_rows_than_allowed_are_refused(settings):
    settings.IMPORT_ROWS = 2
    assert len(values(files.xlsx([HEAD, ROW, ROW]))) == 2
    assert code(files.xlsx([HEAD, ROW, ROW, ROW])) == "rows"


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(settings):
    settings.IMPORT_UNPACKED = 1_000_000
    out = io.BytesIO(files.xlsx([HEAD, ROW]))
    assert len(values(out.getvalue())) == 1
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", b"\0" * 2_000_000)
    assert code(out.getvalue()) == "bomb"


def replaced(data: bytes, name: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            new.writestr(part.filename, change(body) if part.filename == name else body)
    return out.getvalue()


def test_a_workbook_with_entities_is_refused():
    laughs = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = files.xlsx([HEAD, ROW])
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"):
        for before in (b"", b"<!-- <x/> -->", b"<?x <x/> ?>"):
            assert code(replaced(data, part, lambda body: before + laughs + body)) == "broken"  # noqa: B023
        sixteen = replaced(data, part, lambda body: (laughs + body).decode().encode("utf-16"))
        assert code(sixteen) == "broken"
    assert values(replaced(data, "xl/workbook.xml", lambda body: b'<?xml version="1.0"?>\r\n' + body)) == [
        EXPECTED
    ]


def drawn(body: str) -> bytes:
    """A workbook whose sheet holds this."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>%s</sheetData></worksheet>'
    return replaced(files.xlsx([HEAD, ROW]), "xl/worksheets/sheet1.xml", lambda _old: (sheet % body).encode())


@pytest.mark.wide
def test_a_workbook_that_claims_a_thousand_million_rows_holds_nobody_up():
    far = drawn('<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>Soyad</t></is></c></row>')
    assert code(far) == "bomb"
    assert [len(row) for row in every_row(far)][-1:] == [1]  # whoever is erased is looked for in it as well


def test_a_cell_of_a_million_letters_is_cut_where_excel_cuts_it(settings):
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("a" * 1_000_000, "00123"))
    head = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEAD[:2])
    (row,) = read(drawn(f"<row>{head}</row><row>{cells}</row>"), SHEET).rows
    assert len(row.values["family"]) == 32_767
    assert list(SHEET.clean(row).errors) == ["family"]


@pytest.mark.wide
def test_text_of_millions_of_empty_lines_is_refused():
    assert code("Soyad;Tələbə nömrəsi\n".encode() + b"\n" * reading.MOST_LINES) == "rows"


def test_a_workbook_of_millions_of_marks_is_refused_before_it_is_parsed(monkeypatch):
    assert code(drawn("<row/>" * 4_000_001)) == "bomb"
    styles = replaced(
        files.xlsx([HEAD, ROW]),
        "xl/styles.xml",
        lambda old: old.replace(b"<cellXfs", b"<cellXfs>" + b"<xf/>" * 1_000_000 + b"</cellXfs><cellXfs", 1),
    )
    assert code(styles) == "bomb"
    monkeypatch.setattr(workbook, "MOST_READ", 20_000)
    assert values(files.xlsx([HEAD, ROW])) == [EXPECTED]

    def often(book: bytes) -> bytes:
        start, end = book.index(b"<sheet "), book.index(b"</sheets>")
        return book[:start] + book[start:end] * 200 + book[end:]

    assert code(replaced(files.xlsx([["x"]]), "xl/workbook.xml", often)) == "bomb"


def test_a_line_of_millions_of_cells_is_cut_where_a_table_ends(monkeypatch):
    looked_at = []
    known = reading.plain_heading
    monkeypatch.setattr(reading, "plain_heading", lambda cell: looked_at.append(cell) or known(cell))
    assert code(b"a;" * 100_000) == "header"
    assert len(looked_at) < 1000


def test_a_workbook_that_lies_about_its_size_is_read_as_it_is():
    data = replaced(
        files.xlsx([HEAD, ROW]),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"'),
    )
    assert values(data) == [EXPECTED]


@pytest.mark.parametrize("data", [files.xlsx([HEAD, ROW])[:900], b"PK\x03\x04" + b"\0" * 50])
def test_a_damaged_workbook_is_refused(data):
    assert code(data) == "broken"


@pytest.mark.parametrize("data", [b"\x81\x8d\x8f", b"a,b\0c", b"\xff\xfea"])
def test_bytes_that_are_no_text_are_refused(data):
    assert code(data) in {"encoding", "header"}


def test_cells_are_checked_column_by_column(settings):
    settings.IMPORT_CELL = 20
    row = SHEET.clean(Row(5, {"family": "", "number": "#REF!", "gpa": "yüz", "born": "x" * 21}))
    assert set(row.errors) == {"family", "number", "gpa", "born"}
    assert row.errors["gpa"] == ["a number from 0 to 100"]
    good = SHEET.clean(Row(6, {"family": "Əliyev", "number": "7", "gpa": "88,4"}))
    assert (good.errors, good.cleaned) == ({}, {"family": "Əliyev", "number": "7", "gpa": 88.4, "born": None})


def test_the_template_is_recognised_when_it_is_filled_in():
    book = load_workbook(io.BytesIO(template(SHEET)))
    page, explained = book.worksheets
    assert [cell.value for cell in page[1]] == [str(column.label) for column in SHEET.columns]
    assert page.max_row == 1
    words = [[cell.value for cell in line] for line in explained.iter_rows()]
    assert [words[3][0], *words[3][2:]] == ["GPA", "88,4", "0–100"]
    page.append(ROW)
    out = io.BytesIO()
    book.save(out)
    assert values(out.getvalue()) == [EXPECTED]


def test_an_untouched_template_is_refused_as_empty():
    assert code(template(SHEET)) == "empty"


def test_a_report_holds_each_row_and_can_be_mended_and_brought_again():
    kept = report(
        [
            ReportRow(2, EXPECTED, "Əlavə edildi", {}),
            ReportRow(3, {"family": "=cmd|calc", "number": "1"}, "", {"gpa": ["a number"], "": ["late"]}),
        ],
        SHEET,
    )
    page = load_workbook(io.BytesIO(kept)).active
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=2)]
    assert lines == [
        [2, "Əlavə edildi", None, "Məmmədova", "00123", "88,4", None],
        [3, None, "GPA: a number. late.", "=cmd|calc", "1", None, None],
    ]
    assert page["D3"].data_type == "s"
    assert values(kept) == [EXPECTED, {"family": "=cmd|calc", "number": "1", "gpa": "", "born": ""}]


HINTS = {
    "what the form says": ["mətn, məcburi", "(zachotka üzrə)", "0–100", "GG.AA.İİİİ"],
    "examples of its own": ["məs. Əliyeva", "Məsələn: 0042", "məs. 91,5", ""],
    "in English": ["required", "e.g. 0042", "number", "dd.mm.yyyy"],
    "a line alone": ["(bütün sahələr doldurulmalıdır)", "", "", ""],
    "half of it": ["Soyadınızı yazın", "vacib", "", "x"],
}


@pytest.mark.parametrize("case", HINTS)
def test_a_row_that_says_how_to_fill_in_is_passed_over_and_named(case):
    good = ["Həsənova", "00999", "71", "2004-05-01"]
    table = read(files.xlsx([HEAD, HINTS[case], ["1", "2", "3", "4"], good]), SHEET)
    assert ([row.number for row in table.rows], len(table.assumed)) == ([4], 1)
    assert table.rows[0].values["family"] == "Həsənova"
    assert table.headings.samples[0] == ["Həsənova"]


@pytest.mark.parametrize(
    "row",
    [
        ["Nümunə", "00124", "88", "2004-05-01"],
        ["Məmmədova", "00124", "88,4", ""],
        ["Vacib", "", "", ""],
        ["", "(0042)x", "yüz", "sabah"],
    ],
)
def test_a_row_that_only_looks_like_one_stays_a_row(row):
    table = read(files.xlsx([HEAD, row, ROW]), SHEET)
    assert ([one.number for one in table.rows], table.assumed) == ([2, 3], [])
