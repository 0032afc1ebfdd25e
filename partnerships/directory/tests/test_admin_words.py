"""What the administration says to a reader who hears it."""

import re

from partnerships.testing import factories as make


def test_every_link_and_field_of_the_administration_has_a_name(cast, login, settings):
    settings.DEMO = True  # no second factor asked in the embedded default
    make.organization("Mənbəli fakültə", "faculty", cast.aztu, source="hipo")
    admin = login("admin")
    listed = admin.get("/admin/directory/organization/").text
    assert re.findall(r'<a href="\?source[^"]*">\s*</a>', listed) == []
    assert "göstərilməyib" in listed
    assert 'alt="Search"' not in listed
    assert '<label for="searchbar">Axtar</label>' in listed
    form = admin.get("/admin/accounts/consenttext/add/").text
    fields = re.findall(r'<input[^>]*name="published_[01]"[^>]*>', form)
    assert [re.search(r'aria-label="([^"]*)"', field)[1] for field in fields] == ["Tarix", "Vaxt"]
