"""Places on a map: how cities and countries are told apart, drawn and counted."""

import pytest
from django.test import Client
from django.utils.translation import override

from partnerships.directory.actions import free_slug
from partnerships.directory.cities import ENGLISH
from partnerships.directory.maps import WIDTH, Place, _sheets, atlas
from partnerships.directory.models import Organization
from partnerships.testing import factories as make

ALL = [("AZ", city, 1) for city in ENGLISH]


def test_every_city_that_has_an_english_name_has_its_point():
    assert set(_sheets()["az"]["places"]) == set(ENGLISH)
    drawn = atlas(ALL)
    assert [len(picture.spots) for picture in drawn.pictures] == [len(ENGLISH)]
    assert not drawn.undrawn


def test_a_place_is_read_from_what_it_wrote_and_from_nothing_else():
    for place in (Place("AZ", "Gəncə"), Place("AZ", "Çayqaraqoyunlu kəndi"), Place("AZ"), Place("TR")):
        assert Place.read(place.key) == place
    for key in ("", "AZ", "ZZ9", "001", "TR-Ankara", "tr", "<b>", "X" * 500):
        assert Place.read(key) is None
    assert Place.read("AZ-" + "a" * 500).city == "a" * 137


def test_spellings_of_a_city_are_one_place_and_cities_abroad_are_not_told_apart():
    drawn = atlas(
        [("AZ", "Bakı", 2), ("AZ", "BAKI", 1), ("AZ", " baki ", 1), ("TR", "Ankara", 1), ("TR", "", 3)]
    )
    with override("az"):
        assert [(spot.label, spot.count) for spot in drawn.spots] == [("Bakı", 4), ("Türkiyə", 4)]
    with override("en"):
        assert [spot.label for spot in drawn.spots] == ["Baku", "Türkiye"]


def test_what_no_picture_knows_stands_in_the_table_alone():
    drawn = atlas([("AZ", "Xınalıq kəndi", 1), ("AZ", "", 2), ("AZ", "Quba", 1), ("AQ", "", 1)])
    assert [spot.place.key for picture in drawn.pictures for spot in picture.spots] == ["AZ-Quba"]
    assert {spot.place.key for spot in drawn.spots} == {"AZ-Xınalıq kəndi", "AZ-", "AZ-Quba", "AQ"}
    assert drawn.undrawn
    assert atlas([]).pictures == []


@pytest.mark.parametrize(("which", "size", "least"), [("name", 1, 40), ("name_on_phone", 1.6, 15)])
def test_names_cover_neither_a_spot_nor_each_other_and_stay_in_the_picture(which, size, least):
    (picture,) = atlas([(country, city, 7) for country, city, _n in ALL]).pictures
    boxes = [(s.x - s.r, s.y - s.r, s.x + s.r, s.y + s.r) for s in picture.spots]
    for spot in picture.spots:
        if (name := getattr(spot, which)) is not None:
            x, y, anchor = name
            width = 12.5 * size * len(spot.label)
            left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
            boxes.append((left, y - 19 * size, left + width, y + 4 * size))
    assert len(boxes) - len(ALL) >= least
    for n, box in enumerate(boxes):
        assert box[0] >= -1
        assert box[2] <= WIDTH + 1
        for other in boxes[max(n + 1, len(ALL)) :]:
            apart = (
                box[0] >= other[2] - 1
                or other[0] >= box[2] - 1
                or box[1] >= other[3] - 1
                or other[1] >= box[3] - 1
            )
            assert apart, (box, other)


@pytest.mark.parametrize("countries", [("TR",), ("TR", "DE", "GB"), ("JP", "US", "NZ"), ("GB", "KZ", "GE")])
def test_the_world_is_drawn_as_far_as_partners_are(countries):
    (picture,) = atlas([(country, "", 1) for country in countries]).pictures
    assert len(picture.spots) == len(countries)
    for spot in picture.spots:
        assert spot.r <= spot.x <= WIDTH - spot.r
        assert spot.r <= spot.y <= picture.height - spot.r


@pytest.fixture
def everywhere(cast):
    Organization.objects.filter(pk=cast.aztu.pk).update(city="Bakı")
    Organization.objects.filter(pk=cast.adnsu.pk).update(city="BAKI")
    make.university("Gəncə Universiteti", city="Gəncə")
    make.university("Ankara Universiteti", country="TR", city="Ankara")
    make.university("Uzaq Universitet", country="DE", is_partner=False)
    return cast


def test_each_place_of_the_map_leads_to_a_list_of_as_many(everywhere):
    visitor = Client()
    for kind in ("", "university", "company", "nonsense"):
        spots = visitor.get("/partners/map/", {"kind": kind}).context["atlas"].spots
        assert spots
        for spot in spots:
            assert visitor.get(spot.url).context["count"] == spot.count, spot.url
    assert [spot.place.key for spot in spots if spot.place.country != "AZ"] == ["TR"]


def test_the_list_of_one_place_says_so_keeps_it_while_searched_and_lets_it_go(everywhere):
    page = Client().get("/partners/", {"place": "AZ-Bakı", "q": "texniki", "lang": "en"})
    assert page.context["count"] == 1
    assert '<input type="hidden" name="place" value="AZ-Bakı">' in page.text
    assert 'href="?q=texniki&amp;lang=en">Baku <span aria-hidden="true">×</span></a>' in page.text
    assert (
        Client().get("/partners/", {"place": "??"}).context["count"]
        == Client().get("/partners/").context["count"]
    )


def test_the_map_costs_the_same_at_any_length(everywhere, django_assert_num_queries):
    visitor = Client()
    visitor.get("/partners/map/")
    for _round in range(2):
        with django_assert_num_queries(1):
            visitor.get("/partners/map/")
        for n in range(30):
            make.university(f"Universitet {n}", city=list(ENGLISH)[n])


def test_the_api_narrows_by_the_same_place(everywhere):
    found = Client().get("/api/v1/organizations/", {"place": "AZ-Bakı", "partner": "true"}).json()["results"]
    assert {row["slug"] for row in found} == {everywhere.aztu.slug, everywhere.adnsu.slug} | {
        row["slug"] for row in found if row["kind"] == "company"
    }
    assert Client().get("/api/v1/organizations/", {"place": "nowhere"}).json()["results"] == []


@pytest.mark.django_db
def test_an_organisation_called_map_has_an_address_of_its_own():
    assert [free_slug("MAP"), free_slug("Map", {"x"}), free_slug("Maps")] == ["map-2", "map-2", "maps"]
