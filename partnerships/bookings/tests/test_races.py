"""Fifty people at once for one room, on both engines."""

import pytest
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnerships.bookings import actions
from partnerships.bookings.models import Booking, Message, Slot
from partnerships.bookings.tests.makers import at, site, workday
from partnerships.directory.enums import Role
from partnerships.testing import factories as make
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.actors import SYSTEM

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    """What people are told is another race; here it stays in the queue."""
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def crowd(cast):
    """As many as the engine lets write at once: SQLite has one writer, so fewer keep the test short."""
    number = 50 if connection.vendor == "postgresql" else 20
    people = [(f"İşçi {n}", f"w{n}@azerisiq.example", cast.azerisiq, Role.MENTOR) for n in range(number)]
    return [person.user for person in make.crowd(*people)]


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_one_of_fifty_holds_the_room_and_the_others_are_shown_the_nearest_free_times():
    cast = build()
    house, day = site(cast.azerisiq), workday()
    clients = [client_of(user) for user in crowd(cast)]
    sent = {"things": house.left.pk, "title": "Müşavirə", "day": day, "start": "10:00", "end": "11:00"}
    answers = all_at_once([lambda c=client: c.post(reverse("bookings:new"), sent) for client in clients])
    assert sorted({answer.status_code for answer in answers}) == [302, 422]
    refused = [answer for answer in answers if answer.status_code == 422]
    assert len(refused) == len(clients) - 1
    nearest = [at(day, 9), at(day, 11), at(day, 11, 15), at(day, 11, 30)]
    assert all(answer.context["free"] == nearest for answer in refused)
    assert (Booking.objects.count(), Slot.objects.count()) == (1, 1)


def test_a_hall_and_its_rooms_are_never_given_to_several_at_once():
    cast = build()
    house, day = site(cast.azerisiq), workday()
    things = [house.hall, house.left, house.right]
    users = crowd(cast)
    calls = [
        lambda user=user, thing=things[n % 3]: actions.book(
            [thing], actor=user, starts=at(day, 10), ends=at(day, 11), title="Müşavirə"
        )
        for n, user in enumerate(users)
    ]
    answers = all_at_once(calls)
    made = [answer for answer in answers if isinstance(answer, Booking)]
    assert {type(answer) for answer in answers if answer not in made} == {actions.Taken}
    held = sorted(Slot.objects.values_list("thing", flat=True))
    assert len(held) == len(set(held))
    assert len(made) in (1, 2)


def test_whoever_cancels_while_others_ask_leaves_one_holder():
    cast = build()
    house, day = site(cast.azerisiq), workday()
    users = crowd(cast)[:12]
    span = {"starts": at(day, 10), "ends": at(day, 11), "title": "Müşavirə"}
    first = actions.book([house.left], actor=users[0], **span)
    line = [actions.book([house.left], actor=user, wait=True, **span) for user in users[1:4]]
    calls = [lambda: actions.cancel(first, actor=users[0])]
    calls += [lambda user=user: actions.book([house.left], actor=user, **span) for user in users[4:]]
    answers = all_at_once(calls)
    assert isinstance(answers[0], Booking)
    assert {type(answer) for answer in answers[1:]} == {actions.Taken}
    assert list(Booking.objects.holding()) == [line[0]]
    assert Slot.objects.filter(active=True).count() == 1


def test_people_of_one_organisation_who_ask_at_once_never_get_more_than_its_hours():
    cast = build()
    house, day = site(cast.azerisiq), workday()
    actions.give_hours(house.site, actor=SYSTEM, hours=3)
    names = [(f"Mühəndis {n}", f"e{n}@kabel.example", cast.other_company, Role.MENTOR) for n in range(8)]
    users = [person.user for person in make.crowd(*names)]
    rooms = [house.left, house.right, house.lab]
    calls = [
        lambda user=user, room=rooms[n % 3], hour=9 + n // 3: actions.book(
            [room], actor=user, starts=at(day, hour), ends=at(day, hour + 1), title="Ölçmə"
        )
        for n, user in enumerate(users)
    ]
    answers = all_at_once(calls)
    assert sum(isinstance(answer, Booking) for answer in answers) == 3
    codes = {
        one.code
        for answer in answers
        if isinstance(answer, ValidationError)
        for one in answer.error_dict["starts"]
    }
    assert codes == {"quota"}


def test_a_message_sent_many_times_at_once_stands_there_once_and_so_does_a_question():
    cast = build()
    house, day = site(cast.azerisiq, approval=True), workday()
    made = actions.book(
        [house.lab], actor=cast.user("hr"), starts=at(day, 10), ends=at(day, 11), title="Ölçmə"
    )
    hr, trainer = client_of(cast.user("hr")), client_of(cast.user("trainer"))
    say, ask = (reverse("bookings:say", args=[made.uid]), reverse("bookings:act", args=[made.uid, "ask"]))
    answers = all_at_once([lambda: hr.post(say, {"text": "Cihaz da lazımdır."}) for _click in range(4)])
    answers += all_at_once([lambda: trainer.post(ask, {"note": "Neçə nəfər?"}) for _click in range(4)])
    assert {answer.status_code for answer in answers} == {302}
    assert list(Message.objects.values_list("text", flat=True)) == ["Cihaz da lazımdır.", "Neçə nəfər?"]
