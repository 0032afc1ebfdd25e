"""Dates and numbers as people read them: filters for templates, functions for everybody else.

A template builtin (see settings), so no {% load %} is needed. The list with examples: docs/frontend.md.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from partnerships.common import clock
from partnerships.common.text import az_lower

register = template.Library()

SOON = timedelta(days=3)  # from here on a date that waits for somebody is marked
HOURS_COUNTED = 6  # less than this is told in hours, more of the same day as "today"
NARROW_SPACE = "\u202f"
MINUS = "\u2212"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


# Dates ---------------------------------------------------------------------------------------------


@register.filter
def baku(moment: datetime | None) -> str:
    """28 noyabr, 23:59 (Bakı)."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.BAKU)
    return _("%(date)s, %(time)s (Baku)") % {
        "date": clock.day_in_words(local.date()),
        "time": f"{local:%H:%M}",
    }


def _whole_day(moment: datetime) -> bool:
    """What begins with its day, such as a practice or a day to act on, has no hour worth telling."""
    return moment.astimezone(clock.BAKU).time() == time.min


@register.filter
def baku_when(moment: datetime | None) -> str:
    """28 noyabr, 10:00 (Bakı); only the day of what begins with it."""
    return baku_date(moment) if moment is not None and _whole_day(moment) else baku(moment)


@register.filter
def baku_hour(moment: datetime | None) -> str:
    """10:00; nothing for what begins with its day."""
    return "" if moment is None or _whole_day(moment) else baku_time(moment)


@register.filter
def baku_span(starts: datetime | None, ends: datetime | None) -> str:
    """28 noyabr, 10:00–11:30 (Bakı); with both days where it ends on another one."""
    if starts is None or ends is None:
        return ""
    first, last = starts.astimezone(clock.BAKU), ends.astimezone(clock.BAKU)
    if first.date() != last.date():
        return f"{baku(starts)} – {baku(ends)}"
    return _("%(date)s, %(time)s (Baku)") % {
        "date": clock.day_in_words(first.date()),
        "time": f"{first:%H:%M}–{last:%H:%M}",
    }


@register.filter
def baku_short(moment: datetime | None) -> str:
    """22 noy, 11:20: for histories, where the time zone stands elsewhere."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.BAKU)
    return _("%(date)s, %(time)s") % {
        "date": clock.day_in_words(local.date(), short=True),
        "time": f"{local:%H:%M}",
    }


@register.filter
def baku_time(moment: datetime | None) -> str:
    """11:20 in Baku."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.BAKU)
    return f"{local.hour:02}:{local.minute:02}"  # not by `%H:%M`: a month has hundreds


@register.filter
def baku_date(moment: datetime | date | None) -> str:
    """28 noyabr; a datetime counts as its day in Baku."""
    if moment is None:
        return ""
    return clock.day_in_words(clock.baku_date(moment) if isinstance(moment, datetime) else moment)


@register.filter
def weekday(moment: datetime | date | None) -> str:
    """bazar ertəsi: Azerbaijani writes it small, Django's catalogue has it capital."""
    if moment is None:
        return ""
    day = clock.baku_date(moment) if isinstance(moment, datetime) else moment
    return _weekday(day.weekday(), get_language() or "")


@cache
def _weekday(number: int, language: str) -> str:
    """Of 0 to 6, Monday first; in `language`, which is the active one."""
    name = str(WEEKDAYS[number])
    return az_lower(name) if language == "az" else name


@register.filter
def days_to(first: date | None, last: date | None) -> str:
    """14 iyun – 31 iyul 2027: the year is said once where both days share it, and so is a single day."""
    if first is None or last is None or first == last:
        return baku_date(first or last)
    ends = baku_date(last)
    starts = clock.day_in_words(first, year=first.year != last.year)
    return f"{starts} – {ends}"


def _left(moment: datetime) -> str:
    now = timezone.now()
    left = moment - now
    if left < timedelta(0):
        return _late(now - moment)
    hours = int(left.total_seconds() // 3600)
    if hours < 1:
        minutes = max(1, int(left.total_seconds() // 60))
        return ngettext("in %(n)s minute", "in %(n)s minutes", minutes) % {"n": minutes}
    if hours < HOURS_COUNTED:
        return ngettext("in %(n)s hour", "in %(n)s hours", hours) % {"n": hours}
    return _days_left((clock.baku_date(moment) - clock.today()).days)


def _late(by: timedelta) -> str:
    days = by.days
    if days:
        return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
    hours = int(by.total_seconds() // 3600)
    if hours:
        return ngettext("%(n)s hour late", "%(n)s hours late", hours) % {"n": hours}
    return _("just past")


def _days_left(days: int) -> str:
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    if days == 0:
        return _("today")
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}


@register.filter
def until(moment: datetime | date | None) -> str:
    """How long from now, in words: "2 days left", "in 3 hours", "today", "1 day late"."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return _left(moment)
    return _days_left((moment - clock.today()).days)


@register.filter
def due_kind(moment: datetime | date | None) -> str:
    """The kind of chip for a date that waits for the reader: bad when late, move when near, else ""."""
    if moment is None:
        return ""
    end = moment if isinstance(moment, datetime) else clock.end_of_day(moment)
    left = end - timezone.now()
    if left < timedelta(0):
        return "bad"
    return "move" if left <= SOON else ""


# Numbers -------------------------------------------------------------------------------------------


@register.filter
def year_of_study(year: int | None) -> str:
    """4; in Azerbaijani IV, since an ordinal would need a suffix that differs from number to number."""
    if year is None:
        return ""
    return ROMAN[year - 1] if get_language() == "az" and 1 <= year <= len(ROMAN) else str(year)


@register.filter
def grouped(number: int | float | Decimal | None, places: int | None = None) -> str:
    """1 284 and 2,1: thin spaces between thousands, the language's decimal sign, a true minus."""
    if type(number) is int and places is None and 0 <= number < 1000:  # most of them
        return str(number)
    if number is None or number == "":
        return ""
    if places is None:
        plain = f"{number:,}" if isinstance(number, int) else f"{Decimal(str(number)):,f}"
    else:
        exactly = number if type(number) is Decimal else Decimal(str(number))
        plain = f"{exactly:,.{int(places)}f}"
    whole, _dot, rest = plain.replace("-", MINUS).partition(".")
    whole = whole.replace(",", NARROW_SPACE)
    return f"{whole}{get_format('DECIMAL_SEPARATOR')}{rest}" if rest else whole


@register.filter
def exact(number: Decimal | None) -> str:
    """74,25 and 80: as it is kept, without zeros at its end; what is compared with a bound is not rounded."""
    return "" if number is None else grouped(number.normalize())


@register.filter
def filesize(size: int | None) -> str:
    """4,2 MB: one decimal below ten, powers of 1024."""
    if size is None:
        return ""
    if size < 1024:
        return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}
    value, unit = size / 1024, _("kB")
    for bigger in (_("MB"), _("GB")):
        if value < 1024:
            break
        value, unit = value / 1024, bigger
    rounded = round(value, 1)
    places = 1 if value < 10 and rounded != int(rounded) else 0
    return f"{grouped(rounded, places)}\u00a0{unit}"
