"""What this direction gives the portal's pages: each reader finds their own there and nobody else's."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone, translation

from internships import actions
from internships.home import charts, open_rows
from internships.numbers import home
from internships.tests import makers
from partnerships.common.asked import ask_together
from partnerships.common.direction import Bar
from partnerships.directory.enums import Role
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, Login

NAMES = {"Nigar Məmmədova", "Kənan Əhmədli", "Elnur Qarabağlı"}
READERS = ("student2", "coordinator", "coordinator2", "hr", "hr2", "mentor2", "stranger")


@pytest.fixture
def two_companies(cast: Cast) -> dict[str, Any]:
    """Azərişıq decides on Nigar (AzTU); the other company on Elnur (ADNSU); Kənan waits for AzTU."""
    ours = makers.programme(cast, title="Azərişıq yay təcrübəsi")
    theirs = makers.programme(
        cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel zavodunda yay"
    )
    return {
        "nigar": makers.endorsed(cast, ours),
        "kenan": makers.sent(cast, ours, "colleague"),
        "elnur": makers.endorsed(cast, theirs, "student2"),
    }


def seen(login: Login, path: str, who: str, **query: str) -> set[str]:
    page = login(who).get(path, query).content.decode()
    return {name for name in NAMES if name in page}


def test_what_waits_is_named_to_whom_it_waits_for_alone(two_companies: Any, login: Login):
    for path in ("/home/", "/waiting/"):
        assert {who: seen(login, path, who) for who in READERS} == {
            "student2": {"Elnur Qarabağlı"},  # herself, in the corner of the page
            "coordinator": {"Kənan Əhmədli"},
            "coordinator2": set(),
            "hr": {"Nigar Məmmədova"},
            "hr2": {"Elnur Qarabağlı"},
            "mentor2": set(),
            "stranger": set(),
        }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nigar", {"coordinator": {"Nigar Məmmədova"}, "hr": {"Nigar Məmmədova"}}),
        ("elnur", {"coordinator2": {"Elnur Qarabağlı"}, "hr2": {"Elnur Qarabağlı"}}),
    ],
)
def test_search_finds_an_applicant_for_their_university_and_the_company_alone(
    words: str, found: dict[str, set[str]], two_companies: Any, login: Login
):
    readers = [who for who in READERS if who != "student2"]
    expected = {who: found.get(who, set()) for who in readers}
    assert {who: seen(login, "/search/", who, q=words) for who in readers} == expected


def test_a_number_is_found_only_by_those_who_may_see_its_application(two_companies: Any, login: Login):
    number = two_companies["elnur"].number
    found = {
        who: "Elnur Qarabağlı" in login(who).get("/search/", {"q": number}).text
        for who in ("hr", "hr2", "coordinator")
    }
    assert found == {"hr": False, "hr2": True, "coordinator": False}


def feed(login: Login, who: str) -> list[str]:
    address = login(who).get("/calendar/").context["feed_url"]
    book = icalendar.Calendar.from_ical(Client().get(address.removeprefix("http://testserver")).content)
    return sorted(str(event["SUMMARY"]) for event in book.walk("VEVENT"))


def test_an_interview_is_in_the_calendar_of_those_it_concerns_alone(
    two_companies: Any, cast: Cast, login: Login
):
    starts = timezone.now() + timedelta(days=2)
    actions.invite(
        two_companies["nigar"],
        actor=cast.user("hr"),
        interviewer=cast.mentor,
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="3 nömrəli otaq",
    )
    readers = ("hr", "mentor", "hr2", "student2", "coordinator2", "stranger")
    named = {who: [line for line in feed(login, who) if "Nigar Məmmədova" in line] for who in readers}
    assert {who: len(lines) for who, lines in named.items()} == {
        "hr": 1,
        "mentor": 1,
        "hr2": 0,
        "student2": 0,
        "coordinator2": 0,
        "stranger": 0,
    }


def test_the_public_pages_name_no_applicant(two_companies: Any):
    pages = [
        Client().get(path).content.decode() for path in ("/", "/calendar/", "/search/?q=nigar", "/menu/")
    ]
    assert [name for page in pages for name in NAMES if name in page] == []


@pytest.mark.parametrize("persona", ["student", "coordinator", "hr"])
def test_home_costs_the_same_at_one_application_and_at_three(
    persona: str, cast: Cast, login: Login, settings: Any, django_assert_max_num_queries: Any
):
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    counts = []
    made = makers.programme(cast, seats=5)
    for more in (["student"], ["colleague", "student2"]):
        for who in more:
            makers.endorsed(cast, made, who)
        client = login(persona)
        client.get("/menu/")
        with django_assert_max_num_queries(37) as captured:
            client.get("/home/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def numbers_at_home(login: Login, who: str) -> list[tuple[str, str]]:
    return [(stat.value, str(stat.label)) for stat in login(who).get("/home/").context["stats"]]


def test_home_has_the_numbers_of_who_guides_leads_and_runs_the_partnership(
    cast: Cast, two_companies: Any, login: Login
):
    nigar = two_companies["nigar"]
    nigar.offered_vacancy_id = None
    for application in (nigar, two_companies["elnur"]):
        application.choices.get().vacancy.position.mentors.set([cast.mentor, cast.mentor2])
        actions.accept(
            actions.offer(application, actor=cast.user("hr" if application == nigar else "hr2")),
            actor=application.person.user,
        )
    nigar.__class__.objects.update(supervisor=cast.supervisor)
    assert numbers_at_home(login, "mentor") == [("1", "sizin təcrübəçiniz"), ("0", "qarşıdakı müsahibəniz")]
    assert numbers_at_home(login, "supervisor") == [
        ("1", "tələbələrinizin baxılan müraciəti"),
        ("0", "tələbəniz təcrübədədir"),
        ("0", "qiymət gözləyən təcrübə"),
    ]
    assert numbers_at_home(login, "rector") == [
        ("2", "tələbə müraciət edib"),
        ("0", "təklif alıb"),
        ("1", "yer alıb"),
        ("2", "hazırda açıq yer"),
    ]
    assert numbers_at_home(login, "partnerships")[0] == ("2", "hazırda açıq yer")


def test_leadership_counts_no_more_than_its_own_people_see(cast: Cast) -> None:
    head = make.person("Elçin Məmmədov", "head@azerisiq.example")
    make.affiliation(head, cast.azerisiq, Role.LEADERSHIP)
    made = makers.programme(cast)
    makers.sent(cast, made, "student")  # not yet the company's to know
    makers.sent(cast, made, "student2")  # another university's
    assert home.stats(cast.user("rector"))[0].value == "1"
    assert home.stats(head.user)[0].value == "0"
    makers.endorsed(cast, made, "colleague")
    assert home.stats(cast.user("rector"))[0].value == "2"
    assert home.stats(head.user)[0].value == "1"


def test_what_comes_next_and_what_is_open_stand_on_a_home_without_work(cast: Cast, login: Login) -> None:
    makers.programme(cast, title="Yay internshipi")
    page = login("trainer").get("/home/?lang=en")
    assert page.context["entries"] == []
    assert [str(entry.title) for entry in page.context["soon"]] == ["Applications close: Yay internshipi"]
    assert "Applications close: Yay internshipi" in page.content.decode()
    assert [row.title for row in page.context["offers"]] == ["Yarımstansiyaların istismarı"]


def test_an_administrator_is_told_only_of_those_who_have_no_coordinator(cast: Cast, login: Login) -> None:
    makers.sent(cast, makers.programme(cast), "student")  # her coordinator endorses
    page = login("admin").get("/home/?lang=en")
    assert {stat.label: stat.value for stat in page.context["stats"]}[
        "wait for you instead of a coordinator"
    ] == "0"
    assert page.context["todos"] == []


def _bars(user: Any) -> list[Bar]:
    [chart] = charts(user)
    return chart.tell(*ask_together(chart.parts))


def test_the_chart_of_seats_names_enterprises_in_the_language_of_the_page(cast: Cast):
    unit = makers.programme(cast, seats=3).positions.get().unit
    type(unit).objects.filter(pk=unit.pk).update(name="Bakı RETSİ", name_en="Baku regional network")
    shown = {}
    for language in ("az", "en"):
        with translation.override(language):
            shown[language] = [(bar.label, bar.value, bar.total) for bar in _bars(cast.user("hr"))]
    assert shown == {"az": [("Bakı RETSİ", 0, 3)], "en": [("Baku regional network", 0, 3)]}


def test_a_place_that_is_full_is_told_after_those_with_seats(cast: Cast):
    made = makers.programme(cast, seats=1)
    makers.place(cast, made, title_az="Kabel", seats=2)
    makers.offered(cast, made)
    assert [row.places for row in open_rows(5)] == [2, 0]
    assert [row.places for row in open_rows(1)] == [2]
