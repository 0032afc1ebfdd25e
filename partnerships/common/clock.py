"""Baku days: deadlines, working days and how long is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from partnerships.common.text import az_lower
from partnerships.common.told import spoken

BAKU = ZoneInfo("Asia/Baku")
# No lease and no wait of the engines reaches further than this. A moment beyond it was written by a machine
# whose clock ran ahead, and nobody waits until the others have caught up with it.
AHEAD = timedelta(hours=3)


_HANDS: ContextVar[tuple[datetime, date] | None] = ContextVar("hands", default=None)


@contextmanager
def standing(moment: datetime, day: date) -> Iterator[None]:
    """The clock stands at these while the words of a question are made (directory.asked)."""
    before = _HANDS.set((moment, day))
    try:
        yield
    finally:
        _HANDS.reset(before)


def now() -> datetime:
    """This moment; in queries, instead of `timezone.now`, which does not stand still."""
    hands = _HANDS.get()
    return timezone.now() if hands is None else hands[0]


def today() -> date:
    """The date in Baku now."""
    hands = _HANDS.get()
    return timezone.now().astimezone(BAKU).date() if hands is None else hands[1]


def end_of_day(day: date) -> datetime:
    """A deadline "on the 31st" is 23:59:59 of that day in Baku."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=BAKU)


def start_of_day(day: date) -> datetime:
    """00:00:00 of that day in Baku."""
    return datetime.combine(day, time.min, tzinfo=BAKU)


def baku_date(moment: datetime) -> date:
    """The day in Baku on which a moment (aware) lies."""
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


def is_public_holiday(day: date, corrections: dict[date, bool]) -> bool:
    """A public holiday, or a day off that the table adds; `corrections` as in is_working_day."""
    if day in corrections:
        return not corrections[day]
    return day in _public_holidays(day.year)


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


def working_days_ago(days: int, day: date | None = None) -> date:
    """The latest date from which `days` working days have gone by before `day` (today in Baku): what was
    promised on it within so many working days is late on `day`."""
    from partnerships.common.models import DayOff

    day = day or today()
    horizon = day - timedelta(days=days * 3 + 30)
    corrections = dict(DayOff.objects.filter(date__range=(horizon, day)).values_list("date", "working"))
    while days > 0:
        day -= timedelta(days=1)
        days -= is_working_day(day, corrections)
    return day - timedelta(days=1)


def day_in_words(day: date, short: bool = False, year: bool = True) -> str:
    """A date as people of the active language write it, with its year unless that is the present one.

    year    False where the year stands beside it, as in a span of days
    """
    year = year and day.year != today().year
    return spoken(lambda: _in_words(day, short, year, get_language() or ""))


@lru_cache(maxsize=4096)  # a list of fifty has twice fifty days, of which most are the same few
def _in_words(day: date, short: bool, year: bool, language: str) -> str:
    """In `language`, which is the active one."""
    azerbaijani = language == "az"
    # "b" is small already: the capital of "M" is Python's, which makes another letter of iyn and iyl.
    pattern = ("j b" if azerbaijani else "j M") if short else "j E" if azerbaijani else "j F"
    text = date_format(day, f"{pattern} Y" if year else pattern)
    # Azerbaijani writes the names of months small; Django's catalogue has them capital.
    return az_lower(text) if azerbaijani and not short else text


def moment_in_words(moment: datetime) -> str:
    """A moment as Baku's clock shows it: 28 noyabr, 23:59."""
    local = moment.astimezone(BAKU)
    return spoken(lambda: f"{day_in_words(local.date())}, {local:%H:%M}")


def month_in_words(day: date) -> str:
    """The month of a day with its year, as people of the active language write it: noyabr 2026."""

    def read() -> str:
        text = date_format(day, "F Y")
        return az_lower(text) if (get_language() or "") == "az" else text

    return spoken(read)
