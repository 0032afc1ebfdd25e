"""The directory's pages: people, invitations, partners."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.directory import actions
from partnerships.directory.enums import AffiliationState, Kind
from partnerships.directory.models import Affiliation, Invitation
from partnerships.directory.source import SOURCE
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, Login

pytestmark = pytest.mark.django_db


# People -------------------------------------------------------------------------------------------------
def test_each_keeper_lists_their_own_people(cast: Cast, login: Login) -> None:
    mine = login("coordinator").get("/people/").content.decode()
    theirs = login("coordinator2").get("/people/").content.decode()
    assert ("Kənan Əhmədli" in mine, "Elnur Qarabağlı" in mine) == (True, False)
    assert ("Kənan Əhmədli" in theirs, "Elnur Qarabağlı" in theirs) == (False, True)


@pytest.mark.parametrize("name", ["student", "mentor", "rector", "stranger", "expert"])
def test_who_looks_after_nobody_is_told_so(cast: Cast, login: Login, name: str) -> None:
    for path in ("/people/", "/people/invitations/"):
        assert login(name).get(path).status_code == 403


def test_one_person_is_seen_by_their_keeper_and_is_not_there_for_others(cast: Cast, login: Login) -> None:
    path = f"/people/{cast.student.uid}/"
    assert login("coordinator").get(path).status_code == 200
    assert login("student").get(path).status_code == 200
    for name in ("coordinator2", "hr", "hr2", "student2", "partnerships", "mentor"):
        assert login(name).get(path).status_code == 404, name
    assert Client().get(path).status_code == 302


def waiting(cast: Cast) -> Affiliation:
    return actions.request_affiliation(cast.stranger, cast.aztu, actor=cast.user("stranger"))


def test_a_decision_needs_the_right_keeper_and_a_refusal_a_reason(cast: Cast, login: Login) -> None:
    row = waiting(cast)
    path = f"/people/affiliations/{row.uid}/"
    assert login("coordinator2").post(path, {"verb": "confirm"}).status_code == 404
    assert login("stranger").post(path, {"verb": "confirm"}).status_code == 403
    login("coordinator").post(path, {"verb": "refuse", "note": ""})
    row.refresh_from_db()
    assert row.state == AffiliationState.REQUESTED
    login("coordinator").post(path, {"verb": "refuse", "note": "Siyahıda yoxdur."})
    row.refresh_from_db()
    assert row.state == AffiliationState.REFUSED


def test_a_reason_that_is_too_long_or_comes_too_late_is_kept_on_a_page_of_its_own(
    cast: Cast, login: Login
) -> None:
    row = waiting(cast)
    path, people = f"/people/affiliations/{row.uid}/", f"/people/{cast.stranger.uid}/"
    assert "maxlength" not in login("coordinator").get(people).text.partition('name="note"')[2][:80]
    long = "Siyahıda yoxdur. " * 60 + "Son söz."
    answer = login("coordinator").post(path, {"verb": "refuse", "note": long, "next": people})
    assert (answer.status_code, "Son söz." in answer.text) == (422, True)
    assert (f"mətniniz {len(long)} simvoldur" in answer.text, "məcburi deyil" in answer.text) == (True, False)
    assert f'name="next" value="{people}"' in answer.text
    row.refresh_from_db()
    assert row.state == AffiliationState.REQUESTED
    answer = login("coordinator").post(path, {"verb": "refuse", "note": "Siyahıda yoxdur.", "next": people})
    assert answer["Location"] == people
    late = login("coordinator").post(path, {"verb": "refuse", "note": "Bizdə oxumur.", "next": people})
    assert (late.status_code, "Bizdə oxumur." in late.text) == (422, True)
    # Where nothing was typed there is nothing to keep: what hinders it is said on the page it came from.
    assert login("coordinator").post(path, {"verb": "withdraw", "next": people}).status_code in (302, 403)


def test_one_person_opens_with_the_keepers_move_and_its_buttons(cast: Cast, login: Login) -> None:
    waiting(cast)
    path = f"/people/{cast.stranger.uid}/"
    assert login("coordinator").get(path).content.decode().count('value="confirm"') == 1
    assert login("stranger").get(path).content.decode().count('value="confirm"') == 0


def test_the_ticked_are_confirmed_and_strangers_among_them_are_passed_over(cast: Cast, login: Login) -> None:
    row = waiting(cast)
    other = make.person("Orxan Kənar", "orxan@else.example")
    theirs = actions.request_affiliation(other, cast.adnsu, actor=other.user)
    login("coordinator").post("/people/confirm/", {"uid": [row.uid, theirs.uid, "junk"]})
    row.refresh_from_db()
    theirs.refresh_from_db()
    assert (row.state, theirs.state) == (AffiliationState.VERIFIED, AffiliationState.REQUESTED)


def test_pills_count_and_filter_and_search_forgives_letters(cast: Cast, login: Login) -> None:
    waiting(cast)
    client = login("coordinator")
    page = client.get("/people/")
    assert [(pill.key, pill.count) for pill in page.context["pills"]] == [
        ("", 5),
        ("waiting", 1),
        ("verified", 4),
        ("refused", 0),
    ]
    assert [row.person for row in page.context["waiting"]] == [cast.stranger]
    found = client.get("/people/?q=EHMEDLI").context["page"].rows
    assert [row.person for row in found] == [cast.colleague]


def test_the_list_costs_the_same_at_one_and_at_many_rows(cast: Cast, login: Login) -> None:
    def cost() -> int:
        client = login("coordinator")
        client.get("/people/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/people/").status_code == 200
        return len(queries)

    assert cost() == 7
    few = 8  # those who wait are read where there are any
    for number in range(12):
        who = make.student(f"Ad{number} Soyad{number}", f"s{number}@aztu.example", cast.energy)
        if number % 2:
            Affiliation.objects.filter(person=who).update(state=AffiliationState.REQUESTED)
    assert cost() == few
    assert few <= 20


def test_the_list_is_paged_in_alphabetical_order(cast: Cast, login: Login) -> None:
    for number in range(120):
        make.student(f"Ad Şamil{number:03}", f"s{number}@aztu.example", cast.energy, account=False)
    client, seen, path = login("coordinator"), [], "/people/?state=verified"
    while path:
        page = client.get(path).context["page"]
        seen += [row.person.sort_key for row in page.rows]
        path = f"/people/?state=verified&after={page.next}" if page.next else ""
    assert len(seen) == 124
    assert seen == sorted(seen)


def test_the_coordinator_corrects_studies_and_another_does_not(cast: Cast, login: Login) -> None:
    path = f"/people/{cast.student.uid}/"
    values = {
        "specialty": make.specialty().pk,
        "degree": "bachelor",
        "year": "2",
        "gpa": "70",
        "mode": "full_time",
        "version": cast.affiliation("student").version,
    }
    assert login("coordinator2").post(path, values).status_code == 404
    assert login("student").post(path, values).status_code == 404
    assert login("coordinator").post(path, values).status_code == 302
    assert cast.study("student").year == 2


def test_codes_are_made_listed_and_closed_by_their_keeper(cast: Cast, login: Login) -> None:
    client = login("coordinator")
    values = {"organization": cast.energy.pk, "role": "student", "uses": "30", "days": "14", "note": "EEM-41"}
    assert client.post("/people/invitations/", values).status_code == 302
    made = Invitation.objects.get()
    assert made.code in client.get("/people/invitations/").content.decode()
    assert made.code not in login("coordinator2").get("/people/invitations/").content.decode()
    assert login("coordinator2").post(f"/people/invitations/{made.uid}/close/").status_code == 404
    foreign = {**values, "organization": cast.oil.pk}
    assert client.post("/people/invitations/", foreign).status_code == 422
    client.post(f"/people/invitations/{made.uid}/close/")
    made.refresh_from_db()
    assert made.uses_left == 0


def test_a_code_that_works_no_more_says_so_and_is_not_closed_again(cast: Cast, login: Login) -> None:
    values = {"actor": cast.user("coordinator"), "organization": cast.energy, "role": "student", "days": 14}
    made = {
        note: actions.make_invitation(**values, uses=30, note=note) for note in ("good", "closed", "late")
    }
    actions.close_invitation(made["closed"], actor=cast.user("coordinator"))
    Invitation.objects.filter(pk=made["late"].pk).update(expires=timezone.now() - timedelta(days=1))
    page = login("coordinator").get("/people/invitations/?lang=en").content.decode()
    rows = {
        note: page.split(f'<b class="num">{row.code}<')[1].split("</tr>")[0] for note, row in made.items()
    }
    offered = {note for note, row in rows.items() if "/close/" in row}
    assert offered == {"good"}
    assert ("chip" in rows["good"], ">used up or closed<" in rows["closed"], ">over<" in rows["late"]) == (
        False,
        True,
        True,
    )


def test_a_code_for_many_coordinators_is_answered_at_the_field(cast: Cast, login: Login) -> None:
    values = {
        "organization": cast.energy.pk,
        "role": "coordinator",
        "uses": "30",
        "days": "14",
        "note": "EEM",
    }
    answer = login("coordinator").post("/people/invitations/", values)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["uses"]
    assert 'value="EEM"' in answer.content.decode()  # what was typed is kept
    assert not Invitation.objects.exists()
    assert login("coordinator").get("/people/invitations/").context["form"]["uses"].value() == 30
    assert login("hr").get("/people/invitations/").context["form"]["uses"].value() == 1


# Partners -----------------------------------------------------------------------------------------------
def test_partners_are_public_and_name_no_person(cast: Cast) -> None:
    make.university("Tərəfdaş olmayan universitet", is_partner=False)
    listing = Client().get("/partners/").content.decode()
    assert ("Texniki" in listing, "olmayan" in listing) == (True, False)
    page = Client().get(f"/partners/{cast.aztu.slug}/").content.decode()
    assert "Energetika fakültəsi" in page
    for name in ("Sevinc", "Nigar", "Vilayət"):
        assert name not in page
    assert Client().get(f"/partners/{cast.energy.slug}/").status_code == 404


def test_the_tree_of_units_costs_one_query_however_deep(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"/partners/{cast.aztu.slug}/")
        return len(queries)

    few, parent = cost(), cast.energy
    for depth in range(5):
        parent = make.organization(f"Kafedra {depth}", Kind.DEPARTMENT, parent)
    assert cost() == few


# What the portal collects ---------------------------------------------------------------------------------
def test_what_waits_is_told_to_who_decides_and_to_who_must_say_where_they_study(cast: Cast) -> None:
    waiting(cast)
    assert [todo.url for todo in SOURCE.waits(cast.user("coordinator"))] == [f"/people/{cast.stranger.uid}/"]
    assert SOURCE.waits(cast.user("coordinator2")) == []
    newcomer = make.person("Yeni Gələn", "yeni@else.example")
    assert [todo.url for todo in SOURCE.waits(newcomer.user)] == ["/profile/university/"]


def test_search_finds_people_only_for_who_may_see_them(cast: Cast) -> None:
    def titles(name: str) -> list[str]:
        return [hit.title for hit in SOURCE.finds(cast.user(name), "nigar", 10)]

    assert titles("coordinator") == ["Məmmədova Nigar"]
    assert titles("coordinator2") == titles("hr") == titles("student2") == []
