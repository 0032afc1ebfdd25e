"""Who looks after things adds and changes them on pages, gives out calendars, and moves whole series."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from partnerships.bookings import actions, kept
from partnerships.bookings.exports import things
from partnerships.bookings.models import Booking, RoomFeed, Thing
from partnerships.bookings.tests.makers import again, at, booked, site
from partnerships.bookings.whole import place_in_line
from partnerships.common.clock import BAKU
from partnerships.common.refusals import IllegalTransition, Refused, StaleState
from partnerships.directory.models import Affiliation
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change

EMPTY = {"kind": "room", "is_bookable": "on", "is_active": "on"}


def url(name, thing):
    return reverse(f"bookings:{name}", args=[thing.uid])


def test_a_keeper_adds_a_site_and_a_room_in_it(cast, login, house):
    keeper, new = login("trainer"), reverse("bookings:thing_new")
    owner = keeper.get(new).context["form"]["owner"].field.queryset.get()
    made = keeper.post(new, {**EMPTY, "kind": "site", "name": "Bakı", "owner": owner.pk, "version": 1})
    top = Thing.objects.get(name="Bakı")
    assert (made.url, top.owner, top.parent) == (top.get_absolute_url(), owner, None)
    within = f"{new}?within={top.uid}"
    values = {**EMPTY, "name": "Otaq 1", "approval": "true", "max_minutes": "120", "version": 1}
    assert keeper.post(within, {**values, "max_minutes": "5", "min_minutes": "60"}).status_code == 422
    assert keeper.post(within, values).status_code == 302
    room = Thing.objects.get(name="Otaq 1")
    assert (room.parent, room.approval, room.closed_on_holidays, room.max_minutes) == (top, True, None, 120)
    assert keeper.post(within, values).status_code == 422  # a double click: of this name there is one
    assert [row.depth for row in kept.kept_tree(cast.user("trainer"), "")[0]] == [0, 1, 0, 1, 2, 2, 1, 2]


def test_a_change_holds_from_now_on_and_the_slower_of_two_is_shown_what_differs(cast, login, house, day):
    held = booked(cast, house.left, day)
    keeper, change = login("trainer"), url("thing_change", house.left)
    assert keeper.get(change).context["form"]["horizon_days"].help_text == "Boş qalsa: 180 gün"
    values = {**EMPTY, "name": "Otaq A1", "capacity": "30", "version": 1}
    assert keeper.post(change, values).status_code == 302
    slower = keeper.post(change, {**values, "name": "Otaq A2"})
    assert (slower.status_code, "Otaq A1" in slower.content.decode()) == (409, True)
    out = {key: value for key, value in values.items() if key != "is_active"}
    refused = keeper.post(change, {**out, "version": 2})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["is_active"])
    actions.cancel(held, actor=cast.user("hr"))
    assert keeper.post(change, {**out, "version": 2}).status_code == 302
    seen = {who: login(who).get(house.left.get_absolute_url()).status_code for who in ("trainer", "hr")}
    assert seen == {"trainer": 200, "hr": 404}  # out of use: who keeps it brings it back
    assert keeper.post(change, {**values, "version": 3}).status_code == 302


def test_what_it_is_made_of_is_never_what_it_stands_in(cast, login, house):
    keeper, change = login("trainer"), url("thing_change", house.lab)
    offered = {thing.name for thing in kept.possible_parts(house.left)}
    assert offered == {"Otaq B", "Relə laboratoriyası", "OMICRON CMC"}
    values = {**EMPTY, "kind": "laboratory", "name": house.lab.name, "version": 1}
    assert keeper.post(change, {**values, "parts": [house.right.pk]}).status_code == 302
    assert list(house.lab.parts.all()) == [house.right]
    with pytest.raises(ValidationError):
        actions.set_parts(house.left, [house.hall], actor=SYSTEM)


def test_opening_hours_are_written_day_by_day_and_taken_back(cast, login, house, day):
    keeper, page = login("trainer"), url("thing_hours", house.left)
    name = f"d{day.weekday()}"
    week = {"own": "own", "version": 1, f"{name}_0_opens": "08:00", f"{name}_0_closes": "12:00"}
    for wrong, field in (
        ({f"{name}_0_closes": ""}, f"{name}_0_closes"),
        ({f"{name}_0_closes": "07:00"}, f"{name}_0_closes"),
        ({f"{name}_1_opens": "11:00", f"{name}_1_closes": "15:00"}, f"{name}_1_opens"),
        ({f"{name}_0_opens": "", f"{name}_0_closes": ""}, "own"),
    ):
        answer = keeper.post(page, {**week, **wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert keeper.post(page, week).status_code == 302
    early = booked(cast, house.left, day, hour=8)
    with pytest.raises(ValidationError):
        booked(cast, house.left, day, hour=13)
    stale = keeper.post(page, week)
    assert (stale.status_code, "08:00" in stale.content.decode()) == (422, True)
    above = {"own": "above", "version": 2}
    assert keeper.post(page, above).context["hit"] == [early]
    assert keeper.post(page, {**above, "seen": str(early.uid)}).status_code == 302
    booked(cast, house.left, day, hour=13)
    with pytest.raises(StaleState):
        actions.set_hours(house.left, [(0, time(9), time(10))], actor=SYSTEM, version=1)


def test_hours_of_its_own_start_from_those_that_it_has_from_above(cast, login, house):
    keeper, page = login("trainer"), url("thing_hours", house.left)
    form = keeper.get(page).context["form"]
    shown = {name: bound.value() for name in form.fields if (bound := form[name]).value() is not None}
    monday_to_friday = {
        f"d{day}_0_{end}": time(h) for day in range(5) for end, h in (("opens", 9), ("closes", 18))
    }
    assert shown == {"own": "above", "version": 1, **monday_to_friday}
    typed = {name: f"{value:%H:%M}" for name, value in monday_to_friday.items()}
    # What was typed is not lost with a choice that does not take it.
    lost = keeper.post(page, {**typed, "own": "above", "version": 1, "d0_0_closes": "12:00"})
    assert (lost.status_code, list(lost.context["form"].errors)) == (422, ["own"])
    assert keeper.post(page, {**typed, "own": "above", "version": 1}).status_code == 302
    assert house.left.hours.count() == 0
    assert keeper.post(page, {**typed, "own": "own", "version": 2, "d0_0_closes": "12:00"}).status_code == 302
    own = [(row.weekday, row.opens.hour, row.closes.hour) for row in house.left.hours.all()]
    assert own == [(0, 9, 12), *((day, 9, 18) for day in range(1, 5))]


@pytest.mark.parametrize("more", [0, 30])
def test_the_tree_costs_the_same_at_any_size_and_is_taken_away_as_it_is_shown(
    cast, login, house, more, django_assert_num_queries, monkeypatch
):
    for n in range(more):
        actions.add_thing(actor=SYSTEM, kind="room", name=f"Otaq {n}", parent=house.site)
    keeper, tree = login("trainer"), reverse("bookings:things")
    keeper.get(tree)
    with django_assert_num_queries(8):
        page = keeper.get(tree)
    shown = [row.thing.name for row in page.context["rows"]]
    assert (len(shown), [row.thing.name for row in things(cast.user("trainer"), QueryDict())]) == (
        6 + more,
        shown,
    )
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    page = keeper.get(tree)
    assert (len(page.context["rows"]), page.context["more"]) == (3, True)
    assert len(list(things(cast.user("trainer"), QueryDict()))) == 6 + more
    assert list(things(cast.user("coordinator"), QueryDict())) == []
    monkeypatch.undo()
    found = keeper.get(tree, {"q": "rele"}).context["rows"]
    assert [(row.thing, row.state) for row in found] == [(house.lab, "rezerv edilə bilər")]


@pytest.mark.parametrize(
    ("who", "code"), [("hr", 403), ("mentor", 403), ("student", 403), ("coordinator", 403), ("stranger", 404)]
)
def test_nobody_else_changes_anything(cast, login, house, who, code):
    client, user = login(who), cast.user(who)
    for name in ("thing_change", "thing_hours"):
        assert client.get(url(name, house.left)).status_code == code
        assert client.post(url(name, house.left), {**EMPTY, "name": "X", "version": 1}).status_code == code
    within = f"{reverse('bookings:thing_new')}?within={house.site.uid}"
    assert client.post(within, {**EMPTY, "name": "X", "version": 1}).status_code in (403, code)
    calls = (
        lambda: actions.add_thing(actor=user, kind="room", name="X", parent=house.site),
        lambda: actions.change_thing(house.left, actor=user, name="X"),
        lambda: actions.set_hours(house.left, [], actor=user),
        lambda: actions.set_parts(house.left, [], actor=user),
        lambda: actions.close_feeds(house.left, actor=user, everybodys=True),
    )
    for call in calls:
        with pytest.raises(Refused):
            call()
    assert Thing.objects.filter(name="X").count() == 0


def feed(client, thing):
    client.post(url("feed_make", thing))
    return client.get(thing.get_absolute_url()).context["feed_url"]


def events(answer):
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).events]


def test_a_room_has_a_calendar_that_says_what_its_reader_may_read_until_it_is_closed(cast, login, house, day):
    booked(cast, house.left, day)
    booked(cast, house.left, day, hour=14, private=True, title="Məxfi")
    addresses = {who: feed(login(who), house.left) for who in ("hr", "mentor", "student")}
    assert feed(login("hr"), house.left) == addresses["hr"]  # asked twice it is the same
    read = {who: events(Client().get(address)) for who, address in addresses.items()}
    assert read == {
        "hr": ["Müşavirə", "Məxfi"],
        "mentor": ["Müşavirə", "Tutulub"],
        "student": ["Tutulub", "Tutulub"],
    }
    assert Client().get(addresses["hr"].replace(".ics", "x.ics")).status_code == 404
    login("hr").post(url("feed_end", house.left))
    assert [Client().get(addresses[who]).status_code for who in ("hr", "mentor")] == [404, 200]
    Affiliation.objects.filter(person=cast.mentor).update(state="revoked")
    assert Client().get(addresses["mentor"]).status_code == 404
    assert login("student").post(url("feed_end", house.left), {"all": "1"}).status_code == 403
    login("trainer").post(url("feed_end", house.left), {"all": "1"})
    assert (RoomFeed.objects.count(), Client().get(addresses["student"]).status_code) == (0, 404)
    assert login("stranger").post(url("feed_make", house.left)).status_code == 404


def series(cast, thing, day):
    starts = at(day, 10)
    values = {"starts": starts, "ends": starts + timedelta(hours=1), "rule": "FREQ=WEEKLY;COUNT=3"}
    return actions.book_series(
        [thing], actor=cast.user("hr"), title="Müşavirə", skip_conflicts=True, **values
    )


def test_a_whole_series_moves_or_what_follows_or_nothing(cast, login, house, day):
    first, second, *rest = series(cast, house.left, day)
    hr, act = login("hr"), lambda row: reverse("bookings:act", args=[row.uid, "move"])
    to = {"day": day.isoformat(), "start": "11:00", "end": "12:30", "note": ""}
    assert hr.post(act(first), {**to, "scope": "all"}).status_code == 302
    moved = list(Booking.objects.order_by("starts"))
    assert {(row.starts.astimezone(BAKU).hour, row.ends - row.starts) for row in moved} == {
        (11, timedelta(minutes=90))
    }
    booked(cast, house.left, day + timedelta(days=7), hour=15, who="mentor")
    away = {**to, "day": (day + timedelta(days=7)).isoformat(), "start": "15:00", "end": "16:00"}
    clash = hr.post(act(second), {**away, "scope": "following"})
    assert (clash.status_code, len(clash.context["conflicts"])) == (422, 1)
    assert again(second).starts == at(day + timedelta(days=7), 11)
    skipped = hr.post(act(second), {**away, "scope": "following", "skip": "1"})
    assert skipped.status_code == 302
    assert again(second).starts == at(day + timedelta(days=7), 11)
    assert [again(row).starts for row in rest] == [at(day + timedelta(days=14), 15)] * len(rest)
    assert again(first).starts == at(day, 11)


def test_a_series_moves_by_its_own_step_without_being_in_its_own_way(cast, house, day):
    rows = series(cast, house.left, day)
    later = at(day + timedelta(days=7), 10)
    moved = actions.move_series(
        rows[0],
        "all",
        actor=cast.user("hr"),
        starts=later,
        ends=later + timedelta(hours=1),
        skip_conflicts=True,
    )
    assert len({row.starts for row in Booking.objects.all()}) == len(rows)
    assert moved[-1].starts > rows[-1].starts
    with pytest.raises(Refused):
        actions.move_series(
            rows[0], "all", actor=cast.user("mentor"), starts=later, ends=later + timedelta(hours=1)
        )


def test_a_move_to_the_time_that_it_has_is_refused_and_writes_nothing(cast, login, day):
    house = site(cast.azerisiq, approval=True)
    asked = booked(cast, house.left, day)
    rows = series(cast, house.right, day)
    for who, row, verb, more in (
        ("hr", asked, "move_ask", {}),
        ("hr", rows[1], "move_ask", {"scope": "one"}),
        ("hr", rows[1], "move_ask", {"scope": "all"}),
    ):
        before, written = again(row), Change.objects.of(row).count()
        same = {
            "day": row.starts.astimezone(BAKU).date().isoformat(),
            "start": "10:00",
            "end": "11:00",
            **more,
        }
        page = login(who).post(reverse("bookings:act", args=[row.uid, verb]), same)
        assert page.status_code == 422
        assert "onsuz da bu vaxtdadır" in page.content.decode()
        after = again(row)
        assert (after.version, after.expires, after.state) == (before.version, before.expires, before.state)
        assert Change.objects.of(row).count() == written
    # Of a series what stands there already stays, the others come.
    actions.move(
        rows[1],
        actor=cast.user("hr"),
        starts=at(day + timedelta(days=7), 14),
        ends=at(day + timedelta(days=7), 15),
    )
    moved = actions.move_series(rows[0], "all", actor=cast.user("hr"), starts=at(day, 14), ends=at(day, 15))
    assert rows[1] not in moved
    assert len(moved) == len(rows) - 1


def test_right_and_state_are_told_before_what_is_wrong_with_the_time(cast, house, day):
    own, night = (at(day, 10), at(day, 11)), (at(day, 2), at(day, 3))
    held = booked(cast, house.left, day)
    booked(cast, house.left, day, 14, who="mentor")
    taken = (at(day, 14), at(day, 15))
    for starts, ends in (own, night, taken):
        with pytest.raises(Refused):
            actions.move(held, actor=cast.user("expert"), starts=starts, ends=ends)
    actions.cancel(held, actor=cast.user("hr"))
    for starts, ends in (own, night, taken):
        with pytest.raises(IllegalTransition):
            actions.move(held, actor=cast.user("hr"), starts=starts, ends=ends)
    rows = series(cast, house.right, day)
    with pytest.raises(Refused):
        actions.move_series(
            rows[0], "all", actor=cast.user("expert"), starts=rows[0].starts, ends=rows[0].ends
        )


def test_who_waits_sees_the_place_in_line_and_who_keeps_it_how_many_wait(cast, login, house, day):
    held = booked(cast, house.left, day)
    line = [booked(cast, house.left, day, who=who, wait=True) for who in ("mentor", "expert")]
    assert [place_in_line(row) for row in line] == [(1, 2), (2, 2)]
    assert login("expert").get(line[1].get_absolute_url()).context["line"] == (2, 2)
    assert login("trainer").get(held.get_absolute_url()).context["line"] == (0, 2)
