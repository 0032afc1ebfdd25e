"""The start of a day is the same moment in every time zone of the database's session."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import DateField, Value
from django.utils import timezone

from partnerships.common.clock import start_of_day
from partnerships.common.models import DayOff
from partnerships.common.moments import StartOfDay

ZONES = ["UTC", "Asia/Baku", "America/New_York", "Pacific/Kiritimati"]


def rows() -> Any:
    return DayOff.objects.annotate(begins=StartOfDay("date"), fixed=StartOfDay(Value(DAY, DateField())))


DAY = date(2027, 6, 15)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_in_baku_whatever_the_session_says(zone: str) -> None:
    DayOff.objects.create(date=DAY, working=True)
    midnight = start_of_day(DAY)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE %s", [zone])
    assert rows().filter(begins=midnight, fixed=midnight).count() == 1
    assert rows().filter(begins__lt=midnight).count() == 0
    assert rows().filter(begins__gt=midnight).count() == 0


@pytest.mark.django_db
def test_it_is_read_as_an_aware_moment() -> None:
    DayOff.objects.create(date=DAY, working=True)
    found = rows().get()
    assert (found.begins, found.fixed) == (start_of_day(DAY), start_of_day(DAY))
    assert timezone.is_aware(found.begins)
