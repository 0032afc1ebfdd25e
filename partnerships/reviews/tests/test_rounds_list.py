"""The list of rounds: who finds which and what waits for whom, held against what Python says of each."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.directory.access import access_of
from partnerships.directory.asked import plainly
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.reviews import actions, conflicts, reports, rules, table, whole_round
from partnerships.reviews.enums import ASSIGNED, TO_MARK, Phase, ReviewState
from partnerships.reviews.lists import lines, rounds
from partnerships.reviews.models import Review, ReviewRound, Tally
from partnerships.reviews.orders import Order
from partnerships.reviews.tallies import KEPT_OF_ROUND
from partnerships.reviews.tests.conftest import again, asked_for, fresh, idea, mark, member, opened
from partnerships.reviews.tests.sample import reviews as sample
from partnerships.testing.worlds import world

KIND = sample.REVIEWS[0]


def hidden_from(user):
    """Ideas that this person must not meet, by the table of conflicts."""
    person = access_of(user).person_id
    return {item for item, _p in conflicts.table(KIND, Idea.objects.all(), [person] if person else [])}


def own(user, found, reviews, hidden):
    """(waiting, done) of these reviews of the round, by what Python says of each."""
    mine = [one for one in reviews if rules.reviews(user, one) and one.object_id not in hidden]
    if not found.switches.seen:
        return 0, 0
    standing = set(KIND.standing().values_list("pk", flat=True))
    waiting = [one for one in mine if one.state in TO_MARK and one.object_id in standing]
    return len(waiting) if found.switches.mark else 0, sum(one.state == "submitted" for one in mine)


def led(user, found, reviews, hidden):
    """(asked for, handed in) of what the chair may meet; None for whoever leads it not."""
    if not rules.leads(user, found):
        return None
    states = [one.state for one in reviews if one.object_id not in hidden]
    return sum(state in ASSIGNED for state in states), states.count(ReviewState.SUBMITTED)


@pytest.fixture
def four(cast):
    return made_four(cast)


@world
def made_four(cast):
    """Rounds in each phase; in each the expert and the mentor have four reviews: one handed in, one that is
    begun, one of an idea that is over, one that they have come to stand in conflict with."""
    chair, made = cast.user("partnerships"), {}
    due = timezone.now() + timedelta(days=10)
    places = (cast.azerisiq, cast.baki, cast.azerisiq, cast.aran)
    for phase, place in zip(
        (Phase.CLOSED, Phase.DISCUSSION, Phase.MARKING, Phase.PREPARING), places, strict=True
    ):
        people = [cast.expert, cast.mentor]
        made[phase] = actions.open_round(
            sample.KEY, place, people, actor=chair, title=f"Tur {phase}", due=due
        )
        for who in ("expert", "mentor"):
            rows = [idea(cast, n=n) for n in range(4)]
            Idea.objects.filter(pk__in=[row.pk for row in rows]).update(home=place)
            given = [asked_for(cast, made[phase], row, who) for row in rows]
            if phase == Phase.PREPARING:
                continue
            ReviewRound.objects.filter(pk=made[phase].pk).update(state=Phase.MARKING)
            for n, value in ((0, 4), (3, 2)):
                mark(cast, given[n], who, value)
            actions.save_draft(again(given[1]), actor=cast.user(who), marks={"overall": 3}, comment="Hələ")
            Idea.objects.filter(pk=given[2].object_id).update(state=IdeaState.DROPPED)
            Idea.objects.filter(pk=given[3].object_id).update(noted_by=getattr(cast, who))
        ReviewRound.objects.filter(pk=made[phase].pk).update(state=phase)
    actions.set_member(member(made[Phase.MARKING], cast.mentor), actor=chair, active=False)
    return made


@pytest.mark.wide
def test_everybody_finds_what_they_lead_and_what_they_mark_with_its_numbers(cast, four):
    given = {found.pk: list(Review.objects.with_rows().filter(round=found)) for found in four.values()}
    numbers = {}
    for name in ("expert", "mentor", "partnerships", "organiser", "trainer", "hr", "student", "admin"):
        user = cast.user(name)
        hidden, expected = hidden_from(user), {}
        for found in map(fresh, four.values()):
            mine = own(user, found, given[found.pk], hidden)
            chaired = led(user, found, given[found.pk], hidden)
            if any(mine) or chaired is not None:
                expected[found.pk] = (*mine, chaired, bool(mine[0]))
        shown = {
            line.round.pk: (
                line.waiting,
                line.done,
                line.progress and (line.progress.asked, line.progress.done),
                line.round.waits_by == line.round.due,
            )
            for line in lines(rounds(user), user)
        }
        assert shown == expected, name
        numbers[name] = [row[:2] for row in expected.values()]
    assert numbers["expert"] == [(0, 1), (1, 1), (1, 1)]  # closed, discussed, marked
    assert numbers["mentor"] == [(0, 1), (1, 1)]
    assert numbers["partnerships"] == [(0, 0)] * 4
    assert (numbers["hr"], numbers["student"], numbers["organiser"]) == ([], [], [])


def test_the_page_and_its_pills_are_those_of_the_plain_queries(cast, four, login):
    url, seen = reverse("reviews:mine"), {}
    for name in ("expert", "partnerships"):
        client = login(name)
        for query in ("", "?show=mark", "?q=tur+mark"):
            with plainly():
                plain = said(client.get(url + query))
            assert said(client.get(url + query)) == plain, (name, query)
            seen[name, query] = len(plain[0])
    assert list(seen.values()) == [3, 2, 1, 4, 0, 1]


def said(answer):
    """Keys of the rows in their order, and each pill with its number."""
    pills = [(str(pill.label), pill.count) for pill in answer.context["pills"]]
    return [row.pk for row in answer.context["rows"]], pills


def test_what_came_of_items_is_read_for_who_may_meet_them(cast, four):
    found = fresh(four[Phase.DISCUSSION])
    keys = sorted(set(Review.objects.values_list("object_id", flat=True)))
    for name in ("partnerships", "expert", "mentor"):
        user = cast.user(name)
        ranked = {row.key: row.result for row in whole_round.ranked(found, user, scores=True)}
        assert reports.results(found, user, keys) == {
            key: result for key, result in ranked.items() if result.asked
        }, name
        assert reports.results(found, user, []) == {}
    assert len(reports.results(found, cast.user("expert"), keys)) == 7


def test_whoever_left_the_membership_has_nothing_left(cast, four):
    mentor, found = cast.user("mentor"), four[Phase.MARKING]
    assert Review.objects.filter(round=found, member__person=cast.mentor).exists()
    assert Review.objects.own(mentor).filter(round=found).count() == 0
    assert found.pk not in {one.pk for one in rounds(mentor)}


def by_name(row):
    return row.item.owner.sort_key, row.key


def by_marks(value):
    """What is asked of nobody last, then what has no such number; of equals the best mean first."""

    def key(row):
        mean, number = row.result.mean, value(row)
        return not row.result.asked, number is None, number or 0, -(-1 if mean is None else mean), row.key

    return key


ORDERS = {
    Order.NAME: by_name,
    Order.LOW: by_marks(lambda row: row.result.mean),
    Order.FEW: by_marks(lambda row: row.done),
    Order.MANY: by_marks(lambda row: -row.done),
    Order.APART: by_marks(lambda row: row.result.spread and -row.result.spread),
    Order.ALIKE: by_marks(lambda row: row.result.spread),
}


def test_a_page_of_the_table_is_a_part_of_the_whole(cast, four):
    """What is kept of each item and member is what their reviews say, for whoever reads."""
    for found in map(fresh, four.values()):
        for name in ("partnerships", "expert", "mentor"):
            user = cast.user(name)
            read = whole_round.read(found, user)
            known = table.counts(found, user)
            for scores in (True, False):
                whole = whole_round.ranked(found, user, scores=scores, known=read)
                everything = {"scores": scores, "first": 0, "last": len(whole)}
                assert alike(table.rows(found, user, known, **everything)) == alike(whole), (name, scores)
                for order, key in ORDERS.items() if scores else [(Order.NAME, by_name)]:
                    counted = table.counts(found, user, ranks=scores)
                    made = table.rows(found, user, counted, **everything, order=order)
                    filled = {row.key: row for row in whole_round.fill(found, whole)}
                    placed = sorted(filled.values(), key=key)
                    assert alike(made) == alike(placed), (name, order)
                    part = table.rows(found, user, counted, scores=scores, first=1, last=3, order=order)
                    assert alike(part) == alike(placed[1:3])
                parts = [table.rows(found, user, known, scores=scores, first=n, last=n + 1) for n in (0, 3)]
                assert [alike(part) for part in parts] == [alike(whole[0:1]), alike(whole[3:4])]
            rows = whole_round.ranked(found, user, scores=True, known=read)
            progress = reports.Progress(sum(r.result.asked for r in rows), sum(r.done for r in rows))
            assert (known.items, known.progress) == (len(rows), progress)
            assert known.lacking == sum(1 for row in rows if row.lacking)
            assert known.marked == sum(1 for row in rows if row.result.given)
            assert known.differ == sum(1 for row in rows if row.result.differ)
            assert table.loads(found, known) == whole_round.loads(found, user, known=read)
            with plainly():
                assert table.counts(found, user) == known


def test_of_very_many_what_is_asked_of_nobody_is_counted_where_the_page_ends(cast, four, monkeypatch):
    """Less what is hidden from the reader, who may have fewer than the round."""
    found = fresh(four[Phase.DISCUSSION])
    for name in ("partnerships", "expert"):
        user = cast.user(name)
        whole = table.counts(found, user)
        rows = whole_round.rows_of(found, user, scores=True)
        known = sum(1 for row in rows if row.result.asked)
        lacking = sum(1 for row in rows if row.lacking)
        assert (whole.items, whole.more, whole.lacking) == (len(rows), False, lacking)
        for cap in range(1, found.items_asked + 2):
            monkeypatch.setattr(table, "CAP", cap)
            for upto in range(found.items_asked + 2):
                part = table.counts(found, user, upto=upto, lacking=1)
                more = known > max(cap, upto)
                assert (part.items, part.more) == (known if more else len(rows), more), (name, cap, upto)
                assert (part.lacking, part.apart) == (min(lacking, 1), whole.apart)
                assert (part.marked, part.progress) == (whole.marked, whole.progress)


def alike(rows):
    return [(r.key, r.result, r.standing, r.rank, r.lacking, r.done, r.dropped) for r in rows]


def test_what_is_kept_of_an_item_follows_each_verb(cast, ask):
    found = opened(cast, "expert", "mentor")
    row, chair = idea(cast), cast.user("partnerships")
    one, other = ask(found, row, "expert"), ask(found, row, "mentor")
    actions.move(fresh(found), "start", actor=chair)

    def kept():
        (item,) = Tally.objects.filter(round=found)
        members = [(one.asked, one.done, one.declined) for one in whole_round.members_of(found)]
        return (item.asked, item.done, item.dropped, item.mean, item.differ, item.scores), members

    def of_round():
        return ReviewRound.objects.values_list(*KEPT_OF_ROUND).get(pk=found.pk)

    assert of_round() == (1, 0, 0, 2, 0)
    assert kept() == ((2, 0, 0, None, False, ""), [(1, 0, 0), (1, 0, 0)])
    mark(cast, one, "expert", 5)
    assert kept()[0] == (2, 1, 0, 5, False, "5.00")
    mark(cast, other, "mentor", 2)
    assert kept() == ((2, 2, 0, Decimal("3.50"), True, "5.00 2.00"), [(1, 1, 0), (1, 1, 0)])
    assert of_round() == (1, 1, 1, 2, 2)
    actions.amend(again(one), actor=cast.user("expert"))
    assert kept()[0] == (2, 1, 0, 2, False, "2.00")
    actions.decline(again(one), actor=cast.user("expert"), note="Vaxtım yoxdur.")
    assert kept() == ((1, 1, 1, 2, False, "2.00"), [(0, 0, 1), (1, 1, 0)])
    actions.declare(again(other), actor=chair, note="Qohumudur.")
    assert kept() == ((0, 0, 2, None, False, ""), [(0, 0, 1), (0, 0, 1)])
    assert of_round() == (0, 0, 0, 0, 0)
    actions.invite(again(one), actor=chair)
    actions.take_back(again(one), actor=chair)
    assert kept() == ((0, 0, 1, None, False, ""), [(0, 0, 0), (0, 0, 1)])
