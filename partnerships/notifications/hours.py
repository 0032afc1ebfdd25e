"""When a letter that can wait may go: quiet hours, weekends and public holidays, digests, a window for more.

All in Baku's time. Nothing here writes; what is urgent is never asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.conf import settings
from django.utils import timezone

from partnerships.common.clock import BAKU, is_working_day
from partnerships.common.models import DayOff
from partnerships.notifications.enums import Timing
from partnerships.notifications.models import Rhythm

DIGEST_AT = time(8, 30)
MONDAY = 0
# Days. Further than this no way out of quiet is looked for.
HORIZON = 30


@dataclass(frozen=True)
class Quiet:
    """Hours of the day without letters, and whether days off are without them too."""

    starts: time | None
    ends: time | None
    days_off: bool

    @property
    def end(self) -> time:
        return self.ends or time.min

    def covers(self, moment: time) -> bool:
        if self.starts is None or self.ends is None or self.starts == self.ends:
            return False
        if self.starts < self.ends:
            return self.starts <= moment < self.ends
        return moment >= self.starts or moment < self.ends


def usual() -> Quiet:
    """Of whoever has said nothing: settings.QUIET_HOURS (two times, or None) and LETTERS_ON_DAYS_OFF."""
    hours = settings.QUIET_HOURS
    starts, ends = (time.fromisoformat(text) for text in hours) if hours else (None, None)
    return Quiet(starts, ends, not settings.LETTERS_ON_DAYS_OFF)


def quiet_of(person_ids: Iterable[int]) -> dict[int, Quiet]:
    """Each person's own quiet; one query."""
    keys = set(person_ids)
    default = usual()
    stated = {
        row.person_id: Quiet(row.quiet_from, row.quiet_until, not row.days_off)
        for row in Rhythm.objects.filter(person_id__in=keys)
    }
    return {key: stated.get(key, default) for key in keys}


class Calendar:
    """Working days from one moment on, with the table of days off read once."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = (now or timezone.now()).astimezone(BAKU)
        self._known: dict[date, bool] = {}

    @cached_property
    def _corrections(self) -> dict[date, bool]:
        first = self.now.date()
        rows = DayOff.objects.filter(date__range=(first, first + timedelta(days=HORIZON + 14)))
        return dict(rows.values_list("date", "working"))

    def works(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = is_working_day(day, self._corrections)
        return self._known[day]

    def opens(self, quiet: Quiet, moment: datetime | None = None) -> datetime:
        """The first moment from `moment` (now) on at which a letter that can wait may go."""
        at = (moment or self.now).astimezone(BAKU)
        last = at + timedelta(days=HORIZON)
        while at < last:
            if quiet.days_off and not self.works(at.date()):
                at = _day(at.date() + timedelta(days=1), time.min)
            elif quiet.covers(at.time()):
                later = _day(at.date(), quiet.end)
                at = later if later > at else _day(at.date() + timedelta(days=1), quiet.end)
            else:
                break
        return at

    def hold(self, plan: str, quiet: Quiet, wait: timedelta = timedelta(0)) -> datetime | None:
        """Until when a letter that can wait is held from now on; None when it may go at once.

        wait    how long one that goes at once waits for more of its kind
        """
        if plan == Timing.DAILY:
            return self._digest(quiet, self._next(DIGEST_AT, None))
        if plan == Timing.WEEKLY:
            return self._digest(quiet, self._next(DIGEST_AT, MONDAY))
        opens = self.opens(quiet, self.now + wait)
        return opens if opens > self.now else None

    def _digest(self, quiet: Quiet, planned: datetime) -> datetime:
        """When the letter of a day or week goes that was planned for then: where days off put it off, at its
        own hour of the day on which they end, so that it does not come before the letter of the week."""
        opens = self.opens(quiet, planned)
        return self.opens(quiet, max(opens, _day(opens.date(), DIGEST_AT)))

    def _next(self, hour: time, weekday: int | None) -> datetime:
        """The next moment after now at this hour, on this weekday."""
        at = _day(self.now.date(), hour)
        while at <= self.now or (weekday is not None and at.weekday() != weekday):
            at = _day(at.date() + timedelta(days=1), hour)
        return at


def _day(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=BAKU)


def window(has_many: bool) -> timedelta:
    """How long letters of a kind wait for more of it."""
    return timedelta(seconds=settings.BATCH_SECONDS) if has_many else timedelta(0)
