"""Evaluations by each side, the report and the final mark: who gives them, when, and what is refused."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from internships import actions
from internships.criteria import FORMS, clean_marks, current_form, marks_shown, mean_mark
from internships.enums import EvaluationKind as K
from internships.enums import EvaluationState, PlacementState, ReportState, Source
from internships.models import Evaluation, Placement
from internships.tests import makers
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.testing.files import pdf, upload
from partnerships.workflow.actors import link_actor

NEAR_THE_END = "2027-07-28T08:00:00Z"


def marks(kind: str, mark: int = 4) -> dict[str, int]:
    return {criterion.key: mark for criterion in current_form(kind).criteria}


def give(cast, placement, kind=K.MENTOR_FINAL, who="mentor", **values):
    values = {"marks": marks(kind), "recommended": True, "actor": cast.user(who), **values}
    return actions.give_evaluation(placement, kind, **values)


@pytest.fixture
def near_the_end(cast):
    made = makers.active(cast, supervisor=cast.supervisor)
    with time_machine.travel(NEAR_THE_END, tick=False):
        yield made


@pytest.mark.parametrize("kind", list(K))
def test_every_kind_of_evaluation_has_a_form_with_criteria_of_its_own(kind):
    keys = [criterion.key for criterion in current_form(kind).criteria]
    assert len(keys) == len(set(keys)) >= 3
    assert all(form.version == version for version, form in FORMS[kind].items())


def test_the_mentors_final_evaluation_takes_at_most_eight_taps_and_one_text():
    form = current_form(K.MENTOR_FINAL)
    taps = len(form.criteria) + bool(form.recommend) + 1  # the button
    assert taps <= 8


def test_marks_are_named_one_by_one_where_they_are_missing_or_wrong():
    given = {**marks(K.MENTOR_MID), "safety": "6", "progress": ""}
    with pytest.raises(ValidationError) as refused:
        clean_marks(K.MENTOR_MID, given)
    assert set(refused.value.message_dict) == {"safety", "progress"}


def test_the_mentor_gives_the_final_evaluation_once(cast, near_the_end):
    given = give(cast, near_the_end, comment="Yaxşı işləyir")
    assert (given.state, given.given_by, given.source) == (
        EvaluationState.SUBMITTED,
        cast.mentor,
        Source.PORTAL,
    )
    assert [shown.mark for shown in marks_shown(given)] == [4] * 6
    assert mean_mark(given) == 4
    with pytest.raises(IllegalTransition):
        give(cast, near_the_end, marks=marks(K.MENTOR_FINAL, 1))
    assert Evaluation.objects.get().marks["safety"] == 4


def test_it_opens_a_week_before_the_last_day(cast):
    made = makers.active(cast)
    with time_machine.travel("2027-07-20T08:00:00Z"), pytest.raises(Blocked) as refused:
        give(cast, made)
    assert refused.value.refusal.code == "too_early"
    assert Evaluation.objects.count() == 0


def test_behind_the_link_it_is_marked_as_the_links(cast, near_the_end):
    actor = link_actor(cast.mentor.pk, near_the_end.link_scope)
    assert give(cast, near_the_end, actor=actor).source == Source.LINK


def test_another_placements_link_gives_nothing(cast, near_the_end):
    other = link_actor(cast.mentor.pk, "internships.Placement:999999")
    with pytest.raises(Refused):
        give(cast, near_the_end, actor=other)
    assert Evaluation.objects.count() == 0


def test_human_resources_enter_it_from_a_signed_paper_with_its_scan_and_not_otherwise(cast, near_the_end):
    with pytest.raises(Refused):
        give(cast, near_the_end, who="hr")
    with pytest.raises(ValidationError):
        give(cast, near_the_end, who="hr", source=Source.PAPER)
    given = give(cast, near_the_end, who="hr", source=Source.PAPER, scan=upload(pdf(), "rey.pdf"))
    assert (given.given_by, given.source, given.documents.count()) == (cast.mentor, Source.PAPER, 1)


@pytest.mark.parametrize("who", ["student", "coordinator", "student2", "coordinator2", "mentor2", "hr2"])
def test_nobody_else_gives_the_mentors_evaluation(cast, near_the_end, who):
    with pytest.raises(Refused):
        give(cast, near_the_end, who=who)


def test_the_yes_or_no_is_asked_where_the_form_has_it(cast, near_the_end):
    with pytest.raises(ValidationError) as refused:
        give(cast, near_the_end, recommended=None)
    assert set(refused.value.message_dict) == {"recommended"}
    assert give(cast, near_the_end, K.UNIVERSITY, "supervisor", recommended=None).recommended is None


def test_an_evaluation_is_opened_again_with_a_reason_until_the_final_mark(cast, near_the_end):
    given = give(cast, near_the_end)
    with pytest.raises(Missing):
        actions.reopen_evaluation(given, actor=cast.user("mentor"), note=" ")
    actions.reopen_evaluation(given, actor=cast.user("mentor"), note="Səhv xana")
    assert give(cast, near_the_end, marks=marks(K.MENTOR_FINAL, 5)).marks["safety"] == 5
    Placement.objects.update(state=PlacementState.ASSESSED)
    with pytest.raises(Blocked):
        actions.reopen_evaluation(Evaluation.objects.get(), actor=cast.user("mentor"), note="Yenə")


# The report and the mark ----------------------------------------------------------------------------
def handed_in(cast, placement):
    user = cast.user("student")
    actions.attach_report(
        placement, [upload(pdf(), "hesabat.pdf")], actor=user, title="Yarımstansiyada təcrübə"
    )
    return actions.submit_report(placement, actor=user)


def test_a_report_goes_to_the_supervisor_comes_back_with_a_reason_and_is_accepted_with_a_mark(
    cast, near_the_end
):
    handed_in(cast, near_the_end)
    supervisor = cast.user("supervisor")
    actions.return_report(near_the_end, actor=supervisor, note="Nəticə hissəsi yoxdur")
    handed_in(cast, near_the_end)
    report = actions.accept_report(
        near_the_end,
        actor=supervisor,
        mark=0,
        defended_on=date(2027, 7, 28),
        commission="T. Abbasov, S. Quliyeva",
    )
    assert (report.state, report.mark, report.documents.count()) == (ReportState.ACCEPTED, 0, 1)


def test_a_report_without_a_file_is_not_handed_in(cast, near_the_end):
    user = cast.user("student")
    actions.attach_report(near_the_end, [], actor=user, title="Təcrübə")
    with pytest.raises(Blocked) as refused:
        actions.submit_report(near_the_end, actor=user)
    assert refused.value.refusal.code == "no_file"


def test_what_is_handed_in_stays_as_it_is(cast, near_the_end):
    handed_in(cast, near_the_end)
    with pytest.raises(Blocked):
        actions.attach_report(
            near_the_end, [upload(pdf(), "b.pdf")], actor=cast.user("student"), title="Başqa"
        )


@pytest.mark.parametrize("who", ["student2", "coordinator2", "hr", "mentor", "stranger"])
def test_the_report_is_marked_by_the_university_alone(cast, near_the_end, who):
    handed_in(cast, near_the_end)
    with pytest.raises(Refused):
        actions.accept_report(near_the_end, actor=cast.user(who), mark=90)


def test_the_final_mark_waits_for_the_mentor_and_in_the_curriculum_for_the_report(cast):
    practice = makers.programme(cast, kind="practice", competition=True)
    made = makers.active(cast, practice, supervisor=cast.supervisor)
    with time_machine.travel("2027-08-02T08:00:00Z", tick=False):
        Placement.objects.update(state=PlacementState.FINISHED)
        supervisor = cast.user("supervisor")
        codes = []
        for step in (
            lambda: give(cast, made),
            lambda: handed_in(cast, made),
            lambda: actions.accept_report(made, actor=supervisor, mark=80),
        ):
            with pytest.raises(Blocked) as refused:
                actions.assess_placement(made, actor=supervisor, mark=85)
            codes.append(refused.value.refusal.code)
            step()
        assert codes == ["no_evaluation", "no_report", "no_report"]
        done = actions.assess_placement(made, actor=supervisor, mark=85)
        assert (done.state, done.mark) == (PlacementState.ASSESSED, 85)
        back = actions.reopen_assessment(made, actor=cast.user("coordinator"), note="Apellyasiya")
        assert (back.state, back.mark) == (PlacementState.FINISHED, None)


def test_a_mark_outside_the_scale_changes_nothing(cast, near_the_end):
    handed_in(cast, near_the_end)
    with pytest.raises(ValidationError):
        actions.accept_report(near_the_end, actor=cast.user("supervisor"), mark=101)
    near_the_end.refresh_from_db()
    assert near_the_end.report.state == ReportState.SUBMITTED
