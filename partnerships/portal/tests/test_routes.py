"""Every address of ours stands in the table of who may reach it, and the table is true."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from partnerships.portal.tests.routes import COVERED, PUBLIC, ROUTES
from partnerships.testing.crawling import bare

PERSONAS = ["visitor", "student", "coordinator", "hr", "admin"]
NOTHING = {
    "UUIDConverter": uuid.UUID(int=7),
    "IntConverter": 0,
    "SlugConverter": "no-such",
    "StringConverter": "no-such",
}
# 503 is how /readyz/ says what is not well; the tests run without a worker.
REACHED = {200, 204, 301, 302, 400, 404, 409, 422, 503}


def patterns(
    resolver: Any = None, prefix: str = "", names: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(name with namespace, address from the root, pattern) of every URL that the table has to name."""
    for item in (resolver or get_resolver()).url_patterns:
        address = prefix + str(item.pattern)
        if address.startswith(COVERED):
            continue
        if isinstance(item, URLResolver):
            inner = f"{names}{item.namespace}:" if item.namespace else names
            yield from patterns(item, address, inner)
        else:
            yield f"{names}{item.name or '?'}", address, item


def test_every_address_has_a_line_in_the_table_and_every_line_an_address():
    named = {name for name, _address, _pattern in patterns()}
    assert sorted(named) == sorted(ROUTES)


def asked(name: str, pattern: URLPattern) -> str:
    values = {key: NOTHING[type(converter).__name__] for key, converter in pattern.pattern.converters.items()}
    return reverse(name, kwargs=values)


def answer(client: Client, path: str) -> Any:
    """The answer to a GET, or to an empty POST where only that is taken."""
    response = client.get(path)
    return client.post(path) if response.status_code == 405 else response


def refused(response: Any) -> bool:
    to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    return to_sign_in or response.status_code in (401, 403, 404)


@pytest.mark.wide
@pytest.mark.parametrize("persona", PERSONAS)
def test_the_table_is_true(persona: str, cast: Any, login: Callable[[str], Client], settings: Any):
    """Signed in once, and still at the end. Of a refusal the status alone is read: its page is not drawn."""
    settings.ROOT_URLCONF = bare.__name__
    client = Client() if persona == "visitor" else login(persona)
    wrong = []
    for name, _address, pattern in patterns():
        response = answer(client, asked(name, pattern))
        may = persona in ROUTES.get(name, PUBLIC)
        nothing_named = not pattern.pattern.converters
        reached = response.status_code in REACHED and not (
            refused(response) and (nothing_named or response.status_code != 404)
        )
        if (may and not reached) or (not may and not refused(response)):
            wrong.append(f"{name}: {persona} got {response.status_code}")
    assert wrong == []
    assert refused(client.get(reverse("home"))) == (persona == "visitor")


def test_the_administration_is_for_staff_alone(cast: Any, login: Callable[[str], Client], settings: Any):
    path = reverse("admin:index")
    settings.DEMO = True  # where a second factor is not asked for
    codes = {who: login(who).get(path).status_code for who in ("student", "coordinator", "hr", "admin")}
    assert codes == {"student": 302, "coordinator": 302, "hr": 302, "admin": 200}
    assert Client().get(path).status_code == 302


def test_the_administration_leads_staff_without_a_second_factor_to_enrol(login: Callable[[str], Client]):
    assert login("admin").get(reverse("admin:index"))["Location"] == reverse("mfa_index")
