"""Calendars that people's programs read (iCalendar, RFC 5545): a file of one event, a feed of many."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar, Event

from partnerships.common.clock import BAKU


def event(
    uid: str,
    starts: date,
    ends: date | None,
    *,
    changed: datetime,
    sequence: int,
    summary: str,
    location: str = "",
    path: str = "",
    status: str = "CONFIRMED",
) -> Event:
    """One event; starts and ends are moments, shown by the clock of Baku, or days.

    uid      its own among all of the portal: whoever takes a file and a feed of it has one event, not two
    changed  when it was last written; a later one with a higher `sequence` replaces an earlier one
    path     of the page where the thing is
    """
    made = Event()
    made.add("uid", f"{uid}@{urlsplit(settings.BASE_URL).hostname}")
    made.add("dtstamp", changed.astimezone(UTC).replace(microsecond=0))
    made.add("dtstart", _by_baku(starts))
    if ends is not None:
        made.add("dtend", _by_baku(ends))
    made.add("sequence", sequence)
    made.add("status", status)
    made.add("summary", summary)
    if location:
        made.add("location", location)
    if path:
        made.add("url", f"{settings.BASE_URL.rstrip('/')}{path}")
    return made


def _by_baku(when: date) -> date:
    return when.astimezone(BAKU).replace(microsecond=0) if isinstance(when, datetime) else when


def file_of(made: Event, of: str, name: str) -> HttpResponse:
    """One event as a file to take; a cancelled one takes itself out of the calendar. `of`: what the portal
    calls such calendars, "Bookings"."""
    book = _calendar(of)
    book.add("method", "CANCEL" if made["status"] == "CANCELLED" else "PUBLISH")
    return _answer(_written(book, [made]), f'attachment; filename="{name}"')


def feed_of(events: Iterable[Event], of: str, title: str) -> bytes:
    """Events that a calendar program reads again every hour, under this title."""
    book = _calendar(of)
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", title)
    book.add("x-wr-timezone", str(BAKU))
    book.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    return _written(book, events)


def feed_answer(body: bytes, name: str) -> HttpResponse:
    """A feed as it goes to the program that reads it; searched by nobody."""
    response = _answer(body, f'inline; filename="{name}"')
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(of: str) -> Calendar:
    book = Calendar()
    book.add("prodid", f"-//Partnership portal//{of}//AZ")
    book.add("version", "2.0")
    return book


def _written(book: Calendar, events: Iterable[Event]) -> bytes:
    for made in events:
        book.add_component(made)
    book.add_missing_timezones()
    return bytes(book.to_ical())


def _answer(body: bytes, disposition: str) -> HttpResponse:
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = disposition
    return response
