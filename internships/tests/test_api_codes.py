"""Access codes over the API: made and taken back by whom the page lets, said once, kept as a hash."""

from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.utils import timezone

from internships.models import Application
from internships.tests import makers
from partnerships.calls.models import AccessCode, AccessUse
from partnerships.common.clock import end_of_day, today
from partnerships.common.models import KeptAnswer
from partnerships.directory.models import Affiliation

pytestmark = pytest.mark.django_db
JSON = "application/json"
CODES = "/api/v1/access-codes/"
LATE = timedelta(days=12)


@pytest.fixture
def made(cast):
    return makers.programme(cast, title="Yay internshipi 2027", endorsement_required=False)


def ask(session, made, key="", days=20, **values):
    last = (today() + timedelta(days=days)).isoformat()
    body = {"programme": made.slug, "note": "Prof. Quliyevin tələbəsi", "last_day": last, **values}
    headers = {"Idempotency-Key": key} if key else {}
    return session.post(CODES, body, content_type=JSON, headers=headers)


def test_a_code_is_said_in_the_answer_to_its_making_and_opens_the_programme(cast, made, login):
    hr = login("hr")
    answer = ask(hr, made, uses=2)
    row, text = answer.json(), answer.json()["code"]
    kept = AccessCode.objects.get()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "private, no-store")
    assert (text[-4:], kept.expires) == (row["hint"], end_of_day(today() + timedelta(days=20)))
    assert (kept.note, kept.uses, kept.made_by) == ("Prof. Quliyevin tələbəsi", 2, cast.user("hr"))
    with time_machine.travel(timezone.now() + LATE):
        entered = login("student").post(
            "/api/v1/applications/by-code/", {"programme": made.slug, "code": text}, content_type=JSON
        )
        listed = hr.get(CODES, {"programme": made.slug})
    assert entered.status_code == 200
    assert Application.objects.get().person == cast.student
    assert [(one["used_by"], "code" in one) for one in listed.json()["results"]] == [
        ([cast.student.name], False)
    ]
    assert text not in listed.content.decode() + hr.get(f"{CODES}{kept.pk}/").content.decode()


def test_the_same_key_makes_one_code_and_its_words_are_not_in_the_database(made, login):
    hr = login("hr")
    first, again = ask(hr, made, key="k-1"), ask(hr, made, key="k-1")
    text = first.json()["code"]
    assert (first.content, again["Idempotent-Replayed"]) == (again.content, "true")
    assert AccessCode.objects.count() == 1
    bodies = "".join(KeptAnswer.objects.values_list("body", flat=True))
    assert (text in bodies, "Quliyev" in bodies, len(bodies) > 100) == (False, False, True)
    assert ask(hr, made, key="k-1", uses=3).json()["code"] == "idempotency_key_reused"
    KeptAnswer.objects.update(body=Fernet(Fernet.generate_key()).encrypt(b"{}").decode())
    lost = ask(hr, made, key="k-1")  # locked with a SECRET_KEY that is no more: not made a second time
    assert (lost.status_code, AccessCode.objects.count()) == (422, 1)


def test_whose_role_is_over_reads_no_code_again(cast, made, login):
    hr = login("hr")
    assert "code" in ask(hr, made, key="k-1").json()
    Affiliation.objects.filter(person=cast.hr).update(ends=today() - timedelta(days=1))
    again = ask(hr, made, key="k-1")
    assert (again.status_code, again.content, AccessCode.objects.count()) == (201, b"", 1)


@pytest.mark.parametrize("who", ["hr2", "student", "coordinator", "mentor", "partnerships"])
def test_nobody_else_makes_sees_or_takes_back_a_code(made, login, who):
    key = ask(login("hr"), made).json()["id"]
    stranger = login(who)
    assert ask(stranger, made).json()["programme"]  # a programme that is not there for them
    assert stranger.get(CODES).json()["results"] == []
    assert stranger.get(f"{CODES}{key}/").status_code == 404
    assert stranger.post(f"{CODES}{key}/revoke/", {}, content_type=JSON).status_code == 404
    assert (AccessCode.objects.count(), AccessCode.objects.get().revoked_at) == (1, None)


def test_what_cannot_be_is_said_at_its_field_and_the_page_says_the_same(cast, made, login):
    hr = login("hr")
    past, after = ask(hr, made, days=-1), ask(hr, made, days=26)
    assert [answer.status_code for answer in (past, after)] == [400, 400]
    assert past.json()["last_day"] == ["Bu tarix artıq keçib."]
    assert after.json()["last_day"]
    assert ask(hr, made, uses=501).json()["uses"]
    draft = makers.programme(cast, title="Qaralama", published=False)
    assert (ask(hr, draft).status_code, ask(hr, draft).json()["code"]) == (409, "closed")
    assert AccessCode.objects.count() == 0


def test_a_code_is_taken_back_once_and_twice_is_the_same(cast, made, login):
    hr = login("hr")
    address = f"{CODES}{ask(hr, made).json()['id']}/"
    taken = [hr.post(f"{address}revoke/", {}, content_type=JSON).json() for _ in "12"]
    assert [(row["live"], row["revoked_at"] is None) for row in taken] == [(False, False)] * 2
    assert taken[0]["revoked_at"] == taken[1]["revoked_at"]
    assert [len(hr.get(CODES, {"live": said}).json()["results"]) for said in ("true", "false")] == [0, 1]
    assert AccessUse.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_codes_costs_the_same_at_any_length(cast, made, login, django_assert_num_queries, number):
    hr = login("hr")
    texts = [ask(hr, made).json()["code"] for _ in range(number)]
    with time_machine.travel(timezone.now() + LATE):
        for text, who in zip(texts, ("student", "student2", "colleague"), strict=False):
            body = {"programme": made.slug, "code": text}
            login(who).post("/api/v1/applications/by-code/", body, content_type=JSON)
        hr.get(CODES)
        with django_assert_num_queries(8):
            rows = hr.get(CODES).json()["results"]
    assert [len(row["used_by"]) for row in rows] == [1] * number
