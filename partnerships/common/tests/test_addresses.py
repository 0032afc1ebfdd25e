"""Where a page may lead on to."""

import pytest
from django.test import RequestFactory
from django.urls import reverse, set_script_prefix

from partnerships.common.addresses import asked_next, kept_address


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


def test_an_address_is_kept_for_each_place_where_the_portal_stands():
    here = kept_address("export", "people")
    assert here == reverse("export", args=["people"]) == kept_address("export", "people")
    set_script_prefix("/portal/")
    try:
        assert kept_address("export", "people") == f"/portal{here}"
    finally:
        set_script_prefix("/")
    assert kept_address("export", "people") == here
