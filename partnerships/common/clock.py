"""Baku days: deadlines, working days and how long is left."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

BAKU = ZoneInfo("Asia/Baku")


def today() -> date:
    """The date in Baku now."""
    return timezone.now().astimezone(BAKU).date()


def end_of_day(day: date) -> datetime:
    """A deadline "on the 31st" is 23:59:59 of that day in Baku."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=BAKU)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BAKU)


def baku_date(moment: datetime) -> date:
    return moment.astimezone(BAKU).date()


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("AZ", years=year))


def is_working_day(day: date, corrections: dict[date, bool] | None = None) -> bool:
    """Monday to Friday and not a public holiday of Azerbaijan, unless corrected.

    `corrections` maps a date to whether it is worked (the DayOff table); without it they are read.
    """
    if corrections is None:
        from partnerships.common.models import DayOff  # the table is optional to pure arithmetic

        corrections = dict(DayOff.objects.filter(date=day).values_list("date", "working"))
    if day in corrections:
        return corrections[day]
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def add_working_days(day: date, days: int) -> date:
    """The date `days` working days after `day`."""
    from partnerships.common.models import DayOff

    horizon = day + timedelta(days=days * 3 + 30)
    corrections = dict(DayOff.objects.filter(date__range=(day, horizon)).values_list("date", "working"))
    left = days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day, corrections)
    return day
