"""A room in a real browser: added by who keeps it, booked by key, waited for, taken over, checked in."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from internships.tests.test_story import DESK, PHONE, house, readers
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.tests.makers import at, site, workday

__all__ = ["house", "readers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def keep(keeper, place):
    """A room in the site, hours of its own, a closure."""
    page = keeper.page
    keeper.go("/bookings/things/").press(f"a.name[href='{place.site.get_absolute_url()}']")
    keeper.press(f"a[href$='within={place.site.uid}']")
    page.fill("input[name=name]", "Otaq 7")
    page.fill("input[name=capacity]", "10")
    keeper.press("form .btn-primary")
    room = Thing.objects.get(name="Otaq 7")
    keeper.press(f"a[href='{reverse('bookings:thing_hours', args=[room.uid])}']")
    page.check("input[name=own][value=own]")
    for day in range(7):
        page.fill(f"input[name=d{day}_0_opens]", "00:00")
        page.fill(f"input[name=d{day}_0_closes]", "23:59")
    keeper.press("form .btn-primary")
    keeper.press(f"a[href='{reverse('bookings:thing_change', args=[room.uid])}']")
    page.fill("input[name=check_in_minutes]", "20")
    keeper.press("form .btn-primary")
    return room


def book_by_key(desk, room, day):
    """Arrow keys lead to a free time of the room, Enter opens the form."""
    page = desk.page
    desk.go(f"/bookings/?day={day}&thing={room.uid}&view=week")
    first = page.locator("[data-slots] td a").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/bookings/new/" in page.url
    page.fill("input[name=day]", day.isoformat())
    page.fill("input[name=start]", "10:00")
    page.fill("input[name=end]", "11:00")
    page.fill("input[name=title]", "Müşavirə")
    desk.press("form .btn-primary")
    return Booking.objects.get()


def test_a_room_from_its_keeper_to_who_was_there(house, readers):
    cast, _made = house
    place, day = site(cast.azerisiq), workday()
    keeper = readers(DESK).sign_in(cast.trainer)
    room = keep(keeper, place)
    hr = readers(DESK).sign_in(cast.hr)
    first = book_by_key(hr, room, day)
    hr.go("/bookings/?view=month")
    stops = hr.page.locator(".month a:not([tabindex='-1'])")
    assert (stops.count(), stops.first.get_attribute("aria-current")) == (1, "date")
    hr.go(f"/bookings/?view=month&day={day}").page.locator(".month a.day").first.focus()
    hr.page.keyboard.press("ArrowDown")
    assert hr.page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    mentor = readers(PHONE, "en").sign_in(cast.mentor)
    mentor.go(f"/bookings/new/?thing={room.uid}&day={day}&start=10:00")
    mentor.page.fill("input[name=title]", "Təlimat")
    with mentor.page.expect_navigation():
        mentor.page.locator("form .btn-primary").first.click()
    assert [line for line in mentor.heard if "422" not in line] == []
    mentor.heard.clear()  # the browser tells of each page that is answered with 422
    mentor.look()
    assert mentor.page.locator("button[name=at]").count() == 4
    mentor.press("button[name=wait]")
    hr.go(first.get_absolute_url()).press("a[href$='/cancel/']").press(
        "main form .btn-primary, main form .btn-danger"
    )
    mentor.go("/home/").go("/bookings/list/").press("a.name").press(".move-strip .btn-primary")
    if "accept" in mentor.page.url:
        mentor.press("main form .btn-primary")
    mine = Booking.objects.get(holder=cast.mentor)
    assert mine.state == BookingState.BOOKED
    with time_machine.travel(at(day, 10) + timedelta(minutes=5)):
        late = readers(PHONE, "en").sign_in(cast.mentor)
        late.go(mine.get_absolute_url()).press("form[action$='/check_in/'] .btn")
    mine.refresh_from_db()
    assert mine.state == BookingState.IN_USE
    phone = readers(PHONE).sign_in(cast.trainer)
    for address in ("/bookings/find/", "/bookings/things/", room.get_absolute_url(), "/bookings/list/"):
        phone.go(address)
