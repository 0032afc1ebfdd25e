"""Days that people type: a year that cannot be meant is refused, and says why."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from partnerships.common.days import FIRST, LAST, DayField, MomentField, validate_days
from partnerships.common.importer.cleaning import clean_day


@pytest.mark.parametrize("typed", ["0001-01-01", "0026-11-28", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_year_that_cannot_be_meant_is_refused_with_what_to_write(typed):
    with pytest.raises(ValidationError) as refused:
        DayField().clean(typed)
    year = int(typed[:4])
    assert refused.value.messages == [f"İl düzgün deyil: {year}. Dörd rəqəmlə yazın, 1900–2199 arasında."]


def test_the_first_and_the_last_day_are_taken_and_stand_in_the_calendar():
    assert [DayField().clean(day.isoformat()) for day in (FIRST, LAST)] == [FIRST, LAST]
    widget = DayField().widget
    assert (widget.input_type, widget.attrs) == ("date", {"min": "1900-01-01", "max": "2199-12-31"})


@pytest.mark.parametrize("typed", ["0026-11-28T10:00", "9999-12-31T23:59"])
def test_a_moment_has_the_years_of_a_day(typed):
    with pytest.raises(ValidationError) as refused:
        MomentField().clean(typed)
    assert [error.code for error in refused.value.error_list] == ["year"]
    widget = MomentField().widget
    bounds = {"min": "1900-01-01T00:00", "max": "2199-12-31T23:59"}
    assert (widget.input_type, widget.attrs) == ("datetime-local", bounds)


@pytest.mark.parametrize("cell", ["0026-11-28", "28.11.0026", "31/12/9999"])
def test_a_cell_of_a_table_has_the_years_of_a_day(cell):
    with pytest.raises(ValidationError) as refused:
        clean_day(cell)
    assert refused.value.code == "year"


def test_of_several_days_each_wrong_one_is_named():
    with pytest.raises(ValidationError) as refused:
        validate_days(starts=date(26, 1, 1), ends=date(2027, 1, 1), due=None)
    assert list(refused.value.error_dict) == ["starts"]
