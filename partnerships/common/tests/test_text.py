"""Azerbaijani text: folding, sorting, slugs, capitals."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partnerships.common.clock import day_in_words
from partnerships.common.text import (
    ALPHABET,
    az_lower,
    az_upper,
    clean_line,
    fold,
    in_quotes,
    initials,
    slug,
    sort_key,
)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("“Azərişıq” ASC", "azerisiq"),
        ("“Azərişıq” ASC", "Azərişıq ASC"),
        ("“Azərişıq” ASC", '"Azərişıq" ASC'),
        ("110/35/10 kV «Yasamal» yarımstansiyası", "„Yasamal“ yarımstansiyası"),
        ("Şəki", "SEKI"),
        ("İsgəndərli", "isgenderli"),
        ("Qarabağlı", "qarabagli"),
        ("Ömər Çələbi", "omer celebi"),
        ("GÜNAY", "günay"),
        ("Café Zürich", "cafe zurich"),
    ],
)
def test_search_forgives_letters(written, searched):
    assert fold(searched) in fold(written)


def test_folding_capital_and_small_dotted_and_dotless_i_is_the_same():
    assert {fold(letter) for letter in "iıİI"} == {"i"}


def test_words_are_sorted_by_the_azerbaijani_alphabet():
    words = [
        "əl",
        "el",
        "çay",
        "cay",
        "xal",
        "hal",
        "ilan",
        "ıraq",
        "şam",
        "sam",
        "zər",
        "qar",
        "kar",
        "ğ",
        "g",
    ]
    assert sorted(words, key=sort_key) == [
        "cay", "çay", "el", "əl", "g", "ğ", "hal", "xal", "ıraq", "ilan", "kar", "qar", "sam", "şam", "zər",
    ]  # fmt: skip


def test_the_alphabet_stands_in_its_own_order():
    assert "".join(sorted(ALPHABET, key=sort_key)) == ALPHABET
    assert sort_key("Ə") == sort_key("ə")


def test_capitals_follow_azerbaijani_rules():
    assert (az_upper("ilqar ışıq"), az_lower("İLQAR IŞIQ")) == ("İLQAR IŞIQ", "ilqar ışıq")


def test_a_slug_keeps_the_word_legible():
    assert (slug("Azərişıq"), slug("Şəki şəbəkəsi")) == ("azerisiq", "seki-sebekesi")


def test_a_line_of_words_loses_what_cannot_be_seen():
    assert clean_line("  Nigar\u202e\u200f  \x00Məmmədova\n ") == "Nigar Məmmədova"


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Yasamal", "Yasamal"),
        ("“Yasamal”", "Yasamal"),
        ("«Yasamal»", "Yasamal"),
        ("„Yasamal“", "Yasamal"),
        ("“Yasamal” yarımstansiyası", "‘Yasamal’ yarımstansiyası"),
        ('"Azərişıq" ASC', "‘Azərişıq’ ASC"),
        ("“A” və “B”", "‘A’ və ‘B’"),
        ('"', "‘"),
        ("", ""),
    ],
)
def test_what_stands_between_quotes_has_none_of_its_own_doubled(text, stands):
    assert in_quotes(text) == stands


def test_initials_are_azerbaijani_capitals():
    assert initials("ilqar babayev oğlu") == "İB"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_every_text_has_a_key_and_a_slug(text):
    assert isinstance(sort_key(text), str)
    assert all(letter.isascii() for letter in slug(text))


def test_short_names_of_months_keep_their_letters():
    with translation.override("az"):
        short = [day_in_words(date(2027, month, 5), short=True, year=False) for month in range(1, 13)]
    names = ["yan", "fev", "mar", "apr", "may", "iyn", "iyl", "avq", "sen", "okt", "noy", "dek"]
    assert short == [f"5 {name}" for name in names]
