"""People whom others entered are told at once, see what stands about them, and can refuse."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.common.refusals import Refused
from partnerships.directory.actions import enlist_student
from partnerships.directory.actions.joining import join_people
from partnerships.directory.models import Affiliation, Person
from partnerships.notifications.models import Message, Notification
from partnerships.notifications.telling import tell
from partnerships.privacy import actions, collect, links
from partnerships.privacy.actions import listed
from partnerships.privacy.actions.erasing import erase_person
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import link_actor
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db


def _listed(cast: Cast, email: str = "rena@aztu.example", number: str = "T-77") -> Person:
    row, _made = enlist_student(
        cast.energy,
        actor=cast.user("coordinator"),
        given_name="Rəna",
        family_name="Tağızadə",
        email=email,
        study={"year": 3, "student_number": number},
    )
    _tell()
    return row.person


def _tell() -> None:
    tell(list(Change.objects.untold().values_list("pk", flat=True)))


def test_who_was_entered_is_told_at_once_with_a_link_of_their_own(cast: Cast) -> None:
    person = _listed(cast)
    letter = Message.objects.get(person=person)
    assert (letter.kind, letter.urgent, letter.secret) == ("privacy.listed", True, True)
    assert links.path_of(person) in letter.text
    page = Client().get(links.path_of(person)).content.decode()
    assert "Tağızadə Rəna" in page
    assert "T-77" in page
    assert ("<dt>Təşkilat</dt>" in page, "Root" in page) == (True, False)
    assert Client().get(links.path_of(person)[:-3] + "xx/").status_code == 404
    assert Client().get(links.path_of(cast.student)).status_code == 404


def test_who_refuses_is_erased_and_the_coordinator_reads_no_name(cast: Cast) -> None:
    person = _listed(cast)
    path = links.path_of(person)
    edits = set(LogEntry.objects.filter(actor=None).values_list("pk", "changes_text"))
    # Anything stricter, and browsers send the form with "Origin: null", which is refused as forged.
    assert Client().get(path)["Referrer-Policy"] == "same-origin"
    assert Client().post(path).status_code == 200
    _tell()
    assert Person.objects.get(pk=person.pk).erased_at is not None
    assert Client().post(path).status_code == 404
    told = Notification.objects.get(person=cast.coordinator, kind="privacy.refused")
    assert "Rəna" not in str(told.title) + str(told.body)
    assert not Affiliation.objects.filter(person=person, ends=None).exists()
    assert not Affiliation.objects.current().filter(person=person).exists()  # offered nowhere from now on
    assert set(LogEntry.objects.filter(actor=None).values_list("pk", "changes_text")) == edits


def test_a_letter_to_a_wrong_address_opens_nothing_once_that_is_corrected(cast: Cast) -> None:
    person = _listed(cast, "yanlis@aztu.example")
    path = links.path_of(person)
    assert Client().get(path).status_code == 200
    Person.objects.filter(pk=person.pk).update(email="rena@aztu.example")
    assert [Client().get(path).status_code, Client().post(path).status_code] == [404, 404]
    person.refresh_from_db()
    assert person.erased_at is None
    assert Client().get(links.path_of(person)).status_code == 200


def test_nobody_refuses_for_somebody_else(cast: Cast) -> None:
    person = _listed(cast)
    other = _listed(cast, "basqa@aztu.example", "T-78")
    for actor in (cast.user("coordinator"), link_actor(other.pk, f"directory.Person:{other.pk}", "x")):
        with pytest.raises(Refused):
            actions.refuse_listing(person, actor=actor)


def test_while_something_is_under_way_the_coordinator_is_asked_once(cast: Cast, monkeypatch: Any) -> None:
    person = _listed(cast)
    held = collect.Held("x", "x", "directory.Person", lambda p: Person.objects.none(), blocks=_blocked)
    whole = collect.held()
    monkeypatch.setattr(collect, "held", lambda: (*whole, held))
    path = links.path_of(person)
    page = Client().get(path).content.decode()
    assert ("Namizəd irəli sürülüb" in page, "Gözləyin" in page) == (True, False)  # the coordinator's to do
    Client().post(path)
    Client().post(path)
    _tell()
    assert Person.objects.get(pk=person.pk).erased_at is None
    told = Notification.objects.get(person=cast.coordinator, kind="privacy.objected")
    assert "Rəna Tağızadə" in told.title["az"]


def test_once_refused_nothing_comes_up_before_everything_is_gone(cast: Cast, monkeypatch: Any) -> None:
    """What stands against it is asked under the lock, and in that transaction the person is beyond reach."""
    person = _listed(cast)
    seen: list[Any] = []

    def cut_off(found: Person) -> dict[str, int]:
        row = Person.objects.get(pk=found.pk)
        joined = join_people(row, account=cast.user("stranger"), present=cast.stranger)  # they sign up
        seen.append((joined, row.given_name, row.erased_at is not None))
        return {}

    monkeypatch.setattr(listed, "erase_person", cut_off)  # the machine stops between the two
    path = links.path_of(person)
    assert (Client().post(path).status_code, Client().post(path).status_code) == (200, 404)
    assert seen == [(cast.stranger, "Rəna", True)]
    assert actions.refuse_listing(person, actor=links.actor_of(person)) is True  # pressed twice
    assert actions.finish_begun() == 0  # it may still be at work
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert (actions.finish_begun(), actions.finish_begun()) == (1, 0)
    assert Person.objects.get(pk=person.pk).family_name == ""


def test_the_page_of_who_was_erased_asks_for_nothing(cast: Cast, login: Any) -> None:
    person = _listed(cast)
    page = reverse("person_detail", args=[person.uid])
    before = login("coordinator").get(page)
    assert (
        [bool(offers) for _row, offers in before.context["affiliations"]],
        before.context["form"] is None,
    ) == (
        [True],
        False,
    )
    actions.refuse_listing(person, actor=links.actor_of(person))
    after = login("coordinator").get(page)
    assert ([offers for _row, offers in after.context["affiliations"]], after.context["form"]) == ([[]], None)
    assert [word in after.content.decode() for word in ("Silinmiş şəxs", "hesabı yoxdur", ">Əlaqə<")] == [
        True,
        False,
        False,
    ]


def _blocked(person: Person) -> list[Any]:
    return [collect.Block("Namizəd irəli sürülüb", "Gözləyin")]


def test_of_somebody_without_an_account_nothing_is_found_that_is_nobodys(cast: Cast) -> None:
    bare = Person.objects.create(given_name="Adsız", family_name="Hesabsız")
    LogEntry.objects.update(actor=None)
    found = {kind.key: kind.rows(bare).count() for kind in collect.held()}
    assert {key for key, count in found.items() if count} == {"directory.person"}


def test_a_role_that_waits_for_confirmation_waits_no_longer_once_its_person_is_erased(cast: Cast) -> None:
    person = cast.student2
    Affiliation.objects.filter(person=person).update(state="requested", verified_by=None, verified_at=None)
    erase_person(person)
    assert not Affiliation.objects.waiting().filter(person=person).exists()
