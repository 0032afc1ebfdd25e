"""The pages at the end of a practice, as each person meets them, and the numbers of a year."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from internships import actions
from internships.actions.outcomes import VERBS
from internships.criteria import current_form
from internships.enums import EvaluationKind as K
from internships.enums import OutcomeKind, ProgrammeKind
from internships.history import PLACEMENT_DONE, history_of_placement
from internships.models import Evaluation, Outcome, Placement, Programme, Report
from internships.numbers import yearly
from internships.placement_moves import move_of_placement
from internships.tests import makers
from internships.tests.test_evaluating import give, marks
from partnerships.common.refusals import Blocked, Refused
from partnerships.testing.files import pdf, upload


def address(placement, name, *more):
    return reverse(f"internships:{name}", args=[placement.uid, *more])


def posted(kind, **more):
    return {**{key: str(value) for key, value in marks(kind).items()}, **more}


def test_the_mentor_gives_the_evaluation_on_its_page_and_reads_it_on_the_practice(cast, after, login):
    client = login("mentor")
    url = address(after, "evaluate", K.MENTOR_FINAL)
    assert client.get(url).status_code == 200
    answer = client.post(url, posted(K.MENTOR_FINAL, recommended="yes", comment="<b>Çalışqan</b>"))
    assert answer.status_code == 302
    html = client.get(after.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Çalışqan&lt;/b&gt;" in html
    assert client.post(url, posted(K.MENTOR_FINAL, recommended="no")).status_code == 302
    second = client.post(url, posted(K.MENTOR_FINAL, recommended="no", comment="Başqa pəncərədə yazılan"))
    assert (second.status_code, "Başqa pəncərədə yazılan" in second.content.decode()) == (409, True)
    assert Evaluation.objects.get().recommended is True


def test_what_was_ticked_stays_when_something_is_missing(cast, after, login):
    given = posted(K.MENTOR_FINAL, recommended="yes", comment="Sözlər qalır")
    del given["safety"]
    answer = login("mentor").post(address(after, "evaluate", K.MENTOR_FINAL), given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count(" checked") == len(current_form(K.MENTOR_FINAL).criteria)
    assert "Sözlər qalır" in html
    assert "Choose a mark from 1 to 5." in html
    assert Evaluation.objects.count() == 0


def test_human_resources_need_the_scan_of_the_paper(cast, after, login):
    client, url = login("hr"), address(after, "evaluate", K.MENTOR_FINAL)
    given = posted(K.MENTOR_FINAL, recommended="no")
    assert client.post(url, given).status_code == 422
    assert client.post(url, {**given, "scan": upload(pdf(), "rey.pdf")}).status_code == 302
    assert "From a signed paper" in client.get(after.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["student2", "coordinator2", "hr2", "mentor2", "stranger"])
def test_strangers_find_none_of_the_pages(cast, after, login, name):
    client = login(name)
    urls = [
        after.get_absolute_url(),
        address(after, "evaluate", K.MENTOR_FINAL),
        address(after, "report"),
        address(after, "mark", "assess"),
        address(after, "outcome"),
        address(after, "pool"),
    ]
    assert [client.get(url).status_code for url in urls] == [404] * len(urls)


def test_the_report_is_written_handed_in_returned_and_accepted_on_the_pages(cast, after, login):
    student, supervisor = login("student"), login("supervisor")
    url = address(after, "report")
    assert student.post(url, {"title": "Yarımstansiya", "hand_in": "1"}).status_code == 422  # no file yet
    assert student.post(url, {"title": "", "file": upload(pdf(), "hesabat.pdf")}).status_code == 422
    kept = {"title": "Yarımstansiya", "hand_in": "1", "file": upload(pdf(), "hesabat.pdf")}
    assert student.post(url, kept).status_code == 302
    assert supervisor.post(address(after, "report_act", "return"), {"note": ""}).status_code == 422
    supervisor.post(address(after, "report_act", "return"), {"note": "Nəticə yoxdur"})
    strip = login("student").get(after.get_absolute_url()).content.decode()
    assert "Nəticə yoxdur" in strip.split('class="move-strip')[1].split("</section>")[0]
    # Why it came back stands on the practice and where it is written anew; the company does not read it.
    pages = [student.get(url), *(login(who).get(after.get_absolute_url()) for who in ("student", "hr"))]
    assert ["Nəticə yoxdur" in page.content.decode() for page in pages] == [True, True, False]
    strips = [
        page.content.decode().partition('class="acts"')[2].partition("</section>")[0] for page in pages[1:]
    ]
    assert [f'href="{url}"' in strip for strip in strips] == [True, False]
    student.post(url, {**kept, "file": upload(pdf(2), "hesabat.pdf")})
    supervisor.post(address(after, "report_act", "accept"), {"mark": "91", "note": ""})
    report = Report.objects.get()
    assert (report.state, report.mark, report.documents.count()) == ("accepted", 91, 1)
    assert student.post(url, kept).status_code == 302  # handed in: nothing changes
    assert Report.objects.get().version == report.version


def test_the_final_mark_is_blocked_with_its_reason_and_then_given(cast, after, login):
    client, url = login("supervisor"), address(after, "mark", "assess")
    blocked = client.get(url).content.decode()
    assert "The mentor has not evaluated yet." in blocked
    assert blocked.count(f'<a class="btn btn-quiet" href="{after.get_absolute_url()}">') == 1  # a way back
    give(cast, after)
    assert client.post(url, {"mark": "88", "note": "Təşəkkür"}).status_code == 302
    assert Placement.objects.get().mark == 88
    assert client.post(url, {"mark": "10", "note": ""}).status_code == 409


# What became of them --------------------------------------------------------------------------------
def test_the_pool_asks_for_the_students_consent_and_ends_with_it(cast, after, login):
    give(cast, after)
    hr, student = login("hr"), login("student")
    hr.post(address(after, "outcome"), {"kind": "pool", "decided_on": "2027-08-02"})
    assert yearly.total(yearly.by_university(yearly.counted(cast.user("hr")))).pool == 0
    url = address(after, "pool")
    assert student.post(url, {"act": "agree", "until": "2030-01-01"}).status_code == 422
    assert student.post(url, {"act": "agree", "until": "2028-08-01"}).status_code == 302
    assert yearly.total(yearly.by_university(yearly.counted(cast.user("hr")))).pool == 1
    with time_machine.travel("2028-08-02T08:00:00Z"):
        assert yearly.total(yearly.by_university(yearly.counted(cast.user("hr")))).pool == 0
    student.post(url, {"act": "leave"})
    assert (Outcome.objects.get().kind, Outcome.objects.get().consent_until) == (OutcomeKind.NONE, None)


def test_a_consent_that_is_over_is_said_to_be_and_is_not_prolonged_by_a_pause(cast, after, login):
    give(cast, after)
    actions.set_outcome(after, actor=cast.user("hr"), kind="pool", decided_on=date(2027, 8, 2))
    actions.agree_to_pool(after, actor=cast.user("student"), until=date(2028, 8, 1))
    url = address(after, "pool")
    assert "You agreed until:" in login("student").get(url, {"lang": "en"}).content.decode()
    with time_machine.travel("2028-08-02T08:00:00Z"):
        page = login("student").get(url, {"lang": "en"}).content.decode()
        assert ("Your consent ended:" in page, "You agreed until:" in page) == (True, False)
        assert ('value="pause"' in page, "I do not agree" in page) == (False, True)
        with pytest.raises(Blocked):
            actions.pause_pool(after, actor=cast.user("student"), until=date(2028, 12, 1))
    assert Outcome.objects.get().consent_until == date(2028, 8, 1)


def test_who_agrees_again_is_back_from_a_pause_before_its_day(cast, after, login):
    give(cast, after)
    actions.set_outcome(after, actor=cast.user("hr"), kind="pool", decided_on=date(2027, 8, 2))
    student = cast.user("student")
    actions.agree_to_pool(after, actor=student, until=date(2028, 8, 1))
    actions.pause_pool(after, actor=student, until=date(2028, 3, 1))
    url = address(after, "pool")
    page = login("student").get(url, {"lang": "en"}).content.decode()
    assert ("paused until:" in page, ">I am back: end the pause<" in page, ">I agree<" in page) == (
        True,
        True,
        False,
    )
    actions.agree_to_pool(after, actor=student, until=date(2028, 8, 1))
    page = login("student").get(url, {"lang": "en"}).content.decode()
    assert ("paused until:" in page, ">Change the day<" in page, ">I agree<" in page) == (False, True, False)
    assert Outcome.objects.get().paused_until is None


def test_nobody_comes_into_the_pool_whom_the_mentor_does_not_carry(cast, after):
    values = {"actor": cast.user("hr"), "kind": OutcomeKind.POOL, "decided_on": date(2027, 8, 2)}
    with pytest.raises(Blocked) as refused:
        actions.set_outcome(after, **values)
    assert refused.value.refusal.code == "no_evaluation"
    give(cast, after, marks=marks(K.MENTOR_FINAL, 2), recommended=False)
    with pytest.raises(Blocked) as refused:
        actions.set_outcome(after, **values)
    assert refused.value.refusal.code == "not_recommended"
    assert Outcome.objects.count() == 0


def test_only_the_student_answers_for_the_pool(cast, after):
    give(cast, after)
    actions.set_outcome(after, actor=cast.user("hr"), kind="pool", decided_on=date(2027, 8, 2))
    for name in ("hr", "coordinator", "mentor"):
        with pytest.raises(Refused):
            actions.agree_to_pool(after, actor=cast.user(name), until=date(2028, 1, 1))
    assert Outcome.objects.get().consent_at is None


def test_a_hire_names_its_position_and_a_unit_of_the_company(cast, after, login):
    client, url = login("hr"), address(after, "outcome")
    given = {"kind": "hired", "decided_on": "2027-08-02", "unit": str(cast.substation.pk)}
    assert client.post(url, given).status_code == 422
    foreign = {**given, "position": "Elektrik", "unit": str(cast.other_plant.pk)}
    assert client.post(url, foreign).status_code == 422
    assert client.post(url, {**given, "position": "Elektrik", "note": "gizli qeyd"}).status_code == 302
    assert "gizli qeyd" not in login("student").get(after.get_absolute_url()).content.decode()
    assert "gizli qeyd" in client.get(after.get_absolute_url()).content.decode()


def test_the_strip_names_whoever_is_waited_for_when_a_practice_is_over(cast, after, login):
    Programme.objects.update(kind=ProgrammeKind.PRACTICE)
    student, supervisor = cast.user("student"), cast.user("supervisor")

    def moves():
        placement = makers.placement_again(after)
        readers = ("student", "mentor", "supervisor")
        found = {who: move_of_placement(placement, cast.user(who)) for who in readers}
        return {who: move.text for who, move in found.items() if move.mine}

    evaluate = {"mentor": "Your move: evaluate the student."}
    assert moves() == {**evaluate, "student": "Your move: hand in your report."}
    actions.attach_report(after, [upload(pdf(), "hesabat.pdf")], actor=student, title="Rele")
    actions.submit_report(after, actor=student)
    marking = "Your move: mark the report, or return it with what is to be changed."
    assert moves() == {**evaluate, "supervisor": marking}
    give(cast, after)
    assert moves() == {"supervisor": marking}
    actions.return_report(after, actor=supervisor, note="Nəticəni yazın")
    assert moves() == {"student": "Your move: change the report as it was asked and hand it in again."}
    actions.submit_report(after, actor=student)
    actions.accept_report(after, actor=supervisor, mark=90)
    assert moves() == {"supervisor": "Your move: give the final mark."}


def test_the_button_of_the_outcome_says_what_it_does(after, login):
    page = login("hr").get(address(after, "outcome")).content.decode()
    assert 'type="submit">Save</button>' in page


def test_the_history_tells_in_words_what_became_of_the_student(cast, after, login):
    give(cast, after)
    hr, student, day = cast.user("hr"), cast.user("student"), date(2027, 8, 2)
    actions.set_outcome(after, actor=hr, kind=OutcomeKind.POOL, decided_on=day)
    actions.agree_to_pool(makers.placement_again(after), actor=student, until=date(2027, 12, 1))
    actions.leave_pool(makers.placement_again(after), actor=student)
    told = [str(entry.label) for entry in history_of_placement(makers.placement_again(after))]
    assert told[1:4] == ["Not in the talent pool", "Agreed to the talent pool", "Invited to the talent pool"]
    assert {*VERBS.values(), "pause_pool"} <= set(PLACEMENT_DONE)


def test_the_history_tells_of_the_report_and_the_company_reads_no_word_of_it(cast, after, login):
    student, supervisor = cast.user("student"), cast.user("supervisor")
    actions.attach_report(after, [upload(pdf(), "h.pdf")], actor=student, title="Rele")
    actions.submit_report(after, actor=student)
    actions.return_report(after, actor=supervisor, note="Nəticə azdır")
    actions.submit_report(after, actor=student)
    actions.accept_report(after, actor=supervisor, mark=90)
    told = history_of_placement(makers.placement_again(after))[1:5]
    assert [(str(entry.label), entry.note) for entry in told] == [
        ("Report accepted with a mark", ""),
        ("Report handed in", ""),
        ("Report returned by the university for changes", "Nəticə azdır"),
        ("Report handed in", ""),
    ]
    for name, reads in (("supervisor", True), ("coordinator", True), ("hr", False), ("mentor", False)):
        page = login(name).get(after.get_absolute_url()).text
        assert ("Report accepted with a mark" in page, "Nəticə azdır" in page) == (True, reads), name


@pytest.mark.parametrize(("state", "sends"), [("finished", True), ("ended_early", True), ("assessed", False)])
def test_the_mentors_link_is_sent_until_the_mark_is_given_and_can_be_taken_back_after_it(
    cast, after, login, state, sends
):
    actions.send_mentor_link(after, actor=cast.user("hr"))
    Placement.objects.update(state=state)
    send, renew, revoke = 'value="send"', 'value="renew"', 'value="revoke"'
    hr, supervisor = (login(name).get(after.get_absolute_url()).text for name in ("hr", "coordinator"))
    assert [word in hr for word in (send, renew, revoke)] == [sends, sends, True]
    assert [word in supervisor for word in (send, renew, revoke)] == [sends, False, False]
    if not sends:
        with pytest.raises(Blocked) as refused:
            actions.send_mentor_link(makers.placement_again(after), actor=cast.user("hr"))
        assert refused.value.refusal.code == "no_link"
