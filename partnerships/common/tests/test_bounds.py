"""What is out of bounds is said in words that a person would say, in both languages."""

import pytest
from django import forms
from django.utils import translation


class Wide(forms.Form):
    note = forms.CharField(max_length=10)
    seats = forms.IntegerField(min_value=1, max_value=60)


def said(language: str, **typed: str) -> dict[str, list[str]]:
    with translation.override(language):
        return {name: [str(one) for one in found] for name, found in Wide(typed).errors.items()}


@pytest.mark.parametrize(
    ("language", "long", "many", "few"),
    [
        (
            "en",
            "At most 10 characters can be kept here; you wrote 11. Shorten the text.",
            "It can be at most 60.",
            "It must be at least 1.",
        ),
        (
            "az",
            "Burada ən çoxu 10 simvol saxlanıla bilər, sizin mətniniz 11 simvoldur. Mətni qısaldın.",
            "Ən çoxu 60 ola bilər.",
            "Ən azı 1 olmalıdır.",
        ),
    ],
)
def test_a_bound_is_told_with_its_number_and_what_to_do(language, long, many, few):
    assert said(language, note="ə" * 11, seats="61") == {"note": [long], "seats": [many]}
    assert said(language, note="ə" * 10, seats="0") == {"seats": [few]}


class Measured(forms.Form):
    value = forms.DecimalField(max_digits=6, decimal_places=2)


@pytest.mark.parametrize(
    ("language", "typed", "words"),
    [
        ("en", "1234567", "The number is too long: at most 6 figures."),
        ("en", "1.234", "Write at most 2 figures after the point."),
        ("en", "12345.6", "The number is too large: at most 4 figures before the point."),
        ("az", "1234567", "Ədəd çox uzundur: ən çoxu 6 rəqəm ola bilər."),
        ("az", "1.234", "Vergüldən sonra ən çoxu 2 rəqəm yazın."),
        ("az", "12345.6", "Ədəd çox böyükdür: vergülə qədər ən çoxu 4 rəqəm ola bilər."),
    ],
)
def test_a_number_of_too_many_figures_is_told_how_many_it_may_have(language, typed, words):
    with translation.override(language):
        assert [str(one) for one in Measured({"value": typed}).errors["value"]] == [words]


class Empty(forms.Form):
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    kinds = forms.MultipleChoiceField(choices=[("a", "A")])
    agreed = forms.BooleanField()
    on = forms.DateField()
    own = forms.CharField(error_messages={"required": "Own."})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Fill in this field. Choose one. Choose at least one. Tick this. Give the date.",
        ),
        (
            "az",
            "Bu sahəni doldurun. Birini seçin. Ən azı birini seçin. Bunu işarələyin. Tarixi göstərin.",
        ),
    ],
)
def test_a_field_left_empty_says_what_to_do_with_it(language, words):
    with translation.override(language):
        found = [str(one) for errors in Empty({}).errors.values() for one in errors]
        assert " ".join(found) == f"{words} Own."
