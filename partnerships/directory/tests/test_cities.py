"""Cities are called in the reader's language."""

import pytest
from django.utils.translation import override

from partnerships.directory.actions.reference import read
from partnerships.directory.cities import ENGLISH, city_in_words
from partnerships.directory.models import Organization
from partnerships.portal.demo import UNITS
from partnerships.testing.cast import all_read


@pytest.mark.parametrize(
    ("kept", "english"),
    [
        ("Bakı", "Baku"),
        ("baki", "Baku"),
        ("Lənkəran", "Lankaran"),
        ("Hövsan", "Hövsan"),
        ("İstanbul", "İstanbul"),
        ("", ""),
    ],
)
def test_a_city_has_its_english_name_on_english_pages_alone(kept, english):
    for language, words in (("az", kept), ("en", english)):
        with override(language):
            assert city_in_words(kept) == words


def test_every_city_of_the_reference_data_and_the_demonstration_is_known():
    cities = {row["city"] for row in read("universities_az")} | {unit[-1] for unit in UNITS}
    assert sorted(cities - set(ENGLISH)) == []


@pytest.mark.django_db
def test_pages_and_api_name_the_city_in_the_language_of_the_reader(cast, login):
    Organization.objects.filter(pk=cast.aztu.pk).update(city="Gəncə", is_partner=True)
    shown = {}
    for language in ("az", "en"):
        all_read(cast, language)
        client = login("hr")
        page = client.get(cast.aztu.get_absolute_url()).content.decode()
        row = client.get(f"/api/v1/organizations/{cast.aztu.slug}/").json()
        shown[language] = ("Gəncə" in page, "Ganja" in page, row["city"], row["city_name"])
    assert shown == {"az": (True, False, "Gəncə", "Gəncə"), "en": (False, True, "Gəncə", "Ganja")}
