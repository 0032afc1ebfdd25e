"""What a page says to who comes too late, asks for too much or acts on many; nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from partnerships.bookings import actions
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking
from partnerships.bookings.tests.makers import NEW, again, at, booked, sent
from partnerships.bookings.views import ACTS
from partnerships.workflow.actors import SYSTEM


def test_of_several_things_the_refusal_names_what_is_taken(cast, login, house, day):
    booked(cast, house.left, day)
    answer = login("mentor").post(NEW, sent([house.hall, house.lab], day))
    assert answer.context["form"].errors["start"] == ["Bu vaxt tutulub: Böyük zal."]
    assert login("mentor").post(NEW, sent(house.left, day)).context["form"].errors["start"] == [
        "Bu vaxt tutulub."
    ]


def test_too_many_people_are_told_how_many_fit_and_what_to_do(login, house, day):
    answer = login("mentor").post(NEW, sent([house.left, house.lab], day, people=53))
    assert answer.context["form"].errors["people"] == [
        "Cəmi 52 nəfərlik yer var: daha böyük və ya bir neçə otaq seçin, yaxud sayı azaldın."
    ]


@pytest.mark.parametrize(("typed", "status"), [("Otaq başqasına verilib", 409), ("", 302)])
def test_who_decides_too_late_reads_what_was_typed(cast, login, house, day, typed, status):
    actions.change_thing(house.lab, actor=SYSTEM, approval=True)
    asked = booked(cast, house.lab, day, who="student")
    actions.approve(asked, actor=cast.user("admin"))
    address = reverse("bookings:act", args=[asked.uid, "decline"])
    answer = login("admin").post(address, {"note": typed})
    assert (answer.status_code, again(asked).state) == (status, BookingState.BOOKED)
    assert typed in answer.content.decode()


def test_the_reason_of_a_second_press_is_not_called_late(cast, login, house, day):
    actions.change_thing(house.lab, actor=SYSTEM, approval=True)
    asked = booked(cast, house.lab, day, who="student")
    address = reverse("bookings:act", args=[asked.uid, "decline"])
    admin = login("admin")
    assert [admin.post(address, {"note": "Cihaz təmirdədir"}).status_code for _press in range(2)] == [
        302,
        302,
    ]


def test_who_stood_in_line_is_not_told_that_they_did_not_answer(cast, login, house, day, time_machine):
    booked(cast, house.left, day)
    waiting = booked(cast, house.left, day, who="mentor", wait=True)
    time_machine.move_to(at(day, 10) + timedelta(minutes=1))
    actions.run_clocks()
    answer = login("mentor").get(Booking.objects.get(pk=waiting.pk).get_absolute_url())
    assert answer.context["history"][0].label == "Vaxtında boşalmayıb"
    assert "<strong>Vaxtında boşalmayıb.</strong>" in " ".join(answer.content.decode().split()).replace(
        "> ", ">"
    ).replace(" <", "<")


def test_a_verb_on_a_series_says_what_was_done_and_to_how_many(cast, login, house, day):
    made = actions.book_series(
        [house.left], actor=cast.user("mentor"), starts=at(day, 10), ends=at(day, 11), title="Müşavirə",
        rule="FREQ=WEEKLY;COUNT=2",
    )  # fmt: skip
    address = reverse("bookings:act", args=[made[0].uid, "cancel"])
    answer = login("mentor").post(address, {"scope": "all", "note": ""}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["Ləğv edildi. Silsilədən 2 rezervasiya."]


def test_every_page_of_a_verb_says_what_follows(cast, login, house, day):
    assert [verb for verb, act in ACTS.items() if not str(act.intro)] == []
    held = booked(cast, house.left, day)
    waiting = booked(cast, house.left, day, who="mentor", wait=True)
    actions.cancel(held, actor=cast.user("hr"))
    page = login("mentor").get(reverse("bookings:act", args=[waiting.uid, "accept"])).content.decode()
    assert "Dərhal sizin üçün rezerv olunur" in page
