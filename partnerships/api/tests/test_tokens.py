"""Tokens: what they may do, how many there are, and when they end."""

import json
import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from drf_spectacular.views import SpectacularSwaggerSplitView

from partnerships.accounts.models import User
from partnerships.api import views
from partnerships.api.models import Token
from partnerships.api.urls import v1
from partnerships.common import scopes
from partnerships.common.viewsets import RowAnswers
from partnerships.testing import factories as make

ASK = {"name": "Hesabat proqramı", "writes": True}
JSON = "application/json"


@pytest.fixture
def known(login):
    """known("hr") has given the password again a moment ago."""

    def sign_in(name):
        client = login(name)
        client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
        return client

    return sign_in


def bearer(client, **values):
    made = client.post("/api/v1/tokens/", ASK | values, content_type=JSON)
    assert made.status_code == 201
    return Client(headers={"Authorization": f"Token {made.json()['token']}"})


def test_the_oldest_token_makes_room(cast, known):
    client = known("student")
    limit = settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]
    made = [bearer(client) for _ in range(limit + 1)]
    assert Token.objects.filter(user=cast.user("student")).count() == limit
    assert [made[at].get("/api/v1/applications/").status_code for at in (0, -1)] == [401, 200]


def test_a_new_password_ends_the_tokens(cast, known):
    bearer(known("student"))
    bearer(known("student2"))
    get_adapter().set_password(cast.user("student"), "Yeni-parol-2027")
    assert [token.user for token in Token.objects.all()] == [cast.user("student2")]


def test_a_session_alone_makes_no_token_before_the_password_is_given_again(login):
    answer = login("student").post("/api/v1/tokens/", ASK, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "reauthenticate")
    page = login("student").post("/profile/tokens/", {"name": "x", "days": 1})
    assert (page.status_code, page.url.split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert Token.objects.count() == 0


def test_a_token_ends_on_the_day_that_was_chosen(known):
    person = known("student")
    client, longer = bearer(person, days=2), bearer(person, days=9)
    expiry = Token.objects.order_by("expiry")[0].expiry
    with time_machine.travel(expiry - timedelta(minutes=1), tick=False):
        assert client.get("/api/v1/applications/").status_code == 200
    with time_machine.travel(expiry + timedelta(minutes=1), tick=False):
        assert longer.get("/api/v1/applications/").status_code == 200
        assert Token.objects.count() == 1  # what is over is removed when its owner asks by another
        assert client.get("/api/v1/applications/").status_code == 401
    with time_machine.travel(expiry + timedelta(days=8), tick=False):
        assert longer.get("/api/v1/applications/").status_code == 401
    assert Token.objects.count() == 0


@pytest.mark.parametrize("sent", ["0" * 64, "zqxtypedaxqz", "\u00e9" * 64, "%"])
def test_what_is_no_token_is_refused(known, sent):
    bearer(known("student"))
    answer = Client(headers={"Authorization": f"Token {sent}"}).get("/api/v1/applications/")
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 366}, {"name": " "}, {"group": "no such"}])
def test_what_is_no_token_is_refused_by_field(known, wrong):
    answer = known("student").post("/api/v1/tokens/", ASK | wrong, content_type=JSON)
    assert (answer.status_code, set(answer.json())) == (400, {*wrong, "request_id"})


@pytest.mark.parametrize(
    ("limits", "reads", "writes", "elsewhere"),
    [
        ({}, 200, 400, 200),
        ({"writes": False}, 200, 403, 200),
        ({"group": "internships"}, 200, 400, 403),
        ({"group": "internships", "writes": False}, 200, 403, 403),
        ({"group": "partnership"}, 403, 403, 200),
    ],
)
def test_a_token_does_no_more_than_it_was_made_for(known, limits, reads, writes, elsewhere):
    client, applications = bearer(known("student"), **limits), "/api/v1/applications/"
    answers = (
        client.get(applications),
        client.post(applications, {}, content_type=JSON),
        client.get("/api/v1/agreements/"),
    )
    assert tuple(answer.status_code for answer in answers) == (reads, writes, elsewhere)
    told = [answer.json()["code"] for answer in answers if answer.status_code == 403]
    assert told == ["token_scope"] * len(told)


def test_a_token_makes_no_token_and_is_told_so(known):
    answer = bearer(known("student"), writes=True).post("/api/v1/tokens/", ASK, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "token_scope")


def test_every_address_of_the_api_heeds_the_limits_of_tokens():
    free = {views.TokenView, views.EndTokenView, views.SchemaView, SpectacularSwaggerSplitView}
    seen = [getattr(pattern.callback, "cls", None) or pattern.callback.view_class for pattern in v1]
    assert [cls for cls in seen if cls not in free and not issubclass(cls, RowAnswers)] == []
    groups = {cls.token_group for cls in seen if issubclass(cls, RowAnswers)}
    assert groups == {key for key, _label in scopes.groups() if key}


def test_the_page_shows_the_secret_once_and_ends_a_token(cast, known):
    client = known("student")
    assert "Hələ token yoxdur" in client.get("/profile/tokens/").content.decode()
    values = {"name": "Hesabat <b>", "writes": "", "group": "internships", "days": 7}
    made = client.post("/profile/tokens/", values)
    secret = re.search(r'id="token" readonly value="(\w+)"', made.content.decode())[1]
    assert (made.status_code, made["Cache-Control"]) == (200, "private, no-store")
    token = Token.objects.get()
    assert (token.writes, token.group, token.user) == (False, "internships", cast.user("student"))
    assert secret not in {str(value) for value in vars(token).values()}
    program = Client(headers={"Authorization": f"Token {secret}"})
    assert program.get("/api/v1/placements/").status_code == 200
    later = client.get("/profile/tokens/").content.decode()
    assert secret not in later
    assert "Hesabat &lt;b&gt;" in later
    assert Token.objects.get().last_used is not None
    end = f"/profile/tokens/{token.uid}/end/"
    assert known("student2").post(end).status_code == 404
    assert client.post(end).url == "/profile/tokens/"
    assert program.get("/api/v1/placements/").status_code == 401


def test_what_was_typed_stands_there_again_after_the_password(login):
    client = login("student")
    asked = client.post("/profile/tokens/", {"name": "Hesabat", "writes": "yes", "days": 7})
    again = client.post(asked.url, {"password": make.PASSWORD})
    page = client.get(again.url).content.decode()
    assert Token.objects.count() == 0
    assert 'value="Hesabat"' in page
    assert 'name="days" value="7"' in page
    assert re.search(r'value="yes"[^>]*checked', page)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(known):
    answer = known("student").post("/profile/tokens/", {"name": "Hesabat", "days": 999})
    assert answer.status_code == 422
    assert 'value="Hesabat"' in answer.content.decode()
    assert Token.objects.count() == 0


def test_the_administration_shows_no_secret_and_no_hash(cast, known, settings):
    settings.DEMO = True
    secret = known("student").post("/api/v1/tokens/", ASK, content_type=JSON).json()["token"]
    token, user = Token.objects.get(), cast.user("admin")
    user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/admin/api/token/", f"/admin/api/token/{token.pk}/change/"):
        shown = client.get(address, follow=True).content.decode()
        assert (address, [part in shown for part in (secret, token.digest)]) == (address, [False, False])
        assert "Hesabat proqramı" in shown


def test_half_a_letter_in_json_is_a_bad_request(cast, login):
    body = json.dumps({"position": "\ud800"})
    response = login("student").post("/api/v1/applications/", body, content_type="application/json")
    assert (response.status_code, set(response.json())) == (400, {"detail", "code", "request_id"})


def test_a_token_is_answered_in_the_language_of_its_owner_and_a_visitor_in_azerbaijani(cast, known):
    token = known("student").post("/api/v1/tokens/", ASK, content_type=JSON).json()["token"]
    asking = {"Authorization": f"Token {token}", "Accept-Language": "ru"}
    missing = "/api/v1/applications/00000000-0000-0000-0000-000000000000/"
    told, details = {}, set()
    for language in ("az", "en"):
        User.objects.filter(pk=cast.student.user_id).update(language=language)
        answer = Client().get(missing, headers=asking)
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


def test_tokens_of_the_former_table_become_ours_and_the_table_goes(cast):
    owner = cast.user("hr")
    move = import_module("partnerships.api.migrations.0002_former_tokens").take_over
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE knox_authtoken (digest varchar(128), token_key varchar(25), user_id bigint,"
            " expiry varchar(40))"
        )
        cursor.execute(
            "INSERT INTO knox_authtoken VALUES (%s, %s, %s, %s)",
            ["d" * 128, "k" * 25, owner.pk, "2027-01-01 08:00:00"],
        )
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        move(apps, editor)
        move(apps, editor)  # a fresh database has no such table
    token = Token.objects.get()
    assert (token.user, token.digest, token.writes) == (owner, "d" * 128, True)
    assert token.expiry == datetime(2027, 1, 1, 8, tzinfo=UTC)


def test_a_token_is_taken_only_from_the_addresses_that_its_owner_named(known, client, caplog):
    hers = known("hr")
    typed = {**ASK, "networks": "203.0.113.9/24, 2001:db8::/32\n198.51.100.7"}
    made = hers.post("/api/v1/tokens/", json.dumps(typed), JSON).json()
    assert made["networks"] == "203.0.113.0/24 2001:db8::/32 198.51.100.7/32"
    head = {"Authorization": f"Token {made['token']}"}

    def asked(address):
        return client.get("/api/v1/todo/", headers=head, REMOTE_ADDR=address)

    for address in ("203.0.113.200", "::ffff:203.0.113.1", "2001:db8::5", "198.51.100.7"):
        assert asked(address).status_code == 200
    Token.objects.update(last_used=None)
    for address in ("203.0.114.1", "198.51.100.8", "::1"):
        answer = asked(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "token_network")
    forged = client.get(
        "/api/v1/todo/", headers={**head, "X-Forwarded-For": "203.0.113.1"}, REMOTE_ADDR="9.9.9.9"
    )
    assert forged.status_code == 403
    assert Token.objects.get().last_used is None
    assert [made["token"] in line for line in caplog.messages if "refused" in line] == [False] * 4
    assert hers.get("/profile/tokens/").content.decode().count("203.0.113.0/24") >= 1


@pytest.mark.parametrize(
    "typed", ["bura", "203.0.113.300", "10.0.0.0/33", " ".join(f"10.0.0.{n}" for n in range(11))]
)
def test_what_is_no_address_limits_no_token(known, typed):
    hers = known("hr")
    answer = hers.post("/api/v1/tokens/", json.dumps({**ASK, "networks": typed}), JSON)
    assert (answer.status_code, "networks" in answer.json()) == (400, True)
    page = {"name": "x", "days": "5", "networks": typed}
    assert hers.post("/profile/tokens/", page).status_code == 422
    assert not Token.objects.exists()


def test_whoever_has_the_address_of_the_api_alone_is_led_to_its_page(client) -> None:
    assert client.get("/api/v1/").headers["Location"] == "/api/v1/docs/"
