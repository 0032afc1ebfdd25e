"""Headings as people write them: on two rows, merged, numbered below, in their own words, twice."""

import io

import pytest
from openpyxl import Workbook

from partnerships.common.importer import Column, Sheet, Unreadable, read
from partnerships.testing import files


def apart(text: str) -> dict[str, str]:
    family, _space, given = text.partition(" ")
    return {"family": family, "given": given}


SHEET = Sheet(
    "Tələbələr",
    [
        Column("family", "Soyad", ("Soyadı",), required=True),
        Column("given", "Ad", ("Adı",), required=True),
        Column("major", "İxtisas", required=True),
        Column("email", "E-poçt"),
        Column("guide", "Rəhbər", ("Rəhbər ad",)),
    ],
    joined=[Column("full_name", "Soyad, ad", ("S.A.A.",), parts=apart, gives=("family", "given"))],
)


def values(data: bytes) -> list[dict[str, str]]:
    return [row.values for row in read(data, SHEET).rows]


def refusal(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data, SHEET)
    return caught.value


def form() -> bytes:
    """As an office fills it in: a merged title, groups over two rows, a row of numbers below."""
    book = Workbook()
    page = book.active
    page.append(["Təcrübəyə göndərilən tələbələrin siyahısı"])
    page.merge_cells("A1:F1")
    page.append([])
    page.append(["№", "Tələbə", None, "İxtisas", "Rəhbər", None])
    page.append([None, "Soyadı", "Adı", None, "Ad", "Telefon"])
    for merged in ("A3:A4", "B3:C3", "D3:D4", "E3:F3"):
        page.merge_cells(merged)
    page.append([1, 2, 3, 4, 5, 6])
    page.append([1, "Məmmədova", "Nigar", "050608", "Fikrət Quliyev", "050 111"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_two_rows_of_merged_headings_and_a_row_of_numbers_are_understood():
    table = read(form(), SHEET)
    assert [(row.number, row.values) for row in table.rows] == [
        (6, {"family": "Məmmədova", "given": "Nigar", "major": "050608", "guide": "Fikrət Quliyev"})
    ]
    assert table.ignored == ["№", "Rəhbər / Telefon"]
    assert table.headings.last == 4


def test_a_row_of_people_is_not_taken_for_a_second_row_of_headings():
    rows = [
        ["Ad", "Soyad", "İxtisas", "Qeyd"],
        ["Ad", "", "050608", "E-poçt"],
        ["Nigar", "Məmmədova", "1", ""],
    ]
    assert [row["given"] for row in values(files.xlsx(rows))][-1] == "Nigar"


def test_one_column_that_holds_the_whole_name_fills_several():
    data = files.xlsx([["s.a.a.", "ixtisas"], ["Məmmədova Nigar", "050608"]])
    assert values(data) == [{"family": "Məmmədova", "given": "Nigar", "major": "050608"}]


def test_words_of_their_own_are_asked_about_and_what_reads_alike_is_proposed():
    error = refusal(
        files.xlsx([["Soyadi", "Adı", "İxtissas", "Qrup"], ["Məmmədova", "Nigar", "050608", "12"]])
    )
    assert error.code == "header"
    proposed = error.found.proposed(SHEET, {"qrup": "email"})
    assert proposed == {"soyadi": "family", "adi": "given", "ixtissas": "major", "qrup": "email"}
    assert error.found.samples == [["Məmmədova"], ["Nigar"], ["050608"], ["12"]]


def test_what_was_said_is_obeyed_and_what_was_left_out_stays_out():
    data = files.xlsx([["Familiya", "Ad", "Ad", "Şifr"], ["Məmmədova", "Nigar", "Elçin", "050608"]])
    first = refusal(data).found
    assert first.slots == ["familiya", "ad", "ad#2", "sifr"]
    said = {"familiya": "family", "ad": "given", "ad#2": "", "sifr": "major"}
    seen = []

    def choices(found):
        seen.append(found.signature)
        return said if found.signature == first.signature else None

    assert [row.values for row in read(data, SHEET, choices).rows] == [
        {"family": "Məmmədova", "given": "Nigar", "major": "050608"}
    ]
    assert seen == [first.signature]


def test_the_order_of_the_headings_changes_no_signature_unless_two_read_alike():
    def signature(*heads):
        return refusal(files.xlsx([list(heads), ["x"] * len(heads)])).found.signature

    assert signature("Familiya", "Şifr") == signature("şifr *", "FAMİLİYA")
    assert signature("Familiya", "Ad", "Ad") != signature("Ad", "Familiya", "Ad")


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_text_of_unknown_headings_is_parted_by_what_parts_it_into_columns(separator):
    data = files.csv_text([["Familiya", "Uşaq", "Şifr"], ["Məmmədova", "Nigar", "050608"]], separator)
    assert refusal(data.encode("cp1254", "replace")).found.labels == ["Familiya", "Uşaq", "Şifr"]
