"""The grid and the month: who sees what, what a day has room for, at a constant price."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from partnerships.bookings import actions, grids, months
from partnerships.bookings.enums import BookingState, ThingKind
from partnerships.bookings.models import Booking, Closure, Slot, Thing
from partnerships.bookings.tests.makers import NEW, again, at, booked, sent, workday
from partnerships.bookings.timetable_rows import held_by, kept
from partnerships.common.constraints import Meets
from partnerships.portal.dates import by_days, entries
from partnerships.workflow.actors import SYSTEM


def grid(client, day, **query):
    return client.get(reverse("bookings:grid"), {"day": day.isoformat(), **query})


def cells(response, thing, kinds=("taken", "mine")):
    row = next(row for row in response.context["grid"].rows if row.thing == thing)
    return [
        (cell.kind, f"{cell.starts:%H:%M}", cell.cols, cell.title) for cell in row.cells if cell.kind in kinds
    ]


def test_the_grid_says_whose_to_colleagues_and_only_taken_to_the_rest(cast, login, house, day):
    booked(cast, house.hall, day, title="Texniki şura")
    booked(cast, house.lab, day, 14, private=True, title="Məxfi")
    seen = {who: grid(login(who), day) for who in ("hr", "mentor", "trainer", "student")}
    assert cells(seen["hr"], house.left) == [("mine", "10:00", 4, "Texniki şura")]
    assert cells(seen["mentor"], house.left) == [("taken", "10:00", 4, "Texniki şura")]
    assert cells(seen["student"], house.left) == [("taken", "10:00", 4, "Tutulub")]
    assert [cells(seen[who], house.meter)[0][3] for who in ("hr", "trainer", "mentor", "student")] == [
        "Məxfi",
        "Məxfi",
        "Tutulub",
        "Tutulub",
    ]
    assert "Texniki" not in seen["student"].content.decode()
    assert grid(login("stranger"), day).status_code == 403


@pytest.mark.parametrize("rooms", [5, 60])
def test_a_grid_of_five_rooms_and_of_sixty_cost_the_same(
    cast, login, house, day, rooms, django_assert_num_queries
):
    made = [
        Thing(owner=cast.azerisiq, parent=house.site, top=house.site, kind=ThingKind.ROOM, name=f"Otaq {n}")
        for n in range(rooms - 5)
    ]
    for thing in Thing.objects.bulk_create(made):
        thing.path, thing.shown_to = f"{house.site.path}{thing.pk}.", "everybody"
        thing.save(update_fields=["path", "shown_to"])
        if thing.pk % 20 == 0:
            booked(cast, thing, day)
    booked(cast, house.lab, day)
    client = login("hr")
    grid(client, day)
    # session, account, person, roles, bell; sites, their tree with what one may book; hours, closures, kept
    # times with their titles
    with django_assert_num_queries(10):
        page = grid(client, day)
    assert len(page.context["grid"].rows) == rooms
    for view in ("week", "month"):
        assert grid(client, day, view=view).status_code == 200


def test_what_is_kept_is_read_with_the_titles_that_its_reader_may_see(cast, house, day):
    booked(cast, house.hall, day, title="Texniki şura")
    booked(cast, house.lab, day, 14, private=True, title="Məxfi")
    opens, tops = at(day, 0), [house.site.pk]
    read = {}
    for who in ("hr", "trainer", "mentor", "student", "stranger", "admin"):
        user = cast.user(who)
        seen = set(Booking.objects.visible_to(user).values_list("pk", flat=True))
        found = kept(opens, opens + timedelta(days=1), tops, user)
        again = held_by([slot.booking_id for slot in found], user)
        assert sorted(found) == sorted(again)
        assert [slot.readable for slot in found] == [slot.booking_id in seen for slot in found]
        read[who] = len(seen)
    assert read["hr"] > read["student"] == 0


@pytest.mark.parametrize("hours", [(8, 10), (8, 11), (11, 12), (11, 13), (12, 14), (9, 13)])
def test_spans_that_meet_another_are_those_that_both_comparisons_find(cast, house, day, hours):
    booked(cast, house.lab, day, 10)  # until eleven
    first, last = (at(day, hour) for hour in hours)
    plain = Slot.objects.filter(active=True, starts__lt=last, ends__gt=first)
    assert list(Slot.objects.filter(Meets("starts", "ends", first, last), active=True)) == list(plain)


def test_a_closure_shuts_the_grid_and_whoever_looks_after_it_opens_it_again(cast, login, house, day):
    made = booked(cast, house.lab, day)
    url = reverse("bookings:close", args=[house.lab.uid])
    times = {"day": day.isoformat(), "start": "09:00", "end": "18:00", "kind": "outage", "reason": "Təmir"}
    assert login("mentor").post(url, times).status_code == 403
    assert login("trainer").post(url, times).context["hit"] == [made]
    assert login("trainer").post(url, {**times, "seen": str(made.uid)}).status_code == 302
    closure = Closure.objects.get()
    assert cells(grid(login("hr"), day), house.lab, ("closed",)) == [
        ("closed", "09:00", 4, "Təmir"),
        ("closed", "11:00", 28, "Təmir"),
    ]
    refused = login("hr").post(NEW, sent(house.meter, day, start="14:00", end="15:00"))
    assert "Təmir" in refused.context["form"].errors["start"][0]
    assert again(made).state == BookingState.BOOKED
    lift = reverse("bookings:lift", args=[closure.uid])
    assert login("hr").post(lift).status_code == 403
    assert login("trainer").post(lift).status_code == 302
    booked(cast, house.meter, day, 14)


def test_a_day_that_is_over_is_not_called_full(cast, login, house, day):
    with time_machine.travel(at(day, 19), tick=False):
        page = grid(login("mentor"), day).content.decode()
    assert ("rezerv etmək üçün artıq gecdir" in page, "daha boş vaxt yoxdur" in page) == (True, False)


def test_a_day_on_which_all_is_shut_is_one_sentence_on_a_phone(cast, login, house, day):
    sunday = day + timedelta(days=6 - day.weekday())
    shut = grid(login("hr"), sunday).context
    assert len(shut["grid"].rows) > 1
    assert shut["cards"].count("<section") == 1
    assert "Açıq deyil: seçilmiş gün burada heç nə rezerv etmək olmur." in shut["cards"]
    assert grid(login("hr"), day).context["cards"].count("<section") > 1


def test_the_grid_offers_nothing_that_notice_or_horizon_would_refuse(cast, login, house, day):
    far = workday(40)
    actions.change_thing(house.lab, actor=SYSTEM, notice_minutes=30 * 24 * 60, horizon_days=35)
    for when, kind in ((day, "past"), (far, "closed")):
        assert [cell[0] for cell in cells(grid(login("hr"), when), house.lab, (kind, "free"))] == [kind]
        offered = cells(grid(login("trainer"), when), house.lab, (kind, "free"))
        assert {cell[0] for cell in offered} == {"free"}


def test_the_grid_tells_the_hours_of_a_booking_without_what_is_kept_around_it(cast, login, house, day):
    Thing.objects.filter(pk=house.left.pk).update(buffer_before=30, buffer_after=15)
    house.left.refresh_from_db()
    booked(cast, [house.left], day)
    hr = cast.user("hr")
    row = grids.day_grid(hr, [house.left], day).rows[0]
    (cell,) = row.taken
    assert (cell.hours, cell.cols) == ("10:00–11:00", 7)
    assert [free.begins for free in row.cells if free.kind == grids.FREE][:1] == ["09:00"]
    page = grid(login("hr"), day).content.decode()
    assert 'title="10:00–11:00 ' in page


def test_a_full_day_of_the_month_shows_its_first_bookings_and_how_many_there_are(cast, login, house, day):
    before, hr = day - timedelta(days=1), cast.user("hr")
    spans = [("Sınaq", at(before, 17), at(day, 9))]
    quarters = [at(day, 10) + n * timedelta(minutes=15) for n in range(15)]
    spans += [(f"Görüş {n}", *quarters[n : n + 2]) for n in range(14)]
    given = {"owner": cast.azerisiq, "holder": cast.hr}
    made = [Booking(title=title, starts=starts, ends=ends, **given) for title, starts, ends in spans]
    Booking.objects.bulk_create(made)
    Slot.objects.bulk_create(
        Slot(
            booking=row,
            thing=house.meter if row is made[0] else house.left,
            starts=row.starts,
            ends=row.ends,
            booked_from=row.starts,
            booked_until=row.ends,
        )
        for row in made
    )
    things, nodes = [house.left, house.meter], grids.tree_of(hr, house.site)
    found = months.month_marks(hr, things, before, day, nodes)
    assert (found[before].count, [mark.title for mark in found[before].marks]) == (1, ["Sınaq"])
    assert found[day].count == 15
    assert [mark.title for mark in found[day].marks] == ["Sınaq", *(f"Görüş {n}" for n in range(11))]
    assert [mark.where for mark in found[day].marks[:2]] == ["OMICRON CMC", "Otaq A"]
    theirs = months.month_marks(cast.user("student"), things, day, day, nodes)
    assert {mark.title for mark in theirs[day].marks} == {"Tutulub"}
    page = grid(login("hr"), day, view="month").content.decode()
    assert (page.count("Görüş 0<"), page.count("hamısı: 15")) == (2, 2)


def test_a_booking_stands_on_its_own_day_of_the_month_once_and_on_its_new_one_when_it_is_moved(
    cast, house, day
):
    Thing.objects.filter(pk=house.hall.pk).update(buffer_before=30)
    made = booked(cast, house.hall, day, 9)
    assert made.slots.count() == 3
    Slot.objects.update(starts=at(day - timedelta(days=1), 23, 45))  # prepared the evening before

    def days(hr):
        nodes = grids.tree_of(hr, house.site)
        found = months.month_marks(
            hr, [house.hall, house.left], day - timedelta(days=1), day + timedelta(days=9), nodes
        )
        return {date: (one.count, [mark.starts for mark in one.marks]) for date, one in found.items()}

    hr = cast.user("hr")
    assert days(hr) == {day: (1, [made.starts])}
    later = day + timedelta(days=7)
    moved = actions.move(again(made), actor=hr, starts=at(later, 11), ends=at(later, 12), note="")
    assert days(hr) == {later: (1, [moved.starts])}


def test_the_month_is_told_of_the_first_few_of_a_day_and_of_how_many_there_are(cast, house, day):
    for hour in range(10, 15):
        booked(cast, house.lab, day, hour)
    booked(cast, [house.left, house.meter], day + timedelta(days=7), title="Sınaq")
    booked(cast, house.left, day, who="mentor")  # somebody else's
    user, last = cast.user("hr"), day + timedelta(days=8)
    every = entries(user, day, last)
    found = by_days(user, day, last, few=3, most=4)
    assert [(of.count, of.more) for of in found.values()] == [
        (4, True), *[(0, False)] * 6, (1, False), (0, False)
    ]  # fmt: skip
    assert found[day].entries == every[:3]
    assert found[day + timedelta(days=7)].entries == every[5:]
    full = by_days(user, day, last, few=9, most=9)
    assert [entry for of in full.values() for entry in of.entries] == every
