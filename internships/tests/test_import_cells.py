"""What people send as a table of students: encodings, marks, bad cells, what Excel makes of a code."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from internships.tests.bringing import HEAD, bring, confirm, errors, fates, line
from partnerships.directory.models import Person
from partnerships.documents.enums import ImportState
from partnerships.testing import factories as make
from partnerships.testing import files

pytestmark = pytest.mark.usefixtures("workers")


@pytest.mark.parametrize(
    "data",
    [
        files.csv_text([HEAD, line("Aytən")]).encode("utf-8"),
        files.csv_text([HEAD, line("Aytən")], ";").encode("utf-8-sig"),
        files.csv_text([HEAD, line("Aytən")], "\t").encode("utf-16"),
    ],
    ids=["utf-8", "bom and semicolon", "utf-16 and tab"],
)
def test_text_tables_are_read_in_their_encodings(cast, practice, data):
    run = bring(cast, [], data=data, file="siyahı.csv")
    assert (fates(run), run.rows.get().values["given_name"]) == (["add"], "Aytən")


def test_windows_1254_is_read_and_the_missing_letter_is_pointed_out(cast, practice):
    head = ["Ad", "Soyad", "E-poçt", "İxtisas", "Kurs"]
    data = files.csv_text([head, ["Şükür", "Çınar", "s@x.example", "050608", "2"]], ";").encode("cp1254")
    run = bring(cast, [], data=data, file="siyahı.xlsx")
    assert (fates(run), run.rows.get().values["family_name"]) == (["add"], "Çınar")
    # It is known by the name that it came with, and kept as what it is.
    assert (run.file_name, run.file.name) == ("siyahı.xlsx", "siyahı.csv")
    assert any("Windows-1254" in words for words in run.summary["assumed"])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"given": "A" * 200}, "given_name"),
        ({"given": '=HYPERLINK("http://x")'}, "given_name"),
        ({"family": "<script>alert(1)</script>"}, "family_name"),
        ({"given": "Aytən 😀"}, "given_name"),
        ({"given": "1234"}, "given_name"),
        ({"email": "aytən"}, "email"),
        ({"email": "", "number": ""}, "email"),
        ({"phone": "zəng edin"}, "phone"),
        ({"number": "=1+1"}, "student_number"),
        ({"specialty": "999999"}, "specialty"),
        ({"specialty": ""}, "specialty"),
        ({"year": "12"}, "year"),
        ({"gpa": "NaN"}, "gpa"),
        ({"gpa": "101"}, "gpa"),
        ({"degree": "akademik"}, "degree"),
        ({"mode": "axşam"}, "mode"),
        ({"specialty": "#REF!"}, "specialty"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(cast, login, practice, cells, column):
    # As text: a formula in a workbook has no value of its own and reads as an empty cell.
    rows = [HEAD, line(**{"number": "22-9", "email": "a@aztu.example", **cells}), line("Səma")]
    run = bring(cast, [], data=files.csv_text(rows).encode(), file="siyahı.csv")
    assert (fates(run), errors(run)) == (["refuse", "add"], {2: [column]})
    page = login("coordinator").get(run.get_absolute_url(), {"show": "all"}).content.decode()
    assert "<script>alert" not in page
    confirm(cast, run)
    assert Person.objects.filter(given_name="Səma").count() == 1


def test_names_of_other_scripts_and_marks_of_direction_are_read_as_letters(cast, practice):
    run = bring(
        cast, [line("\u202eمحمد", "O’Neil-Ağayev", email="m@x.example"), line("José", email="j@x.example")]
    )
    assert fates(run) == ["add", "add"]
    assert run.rows.get(number=2).values["given_name"] == "محمد"


def test_a_code_that_excel_took_for_a_number_and_names_are_understood(cast, practice):
    make.specialty("060608", "Elektroenergetika mühəndisliyi", degree="master")
    run = bring(
        cast,
        [
            line("Aytən", specialty=50608),
            line("Səma", specialty="050608 – Elektroenergetika mühəndisliyi"),
            line("Lalə", specialty="elektroenergetika muhendisliyi", degree="Magistr"),
            line("Elşən", specialty="Elektroenergetika mühəndisliyi"),
        ],
    )
    assert (fates(run), errors(run)) == (["add", "add", "add", "refuse"], {5: ["specialty"]})


def test_a_merged_title_above_the_headings_is_passed_over(cast, practice):
    book = Workbook()
    book.active.append(["2026-cı il üzrə tələbələrin siyahısı"])
    book.active.merge_cells("A1:N1")
    book.active.append(HEAD)
    book.active.append(line())
    out = io.BytesIO()
    book.save(out)
    assert fates(bring(cast, [], data=out.getvalue())) == ["add"]


def test_headings_merged_into_one_cell_are_answered_with_what_is_missing(cast, practice):
    run = bring(cast, [], data=files.xlsx([["Ad Soyad Kurs İxtisas"], ["Aytən Kazımova 4 050608"]]))
    assert (run.state, "Kurs" in run.problem or "Year" in run.problem) == (ImportState.FAILED, True)


def test_too_many_rows_and_a_bomb_are_refused_in_words(cast, practice, settings):
    settings.IMPORT_ROWS = 3
    many = bring(cast, [line(f"Ad{'a' * n}") for n in range(4)])
    assert (many.state, "3" in many.problem) == (ImportState.FAILED, True)
    settings.IMPORT_UNPACKED = 1000
    out = io.BytesIO(files.xlsx([HEAD, line()]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", b"0" * 100_000)
    bomb = bring(cast, [], data=out.getvalue())
    assert (bomb.state, bool(bomb.problem)) == (ImportState.FAILED, True)
