"""The administration of people and organisations: roles given and ended, names, whom it opens to."""

from typing import Any

import pytest
from django.test import Client

from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, Login

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_second_factor(settings: Any) -> None:
    """The demonstration lets staff in without one; that it is asked for otherwise is tested elsewhere."""
    settings.DEMO = True


def test_an_administrator_gives_and_ends_roles_beside_the_person(
    cast: Cast, login: Login, no_second_factor: None
) -> None:
    client = login("admin")
    path = f"/admin/directory/person/{cast.mentor.pk}/change/"
    assert client.get(path).status_code == 200
    old = cast.affiliation("mentor")
    values = {
        "given_name": "Rəşad",
        "family_name": "Səfərov",
        "patronymic": "",
        "user": cast.mentor.user_id,
        "email": "mentor@cast.example",
        "phone": "",
        "orcid": "",
        "affiliations-TOTAL_FORMS": "2",
        "affiliations-INITIAL_FORMS": "1",
        "affiliations-0-id": old.pk,
        "affiliations-0-person": cast.mentor.pk,
        "affiliations-0-organization": old.organization_id,
        "affiliations-0-role": "mentor",
        "affiliations-0-position": "Mühəndis",
        "affiliations-0-starts": "01.09.2020",
        "affiliations-0-ends": "31.12.2030",
        "affiliations-1-id": "",
        "affiliations-1-person": cast.mentor.pk,
        "affiliations-1-organization": cast.azerisiq.pk,
        "affiliations-1-role": "trainer",
        "affiliations-1-position": "",
        "affiliations-1-starts": "01.09.2024",
        "affiliations-1-ends": "",
    }
    response = client.post(path, values)
    assert response.status_code == 302, response.context["errors"]
    rows = Affiliation.objects.filter(person=cast.mentor).order_by("pk")
    assert [(row.role, row.state, str(row.ends)) for row in rows] == [
        ("mentor", "verified", "2030-12-31"),
        ("trainer", "verified", "None"),
    ]
    assert rows[1].verified_by_id == cast.admin.user_id


def test_the_administration_finds_people_and_organisations_however_they_are_spelt(
    cast: Cast, login: Login, no_second_factor: None
) -> None:
    client = login("admin")
    assert "Qarabağlı" in client.get("/admin/directory/person/?q=QARABAGLI").content.decode()
    assert "Texniki" in client.get("/admin/directory/organization/?q=texnıkı").content.decode()
    assert (
        client.get("/admin/accounts/user/?q=quliyeva").content.decode().count("coordinator@cast.example") >= 1
    )
    for path in ("specialty", "skill", "invitation"):
        assert client.get(f"/admin/directory/{path}/").status_code == 200
    assert client.get(f"/admin/accounts/user/{cast.hr.user_id}/change/").status_code == 200
    assert client.get("/admin/accounts/consenttext/").status_code == 200


def test_an_organisation_saved_by_hand_is_marked_and_its_names_are_shown(
    cast: Cast, login: Login, no_second_factor: None
) -> None:
    client = login("admin")
    added = client.post(
        "/admin/directory/organization/add/",
        {
            "kind": "department",
            "parent": cast.energy.pk,
            "name": "Elektrik kafedrası",
            "country": "AZ",
            "is_active": "on",
        },
    )
    assert added.status_code == 302, added.context["errors"]
    node = Organization.objects.get(name="Elektrik kafedrası")
    assert (node.path, node.root, node.edited_by_person) == (f"{cast.energy.path}{node.pk}.", cast.aztu, True)
    name = node.names.get()
    changed = client.post(
        f"/admin/directory/organization/{node.pk}/change/",
        {
            "kind": "department",
            "parent": cast.aztu.pk,
            "slug": node.slug,
            "country": "AZ",
            "is_active": "on",
            "names-TOTAL_FORMS": "2",
            "names-INITIAL_FORMS": "1",
            "names-0-id": name.pk,
            "names-0-organization": node.pk,
            "names-0-kind": "label",
            "names-0-language": "az",
            "names-0-text": "Elektrotexnika kafedrası",
            "names-1-organization": node.pk,
            "names-1-kind": "label",
            "names-1-language": "en",
            "names-1-text": "Department of Electrical Engineering",
            "domains-TOTAL_FORMS": "0",
            "domains-INITIAL_FORMS": "0",
            "external_ids-TOTAL_FORMS": "0",
            "external_ids-INITIAL_FORMS": "0",
        },
    )
    assert changed.status_code == 302, changed.context["errors"]
    node.refresh_from_db()
    assert (node.name, node.name_en) == ("Elektrotexnika kafedrası", "Department of Electrical Engineering")
    assert (node.parent, node.path) == (cast.aztu, f"{cast.aztu.path}{node.pk}.")


def test_staff_without_the_administrators_role_finds_nothing_to_open(
    cast: Cast, no_second_factor: None
) -> None:
    clerk = make.person("Katib Adi", "clerk@else.example", is_staff=True)
    make.affiliation(clerk, cast.azerisiq, Role.HR)
    client = Client()
    client.force_login(clerk.user, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("directory/person/", "directory/organization/", "accounts/user/", "accounts/consenttext/"):
        assert client.get(f"/admin/{path}").status_code == 403
