"""Following a room and a booking from their pages: a closure is told, also of what the room stands in."""

from partnerships.bookings import actions
from partnerships.bookings.tests.makers import at, booked
from partnerships.common.clock import moment_in_words
from partnerships.notifications import actions as telling
from partnerships.notifications.letters import FOLLOWED
from partnerships.notifications.models import Notification
from partnerships.notifications.rendering import reading
from partnerships.workflow.actors import SYSTEM


def news():
    rows = Notification.objects.filter(kind=FOLLOWED).order_by("change_id", "person__email")
    return [(row.person.email.partition("@")[0], row.title["en"], row.path) for row in rows]


def test_who_follows_a_room_hears_that_it_is_closed_and_open_again(
    cast, login, house, day, django_capture_on_commit_callbacks
):
    page, address = house.left.get_absolute_url(), f"/inbox/follow/bookings.thing/{house.left.uid}/"
    client = login("mentor")
    assert address in client.get(page).text
    assert client.post(address, {"on": "1", "next": page})["Location"] == page
    assert login("stranger").post(address, {"on": "1"}).status_code == 404
    telling.follow(house.left, actor=cast.user("stranger"))  # sees no room of this house
    starts, ends = at(day, 9), at(day, 18)
    with reading("en"):
        span = f"from {moment_in_words(starts)} until {moment_in_words(ends)}"
    with django_capture_on_commit_callbacks(execute=True):
        closed = actions.close(house.left.top, actor=SYSTEM, starts=starts, ends=ends, reason="Təmir")
        actions.close(house.right, actor=SYSTEM, starts=starts, ends=ends, reason="Səs")
    assert news() == [("mentor", f"{house.left}: closed {span}", house.left.top.get_absolute_url())]
    with django_capture_on_commit_callbacks(execute=True):
        actions.lift(closed, actor=cast.user("trainer"))
    assert [title for _who, title, _page in news()[1:]] == [f"{house.left}: open again {span}"]


def test_a_colleague_follows_a_booking_from_its_page(
    cast, login, house, day, django_capture_on_commit_callbacks
):
    booking = booked(cast, [house.left], day, who="mentor")
    page, address = booking.get_absolute_url(), f"/inbox/follow/bookings.booking/{booking.uid}/"
    client = login("expert")
    assert address in client.get(page).text
    client.post(address, {"on": "1", "next": page})
    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel(booking, actor=cast.user("mentor"))
    assert [(who, path) for who, _title, path in news()] == [("expert", page)]
