"""The inbox and the preferences, as their owner and as others reach them."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import set_script_prefix

from partnerships.directory.actions import merge_people
from partnerships.notifications import inbox, outbox, telling, unsubscribing
from partnerships.notifications.models import Notification, Preference, Rhythm
from partnerships.privacy.actions.erasing import erase_person
from partnerships.testing import factories as make
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


def test_the_bell_counts_to_ninety_nine_and_then_says_that_there_are_more(people: Cast, login: Any) -> None:
    tell(people)
    first = note(people, "coordinator")
    for _time in range(105):
        first.pk, first.change, first._state.adding, first.read_at = None, None, True, None
        first.uid = uuid.uuid4()
        first.save()
    page = login("coordinator").get("/inbox/").text
    assert '<span class="num">99+</span>' in page
    assert '<span class="num">100</span>' not in page


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


def chosen(person: Any) -> dict[tuple[str, str], str]:
    rows = Preference.objects.filter(person=person, kind__startswith="sample.")
    return {(row.kind, row.channel): row.timing for row in rows}


def filled(page: str) -> dict[str, str]:
    """The preferences form as the browser would send it."""
    data = dict.fromkeys(re.findall(r'name="(portal-[^"]+)"[^>]*checked', page), "on")
    for name, options in re.findall(r'<select name="(mail-[^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        data[name] = re.findall(r'value="(\w+)" selected', options)[0]
    for name, value in re.findall(r'name="(quiet_\w+)" value="([^"]+)"', page):
        data[name] = value
    return data


def test_each_kind_is_chosen_by_channel_and_urgent_ones_say_why_not(people: Cast, login: Any) -> None:
    client = login("rector")
    page = client.get("/inbox/preferences/").text
    data = filled(page)
    assert {name: value for name, value in data.items() if name.startswith("mail-sample.")} == {
        "mail-sample.kept": "now",
        "mail-sample.renamed": "now",
        "mail-sample.quiet": "off",
        "mail-sample.many": "now",
        "mail-sample.broken": "now",
        "mail-sample.check": "now",
    }
    assert "portal-sample.renamed" in data
    assert 'id="mail-sample.closing"' not in page
    assert "həmişə, hər iki yolla: sizi gözləyir və gecikə bilməz" in page
    del data["portal-sample.quiet"]
    changed = {"mail-sample.renamed": "weekly", "mail-sample.closing": "off", "mail-made.up": "now"}
    answer = client.post("/inbox/preferences/", {**data, **changed})
    assert answer.status_code == 302
    mine = chosen(people.rector)
    assert mine["sample.renamed", "mail"] == "weekly"
    assert (mine["sample.quiet", "portal"], mine["sample.quiet", "mail"]) == ("off", "off")
    assert mine["sample.renamed", "portal"] == "now"
    assert not any(kind in ("sample.closing", "made.up") for kind, _channel in mine)
    assert not Preference.objects.exclude(person=people.rector).exists()
    assert filled(client.get("/inbox/preferences/").text)["mail-sample.renamed"] == "weekly"


def test_bad_values_are_refused_on_the_page_and_nothing_is_kept(people: Cast, login: Any) -> None:
    client = login("rector")
    data = filled(client.get("/inbox/preferences/").text)
    for wrong in ({"mail-sample.renamed": "hourly"}, {"quiet_from": "25:00"}):
        answer = client.post("/inbox/preferences/", {**data, **wrong})
        assert answer.status_code == 422
        assert answer.text.count('class="error-summary"') == 1
    assert answer.text.count('<div class="invalid-feedback d-block">') == 1  # at its field, as everywhere
    assert "errorlist" not in answer.text
    assert not Preference.objects.exists()
    assert not Rhythm.objects.exists()


def test_one_button_chooses_for_all_kinds_that_leave_a_choice(people: Cast, login: Any) -> None:
    client = login("rector")
    assert client.get("/inbox/preferences/all/").status_code == 405
    wrong = client.post("/inbox/preferences/all/", {"timing": "hourly"}, follow=True)
    assert "Heç nə dəyişmədi" in wrong.text
    assert not Preference.objects.exists()
    client.post("/inbox/preferences/all/", {"timing": "daily"})
    assert set(chosen(people.rector).values()) == {"daily"}
    assert ("sample.closing", "mail") not in chosen(people.rector)


def test_what_is_off_in_the_portal_stands_in_the_list_as_read_and_is_still_mailed(people: Cast) -> None:
    Preference.objects.create(person=people.rector, kind="sample.renamed", channel="portal", timing="off")
    tell(people)
    assert inbox.unread_count(people.user("rector")) == 0
    assert len(inbox.page(people.user("rector"), unread=False).rows) == 1
    assert outbox.deliver() == 3


def test_an_account_without_a_person_has_nothing_to_choose_and_nothing_to_read(
    db: None, letters: None
) -> None:
    from partnerships.testing import factories as make

    client = Client()
    client.force_login(make.user("tek@else.example"), backend="django.contrib.auth.backends.ModelBackend")
    assert 'class="empty"' in client.get("/inbox/").text
    assert 'class="empty"' in client.get("/inbox/preferences/").text
    assert client.post("/inbox/preferences/", {"quiet_from": "23:00"}).status_code == 200
    assert not Preference.objects.exists()


def test_one_click_leaves_a_kind_without_signing_in_and_looking_does_not(people: Cast) -> None:
    tell(people)
    token = unsubscribing.token(people.rector.pk, "sample.renamed")
    client = Client(enforce_csrf_checks=True)
    shown = client.get(f"/unsubscribe/{token}/")
    assert (shown.status_code, shown.context["done"]) == (200, False)
    assert not Preference.objects.exists()
    done = client.post(f"/unsubscribe/{token}/", {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert list(Preference.objects.values_list("person", "kind", "channel", "timing")) == [
        (people.rector.pk, "sample.renamed", "mail", "off")
    ]
    assert client.get(f"/unsubscribe/{token}/").context["done"]  # who clicks again is asked nothing
    assert client.post(f"/unsubscribe/{token}x/").status_code == 404
    assert "Bu keçid açılmır" in client.get(f"/unsubscribe/{token}x/").text  # cut off on its way
    unknown = unsubscribing.token(people.rector.pk, "sample.unknown")
    assert client.get(f"/unsubscribe/{unknown}/").status_code == 404


def test_the_link_of_a_letter_leads_to_the_record_that_a_merge_has_left(people: Cast) -> None:
    """Also over two merges: somebody who was there three times."""
    token = unsubscribing.token(people.rector.pk, "sample.renamed")
    admin, second, last = people.user("admin"), make.person("Akif Əliyev"), make.person("Akif Əliyev")
    merge_people(second, people.rector, actor=admin, reason="The same person.")
    merge_people(last, second, actor=admin, reason="The same person.")
    assert Client().get(f"/unsubscribe/{token}/").status_code == 200
    assert Client().post(f"/unsubscribe/{token}/").context["done"] is True
    assert list(Preference.objects.values_list("person", "kind")) == [(last.pk, "sample.renamed")]
    erase_person(last)
    assert Client().get(f"/unsubscribe/{token}/").status_code == 404


def test_what_was_told_leads_to_its_page_wherever_the_portal_stands_by_then(people: Cast) -> None:
    set_script_prefix("/portal/")
    try:
        tell(people)
        told = note(people, "rector")
        assert (told.path, told.page) == (f"/organizations/{people.aztu.slug}/", f"/portal{told.path}")
    finally:
        set_script_prefix("/")
    assert told.page == f"/organizations/{people.aztu.slug}/"


def test_a_letter_that_somebody_erased_once_got_writes_nothing_about_them(people: Cast) -> None:
    token = unsubscribing.token(people.rector.pk, "sample.renamed")
    erase_person(people.rector)
    answers = [Client().get(f"/unsubscribe/{token}/"), Client().post(f"/unsubscribe/{token}/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Preference.objects.exists()


def test_letters_that_always_come_are_not_asked_about(people: Cast) -> None:
    page = Client().get(f"/unsubscribe/{unsubscribing.token(people.rector.pk, 'agreements.ended')}/")
    assert page.context["locked"] is True
    assert "<form method" not in page.text.split("<main")[1]
    assert "Bu məktublar həmişə gəlir" in page.text
    assert "Bu məktublar dayandırılsın?" not in page.text


def test_quiet_hours_that_were_half_filled_in_are_answered_as_a_refusal_with_what_was_typed(cast, login):
    answer = login("student").post("/inbox/preferences/", {"quiet_from": "23:00", "quiet_until": ""})
    assert (answer.status_code, answer.context["rhythm"]["quiet_from"].value()) == (422, "23:00")
