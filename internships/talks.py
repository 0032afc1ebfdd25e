"""The talks of a day: a page of them, and what the whole day is made of; the days on which there are some.

A day of a large company has hundreds. All of them are read narrowly, for the hours and for who holds them;
what a line shows is read for the page alone.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from internships.models import Interview
from partnerships.common.clock import BAKU, start_of_day
from partnerships.common.paging import Keyset, by_keys, cursor_of, place_of, size_of
from partnerships.common.prepared import PreparedRows
from partnerships.common.spans import days_from, first_of_each
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization, Person

MANY = 30  # talks of a day that the strip of days counts
ORDER = ("starts", "pk")


class _Brief(NamedTuple):
    """What of a talk the whole day is made of."""

    starts: datetime
    pk: int
    interviewer: int


@dataclass(frozen=True)
class Narrowed:
    """To which hour of Baku a day is narrowed, and to whose talks; None for all."""

    hour: int | None = None
    who: UUID | None = None


@dataclass(frozen=True)
class Talks:
    """A day as its page shows it.

    page    the talks that are shown
    count   how many there are of what was asked for, `total` how many on the whole day
    hours   (hour, talks that begin in it) of the whole day
    people  who holds them, where they are more than fit on a page or narrowed down; else nobody
    """

    page: Keyset[Interview]
    count: int
    total: int
    hours: list[tuple[int, int]]
    people: list[Person]


def talks_of(user: Any, day: date, params: Any, narrowed: Narrowed = Narrowed()) -> Talks:
    """The page of a day's talks for which `params` ask, and what the day is made of; for reading only."""
    brief = [_Brief(*row) for row in _brief(user, *_whole(day))]
    size = size_of(user)
    long = len(brief) > size or narrowed != Narrowed()
    people = _people({one.interviewer for one in brief}) if long else []
    wanted = brief
    if narrowed.hour is not None:
        wanted = [one for one in wanted if _hour(one) == narrowed.hour]
    if narrowed.who is not None:
        keys = {person.pk for person in people if person.uid == narrowed.who}
        wanted = [one for one in wanted if one.interviewer in keys]
    page = _page(wanted, params, size)
    page.chosen = size if hasattr(user, "page_size") else 0
    hours = sorted(Counter(map(_hour, brief)).items())
    return Talks(page, len(wanted), len(brief), hours, people)


def rows_on(user: Any, day: date, narrowed: Narrowed = Narrowed()) -> QuerySet[Interview]:
    """The same talks as rows, all of them."""
    opens, ends = _whole(day)
    if narrowed.hour is not None:
        opens += timedelta(hours=narrowed.hour)
        ends = opens + timedelta(hours=1)
    rows = _met(user).filter(starts__gte=opens, starts__lt=ends)
    if narrowed.who is not None:
        rows = rows.filter(interviewer__uid=narrowed.who)
    return rows.select_related(
        "candidate", "interviewer", "application__programme__host", "application__university"
    ).order_by(*ORDER)


def days_with(user: Any, since: date, days: int = 14) -> list[tuple[date, int]]:
    """Days from `since` on which interviews are scheduled, with how many: no more than `MANY` + 1 of each."""
    spans = days_from(since, since + timedelta(days=days - 1))
    found = first_of_each(scheduled(user), spans, MANY + 1)
    return [
        (opens.astimezone(BAKU).date(), len(keys))
        for (opens, _ends), keys in zip(spans, found, strict=True)
        if keys
    ]


def _whole(day: date) -> tuple[datetime, datetime]:
    return start_of_day(day), start_of_day(day + timedelta(days=1))


def _hour(one: _Brief) -> int:
    return one.starts.astimezone(BAKU).hour


def _met(user: Any) -> QuerySet[Interview]:
    """Those of others: one's own is on the page of one's application."""
    return Interview.objects.visible_to(user).exclude(candidate_id=access_of(user).person_id)


@asked
def _brief(user: Any, opens: datetime, ends: datetime) -> Any:
    rows = _met(user).filter(starts__gte=opens, starts__lt=ends).order_by(*ORDER)
    return rows.values_list("starts", "pk", "interviewer_id")


@asked
def scheduled(user: Any) -> Any:
    """Key and beginning of every talk that stands and that this user may see, for `first_of_each`."""
    return Interview.objects.visible_to(user).filter(active=True).order_by().values_list("pk", "starts")


def _page(wanted: Sequence[_Brief], params: Any, size: int) -> Keyset[Interview]:
    _given, cursor, backwards = cursor_of(params, ORDER)
    begins, place = 0, _place(cursor)
    if place is not None:
        places = [(one.starts, one.pk) for one in wanted]
        begins = max(bisect_left(places, place) - size, 0) if backwards else bisect_right(places, place)
        if begins >= len(wanted):  # nothing is left there
            begins = 0
    shown = wanted[begins : begins + size]
    rows = by_keys([one.pk for one in shown], _SHOWN)
    after = place_of(rows[-1], ORDER) if rows and begins + size < len(wanted) else ""
    return Keyset(rows, after, place_of(rows[0], ORDER) if rows and begins else "")


def _place(cursor: list[Any] | None) -> tuple[datetime, int] | None:
    """A place in the list, as an address says it; None for what is none."""
    try:
        starts, key = cursor or ()
        moment = datetime.fromisoformat(starts)
        return (moment, int(key)) if moment.tzinfo else None
    except (ValueError, TypeError):
        return None


def _people(keys: set[int]) -> list[Person]:
    return sorted(_HOLDERS(sorted(keys)), key=lambda person: (person.sort_key, person.pk))


_OF_A_TALK = (
    *("uid", "state", "starts", "ends", "place", "place_en", "link", "recommendation"),
    *("application__uid", "application__programme__host__path", "application__programme__host__root"),
    *(f"{person}__{name}" for person in ("candidate", "interviewer") for name in Person.SHOWN),
    *(f"application__university__{name}" for name in Organization.SHOWN),
)
_SHOWN = PreparedRows(
    lambda keys: (
        Interview.objects.filter(pk__in=keys)
        .select_related("candidate", "interviewer", "application__programme__host", "application__university")
        .only(*_OF_A_TALK)
    )
)
_HOLDERS = PreparedRows(
    lambda keys: Person.objects.filter(pk__in=keys).only("uid", "sort_key", *Person.SHOWN)
)
