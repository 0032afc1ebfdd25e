"""A letter's way: leased, sent over one connection, tried again, dead, or left unsent for a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from partnerships.common.mail import post
from partnerships.common.refusals import Missing
from partnerships.notifications import actions, outbox, tasks, telling
from partnerships.notifications.enums import MessageState, Suppressed
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.notifications.tests.conftest import Box
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record


def letter(address: str = "kimse@else.example", **values: Any) -> Message:
    return Message.objects.create(
        key=f"test:{address}:{Message.objects.count()}",
        kind="sample.renamed",
        address=address,
        language="az",
        subject="Ad dəyişdi",
        text="Yeni ad",
        html="<p>Yeni ad</p>",
        **values,
    )


def states() -> dict[str, tuple[str, str]]:
    return {m.address: (m.state, m.suppressed) for m in Message.objects.all()}


def test_letters_go_over_one_connection_with_the_headers_of_an_automat(db: None, box: Box) -> None:
    sent = [letter(f"n{number}@else.example") for number in range(3)]
    assert outbox.deliver() == 3
    assert box.connections == 1
    assert box.recipients == [message.address for message in sent]
    first = box.letters[0]
    assert first["Message-ID"] == sent[0].message_id
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["X-Auto-Response-Suppress"] == "All"
    assert first["Reply-To"] is None
    assert first["Subject"] == "Ad dəyişdi"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    sent[0].refresh_from_db()
    assert (sent[0].state, sent[0].attempts, sent[0].lease_token) == (MessageState.SENT, 1, None)
    assert sent[0].sent_at is not None


def test_urgent_letters_go_first(db: None, box: Box) -> None:
    letter("a@else.example")
    letter("b@else.example", urgent=True)
    outbox.deliver()
    assert box.recipients == ["b@else.example", "a@else.example"]


def test_a_letter_that_is_not_due_waits(db: None, box: Box) -> None:
    letter(next_try_at=timezone.now() + timedelta(minutes=1))
    assert outbox.deliver() == 0
    assert box.letters == []


def test_a_final_refusal_kills_the_letter_at_once_and_spares_the_others(db: None, box: Box) -> None:
    box.answers = {"yox@else.example": "550 5.1.1 no such user", "mesgul@else.example": "450 4.2.0 try later"}
    for name in ("yox", "mesgul", "var"):
        letter(f"{name}@else.example")
    assert outbox.deliver() == 1
    dead = Message.objects.get(address="yox@else.example")
    assert (dead.state, dead.attempts, dead.reason) == (MessageState.DEAD, 1, "550 5.1.1 no such user")
    later = Message.objects.get(address="mesgul@else.example")
    assert (later.state, later.attempts, later.deferred) == (MessageState.QUEUED, 1, True)
    assert box.recipients == ["var@else.example"]


def test_an_address_that_mail_has_no_form_for_is_dead_at_once(db: None, box: Box) -> None:
    letter("iki@yer@else.example")
    assert outbox.deliver() == 0
    assert Message.objects.get().state == MessageState.DEAD


def test_without_a_mail_server_the_waits_double_until_the_ninth_try(
    db: None, box: Box, settings: Any, time_machine: Any
) -> None:
    settings.EMAIL_PORT = 1
    message = letter()
    kept = message.message_id
    waits = []
    for _try in range(9):
        outbox.deliver()
        message.refresh_from_db()
        waits.append(round((message.next_try_at - timezone.now()).total_seconds() / 60))
        time_machine.move_to(message.next_try_at + timedelta(seconds=1), tick=False)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert (message.state, message.attempts, message.message_id) == (MessageState.DEAD, 9, kept)
    assert message.reason.startswith("ConnectionRefusedError")
    assert outbox.deliver() == 0


def test_the_mail_server_comes_back(
    db: None, box: Box, settings: Any, time_machine: Any, django_capture_on_commit_callbacks: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    message = letter()
    assert outbox.deliver() == 0
    settings.EMAIL_PORT = port
    time_machine.move_to(timezone.now() + timedelta(seconds=61), tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep()
    assert [got["Message-ID"] for got in box.letters] == [message.message_id]


def test_a_lease_that_ran_out_goes_back_and_its_old_holder_changes_nothing(
    db: None, time_machine: Any
) -> None:
    letter()
    (held,) = outbox.lease()
    assert outbox.lease() == []
    assert outbox.release_dropped() == 0
    time_machine.move_to(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False)
    assert outbox.release_dropped() == 1
    (again,) = outbox.lease()
    assert again.lease_token != held.lease_token
    assert again.message_id == held.message_id
    assert outbox._mine(held).update(state=MessageState.SENT) == 0
    assert Message.objects.get().state == MessageState.SENDING


def test_a_letter_that_brings_nine_workers_down_is_dead(db: None, time_machine: Any) -> None:
    letter(attempts=8)
    assert len(outbox.lease()) == 1
    time_machine.move_to(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False)
    assert outbox.release_dropped() == 0
    assert Message.objects.get().state == MessageState.DEAD


def test_sign_in_mail_goes_through_the_outbox_and_its_words_are_forgotten(db: None) -> None:
    post("accounts.code", "nigar@aztu.example", "az", "Giriş kodu", "Kod: 482 913")
    assert "482 913" in Message.objects.get().html
    outbox.deliver()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["nigar@aztu.example"], "Giriş kodu")
    assert "482 913" in sent.body
    row = Message.objects.get()
    assert (row.state, row.subject, row.text, row.html) == (MessageState.SENT, "", "", "")
    assert row.urgent


# Rights, preference and reading are asked again when a letter is sent --------------------------------


@pytest.fixture
def waiting(people: Cast) -> Cast:
    change = record(people.aztu, "rename", actor=SYSTEM)
    telling.tell([change.pk])
    return people


def test_what_changed_since_is_respected_when_the_letter_is_sent(waiting: Cast) -> None:
    Preference.objects.create(person=waiting.coordinator, kind="sample.renamed", channel="mail", timing="off")
    actions.mark_read(Notification.objects.get(person=waiting.rector))
    assert outbox.deliver() == 1
    assert states() == {
        "coordinator@cast.example": (MessageState.SUPPRESSED, Suppressed.PREFERENCE),
        "rector@cast.example": (MessageState.SUPPRESSED, Suppressed.READ),
        "yalniz-poct@else.example": (MessageState.SENT, ""),
    }
    assert [sent.to for sent in mail.outbox] == [["yalniz-poct@else.example"]]


def test_whoever_may_no_longer_see_it_gets_no_letter_about_it(waiting: Cast) -> None:
    waiting.aztu.is_active = False  # seen by the portal's operator alone from now on
    waiting.aztu.save()
    outbox.deliver()
    assert states() == {
        "coordinator@cast.example": (MessageState.SUPPRESSED, Suppressed.RIGHTS),
        "rector@cast.example": (MessageState.SUPPRESSED, Suppressed.RIGHTS),
        "yalniz-poct@else.example": (MessageState.SENT, ""),
    }


def test_a_closed_account_gets_no_letter_and_a_new_address_gets_it(waiting: Cast) -> None:
    closed, moved = waiting.user("rector"), waiting.user("coordinator")
    closed.is_active, moved.email = False, "yeni@cast.example"
    closed.save()
    moved.save()
    outbox.deliver()
    assert states() == {
        "rector@cast.example": (MessageState.SUPPRESSED, Suppressed.INACTIVE),
        "yeni@cast.example": (MessageState.SENT, ""),
        "yalniz-poct@else.example": (MessageState.SENT, ""),
    }


def test_rechecking_a_batch_costs_the_same_access_query_for_all(
    waiting: Cast, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        outbox.deliver()


# Dead letters ---------------------------------------------------------------------------------------


def test_an_administrator_sends_dead_letters_again_and_nobody_else_does(cast: Cast) -> None:
    letter("bir@else.example", state=MessageState.DEAD, attempts=9, reason="550 no")
    letter("iki@else.example", state=MessageState.SENT)
    secret = letter("uc@else.example", state=MessageState.DEAD, secret=True)
    Message.objects.filter(pk=secret.pk).update(text="", html="")
    everything = Message.objects.all()
    assert actions.resend(everything, actor=cast.user("hr"), note="Ünvan düzəldi") == 0
    with pytest.raises(Missing):
        actions.resend(everything, actor=cast.user("admin"), note="  ")
    assert actions.resend(everything, actor=cast.user("admin"), note="Ünvan düzəldi") == 1
    assert actions.resend(everything, actor=cast.user("admin"), note="Bir də") == 0
    kept = Change.objects.get(verb="resend")
    assert (kept.note, kept.from_state, kept.person_id) == ("Ünvan düzəldi", "dead", cast.admin.pk)
    outbox.deliver()
    assert [sent.to for sent in mail.outbox] == [["bir@else.example"]]


def test_the_administration_shows_the_outbox_but_no_secret(cast: Cast, login: Any, settings: Any) -> None:
    settings.DEMO = True  # no second factor asked in the embedded default
    plain = letter("bir@else.example", state=MessageState.DEAD)
    post("accounts.code", "nigar@aztu.example", "az", "482 913: giriş kodunuz", "Kod: 482 913")
    secret = Message.objects.get(secret=True)
    client = login("admin")
    assert "482 913" not in client.get("/admin/notifications/message/").text
    listed = client.get("/admin/notifications/message/?state__exact=dead")
    assert "@<wbr>" in client.get("/admin/notifications/message/").text  # a long address breaks there
    assert listed.status_code == 200
    assert "bir@else.example" in listed.text
    assert "nigar@aztu.example" not in listed.text
    assert "Yeni ad" in client.get(f"/admin/notifications/message/{plain.pk}/change/").text
    page = client.get(f"/admin/notifications/message/{secret.pk}/change/")
    assert page.status_code == 200
    assert "482 913" not in page.text
    assert "Yenidən göndər</button>" in client.get(f"/admin/notifications/message/{plain.pk}/change/").text
    chosen = {"action": "resend", "_selected_action": [plain.pk]}
    asked = client.post("/admin/notifications/message/", chosen)
    assert asked.text.count('name="note"') == 1
    refused = client.post("/admin/notifications/message/", {**chosen, "note": " "})
    assert "Səbəbi yazın" in refused.text
    wordy = client.post("/admin/notifications/message/", {**chosen, "note": "Server düzəldi. " * 70})
    assert ("ən çoxu 1000 simvol" in wordy.text, wordy.text.count("Server düzəldi.")) == (True, 70)
    assert not Change.objects.filter(verb="resend").exists()
    client.post("/admin/notifications/message/", {**chosen, "note": "Server düzəldi"})
    assert "Server düzəldi" in client.get(f"/admin/notifications/message/{plain.pk}/change/").text
    plain.refresh_from_db()
    assert plain.state == MessageState.QUEUED
    assert (
        client.post(f"/admin/notifications/message/{plain.pk}/change/", {"subject": "x"}).status_code == 403
    )
    for name in ("occurrence", "notification", "heartbeat"):
        assert client.get(f"/admin/notifications/{name}/").status_code == 200


def test_an_operator_finds_what_is_stuck_and_sends_all_of_a_filter_again(
    cast: Cast, login: Any, settings: Any
) -> None:
    settings.DEMO = True
    old = timezone.now() - timedelta(hours=1)
    letter("yatir@else.example", next_try_at=old)
    letter(
        "gozleyir@else.example",
        next_try_at=timezone.now() + timedelta(minutes=4),
        attempts=2,
        reason="450 gec",
    )
    for number in range(3):
        letter(
            f"d{number}@else.example",
            state=MessageState.DEAD,
            reason="550 belə ünvan yoxdur",
            person=cast.student,
        )
    client = login("admin")
    outbox_page = "/admin/notifications/message/"
    found = {}
    for query in ("trouble=stuck", "trouble=tried", "trouble=dead", f"q={cast.student.family_name[:5]}"):
        rows = client.get(f"{outbox_page}?{query}").context["cl"].result_list
        found[query.partition("=")[2]] = sorted(row.address for row in rows)
    dead = [f"d{number}@else.example" for number in range(3)]
    assert found == {
        "stuck": ["yatir@else.example"],
        "tried": ["gozleyir@else.example"],
        "dead": dead,
        cast.student.family_name[:5]: dead,
    }
    assert "550 belə ünvan yoxdur" in client.get(f"{outbox_page}?trouble=dead").text
    first = Message.objects.get(address=dead[0])
    every = {"action": "resend", "_selected_action": [first.pk], "select_across": "1"}
    asked = client.post(f"{outbox_page}?trouble=dead", every)
    assert asked.text.count('name="_selected_action"') == 1
    client.post(f"{outbox_page}?trouble=dead", {**every, "note": "Server düzəldi"})
    assert set(Message.objects.filter(address__in=dead).values_list("state", flat=True)) == {"queued"}


# A machine whose clock ran ahead -------------------------------------------------------------------


def test_a_letter_written_by_a_clock_that_is_a_day_ahead_goes_out_now(db: None, box: Box) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    soon = timezone.now() + timedelta(hours=1)
    letter("teze@else.example", next_try_at=soon, created=soon)
    letter("sinanmis@else.example", next_try_at=tomorrow, attempts=2)
    letter("novbede@else.example", next_try_at=timezone.now() + timedelta(minutes=2), attempts=2)
    assert outbox.deliver() == 2
    assert {address: state for address, (state, _why) in states().items()} == {
        "teze@else.example": MessageState.SENT,
        "sinanmis@else.example": MessageState.SENT,
        "novbede@else.example": MessageState.QUEUED,
    }


def test_a_lease_until_tomorrow_is_nobodys(db: None) -> None:
    for number, until in enumerate((timedelta(days=1), timedelta(minutes=1))):
        letter(f"n{number}@else.example", state=MessageState.SENDING, leased_until=timezone.now() + until)
    assert outbox.release_dropped() == 1
    assert {a: s for a, (s, _why) in states().items()} == {
        "n0@else.example": MessageState.QUEUED,
        "n1@else.example": MessageState.SENDING,
    }
