"""Agreements on a map: whose places are counted, for whom, and that the list says as many."""

import pytest

from partnerships.agreements.models import Agreement
from partnerships.agreements.tests import makers
from partnerships.directory.models import Organization
from partnerships.testing import factories as make


@pytest.fixture
def spread(cast):
    """One in force with Bakı, one being signed with Gəncə, one being signed with Türkiye."""
    for node, city in ((cast.azerisiq, "Sumqayıt"), (cast.aztu, "Bakı"), (cast.adnsu, "Bakı")):
        Organization.objects.filter(pk=node.pk).update(city=city)
    makers.in_force(cast)
    makers.sent(cast, university=make.university("Gəncə Universiteti", city="Gəncə"))
    makers.sent(cast, university=make.university("Ankara Universiteti", country="TR"))
    return cast


def places(client, **params):
    spots = client.get("/agreements/map/", params).context["atlas"].spots
    return {spot.place.key: spot.count for spot in spots}


def test_a_company_sees_where_its_universities_are_and_a_university_where_its_company_is(spread, login):
    hr = login("hr")
    assert places(hr) == {"AZ-Bakı": 1}
    assert places(hr, show="signing") == {"AZ-Gəncə": 1, "TR": 1}
    assert places(hr, show="nonsense") == {"AZ-Bakı": 1}
    assert places(login("coordinator")) == {"AZ-Sumqayıt": 1}


def test_neighbours_and_students_see_nothing_of_them(spread, login):
    for stranger in ("coordinator2", "hr2", "student", "mentor"):
        assert places(login(stranger)) == {}
        assert places(login(stranger), show="signing") == {}


def test_each_place_leads_to_a_list_of_as_many(spread, login):
    for who in ("hr", "coordinator", "partnerships", "admin"):
        client = login(who)
        for show in ("in_force", "signing"):
            for spot in client.get("/agreements/map/", {"show": show}).context["atlas"].spots:
                asked = client.get(spot.url).context["asked"]
                assert asked.counts[asked.pill.key][0] == spot.count, (who, spot.url)


def test_the_list_from_the_map_says_its_place_and_that_contracts_of_one_practice_are_left_out(spread, login):
    Agreement.objects.filter(state="in_force").update(kind="placement")
    hr = login("hr")
    assert places(hr) == {}
    page = hr.get("/agreements/", {"show": "in_force", "place": "AZ-Bakı"})
    assert page.context["asked"].counts["in_force"][0] == 0
    assert "Bakı" in page.text
    rows = hr.get("/api/v1/agreements/", {"place": "AZ-Gəncə"}).json()["results"]
    assert [row["state"] for row in rows] == ["signing"]
    assert hr.get("/api/v1/agreements/", {"place": "Gəncə"}).json()["results"] == []


def test_the_map_costs_the_same_at_any_length(spread, login, django_assert_max_num_queries):
    hr = login("hr")
    for _round in range(2):
        hr.get("/agreements/map/?show=signing")
        with django_assert_max_num_queries(8):
            hr.get("/agreements/map/?show=signing")
        for n in range(4):
            makers.sent(spread, university=make.university(f"Universitet {n}", city="Şəki"))
