"""Values that no browser sends and no page may break at."""

from base64 import urlsafe_b64encode

import pytest

from partnerships.common.paging import _decode
from partnerships.common.text import key_of
from partnerships.portal.middleware import RefusalMiddleware


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/internships/interviews/?day=0001-01-01", 404),
        ("/internships/interviews/?day=9999-12-31", 404),
        ("/personal-data/?version=²", 200),
        (f"/personal-data/?version={'9' * 5000}", 404),
        (f"/internships/numbers/?year={'9' * 5000}", 200),
        ("/api/v1/interviews/?day=0001-01-01", 200),
        ("/api/v1/interviews/?day=9999-12-31", 200),
        ("/api/v1/positions/?cursor=cD1hYmM=", 404),
        ("/api/v1/access-codes/?cursor=cD0yMDI2LTEzLTQw", 404),
        ("/people/?after=W0luZmluaXR5LCBJbmZpbml0eV0", 200),
    ],
)
def test_a_value_beyond_all_bounds_is_answered_without_an_error(login, path, status):
    from partnerships.accounts.actions import publish_first_text

    client = login("hr")
    publish_first_text()
    assert client.get(path, headers={"HX-Request": "true"}).status_code == status


@pytest.mark.parametrize("uid", ["-" * 36, "0" * 36, "²", "x"])
def test_what_is_no_key_confirms_nobody(login, uid):
    assert login("hr").post("/people/confirm/", {"uid": uid}).status_code == 302


@pytest.mark.parametrize("key", ["²", "9" * 5000])
def test_what_is_no_key_removes_no_skill(login, key):
    assert login("student").post("/profile/skills/", {"remove": key}).status_code == 404


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("17", 17),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, 0),
        ("9" * 5000, 0),
        ("²", 0),
        ("٣", 0),
        ("-1", 0),
        ("", 0),
    ],
)
def test_a_key_is_a_number_that_a_row_can_have(text, key):
    assert key_of(text) == key


def test_a_cursor_nested_until_the_stack_ends_is_the_first_page():
    deep = urlsafe_b64encode(b"[" * 2000).decode()
    assert _decode(deep, 2) is None


@pytest.mark.parametrize("levels", [21, 900, 100_000])
def test_json_nested_without_end_cannot_be_read(login, levels):
    body = b'{"message": ' + b"[" * levels + b"]" * levels + b"}"
    response = login("hr").post("/api/v1/ideas/", body, content_type="application/json")
    assert response.status_code == 400


def test_a_language_is_kept_although_the_way_back_is_no_address(login):
    response = login("student").post("/language/", {"language": "en", "next": "²"})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_zero_byte_that_postgresql_refuses_is_a_bad_request(rf):
    error = ValueError("A string literal cannot contain NUL (0x00) characters.")
    response = RefusalMiddleware(lambda request: None).process_exception(rf.get("/api/v1/"), error)
    assert response.status_code == 400


@pytest.mark.postgres
def test_a_zero_byte_in_an_address_is_a_bad_request(login):
    assert login("student").post("/profile/university/", {"organization": "\0"}).status_code == 400
