"""A pool gives out what it has, counts what it gave, and serves its line in order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.seats import actions as seats
from partnerships.seats.models import Hold, HoldState, Pool, Quota
from partnerships.workflow.engine import Blocked

pytestmark = pytest.mark.django_db


def offer(pool, claimant, organization=None):
    expires = timezone.now() + timedelta(days=5)
    key = organization.pk if organization else None
    return seats.hold(pool, claimant, organization_id=key, expires=expires)


def numbers(pool):
    """(seats, taken, left) as they stand in the database."""
    now = Pool.objects.get(pk=pool.pk)
    return now.capacity, now.taken, now.left


def test_an_offered_seat_counts_as_taken_until_it_is_given_back_once():
    pool = Pool.objects.create(capacity=1)
    offer(pool, 11)
    assert numbers(pool) == (1, 1, 0)
    with pytest.raises(Blocked) as refused:
        offer(pool, 12)
    assert refused.value.refusal == seats.NO_SEAT
    assert (seats.release(pool, 11), seats.release(pool, 11)) == (True, False)
    assert numbers(pool) == (1, 0, 1)
    assert offer(pool, 12).claimant == 12


def test_holding_twice_holds_one_seat():
    pool = Pool.objects.create(capacity=2)
    assert offer(pool, 11) == offer(pool, 11)
    assert numbers(pool) == (2, 1, 1)


def test_an_accepted_seat_no_longer_expires_and_a_lapsed_one_cannot_be_taken():
    pool = Pool.objects.create(capacity=2)
    offer(pool, 11)
    seats.take(pool, 11)
    kept = Hold.objects.get(pool=pool, claimant=11)
    assert (kept.state, kept.expires) == (HoldState.TAKEN, None)
    offer(pool, 12)
    seats.release(pool, 12)
    with pytest.raises(Blocked) as refused:
        seats.take(pool, 12)
    assert refused.value.refusal.code == "no_hold"


def test_a_quota_bounds_one_university_and_leaves_the_others_alone(cast):
    pool = Pool.objects.create(capacity=3)
    Quota.objects.create(pool=pool, organization=cast.aztu, places=1)
    offer(pool, 11, cast.aztu)
    with pytest.raises(Blocked) as refused:
        offer(pool, 12, cast.aztu)
    assert refused.value.refusal == seats.NO_QUOTA
    offer(pool, 13, cast.adnsu)
    assert Quota.objects.get().taken == 1


def test_where_only_quotas_count_the_rest_get_nothing(cast):
    pool = Pool.objects.create(capacity=3, quota_only=True)
    Quota.objects.create(pool=pool, organization=cast.aztu, places=1)
    assert seats.refusal(pool, cast.aztu.pk) is None
    assert seats.refusal(pool, cast.adnsu.pk) == seats.NO_QUOTA


def test_the_line_is_served_by_place_then_by_coming_past_those_without_quota(cast):
    pool = Pool.objects.create(capacity=2)
    Quota.objects.create(pool=pool, organization=cast.aztu, places=1)
    offer(pool, 10, cast.aztu)
    for claimant, organization, place in (
        (11, cast.aztu, -90),
        (12, cast.adnsu, 0),
        (13, cast.adnsu, 0),
        (14, cast.adnsu, -80),
    ):
        seats.wait(pool, claimant, organization_id=organization.pk, place=place)
    assert [row.claimant for row in seats.next_in_line(pool.pk)] == [14, 12, 13]
    seats.leave([14])
    offer(pool, 12, cast.adnsu)
    assert seats.next_in_line(pool.pk) == []
    assert sorted(pool.waiting.values_list("claimant", flat=True)) == [11, 13]


def test_seats_and_quotas_never_fall_below_what_is_taken(cast):
    pool = Pool.objects.create(capacity=2)
    Quota.objects.create(pool=pool, organization=cast.aztu, places=2)
    offer(pool, 11, cast.aztu)
    offer(pool, 12, cast.aztu)
    for capacity, quotas in ((1, None), (2, {cast.aztu.pk: 1}), (2, {})):
        with pytest.raises(Blocked) as refused:
            seats.set_capacity(pool, capacity, quotas=quotas)
        assert refused.value.refusal == seats.BELOW_TAKEN
    assert numbers(pool) == (2, 2, 0)
    seats.set_capacity(pool, 3, quotas={cast.aztu.pk: 2, cast.adnsu.pk: 1})
    assert sorted(Quota.objects.values_list("places", flat=True)) == [1, 2]


def test_changing_the_seats_alone_leaves_the_rules_of_the_pool():
    pool = Pool.objects.create(capacity=2, quota_only=True)
    assert seats.set_capacity(pool, 3).quota_only
    assert not seats.set_capacity(pool, 3, quota_only=False).quota_only
