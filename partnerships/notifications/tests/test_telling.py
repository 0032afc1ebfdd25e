"""Who is told, in which words, and that a committed change is told once."""

from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from partnerships.directory.enums import Role
from partnerships.directory.models import Organization
from partnerships.notifications import telling
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record


def told(change: Change) -> set[str]:
    return {note.person.name for note in Notification.objects.filter(change=change).select_related("person")}


def mailed(change: Change) -> dict[str, str]:
    rows = Message.objects.filter(notification__change=change)
    return {row.address: row.subject for row in rows}


def test_a_change_is_told_to_its_audience_but_not_to_the_doer(people: Cast) -> None:
    change = record(people.aztu, "rename", actor=people.user("rector"))
    assert telling.tell([change.pk]) == 1
    assert told(change) == {"Sevinc Quliyeva", "Poçt Ünvanı"}
    assert set(mailed(change)) == {"coordinator@cast.example", "yalniz-poct@else.example"}
    change.refresh_from_db()
    assert change.told_at is not None


def test_words_are_kept_in_both_languages_and_mailed_in_the_recipients(people: Cast) -> None:
    change = record(people.aztu, "rename", actor=SYSTEM)
    telling.tell([change.pk])
    note = Notification.objects.get(change=change, person=people.coordinator)
    assert note.title == {
        "az": "Ad dəyişdi: Azərbaycan Texniki Universiteti",
        "en": "The name has changed: Azərbaycan Texniki Universiteti",
    }
    assert note.path == f"/organizations/{people.aztu.slug}/"
    assert mailed(change) == {
        "coordinator@cast.example": "The name has changed: Azərbaycan Texniki Universiteti",
        "rector@cast.example": "Ad dəyişdi: Azərbaycan Texniki Universiteti",
        "yalniz-poct@else.example": "Ad dəyişdi: Azərbaycan Texniki Universiteti",
    }
    letter = Message.objects.get(address="coordinator@cast.example")
    link = f"http://localhost:8000/organizations/{people.aztu.slug}/"
    assert link in letter.text
    assert link in letter.html
    assert '<html lang="en">' in letter.html


def test_who_has_no_account_is_led_to_no_page_that_stays_shut(people: Cast, client: Any) -> None:
    telling.tell([record(people.aztu, "rename", actor=SYSTEM).pk])
    outside, inside = (
        Message.objects.get(address=address)
        for address in ("yalniz-poct@else.example", "rector@cast.example")
    )
    for words in (outside.text, outside.html):
        assert "/inbox/preferences/" not in words
    for words in (inside.text, inside.html):
        assert "/inbox/preferences/" in words
        assert "/unsubscribe/" not in words
    link = outside.headers["List-Unsubscribe"].strip("<>")
    assert link in outside.text
    assert client.get(link.removeprefix("http://localhost:8000")).status_code == 200


def test_telling_twice_tells_once(people: Cast) -> None:
    change = record(people.aztu, "rename", actor=SYSTEM)
    assert telling.tell([change.pk, change.pk]) == 1
    assert telling.tell([change.pk]) == 0
    Change.objects.filter(pk=change.pk).update(told_at=None)  # as if a worker died before its last write
    assert telling.tell([change.pk]) == 1
    assert (Notification.objects.count(), Message.objects.count()) == (3, 3)


def test_a_verb_without_a_letter_is_told_to_nobody_and_done_with(people: Cast) -> None:
    change = record(people.aztu, "wave", actor=SYSTEM)
    assert telling.tell([change.pk]) == 1
    assert told(change) == set()
    assert not Change.objects.untold().exists()


def test_of_two_letters_a_person_gets_the_first_of_the_table(people: Cast) -> None:
    change = record(people.aztu, "handed_over", actor=SYSTEM)
    telling.tell([change.pk])
    kinds = dict(Notification.objects.values_list("person__given_name", "kind"))
    assert kinds == {"Sevinc": "sample.kept", "Vilayət": "sample.renamed", "Poçt": "sample.renamed"}


def test_a_preference_keeps_a_kind_to_the_inbox_but_not_an_urgent_one(people: Cast) -> None:
    for kind in ("sample.renamed", "sample.closing"):
        Preference.objects.create(person=people.rector, kind=kind, channel="mail", timing="off")
    Preference.objects.create(person=people.coordinator, kind="sample.quiet", channel="mail", timing="now")
    changes = [record(people.aztu, verb, actor=SYSTEM) for verb in ("rename", "close", "tidy")]
    telling.tell([change.pk for change in changes])
    assert [len(told(change)) for change in changes] == [3, 3, 3]
    assert [sorted(mailed(change)) for change in changes] == [
        ["coordinator@cast.example", "yalniz-poct@else.example"],
        ["coordinator@cast.example", "rector@cast.example", "yalniz-poct@else.example"],
        ["coordinator@cast.example"],
    ]


def test_who_has_no_account_is_led_to_no_preferences_that_stay_shut_to_them(people: Cast) -> None:
    telling.tell([record(people.aztu, verb, actor=SYSTEM).pk for verb in ("rename", "close")])
    ways = ("/inbox/preferences/", "/unsubscribe/")
    found = {
        (letter.kind, letter.address.partition("@")[0]): [
            [way in part for way in ways] for part in (letter.text, letter.html)
        ]
        for letter in Message.objects.all()
    }
    assert found["sample.renamed", "yalniz-poct"] == [[False, True]] * 2
    assert found["sample.closing", "yalniz-poct"] == [[False, False]] * 2  # nobody leaves that one
    assert found["sample.closing", "coordinator"] == [[True, False]] * 2


def test_an_error_in_one_letter_leaves_the_other_changes_told(people: Cast) -> None:
    bad = record(people.aztu, "break", actor=SYSTEM)
    good = record(people.aztu, "rename", actor=SYSTEM)
    with pytest.raises(telling.NotTold, match="1 changes were not told"):
        telling.tell([bad.pk, good.pk])
    assert list(Change.objects.untold()) == [bad]
    assert len(told(good)) == 3


def test_a_closed_account_gets_no_mail_and_an_erased_person_nothing(people: Cast) -> None:
    account = people.user("rector")
    account.is_active = False
    account.save()
    people.coordinator.erased_at = people.coordinator.created
    people.coordinator.save()
    change = record(people.aztu, "rename", actor=SYSTEM)
    telling.tell([change.pk])
    assert told(change) == {"Vilayət Əliyev", "Poçt Ünvanı"}
    assert set(mailed(change)) == {"yalniz-poct@else.example"}


def crowd(where: Organization, size: int) -> None:
    for number in range(size):
        who = make.person(f"Tələbə {number}", f"t{number}-{where.pk}@else.example", account=False)
        make.affiliation(who, where, Role.STUDENT)


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_cost_of_telling_does_not_grow_with_the_people(
    people: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place = make.university(f"Universitet {size}")
    crowd(place, size)
    change = record(place, "rename", actor=SYSTEM)
    telling.tell([record(place, "wave", actor=SYSTEM).pk])  # content types are read once in a process
    with django_assert_num_queries(15):
        telling.tell([change.pk])
    assert Message.objects.count() == size


@pytest.mark.django_db(transaction=True)
def test_a_committed_change_is_told_and_mailed_at_once(people: Cast) -> None:
    with transaction.atomic():
        record(people.aztu, "rename", actor=people.user("rector"))
        assert mail.outbox == []
    assert {letter.to[0] for letter in mail.outbox} == {
        "coordinator@cast.example",
        "yalniz-poct@else.example",
    }


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_never_told(people: Cast) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            record(people.aztu, "rename", actor=people.user("rector"))
            raise LookupError

    with pytest.raises(LookupError):
        change_and_fail()
    sweep_now()
    assert mail.outbox == []
    assert Notification.objects.count() == Message.objects.count() == 0


def sweep_now() -> None:
    from partnerships.notifications import tasks

    tasks.sweep()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_tells_what_the_broker_lost(people: Cast) -> None:
    change = record_unsent(people)
    sweep_now()
    assert Change.objects.untold().exists()  # its own task still has its time
    Change.objects.filter(pk=change.pk).update(at=change.at - telling.GRACE)
    sweep_now()
    assert not Change.objects.untold().exists()
    assert len(mail.outbox) == 3


def record_unsent(people: Cast) -> Change:
    """A change whose task was lost: written without the call that follows its commit."""
    with transaction.atomic():
        change = record(people.aztu, "rename", actor=SYSTEM)
        transaction.get_connection().run_on_commit.clear()
    return change
