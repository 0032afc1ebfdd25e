"""Letters that come back mark the address, and nothing else does."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from partnerships.directory import actions, source
from partnerships.directory.models import Person
from partnerships.notifications import outbox
from partnerships.notifications.bounces import take_bounce
from partnerships.notifications.enums import MessageState, Suppressed
from partnerships.notifications.models import Message

REPORT = """From: MAILER-DAEMON@mx.example
To: portal@azerishiq.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

The mail system could not deliver.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} User unknown

--B
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: =?utf-8?b?w4Rk?=

--B--
"""


def letter(address, **values):
    return Message.objects.create(
        key=f"bounce:{address}:{Message.objects.count()}",
        kind="sample.renamed",
        address=address,
        language="az",
        subject="Ad dəyişdi",
        text="Yeni ad",
        **values,
    )


def report(message, *, address="", status="5.1.1", action="failed", message_id=""):
    return REPORT.format(
        address=address or message.address,
        status=status,
        action=action,
        message_id=message_id or message.message_id,
    ).encode()


def failed():
    return set(Person.objects.exclude(failed_address="").values_list("failed_address", flat=True))


@pytest.mark.parametrize(
    ("answer", "marks"),
    [
        ("550 5.1.1 no such user", True),
        ("550 unknown mailbox", True),
        ("550 5.7.1 looks like spam", False),
        ("552 5.2.2 mailbox full", False),
        ("450 4.2.0 try later", False),
    ],
)
def test_only_an_answer_about_the_mailbox_marks_it(cast, box, answer, marks):
    letter(cast.student.email)
    box.answers = {cast.student.email: answer}
    outbox.deliver()
    assert failed() == ({cast.student.email} if marks else set())


def test_to_who_is_out_of_reach_only_codes_go(cast, box):
    actions.address_failed("Nigar@aztu.example", "550 5.1.1 no such user")
    letter(cast.student.email, person=cast.student)
    letter(cast.student.email, person=cast.student, urgent=True)
    assert outbox.deliver() == 1
    assert set(Message.objects.values_list("urgent", "state", "suppressed")) == {
        (True, MessageState.SENT, ""),
        (False, MessageState.SUPPRESSED, Suppressed.UNREACHABLE),
    }


def test_a_report_about_our_letter_marks_its_address_once(cast, monkeypatch):
    sent = letter(cast.student.email, state=MessageState.SENT)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(report(sent))))
    said = io.StringIO()
    call_command("take_bounce", stdout=said)
    assert said.getvalue().strip() == f"marked 1: {cast.student.email}"
    assert failed() == {cast.student.email}
    sent.refresh_from_db()
    assert sent.reason == "5.1.1 550 5.1.1 User unknown"
    assert take_bounce(report(sent)) == []


def test_what_is_no_final_report_about_our_letter_marks_nobody(cast):
    sent = letter(cast.student.email, state=MessageState.SENT)
    theirs = letter(cast.colleague.email, state=MessageState.SENT)
    for raw in (
        report(sent, action="delayed", status="4.4.1"),
        report(sent, status="5.7.1"),
        report(sent, message_id="<made-up@azerishiq.example>"),
        report(theirs, address=cast.student.email),
        b"",
        b"\xff\x00 no mail at all",
        b"Subject: hello\n\nOut of office",
    ):
        assert take_bounce(raw) == []
    assert failed() == set()


def test_who_keeps_people_and_the_person_hear_of_it(cast):
    actions.address_failed(cast.student.email, "550 no such user")
    waits = {
        who: [
            todo.url
            for todo in source.SOURCE.waits(cast.user(who))
            if "unreachable" in todo.url or todo.url == "/profile/"
        ]
        for who in ("coordinator", "coordinator2", "hr", "student", "colleague")
    }
    assert waits == {
        "coordinator": ["/people/?state=unreachable"],
        "coordinator2": [],
        "hr": [],
        "student": ["/profile/"],
        "colleague": [],
    }


def test_another_address_or_a_word_of_the_keeper_ends_it(cast, login):
    actions.address_failed(cast.student.email, "550 no such user")
    assert "550 no such user" in login("coordinator").get(f"/people/{cast.student.uid}/").content.decode()
    url = f"/people/{cast.student.uid}/address/"
    assert login("coordinator2").post(url).status_code == 404
    assert login("student").post(url)["Location"] == "/profile/"
    assert failed() == set()
    actions.address_failed(cast.student.email, "550 no such user")
    Person.objects.filter(pk=cast.student.pk).update(email="yeni@aztu.example")
    assert not Person.objects.get(pk=cast.student.pk).is_unreachable
