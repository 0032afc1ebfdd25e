"""Headings as people write them: on two rows, merged, numbered below, in their own words, twice."""

import io

import pytest
from django.utils.translation import override
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


def test_a_heading_in_the_lower_of_two_rows_is_read_though_the_upper_has_all_that_is_needed():
    """Under a title, where the upper row alone would do: what stands below it is no row of data."""
    upper = ["Soyad", "Ad", "İxtisas", "Rəhbər", ""]
    rows = [["Siyahı"], upper, ["", "", "", "Ad", "E-poçt"], [*ONE, "Fikrət", "f@x.az"]]
    assert values(files.xlsx(rows)) == [{**READ[0], "guide": "Fikrət", "email": "f@x.az"}]
    assert values(files.xlsx(rows[1:])) == values(files.xlsx(rows))


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


def test_a_column_beside_the_groups_may_stand_anywhere_without_being_asked_about_again():
    def found(*heads):
        rows = [[group for group, _own in heads], [own for _group, own in heads], ["x"] * len(heads)]
        return refusal(files.xlsx(rows)).found

    before = found(("", "№"), ("Tələbə", "Soyad"), ("", "Ad"), ("Rəhbər", "Ad"), ("", "Şifr"))
    behind = found(("Tələbə", "Soyad"), ("", "Ad"), ("Rəhbər", "Ad"), ("", "Şifr"), ("", "№"))
    assert behind.labels[-1] == "Rəhbər / №"  # as it reads: where the group ends, no cell says
    assert sorted(behind.slots) == sorted(before.slots)
    assert (before.signature, before.slots[2:4]) == (behind.signature, ["telebe ad", "rehber ad"])


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_text_of_unknown_headings_is_parted_by_what_parts_it_into_columns(separator):
    data = files.csv_text([["Familiya", "Uşaq", "Şifr"], ["Məmmədova", "Nigar", "050608"]], separator)
    assert refusal(data.encode("cp1254", "replace")).found.labels == ["Familiya", "Uşaq", "Şifr"]


ONE = ["Məmmədova", "Nigar", "050608"]
OTHER = ["Əliyev", "Elçin", "050609"]
READ = [dict(zip(("family", "given", "major"), row, strict=True)) for row in (ONE, OTHER)]
HEADS = ["Soyad", "Ad", "İxtisas"]
ODD = {
    "a title named like a column": [["Soyad, ad"], HEADS, ONE, OTHER],
    "groups named like columns": [["Soyad", "", "E-poçt"], HEADS, ONE, OTHER],
    "the same headings in English below": [HEADS, ["family", "given", "major"], ONE, OTHER],
    "the headings on every printed page": [HEADS, ONE, HEADS, OTHER],
    "any order and an empty column between": [
        ["İxtisas", "", "AD", "SOYADI"], *([c, "", b, a] for a, b, c in (ONE, OTHER))
    ],
    "an empty first column": [["", *HEADS], ["", *ONE], ["", *OTHER]],
    "a first column of numbers without a heading": [["", *HEADS], ["1", *ONE], ["2", *OTHER]],
    "numbers in brackets below": [HEADS, ["(1)", "(2)", "(3)"], ONE, OTHER],
    "letters below": [["№", *HEADS], ["A", "B", "C", "D"], ["1", *ONE], ["2", *OTHER]],
    "headings in row 25": [*[["Qeyd"]] * 24, HEADS, ONE, OTHER],
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_odd_files_are_read_as_a_person_reads_them(case):
    found = values(files.xlsx(ODD[case]))
    assert [{key: row.get(key) for key in READ[0]} for row in found] == READ


def test_rows_that_repeat_the_headings_are_named():
    with override("en"):
        table = read(files.xlsx([HEADS, ONE, HEADS, OTHER, HEADS]), SHEET)
    assert table.assumed == ["Rows passed over because they repeat the headings: 3, 5."]


UNKNOWN = {
    "a person who is called like a column": ([["Familiya", "Uşaq", "Şifr"], ["Ad", "Nigar", "050608"]], 1),
    "a note that reads like a column": (
        [["Familiya", "Uşaq", "Kod", "Söz"], ["Məmmədova", "Nigar", "Tarix", "Rəhbər"], ["x", "y", "z", "w"]],
        1,
    ),
    "title and date above": (
        [["Siyahı", "", "Tarix: 2026"], ["Fakültə:", "Energetika"], ["Familiya", "Uşaq", "Şifr"], ONE],
        3,
    ),
    "what the table is of above headings of one's own": (
        [
            ["Siyahı"],
            ["Ad:", "Energetika", "", "Tarix: 26.11.2026"],
            ["", "Familiya", "Ad", "Şifr"],
            ["1", *ONE],
        ],
        3,
    ),
    "a mark alone in the upper of two rows": (
        [["Tələbə", "", "№", "Harada"], ["Soyad", "Ad", "", "Rəhbər"], [*ONE[:2], "1", "Quliyev"]],
        2,
    ),
    "words of their own on two rows": ([["Tələbə", "", "İxtisas"], ["Familiya", "Uşaq", ""], ONE], 2),
    "no headings": ([ONE, OTHER], 0),
    "no headings, and a name like one": ([["Soyad", "Nigar", "050608"], OTHER], 0),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_rows_of_data_are_not_taken_for_headings(case):
    rows, last = UNKNOWN[case]
    assert refusal(files.xlsx(rows)).found.last == last


def test_a_table_without_headings_is_read_by_letters_and_remembered_for_itself_alone():
    found = refusal(files.xlsx([ONE, OTHER])).found
    assert found.labels == ["A", "B", "C"]
    assert found.proposed(SHEET, {}) == {}
    assert found.samples[0] == ["Məmmədova", "Əliyev"]
    said = dict(zip(found.slots, ("family", "given", "major"), strict=True))
    data = files.xlsx([ONE, OTHER])
    assert [row.values for row in read(data, SHEET, lambda _found: said, 0).rows] == READ
    assert refusal(files.xlsx([OTHER, ONE])).found.signature != found.signature
    headed = refusal(files.xlsx([HEADS[:2], ONE])).found
    assert headed.labels == ["Soyad", "Ad"]


def test_a_heading_within_a_longer_one_is_proposed():
    heads = ["Tələbənin soyadı", "Ad (az)", "İxtisasın şifri və adı", "Ad günü"]
    found = refusal(files.xlsx([heads, [*ONE, "x"]])).found
    assert found.proposed(SHEET, {}) == {
        "telebenin soyadi": "family",
        "ad az": "given",
        "ixtisasin sifri ve adi": "major",
    }
