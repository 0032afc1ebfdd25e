"""Where a page may lead on to."""

import pytest
from django.test import RequestFactory

from partnerships.common.addresses import asked_next


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "///evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "account_login",
        "²",
        "",
    ],
)
def test_what_is_no_path_of_ours_leads_to_the_default(address):
    request = RequestFactory().post("/", {"next": address})
    assert asked_next(request, "/home/") == "/home/"


def test_a_path_of_ours_keeps_its_query():
    request = RequestFactory().get("/", {"next": "/people/?state=waiting"})
    assert asked_next(request) == "/people/?state=waiting"
