"""Every verb of the API on rows of the demonstration: refused with a version that is not the row's, and where
the row does not offer it; unknown to strangers; and nothing is written or broken on the way."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from partnerships.accounts.models import User
from partnerships.api.urls import router

pytestmark = [pytest.mark.crawl, pytest.mark.django_db]

JSON = "application/json"
# Whose rows are looked at, from who sees most to who sees least.
PEOPLE = (
    *("hr", "partnerships", "coordinator", "admin", "mentor", "student", "expert", "legal", "supervisor"),
    *("rector", "hr2", "coordinator2", "student2"),
)
ROWS = 50  # of a resource, for one person
STRANGERS = ("student2", "coordinator2", "hr2", "trainer")
STALE = {"If-Match": '"999999-0000000000000000"'}
TRIES = 2  # of a verb on rows that do not offer it
# The demonstration has none of them; their own tests do.
WITHOUT_ROWS = {"deputyships", "notifications"}


@pytest.fixture(scope="module")
def clients(demonstration: None, django_db_blocker: Any) -> Iterator[dict[str, Client]]:
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        found = {}
        for user in User.objects.all():
            client = found[user.email.partition("@")[0]] = Client(raise_request_exception=False)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        logging.disable(logging.ERROR)  # refusals by the hundred are what is asked for
        yield found
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


def verbs(viewset: Any) -> list[str]:
    return [one.url_path for one in viewset.get_extra_actions() if one.detail and "post" in one.mapping]


def key_of(viewset: Any, row: dict[str, Any]) -> str:
    return str(row["id" if viewset.lookup_field == "pk" else viewset.lookup_field])


def rows_of(clients: dict[str, Client], prefix: str, viewset: Any) -> Iterator[tuple[str, str]]:
    """(who reads it, its address): rows that differ in state first."""
    for who in PEOPLE:
        answer = clients[who].get(f"/api/v1/{prefix}/", {"page_size": ROWS})
        if answer.status_code != 200:
            continue
        seen: set[Any] = set()
        for row in answer.json()["results"]:
            if row.get("state") not in seen:
                seen.add(row.get("state"))
                yield who, f"/api/v1/{prefix}/{key_of(viewset, row)}/"


def undone(client: Client, address: str, headers: dict[str, str] | None = None) -> Any:
    with transaction.atomic():
        answer = client.post(address, {}, JSON, headers=headers)
        transaction.set_rollback(True)
    return answer


WITH_VERBS = [(prefix, viewset) for prefix, viewset, _name in router.registry if verbs(viewset)]


@pytest.mark.parametrize(("prefix", "viewset"), WITH_VERBS, ids=[prefix for prefix, _viewset in WITH_VERBS])
def test_a_verb_heeds_version_state_and_reader(clients: dict[str, Client], prefix: str, viewset: Any) -> None:
    wrong: list[str] = []
    found = list(rows_of(clients, prefix, viewset))
    assert bool(found) != (prefix in WITHOUT_ROWS)
    todo, tries = set(verbs(viewset)), dict.fromkeys(verbs(viewset), TRIES)
    for at, (who, address) in enumerate(found):
        row = clients[who].get(address)
        offers = row.json().get("actions")
        offered = {one["name"].replace("-", "_") for one in offers or ()}
        for verb in sorted(todo):
            answer = undone(clients[who], f"{address}{verb}/", STALE)
            if answer.status_code == 412:
                todo.discard(verb)
            elif answer.status_code not in (403, 404):
                wrong.append(f"{who} stale {address}{verb}/: {answer.status_code} {answer.content[:200]!r}")
        for verb, left in tries.items():
            if not left or offers is None or verb.replace("-", "_") in offered:
                continue
            tries[verb] -= 1
            answer = undone(clients[who], f"{address}{verb}/")
            if answer.status_code not in (400, 403, 404, 409, 415):
                wrong.append(
                    f"{who} not offered {address}{verb}/: {answer.status_code} {answer.content[:200]!r}"
                )
        if at < 2:
            wrong += _strangers_write(clients, address, verbs(viewset)[0])
        if clients[who].get(address).content != row.content:
            wrong.append(f"{who} {address} has changed")
        if not todo and not any(tries.values()):
            break
    assert wrong == []
    assert not found or todo == set()


def _strangers_write(clients: dict[str, Client], address: str, verb: str) -> Iterator[str]:
    for stranger in STRANGERS:
        if clients[stranger].get(address).status_code == 404:
            code = undone(clients[stranger], f"{address}{verb}/").status_code
            if code != 404:
                yield f"{stranger} {address}{verb}/: {code}"
