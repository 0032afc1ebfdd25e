"""Who is told, who is reminded when, and what ends a reminder."""

import html
from datetime import timedelta

from partnerships.agreements import actions
from partnerships.agreements.tests import makers
from partnerships.common.clock import today
from partnerships.notifications import digests, outbox, reminding
from partnerships.notifications.models import Message, Notification

DAY = timedelta(days=1)


def told(kind):
    rows = Notification.objects.filter(kind=f"agreements.{kind}").order_by("person__email")
    return [row.person.email.partition("@")[0] for row in rows]


def forget():
    Notification.objects.all().delete()


def test_each_is_asked_when_it_is_their_turn_and_all_are_told_of_the_end(
    cast, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        agreement = makers.sent(cast, by="partnerships")
    assert told("sign") == ["coordinator", "rector"]
    forget()
    with django_capture_on_commit_callbacks(execute=True):
        agreement = makers.signed_by(cast, agreement, "coordinator")
    assert (told("sign"), told("in_force")) == (["hr"], [])
    forget()
    with django_capture_on_commit_callbacks(execute=True):
        agreement = makers.signed_by(cast, agreement, "hr")
    # who signed last knows it already: what follows from the own act is told to all the same
    assert (told("sign"), told("in_force")) == ([], ["coordinator", "hr", "partnerships", "rector"])
    forget()
    with django_capture_on_commit_callbacks(execute=True):
        actions.terminate(agreement, actor=cast.user("coordinator"), note="Bitdi")
    assert told("ended") == ["hr", "partnerships", "rector"]


def test_a_return_is_told_with_its_reason_and_a_draft_that_nobody_saw_goes_quietly(
    cast, django_capture_on_commit_callbacks
):
    agreement = makers.sent(cast)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_to_draft(agreement, actor=cast.user("coordinator"), note="Yer azdır")
    assert told("returned") == ["hr", "partnerships", "rector"]
    assert "Yer azdır" in Notification.objects.first().body["az"]
    forget()
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(makers.draft(cast), actor=cast.user("hr"))
    assert told("withdrawn") == ["partnerships"]


def test_whoever_does_not_sign_is_reminded_after_three_and_seven_days_then_the_others_too(cast, time_machine):
    agreement = makers.sent(cast, university_signatory=cast.rector)
    found = {}
    for days in (2, 3, 7, 10):
        forget()
        time_machine.move_to(agreement.turn_since + days * DAY + timedelta(minutes=1))
        reminding.remind()
        found[days] = told("remind_sign")
    assert found == {2: [], 3: ["rector"], 7: ["rector"], 10: ["coordinator", "hr", "partnerships", "rector"]}


def test_a_signature_ends_the_reminder_of_one_and_begins_that_of_the_next(cast, time_machine):
    agreement = makers.sent(cast)
    time_machine.move_to(agreement.turn_since + 2 * DAY)
    makers.signed_by(cast, agreement, "coordinator")
    forget()
    time_machine.move_to(agreement.turn_since + 4 * DAY)
    reminding.remind()
    assert told("remind_sign") == []
    time_machine.move_to(agreement.turn_since + 5 * DAY + timedelta(minutes=5))
    reminding.remind()
    assert told("remind_sign") == ["hr"]


def test_where_nobody_signs_for_a_party_who_keeps_it_is_asked(cast, django_capture_on_commit_callbacks):
    for name in ("coordinator", "rector"):
        row = cast.affiliation(name)
        row.ends = today() - DAY
        row.save()
    with django_capture_on_commit_callbacks(execute=True):
        makers.sent(cast, by="partnerships")
    assert told("sign") == ["hr"]


def test_the_end_of_a_framework_is_told_to_who_keeps_it_and_not_of_a_superseded_one(cast, time_machine):
    old = makers.in_force(cast, ends=today() + 60 * DAY, notice_days=0)
    new = actions.send(
        actions.amend(old, actor=cast.user("hr"), ends=today() + 400 * DAY), actor=cast.user("hr")
    )
    time_machine.move_to(old.expires - 29 * DAY)
    forget()
    reminding.remind()
    assert told("remind_notice") == ["hr"]  # who opened it answers for it
    new = makers.signed_by(cast, makers.signed_by(cast, new, "coordinator"), "hr")
    forget()
    time_machine.move_to(old.expires - 6 * DAY)
    reminding.remind()
    assert told("remind_notice") == []


def test_the_letter_of_a_lapse_that_was_taken_back_overnight_does_not_go_in_the_morning(
    cast, time_machine, django_capture_on_commit_callbacks
):
    time_machine.move_to("2026-11-24T12:00:00+04:00")
    agreement, hr = makers.in_force(cast, ends=today() + 100 * DAY), cast.user("hr")

    def morning(*steps):
        time_machine.move_to("2026-11-24T23:00:00+04:00")
        with django_capture_on_commit_callbacks(execute=True):
            for step, why in steps:
                step(makers.again(agreement), actor=hr, note=why)
        time_machine.move_to("2026-11-25T08:31:00+04:00")
        digests.release()
        outbox.deliver()
        mine = Message.objects.filter(person=cast.coordinator, kind__startswith="agreements.").order_by("pk")
        fates = [(row.kind.split(".")[1], row.state, row.suppressed) for row in mine]
        mine.delete()
        return fates

    lapse, anew = (actions.lapse, "bitsin"), (actions.reconsider, "tələsmişik")
    assert morning(lapse, anew) == [
        ("lapses", "suppressed", "decided"),
        ("reconsidered", "sent", ""),
    ]
    assert morning(lapse, anew, (actions.lapse, "razılaşdıq")) == [
        ("lapses", "suppressed", "decided"),
        ("reconsidered", "suppressed", "decided"),
        ("lapses", "sent", ""),
    ]
    assert morning(anew, lapse) == [("reconsidered", "suppressed", "decided"), ("lapses", "sent", "")]
    assert morning(anew) == [("reconsidered", "sent", "")]


def test_who_follows_a_partner_hears_of_its_agreements_as_far_as_they_may_see_them(
    cast, login, time_machine, django_capture_on_commit_callbacks
):
    watched = f"/inbox/follow/directory.organization/{cast.aztu.uid}/"
    for name in ("admin", "student", "coordinator2"):
        assert login(name).post(watched, {"on": "1"})["Location"] == f"/partners/{cast.aztu.slug}/"
    with django_capture_on_commit_callbacks(execute=True):
        agreement = makers.in_force(cast)
    news = Notification.objects.filter(kind="notifications.news")
    # Of a contract between others the student and the neighbours' coordinator hear nothing.
    assert [(row.person, row.title["en"], row.path) for row in news] == [
        (
            cast.admin,
            f"{cast.aztu.name_en} · An agreement is in force: {agreement.number}",
            agreement.get_absolute_url(),
        )
    ]
    time_machine.move_to(agreement.expires - 31 * DAY)
    reminding.remind()
    assert told("news_ends") == []
    time_machine.move_to(agreement.expires - 30 * DAY + timedelta(minutes=5))
    reminding.remind()
    reminding.remind()
    assert told("news_ends") == ["admin"]


def test_the_list_of_what_one_follows_says_which_agreement_it_is_and_not_its_number_alone(cast, login):
    agreement, client = makers.in_force(cast), login("coordinator")
    client.post(f"/inbox/follow/agreements.agreement/{agreement.uid}/", {"on": "1"})
    assert agreement.title_az in html.unescape(client.get("/inbox/following/").text)
