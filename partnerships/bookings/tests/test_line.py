"""Approval, the waiting list, checking in, the clock, closures, series: each verb and what it tells whom."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from partnerships.bookings import actions
from partnerships.bookings.actions.series import series_of
from partnerships.bookings.enums import BookingState as S
from partnerships.bookings.models import Booking, Closure, Slot
from partnerships.bookings.source import SOURCE
from partnerships.bookings.tests.makers import again, at, booked, site
from partnerships.bookings.whole import missed as missed_before
from partnerships.bookings.workflow import BOOKING
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.notifications.models import Notification
from partnerships.notifications.reminding import remind
from partnerships.workflow.actors import SYSTEM

PEOPLE = ("hr", "mentor", "trainer", "student", "coordinator", "stranger")
KEEPERS = {"trainer", "organiser", "partnerships", "admin"}


def told(kind):
    return {row.person for row in Notification.objects.filter(kind=kind)}


@pytest.fixture
def asking(cast):
    return site(cast.azerisiq, approval=True)


def test_a_request_is_kept_decided_by_its_keepers_and_told(
    cast, asking, day, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked = booked(cast, asking.left, day)
    assert asked.state == S.REQUESTED
    assert told("bookings.asked") == {getattr(cast, who) for who in KEEPERS}
    assert [todo.url for todo in SOURCE.waits(cast.user("trainer"))] == [asked.get_absolute_url()]
    assert [SOURCE.waits(cast.user(who)) for who in ("hr", "mentor", "coordinator")] == [[], [], []]
    with pytest.raises(actions.Taken):
        booked(cast, asking.left, day, who="mentor")
    for who in ("hr", "mentor", "coordinator"):
        with pytest.raises(Refused):
            actions.approve(asked, actor=cast.user(who))
    with pytest.raises(Missing):
        actions.decline(asked, actor=cast.user("trainer"), note=" ")
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve(asked, actor=cast.user("trainer"))
    assert again(asked).state == S.BOOKED
    assert told("bookings.decided") == {cast.hr}
    with pytest.raises(IllegalTransition):
        actions.approve(asked, actor=cast.user("trainer"))
    with pytest.raises(IllegalTransition):
        actions.decline(asked, actor=cast.user("trainer"), note="Tədbir var")


def test_a_request_that_is_declined_or_not_answered_frees_its_time(cast, asking, day, time_machine):
    declined = booked(cast, asking.left, day)
    actions.decline(declined, actor=cast.user("trainer"), note="Tədbir var")
    lapsing = booked(cast, asking.left, day, who="mentor")
    assert remind() == 0
    time_machine.move_to(lapsing.expires - timedelta(hours=1))
    assert remind() == len(KEEPERS)
    assert actions.run_clocks() == 0
    time_machine.move_to(lapsing.expires + timedelta(seconds=1))
    assert actions.run_clocks() == 1
    assert (again(declined).state, again(lapsing).state) == (S.DECLINED, S.LAPSED)
    assert not Slot.objects.filter(active=True).exists()
    with pytest.raises(IllegalTransition):
        actions.approve(lapsing, actor=cast.user("trainer"))


def test_what_was_approved_asks_again_only_beyond_its_old_time(cast, asking, day):
    made = booked(cast, asking.left, day, 10, 120)
    actions.approve(made, actor=cast.user("trainer"))
    hr = cast.user("hr")
    assert actions.move(made, actor=hr, starts=at(day, 10, 30), ends=at(day, 11, 30)).state == S.BOOKED
    assert actions.move(made, actor=hr, starts=at(day, 11), ends=at(day, 12)).state == S.REQUESTED
    trainer = cast.user("trainer")
    actions.approve(made, actor=trainer)
    assert actions.move(made, actor=trainer, starts=at(day, 15), ends=at(day, 16)).state == S.BOOKED


def test_the_first_in_line_is_offered_and_then_the_next(
    cast, house, day, time_machine, django_capture_on_commit_callbacks
):
    first = booked(cast, house.hall, day)
    with pytest.raises(ValidationError):
        booked(cast, house.lab, day, wait=True)
    line = [
        booked(cast, house.left, day, 10, 30, who=who, wait=True) for who in ("mentor", "expert", "trainer")
    ]
    long = booked(cast, house.right, day, 10, 240, who="organiser", wait=True)
    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel(first, actor=cast.user("hr"))
    assert [again(row).state for row in (*line, long)] == [S.OFFERED, S.WAITING, S.WAITING, S.OFFERED]
    assert told("bookings.offered") == {cast.mentor, cast.organiser}
    assert [todo.url for todo in SOURCE.waits(cast.user("mentor"))] == [line[0].get_absolute_url()]
    with pytest.raises(Refused):
        actions.accept(line[0], actor=cast.user("expert"))
    time_machine.move_to(again(line[0]).expires + timedelta(seconds=1))
    assert actions.run_clocks() == 2
    assert [again(row).state for row in line] == [S.LAPSED, S.OFFERED, S.WAITING]
    actions.cancel(line[1], actor=cast.user("expert"))
    assert again(line[2]).state == S.OFFERED
    assert actions.accept(line[2], actor=cast.user("trainer")).state == S.BOOKED


def test_a_place_in_line_ends_with_its_time_and_says_that_it_never_became_free(
    cast, house, day, login, time_machine, django_capture_on_commit_callbacks
):
    booked(cast, house.left, day)
    waiting = booked(cast, house.left, day, who="mentor", wait=True)
    time_machine.move_to(waiting.starts)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.run_clocks() == 1
    ended = again(waiting)
    assert (ended.state, ended.get_state_display()) == (S.NEVER_FREE, "Vaxtında boşalmayıb")
    letter = Notification.objects.get(kind="bookings.lapsed")
    assert (letter.person, "cavab" in f"{letter.title} {letter.body}") == (cast.mentor, False)
    for page in (ended.get_absolute_url(), "/bookings/list/?show=past"):
        html = login("mentor").get(page).content.decode()
        assert ("Vaxtında boşalmayıb" in html, "cavab verilməyib" in html) == (True, False)


@pytest.mark.parametrize("moved", [False, True])
def test_the_first_in_line_gets_what_nobody_came_to_and_has_time_to_come(cast, day, time_machine, moved):
    house = site(cast.azerisiq, check_in_minutes=10)
    missed = booked(cast, house.left, day)
    line = [booked(cast, house.left, day, who=who, wait=True) for who in ("mentor", "expert")]
    time_machine.move_to(at(day, 10, 5), tick=False)
    assert (actions.run_clocks(), [again(row).state for row in line]) == (0, [S.WAITING, S.WAITING])
    time_machine.move_to(at(day, 10, 11), tick=False)
    assert (actions.run_clocks(), again(missed).state) == (1, S.NO_SHOW)
    offered = again(line[0])
    assert (offered.state, offered.expires, again(line[1]).state) == (S.OFFERED, at(day, 10, 26), S.WAITING)
    time_machine.move_to(at(day, 10, 27), tick=False)
    assert (actions.run_clocks(), again(line[0]).state) == (1, S.LAPSED)
    offered = again(line[1])
    assert (offered.state, offered.expires) == (S.OFFERED, at(day, 10, 42))
    taken = actions.accept(offered, actor=cast.user("expert"))
    assert (taken.state, taken.check_in_by) == (S.BOOKED, at(day, 10, 37))
    assert (actions.run_clocks(), again(taken).state) == (0, S.BOOKED)
    later = again(taken)
    if moved:
        later = actions.move(later, actor=cast.user("expert"), starts=at(day, 14), ends=at(day, 15))
        assert later.check_in_by == at(day, 14, 10)
    else:
        assert actions.check_in(later, actor=cast.user("expert")).state == S.IN_USE


def test_whose_request_is_approved_after_its_beginning_has_time_to_come_from_then_on(cast, day, time_machine):
    house = site(cast.azerisiq, approval=True, check_in_minutes=5)
    trainer = cast.user("trainer")
    missed = actions.approve(booked(cast, house.left, day), actor=trainer)
    waiting = booked(cast, house.left, day, who="mentor", wait=True)
    late = booked(cast, house.right, day)
    time_machine.move_to(at(day, 10, 6), tick=False)
    assert (actions.run_clocks(), again(missed).state, again(late).state) == (2, S.NO_SHOW, S.LAPSED)
    asked = actions.accept(again(waiting), actor=cast.user("mentor"))
    assert (asked.state, asked.expires) == (S.REQUESTED, at(day, 10, 11))
    time_machine.move_to(at(day, 10, 10), tick=False)
    approved = actions.approve(asked, actor=trainer)
    assert (approved.state, approved.check_in_by) == (S.BOOKED, at(day, 10, 15))
    time_machine.move_to(at(day, 10, 12), tick=False)
    assert (actions.run_clocks(), again(approved).state) == (0, S.BOOKED)
    time_machine.move_to(at(day, 10, 15), tick=False)
    assert (actions.run_clocks(), again(approved).state) == (1, S.NO_SHOW)


def test_who_waits_where_people_check_in_waits_until_a_quarter_of_an_hour_before_the_end(
    cast, day, time_machine
):
    house = site(cast.azerisiq, check_in_minutes=10)
    used = booked(cast, house.left, day)
    waiting = booked(cast, house.left, day, who="mentor", wait=True)
    time_machine.move_to(at(day, 10, 2), tick=False)
    actions.check_in(used, actor=cast.user("hr"))
    time_machine.move_to(at(day, 10, 46), tick=False)
    assert (actions.run_clocks(), again(waiting).state) == (1, S.NEVER_FREE)


def test_what_nobody_came_to_is_freed_and_who_came_keeps_it(
    cast, day, login, time_machine, django_capture_on_commit_callbacks
):
    def page(row, who="hr"):
        return login(who).get(row.get_absolute_url())

    house = site(cast.azerisiq, check_in_minutes=15)
    missed, used = booked(cast, house.left, day), booked(cast, house.right, day)
    hr = cast.user("hr")
    with pytest.raises(Blocked):
        actions.check_in(used, actor=hr)
    assert page(used).context["mine"] is False
    time_machine.move_to(at(day, 9, 50))
    assert [page(used, who).context["mine"] for who in ("hr", "trainer")] == [True, False]
    with pytest.raises(Refused):
        actions.check_in(used, actor=cast.user("mentor"))
    actions.check_in(used, actor=hr)
    assert page(used).context["mine"] is False
    with pytest.raises(IllegalTransition):
        actions.check_in(used, actor=hr)
    time_machine.move_to(at(day, 10, 16))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.run_clocks() == 1
    assert (again(missed).state, again(used).state) == (S.NO_SHOW, S.IN_USE)
    assert told("bookings.released") == {cast.hr}
    assert 'href="/bookings/find/"' in page(missed).content.decode().partition("</section>")[0]
    actions.finish(used, actor=hr)
    assert not Slot.objects.filter(booking=used, active=True).exists()
    ahead = (
        booked(cast, house.left, day + timedelta(days=7)),
        booked(cast, house.right, day, 15, who="mentor"),
    )
    assert [missed_before(row) for row in ahead] == [1, 0]


def test_what_is_in_use_is_finished_by_the_clock(cast, house, day, time_machine):
    made = booked(cast, house.left, day)
    time_machine.move_to(at(day, 10))
    actions.check_in(made, actor=cast.user("hr"))
    time_machine.move_to(at(day, 11))
    assert (actions.run_clocks(), again(made).state) == (1, S.FINISHED)


def test_an_outage_tells_whoever_holds_it_and_shuts_the_hall_it_is_a_part_of(
    cast, house, day, django_capture_on_commit_callbacks
):
    made = booked(cast, house.hall, day)
    with pytest.raises(Refused):
        actions.close(house.left, actor=cast.user("hr"), starts=at(day, 9), ends=at(day, 18), reason="Su")
    with django_capture_on_commit_callbacks(execute=True):
        actions.close(
            house.left, actor=cast.user("trainer"), starts=at(day, 9), ends=at(day, 18), reason="Su"
        )
    assert (told("bookings.disturbed"), again(made).state) == ({cast.hr}, S.BOOKED)
    for thing in (house.hall, house.left):
        with pytest.raises(ValidationError, match="Su"):
            booked(cast, thing, day, 14)
    booked(cast, house.right, day, 14)
    with pytest.raises(ValidationError):
        actions.close(house.lab, actor=cast.user("trainer"), starts=at(day, 9), ends=at(day, 9), reason="x")
    actions.lift(Closure.objects.get(), actor=cast.user("trainer"))
    booked(cast, house.left, day, 14)


def test_every_day_of_a_series_is_checked(cast, house, day):
    week = timedelta(days=7)
    third = day + 2 * week
    booked(cast, house.left, third, who="mentor")
    given = {
        "actor": cast.user("hr"),
        "starts": at(day, 10),
        "ends": at(day, 11),
        "title": "Növbə müşavirəsi",
    }
    with pytest.raises(actions.SeriesClash) as clash:
        actions.book_series([house.left], rule="FREQ=WEEKLY;COUNT=5", **given)
    assert [moment for moment, _reason in clash.value.conflicts] == [at(third, 10)]
    assert Booking.objects.count() == 1
    made = actions.book_series(
        [house.left], rule="FREQ=WEEKLY;COUNT=5", left_out=[day + week], skip_conflicts=True, **given
    )
    assert [row.starts for row in made] == [at(day + n * week, 10) for n in (0, 3, 4)]
    assert [moment for moment, _reason in made[0].series.skipped] == [at(third, 10).isoformat()]
    assert [len(series_of(made[1], scope)) for scope in ("one", "following", "all")] == [1, 2, 3]
    with pytest.raises(ValidationError):
        actions.book_series([house.left], rule="FREQ=DAILY;COUNT=2", **{**given, "ends": at(day, 9)})


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [("FREQ=NEVER", []), ("FREQ=DAILY", []), ("FREQ=DAILY;COUNT=1", [date(2026, 11, 30)]), ("x", [])],
)
def test_what_is_no_series_is_refused(rule, left_out):
    with pytest.raises(ValidationError):
        actions.occurrences(rule, at(date(2026, 11, 30), 10), left_out)


def test_a_series_stays_at_its_hour_in_baku():
    found = actions.occurrences("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", at(date(2026, 12, 8), 10))
    assert [f"{moment:%d.%m %H:%M %z}" for moment in found] == [
        "08.12 10:00 +0400",
        "12.01 10:00 +0400",
        "09.02 10:00 +0400",
    ]


def test_of_a_series_that_asks_the_keepers_are_told_once_for_each_room(
    cast, asking, day, django_capture_on_commit_callbacks
):
    """Though its first day could not be had."""
    booked(cast, asking.left, day, who="trainer")
    with django_capture_on_commit_callbacks(execute=True):
        actions.book_series(
            [asking.left],
            actor=cast.user("hr"),
            starts=at(day, 10),
            ends=at(day, 11),
            rule="FREQ=WEEKLY;COUNT=5",
            title="Müşavirə",
            skip_conflicts=True,
            elsewhere={day + timedelta(days=14): asking.right, day + timedelta(days=21): asking.right},
        )
    assert Notification.objects.filter(kind="bookings.asked").count() == 2 * len(KEEPERS)


@pytest.mark.parametrize(
    ("state", "holder", "keeper"),
    [
        (S.WAITING, {"cancel"}, {"withdraw"}),
        (S.OFFERED, {"accept", "cancel"}, {"withdraw"}),
        (S.REQUESTED, {"move_ask", "cancel"}, {"approve", "ask", "decline", "move_ask"}),
        (S.BOOKED, {"check_in", "move", "move_ask", "cancel"}, {"check_in", "move", "move_ask", "withdraw"}),
        (S.IN_USE, {"finish"}, {"finish", "withdraw"}),
        *((state, set(), set()) for state in sorted(BOOKING.terminal)),
    ],
)
def test_each_state_offers_its_verbs_to_its_people_alone(cast, house, day, state, holder, keeper):
    made = booked(cast, house.left, day)
    made.state = state
    offered = {who: {found.name for found in BOOKING.available(made, cast.user(who))} for who in PEOPLE}
    nobody = {who: set() for who in PEOPLE if who not in ("hr", "trainer")}
    assert offered == {"hr": holder, "trainer": keeper, **nobody}
    assert {found.name for found in BOOKING.available(made, SYSTEM)} <= {
        "offer",
        "run_out",
        "lapse",
        "release",
        "finish",
        "follow",
        "fall_away",
    }
