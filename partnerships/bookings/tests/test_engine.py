"""What is booked is booked once, by the rules of the tree, and the database has the last word."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partnerships.bookings import actions
from partnerships.bookings.enums import Audience, BookingState, ThingKind
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.bookings.tests.makers import again, at, booked, site, workday
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.models import Affiliation
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change


def codes(error):
    return {found.code for errors in error.value.error_dict.values() for found in errors}


def test_a_room_is_booked_once_and_spans_that_touch_are_welcome(cast, house, day):
    first = booked(cast, house.left, day)
    assert (first.state, first.holder, first.owner) == (BookingState.BOOKED, cast.hr, cast.azerisiq)
    assert [change.verb for change in Change.objects.of(first)] == ["book"]
    with pytest.raises(actions.Taken) as taken:
        booked(cast, house.left, day, 10, 30, who="mentor")
    assert [moment.strftime("%H:%M") for moment in taken.value.free] == ["09:00", "09:15", "09:30", "11:00"]
    booked(cast, house.left, day, 11, who="mentor")
    booked(cast, house.right, day, 10, who="mentor")
    assert Booking.objects.count() == 3


def test_a_hall_takes_its_rooms_and_a_room_its_hall(cast, house, day):
    booked(cast, house.left, day)
    with pytest.raises(actions.Taken):
        booked(cast, house.hall, day)
    hall = booked(cast, house.hall, day, 14)
    assert set(hall.slots.values_list("thing", flat=True)) == {house.hall.pk, house.left.pk, house.right.pk}
    with pytest.raises(actions.Taken):
        booked(cast, house.right, day, 14)


def test_a_room_made_of_others_blocks_them(cast, house, day):
    both = actions.add_thing(actor=SYSTEM, kind=ThingKind.HALL, name="Birgə zal", parent=house.site)
    actions.set_parts(both, [house.left, house.lab], actor=SYSTEM)
    booked(cast, both, day)
    for thing in (house.left, house.hall, house.meter):
        with pytest.raises(actions.Taken):
            booked(cast, thing, day)
    booked(cast, house.right, day)
    with pytest.raises(ValidationError):
        actions.set_parts(both, [], actor=SYSTEM)


def test_several_things_are_booked_together_or_not_at_all(cast, house, day):
    booked(cast, house.meter, day)
    with pytest.raises(actions.Taken) as taken:
        booked(cast, [house.right, house.meter], day)
    assert at(day, 10) not in taken.value.free
    assert not Slot.objects.filter(thing=house.right).exists()
    whole = booked(cast, [house.right, house.meter], day, 12)
    assert sorted(thing.name for thing in again(whole).things) == ["OMICRON CMC", "Otaq B"]


def test_the_database_refuses_an_overlap_however_it_comes_about(cast, house, day):
    first, second = booked(cast, house.left, day), booked(cast, house.left, day, 12)
    kept = Slot.objects.get(booking=second)
    with pytest.raises(IntegrityError, match="thing_kept_once"), transaction.atomic():
        Slot.objects.filter(pk=kept.pk).update(starts=at(day, 10, 30))
    waiting = booked(cast, house.left, day, 10, who="mentor", wait=True)
    assert waiting.state == BookingState.WAITING
    with pytest.raises(IntegrityError, match="thing_kept_once"), transaction.atomic():
        waiting.slots.update(active=True)
    actions.cancel(first, actor=cast.user("hr"))
    assert again(waiting).state == BookingState.OFFERED


@pytest.mark.parametrize(
    ("rules", "hour", "minutes", "ahead", "code"),
    [
        ({}, 8, 60, 3, "shut"),
        ({}, 17, 90, 3, "shut"),
        ({}, 10, 60, -4, "past"),
        ({"horizon_days": 2}, 10, 60, 10, "horizon"),
        ({"notice_minutes": 30 * 24 * 60}, 10, 60, 3, "notice"),
        ({"min_minutes": 60}, 10, 30, 3, "min_minutes"),
        ({"max_minutes": 60}, 10, 90, 3, "max_minutes"),
        ({"closed_on_holidays": True}, 10, 60, None, "shut"),
    ],
)
def test_a_rule_of_the_site_is_said_with_its_value(cast, time_machine, rules, hour, minutes, ahead, code):
    time_machine.move_to("2026-11-25 05:00:00+00:00")
    room = site(cast.azerisiq, **rules).left
    day = (
        workday(ahead) if ahead is not None else at(workday(), 9).replace(year=2026, month=12, day=31).date()
    )
    with pytest.raises(ValidationError) as error:
        booked(cast, room, day, hour, minutes)
    assert codes(error) == {code}
    assert not Booking.objects.exists()


def test_who_looks_after_the_house_is_bound_by_its_hours_alone(cast, day):
    house = site(cast.azerisiq, min_minutes=120, approval=True, per_person=1)
    made = [booked(cast, house.left, day, hour, 30, who="trainer") for hour in (10, 11)]
    assert {booking.state for booking in made} == {BookingState.BOOKED}
    with pytest.raises(ValidationError) as error:
        booked(cast, house.left, day, 8, who="trainer")
    assert codes(error) == {"shut"}


def test_a_rule_below_goes_before_the_one_above(cast, house, day):
    actions.change_thing(house.site, actor=SYSTEM, max_minutes=60)
    actions.change_thing(house.hall, actor=SYSTEM, max_minutes=180)
    booked(cast, house.left, day, 10, 180)
    with pytest.raises(ValidationError) as error:
        booked(cast, house.lab, day, 10, 180)
    assert codes(error) == {"max_minutes"}


def test_one_person_holds_so_many_at_a_time(cast, day):
    house = site(cast.azerisiq, per_person=1)
    first = booked(cast, house.left, day)
    with pytest.raises(ValidationError) as error:
        booked(cast, house.lab, day, 14)
    assert codes(error) == {"per_person"}
    booked(cast, house.lab, day, 14, who="mentor")
    actions.cancel(first, actor=cast.user("hr"))
    booked(cast, house.lab, day, 15)


def test_preparing_and_cleaning_up_take_time_of_their_own(cast, day):
    house = site(cast.azerisiq, buffer_before=15, buffer_after=30)
    made = booked(cast, house.left, day, 10)
    assert (made.slots.get().starts, made.slots.get().ends) == (at(day, 9, 45), at(day, 11, 30))
    with pytest.raises(actions.Taken) as taken:
        booked(cast, house.left, day, 11, who="mentor")
    assert taken.value.free[0] == at(day, 11, 45)
    booked(cast, house.left, day, 12, who="mentor")


def test_more_people_than_the_room_holds_are_refused(cast, house, day):
    with pytest.raises(ValidationError) as error:
        booked(cast, house.lab, day, people=13)
    assert codes(error) == {"capacity"}
    assert booked(cast, house.lab, day, people=12).people == 12


@pytest.mark.parametrize(
    ("audience", "welcome"),
    [
        (Audience.STAFF, {"hr", "mentor", "trainer", "founder"}),
        (Audience.PARTNERS, {"hr", "mentor", "trainer", "founder", "coordinator", "hr2"}),
        (Audience.EVERYBODY, {"hr", "mentor", "trainer", "founder", "coordinator", "hr2", "student"}),
    ],
)
def test_a_thing_is_seen_and_booked_by_those_to_whom_it_is_open(cast, day, audience, welcome):
    house = site(cast.azerisiq, audience=audience)
    people = ("hr", "mentor", "trainer", "founder", "coordinator", "hr2", "student", "stranger")
    seen = {who for who in people if Thing.objects.visible_to(cast.user(who)).filter(pk=house.lab.pk)}
    assert seen == welcome
    outsider = next(who for who in people if who not in welcome)
    with pytest.raises(Refused):
        booked(cast, house.lab, day, who=outsider)
    assert not Booking.objects.exists()


def test_the_nearest_word_on_who_may_come_holds(cast, house):
    actions.change_thing(house.hall, actor=SYSTEM, audience=Audience.STAFF)
    added = actions.add_thing(actor=SYSTEM, kind=ThingKind.ROOM, name="Otaq C", parent=house.hall)
    student = Thing.objects.visible_to(cast.user("student"))
    assert set(student) == {house.site, house.lab, house.meter}
    actions.change_thing(house.hall, actor=SYSTEM, audience="")
    assert set(student.all()) == {
        house.site,
        house.hall,
        house.left,
        house.right,
        added,
        house.lab,
        house.meter,
    }


def test_whoever_holds_the_whole_holds_a_part_that_is_added(cast, house, day):
    booked(cast, house.lab, day)
    added = actions.add_thing(actor=SYSTEM, kind=ThingKind.EQUIPMENT, name="Stend", parent=house.lab)
    with pytest.raises(actions.Taken):
        booked(cast, added, day, who="mentor")
    booked(cast, added, day, 12, who="mentor")


@pytest.mark.parametrize("who", ["hr", "trainer", "student"])
def test_bookings_are_told_apart_without_a_join_to_their_owners(cast, who):
    rows = Booking.objects.visible_to(cast.user(who)).values("pk")
    assert " JOIN " not in str(rows.query).partition(" WHERE ")[0]


def test_titles_are_for_colleagues_and_keepers_and_what_is_private_for_fewer(cast, house, day):
    shown = booked(cast, house.left, day)
    hidden = booked(cast, house.lab, day, private=True)
    seen = {
        who: set(Booking.objects.visible_to(cast.user(who)))
        for who in ("hr", "mentor", "trainer", "admin", "student", "coordinator", "hr2", "stranger")
    }
    everything = {shown, hidden}
    assert seen == {
        "hr": everything,
        "trainer": everything,
        "admin": everything,
        "mentor": {shown},
        "student": set(),
        "coordinator": set(),
        "hr2": set(),
        "stranger": set(),
    }


def test_moving_frees_the_old_time_and_takes_the_new(cast, house, day):
    made = booked(cast, house.hall, day)
    other = booked(cast, house.right, day, 14, who="mentor")
    with pytest.raises(actions.Taken):
        actions.move(made, actor=cast.user("hr"), starts=at(day, 13), ends=at(day, 15))
    assert again(made).starts == at(day, 10)
    moved = actions.move(made, actor=cast.user("hr"), starts=at(day, 10, 30), ends=at(day, 12))
    assert (moved.starts, moved.version) == (at(day, 10, 30), 2)
    assert {slot.starts for slot in moved.slots.all()} == {at(day, 10, 30)}
    booked(cast, house.left, day, 9, who="mentor")
    with pytest.raises(Refused):
        actions.move(other, actor=cast.user("hr"), starts=at(day, 16), ends=at(day, 17))
    assert again(other).ends - again(other).starts == timedelta(hours=1)


@pytest.mark.parametrize("audience", [Audience.EVERYBODY, Audience.PARTNERS, Audience.STAFF])
def test_who_has_left_the_house_keeps_a_booking_only_to_cancel_it(cast, day, audience):
    house = site(cast.azerisiq, audience=audience)
    held, queue = booked(cast, house.left, day, who="mentor"), booked(cast, house.right, day)
    waits = booked(cast, house.right, day, who="mentor", wait=True)
    actions.cancel(queue, actor=cast.user("hr"))
    assert again(waits).state == BookingState.OFFERED
    Affiliation.objects.filter(person=cast.mentor).update(ends=today() - timedelta(days=1))
    gone = cast.user("mentor")
    for act in (
        lambda: actions.accept(again(waits), actor=gone),
        lambda: actions.move(again(held), actor=gone, starts=at(day, 15), ends=at(day, 16)),
    ):
        with pytest.raises(Blocked) as refused:
            act()
        assert refused.value.refusal.code == "not_open"
    assert (again(held).starts, again(waits).state) == (at(day, 10), BookingState.OFFERED)
    actions.cancel(held, actor=gone)
    assert again(held).state == BookingState.CANCELLED


def test_whoever_sees_a_room_sees_the_site_it_stands_in(cast, house):
    for shown_to, seen in ((Audience.EVERYBODY, {house.left, house.site}), (Audience.STAFF, set())):
        Thing.objects.update(shown_to=Audience.STAFF)
        Thing.objects.filter(pk=house.left.pk).update(shown_to=shown_to)
        assert set(Thing.objects.visible_to(cast.user("student"))) == seen
