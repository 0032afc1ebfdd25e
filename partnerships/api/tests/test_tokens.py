"""Tokens: how many there are, and when they end."""

import json

from allauth.account.adapter import get_adapter
from django.conf import settings
from knox.models import AuthToken


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
    assert (response.status_code, set(response.json())) == (400, {"detail", "request_id"})
