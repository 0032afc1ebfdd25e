"""Conflicts of interest: computed, declared, overridden; hidden everywhere, from chairs as well."""

from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import Q
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.access import Access
from partnerships.directory.asked import plainly
from partnerships.directory.enums import Role
from partnerships.ideas.models import Idea
from partnerships.reviews import actions, conflicts, reports, whole_round
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import Conflict, ConflictOverride, Review, ReviewRound
from partnerships.reviews.tests.conftest import again, blocked, fresh, idea, mark, member, opened
from partnerships.reviews.tests.sample import reviews as sample
from partnerships.reviews.views import rounds
from partnerships.testing import factories as make

KIND = sample.REVIEWS[0]


@pytest.fixture
def ties(cast):
    """Ideas: organiser's with ADNSU, organiser's with AzTU, the expert's own, one somebody wrote with."""
    rows = [
        idea(cast, n=1),
        idea(cast, partner=cast.aztu, n=2),
        idea(cast, "expert", n=3),
        idea(cast, "trainer", n=4),
    ]
    sample.wrote(cast, cast.trainer, cast.mentor)
    make.affiliation(cast.mentor2, cast.oil, Role.LECTURER)
    return rows


def test_each_conflict_is_found_with_its_reason(cast, ties):
    one, two, three, four = (row.pk for row in ties)
    people = [getattr(cast, n).pk for n in ("expert", "mentor", "mentor2", "supervisor", "coordinator2")]
    Conflict.objects.create(
        kind=sample.KEY, object_id=two, person=cast.mentor, reason="qohum", made_by=cast.user("hr")
    )
    assert conflicts.table(KIND, Idea.objects.all(), people) == {
        (three, cast.expert.pk): Tie.OWN,
        (two, cast.mentor.pk): Tie.DECLARED,
        (four, cast.mentor.pk): Tie.COAUTHOR,
        (one, cast.mentor2.pk): Tie.ORGANISATION,
        (three, cast.mentor2.pk): Tie.ORGANISATION,
        (four, cast.mentor2.pk): Tie.ORGANISATION,
        (two, cast.supervisor.pk): Tie.ORGANISATION,
        (one, cast.coordinator2.pk): Tie.ORGANISATION,
        (three, cast.coordinator2.pk): Tie.ORGANISATION,
        (four, cast.coordinator2.pk): Tie.ORGANISATION,
    }
    found = conflicts.table(KIND, Idea.objects.all(), people)
    for row in ties:  # of one item in hand, and with the words made anew
        of_this = {person: tie for (item, person), tie in found.items() if item == row.pk}
        assert conflicts.ties_of(KIND, row, people) == of_this
        with plainly():
            assert conflicts.ties_of(KIND, row, people) == of_this


@pytest.mark.parametrize("whole", [True, False])
def test_the_filter_the_keys_and_the_table_say_the_same_of_everybody(cast, ties, whole):
    kind, found = replace(KIND, whole_house=whole), opened(cast, "expert")
    ties.append(idea(cast, partner=cast.energy, n=5))
    for person in (cast.hr, cast.mentor):
        Conflict.objects.create(
            kind=sample.KEY, object_id=ties[0].pk, person=person, reason="qohum", made_by=cast.user("hr")
        )
    for row in (ties[0], ties[3]):
        actions.override(found, row, cast.mentor, actor=cast.user("partnerships"), note="Başqası yoxdur")
    hidden = {}
    for name, person in cast.people().items():
        who, rows = Access(person.pk), Idea.objects.order_by("pk")
        tabled = sorted(item for item, _p in conflicts.table(kind, rows, [person.pk]))
        ways = (
            conflicts.hidden(kind, who),
            Q(pk__in=conflicts.hidden_keys(kind, who)),
            Q(pk__in=conflicts.hidden_in(kind, who, cast.azerisiq.pk)),
        )
        assert [list(rows.filter(way).values_list("pk", flat=True)) for way in ways] == [tabled] * 3, name
        hidden[name] = [n for n, row in enumerate(ties) if row.pk in tabled]
    assert (hidden["hr"], hidden["mentor"], hidden["expert"]) == ([0], [], [2])
    assert [hidden[name] for name in ("coordinator2", "supervisor", "student2")] == [
        [0, 2, 3],
        [1, 4],
        [0, 2, 3],
    ]
    # Of what no round was opened for there is nothing to hide by its key.
    elsewhere = Q(pk__in=conflicts.hidden_in(kind, Access(cast.expert.pk), cast.baki.pk))
    assert not Idea.objects.filter(elsewhere).exists()


def test_the_table_asks_the_same_whatever_it_is_asked_about(cast, ties):
    counts = []
    for people in (["expert"], list(cast.people())):
        with CaptureQueriesContext(connection) as caught:
            conflicts.table(KIND, Idea.objects.all(), [getattr(cast, n).pk for n in people])
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_nobody_is_assigned_what_they_stand_in_conflict_with(cast, ties, ask):
    found = opened(cast, "expert", "mentor")
    with blocked("conflict") as why:
        ask(found, ties[3], "mentor")
    with blocked("conflict"):
        ask(found, ties[2], "expert")
    assert "Başqa rəyçi seçin" in str(why.value)
    assert Review.objects.count() == 0


def test_a_declared_conflict_ends_the_review_hides_the_item_and_its_mark_counts_no_more(cast, started):
    review, other = started("expert", "mentor")
    mark(cast, review, "expert", 5)
    mark(cast, other, "mentor", 2)
    actions.declare(again(review), actor=cast.user("expert"), note="Müəllifi qohumumdur")
    chair = cast.user("partnerships")
    row = whole_round.rows_of(fresh(review.round), chair, scores=True)[0]
    assert (again(review).state, row.result.mean, row.result.given) == ("conflict", 2, 1)
    assert Review.objects.visible_to(cast.user("expert")).count() == 0
    assert whole_round.rows_of(fresh(review.round), cast.user("expert"), scores=False) == []


def test_a_chair_in_conflict_meets_the_item_nowhere_and_may_do_nothing_about_it(cast, started):
    review, _other = started("expert", "mentor")
    mark(cast, review, "expert", 5)
    second = make.person("İkinci Rəhbər", "chair2@cast.example")
    make.affiliation(second, cast.azerisiq, Role.PARTNERSHIPS)
    found, chair = fresh(review.round), cast.user("partnerships")
    assert [row.result.mean for row in whole_round.rows_of(found, chair, scores=True)] == [5]
    actions.note_conflict(
        found, Idea.objects.get(), cast.partnerships, actor=second.user, note="Ortaq şirkətimiz var"
    )
    chair = cast.user("partnerships")
    assert whole_round.rows_of(found, chair, scores=True) == []
    assert reports.results(found, chair, [review.object_id]) == {}
    ordered = Idea.objects.annotate(mean=reports.mean_score(found, chair))
    assert [row.mean for row in ordered] == [None]
    assert [load.asked for load in whole_round.loads(found, chair)] == [0, 0]
    assert Review.objects.visible_to(chair).count() == 0
    with pytest.raises(Refused):
        actions.reopen(again(review), actor=chair, note="yenidən")
    # The colleague sees it all.
    assert [row.result.mean for row in whole_round.rows_of(found, second.user, scores=True)] == [5]


def test_the_last_chair_cannot_be_put_out(cast, started):
    review = started("expert")[0]
    with blocked("nobody_left"):
        actions.note_conflict(
            fresh(review.round),
            Idea.objects.get(),
            cast.partnerships,
            actor=cast.user("partnerships"),
            note="Qohum",
        )
    assert Conflict.objects.count() == 0


def test_an_override_has_a_reason_is_kept_and_can_be_ended(cast, ties, ask):
    found, chair = opened(cast, "mentor", "expert"), cast.user("partnerships")
    actions.override(found, ties[3], cast.mentor, actor=chair, note="Başqa mütəxəssis yoxdur")
    review = ask(found, ties[3], "mentor")
    made = ConflictOverride.objects.get()
    assert (made.tie, made.reason, made.made_by) == (Tie.COAUTHOR, "Başqa mütəxəssis yoxdur", chair)
    with pytest.raises(Blocked):  # a double click
        actions.override(found, ties[3], cast.mentor, actor=chair, note="Başqa mütəxəssis yoxdur")
    actions.end_override(made, actor=chair, note="Mütəxəssis tapıldı")
    assert again(review).state == "conflict"
    assert conflicts.table(KIND, Idea.objects.filter(pk=ties[3].pk), [cast.mentor.pk]) != {}


def test_nobody_overrides_for_themselves_nor_lets_anybody_review_their_own(cast, ties):
    found = opened(cast, "expert", "mentor")
    own = ties[2]
    with blocked("own"):
        actions.override(found, own, cast.expert, actor=cast.user("partnerships"), note="Olsun")
    sample.wrote(cast, cast.partnerships, cast.trainer)
    with pytest.raises(Refused):
        actions.override(found, ties[3], cast.partnerships, actor=cast.user("partnerships"), note="Olsun")
    with pytest.raises(Refused):
        actions.override(found, ties[3], cast.mentor, actor=cast.user("expert"), note="Olsun")


def test_automatic_assignment_leaves_conflicts_out_and_says_so(cast, ties):
    found = opened(cast, "expert", "mentor", per_item=2)
    plan = actions.assign_automatically(found, actor=cast.user("partnerships"))
    who = {m.person_id: m.pk for m in found.members.all()}
    assert (ties[2].pk, who[cast.expert.pk]) not in plan.pairs
    assert {item: short.conflict for item, short in plan.short.items()} == {ties[2].pk: 1, ties[3].pk: 1}
    assert type_of(sample.KEY) is KIND
    assert member(found, cast.expert).reviews.count() == 3


def test_a_long_table_has_pages_and_ranks_go_on_over_them(cast, login, ask, monkeypatch):
    found = opened(cast, "expert")
    rows = [ask(found, idea(cast, n=n), "expert") for n in range(3)]
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    for review, value in zip(rows, (3, 5, 4), strict=True):
        mark(cast, review, "expert", value)
    monkeypatch.setattr(rounds, "size_of", lambda _reader: 2)
    chair, url = login("partnerships"), found.get_absolute_url()
    first, second = chair.get(url), chair.get(f"{url}?after=2")
    ranked = [[row.rank for row in page.context["rows"]] for page in (first, second)]
    assert ranked == [[1, 2], [3]]
    assert [page.context["count"] for page in (first, second)] == ["3", "3"]
    assert ("after=2" in first.context["pages"]["next_url"], first.context["pages"]["previous_url"]) == (
        True,
        "",
    )
    assert [row.rank for row in chair.get(f"{url}?before=2").context["rows"]] == [1, 2]
    assert chair.get(f"{url}?after=nothing").status_code == 200


def test_the_table_is_read_as_the_plain_conditions_say(cast, ties):
    found = opened(cast, "expert", "mentor", per_item=2)
    actions.assign_automatically(found, actor=cast.user("partnerships"))
    sample.wrote(cast, cast.partnerships, cast.organiser)
    kind, met = found.reviewed, {}
    for who in ("partnerships", "expert", "mentor", "trainer"):
        user = cast.user(who)
        seen = set(reports.met(found, user).values_list("pk", flat=True))
        given = Review.objects.filter(round=found, object_id__in=seen).order_by("pk")
        known = whole_round.read(found, user)
        with plainly():
            assert whole_round.read(found, user) == known
        assert known.standing == seen & set(kind.of(found.container_id).values_list("pk", flat=True))
        assert known.given == list(given.values_list("object_id", "member_id", "state", "score"))
        assert {row.key for row in whole_round.ranked(found, user, scores=True, known=known)} == seen
        met[who] = seen
    everything = {row.pk for row in ties}
    hidden = {who: sorted(everything - seen) for who, seen in met.items()}
    first, second, third, fourth = (row.pk for row in ties)
    assert hidden == {
        "partnerships": [first, second],
        "expert": [third],
        "mentor": [fourth],
        "trainer": [fourth],
    }


def test_the_door_to_a_round_is_that_of_the_plain_question(cast, ask):
    found = opened(cast, "expert", "mentor")
    ask(found, idea(cast), "expert")

    def seen() -> dict[str, bool]:
        told = {}
        for who in ("partnerships", "expert", "mentor", "student", "hr2", "admin"):
            user = cast.user(who)
            told[who] = ReviewRound.objects.visible_to(user).filter(pk=found.pk).exists()
            if told[who]:
                assert whole_round.round_of(user, found.uid) == found
            else:
                with pytest.raises(Http404):
                    whole_round.round_of(user, found.uid)
        return told

    before = seen()
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    assert {who for who, there in before.items() if there} == {"partnerships"}
    assert {who for who, there in seen().items() if there} == {"partnerships", "expert", "mentor"}
