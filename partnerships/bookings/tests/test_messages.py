"""Whoever asks for a thing and who decides write to each other: told, read by both alone, never lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.bookings import actions, source
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Message
from partnerships.bookings.tests.makers import again, at, booked, site, workday
from partnerships.common.piles import told as told_by
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.notifications.models import Notification

HOSTILE = "<script>alert(1)</script> & “salam”"


@pytest.fixture
def asked_for(cast):
    """A request of human resources for a laboratory that the trainer decides about."""
    return booked(cast, site(cast.azerisiq, approval=True).lab, workday(12))


def waits_for(user):
    return [todo.url for todo in told_by(source.piles(user))]


def told(person, kind):
    return Notification.objects.filter(person=person, kind=kind).count()


def test_both_sides_write_and_each_is_told(cast, asked_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.say(asked_for, actor=cast.user("hr"), text="Cihaz da lazımdır.")
        actions.say(asked_for, actor=cast.user("trainer"), text="Verilə bilər.")
    assert told(cast.trainer, "bookings.message") == 1
    assert told(cast.hr, "bookings.message") == 1
    assert told(cast.mentor, "bookings.message") == 0
    # A double click is the message that stands there.
    actions.say(asked_for, actor=cast.user("trainer"), text=" Verilə bilər. ")
    assert [(m.author, m.text) for m in Message.objects.all()] == [
        (cast.hr, "Cihaz da lazımdır."),
        (cast.trainer, "Verilə bilər."),
    ]


def test_more_information_is_asked_without_a_no_and_its_answer_hands_the_move_back(
    cast, asked_for, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to(timezone.now() + timedelta(days=1))
    before = asked_for.expires
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_more(asked_for, actor=cast.user("trainer"), note="Neçə nəfərsiniz?")
    waits = again(asked_for)
    assert (waits.state, told(cast.hr, "bookings.inquired")) == (BookingState.REQUESTED, 1)
    assert waits.expires > before
    url = f"{asked_for.get_absolute_url()}#messages"
    assert url in waits_for(cast.user("hr"))
    assert asked_for.get_absolute_url() not in waits_for(cast.user("trainer"))
    actions.say(asked_for, actor=cast.user("hr"), text="On nəfər.")
    assert again(asked_for).more_asked is None
    assert asked_for.get_absolute_url() in waits_for(cast.user("trainer"))
    actions.approve(asked_for, actor=cast.user("trainer"))
    assert again(asked_for).state == BookingState.BOOKED


def test_a_question_about_one_day_keeps_the_whole_series(cast, time_machine):
    house, day = site(cast.azerisiq, approval=True), workday(12)
    one, two = actions.book_series(
        [house.lab], actor=cast.user("hr"), starts=at(day, 10), ends=at(day, 11),
        rule="FREQ=WEEKLY;COUNT=2", title="Ölçmə",
    )  # fmt: skip
    time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)
    actions.ask_more(one, actor=cast.user("trainer"), note="Neçə nəfərsiniz?")
    assert again(one).expires == again(two).expires == timezone.now() + timedelta(days=3)
    assert again(two).more_asked is None


def test_nobody_else_writes_or_reads_and_nothing_is_added_when_it_is_over(cast, asked_for):
    actions.say(asked_for, actor=cast.user("hr"), text="Cihaz da lazımdır.")
    with pytest.raises(Refused):
        actions.say(asked_for, actor=cast.user("mentor"), text="Mən də.")
    with pytest.raises(Missing):
        actions.say(asked_for, actor=cast.user("hr"), text="  ")
    seen = {name: Message.objects.visible_to(cast.user(name)).count() for name in cast.people()}
    assert {name for name, count in seen.items() if count} == {
        "hr",
        "trainer",
        "organiser",
        "partnerships",
        "admin",
    }
    actions.decline(asked_for, actor=cast.user("trainer"), note="Təmirdədir")
    with pytest.raises(Blocked):
        actions.say(asked_for, actor=cast.user("hr"), text="Niyə?")
    with pytest.raises(Blocked):
        actions.ask_more(asked_for, actor=cast.user("trainer"), note="Necə?")


def test_what_is_booked_without_a_word_of_others_has_no_thread(cast):
    house = site(cast.azerisiq)
    made = booked(cast, house.lab, workday())
    with pytest.raises(Blocked):
        actions.say(made, actor=cast.user("hr"), text="Salam")
    actions.change_thing(house.lab, actor=cast.user("trainer"), approval=True)
    # The rule has come since: another time needs a word, a shorter one does not.
    day = workday()
    actions.move(made, actor=cast.user("hr"), starts=at(day, 10), ends=at(day, 10, 30))
    assert again(made).state == BookingState.BOOKED
    actions.move(made, actor=cast.user("hr"), starts=at(day, 10), ends=at(day, 11))
    assert again(made).state == BookingState.REQUESTED
    actions.approve(made, actor=cast.user("trainer"))
    with pytest.raises(IllegalTransition):
        actions.ask_more(made, actor=cast.user("trainer"), note="Necə?")
    assert Message.objects.count() == 0


# Pages --------------------------------------------------------------------------------------------------
def test_the_page_escapes_what_is_written_and_keeps_what_cannot_be(cast, login, asked_for):
    hr, trainer, url = login("hr"), login("trainer"), reverse("bookings:say", args=[asked_for.uid])
    assert hr.post(url, {"text": HOSTILE}).status_code == 302
    page = trainer.get(asked_for.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "alert(1)" not in login("mentor").get(asked_for.get_absolute_url()).content.decode()
    long = "ə" * 2001
    kept = hr.post(url, {"text": long})
    assert (kept.status_code, long in kept.content.decode()) == (422, True)
    actions.decline(asked_for, actor=cast.user("trainer"), note="Təmirdədir")
    late = hr.post(url, {"text": "Yeni vaxt lazımdır"})
    assert (late.status_code, "Yeni vaxt lazımdır" in late.content.decode()) == (422, True)
    assert login("mentor").post(url, {"text": "x"}).status_code == 403
    assert login("hr2").post(url, {"text": "x"}).status_code == 404


def test_asking_for_more_has_a_page_and_its_words_are_no_history(cast, login, asked_for):
    trainer, url = login("trainer"), reverse("bookings:act", args=[asked_for.uid, "ask"])
    assert trainer.post(url, {"note": ""}).status_code == 422
    assert trainer.post(url, {"note": "Neçə nəfərsiniz?"}).status_code == 302
    assert again(asked_for).more_asked is not None
    assert "Neçə nəfərsiniz?" in login("hr").get(asked_for.get_absolute_url()).content.decode()
    assert "Neçə nəfərsiniz?" not in login("mentor").get(asked_for.get_absolute_url()).content.decode()
    assert login("hr").post(url, {"note": "x"}).status_code == 403
    assert login("hr2").get(url).status_code == 404


def test_programs_write_and_read_as_the_pages_do(login, asked_for):
    hr, trainer, url = login("hr"), login("trainer"), f"/api/v1/bookings/{asked_for.uid}/"
    json = "application/json"
    assert trainer.post(f"{url}ask/", {"note": "Neçə nəfərsiniz?"}, json).json()["more_asked"] is not None
    assert hr.post(f"{url}say/", {"text": "On nəfər."}, json).json()["more_asked"] is None
    rows = trainer.get(f"/api/v1/booking-messages/?booking={asked_for.uid}").json()["results"]
    assert [(row["text"], row["asks"]) for row in rows] == [("On nəfər.", False), ("Neçə nəfərsiniz?", True)]
    assert login("mentor").get("/api/v1/booking-messages/").json()["results"] == []
    assert login("mentor").post(f"{url}say/", {"text": "x"}, json).status_code == 403
    assert login("hr2").post(f"{url}say/", {"text": "x"}, json).status_code == 404
