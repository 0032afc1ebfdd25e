"""Lists of pages over the API: the same rows in the same order for the same people, page after page."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from internships.enums import PlacementState
from internships.models import Application, Placement, ProgrammePartner
from internships.tests import makers
from partnerships.agreements import actions as obligations
from partnerships.agreements.models import Agreement
from partnerships.agreements.standing import asleep, uncovered_lines
from partnerships.agreements.tests import makers as agreements
from partnerships.common.clock import today
from partnerships.common.listing import listing_of
from partnerships.common.paging import keyset
from partnerships.directory.models import Organization
from partnerships.indicators import actions as indicators

pytestmark = pytest.mark.django_db
API = "/api/v1"
YEAR = today().year


def listed(client: Any, address: str, query: dict[str, Any]) -> list[str]:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return [row["uid"] for row in answer.json()["results"]]


def walked(client: Any, address: str, query: dict[str, Any], key: str = "uid") -> list[str]:
    """What stands on the pages of one row each, forwards; and backwards the same."""
    url, found, pages = address, [], []
    params: Any = {**query, "page_size": 1}
    while url:
        answer = client.get(url, params)
        assert answer.status_code == 200, answer.content
        pages.append(answer.json())
        found += [row[key] for row in pages[-1]["results"]]
        url, params = pages[-1]["next"], None
    back, before = [], pages[-1]["previous"]
    while before:
        page = client.get(before).json()
        back += [row[key] for row in page["results"]]
        before = page["previous"]
    assert [*reversed(back), *found[-1:]] == found
    return found


# The working list ------------------------------------------------------------------------------------
@pytest.fixture
def round_of_three(cast):
    """Two in review, with and without a score, one still at the university; another company's beside them."""
    made = makers.programme(cast)
    rows = [makers.endorsed(cast, made, "student"), makers.endorsed(cast, made, "colleague")]
    rows.append(makers.sent(cast, made, "student2"))
    Application.objects.filter(pk=rows[0].pk).update(score="71.50")
    makers.endorsed(
        cast, makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant), "colleague"
    )
    return made


def on_page(user: Any, query: str) -> list[str]:
    listed = listing_of("internships.applications").build(user, QueryDict(query))
    return [str(row.uid) for row in keyset(listed.rows, {}, order=listed.order)]


@pytest.mark.parametrize(
    ("who", "sort", "many"),
    [
        *(("hr", sort, 2) for sort in ("score", "due", "name")),
        ("coordinator", "due", 2),
        ("coordinator2", "name", 1),
    ],
)
def test_the_order_of_the_working_list_is_that_of_the_page(cast, login, round_of_three, who, sort, many):
    asked = f"programme={round_of_three.slug}&sort={sort}"
    expected = on_page(cast.user(who), asked)
    found = walked(login(who), f"{API}/applications/", QueryDict(asked).dict() | {"mine": "false"})
    assert (found, len(found)) == (expected, many)


def test_all_rounds_are_those_of_the_page_and_an_order_is_nobodys_who_has_it_not_there(
    cast, login, round_of_three
):
    address, slug = f"{API}/applications/", round_of_three.slug
    for who in ("hr", "hr2", "coordinator", "coordinator2"):
        found = listed(login(who), address, {"programme": "all", "mine": "false"})
        assert found == on_page(cast.user(who), "programme=all")
        assert found
    refused = [
        login(who).get(address, {"programme": of, "sort": sort})
        for who, of, sort in (
            ("hr", "all", "due"),
            ("hr", slug, "commission"),
            ("coordinator", slug, "score"),
            ("hr2", slug, "score"),
            ("hr", slug, "wrong"),
        )
    ]
    assert [(one.status_code, next(iter(one.json()))) for one in refused] == [(400, "sort")] * 5
    nowhere = [
        login("hr").get(address, {"programme": slug, "sort": "score", "cursor": cursor}).status_code
        for cursor in ("x", "aXX", "bWzFd", "aWyJ4IiwxXQ")
    ]
    assert nowhere == [404] * 4


def test_scores_are_the_companys_alone(cast, login, round_of_three):
    scores = {}
    for who in ("hr", "hr2", "coordinator", "student", "admin"):
        rows = login(who).get(f"{API}/applications/", {"programme": round_of_three.slug}).json()["results"]
        scores[who] = sorted(row["score"] or "" for row in rows)
    assert scores == {
        "hr": ["", "71.50"], "hr2": [], "coordinator": ["", ""], "student": [""], "admin": ["", "", ""],
    }  # fmt: skip


def test_an_ordered_page_costs_the_same_at_any_length(cast, login, round_of_three, django_assert_num_queries):
    client, address = login("hr"), f"{API}/applications/?programme={round_of_three.slug}&sort=due"
    counts = []
    for size in (1, 2):
        with django_assert_num_queries(15, exact=False) as asked:
            assert len(client.get(f"{address}&page_size={size}").json()["results"]) == size
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


# Agreements ------------------------------------------------------------------------------------------
def test_sleeping_agreements_are_those_of_the_page(cast, login):
    framework = agreements.in_force(cast, ends=None)
    agreements.draft(cast)
    Agreement.objects.filter(pk=framework.pk).update(
        in_force_since=framework.in_force_since - timedelta(days=400)
    )
    for who, many in (("hr", 1), ("coordinator", 1), ("coordinator2", 0), ("hr2", 0), ("partnerships", 1)):
        found = listed(login(who), f"{API}/agreements/", {"asleep": "true"})
        assert found == [str(row.uid) for row in asleep(cast.user(who))]
        assert len(found) == many, who
    awake = listed(login("hr"), f"{API}/agreements/", {"asleep": "false"})
    assert (len(awake), str(framework.uid) in awake) == (1, False)


@time_machine.travel("2027-03-02T08:00:00Z", tick=False)  # all of it lies ahead
def test_activity_without_an_agreement_is_that_of_the_page_kind_after_kind(cast, login):
    made = makers.programme(cast)
    makers.placement(cast, made)
    makers.placement(cast, made, "student2")
    over = agreements.in_force(cast, ends=None)
    Agreement.objects.update(state="terminated", ended_on=today())
    Placement.objects.filter(person=cast.student).update(agreement=over, starts=today())
    for university in (cast.aztu, cast.adnsu):
        ProgrammePartner.objects.get_or_create(programme=made, university=university)
    address, lengths = f"{API}/uncovered-activities/", {}
    for who in ("hr", "coordinator", "coordinator2", "hr2", "rector", "student"):
        kinds = uncovered_lines(cast.user(who))
        expected = [line.title for _label, _many, lines in kinds for line in lines]
        rows = login(who).get(address).json()["results"]
        assert [row["title"] for row in rows] == expected
        lengths[who] = len(expected)
    assert lengths == {"hr": 4, "coordinator": 2, "coordinator2": 2, "hr2": 0, "rector": 1, "student": 1}
    assert len(walked(login("hr"), address, {}, "activity")) == 4
    rows = login("hr").get(address, {"kind": "internships.practices"}).json()["results"]
    assert {row["agreement"] for row in rows} == {None, str(over.uid)}
    assert {row["activity"] for row in rows} == {
        str(uid) for uid in Placement.objects.values_list("uid", flat=True)
    }
    nothing = login("hr").get(address, {"kind": "wrong"}).json()
    wrong = login("hr").get(address, {"cursor": "ainternships.wrong.WzFd"})
    assert (nothing, wrong.status_code) == ({"next": None, "previous": None, "results": []}, 404)


def test_an_order_of_a_ready_list_is_that_of_the_page(cast, login):
    first = agreements.in_force(cast, ends=None)
    second = agreements.draft(cast)
    Agreement.objects.filter(pk=first.pk).update(period_ends=today() + timedelta(days=9))
    Agreement.objects.filter(pk=second.pk).update(period_ends=None)
    address = f"{API}/agreements/"
    for sort in ("new", "end", "notice"):
        listed_there = listing_of("agreements.agreements").build(cast.user("hr"), QueryDict(f"sort={sort}"))
        expected = [str(row.uid) for row in keyset(listed_there.rows, {}, order=listed_there.order)]
        assert walked(login("hr"), address, {"sort": sort}) == expected
    assert walked(login("hr"), address, {"sort": "end"}) != walked(login("hr"), address, {"sort": "new"})
    assert login("hr").get(address, {"sort": "wrong"}).status_code == 400
    assert login("hr").get(f"{API}/certificates/", {"sort": "end"}).json()["results"] == []


# Numbers ---------------------------------------------------------------------------------------------
@pytest.fixture
def year(cast):
    """Two practices of two universities at one company, of which one is over, and one elsewhere."""
    made = makers.programme(cast)
    for who in ("student", "student2"):
        makers.placement(cast, made, who)
    kabel = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel")
    makers.placement(cast, kabel, "colleague", by="hr2", mentor="mentor2")
    Placement.objects.update(starts=today(), ends=today())
    Placement.objects.filter(person=cast.student).update(state=PlacementState.ASSESSED, mark=90)
    indicators.collect(["internships.practices", "internships.completed"])
    return cast


@pytest.mark.wide
def test_the_practices_behind_a_number_are_those_of_the_page(year, login):
    address, page = f"{API}/numbers/{YEAR}/students/", reverse("internships:year_students")
    aztu = Organization.objects.get(pk=year.aztu.pk).slug
    lengths = {}
    for who in ("hr", "hr2", "coordinator", "admin"):
        client = login(who)
        for query in ({}, {"group": "assessed"}, {"university": aztu}, {"q": year.student2.name[:5]}):
            shown = client.get(page, {"year": YEAR, **query}).context["placements"]
            found = listed(client, address, query)
            assert found == [str(row.uid) for row in shown], (who, query)
            lengths.setdefault(who, []).append(len(found))
    assert {who: many[0] for who, many in lengths.items()} == {
        "hr": 2,
        "hr2": 1,
        "coordinator": 2,
        "admin": 3,
    }
    assert len({many for row in lengths.values() for many in row}) > 2, "these rows tell no filter from none"
    assert len(walked(login("admin"), address, {})) == 3
    codes = {who: login(who).get(address).status_code for who in ("rector", "mentor", "student")}
    assert codes == dict.fromkeys(("rector", "mentor", "student"), 403)
    told = [login("hr").get(f"{API}/numbers/{part}").status_code for part in ("1999/students/", "1999/", "")]
    assert (told, login("hr").get(address, {"group": "wrong"}).status_code) == ([404, 404, 200], 400)


def test_the_numbers_of_a_year_are_those_of_the_page_and_are_not_sent_twice(year, login):
    address, page = f"{API}/numbers/{YEAR}/", reverse("internships:numbers")
    for who in ("hr", "rector", "coordinator"):
        told, total = login(who).get(address).json(), login(who).get(page, {"year": YEAR}).context["total"]
        assert sum(line["practices"] for line in told["universities"]) == total.opened == 2
        assert sum(line["assessed"] for line in told["enterprises"]) == total.assessed == 1
    client = login("hr")
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert [login(who).get(address).status_code for who in ("student", "mentor")] == [403, 403]
    assert client.get(f"{API}/numbers/").json()[0] == {"year": YEAR}


def test_the_records_behind_an_indicator_are_those_of_the_page(year, login):
    part = "indicators/internships.practices/"
    lengths = {}
    for who in ("hr", "hr2", "coordinator", "rector", "partnerships"):
        client = login(who)
        shown = client.get(f"/{part}records/", {"year": YEAR}).context["rows"]
        found = listed(client, f"{API}/{part}records/", {"year": YEAR})
        assert found == [str(row.uid) for row, _title, _detail in shown]
        lengths[who] = len(found)
    assert lengths == {"hr": 2, "hr2": 1, "coordinator": 2, "rector": 0, "partnerships": 0}
    assert len(walked(login("hr"), f"{API}/{part}records/", {})) == 2
    named = login("hr").get(f"{API}/{part}records/", {"partner": year.adnsu.slug}).json()["results"]
    assert [row["title"] for row in named] == [year.student2.name]
    codes = [
        login(who).get(f"{API}/{path}").status_code
        for who, path in (("student", f"{part}records/"), ("hr", "indicators/none/records/"))
    ]
    assert codes == [403, 404]
    partners = login("hr").get(f"{API}/{part}").json()["partners"]
    assert {row["slug"]: (row["value"], row["hidden"]) for row in partners} == {
        year.aztu.slug: ("1.0000", False),
        year.adnsu.slug: ("1.0000", False),
    }


@pytest.mark.parametrize("part", ["numbers", "records", "uncovered", "obligations"])
def test_a_list_costs_the_same_at_any_length(year, login, part, django_assert_max_num_queries):
    path = {
        "numbers": f"numbers/{YEAR}/students/",
        "records": "indicators/internships.practices/records/",
        "uncovered": "uncovered-activities/",
        "obligations": "obligations/",
    }[part]
    Placement.objects.update(state=PlacementState.ACTIVE)
    if part == "obligations":
        framework = agreements.in_force(year, ends=None)
        for what in ("Dərslik", "Avadanlıq"):
            owed = obligations.add_obligation(
                framework, actor=year.user("hr"), party=framework.in_order[1], what_az=what
            )
            obligations.fulfil(owed, actor=year.user("hr"), done_on=today(), note="Hazırdır")
    client, counts = login("hr"), []
    for size in (1, 2):
        with django_assert_max_num_queries(14) as asked:
            assert len(client.get(f"{API}/{path}?page_size={size}").json()["results"]) == size
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]
