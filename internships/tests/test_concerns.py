"""Concerns go past the mentor: in lists, history, search, export, API, administration, counts and letters."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from internships import actions
from internships.enums import ConcernState
from internships.models import Concern, Placement
from internships.tests import makers
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.notifications.collect import table
from partnerships.notifications.models import Message, Notification, Occurrence
from partnerships.notifications.reminding import remind
from partnerships.workflow.models import Change

TEXT = "Mentor məni şərti olaraq gözətçisiz işlədir"


def raised(cast, made=None, **values):
    made = made or makers.active(cast)
    return actions.raise_concern(
        made, actor=cast.user("student"), topic="safety", text=values.pop("text", TEXT), **values
    )


def seen_by(cast, concern):
    return {name for name in cast.people() if concern in Concern.objects.visible_to(cast.user(name))}


def test_only_the_student_raises_one(cast):
    made = makers.active(cast)
    for who in ("mentor", "hr", "coordinator", "colleague", "student2"):
        with pytest.raises(Refused):
            actions.raise_concern(made, actor=cast.user(who), topic="safety", text=TEXT)
    with pytest.raises(ValidationError):
        raised(cast, made, text="  ")
    assert not Concern.objects.exists()


def test_nothing_is_raised_about_what_did_not_take_place(cast):
    made = makers.placement(cast)
    actions.cancel_placement(made, actor=cast.user("student"), note="…")
    with pytest.raises(Blocked):
        raised(cast, makers.placement_again(made))


def test_the_university_takes_it_answers_it_and_the_student_raises_it_again(cast):
    concern = raised(cast)
    actions.take_concern(concern, actor=cast.user("coordinator"))
    with pytest.raises(Missing):
        actions.close_concern(concern, actor=cast.user("coordinator"), note=" ")
    actions.close_concern(concern, actor=cast.user("coordinator"), note="Mentor dəyişdirilir")
    with pytest.raises(IllegalTransition):
        actions.close_concern(concern, actor=cast.user("coordinator"), note="İkinci dəfə")
    actions.reopen_concern(concern, actor=cast.user("student"), note="Dəyişməyib")
    actions.withdraw_concern(concern, actor=cast.user("student"))
    assert Concern.objects.get().state == ConcernState.CLOSED
    verbs = list(Change.objects.of(concern).values_list("verb", flat=True))
    assert verbs == ["withdraw", "reopen", "close", "take", "raise"]


def test_who_was_the_mentor_then_reads_it_neither_then_nor_later(cast):
    made = makers.active(cast, mentor="hr")
    concern = raised(cast, made, to_company=True)
    assert seen_by(cast, concern) == {"student", "coordinator"}
    actions.change_mentor(made, actor=cast.user("hr"), mentor=cast.trainer)
    assert seen_by(cast, concern) == {"student", "coordinator"}
    with pytest.raises(Refused):
        actions.take_concern(concern, actor=cast.user("hr"))


def test_a_late_answer_comes_before_the_partnership_manager(cast):
    with time_machine.travel("2026-11-25T08:00:00Z"):  # a Wednesday
        concern = raised(cast)
    assert concern.answer_by.astimezone().date().isoformat() == "2026-11-30"
    with time_machine.travel("2026-11-30T08:00:00Z"):
        assert seen_by(cast, concern) == {"student", "coordinator"}
        with pytest.raises(Refused):
            actions.take_concern(concern, actor=cast.user("partnerships"))
    with time_machine.travel("2026-12-01T08:00:00Z"):
        assert seen_by(cast, concern) == {"student", "coordinator", "partnerships"}
        actions.close_concern(concern, actor=cast.user("partnerships"), note="Baxıldı")
        assert seen_by(cast, concern) == {"student", "coordinator"}


def test_the_mentor_meets_it_nowhere(cast, login, client):
    made = makers.active(cast)
    concern = raised(cast, made, to_company=True)
    actions.take_concern(concern, actor=cast.user("coordinator"))
    mentor = login("mentor")
    assert mentor.get(concern.get_absolute_url()).status_code == 404
    for verb in ("take", "close", "withdraw", "reopen"):
        assert mentor.post(reverse("internships:concern_act", args=[concern.uid, verb])).status_code == 404
    plain = login("mentor").get(made.get_absolute_url()).content.decode()
    for path in ("home", "todo", "inbox", "search", "calendar", "internships:placements"):
        page = login("mentor").get(reverse(path), {"q": "gözətçisiz"}).content.decode()
        assert ("concern" in page.lower(), TEXT in page) == (False, False), path
    Concern.objects.all().delete()
    assert _same(plain) == _same(login("mentor").get(made.get_absolute_url()).content.decode())


def _same(page):
    """The page without what differs at every look: tokens."""
    import re

    return re.sub(r'value="[\w-]{40,}"|"X-CSRFToken": "[^"]+"|nonce="[^"]+"', "", page)


def test_the_list_and_its_export_hold_no_word_of_it(cast, login):
    made = makers.active(cast)
    raised(cast, made, to_company=True)
    for who in ("hr", "mentor", "coordinator"):
        page = login(who).get(reverse("internships:placements"))
        assert TEXT not in page.content.decode()
    from internships.exports import PLACEMENTS
    from internships.views.placing.listing import lines_of, with_columns

    shown = lines_of(with_columns(Placement.objects.filter(pk=made.pk)))
    cells = [str(column.value(line)) for line in shown for column in PLACEMENTS]
    assert not [cell for cell in cells if "gözətçisiz" in cell or "safety" in cell]


def test_letters_say_that_there_is_one_and_never_quote_it(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        concern = raised(cast, to_company=True)
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_concern(concern, actor=cast.user("coordinator"), note="Gizli cavab")
    told = {(n.person_id, n.kind) for n in Notification.objects.filter(kind__contains="concern")}
    assert told == {
        (cast.coordinator.pk, "internships.concern"),
        (cast.hr.pk, "internships.concern"),
        (cast.student.pk, "internships.concern_answered"),
    }
    mails = Message.objects.filter(kind__contains="concern")
    assert mails.count() == 3
    for mail in mails:
        words = f"{mail.subject} {mail.text} {mail.html}"
        assert TEXT not in words
        assert "Gizli cavab" not in words
        assert str(concern.get_topic_display()) not in words


def test_a_stranger_with_the_address_finds_nothing(cast, login):
    concern = raised(cast)
    for who in (
        "student2",
        "colleague",
        "coordinator2",
        "hr",
        "hr2",
        "mentor",
        "supervisor",
        "admin",
        "rector",
    ):
        assert login(who).get(concern.get_absolute_url()).status_code == 404


def test_the_pages_raise_and_answer_it(cast, login, english):
    made = makers.active(cast)
    url = reverse("internships:concern_new", args=[made.uid])
    student = login("student")
    assert student.post(url, {"topic": "safety", "text": ""}).status_code == 422
    assert student.post(url, {"topic": "safety", "text": TEXT}).status_code == 302
    concern = Concern.objects.get()
    assert (concern.mentor, concern.to_company) == (cast.mentor, False)
    coordinator = login("coordinator")
    page = coordinator.get(concern.get_absolute_url()).content.decode()
    assert "Your move: look into it and answer the student." in page
    close = reverse("internships:concern_act", args=[concern.uid, "close"])
    assert coordinator.post(close, {"note": ""}).status_code == 422
    assert coordinator.post(close, {"note": "Baxıldı"}).status_code == 302
    assert coordinator.post(close, {"note": "Baxıldı"}).status_code == 409
    assert "Baxıldı" in student.get(concern.get_absolute_url()).content.decode()
    for who in ("mentor", "hr", "coordinator"):
        assert login(who).post(url, {"topic": "safety", "text": TEXT}).status_code == 403
    assert login("colleague").post(url, {"topic": "safety", "text": TEXT}).status_code == 404


def test_administering_shows_none(cast, login):
    raised(cast)
    assert Placement.objects.visible_to(cast.user("admin")).count() == 1
    assert not Concern.objects.visible_to(cast.user("admin")).exists()


def test_the_administration_tells_nothing_of_what_was_told_in_confidence(
    cast, login, settings, django_capture_on_commit_callbacks
):
    settings.DEMO = True  # no second factor asked in the embedded default
    with django_capture_on_commit_callbacks(execute=True):
        concern = raised(cast)
    with time_machine.travel(concern.answer_by):
        remind()
    told = Notification.objects.get(kind="internships.concern")
    letter = Message.objects.get(kind="internships.concern")
    assert Occurrence.objects.filter(rule="internships.remind_concern").exists()
    client = login("admin")
    pages = {
        address: client.get(f"/admin/notifications/{address}")
        for address in (
            "message/",
            f"message/{letter.pk}/change/",
            "notification/",
            "occurrence/",
        )
    }
    assert {page.status_code for page in pages.values()} == {200}
    label = str(table().kinds()["internships.concern"].label)
    silent = (letter.subject, told.heading, label, "internships.remind_concern", str(concern.uid))
    assert [(where, word) for where, page in pages.items() for word in silent if word in page.text] == []
    assert letter.address in pages["message/"].text  # it is there, to be sent again
    assert client.get(f"/admin/notifications/notification/{told.pk}/change/").status_code == 302


def test_an_answer_and_a_new_question_that_are_missing_are_asked_for_by_their_own_names(cast, login, english):
    concern = raised(cast)
    page = lambda verb: reverse("internships:concern_act", args=[concern.uid, verb])  # noqa: E731
    empty = login("coordinator").post(page("close"), {"note": " "})
    assert empty.context["form"].errors == {"note": ["Write the answer: the student waits for it."]}
    actions.close_concern(concern, actor=cast.user("coordinator"), note="Mentor dəyişdirilir")
    again = login("student").post(page("reopen"), {"note": ""})
    assert again.context["form"].errors == {
        "note": ["Write what is not settled, so that it can be looked into."]
    }
