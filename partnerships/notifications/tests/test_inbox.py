"""The inbox and the preferences, as their owner and as others reach them."""

from typing import Any

import pytest
from django.test import Client

from partnerships.notifications import inbox, telling, unsubscribing
from partnerships.notifications.models import Notification, Preference
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import record


def tell(cast: Cast, times: int = 1) -> None:
    telling.tell([record(cast.aztu, "rename", actor=SYSTEM).pk for _time in range(times)])


def note(cast: Cast, name: str) -> Notification:
    return Notification.objects.filter(person=getattr(cast, name)).latest("pk")


def test_the_inbox_shows_what_is_unread_in_the_readers_language(people: Cast, login: Any) -> None:
    tell(people)
    page = login("coordinator").get("/inbox/")
    assert page.text.count("The name has changed: Azərbaycan Texniki Universiteti") == 2  # words and label
    assert "Ad dəyişdi" not in page.text
    assert "Ad dəyişdi" in login("rector").get("/inbox/").text
    assert "Ad dəyişdi" not in login("coordinator2").get("/inbox/?show=all").text


def test_looking_changes_nothing_and_opening_marks_read_and_leads_on(people: Cast, login: Any) -> None:
    tell(people)
    client, mine = login("rector"), note(people, "rector")
    client.get("/inbox/")
    assert client.get(f"/inbox/{mine.uid}/read/").status_code == 405
    assert inbox.unread_count(people.user("rector")) == 1
    opened = client.post(f"/inbox/{mine.uid}/read/")
    assert (opened.status_code, opened.url) == (302, f"/organizations/{people.aztu.slug}/")
    assert inbox.unread_count(people.user("rector")) == 0
    first = note(people, "rector").read_at
    client.post(f"/inbox/{mine.uid}/read/")
    assert note(people, "rector").read_at == first
    assert "Ad dəyişdi" not in client.get("/inbox/").text
    assert "Ad dəyişdi" in client.get("/inbox/?show=all").text


def test_marking_read_stays_on_the_page_and_leads_nowhere_else(people: Cast, login: Any) -> None:
    tell(people)
    where = f"/inbox/{note(people, 'rector').uid}/read/"
    client = login("rector")
    assert client.post(where, {"stay": "1", "next": "/inbox/?show=all"}).url == "/inbox/?show=all"
    assert client.post(where, {"stay": "1", "next": "https://evil.example/"}).url == "/inbox/"
    assert client.post(where, {"stay": "1", "next": "//evil.example/"}).url == "/inbox/"


def test_nobody_reads_or_marks_what_was_told_to_another(people: Cast, login: Any) -> None:
    tell(people)
    mine = note(people, "rector")
    for name in ("coordinator", "stranger", "admin"):
        assert login(name).post(f"/inbox/{mine.uid}/read/").status_code == 404
    assert Client().post(f"/inbox/{mine.uid}/read/").status_code == 302
    login("coordinator").post("/inbox/read-all/")
    assert inbox.unread_count(people.user("rector")) == 1
    assert inbox.unread_count(people.user("coordinator")) == 0
    assert login("rector").get("/inbox/read-all/").status_code == 405


def test_pages_follow_each_other_without_loss(people: Cast, login: Any) -> None:
    tell(people, 45)
    user, seen, before = people.user("rector"), [], None
    while True:
        page = inbox.page(user, unread=True, before=before)
        seen.append([row.pk for row in page.rows])
        before = page.next_uid
        if before is None:
            break
    assert [len(rows) for rows in seen] == [20, 20, 5]
    flat = [key for rows in seen for key in rows]
    assert flat == sorted(flat, reverse=True)
    client = login("rector")
    first = client.get("/inbox/")
    assert f"before={Notification.objects.get(pk=seen[0][-1]).uid}" in first.text
    assert client.get("/inbox/?before=nonsense").status_code == 404


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_list_costs_the_same_at_any_length(
    people: Cast, login: Any, size: int, django_assert_num_queries: Any
) -> None:
    tell(people, size)
    user = people.user("rector")
    inbox.unread_count(user)
    with django_assert_num_queries(2):
        inbox.page(user, unread=True)
        inbox.unread_count(user)
    assert login("rector").get("/inbox/").status_code == 200


def test_empty_lists_say_what_would_be_here(people: Cast, login: Any) -> None:
    client = login("rector")
    assert "Hələ bildiriş yoxdur" in client.get("/inbox/").text
    assert "Hələ bildiriş yoxdur" in client.get("/inbox/?show=all").text
    tell(people, 1)
    client.post("/inbox/read-all/")
    assert "Hamısı oxunub" in client.get("/inbox/").text


def test_preferences_keep_kinds_to_the_inbox_and_urgent_ones_are_locked(people: Cast, login: Any) -> None:
    client = login("rector")
    page = client.get("/inbox/preferences/")
    assert 'value="sample.renamed" id="kind-sample.renamed" checked' in page.text
    assert 'value="sample.quiet" id="kind-sample.quiet">' in page.text
    assert 'value="sample.closing"' not in page.text
    client.post("/inbox/preferences/", {"mail": ["sample.quiet", "sample.closing", "made.up"]})
    stated = dict(
        Preference.objects.filter(person=people.rector, kind__startswith="sample.").values_list(
            "kind", "channel"
        )
    )
    assert stated == {
        "sample.kept": "inbox",
        "sample.renamed": "inbox",
        "sample.quiet": "mail",
        "sample.broken": "inbox",
        "sample.check": "inbox",
    }
    assert not Preference.objects.exclude(person=people.rector).exists()
    assert not Preference.objects.filter(kind="made.up").exists()


def test_an_account_without_a_person_has_nothing_to_choose_and_nothing_to_read(
    db: None, letters: None
) -> None:
    from partnerships.testing import factories as make

    client = Client()
    client.force_login(make.user("tek@else.example"), backend="django.contrib.auth.backends.ModelBackend")
    assert 'class="empty"' in client.get("/inbox/").text
    assert 'class="empty"' in client.get("/inbox/preferences/").text
    assert client.post("/inbox/preferences/", {"mail": []}).status_code == 200
    assert not Preference.objects.exists()


def test_one_click_leaves_a_kind_without_signing_in_and_looking_does_not(people: Cast) -> None:
    tell(people)
    token = unsubscribing.token(people.rector.pk, "sample.renamed")
    client = Client(enforce_csrf_checks=True)
    assert client.get(f"/unsubscribe/{token}/").status_code == 200
    assert not Preference.objects.exists()
    done = client.post(f"/unsubscribe/{token}/", {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert list(Preference.objects.values_list("person", "kind", "channel")) == [
        (people.rector.pk, "sample.renamed", "inbox")
    ]
    assert client.post(f"/unsubscribe/{token}x/").status_code == 404
    unknown = unsubscribing.token(people.rector.pk, "sample.unknown")
    assert client.get(f"/unsubscribe/{unknown}/").status_code == 404
