"""Public holidays stand in the table, and the administrator's word counts."""

from datetime import date

import pytest

from partnerships.common.clock import is_working_day
from partnerships.common.days_off import write_public_holidays
from partnerships.common.models import DayOff

pytestmark = pytest.mark.django_db


def test_a_year_is_written_once_with_its_fixed_and_moving_days() -> None:
    assert write_public_holidays(2027) == DayOff.objects.count()
    names = dict(DayOff.objects.values_list("date", "name"))
    assert names[date(2027, 5, 28)] == "Müstəqillik Günü"
    assert names[date(2027, 3, 9)] == "Ramazan bayramı (təxmini)"
    assert write_public_holidays(2027) == 0


def test_what_the_administrator_has_entered_stays() -> None:
    DayOff.objects.create(date=date(2027, 3, 9), working=True, name="Ramazan 11 mart")
    DayOff.objects.create(date=date(2027, 3, 11), name="Ramazan bayramı")
    write_public_holidays(2027)
    assert is_working_day(date(2027, 3, 9))
    assert not is_working_day(date(2027, 3, 10))
    assert not is_working_day(date(2027, 3, 11))
    assert not is_working_day(date(2027, 5, 28))


def test_names_are_written_in_azerbaijani_also_where_they_stood_misspelt() -> None:
    DayOff.objects.create(date=date(2027, 3, 9), name="Ramazan bayrami (təxmini)", working=True)
    DayOff.objects.create(date=date(2027, 5, 28), name="Respublika günü")
    write_public_holidays(2027)
    names = dict(DayOff.objects.values_list("date", "name"))
    assert names[date(2027, 3, 9)] == "Ramazan bayramı (təxmini)"
    assert names[date(2027, 5, 28)] == "Respublika günü"
    assert names[date(2027, 5, 10)] == "Faşizm üzərində qələbə günü (köçürülmüş istirahət günü)"
    assert not [name for name in names.values() if "bayrami" in name or "müşahidə" in name]
    assert is_working_day(date(2027, 3, 9))
