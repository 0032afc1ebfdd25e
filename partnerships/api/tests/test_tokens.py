"""Tokens: how many there are, and when they end."""

import json

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.test import Client
from knox.models import AuthToken

from partnerships.accounts.models import User


def test_the_oldest_token_makes_room(cast, login):
    client = login("student")
    limit = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
    made = [client.post("/api/v1/tokens/").json()["token"] for _ in range(limit + 1)]
    assert AuthToken.objects.filter(user=cast.user("student")).count() == limit
    ask = {name: {"Authorization": f"Token {made[at]}"} for name, at in (("first", 0), ("last", -1))}
    client.logout()
    assert client.get("/api/v1/applications/", headers=ask["first"]).status_code == 401
    assert client.get("/api/v1/applications/", headers=ask["last"]).status_code == 200


def test_a_new_password_ends_the_tokens(cast, login):
    login("student").post("/api/v1/tokens/")
    login("student2").post("/api/v1/tokens/")
    get_adapter().set_password(cast.user("student"), "Yeni-parol-2027")
    assert [token.user for token in AuthToken.objects.all()] == [cast.user("student2")]


def test_half_a_letter_in_json_is_a_bad_request(cast, login):
    body = json.dumps({"position": "\ud800"})
    response = login("student").post("/api/v1/applications/", body, content_type="application/json")
    assert (response.status_code, set(response.json())) == (400, {"detail", "code", "request_id"})


def test_a_token_is_answered_in_the_language_of_its_owner_and_a_visitor_in_azerbaijani(cast, login):
    token = login("student").post("/api/v1/tokens/").json()["token"]
    bearer = {"Authorization": f"Token {token}", "Accept-Language": "ru"}
    missing = "/api/v1/applications/00000000-0000-0000-0000-000000000000/"
    told, details = {}, set()
    for language in ("az", "en"):
        User.objects.filter(pk=cast.student.user_id).update(language=language)
        answer = Client().get(missing, headers=bearer)
        told[language] = (answer.status_code, answer.json()["code"], answer["Content-Language"])
        details.add(answer.json()["detail"])
    assert told == {"az": (404, "not_found", "az"), "en": (404, "not_found", "en")}
    assert len(details) == 2
    visitor = Client().get("/api/v1/applications/", headers={"Accept-Language": "en"})
    assert (visitor.status_code, visitor["Content-Language"]) == (401, "az")
    assert visitor.json()["code"] == "not_authenticated"


def test_every_refusal_has_a_code_that_does_not_change_with_the_words(cast, login):
    student = login("student")
    url = "/api/v1/applications/"
    answers = {
        404: student.get(f"{url}00000000-0000-0000-0000-000000000000/"),
        405: student.delete(url),
        415: student.post(url, "<a/>", content_type="text/xml"),
        401: Client().get(url),
    }
    assert {number: (answer.status_code, answer.json()["code"]) for number, answer in answers.items()} == {
        404: (404, "not_found"),
        405: (405, "method_not_allowed"),
        415: (415, "unsupported_media_type"),
        401: (401, "not_authenticated"),
    }


@pytest.mark.parametrize("language", ["az", "en"])
def test_what_cannot_be_read_or_has_no_csrf_token_is_refused_in_the_language_asked(cast, language):
    user = cast.user("student")
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    url = "/api/v1/applications/"
    told = {"code": "csrf_failed", "language": language, "detail": CSRF[language]}
    answer = client.post(url, "{}", content_type="application/json")
    assert (answer.status_code, said(answer)) == (403, told)
    client = Client()
    client.force_login(user)
    told = {"code": "parse_error", "language": language, "detail": UNREADABLE[language]}
    answer = client.post(url, '{"a":\n x}', content_type="application/json")
    assert (answer.status_code, said(answer)) == (400, told)


CSRF = {
    "az": "CSRF tokeni yoxdur və ya köhnəlib: kukidəki qiyməti X-CSRFToken başlığında göndərin.",
    "en": "The CSRF token is missing or out of date: send the cookie's value in X-CSRFToken.",
}
UNREADABLE = {
    "az": "Göndərilən JSON oxunmur: sətir 2, mövqe 2.",
    "en": "The JSON that was sent cannot be read: line 2, column 2.",
}


def said(answer):
    body = answer.json()
    return {"code": body["code"], "language": answer["Content-Language"], "detail": body["detail"]}
