"""Who sees which certificate, in lists, pages, search, export and API alike."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from partnerships.certificates import reports, source
from partnerships.certificates.models import Certificate
from partnerships.certificates.source import SOURCE
from partnerships.common import among
from partnerships.common.text import fold
from partnerships.directory.asked import forget
from partnerships.directory.models import Person
from partnerships.testing.cast import Cast

SEEN = {
    "mentor": ["mentor"],  # one's own
    "mentor2": ["mentor2"],
    "hr": ["expert", "mentor"],  # the company's
    "hr2": ["mentor2"],
    "admin": ["expert", "mentor", "mentor2"],
    "coordinator": [],
    "student": [],
    "stranger": [],
    "partnerships": [],
}


@pytest.fixture
def three(cast: Cast, issued: Callable[..., Certificate]) -> dict[str, Certificate]:
    return {"mentor": issued("mentor"), "expert": issued("expert"), "mentor2": issued("mentor2", "hr2")}


@pytest.mark.parametrize("who", SEEN)
def test_rows_pages_search_and_api_agree(
    who: str, cast: Cast, three: dict[str, Certificate], login: Callable[[str], Client]
) -> None:
    user, client = cast.user(who), login(who)
    names = {row.pk: name for name, row in three.items()}
    rows = sorted(names[row.pk] for row in Certificate.objects.visible_to(user))
    assert rows == SEEN[who]
    for name, row in three.items():
        expected = 200 if name in SEEN[who] else 404
        assert client.get(row.get_absolute_url()).status_code == expected
        assert client.get(f"/certificates/{row.uid}/az.pdf").status_code == expected
        assert client.get(f"/api/v1/certificates/{row.uid}/").status_code == expected
    found = client.get("/api/v1/certificates/").json()["results"]
    assert sorted(found_row["serial"] for found_row in found) == sorted(
        three[name].serial for name in SEEN[who]
    )
    hits = {
        hit.url for word in ("Səfərov", "Nəsirov", "Mustafayev") for hit in SOURCE.finds(user, fold(word), 10)
    }
    assert hits == {three[name].get_absolute_url() for name in SEEN[who]}


@pytest.mark.parametrize("who", ["hr", "hr2", "mentor"])
def test_rows_are_told_apart_without_a_join_to_their_issuers(who: str, cast: Cast) -> None:
    # With one PostgreSQL reads and sorts them all for the first page.
    assert " JOIN " not in str(reports.of_others(cast.user(who)).values("pk").query).partition(" WHERE ")[0]


def test_visitors_see_none(three: dict[str, Certificate]) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert not Certificate.objects.visible_to(AnonymousUser()).exists()
    assert Client().get(three["mentor"].get_absolute_url()).status_code == 302
    assert SOURCE.finds(AnonymousUser(), "seferov", 10) == []


def test_the_export_holds_what_the_page_lists(
    three: dict[str, Certificate], login: Callable[[str], Client]
) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    response: Any = login("hr").get("/exports/certificates.certificates/?q=seferov")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [three["mentor"].serial]


def test_search_finds_by_number_and_by_code(cast: Cast, three: dict[str, Certificate]) -> None:
    user = cast.user("hr")
    for words in (three["expert"].serial, three["expert"].grouped_code, "nesirov samir"):
        assert [hit.url for hit in SOURCE.finds(user, fold(words), 10)] == [
            three["expert"].get_absolute_url()
        ]
    assert SOURCE.finds(user, fold(three["mentor2"].grouped_code), 10) == []


@pytest.mark.parametrize("late", [1, 2, 3, 1000])
def test_a_name_that_many_have_is_met_among_the_newest_first(
    cast: Cast, three: dict[str, Certificate], monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    forget()  # how many are looked through stands in words that are kept
    monkeypatch.setattr(source, "OF_LATE", late)
    monkeypatch.setattr(among, "OFTEN", 0)
    Certificate.objects.update(folded="hamisi")
    Person.objects.update(folded="hamisi")
    for who in SEEN:
        user = cast.user(who)
        rows = Certificate.objects.visible_to(user).order_by("-issued_at", "-pk")
        for limit in (1, 2, 10):
            hits = [hit.url for hit in SOURCE.finds(user, "hamisi", limit)]
            assert hits == [row.get_absolute_url() for row in rows[:limit]], (who, limit)
    forget()
