"""What waits for somebody, the front page, and what the frame of every page costs."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from partnerships.common.clock import BAKU
from partnerships.common.direction import MenuItem, Todo
from partnerships.directory.access import has_role
from partnerships.directory.enums import AffiliationState, Role
from partnerships.portal import registry, reports
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, Login


def test_the_late_stand_on_top_then_by_date_and_what_has_no_date_last(sample: Any, cast: Cast):
    mine = cast.user("hr").email
    sample += [(mine, "Tarixsiz", None), (mine, "Sabah", 24), (mine, "Dünən", -24), (mine, "Bu gün", 2)]
    found = reports.todos(cast.user("hr"))
    assert [todo.title for todo in found] == ["Dünən", "Bu gün", "Sabah", "Tarixsiz"]
    assert reports.late(found) == 1
    assert {todo.css for todo in found} == {"d-research"}


def test_a_line_that_is_due_on_a_day_is_due_at_its_end():
    assert Todo("Cavab verin", "", "/", date(2026, 11, 28)).due == datetime(
        2026, 11, 28, 23, 59, 59, tzinfo=BAKU
    )
    moment = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert Todo("Cavab verin", "", "/", moment).due == moment


def test_home_shows_each_person_what_waits_for_them_alone(sample: Any, cast: Cast, login: Login):
    sample += [
        (cast.user("hr").email, "Qərar verin: Fərid Əlibəyli", 2),
        (cast.user("hr2").email, "Qərar verin: Başqa şirkətin namizədi", 2),
        (cast.user("coordinator").email, "Təsdiq edin: Nigar Məmmədova", 2),
    ]
    titles = {row[1] for row in sample}
    shown = {}
    for who in ("hr", "hr2", "coordinator", "student", "admin"):
        page = login(who).get("/home/").content.decode()
        shown[who] = {title for title in titles if title in page}
    assert shown == {
        "hr": {"Qərar verin: Fərid Əlibəyli"},
        "hr2": {"Qərar verin: Başqa şirkətin namizədi"},
        "coordinator": {"Təsdiq edin: Nigar Məmmədova"},
        "student": set(),
        "admin": set(),
    }


def test_the_whole_list_stands_on_its_own_page(sample: Any, cast: Cast, login: Login):
    sample += [(cast.user("hr").email, f"İş {n:02}", n + 1) for n in range(12)]
    home = login("hr").get("/home/")
    whole = login("hr").get("/waiting/")
    assert [todo.title for todo in home.context["todos"]] == [f"İş {n:02}" for n in range(8)]
    assert home.context["todo_count"] == 12
    assert [todo.title for todo in whole.context["todos"]] == [f"İş {n:02}" for n in range(12)]


FRAME = 2 + 3  # session and account; person, roles, unread
AT_HOME = 1  # one that asks all sources, and for the roles by name


def test_home_asks_all_its_sources_by_one_query_at_one_thing_and_at_thirty(
    sample: Any, cast: Cast, warm: Login, django_assert_num_queries: Callable[[int], Any]
):
    for many in (1, 30):
        sample.extend((cast.user("hr").email, f"İş {n}", n) for n in range(many))
        client = warm("hr")
        with django_assert_num_queries(FRAME + AT_HOME):
            client.get("/home/")


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(4, "Good morning"), (9, "Good afternoon"), (15, "Good evening"), (22, "Hello")],
)
def test_the_greeting_goes_by_the_hour_in_baku(hour: int, greeting: str, sample: Any, login: Login):
    client = login("hr")
    with time_machine.travel(datetime(2026, 11, 23, hour, 30, tzinfo=UTC), tick=False):
        page = client.get("/home/?lang=en").content.decode()
    assert f"{greeting}, Leyla Rəhimova" in page


def test_the_line_under_the_greeting_names_the_day_and_the_role(sample: Any, login: Login):
    client = login("hr")
    with time_machine.travel(datetime(2026, 11, 23, 6, tzinfo=UTC), tick=False):
        english = client.get("/home/?lang=en").content.decode()
        azerbaijani = client.get("/home/?lang=az").content.decode()
    assert "23 November, Monday · Azərişıq, Human resources" in english
    assert "23 noyabr, bazar ertəsi · Azərişıq" in azerbaijani


def test_somebody_without_a_role_is_led_to_say_where_they_study(sample: Any, login: Login):
    assert login("stranger").get("/home/").context["standing"] == reports.Standing()


def test_somebody_whose_role_waits_is_told_where(sample: Any, cast: Cast, login: Login):
    make.affiliation(cast.stranger, cast.energy, Role.STUDENT, state=AffiliationState.REQUESTED)
    response = login("stranger").get("/home/")
    assert response.context["standing"] == reports.Standing("Azərbaycan Texniki Universiteti")
    assert "Azərbaycan Texniki Universiteti" in response.content.decode()


def test_a_student_with_nothing_to_do_is_shown_what_is_open(sample: Any, login: Login):
    student = login("student").get("/home/")
    hr = login("hr").get("/home/")
    assert [row.title for row in student.context["offers"]] == ["Tez bağlanan", "Gec bağlanan"]
    assert hr.context["offers"] == []


def test_the_badge_in_the_menu_follows_what_the_person_does(sample: Any, cast: Cast, login: Login):
    client = login("hr")
    sample.append((cast.user("hr").email, "Bir iş", 2))
    assert client.get("/menu/").context["shell"].todo_count == 1
    sample.clear()
    assert client.get("/menu/").context["shell"].todo_count == 1  # kept for half a minute
    client.post("/calendar/renew/")
    assert client.get("/menu/").context["shell"].todo_count == 0


def test_the_frame_of_a_page_costs_three_queries(
    sample: Any, cast: Cast, warm: Login, django_assert_num_queries: Callable[[int], Any]
):
    client = warm("hr")
    with django_assert_num_queries(FRAME):
        client.get("/menu/")


def test_only_the_operators_administrator_reads_the_banner(sample: Any, login: Login):
    shown = {
        who: bool(login(who).get("/menu/").context["shell"].banner) for who in ("admin", "hr", "student")
    }
    assert shown == {"admin": True, "hr": False, "student": False}


# The front ----------------------------------------------------------------------------------------


def test_the_front_counts_what_there_is_and_invents_nothing(sample: Any, cast: Cast):
    make.organization("Tərəfdaş olmayan universitet", "university", is_partner=False)
    response = Client().get("/")
    assert response.context["partners"] == {"universities": 2, "companies": 2}
    page = response.content.decode()
    assert "3 boş yer" in page
    assert "Nümunəyə müraciət et" in page
    assert page.index("Tez bağlanan") < page.index("Gec bağlanan")


def test_the_front_with_nothing_open_says_so(cast: Cast):
    page = Client().get("/?lang=en").content.decode()
    assert "Nothing is open for applications just now." in page


def test_who_is_signed_in_is_led_from_the_front_to_their_home(login: Login):
    assert login("student").get("/")["Location"] == "/home/"
    assert login("student").get("/?lang=en")["Location"] == "/home/?lang=en"


def test_public_pages_tell_search_engines_their_languages(db: Any):
    page = " ".join(Client().get("/research/").content.decode().split())
    for code in ("az", "en"):
        assert f'hreflang="{code}" href="http://localhost:8000/research/?lang={code}"' in page
    assert 'hreflang="x-default" href="http://localhost:8000/research/"' in page


@pytest.mark.parametrize("path", ["/", "/research/", "/calendar/", "/search/", "/menu/"])
def test_pages_that_differ_by_reader_say_so_to_caches(path: str, db: Any):
    assert "Cookie" in Client().get(path)["Vary"]


def test_the_language_of_a_page_is_the_one_asked_for(db: Any):
    assert '<html lang="en"' in Client().get("/?lang=en").content.decode()
    assert '<html lang="az"' in Client().get("/").content.decode()


def test_robots_are_kept_from_what_is_private(db: Any):
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /home/", "Disallow: /admin/", "Disallow: /calendar/*.ics"} <= set(lines)


@pytest.mark.parametrize("key", ["research", "training", "events", "technopark"])
def test_a_direction_without_anything_open_says_what_will_be_here(key: str, db: Any):
    with translation.override("en"):
        response = Client().get(f"/{key}/?lang=en")
    page = response.content.decode()
    assert response.context["direction"].key == key
    assert response.context["direction"].open_count() == (0, "")
    assert page.count("<li>") >= 6
    assert "mailto:portal@azerishiq.example" in page


def test_the_page_of_a_direction_leads_who_has_pages_in_it_to_them(
    login: Login, monkeypatch: pytest.MonkeyPatch
):
    menu = (MenuItem("Kitablar", "bookings:list", has_role(Role.HR)),)
    research = replace(registry.direction("research"), menu=menu)
    monkeypatch.setattr(registry, "direction", lambda _key: research)
    readers = {"hr": login("hr"), "student": login("student"), "": Client()}
    pages = {who: client.get("/research/").content.decode() for who, client in readers.items()}
    lines = {who: page.split('class="two"')[1].count("Kitablar") for who, page in pages.items()}
    assert lines == {"hr": 1, "student": 0, "": 0}


@pytest.mark.parametrize("who", ["expert", "organiser", "trainer", "founder"])
def test_a_role_without_work_yet_reads_what_is_open_who_the_partners_are_and_what_its_profile_lacks(
    who: str, cast: Cast, login: Login
):
    page = login(who).get("/home/?lang=en")
    assert {stat.label: stat.value for stat in page.context["stats"]} == {
        "partner universities": "2",
        "partner companies": "2",
        "places open now": "0",
    }
    lacks = ["phone", "skills", "ORCID"] if who == "expert" else ["phone", "skills"]
    assert page.context["gaps"] == lacks
    assert login("hr").get("/home/").context["gaps"] == []


@pytest.mark.urls("partnerships.portal.tests.raising")
def test_the_page_of_a_refusal_counts_nothing_and_what_is_known_stays(
    sample: Any, cast: Cast, warm: Login, django_assert_num_queries: Callable[[int], Any]
):
    sample.append((cast.user("hr").email, "Bir iş", 2))
    client = warm("hr")
    assert client.get("/menu/").context["shell"].todo_count == 1
    sample.clear()
    refused = client.post("/fail/stale/")
    assert (refused.status_code, refused.context["shell"].todo_count) == (409, 1)  # nothing has changed
    client.post("/calendar/renew/")
    sample.append((cast.user("hr").email, "Bir iş", 2))
    with django_assert_num_queries(FRAME):
        assert client.post("/fail/stale/").context["shell"].todo_count == 0
    assert client.get("/menu/").context["shell"].todo_count == 1


def test_the_page_of_the_menu_draws_what_belongs_to_a_direction_under_its_name(login: Login):
    page = login("hr").get("/menu/").content.decode()
    links = re.findall(r'<a class="(todo[^"]*)"\s+href="(/[^"]*)"', page)
    drawn = [css for css, url in links if url.startswith("/internships/")]
    assert (drawn[0], set(drawn[1:])) == ("todo d-internships", {"todo sub"})
