"""Idempotency-Key: what was done once is answered again, and not done again."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from internships.models import Application
from internships.tests import makers
from partnerships.common import once
from partnerships.common.clock import today
from partnerships.common.models import Counter, KeptAnswer
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation
from partnerships.testing import factories as make
from partnerships.testing.races import all_at_once
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db
JSON = "application/json"
LIST = "/api/v1/applications/"
KEY = {"Idempotency-Key": "6f0c7d4e-start"}


@pytest.fixture
def place(cast):
    return str(makers.vacancy(makers.programme(cast)).uid)


def start(client, place, headers=KEY):
    return client.post(LIST, {"position": place}, content_type=JSON, headers=headers)


def test_the_same_key_is_answered_the_same_and_makes_one_row(cast, login, place):
    student = login("student")
    first, again = start(student, place), start(student, place)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert Application.objects.count() == 1
    without = start(student, place, {})
    assert "Idempotent-Replayed" not in without


def test_a_verb_is_done_once_and_its_answer_stays_although_the_row_moves_on(cast, login):
    application = makers.draft(cast, makers.programme(cast))
    student, address = login("student"), f"{LIST}{application.uid}/"
    sent = [student.post(f"{address}submit/", {}, content_type=JSON, headers=KEY) for _ in range(2)]
    assert [answer.json()["state"] for answer in sent] == ["submitted", "submitted"]
    assert Change.objects.of(application).filter(verb="submit").count() == 1
    login("student").post(f"{address}withdraw/", {}, content_type=JSON)
    assert student.post(f"{address}submit/", {}, content_type=JSON, headers=KEY).content == sent[0].content


def test_another_request_with_the_same_key_is_422_in_the_readers_language(cast, login, place):
    student = login("student")
    start(student, place)
    other = student.post(LIST, {"position": place, "x": 1}, content_type=JSON, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other.json()["detail"].startswith("Bu Idempotency-Key son 24 saatda")
    assert set(other.json()) == {"detail", "code", "request_id"}


def test_a_key_is_its_senders_own(cast, login, place):
    mine, theirs = start(login("student"), place), start(login("student2"), place)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["uid"] != theirs.json()["uid"]
    assert "Idempotent-Replayed" not in theirs


def test_a_refusal_is_answered_again_as_well(cast, login):
    application = makers.sent(cast, makers.programme(cast))
    address = f"{LIST}{application.uid}/return/"
    coordinator = login("coordinator")
    answers = [coordinator.post(address, {"note": ""}, content_type=JSON, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_what_broke_on_our_side_is_not_kept_and_may_be_tried_again(cast, rf):
    request = Request(rf.post(LIST, {}, content_type=JSON, headers=KEY))
    request.user, request.auth = cast.user("student"), None

    def breaks():
        Counter.objects.create(series="X", year=2026)
        raise RuntimeError("broken")

    def unavailable():
        Counter.objects.create(series="X", year=2026)
        return Response({"detail": "away"}, status=503)

    def refuse(error):
        raise error

    with pytest.raises(RuntimeError):
        once.once(request, breaks, refuse)
    assert once.once(request, unavailable, refuse).status_code == 503
    assert (Counter.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert once.once(request, lambda: Response({"done": 1}), refuse).status_code == 200
    assert once.once(request, breaks, refuse).data == {"done": 1}


def test_whose_role_is_over_reads_nothing_more_of_what_was_answered_before(cast, login):
    application = makers.sent(cast, makers.programme(cast))
    coordinator, address = login("coordinator"), f"{LIST}{application.uid}/"
    note = {"note": "Əsasnamə əlavə olunsun."}
    done = coordinator.post(f"{address}return/", note, content_type=JSON, headers=KEY)
    refused = coordinator.post(f"{address}endorse/", {}, content_type=JSON, headers={"Idempotency-Key": "e"})
    assert (done.status_code, refused.status_code) == (200, 409)
    Affiliation.objects.filter(person=cast.coordinator).update(ends=today() - timedelta(days=1))
    again = coordinator.post(f"{address}return/", note, content_type=JSON, headers=KEY)
    assert (again.status_code, again.content, again["Idempotent-Replayed"]) == (200, b"", "true")
    again = coordinator.post(f"{address}endorse/", {}, content_type=JSON, headers={"Idempotency-Key": "e"})
    assert again.status_code == 404
    assert Change.objects.of(application).filter(verb="return").count() == 1


def test_who_has_another_role_by_now_reads_the_row_as_they_see_it_today(cast, login, place):
    student = login("student")
    first = start(student, place)
    make.affiliation(cast.student, cast.baki, role=Role.MENTOR)
    Application.objects.update(motivation="Yarımstansiyada işləmək istəyirəm.")
    again = start(student, place)
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["uid"] == first.json()["uid"]
    assert (first.json()["motivation"], again.json()["motivation"]) == (
        "",
        "Yarımstansiyada işləmək istəyirəm.",
    )
    assert Application.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 129, "açar"])
def test_a_key_that_is_none_is_refused_before_anything_is_done(cast, login, place, key):
    answer = start(login("student"), place, {"Idempotency-Key": key})
    assert (answer.status_code, list(answer.json())) == (400, ["Idempotency-Key", "request_id"])
    assert Application.objects.count() == 0


def test_after_a_day_the_key_is_free_and_the_sweep_takes_the_row(cast, login, place):
    student = login("student")
    start(student, place)
    later = timezone.now() + timedelta(hours=24, minutes=1)
    with time_machine.travel(later, tick=False):
        answer = start(login("student"), place)
        assert "Idempotent-Replayed" not in answer
        assert once.forget() == 0
    with time_machine.travel(later + timedelta(days=1, minutes=1), tick=False):
        assert once.forget() == 1
    assert place not in "".join(KeptAnswer.objects.values_list("key", flat=True))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_do_it_once(cast):
    application = makers.draft(cast, makers.programme(cast))
    user, address = cast.user("student"), f"{LIST}{application.uid}/submit/"

    def send():
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.post(address, {}, content_type=JSON, headers=KEY)

    answers = all_at_once([send] * 4)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.get("Idempotent-Replayed", "") for answer in answers) == ["", *["true"] * 3]
    assert Change.objects.of(application).filter(verb="submit").count() == 1


def test_a_key_makes_no_post_where_there_is_none(cast, login):
    application = makers.draft(cast, makers.programme(cast))
    for address in ("/api/v1/certificates/", f"{LIST}{application.uid}/"):
        answer = login("student").post(address, {}, content_type=JSON, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
