"""The pages at the end of a practice, as each person meets them, and the numbers of a year."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from internships import actions
from internships.actions.outcomes import VERBS
from internships.criteria import current_form
from internships.enums import EvaluationKind as K
from internships.enums import OutcomeKind, PlacementState, ProgrammeKind
from internships.enums import PlacementState as S
from internships.history import PLACEMENT_DONE, history_of_placement
from internships.models import Evaluation, Outcome, Placement, Programme, Report
from internships.numbers import pace, yearly
from internships.placement_moves import move_of_placement
from internships.tests import makers
from internships.tests.test_evaluating import give, marks
from internships.views import numbers
from partnerships.common.clock import BAKU
from partnerships.common.refusals import Blocked, Refused
from partnerships.testing.files import pdf, upload

AFTER = "2027-08-02T08:00:00Z"


@pytest.fixture
def after(cast, english):
    """A practice that is over, on the Monday after it."""
    made = makers.active(cast, supervisor=cast.supervisor)
    Placement.objects.update(state=PlacementState.FINISHED)
    with time_machine.travel(AFTER, tick=False):
        yield makers.placement_again(made)


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
    assert "The mentor has not evaluated yet." in client.get(url).content.decode()
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


# The numbers ------------------------------------------------------------------------------------------
def test_each_side_counts_its_own_and_leadership_sees_no_student(cast, after, login):
    kabel = makers.programme(
        cast,
        by="hr2",
        host=cast.other_company,
        unit=cast.other_plant,
        title="Kabel istehsalı",
        deadlines=makers.chain(),
    )
    makers.placement(cast, kabel, "student2", by="hr2", mentor="mentor2")
    counts = {
        name: [line.opened for line in yearly.by_enterprise(yearly.counted(cast.user(name)))]
        for name in ("hr", "hr2", "coordinator", "coordinator2", "rector", "student", "mentor")
    }
    assert counts == {
        "hr": [1],
        "hr2": [1],
        "coordinator": [1],
        "coordinator2": [1],
        "rector": [1],
        "student": [],
        "mentor": [],
    }
    assert login("rector").get(reverse("internships:numbers")).status_code == 200
    assert login("rector").get(reverse("internships:year_students")).status_code == 403
    assert login("student").get(reverse("internships:numbers")).status_code == 403


def test_the_number_leads_to_its_students_by_enterprise_and_group(cast, after, login):
    client = login("hr")
    html = client.get(reverse("internships:numbers") + "?year=2027").content.decode()
    assert f"unit={cast.baki.slug}" in html
    found = client.get(
        reverse("internships:year_students"), {"year": "2027", "unit": cast.baki.slug, "group": "underway"}
    )
    assert [row.pk for row in found.context["placements"]] == [after.pk]
    assert list(found.context["asked"].by_name) == [after]
    none = client.get(reverse("internships:year_students"), {"year": "2027", "unit": cast.aran.slug})
    assert list(none.context["asked"].by_name) == []
    assert list(none.context["placements"]) == []
    exported = client.get(reverse("export", args=["internships.year_students"]), {"year": "2027"})
    assert exported["Content-Type"].endswith("sheet")


def test_the_groups_of_a_year_are_counted_as_they_are_listed(cast):
    first = makers.active(cast)
    second = makers.placement(cast, makers.programme(cast), "colleague")
    third = makers.placement(cast, second.programme, "student2")
    user, params = cast.user("hr"), QueryDict("year=2027")
    seen = {}
    for states, kind in (
        ((S.ACTIVE, S.ASSESSED, S.ENDED_EARLY), OutcomeKind.POOL),
        ((S.ASSESSED, S.ASSESSED, S.CANCELLED), OutcomeKind.HIRED),
        ((S.ASSESSED, S.ASSESSED, S.PREPARING), OutcomeKind.NONE),
    ):
        for row, state in zip((first, second, third), states, strict=True):
            Placement.objects.filter(pk=row.pk).update(state=state)
        Outcome.objects.all().delete()
        Outcome.objects.create(placement=second, kind=kind, decided_by=user, decided_on=date(2027, 8, 2))
        asked = numbers.Asked(user, params)
        counts = asked.counts()
        assert counts.pop("every") == asked.base.count() == 3
        assert counts == {
            name: asked.base.filter(group.where).count() for name, group in numbers.GROUPS.items()
        }
        seen[kind] = {name: n for name, n in counts.items() if n}
    assert seen == {
        OutcomeKind.POOL: {"underway": 1, "assessed": 1, "broken_off": 1, "pool": 1},
        OutcomeKind.HIRED: {"assessed": 2, "broken_off": 1, "hired": 1, "unknown": 1},
        OutcomeKind.NONE: {"underway": 1, "assessed": 2, "unknown": 1},
    }


def test_what_students_say_is_shown_from_five_answers_up(cast, after, settings):
    def say(placement):
        Evaluation.objects.create(
            placement=placement,
            kind=K.STUDENT,
            state="submitted",
            recommended=True,
            marks={"form": 1, **marks(K.STUDENT, 4)},
        )

    say(after)
    rows = yearly.in_year(yearly.counted(cast.user("hr")), 2027)
    assert yearly.opinions(rows) == []
    settings.SMALL_CELL = 1
    (opinion,) = yearly.opinions(rows)
    assert (opinion.node, opinion.answers, opinion.recommend) == (cast.baki.pk, 1, 100)
    assert {mean for _label, mean in opinion.rows} == {Decimal(4)}


def test_a_criterion_that_few_were_asked_about_is_not_shown(settings):
    given = [({"form": 1, "safety": 4}, True)] * settings.SMALL_CELL
    opinion = yearly._opinion(7, [*given[1:], ({"form": 2, "safety": 4, "mentor": 1}, False)])
    assert (opinion.answers, opinion.means) == (settings.SMALL_CELL, {"safety": Decimal("4.0")})


def test_means_grow_in_steps_of_five_so_that_the_sixth_answer_is_told_to_nobody(settings):
    def said(marks):
        return yearly._in_steps([({"form": 1, "safety": mark}, mark > 3) for mark in marks])

    five = said([4] * 5)
    assert [len(said([4] * n)) for n in (4, 5, 6, 9, 10, 14)] == [0, 5, 5, 5, 10, 10]
    assert yearly._opinion(7, said([4] * 5 + [1])) == yearly._opinion(7, five)
    ten = yearly._opinion(7, said([4] * 5 + [1] * 5))
    assert (ten.answers, ten.means, ten.recommend) == (10, {"safety": Decimal("2.5")}, 50)
    # A criterion that was added later grows in steps of its own, within the answers that count.
    asked = [({"form": 2, "safety": 4, "mentor": mark}, True) for mark in (5, 5, 5, 5, 5, 1)]
    assert yearly._opinion(7, [*five[:4], *asked]).means == {
        "safety": Decimal("4.0"),
        "mentor": Decimal("5.0"),
    }


def test_the_numbers_and_their_students_cost_the_same_for_one_as_for_three(cast, login):
    made = makers.programme(cast, seats=3)
    makers.placement(cast, made)
    client = login("hr")
    urls = [reverse(f"internships:{name}") + "?year=2027" for name in ("numbers", "year_students")]

    def asked(url):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    assert [client.get(url).status_code for url in urls] == [200, 200]  # what is cached is there now
    before = [asked(url) for url in urls]
    for who in ("colleague", "student2"):
        makers.placement(cast, made, who)
    assert [asked(url) for url in urls] == before


# How long the steps take -------------------------------------------------------------------------------
def test_a_year_tells_how_long_university_company_and_student_took(cast):
    made = makers.programme(cast, endorsement_required=True)
    beginning = timezone.now()

    def on_day(day, verb, application, who, **values):
        with time_machine.travel(beginning + timedelta(days=day), tick=False):
            return makers.again(getattr(actions, verb)(application, actor=cast.user(who), **values))

    first, second = makers.sent(cast, made), makers.sent(cast, made, "colleague")
    first = on_day(2, "endorse", first, "coordinator")
    second = on_day(6, "endorse", second, "coordinator")
    on_day(5, "offer", first, "hr")
    year = beginning.astimezone(BAKU).year
    with time_machine.travel(beginning + timedelta(days=8), tick=False):

        def steps_of(name, year=year):
            user = cast.user(name)
            return pace.steps(user, pace.counted(user, year), leads_down=True)

        steps = steps_of("coordinator")
        found = {
            step.pace.state: (
                step.pace.left,
                step.pace.median and round(step.pace.median),
                step.pace.slow and round(step.pace.slow),
                step.pace.waiting,
                step.pace.longest and round(step.pace.longest),
            )
            for step in steps
        }
        of_the_company = [step.pace.state for step in steps_of("hr")]
        assert steps_of("hr2") == []
        assert steps_of("coordinator2") == []
        assert steps_of("coordinator", year - 1) == []
    assert found == {
        "submitted": (2, 4, 6, 0, None),
        "returned": (0, None, None, 0, None),
        "in_review": (1, 3, 3, 1, 2),
        "interview": (0, None, None, 0, None),
        "waitlisted": (0, None, None, 0, None),
        "offered": (0, None, None, 1, 3),
    }
    assert of_the_company == ["in_review", "interview", "waitlisted", "offered"]


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
