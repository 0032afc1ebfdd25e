"""Where a page may lead on to."""

import pytest
from django.test import RequestFactory
from django.urls import reverse, set_script_prefix

from partnerships.common.addresses import asked_next, by_slug, kept_address


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


@pytest.mark.parametrize("slug", ["yay-2027", "A_1", "a-slug-that-stands-in"])
def test_the_address_of_a_slug_is_the_one_that_it_has_by_itself(slug):
    address = reverse("internships:manage_programme", args=[slug])
    assert by_slug("internships:manage_programme", slug) == address
