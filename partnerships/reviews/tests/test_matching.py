"""Who reviews what: balanced, capped, without conflicts, the same every time, honest about who is left."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.reviews.matching import Short, match


def test_load_is_balanced_and_everybody_gets_as_many_reviewers_as_wanted():
    plan = match(range(10), dict.fromkeys([1, 2, 3, 4], None), wanted=2)
    assert plan.short == {}
    assert Counter(item for item, _person in plan.pairs) == dict.fromkeys(range(10), 2)
    assert Counter(person for _item, person in plan.pairs) == {1: 5, 2: 5, 3: 5, 4: 5}


def test_what_is_held_stays_and_counts_for_load_and_need():
    plan = match([1, 2], {7: None, 8: None}, wanted=1, held=[(1, 7)])
    assert plan.pairs == [(2, 8)]


def test_it_is_told_how_many_are_missing_and_for_which_reason():
    plan = match([1, 2], {7: 1, 8: None, 9: None}, wanted=3, blocked=[(1, 8)], declined=[(1, 9)])
    assert plan.pairs == [(1, 7), (2, 8), (2, 9)]
    assert plan.short == {
        1: Short(missing=2, conflict=1, declined=1, full=0),
        2: Short(missing=1, conflict=0, declined=0, full=1),
    }


def test_a_reviewer_is_moved_where_only_they_can_serve():
    # 1 can be marked by 7 alone; 2 by both. Without moving, 7 might be spent on 2.
    plan = match([2, 1], {7: 1, 8: 1}, wanted=1, blocked=[(1, 8)])
    assert (plan.pairs, plan.short) == ([(1, 7), (2, 8)], {})


def test_a_chain_of_moves_is_found():
    blocked = [(1, 8), (1, 9), (2, 9), (3, 7)]
    plan = match([1, 2, 3], {7: 1, 8: 1, 9: 1}, wanted=1, blocked=blocked)
    assert (plan.pairs, plan.short) == ([(1, 7), (2, 8), (3, 9)], {})


cases = st.tuples(
    st.integers(1, 5),
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=1, max_size=4),
    st.integers(1, 3),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 3))),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases)
def test_no_limit_is_passed_no_conflict_met_and_nobody_with_a_free_hand_is_left_idle(case):
    n, caps, wanted, blocked = case
    items, people = range(n), dict(enumerate(caps))
    plan = match(items, people, wanted=wanted, blocked=blocked)
    assert plan == match(reversed(items), people, wanted=wanted, blocked=blocked)
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert not set(plan.pairs) & blocked
    loads = Counter(person for _item, person in plan.pairs)
    assert all(cap is None or loads[person] <= cap for person, cap in people.items())
    free = {p for p, cap in people.items() if cap is None or loads[p] < cap}
    assert not [pair for pair in product(plan.short, free) if pair not in blocked and pair not in plan.pairs]
    assert Counter(item for item, _p in plan.pairs) + Counter(
        {item: short.missing for item, short in plan.short.items()}
    ) == Counter(dict.fromkeys(items, wanted))
