"""An interview holds a room of the portal: with it the room is taken, moved and freed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse, set_script_prefix
from django.utils import translation

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Interview
from internships.tests import makers
from partnerships.bookings import actions as bookings
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.tests.makers import at, booked, site, workday
from partnerships.workflow.actors import SYSTEM


@pytest.fixture
def house(cast):
    return site(cast.azerisiq)


@pytest.fixture
def day():
    return workday()


def talk(cast, application, room, day, hour=10, who="mentor"):
    starts = at(day, hour)
    return actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=getattr(cast, who),
        starts=starts,
        ends=starts + timedelta(minutes=30),
        room=room,
    )


def sent(cast, room, day, **values):
    given = {"day": day.isoformat(), "start": "10:00", "minutes": "30", "place": "", "link": "", "note": ""}
    return {"interviewer": cast.mentor.pk, "room": room.pk, **given, **values}


def test_the_room_is_kept_for_the_talk_and_others_see_only_that_it_is_taken(cast, house, day):
    made = talk(cast, makers.endorsed(cast, makers.programme(cast)), house.left, day)
    kept = made.booking
    assert (made.place, made.room, kept.holder) == ("Otaq A, Tədris mərkəzi", house.left, cast.mentor)
    assert (kept.starts, kept.ends, kept.state) == (made.starts, made.ends, BookingState.BOOKED)
    with pytest.raises(bookings.Taken):
        booked(cast, house.hall, day)
    people = ("mentor", "trainer", "hr", "expert", "student")
    seen = {who for who in people if Booking.objects.visible_to(cast.user(who)).filter(pk=kept.pk)}
    assert seen == {"mentor", "trainer"}


def test_the_booking_leads_to_the_talk_wherever_the_portal_stands_by_then(cast, house, day):
    set_script_prefix("/portal/")
    try:
        application = makers.endorsed(cast, makers.programme(cast))
        made = talk(cast, application, house.left, day).booking
        assert made.belongs_page.startswith("/portal/internships/")
    finally:
        set_script_prefix("/")
    assert made.belongs_page.startswith("/internships/")


def test_the_room_is_called_in_the_readers_language(cast, house, day, login):
    Thing.objects.filter(pk=house.left.pk).update(name_en="Room A")
    made = talk(cast, makers.endorsed(cast, makers.programme(cast)), Thing.objects.get(pk=house.left.pk), day)
    assert (made.place, made.place_en) == ("Otaq A, Tədris mərkəzi", "Room A, Tədris mərkəzi")
    page = f"{reverse('internships:interviews')}?day={day.isoformat()}"
    for language, shown, other in (("az", "Otaq A,", "Room A,"), ("en", "Room A,", "Otaq A,")):
        text = login("hr").get(f"{page}&lang={language}").text
        with translation.override(language):
            assert (shown in made.where, other in made.where) == (True, False)
        assert (shown in text, other in text) == (True, False), language
    starts = at(day, 12)
    typed = actions.reschedule(
        made, actor=cast.user("hr"), starts=starts, ends=starts + timedelta(minutes=30), note="x",
        place="Foye", room=None,
    )  # fmt: skip
    assert (typed.place, typed.place_en) == ("Foye", "")


def test_two_talks_never_have_one_room_and_the_nearest_times_are_shown(cast, login, house, day):
    summer = makers.programme(cast)
    talk(cast, makers.endorsed(cast, summer, "colleague"), house.left, day, who="expert")
    application = makers.endorsed(cast, summer, "student")
    url = reverse("internships:interview_invite", args=[application.uid])
    answer = login("hr").post(url, sent(cast, house.left, day, start="10:15"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["start"])
    assert answer.context["free"] == [at(day, 9, 30), at(day, 10, 30), at(day, 10, 45), at(day, 11)]
    assert makers.again(application).state == A.IN_REVIEW
    assert (Interview.objects.count(), Booking.objects.count()) == (1, 1)
    assert login("hr").post(url, sent(cast, house.left, day, start="10:30")).status_code == 302
    assert sorted(Interview.objects.values_list("place", flat=True)) == ["Otaq A, Tədris mərkəzi"] * 2


def test_a_talk_that_moves_takes_its_room_along_or_does_not_move(cast, login, house, day):
    made = talk(cast, makers.endorsed(cast, makers.programme(cast)), house.left, day)
    booked(cast, house.hall, day, 14)
    url = reverse("internships:interview", args=[made.uid, "reschedule"])
    hr = login("hr")
    assert hr.get(url).context["form"].initial["room"] == house.left
    values = sent(cast, house.left, day, start="14:15", note="Qatar gecikir")
    answer = hr.post(url, values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["start"])
    made.refresh_from_db()
    assert (made.starts, made.booking.starts) == (at(day, 10), at(day, 10))
    assert hr.post(url, {**values, "start": "16:00"}).status_code == 302
    made.refresh_from_db()
    assert (made.starts, made.booking.starts, made.place) == (
        at(day, 16),
        at(day, 16),
        "Otaq A, Tədris mərkəzi",
    )
    assert [slot.thing for slot in made.booking.slots.all()] == [house.left]
    assert hr.post(url, {**values, "room": house.lab.pk, "start": "14:00"}).status_code == 302
    made = Interview.objects.with_people().get(pk=made.pk)
    assert (made.room, made.place) == (house.lab, "Relə laboratoriyası, Tədris mərkəzi")
    assert hr.post(url, {**values, "room": "", "link": "https://meet.example/a"}).status_code == 302
    made.refresh_from_db()
    assert (made.booking, made.place) == (None, "")
    assert list(Booking.objects.holding().exclude(slots__thing=house.hall)) == []


@pytest.mark.parametrize("end", ["cancel", "drop"])
def test_a_talk_that_does_not_take_place_frees_its_room(cast, house, day, end):
    application = makers.endorsed(cast, makers.programme(cast))
    made = talk(cast, application, house.left, day)
    waiting = booked(cast, house.left, day, 10, 30, who="hr", wait=True)
    if end == "cancel":
        actions.cancel_interview(made, actor=cast.user("hr"), note="Namizəd xəstədir")
    else:
        actions.withdraw(makers.again(application), actor=cast.user("student"))
    assert Booking.objects.get(pk=made.booking_id).state == BookingState.CANCELLED
    assert Booking.objects.get(pk=waiting.pk).state == BookingState.OFFERED


def test_the_room_of_a_talk_is_moved_by_the_talk_alone(cast, login, house, day):
    made = talk(cast, makers.endorsed(cast, makers.programme(cast)), house.left, day)
    for who in ("mentor", "trainer"):
        client = login(who)
        page = client.get(made.booking.get_absolute_url())
        assert (page.status_code, page.context["offers"]) == (200, [])
        for verb in ("cancel", "withdraw", "move"):
            url = reverse("bookings:act", args=[made.booking.uid, verb])
            assert client.post(url, {"note": "x"}).status_code == 403
    assert Booking.objects.get(pk=made.booking_id).state == BookingState.BOOKED


def test_a_room_that_needs_approval_or_is_another_companys_is_not_offered(cast, login, house, day):
    bookings.change_thing(house.lab, actor=SYSTEM, approval=True)
    other = site(cast.other_company, "Kabel evi")
    application = makers.endorsed(cast, makers.programme(cast))
    url = reverse("internships:interview_invite", args=[application.uid])
    hr = login("hr")
    offered = set(hr.get(url).context["form"].fields["room"].queryset)
    assert offered == {house.hall, house.left, house.right}
    assert list(hr.post(url, sent(cast, other.left, day)).context["form"].errors) == ["room", "place"]
    with pytest.raises(ValidationError):
        talk(cast, application, house.lab, day)
    shut = hr.post(url, sent(cast, house.left, day, start="08:00"))
    assert list(shut.context["form"].errors) == ["room"]
    assert not Interview.objects.exists()


def test_where_no_room_is_to_be_had_nobody_is_asked_for_one(cast, login):
    application = makers.endorsed(cast, makers.programme(cast))
    url = reverse("internships:interview_invite", args=[application.uid])
    assert "room" not in login("hr").get(url).context["form"].fields
