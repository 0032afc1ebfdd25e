"""What happens on which days: the calendar's part of what the portal reads from all the apps at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from partnerships.common.asked import asked_rows
from partnerships.common.clock import baku_date
from partnerships.common.direction import Entry, Source
from partnerships.common.piles import Dated
from partnerships.common.spans import days_from, firsts_of_each
from partnerships.common.text import sort_key
from partnerships.portal import registry
from partnerships.portal.gathering import Gathered, Unread, answer, css_of, gather


def entries(user: Any, first: date, last: date) -> list[Entry]:
    """What happens from `first` to `last`, both Baku days and both included, by time."""
    unread = Unread(strict=True)
    asking = dated_of(user, (first, last), unread)
    answer((asking, unread))
    return list(happening(user, (first, last), asking, unread))


def dated_of(user: Any, days: tuple[date, date], unread: Unread) -> list[Gathered]:
    return gather(
        registry.sources(), unread, lambda source: source.dated(user, *days), lambda one: (one.first,)
    )


def nearest_of(
    user: Any, days: tuple[date, date], parts: Sequence[tuple[date, date, int]], most: int, unread: Unread
) -> list[Gathered]:
    """What is nearest of each (`Dated.nearest`), for `happening` with `Nearest.told`."""
    return gather(
        registry.sources(),
        unread,
        lambda source: [one.nearest(parts, most) for one in source.dated(user, *days)],
        lambda one: one.asks,
    )


def happening(
    user: Any,
    days: tuple[date, date],
    asking: list[Gathered],
    unread: Unread,
    tell: Callable[..., list[Entry]] = Dated.told,
) -> Iterator[Entry]:
    """In their order, which is worked out as far as they are taken.

    tell    (what is dated, the answers to what it asks) -> its entries: all, or those that are enough
    """
    first, last = days
    found: list[Entry] = []
    for one in asking:
        with unread.of(one.source):
            told = [entry for dated, answers in one.each() for entry in tell(dated, *answers)]
            told += one.source.calendar(user, first, last)
            found += _coloured(one.source, told, days)
    return _by_time(found)


def _coloured(source: Source, told: Iterable[Entry], days: tuple[date, date]) -> list[Entry]:
    """What an app tells of these days, in its colour."""
    (first, last), css = days, css_of(source)
    return [
        entry if entry.css or not css else replace(entry, css=css)
        for entry in told
        if first <= baku_date(entry.starts) <= last
    ]


def _by_time(found: list[Entry]) -> Iterator[Entry]:
    found.sort(key=lambda entry: entry.starts)
    # The alphabet decides at the same moment alone: its keys are dear.
    together = (list(same) for _starts, same in groupby(found, key=lambda entry: entry.starts))
    return (
        entry
        for same in together
        for entry in (sorted(same, key=lambda one: sort_key(str(one.title))) if len(same) > 1 else same)
    )


@dataclass
class DayOf:
    """What happens on a day: its first entries by time, and how many there are, counted no further than was
    asked for (then `more`)."""

    entries: list[Entry] = field(default_factory=list)
    count: int = 0
    more: bool = False


def by_days(user: Any, first: date, last: date, *, few: int, most: int) -> dict[date, DayOf]:
    """What happens on each of these days: at least the first `few` of it, so that a day with hundreds costs
    what one with a dozen does."""
    unread, spans = Unread(strict=True), days_from(first, last)
    asking = dated_of(user, (first, last), unread)
    answer((asking, unread))
    days = [DayOf() for _span in spans]
    found: list[Entry] = []
    daily: list[tuple[Source, Dated]] = []
    for one in asking:
        told = one.source.calendar(user, first, last)
        for dated, (some,) in one.each():
            if some and dated.daily is not None:
                daily.append((one.source, dated))
            else:
                told += dated.told(some)
        told = _coloured(one.source, told, (first, last))
        for entry in told:
            days[(baku_date(entry.starts) - first).days].count += 1
        found += told
    begun = firsts_of_each(
        [asked_rows(one.daily.rows) for _source, one in daily if one.daily], spans, most + 1
    )
    for of_days in begun:
        for day, rows in zip(days, of_days, strict=True):
            day.count += min(len(rows), most)
            day.more = day.more or len(rows) > most
    for (source, dated), keys in zip(daily, _earliest(begun, few), strict=True):
        found += _coloured(source, dated.of_keys(keys), (first, last))
    for entry in _by_time(found):
        days[(baku_date(entry.starts) - first).days].entries.append(entry)
    return {first + timedelta(days=n): day for n, day in enumerate(days)}


def _earliest(begun: list[list[list[tuple[Any, int]]]], few: int) -> list[list[int]]:
    """Of each kind the keys of what can stand among the first `few` of its day: what begins later than so
    many others, of whatever kind, is not read."""
    keys: list[list[int]] = [[] for _kind in begun]
    for kinds in zip(*begun, strict=True):
        moments = sorted(starts for rows in kinds for starts, _key in rows[:few])
        last = moments[:few][-1] if moments else None
        for wanted, rows in zip(keys, kinds, strict=True):
            wanted += [key for starts, key in rows[:few] if starts <= last]
    return keys
