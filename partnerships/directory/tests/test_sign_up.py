"""Signing up end to end, as a browser does it: form, code, and back to where one came from."""

import re
from typing import Any

import pytest
from django.test import Client

from partnerships.accounts.actions import publish_first_text
from partnerships.accounts.models import Consent, ConsentText, User
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Domain, Person
from partnerships.notifications.models import Message
from partnerships.testing import factories as make

pytestmark = pytest.mark.django_db
PLACE = "/internships/places/relay-protection/"


@pytest.fixture(autouse=True)
def text() -> ConsentText:
    publish_first_text()
    return ConsentText.objects.get()


def fill(text: ConsentText, **values: Any) -> dict[str, Any]:
    return {
        "given_name": "Nigar",
        "family_name": "Məmmədova",
        "email": "nigar@student.aztu.example",
        "password1": "dağ-çay-dəniz-2026",
        "language": "az",
        "consent": "on",
        "consent_text": text.pk,
        **values,
    }


def code(mailoutbox: Any) -> str:
    found = re.search(r"\b\d{6}\b", mailoutbox[-1].subject)
    assert found, mailoutbox[-1].subject
    return found[0]


def sign_up(
    client: Client, mailoutbox: Any, text: ConsentText, path: str = "/accounts/signup/", **values: Any
) -> Any:
    client.post(path, fill(text, **values))
    return client.post("/accounts/confirm-email/", {"code": code(mailoutbox)})


def test_a_student_who_came_from_a_place_returns_to_it_after_the_code(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    assert client.get(f"/accounts/signup/?next={PLACE}").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/accounts/signup/", fill(text, next=PLACE))
    assert response.url == "/accounts/confirm-email/"
    before = client.session.session_key
    answer = client.post("/accounts/confirm-email/", {"code": code(mailoutbox)})
    assert answer.url == PLACE
    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_the_place_is_remembered_when_a_new_sign_in_replaces_the_pending_one(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", fill(text, next=PLACE))
    session = client.session
    del session["account_login"]
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            "/accounts/login/", {"login": "nigar@student.aztu.example", "password": "dağ-çay-dəniz-2026"}
        )
    assert client.post("/accounts/confirm-email/", {"code": code(mailoutbox)}).url == PLACE


def test_a_place_on_another_host_is_forgotten(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", fill(text, next="https://evil.example/"))
    assert client.post("/accounts/confirm-email/", {"code": code(mailoutbox)}).url == "/"


def test_sign_up_keeps_the_name_the_language_and_the_consent_with_its_version(text: ConsentText) -> None:
    Client().post("/accounts/signup/", fill(text, given_name="  Nigar\u202e ", language="en"))
    user = User.objects.get()
    assert (user.person.given_name, user.person.family_name) == ("Nigar", "Məmmədova")
    assert user.language == "en"
    assert [(c.text.number, c.ip) for c in Consent.objects.filter(user=user)] == [(1, "127.0.0.1")]


def test_nobody_signs_up_without_consent(text: ConsentText) -> None:
    values = fill(text)
    del values["consent"]
    response = Client().post("/accounts/signup/", values)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["consent"]
    assert not User.objects.exists()


def test_sign_up_is_closed_before_there_is_a_text_to_agree_to(text: ConsentText) -> None:
    values = fill(text)
    text.delete()
    Client().post("/accounts/signup/", values)
    assert not User.objects.exists()


def test_the_letter_with_the_code_goes_through_the_outbox_in_the_chosen_language(
    text: ConsentText, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        Client().post("/accounts/signup/", fill(text, language="en"))
    letter = Message.objects.get()
    assert (letter.kind, letter.address, letter.language) == (
        "accounts.email_confirmation_signup",
        "nigar@student.aztu.example",
        "en",
    )
    assert re.fullmatch(r"\d{6} is your code for signing up", letter.subject)


def test_an_address_of_a_known_university_suggests_it_only_after_verification(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    aztu = make.university("Azərbaycan Texniki Universiteti", "AzTU")
    Domain.objects.create(organization=aztu, domain="aztu.example")
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", fill(text))
    assert not Affiliation.objects.exists()
    client.post("/accounts/confirm-email/", {"code": code(mailoutbox)})
    row = Affiliation.objects.get()
    assert (row.organization, row.role, row.state) == (aztu, Role.STUDENT, AffiliationState.SUGGESTED)


def test_a_person_whom_a_university_listed_is_joined_after_verification_and_not_before(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    aztu = make.university("Azərbaycan Texniki Universiteti", "AzTU")
    listed = make.student("Nigar Məmmədova", "nigar@student.aztu.example", aztu, account=False)
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", fill(text, given_name="Nigər"))
    listed.refresh_from_db()
    assert listed.user is None
    assert Person.objects.count() == 2
    client.post("/accounts/confirm-email/", {"code": code(mailoutbox)})
    listed.refresh_from_db()
    assert listed.user == User.objects.get()
    assert list(Person.objects.all()) == [listed]
    assert [(a.organization, a.state) for a in listed.affiliations.all()] == [
        (aztu, AffiliationState.VERIFIED)
    ]


def test_a_wrong_code_signs_nobody_in_and_the_fifth_ends_it(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", fill(text))
    right = code(mailoutbox)
    wrong = "000000" if right != "000000" else "111111"
    for _attempt in range(4):
        assert client.post("/accounts/confirm-email/", {"code": wrong}).status_code == 200
    assert client.post("/accounts/confirm-email/", {"code": wrong}).status_code == 302
    client.post("/accounts/confirm-email/", {"code": right})
    assert "_auth_user_id" not in client.session


def test_a_taken_address_gets_a_letter_and_no_second_account(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    make.person("Nigar Məmmədova", "nigar@student.aztu.example")
    with django_capture_on_commit_callbacks(execute=True):
        response = Client().post("/accounts/signup/", fill(text))
    assert response.url == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert Message.objects.get().kind == "accounts.account_already_exists"


def test_a_new_password_by_code_verifies_the_address_and_joins_the_listed_person(
    text: ConsentText, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    aztu = make.university("Azərbaycan Texniki Universiteti", "AzTU")
    listed = make.student("Nigar Məmmədova", "nigar@student.aztu.example", aztu, account=False)
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/signup/", fill(text))
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": "nigar@student.aztu.example"})
    client.post("/accounts/password/reset/confirm/", {"code": code(mailoutbox)})
    fresh = "yeni-parol-2026-bakı"
    client.post("/accounts/password/reset/complete/", {"password1": fresh, "password2": fresh})
    client.post("/accounts/login/", {"login": "nigar@student.aztu.example", "password": fresh})
    listed.refresh_from_db()
    assert listed.user == User.objects.get()
