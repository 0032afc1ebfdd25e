"""What a proxy or a browser may keep of a page."""

import pytest


@pytest.mark.parametrize("path", ["/inbox/", "/api/v1/applications/", "/internships/"])
def test_what_somebody_signed_in_sees_is_kept_by_no_proxy(login, path):
    response = login("student").get(path, headers={"HX-Request": "true"})
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")


def test_a_public_page_may_be_kept_by_the_cookie(client, db):
    response = client.get("/internships/")
    assert "Cache-Control" not in response
    assert "Cookie" in response["Vary"]
