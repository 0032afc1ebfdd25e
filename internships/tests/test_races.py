"""Several people at once, each on a connection of their own, on both engines."""

import random
import threading
from datetime import timedelta

import pytest
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Application, Interview, Vacancy
from internships.tests import makers
from internships.tests.test_questions import ask
from partnerships.common.refusals import Blocked, WorkflowError
from partnerships.seats.models import Hold, Pool, Waiting
from partnerships.testing import factories as make
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    """What people are told is another race; here it stays in the queue."""
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def crowd():
    """As many as the engine lets write at once: SQLite has one writer, so fewer keep the test short."""
    return 200 if connection.vendor == "postgresql" else 40


def applicants(cast, programme, number):
    """`number` students whose applications the company can decide."""
    found = []
    for index in range(number):
        person = make.student(f"Tələbə {index}", f"t{index}@aztu.example", cast.energy)
        application = actions.start_application(makers.vacancy(programme), actor=person.user)
        found.append(actions.submit(application, actor=person.user))
    return found


def seats_add_up():
    """Every pool counts exactly its live holds, within its capacity; every offer or acceptance has one."""
    for pool in Pool.objects.all():
        live = pool.holds.exclude(state="released").count()
        assert (pool.taken, pool.taken <= pool.capacity) == (live, True)
    holding = Application.objects.filter(state__in=[A.OFFERED, A.ACCEPTED])
    expected = sorted(holding.values_list("pk", "offered_vacancy__pool_id"))
    assert sorted(Hold.objects.exclude(state="released").values_list("claimant", "pool_id")) == expected
    waiting = set(Application.objects.filter(state=A.WAITLISTED).values_list("pk", flat=True))
    assert set(Waiting.objects.values_list("claimant", flat=True)) <= waiting


def test_two_hundred_people_for_ten_seats_make_exactly_ten_offers():
    cast = build()
    programme = makers.programme(cast, seats=10, endorsement_required=False)
    rows = applicants(cast, programme, crowd())
    answers = all_at_once([lambda row=row: actions.offer(row, actor=cast.user("hr")) for row in rows])
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(answers) - len(refused) == 10
    assert {getattr(error, "refusal", error).code for error in refused} == {"no_seat"}
    assert Application.objects.filter(state=A.OFFERED).count() == 10
    seats_add_up()


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told():
    cast = build()
    application = makers.endorsed(cast, makers.programme(cast))
    answers = all_at_once(
        [
            lambda: actions.offer(application, actor=cast.user("hr")),
            lambda: actions.refuse(
                application, actor=cast.user("hr"), code="stronger", note="Təşəkkür edirik"
            ),
            lambda: actions.waitlist(application, actor=cast.user("hr")),
        ]
    )
    assert sum(isinstance(answer, WorkflowError) for answer in answers) >= 1
    assert not [a for a in answers if isinstance(a, Exception) and not isinstance(a, WorkflowError)]
    assert Change.objects.of(application).filter(verb__in=["offer", "refuse"]).count() == 1
    seats_add_up()


def test_a_double_click_on_accept_accepts_once_and_withdraws_the_rest_once():
    cast = build()
    first, second = makers.programme(cast, seats=1), makers.programme(cast, seats=1, title="Relə mühafizəsi")
    accepted, other = makers.offered(cast, first), makers.offered(cast, second)
    waiting = makers.waitlisted(cast, second, "colleague")
    answers = all_at_once([lambda: actions.accept(accepted, actor=cast.user("student")) for _ in range(6)])
    assert sum(isinstance(answer, Application) for answer in answers) == 1
    found = [Application.objects.get(pk=row.pk).state for row in (accepted, other, waiting)]
    assert found == [A.ACCEPTED, A.WITHDRAWN, A.OFFERED]
    assert Change.objects.filter(verb="promote").count() == 1
    seats_add_up()


def test_both_offers_of_one_student_cannot_be_accepted():
    cast = build()
    first, second = makers.programme(cast), makers.programme(cast, title="Relə mühafizəsi")
    offers = [makers.offered(cast, first), makers.offered(cast, second)]
    all_at_once([lambda row=row: actions.accept(row, actor=cast.user("student")) for row in offers])
    assert sorted(Application.objects.values_list("state", flat=True)) == [A.ACCEPTED, A.WITHDRAWN]
    seats_add_up()


def test_a_storm_of_answers_withdrawals_and_lapses_leaves_every_seat_counted():
    cast = build()
    chance = random.Random(20261123)
    programmes = [
        makers.programme(cast, seats=4, title=f"Proqram {n}", endorsement_required=False) for n in range(3)
    ]
    people = [make.student(f"Tələbə {n}", f"s{n}@aztu.example", cast.energy) for n in range(16)]
    rows = []
    for person in people:
        for programme in programmes:
            started = actions.start_application(makers.vacancy(programme), actor=person.user)
            rows.append(actions.submit(started, actor=person.user))
    hr = cast.user("hr")
    for row in rows:
        try:
            actions.offer(row, actor=hr) if chance.random() < 0.3 else actions.waitlist(row, actor=hr)
        except WorkflowError:
            actions.waitlist(row, actor=hr)
    Application.objects.filter(state=A.OFFERED, pk__in=[r.pk for r in rows[::7]]).update(
        offer_expires=timezone.now() - timedelta(minutes=1)
    )
    calls = [actions.lapse_offers]
    for row in rows:
        person = next(person for person in people if person.pk == row.person_id)
        verb = chance.choice([actions.accept, actions.decline, actions.withdraw, actions.accept])
        calls.append(lambda verb=verb, row=row, person=person: verb(row, actor=person.user))
    answers = all_at_once(calls)
    unexpected = [a for a in answers if isinstance(a, Exception) and not isinstance(a, WorkflowError)]
    assert unexpected == []
    seats_add_up()
    accepted = Application.objects.filter(state=A.ACCEPTED).values_list("person_id", flat=True)
    assert len(set(accepted)) == len(accepted)


def test_one_interviewer_is_booked_once_however_many_ask():
    cast = build()
    programme = makers.programme(cast, endorsement_required=False)
    rows = applicants(cast, programme, 12)
    starts = timezone.now() + timedelta(days=2)
    answers = all_at_once(
        [
            lambda row=row: actions.invite(
                row,
                actor=cast.user("hr"),
                interviewer=cast.mentor,
                starts=starts,
                ends=starts + timedelta(minutes=30),
                place="3 nömrəli otaq",
            )
            for row in rows
        ]
    )
    assert sum(isinstance(answer, Interview) for answer in answers) == 1
    assert {type(answer) for answer in answers if not isinstance(answer, Interview)} == {ValidationError}
    assert Application.objects.filter(state=A.INTERVIEW).count() == 1


def test_the_same_place_is_started_once_by_a_double_click():
    cast = build()
    vacancy: Vacancy = makers.vacancy(makers.programme(cast))
    answers = all_at_once(
        [lambda: actions.start_application(vacancy, actor=cast.user("student")) for _ in range(5)]
    )
    assert {type(answer) for answer in answers} == {Application}
    assert Application.objects.count() == 1


def test_numbers_have_no_gaps_when_many_send_at_once():
    cast = build()
    programme = makers.programme(cast, endorsement_required=False)
    drafts = []
    for index in range(20):
        person = make.student(f"Tələbə {index}", f"n{index}@aztu.example", cast.energy)
        drafts.append((actions.start_application(makers.vacancy(programme), actor=person.user), person.user))
    all_at_once([lambda row=row, user=user: actions.submit(row, actor=user) for row, user in drafts])
    numbers = sorted(Application.objects.values_list("number", flat=True))
    year = timezone.localdate().year
    assert numbers == [f"INT-{year}-{n:05d}" for n in range(1, 21)]


@pytest.mark.parametrize("first", ["question", "sending"])
def test_what_is_asked_does_not_change_under_the_first_who_sends(first):
    """Whoever comes second waits for the other's transaction, and is told by what it left."""
    cast = build()
    made = makers.programme(cast, transcript_required=False, cv_required=False)
    begun, came = makers.draft(cast, made), []

    def add():
        ask(cast, made, "Yeni sual", required=True)

    def send():
        actions.submit(makers.again(begun), actor=cast.user("student"))

    one, other = (add, send) if first == "question" else (send, add)

    def second():
        try:
            other()
        except Blocked as blocked:
            came.append(blocked.refusal.code)
        finally:
            connections.close_all()

    waiting = threading.Thread(target=second)
    with transaction.atomic():
        one()
        waiting.start()
        waiting.join(0.7)
        assert waiting.is_alive()
    waiting.join(60)
    assert came == ["not_answered" if first == "question" else "answered"]
    assert (
        makers.again(begun).submitted_at is None if first == "question" else not made.call.questions.exists()
    )
