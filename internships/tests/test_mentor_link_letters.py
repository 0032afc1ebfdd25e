"""The mentor's link as it comes: made, renewed, revoked, mailed on Fridays and when the evaluation is due."""

import re
from datetime import date

import pytest
from django.core import mail

from internships import actions, links
from internships.letters.finishing import REMINDERS
from internships.models import DiaryEntry, MentorLink, Placement
from internships.tests import makers
from internships.tests.mentor_links import DAYS, PAGE, handed, opened, with_days
from partnerships.common.refusals import Blocked
from partnerships.directory.models import Person
from partnerships.notifications import outbox
from partnerships.notifications.models import Message

pytestmark = pytest.mark.usefixtures("summer", "english")
(REMIND,) = (rule for rule in REMINDERS if rule.kind == "internships.remind_evaluation")


@pytest.fixture
def placed(cast):
    return with_days(cast)


# Making, sending, asking again ---------------------------------------------------------------------
def test_one_link_is_live_at_a_time_and_the_same_is_sent_again(cast, placed):
    first = opened(cast, placed)
    assert opened(cast, placed) == first
    second = actions.renew_mentor_link(placed, actor=cast.user("hr"))
    live = MentorLink.objects.filter(revoked_at=None)
    assert (list(live), first == second) == ([second], False)


@pytest.mark.parametrize("who", ["student", "hr", "coordinator"])
def test_the_student_the_company_and_the_university_have_it_mailed_to_the_mentor(
    cast, placed, login, who, django_capture_on_commit_callbacks
):
    address = f"/internships/placements/{placed.uid}/diary/link/"
    with django_capture_on_commit_callbacks(execute=True):
        answer = login(who).post(address, {"do": "send"})
        login(who).post(address, {"do": "send"})  # a second press within the hour
    assert answer.status_code == 302
    (letter,) = mail.outbox
    path = links.path_of(MentorLink.objects.get())
    assert (letter.to, PAGE.findall(letter.body)) == (["rasad@cast.example"], [path])
    assert PAGE.search(login(who).get(placed.get_absolute_url()).content.decode()) is None
    sent = Message.objects.get()
    assert (sent.secret, sent.text, sent.html, sent.subject) == (True, "", "", "")


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        ("student", "renew", 403),
        ("coordinator", "revoke", 403),
        ("coordinator2", "send", 404),
        ("hr2", "revoke", 404),
        ("student2", "send", 404),
        ("hr", "renew", 302),
    ],
)
def test_only_the_company_renews_and_revokes(cast, placed, login, who, verb, status):
    link = opened(cast, placed)
    answer = login(who).post(f"/internships/placements/{placed.uid}/diary/link/", {"do": verb})
    link.refresh_from_db()
    assert (answer.status_code, link.revoked_at is not None) == (status, status == 302)


def test_asking_again_mails_to_the_known_address_alone(
    cast, placed, client, django_capture_on_commit_callbacks
):
    opened(cast, placed)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [
            client.post("/internships/m/ask/", {"email": address}, follow=True)
            for address in ("kim@else.example", "nigar@aztu.example", "RASAD@cast.example")
        ]
    texts = {re.search(r"If this is the address[^<]+", a.content.decode()).group(0) for a in answers}
    assert len(texts) == 1
    assert [letter.to for letter in mail.outbox] == [["rasad@cast.example"]]


def test_what_human_resources_revoked_is_not_made_anew_by_asking(cast, placed):
    opened(cast, placed)
    actions.revoke_mentor_link(placed, actor=cast.user("hr"))
    assert (actions.resend_links("rasad@cast.example"), actions.send_weekly_links()) == (0, 0)
    assert MentorLink.objects.count() == 1


def test_what_human_resources_revoked_only_they_make_anew(cast, placed):
    opened(cast, placed)
    actions.revoke_mentor_link(placed, actor=cast.user("hr"))
    for who in ("student", "coordinator"):
        with pytest.raises(Blocked, match="took the link back"):
            actions.send_mentor_link(placed, actor=cast.user(who))
    assert actions.send_mentor_link(placed, actor=cast.user("hr"))
    assert MentorLink.objects.filter(revoked_at=None).count() == 1


def test_a_mentor_without_an_address_or_gone_is_not_written_to(cast, placed):
    Person.objects.filter(pk=cast.mentor.pk).update(email="")
    with pytest.raises(Blocked):
        actions.send_mentor_link(placed, actor=cast.user("hr"))
    assert MentorLink.objects.count() == 0


# Fridays -------------------------------------------------------------------------------------------
def test_on_friday_one_letter_for_all_interns_once(
    cast, placed, time_machine, django_capture_on_commit_callbacks
):
    other = makers.active(cast, Placement.objects.get().programme, "colleague")
    handed(cast, other, "colleague", DAYS[:1])
    time_machine.move_to("2027-06-18T09:00:00Z", tick=False)
    assert actions.send_weekly_links() == 0  # not before two in the afternoon, and nothing waited last week
    DiaryEntry.objects.update(submitted_at="2027-06-18T09:00Z")
    time_machine.move_to("2027-06-20T10:00:00Z", tick=False)  # a clock that slept until Sunday
    with django_capture_on_commit_callbacks(execute=True):
        assert [actions.send_weekly_links() for _n in range(3)] == [1, 0, 0]
    outbox.deliver()
    (letter,) = mail.outbox
    assert letter.subject == "Təcrübənin 4 günü təsdiqinizi gözləyir"
    assert len(set(PAGE.findall(letter.body))) == 2
    assert "List-Unsubscribe" in letter.extra_headers
    time_machine.move_to("2027-06-25T10:30:00Z", tick=False)
    assert actions.send_weekly_links() == 1


def test_a_mentor_with_an_account_gets_no_link_on_friday(cast):
    handed(cast, makers.active(cast))
    DiaryEntry.objects.update(submitted_at="2027-06-18T09:00Z")
    assert (actions.send_weekly_links(), MentorLink.objects.count()) == (0, 0)


def test_a_code_on_paper_lets_the_student_in_nowhere(cast, placed, settings):
    link = opened(cast, placed)
    ask = "/internships/m/ask/"
    found = {who: links.printed_address(placed, cast.user(who)) for who in ("student", "coordinator", "hr")}
    assert found == {
        "student": f"{settings.BASE_URL}{ask}",
        "coordinator": f"{settings.BASE_URL}{ask}",
        "hr": links.address_of(link),
    }


# When the evaluation is due --------------------------------------------------------------------------
def test_a_mentor_without_an_account_is_asked_for_the_evaluation_by_the_link(
    cast, placed, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to("2027-07-28T19:00:00Z", tick=False)  # an hour before three days are left
    assert actions.send_evaluation_links() == 0
    time_machine.move_to("2027-07-29T05:00:00Z", tick=False)
    with django_capture_on_commit_callbacks(execute=True):
        assert [actions.send_evaluation_links() for _n in range(2)] == [1, 0]
    outbox.deliver()
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == (
        "Tələbəni qiymətləndirin: Nigar Məmmədova",
        ["rasad@cast.example"],
    )
    assert set(PAGE.findall(letter.body)) == {links.path_of(links.live_link(placed))}
    # The reminder's own page would not open to this mentor; human resources are reminded when it is late.
    told = [[person.pk for person in REMIND.audience(placed, offset)] for offset in REMIND.offsets]
    assert told == [[], [], [cast.hr.pk]]
    time_machine.move_to("2027-08-09T05:00:00Z", tick=False)  # a clock that slept over two moments
    assert [actions.send_evaluation_links() for _n in range(2)] == [1, 0]


def test_a_mentor_with_an_account_is_reminded_of_the_evaluation_and_gets_no_link(cast, time_machine):
    placed = makers.active(cast)
    time_machine.move_to("2027-07-29T05:00:00Z", tick=False)
    assert (actions.send_evaluation_links(), MentorLink.objects.count()) == (0, 0)
    assert list(REMIND.audience(placed, REMIND.offsets[0])) == [cast.mentor]


def test_what_else_a_mentor_without_an_account_is_told_leads_to_the_link(
    cast, placed, django_capture_on_commit_callbacks
):
    def told(ends):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            actions.extend(placed, actor=cast.user("hr"), ends=ends, note="Tətil")
        outbox.deliver()
        return {letter.to[0]: letter.body for letter in mail.outbox}

    own = placed.get_absolute_url()
    letters = told(date(2027, 8, 7))
    assert "/internships/m/ask/" in letters["rasad@cast.example"]
    opened(cast, placed)
    letters = told(date(2027, 8, 14))
    mentors = letters.pop("rasad@cast.example")
    assert (set(PAGE.findall(mentors)), own in mentors) == ({links.path_of(links.live_link(placed))}, False)
    assert letters
    assert all(own in body and "/internships/m/" not in body for body in letters.values())
    # A way in is forgotten once it is sent.
    kept = Message.objects.filter(person=cast.mentor).order_by("-pk").first()
    assert (kept.secret, kept.text, kept.html) == (True, "", "")
