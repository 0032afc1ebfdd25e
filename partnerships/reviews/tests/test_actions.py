"""Rounds and reviews: opened, assigned, marked, handed in, opened again; what each refuses."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from partnerships.common.refusals import IllegalTransition, Missing, Refused, StaleState
from partnerships.directory.models import Affiliation
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.reviews import actions, personal, reports, whole_round
from partnerships.reviews.models import Conflict, Review, ReviewRound, Rubric
from partnerships.reviews.tests.conftest import again, blocked, fresh, idea, mark, member, opened
from partnerships.workflow.models import Change

CRITERIA = [
    {"az": "Yenilik", "en": "Novelty", "weight": 3, "labels_az": ["zəif", "orta", "güclü"], "labels_en": []},
    {
        "az": "Tətbiq",
        "en": "Use",
        "weight": 1,
        "labels_az": ["yox", "bəli"],
        "labels_en": ["no", "yes"],
    },
]


def rubric(cast, by="partnerships"):
    return actions.new_rubric(
        cast.azerisiq, actor=cast.user(by), title_az="Seçim", title_en="Choice", criteria=CRITERIA
    )


def test_only_who_leads_there_opens_a_round_and_one_is_open_at_a_time(cast):
    with pytest.raises(Refused):
        opened(cast, by="hr")
    opened(cast)
    with blocked("another_open"):
        opened(cast)
    assert ReviewRound.objects.count() == 1


def test_a_day_gone_by_and_a_student_as_reviewer_are_refused(cast):
    with pytest.raises(ValidationError):
        opened(cast, due=timezone.now() - timedelta(minutes=1))
    with pytest.raises(ValidationError, match="Nigar"):
        opened(cast, "student")
    assert ReviewRound.objects.count() == 0


def test_it_starts_only_with_somebody_to_mark_and_tells_each_once(cast, ask):
    found, chair = opened(cast, "expert", "mentor"), cast.user("partnerships")
    with blocked("nobody_assigned"):
        actions.move(found, "start", actor=chair)
    rows = [idea(cast, n=n) for n in range(3)]
    for row in rows:
        ask(found, row, "expert")
    assert Change.objects.filter(verb="assign").count() == 0  # nobody is told while it is prepared
    assert Review.objects.visible_to(cast.user("expert")).count() == 0
    actions.move(fresh(found), "start", actor=chair)
    told = Change.objects.filter(verb="assign")
    assert [(change.object_id, change.data) for change in told] == [
        (member(found, cast.expert).pk, {"count": 3})
    ]
    assert Review.objects.visible_to(cast.user("expert")).count() == 3


def test_a_comment_or_a_reason_that_is_too_long_is_refused_and_not_cut(cast, started):
    review, expert = started("expert", "mentor")[0], cast.user("expert")
    for verb in (actions.save_draft, actions.submit):
        with pytest.raises(ValidationError) as caught:
            verb(again(review), actor=expert, marks={"overall": 4}, comment="ə" * 4001)
        assert list(caught.value.message_dict) == ["comment"]
    with pytest.raises(ValidationError):
        actions.declare(again(review), actor=expert, note="ə" * 2001)
    assert (again(review).state, again(review).comment, Conflict.objects.count()) == ("invited", "", 0)


def test_a_draft_begins_the_review_and_is_kept_in_part(cast, started):
    review = started("expert")[0]
    saved = actions.save_draft(
        review, actor=cast.user("expert"), marks={}, comment="Maraqlıdır", version=review.version
    )
    assert (again(saved).state, again(saved).comment, again(saved).marks) == ("draft", "Maraqlıdır", {})
    again_saved = actions.save_draft(
        again(review),
        actor=cast.user("expert"),
        marks={"overall": "4"},
        comment="Maraqlıdır",
        version=saved.version,
    )
    assert again(again_saved).marks == {"overall": 4}
    assert [c.verb for c in Change.objects.of(review)] == ["begin", "invite"]  # typing fills no history
    with pytest.raises(StaleState):
        actions.save_draft(
            again(review), actor=cast.user("expert"), marks={}, comment="", version=review.version
        )


def test_a_mark_that_the_scale_does_not_have_is_refused_and_a_missing_one_blocks(cast, started):
    review = started("expert")[0]
    for value in ("6", "0", "-1", "beş", "²"):
        with pytest.raises(ValidationError):
            actions.submit(again(review), actor=cast.user("expert"), marks={"overall": value})
    with pytest.raises(ValidationError):
        actions.submit(again(review), actor=cast.user("expert"), marks={})
    with blocked("marks_missing"):
        actions.submit(again(review), actor=cast.user("expert"))
    assert again(review).state == "invited"


def test_the_score_is_the_weighted_mean_and_a_later_version_changes_nothing(cast, ask):
    made = rubric(cast)
    found = opened(cast, "expert", rubric=made.current)
    review = ask(found, idea(cast), "expert")
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    actions.submit(again(review), actor=cast.user("expert"), marks={"c1": 2, "c2": 2})
    # (3 * 2/3 + 1 * 2/2) / 4 of 100, as the criteria differ in height
    assert again(review).score == Decimal("75.00")
    actions.write_version(
        Rubric.objects.get(),
        actor=cast.user("partnerships"),
        version=made.version,
        title_az="Seçim",
        title_en="",
        criteria=CRITERIA[:1],
    )
    assert Rubric.objects.get().current.number == 2
    assert [c.title for c in fresh(found).scale.criteria] == ["Yenilik", "Tətbiq"]


def test_rubrics_refuse_what_cannot_be_marked(cast):
    for broken in ({"labels_az": ["tək"]}, {"weight": 0}, {"labels_en": ["one"]}):
        with pytest.raises(ValidationError):
            actions.new_rubric(
                cast.azerisiq,
                actor=cast.user("partnerships"),
                title_az="Seçim",
                title_en="",
                criteria=[{**CRITERIA[0], **broken}],
            )
    with pytest.raises(Refused):
        rubric(cast, by="expert")
    assert Rubric.objects.count() == 0


def test_declining_needs_a_reason_and_the_chair_may_ask_again(cast, started):
    review = started("expert")[0]
    with pytest.raises(Missing):
        actions.decline(again(review), actor=cast.user("expert"), note=" ")
    actions.decline(again(review), actor=cast.user("expert"), note="Məzuniyyətdəyəm")
    with pytest.raises(IllegalTransition):
        actions.submit(again(review), actor=cast.user("expert"), marks={"overall": 3})
    actions.invite(again(review), actor=cast.user("partnerships"))
    assert again(review).state == "invited"


def test_what_a_closed_round_left_open_can_be_declined_no_more_and_holds_up_no_erasure(cast, started, login):
    review = started("expert")[0]
    page = review.get_absolute_url()
    (block,) = personal.HELD[0].blocks(cast.expert)
    assert block
    assert "/decline/" in login("expert").get(page).text
    actions.move(fresh(review.round), "close", actor=cast.user("partnerships"))
    assert "/decline/" not in login("expert").get(page).text
    assert "/declare/" in login("expert").get(page).text  # what comes to light later hides it still
    with blocked("phase_closed"):
        actions.decline(again(review), actor=cast.user("expert"), note="Vaxtım yoxdur")
    assert personal.HELD[0].blocks(cast.expert) == []


def test_only_the_reviewer_marks_and_only_the_chair_reopens_with_a_reason(cast, started):
    review = started("expert")[0]
    for stranger in ("mentor", "partnerships", "hr", "student", "hr2"):
        with pytest.raises(Refused):
            actions.submit(again(review), actor=cast.user(stranger), marks={"overall": 1})
    mark(cast, review, "expert", 4)
    with pytest.raises(IllegalTransition):
        actions.save_draft(again(review), actor=cast.user("expert"), marks={"overall": 1}, comment="")
    with pytest.raises(Refused):
        actions.reopen(again(review), actor=cast.user("mentor"), note="niyə")
    with pytest.raises(Missing):
        actions.reopen(again(review), actor=cast.user("partnerships"), note="")
    actions.reopen(again(review), actor=cast.user("partnerships"), note="Meyarı bir də oxuyun")
    assert (again(review).state, again(review).value) == ("reopened", None)
    assert mark(cast, review, "expert", 2).value == 2


def test_phases_switch_what_is_seen_and_done(cast, started):
    one, two = started("expert", "mentor")
    mark(cast, one, "expert", 5)
    found, expert, chair = one.round, cast.user("expert"), cast.user("partnerships")
    assert (reports.sees_results(expert, fresh(found)), reports.sees_results(chair, fresh(found))) == (
        False,
        True,
    )
    actions.move(fresh(found), "discuss", actor=chair)
    assert reports.sees_results(expert, fresh(found)) is True
    mark(cast, two, "mentor", 3)  # late marks are still taken
    actions.move(fresh(found), "close", actor=chair)
    with blocked("phase_closed"):
        actions.amend(again(one), actor=expert)
    with pytest.raises(Missing):
        actions.move(fresh(found), "reopen", actor=chair)
    actions.move(fresh(found), "reopen", actor=chair, note="Bir rəy yenilənir")
    assert actions.amend(again(one), actor=expert).state == "reopened"


def test_a_chair_who_reviews_sees_nobodys_marks_while_marking_goes_on(cast, started):
    one, _own = started("expert", "partnerships")
    mark(cast, one, "expert", 5)
    chair = cast.user("partnerships")
    assert reports.sees_results(chair, fresh(one.round)) is False
    actions.move(fresh(one.round), "discuss", actor=chair)
    assert reports.sees_results(chair, fresh(one.round)) is True


def test_mean_median_spread_rank_and_disagreement(cast, ask):
    found = opened(cast, "expert", "mentor", "trainer", per_item=3)
    marks = {1: (5, 5, 4), 2: (1, 5, 3), 3: (5, 4, 5), 4: ()}
    rows = {n: idea(cast, n=n) for n in marks}
    reviews = {
        n: [ask(found, row, who) for who in ("expert", "mentor", "trainer")] for n, row in rows.items()
    }
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    for n, values in marks.items():
        for review, who, value in zip(reviews[n], ("expert", "mentor", "trainer"), values, strict=False):
            mark(cast, review, who, value)
    table = whole_round.rows_of(fresh(found), cast.user("partnerships"), scores=True)
    shown = [
        (r.item.title, r.rank, r.result.mean, r.result.median, r.result.spread, r.result.differ)
        for r in table
    ]
    two = Decimal("4.67"), Decimal("5.00"), Decimal("0.47"), False
    assert shown == [
        ("Fikir 1", 1, *two),
        ("Fikir 3", 1, *two),
        ("Fikir 2", 3, Decimal("3.00"), Decimal("3.00"), Decimal("1.63"), True),
        ("Fikir 4", None, None, None, None, False),
    ]


def test_a_limit_holds_by_hand_and_automatically(cast, ask):
    found = opened(cast, "expert", "mentor", per_item=1, cap=1)
    rows = [idea(cast, n=n) for n in range(4)]
    ask(found, rows[0], "expert")
    with blocked("full"):
        ask(found, rows[1], "expert")
    plan = actions.assign_automatically(fresh(found), actor=cast.user("partnerships"))
    assert plan.pairs == [(rows[1].pk, member(found, cast.mentor).pk)]
    assert [(s.missing, s.full) for s in plan.short.values()] == [(1, 2), (1, 2)]
    assert actions.assign_automatically(fresh(found), actor=cast.user("partnerships")).pairs == []


def test_what_is_decided_meanwhile_is_neither_assigned_nor_marked(cast, started):
    review = started("expert")[0]
    Idea.objects.update(state=IdeaState.DROPPED)
    with blocked("not_standing"):
        actions.submit(again(review), actor=cast.user("expert"), marks={"overall": 4})
    assert (reports.queue(review.round, cast.user("expert")), list(Review.objects.to_mark())) == ([], [])


def test_who_leaves_the_house_or_the_round_reviews_no_more(cast, started):
    one, two = started("expert", "mentor")
    actions.set_member(member(one.round, cast.expert), actor=cast.user("partnerships"), active=False)
    assert (again(one).state, Review.objects.visible_to(cast.user("expert")).count()) == ("withdrawn", 0)
    Affiliation.objects.filter(person=cast.mentor).delete()
    assert Review.objects.visible_to(cast.user("mentor")).count() == 0
    assert again(two).state == "invited"


def test_the_slower_of_two_editors_is_told_and_scale_and_blindness_stay_once_it_runs(cast, started):
    found = fresh(started("expert")[0].round)
    changed = actions.change_round(found, actor=cast.user("partnerships"), version=found.version, per_item=3)
    assert changed.per_item == 3
    with pytest.raises(StaleState):
        actions.change_round(found, actor=cast.user("partnerships"), version=found.version, per_item=4)
    with pytest.raises(ValidationError):
        actions.change_round(
            changed, actor=cast.user("partnerships"), version=changed.version, blind="double"
        )


def test_strangers_see_neither_rounds_nor_reviews(cast, started):
    review = started("expert", "mentor")[0]
    seen = {
        name: (
            ReviewRound.objects.visible_to(cast.user(name)).count(),
            Review.objects.visible_to(cast.user(name)).count(),
        )
        for name in cast.people()
    }
    assert {name: counts for name, counts in seen.items() if counts != (0, 0)} == {
        "partnerships": (1, 2),
        "expert": (1, 1),
        "mentor": (1, 1),
    }
    assert Review.objects.visible_to(cast.user("expert")).get() == review


def test_rubrics_are_taken_away_with_a_line_for_each_criterion(cast, login):
    rubric(cast)
    file = b"".join(login("partnerships").get("/exports/reviews.rubrics/?format=csv").streaming_content)
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))
    assert [row[:5] for row in rows[1:]] == [
        ["Seçim", "1", "Yenilik", "3", "1 zəif; 2 orta; 3 güclü"],
        ["Seçim", "1", "Tətbiq", "1", "1 yox; 2 bəli"],
    ]
    assert login("student").get("/exports/reviews.rubrics/").status_code == 403
