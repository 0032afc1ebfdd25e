"""The month, and the feed that other calendars read."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
import time_machine
from django.test import Client

from partnerships.common.clock import BAKU
from partnerships.common.direction import Entry
from partnerships.portal import calendar
from partnerships.portal.dates import _earliest
from partnerships.portal.models import CalendarKey
from partnerships.testing.cast import Cast

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)  # ten in the morning in Baku


@pytest.fixture
def now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield NOW


def test_a_month_has_whole_weeks_from_monday(now: Any, sample: Any, cast: Cast):
    month = calendar.month_of(cast.user("hr"), "")
    assert month.first == date(2026, 11, 1)
    assert [len(week) for week in month.weeks] == [7] * 6
    assert month.weeks[0][0].date == date(2026, 10, 26)
    assert [day.date for week in month.weeks for day in week if day.today] == [date(2026, 11, 23)]
    assert (month.previous, month.next) == (date(2026, 10, 1), date(2026, 12, 1))


def test_an_entry_stands_on_its_day_in_baku(now: Any, sample: Any, cast: Cast):
    sample.append(
        (cast.user("hr").email, "Gecə yarısından sonra", 14.5)
    )  # 20:30 UTC is half past midnight here
    days = calendar.month_of(cast.user("hr"), "2026-11").days
    assert [(day.date, [entry.title for entry in day.entries]) for day in days] == [
        (date(2026, 11, 24), ["Gecə yarısından sonra"])
    ]


@pytest.mark.parametrize(
    "asked", ["2026-13", "2026-00", "26-11", "2026", "noyabr", "1999-12", "²026-11", "2026-1²"]
)
def test_what_is_no_month_is_404(asked: str, db: Any):
    assert Client().get("/calendar/", {"month": asked}).status_code == 404


@pytest.mark.parametrize("asked", ["2026-11-31", "2026-11", "", "1999-12-31", "20261123"])
def test_what_is_no_day_is_404(asked: str, db: Any):
    assert Client().get("/calendar/", {"day": asked}).status_code == 404


def test_a_full_day_shows_its_first_few_and_leads_to_all(
    now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]
):
    sample.extend((cast.user("hr").email, f"Görüş {n}", 24 + n / 10) for n in range(7))
    sample.extend((cast.user("hr").email, f"Baxış {n}", 48 + n / 10) for n in range(6))
    month = {day.date.day: day for day in calendar.month_of(cast.user("hr"), "2026-11").days}
    assert [entry.title for entry in month[24].shown] == [f"Görüş {n}" for n in range(5)]
    assert (len(month[25].shown), month[25].more) == (6, "")  # one more would take as much room as it says
    page, day = (login("hr").get(f"/calendar/?{q}").content.decode() for q in ("", "day=2026-11-24"))
    assert page.count('href="?day=2026-11-24"') == 2  # in the grid, and in the list of a phone
    assert [f"Görüş {n}" in page for n in range(7)] == [True] * 5 + [False] * 2
    assert [day.count(f"Görüş {n}") for n in range(7)] == [1] * 7
    assert "Baxış" not in day
    assert "Görüş" not in login("hr2").get("/calendar/?day=2026-11-24").content.decode()


def test_a_day_with_hundreds_has_pages_that_hold_each_entry_once(
    now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]
):
    names = [f"Görüş {n:03}" for n in range(calendar.ON_A_PAGE * 2 + 1)]
    sample.extend((cast.user("hr").email, name, 24.5) for name in names)  # all at one moment
    client, seen, address = login("hr"), [], "?day=2026-11-24"
    for summary in ("1–50 / 101", "51–100 / 101", "101–101 / 101"):
        context = client.get(f"/calendar/{address}&lang=az").context
        day, pages = context["day"], context["pages"]
        seen += [entry.title for entry in day.entries]
        assert pages["summary"] == summary
        address = pages["next_url"]
    assert (seen, address) == (names, "")
    assert [calendar.day_of(cast.user("hr"), "2026-11-24", page).page for page in ("9", "0", "-1", "x")] == [
        3,
        1,
        1,
        1,
    ]
    del sample[calendar.ON_A_PAGE :]
    assert client.get("/calendar/?day=2026-11-24").context["pages"] == {}


def test_a_visitor_sees_no_persons_entries(now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]):
    sample.append((cast.user("hr").email, "Müsahibə: Nigar Məmmədova", 3))
    pages = {who: login(who).get("/calendar/").content.decode() for who in ("hr", "student", "hr2")}
    pages["visitor"] = Client().get("/calendar/").content.decode()
    seen = {who: "Müsahibə: Nigar Məmmədova" in page for who, page in pages.items()}
    assert seen == {"hr": True, "student": False, "hr2": False, "visitor": False}
    assert ".ics" not in pages["visitor"]


def address(client: Client) -> str:
    return client.get("/calendar/").context["feed_url"].removeprefix("http://testserver")


def events(body: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def test_the_feed_is_a_calendar_that_others_can_read(
    now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]
):
    sample.append((cast.user("hr").email, "Müsahibə: Şəhla; qrup 3, otaq 2", 3))
    response = Client().get(address(login("hr")))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    book = icalendar.Calendar.from_ical(response.content)
    assert (book["VERSION"], book["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert [zone["TZID"] for zone in book.walk("VTIMEZONE")] == ["Asia/Baku"]
    [event] = events(response.content)
    assert str(event["SUMMARY"]) == "Müsahibə: Şəhla; qrup 3, otaq 2"
    assert event["DTSTART"].dt == datetime(2026, 11, 23, 13, tzinfo=BAKU)
    assert event["DTSTART"].params["TZID"] == "Asia/Baku"
    assert event["DTEND"].dt == datetime(2026, 11, 23, 14, tzinfo=BAKU)
    assert event["DTSTAMP"].dt == NOW
    assert str(event["LOCATION"]) == "3 nömrəli otaq"
    assert str(event["URL"]) == "http://localhost:8000/menu/"
    assert str(event["UID"]) == "row-musahibe: sehla; qrup 3, otaq 2@localhost"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_the_uid_stays_when_the_time_moves(now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]):
    feed = address(login("hr"))
    sample.append((cast.user("hr").email, "Müsahibə", 3))
    [before] = events(Client().get(feed).content)
    sample[0] = (cast.user("hr").email, "Müsahibə", 27)
    [after] = events(Client().get(feed).content)
    assert before["UID"] == after["UID"]
    assert before["DTSTART"].dt != after["DTSTART"].dt


def test_what_has_no_end_takes_no_hour_in_a_calendar_program():
    midnight = Entry("a", "Başlayır", datetime(2026, 12, 2, tzinfo=BAKU))
    last = Entry("b", "Bitir", datetime(2026, 12, 1, 23, 59, 59, tzinfo=BAKU))
    begins, ends = calendar.event(midnight), calendar.event(last)
    assert (begins["DTSTART"].dt, begins["TRANSP"], "DTEND" in begins) == (
        date(2026, 12, 2),
        "TRANSPARENT",
        False,
    )
    assert ends["DTSTART"].dt == datetime(2026, 12, 1, 23, 59, tzinfo=BAKU)
    assert ends["DTEND"].dt == datetime(2026, 12, 2, tzinfo=BAKU)  # not included: all on the first


def test_the_feed_of_one_holds_nothing_of_another(
    now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]
):
    sample += [(cast.user("hr").email, "Mənim", 3), (cast.user("hr2").email, "Onun", 3)]
    summaries = {
        who: [str(event["SUMMARY"]) for event in events(Client().get(address(login(who))).content)]
        for who in ("hr", "hr2", "student")
    }
    assert summaries == {"hr": ["Mənim"], "hr2": ["Onun"], "student": []}


def test_a_renewed_address_closes_the_old_one_and_nobody_elses(cast: Cast, login: Callable[[str], Client]):
    client, other = login("hr"), address(login("student"))
    old = address(client)
    assert client.post("/calendar/renew/").status_code == 302
    new = address(client)
    answers = [Client().get(path).status_code for path in (old, new, other)]
    assert answers == [404, 200, 200]
    assert CalendarKey.objects.count() == 1


def test_looking_at_the_calendar_writes_nothing(cast: Cast, login: Callable[[str], Client]):
    Client().get(address(login("hr")))
    assert CalendarKey.objects.count() == 0


def test_a_forged_address_and_that_of_a_closed_account_are_404(cast: Cast, login: Callable[[str], Client]):
    feed = address(login("hr"))
    forged = feed.replace(".ics", "x.ics")
    user = cast.user("hr")
    user.is_active = False
    user.save()
    assert [Client().get(path).status_code for path in (forged, feed, "/calendar/1.ics")] == [404, 404, 404]


def test_the_feed_speaks_the_language_of_its_owner(cast: Cast, login: Callable[[str], Client]):
    user = cast.user("hr")
    user.language = "en"
    user.save()
    book = icalendar.Calendar.from_ical(Client().get(address(login("hr"))).content)
    assert str(book["X-WR-CALNAME"]) == "Partnership portal"


def test_the_month_costs_the_same_at_one_entry_and_at_thirty(
    now: Any, sample: Any, cast: Cast, warm: Callable[[str], Client], django_assert_num_queries: Any
):
    for many in (1, 30):
        sample.extend((cast.user("hr").email, f"Görüş {n}", n) for n in range(many))
        client = warm("hr")
        # session, account, person, roles, unread, the calendar's key; one that asks all apps
        with django_assert_num_queries(7):
            client.get("/calendar/")


def test_of_a_full_day_only_what_can_stand_among_its_first_is_read():
    talks = [[(9, 1), (11, 2), (11, 3), (15, 4)], []]
    bookings = [[(10, 5), (11, 6), (12, 7)], [(8, 8)]]
    assert _earliest([talks, bookings], 3) == [[1, 2, 3], [5, 6, 8]]  # whoever shares the hour of the last
    assert _earliest([talks, bookings], 9) == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert _earliest([], 3) == []


def test_the_file_for_other_calendars_is_not_called_as_the_table_is(
    now: Any, sample: Any, cast: Cast, login: Callable[[str], Client]
):
    page = login("hr").get("/calendar/").content.decode()
    [label] = re.findall(r'href="[^"]*/calendar/[^"]+\.ics">([^<]+)</a>', page)
    assert label == "Təqvim faylı (.ics)"
