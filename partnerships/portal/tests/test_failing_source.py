"""An app that fails takes nobody's home down, and nothing of it is passed over in silence."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partnerships.common.direction import Source
from partnerships.common.piles import Numbers, Pile
from partnerships.directory.models import Person
from partnerships.portal import registry, reports
from partnerships.portal.tests.sample import direction
from partnerships.testing.cast import Cast, Login

NOT_COUNTED = {
    "az": "Burada sizdən nə gözlənildiyi indi sayıla bilmədi. Bir neçə dəqiqədən sonra yenidən baxın.",
    "en": "What waits for you here could not be counted just now. Please look again in a few minutes.",
}
NOT_READ = {
    "az": "Buradakıların hamısı indi oxuna bilmədi",
    "en": "Not everything here could be read just now",
}


def broken(*_given: Any) -> Any:
    raise ZeroDivisionError("broken on purpose")


def breaks_when_told(_user: Any) -> list[Pile]:
    return [Pile(Person.objects.order_by("pk"), 5, broken)]


def breaks_in_the_database(_user: Any) -> list[Pile]:
    return [Pile(Person.objects.extra(where=["no_such_column = 1"]), 5, str)]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """failing(piles=broken): the sample direction as it is, but for that."""

    def fail(**parts: Any) -> None:
        monkeypatch.setattr(direction, "DIRECTION", replace(direction.DIRECTION, **parts))
        registry.directions.cache_clear()

    return fail


def read(login: Login, path: str, language: str = "az") -> str:
    answer = login("hr").get(path, {"lang": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize("path", ["/home/", "/waiting/"])
@pytest.mark.parametrize("part", [{"piles": broken}, {"todos": broken}, {"piles": breaks_when_told}])
def test_home_and_the_list_stand_and_say_what_could_not_be_counted(
    part: Any, path: str, language: str, sample: Any, failing: Any, login: Login, caplog: Any
):
    failing(**part)
    page = read(login, path, language)
    assert NOT_COUNTED[language] in page
    assert str(direction.DIRECTION.name) in page
    assert 'class="empty"' not in page
    told = [one for one in caplog.records if one.name == "partnerships.portal.gathering"]
    assert {one.levelno for one in told} == {logging.ERROR}
    assert all(one.exc_info and one.exc_info[0] is ZeroDivisionError for one in told)


def test_what_other_apps_have_stays_and_what_fails_is_not_counted(
    sample: Any, login: Login, monkeypatch: pytest.MonkeyPatch, cast: Cast
):
    sample.append((cast.user("hr").email, "Qərar verin: Fərid Əlibəyli", 2))
    worse = Source(key="bookings", piles=broken, todos=broken)
    monkeypatch.setattr(registry, "core_sources", lambda: (worse,))
    page = read(login, "/home/")
    assert "Qərar verin: Fərid Əlibəyli" in page
    assert NOT_COUNTED["az"] in page
    assert reports.waiting_count(cast.user("hr")) == 1


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize(
    "part", ["dated", "calendar", "motion", "underway", "numbers", "stats", "charts", "bars"]
)
def test_the_rest_of_home_stands_without_a_part_that_fails(
    part: str, language: str, sample: Any, failing: Any, login: Login, cast: Cast, caplog: Any
):
    sample.append((cast.user("hr").email, "Qərar verin: Fərid Əlibəyli", 2))
    failing(**{part: broken})
    page = read(login, "/home/", language)
    assert "Qərar verin: Fərid Əlibəyli" in page
    assert f"{NOT_READ[language]}" in page
    assert NOT_COUNTED[language] not in page
    assert [one.exc_info[0] for one in caplog.records if one.exc_info] == [ZeroDivisionError]


def test_numbers_whose_telling_fails_are_left_out(sample: Any, failing: Any, login: Login):
    failing(numbers=lambda _user: [Numbers((), broken)])
    assert NOT_READ["az"] in read(login, "/home/")


@pytest.mark.django_db(transaction=True)
def test_where_the_database_refuses_one_app_the_others_are_asked_alone(
    sample: Any, failing: Any, login: Login, cast: Cast, caplog: Any
):
    sample.append((cast.user("hr").email, "Qərar verin: Fərid Əlibəyli", 2))
    failing(piles=breaks_in_the_database)
    page = read(login, "/home/")
    assert NOT_COUNTED["az"] in page
    assert NOT_READ["az"] not in page
    assert [one.levelno for one in caplog.records if one.exc_info] == [logging.ERROR] * 2


def test_programs_are_told_of_the_failure(sample: Any, failing: Any, cast: Cast):
    failing(piles=broken)
    with pytest.raises(ZeroDivisionError):
        reports.todos(cast.user("hr"))


def test_where_nothing_fails_nothing_is_said(sample: Any, login: Login):
    page = read(login, "/home/")
    assert NOT_COUNTED["az"] not in page
    assert NOT_READ["az"] not in page


@pytest.mark.parametrize("part", ["open_count", "open_rows"])
def test_the_public_pages_and_what_a_student_may_apply_for_stand_without_an_app_that_fails(
    part: str, monkeypatch: pytest.MonkeyPatch, login: Login, client: Client, caplog: Any
):
    one, *_between, other = registry.directions()  # which are no more than a public page yet
    worse = (replace(one, **{part: broken}), *registry.directions()[1:])
    monkeypatch.setattr(registry, "directions", lambda: worse)
    its_own, beside = reverse(one.url_name), reverse(other.url_name)
    pages = {path: client.get(path, {"lang": "az"}) for path in ("/", its_own, beside)}
    pages["/home/"] = login("student").get("/home/", {"lang": "az"})
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    for path in {"open_count": ("/", beside), "open_rows": ("/", its_own, "/home/")}[part]:
        text = " ".join(pages[path].content.decode().split())
        with translation.override("az"):
            assert f"{NOT_READ['az']}, bir neçə dəqiqədən sonra yenidən baxın: {one.name}" in text
    assert {one.exc_info[0] for one in caplog.records if one.exc_info} == {ZeroDivisionError}


def test_what_could_not_be_read_is_not_called_closed(cast: Cast, sample: Any, failing: Any, client: Client):
    failing(open_rows=broken)
    front = client.get("/")
    assert not front.context["rows"]
    assert 'class="empty"' not in front.content.decode()
