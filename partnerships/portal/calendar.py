"""Months for the calendar page, and the feed that other calendars read."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core import signing
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from icalendar import Event

from partnerships.accounts.models import User
from partnerships.common import ical
from partnerships.common.clock import BAKU, today
from partnerships.common.days import FIRST_YEAR, LAST_YEAR
from partnerships.common.direction import Entry
from partnerships.common.paging import narrowed
from partnerships.common.prepared import Prepared
from partnerships.common.templatetags.figures import baku_date
from partnerships.common.text import az_lower
from partnerships.portal.dates import by_days, entries
from partnerships.portal.models import CalendarKey

_SALT = "partnerships.portal.calendar"
FEED_PAST = timedelta(days=60)
FEED_AHEAD = timedelta(days=400)
_WEEKS = calendar.Calendar(firstweekday=calendar.MONDAY)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PAGE = re.compile(r"[0-9]{1,6}")
When = date | None  # a day, where a field is called "date" too
FEW = 5  # entries of a full day that stand in the month
MANY = 50  # of one kind that are counted on a day of the month
ON_A_PAGE = 50  # entries of one day that its page draws at once


@dataclass(frozen=True)
class Day:
    """One field of the month's grid."""

    date: date
    inside: bool
    today: bool
    entries: list[Entry]
    count: int  # where there are more than these entries
    open_ended: bool = False  # it was counted no further
    page: int = 1  # of the day's own pages, the one whose entries these are

    @property
    def label(self) -> str:
        return day_label(self.date)

    @property
    def shown(self) -> list[Entry]:
        """What stands in the month: the first few of a full day."""
        return self.entries if self.count <= FEW + 1 else self.entries[:FEW]

    @property
    def more(self) -> str:
        """How many more there are, in words; the day's own page has them."""
        if not (count := self.count - len(self.shown)):
            return ""
        words = ngettext("and %(n)s more", "and %(n)s more", count)
        return words % {"n": f"{count}+" if self.open_ended else count}

    def pages(self, params: QueryDict) -> dict[str, str]:
        """The foot of the day's own page, where it has several: which of its entries these are, and the way
        to those before and after; `params` of its address that mean something else are kept."""
        begins = (self.page - 1) * ON_A_PAGE
        if self.count <= ON_A_PAGE:
            return {}
        words = {"first": begins + 1, "last": begins + len(self.entries), "count": self.count}
        earlier, later = self.page > 1, begins + ON_A_PAGE < self.count
        return {
            "previous_url": self._address(params, self.page - 1) if earlier else "",
            "next_url": self._address(params, self.page + 1) if later else "",
            "summary": _("%(first)s–%(last)s of %(count)s") % words,
        }

    def _address(self, params: QueryDict, page: int) -> str:
        return narrowed(params, day=self.date.isoformat(), page=str(page) if page > 1 else "")

    @property
    def previous(self) -> When:
        before = self.date - timedelta(days=1)
        return before if before.year >= FIRST_YEAR else None

    @property
    def next(self) -> When:
        after = self.date + timedelta(days=1)
        return after if after.year <= LAST_YEAR else None


@dataclass(frozen=True)
class Month:
    """A month as a page draws it: whole weeks from Monday, and what happens on each day."""

    first: date
    weeks: list[list[Day]]

    @property
    def label(self) -> str:
        return month_label(self.first)

    @property
    def days(self) -> list[Day]:
        """The days of the month on which something happens, for the list."""
        return [day for week in self.weeks for day in week if day.inside and day.entries]

    @property
    def previous(self) -> date | None:
        before = (self.first - timedelta(days=1)).replace(day=1)
        return before if before.year >= FIRST_YEAR else None

    @property
    def next(self) -> date | None:
        after = (self.first + timedelta(days=32)).replace(day=1)
        return after if after.year <= LAST_YEAR else None


def day_label(day: date) -> str:
    """ "23 noyabr, bazar ertəsi": Azerbaijani writes both small, Django's catalogue has them capital."""
    weekday = str(WEEKDAYS[day.weekday()])
    if get_language() == "az":
        weekday = az_lower(weekday)
    return _("%(date)s, %(weekday)s") % {"date": baku_date(day), "weekday": weekday}


def month_label(first: date) -> str:
    """ "Noyabr 2026"."""
    return date_format(first, "F Y")


def month_of(user: Any, asked: str) -> Month | None:
    """The month named "2026-11", the present one for an empty text; None for what is no month."""
    first = first_day(asked)
    if first is None:
        return None
    dates = _WEEKS.monthdatescalendar(first.year, first.month)
    found = by_days(user, dates[0][0], dates[-1][-1], few=FEW + 1, most=MANY)
    now = today()

    def square(day: date) -> Day:
        of = found[day]
        return Day(day, day.month == first.month, day == now, of.entries, of.count, of.more)

    return Month(first, [[square(day) for day in week] for week in dates])


def day_of(user: Any, asked: str, page: str = "") -> Day | None:
    """The day named "2026-11-23" with what happens on it, so many entries a page; None for what is no day. A
    page that there is not is the nearest one that there is."""
    day = day_asked(asked)
    if day is None:
        return None
    found = entries(user, day, day)
    last = max(-(-len(found) // ON_A_PAGE), 1)
    wanted = int(page) if _PAGE.fullmatch(page) else 1
    number = min(max(wanted, 1), last)
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    return Day(day, True, day == today(), shown, len(found), page=number)


def day_asked(asked: str) -> date | None:
    """The day named "2026-11-23"; None for what is none."""
    try:
        day = date.fromisoformat(asked) if _DAY.fullmatch(asked) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def first_day(asked: str) -> date | None:
    """That of the month named "2026-11", of the present one for an empty text; None for what is no month."""
    if not asked:
        return today().replace(day=1)
    if not _MONTH.fullmatch(asked):
        return None
    year, month = int(asked[:4]), int(asked[5:])
    return date(year, month, 1) if FIRST_YEAR <= year <= LAST_YEAR else None


# The feed ----------------------------------------------------------------------------------------


def token_of(user: User) -> str:
    """The secret part of the person's calendar address; it opens until it is renewed."""
    key = _KEY.one(user.pk)
    return signing.dumps([user.pk, key.number if key else 0], salt=_SALT)


_KEY = Prepared(lambda user: CalendarKey.objects.filter(user_id=user))


def owner_of(token: str) -> User | None:
    """Whose address this is; None for a forged or renewed one and for a closed account."""
    try:
        user_id, number = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    owner = (
        User.objects.filter(pk=user_id, is_active=True)
        .select_related("person")
        .annotate(number=F("calendar_key__number"))
        .first()
    )
    return owner if owner is not None and (owner.number or 0) == number else None


def feed(user: Any) -> bytes:
    """The person's calendar as an iCalendar file (RFC 5545), in the language that is active."""
    day = today()
    found = entries(user, day - FEED_PAST, day + FEED_AHEAD)
    return ical.feed_of(map(event, found), "Calendar", _("Partnership portal"))


def event(entry: Entry) -> Event:
    """One entry as an event whose UID stays the same, so that a calendar updates and does not double."""
    starts, ends = entry.starts.astimezone(BAKU), entry.ends
    begins: date = starts
    if ends is None:
        # A moment takes nobody's time. Calendar programs give what has no end an hour, and would draw a
        # deadline of the 31st into the 1st: midnight is the whole day, any other moment its minute.
        begins = starts.date() if starts.time() == time.min else starts.replace(second=0, microsecond=0)
        ends = begins + timedelta(minutes=1) if isinstance(begins, datetime) else None
    made = ical.event(
        entry.uid,
        begins,
        ends,
        changed=timezone.now(),
        sequence=entry.sequence,
        summary=str(entry.title),
        location=str(entry.place or ""),
        path=entry.url or "",
    )
    if entry.ends is None:
        made.add("transp", "TRANSPARENT")
    return made
