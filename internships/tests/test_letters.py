"""What letters say does not depend on when they are written."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from internships import actions
from internships.tests import makers
from partnerships.common.clock import moment_in_words
from partnerships.notifications import reminding, telling
from partnerships.notifications.models import Message, Notification
from partnerships.notifications.rechecking import still_wanted
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db


def told_late(obj, verb: str, person, *, nth: int = 0) -> Notification:
    """The notification of the verb, told only now, after all that has happened since."""
    change = Change.objects.of(obj).filter(verb=verb).order_by("pk")[nth]
    telling.tell([change.pk])
    return Notification.objects.get(change=change, person=person)


def test_a_letter_told_late_names_the_date_that_was_promised(cast, english):
    summer = makers.programme(cast, seats=2)
    application = makers.offered(cast, summer, "student")
    actions.accept(application, actor=cast.user("student"))
    promised = summer.call.at("decide")
    assert told_late(application, "endorse", cast.student).body["en"] == (
        "University: AzTU. The company sees your application from now on and answers by "
        f"{moment_in_words(promised)}."
    )


def test_an_offer_told_after_it_was_taken_back_and_another_made_names_its_own_place(cast, english):
    summer = makers.programme(cast, seats=2)
    first, second = makers.vacancy(summer), makers.place(cast, summer, unit=cast.aran, title_az="Kabel")
    application = makers.endorsed(cast, summer, "student", first, second)
    hr = cast.user("hr")
    until = makers.again(actions.offer(application, actor=hr, vacancy=first)).offer_expires
    actions.revoke(application, actor=hr, note="Yer bağlanır.")
    actions.offer(application, actor=hr, vacancy=second)
    actions.accept(application, actor=cast.user("student"))
    assert makers.again(application).offer_expires is None
    note = told_late(application, "offer", cast.student)
    assert note.title["en"] == f"Offer, answer by {moment_in_words(until)}: Yay təcrübəsi 2027"
    place = "Place: Yarımstansiyaların istismarı, “Yasamal” yarımstansiyası."
    assert note.body["en"].startswith(f"Candidate: Nigar Məmmədova. {place}")
    assert "Place: Kabel, Aran RETSİ." in told_late(application, "offer", cast.student, nth=1).body["en"]
    change = Change.objects.of(application).filter(verb="offer")[0]
    shown = {m.person: "#fff6e3" in m.html for m in Message.objects.filter(notification__change=change)}
    assert shown == {cast.student: True, cast.coordinator: False}  # amber is the student's move alone
    copy = Notification.objects.get(change=change, person=cast.coordinator)
    assert copy.title["en"] == "Offer to a student of yours: Nigar Məmmədova"


def test_a_refusal_told_after_it_was_reconsidered_gives_its_reason(cast, english):
    application = makers.endorsed(cast, makers.programme(cast))
    actions.refuse(application, actor=cast.user("hr"), code="stronger", note="Bu dəfə yox.")
    reason = makers.again(application).get_refusal_code_display()
    actions.reconsider(application, actor=cast.user("hr"), note="Bir yer açıldı.")
    assert makers.again(application).refusal_code == ""
    assert told_late(application, "refuse", cast.student).body["en"] == (
        f"Candidate: Nigar Məmmədova. There is no place this time.\n\nReason: {reason}\n\nBu dəfə yox."
    )


def test_an_interview_told_after_it_was_moved_names_its_own_time_and_place(cast, english):
    application = makers.endorsed(cast, makers.programme(cast))
    hr = cast.user("hr")
    starts = (timezone.now() + timedelta(days=3)).replace(hour=8, minute=0, second=0, microsecond=0)
    hour = timedelta(hours=1)
    talk = actions.invite(
        application, actor=hr, interviewer=cast.hr, starts=starts, ends=starts + hour, place="Otaq 4"
    )
    moved = {"starts": starts + 24 * hour, "ends": starts + 25 * hour}
    actions.reschedule(talk, actor=hr, note="Zal tutulub.", place="Otaq 9", **moved)
    note = told_late(talk, "schedule", cast.student)
    assert note.title["en"] == f"Interview on {moment_in_words(starts)}: Yay təcrübəsi 2027"
    assert "Where: Otaq 4" in note.body["en"]


def test_telling_late_leaves_the_object_as_it_is_now(cast):
    application = makers.offered(cast, makers.programme(cast))
    actions.accept(application, actor=cast.user("student"))
    now = makers.again(application)
    then = Change.objects.of(now).get(verb="offer").as_it_was(now)
    assert (then.state, then.offer_expires is None) == ("offered", False)
    assert (now.state, now.offer_expires) == ("accepted", None)


AMBER = "#f5a524"  # the reader's move, in mail as on the page


def test_a_letter_is_amber_for_whoever_must_act_and_white_for_bad_news(cast, english):
    application = makers.sent(cast, makers.programme(cast))
    actions.endorse(application, actor=cast.user("coordinator"))
    hr = cast.user("hr")
    actions.offer(makers.again(application), actor=hr)
    actions.revoke(makers.again(application), actor=hr, note="Yer bağlanır.")
    amber = {}
    for verb, person in (
        ("submit", cast.coordinator),
        ("endorse", cast.student),
        ("offer", cast.student),
        ("revoke", cast.student),
    ):
        letter = Message.objects.get(notification=told_late(application, verb, person))
        amber[verb] = AMBER in letter.html
    assert amber == {"submit": True, "endorse": False, "offer": True, "revoke": False}


def test_late_endorsements_are_escalated_by_number_to_whoever_may_open_the_page(cast, english):
    summer = makers.programme(cast)
    late = makers.sent(cast, summer)
    makers.endorsed(cast, summer, "colleague")
    now = summer.call.at("endorse") + timedelta(days=1, minutes=1)
    with time_machine.travel(now):
        reminding.remind()
        told = Notification.objects.filter(kind="internships.escalate_endorse")
        assert [note.person for note in told] == [cast.partnerships]
        assert told[0].title["en"] == "Endorsements are late: Yay təcrübəsi 2027"
        assert "Applications still wait at: AzTU (1)." in told[0].body["en"]
        assert late.person.family_name not in str(told[0].body)
        mail = Message.objects.select_related("person", "notification__occurrence").get(
            kind="internships.escalate_endorse"
        )
        assert still_wanted([mail]) == [mail]
        actions.endorse(late, actor=cast.user("coordinator"))
        assert still_wanted([mail]) == []
