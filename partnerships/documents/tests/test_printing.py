"""Printed documents: what people typed stays text, the same data gives the same bytes, nothing crashes."""

import io
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader

from partnerships.documents.printing import PrintError, engine, pdf_response, print_pdf, qr_svg
from partnerships.documents.printing.engine import FONTS, clean_text, plain

HOSTILE = [
    '#panic("x")',
    "$x^2$ and $",
    "] [ #] \\ \\n",
    '"quoted" “quoted”',
    '=HYPERLINK("http://evil.example")',
    "*bold* _slanted_ `code` <label> @ref // no /* remark */",
    '#import "@preview/evil:1.0.0"',
    '{"key": "value"}',
]


def sample(**changes: Any) -> dict[str, Any]:
    return {
        "organisation": "“Azərişıq” ASC",
        "unit": "Tədris və İnnovasiyalar Mərkəzi",
        "number": "TEC-2026-00042",
        "date": date(2026, 11, 25),
        "person": "Fərid Əlibəyli",
        "university": "Azərbaycan Texniki Universiteti",
        "specialty": "Elektrik mühəndisliyi",
        "rows": [{"name": "Aysel Məmmədova", "hours": Decimal("120.5")}],
        "signatures": [{"position": "Baş direktor", "name": "Ə. Həsənov"}],
        "check": {
            "code": "K7MQ-2XPA",
            "url": "portal.example/verify",
            "qr": qr_svg("https://portal.example/"),
        },
    } | changes


def words(pdf: bytes) -> str:
    """The text of all pages, spaces made one: where a line breaks is no concern of these tests."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").split())


def test_a_document_prints_its_data_its_words_and_its_page_numbers() -> None:
    text = words(print_pdf("documents/sample", sample()))
    for expected in (
        "“Azərişıq” ASC", "Tədris və İnnovasiyalar Mərkəzi", "№ TEC-2026-00042", "25.11.2026", "Bakı şəhəri",
        "NÜMUNƏ", "Fərid Əlibəyli", "120,5", "Baş direktor", "Ə. Həsənov", "vəzifə", "imza", "soyad, ad",
        "M.Y.", "Yoxlama kodu: K7MQ-2XPA", "Səhifə 1 / 1",
    ):  # fmt: skip
        assert expected in text


def test_the_words_of_the_form_follow_the_language() -> None:
    text = words(print_pdf("documents/sample", sample(), language="en"))
    assert "This document is given about Fərid Əlibəyli" in text
    assert "120.5" in text
    assert "Check code: K7MQ-2XPA" in text
    assert "Səhifə" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_what_people_typed_stays_text(name: str) -> None:
    expected = " ".join(name.split())
    assert expected in words(print_pdf("documents/sample", sample(person=name)))


def test_every_letter_of_ours_is_in_the_fonts() -> None:
    letters = "abcçdeəfgğhxıijkqlmnoöprsştuüvyz ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ ₼ № „ “ ” — – … Жжёї"
    pdf = print_pdf("documents/sample", sample(person=letters))
    assert letters in words(pdf)
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts == {"LiberationSerif", "LiberationSerif-Bold", "Inter-Bold"}


def test_what_no_font_has_is_replaced_and_nothing_crashes() -> None:
    text = words(
        print_pdf(
            "documents/sample", sample(person="Ana 😀👍🏽 王 \x00\x07\u202e\ud800 Əli", unit="محمد علي")
        )
    )
    assert "Ana 😀👍 □ Əli" in text


def test_pictograms_and_hebrew_are_drawn_by_fonts_of_ours() -> None:
    """Each by the font that has it: a box would be drawn by the first one."""
    pdf = print_pdf("documents/sample", sample(person="Ana 😀⚡🇦🇿", unit="שלום עולם"))
    found = PdfReader(io.BytesIO(pdf))
    drawn = {str(font["/BaseFont"]) for page in found.pages for font in _fonts_of(page)}
    assert {name.partition("+")[2].partition("-")[0] for name in drawn} >= {"NotoEmoji", "LiberationSerif"}
    text = words(pdf)
    assert all(sign in text for sign in "😀⚡🇦🇿")
    assert {*"שלוםע"} <= set(text)
    assert "□" not in text
    assert clean_text("שָׁלוֹם 👩🏽‍🔬 1️⃣ 王") == "שָׁלוֹם 👩🔬 1⃣ □"


def _fonts_of(page: Any) -> list[Any]:
    return [one.get_object() for one in page["/Resources"]["/Font"].values()]


def test_turning_marks_and_control_characters_are_taken_out() -> None:
    assert clean_text("a\u202eb\u2066c\x00d\re\tf\ng\r\nh") == "abcde\tf\ng\nh"


def test_a_long_name_wraps_within_the_page() -> None:
    name = "Ə" * 300
    pdf = print_pdf("documents/sample", sample(university=name, person="Uzun Ad " * 40))
    assert name in words(pdf).replace(" ", "")
    assert max(_right_ends(pdf)) < 595


def _right_ends(pdf: bytes) -> list[float]:
    ends: list[float] = []

    def visit(text: str, _cm: Any, tm: Any, _font: Any, size: float) -> None:
        if text.strip():
            ends.append(tm[4])

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return ends


def test_a_long_table_repeats_its_heading_and_counts_its_pages() -> None:
    rows = [{"name": f"Tələbə {number}", "hours": 1} for number in range(100)]
    pages = PdfReader(io.BytesIO(print_pdf("documents/sample", sample(rows=rows)))).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"Səhifə {number} / 3" in " ".join(page.extract_text().split())
        assert "Ad, soyad" in page.extract_text()


def test_the_same_data_gives_the_same_bytes_on_every_thread() -> None:
    first = print_pdf("documents/sample", sample())
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(print_pdf("documents/sample", sample())))
        for _n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [first] * 4
    assert print_pdf("documents/sample", sample(number="TEC-2026-00043")) != first


def test_values_are_written_as_the_language_writes_them() -> None:
    value = {
        "d": date(2026, 3, 1),
        "m": datetime(2026, 3, 1, 20, 30, tzinfo=UTC),
        "l": _("Draft"),
        "n": [None, True, 2],
    }
    assert plain(value) == {"d": "01.03.2026", "m": "02.03.2026 00:30", "l": "Qaralama", "n": [None, True, 2]}


def test_what_cannot_be_printed_is_named() -> None:
    with pytest.raises(TypeError, match="object"):
        plain({"x": object()})


@pytest.mark.parametrize(
    "name",
    [
        "documents/none",
        "nobody/sample",
        "sample",
        "../documents/sample",
        "documents/../sample",
        "Documents/sample",
        "",
    ],
)
def test_only_forms_of_apps_are_found(name: str) -> None:
    with pytest.raises(LookupError):
        print_pdf(name, {})


def test_a_form_that_lacks_its_data_says_which_form_and_where() -> None:
    with pytest.raises(PrintError, match="documents/sample") as caught:
        print_pdf("documents/sample", {})
    assert "sample.typ" in caught.value.diagnostic


def test_a_form_that_asks_for_a_package_of_others_is_refused_at_once(tmp_path: Any, settings: Any) -> None:
    form = tmp_path / "form.typ"
    form.write_text('#import "@preview/cetz:0.3.0": *\nx')
    try:
        with pytest.raises(engine.typst.TypstError, match=r"package|download|file not found"):
            engine._compiler().compile(input=str(form), root=str(tmp_path), format="pdf")
    finally:
        del engine._own.compiler  # it keeps the other root


def test_the_fonts_stand_with_their_licences() -> None:
    assert {path.name for path in FONTS.iterdir()} == {
        "Inter-Regular.ttf", "Inter-Italic.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf", "inter.LICENSE.txt",
        "LiberationSerif-Regular.ttf", "LiberationSerif-Italic.ttf", "LiberationSerif-Bold.ttf",
        "liberation.LICENSE.txt", "NotoEmoji-Regular.ttf", "noto-emoji.LICENSE.txt",
    }  # fmt: skip


def test_a_pdf_is_answered_as_a_download_that_no_cache_keeps() -> None:
    response = pdf_response(b"%PDF-1.7", 'Gündəlik: ../Əli "x"\r\nX-Evil: 1')
    assert response.content == b"%PDF-1.7"
    assert {
        name: response[name]
        for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control", "Content-Length")
    } == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Length": "8",
    }
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "X-Evil" not in response
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_pdf_may_be_shown_in_the_browser() -> None:
    response = pdf_response(b"%PDF-1.7", "Order", inline=True)
    assert response["Content-Disposition"] == 'inline; filename="Order.pdf"'
    assert "sandbox" not in response["Content-Security-Policy"]
