"""The form and one booking, things, the list: who sees what, what is answered, at a constant price."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from partnerships.bookings import actions, grids
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.source import SOURCE
from partnerships.bookings.tests.makers import NEW, again, at, booked, sent, site
from partnerships.common.refusals import Refused
from partnerships.portal import reports
from partnerships.workflow.actors import SYSTEM


def verb(booking, name):
    return reverse("bookings:act", args=[booking.uid, name])


def test_a_time_that_is_taken_is_answered_with_the_nearest_and_one_press_takes_it(cast, login, house, day):
    booked(cast, house.left, day)
    mentor = login("mentor")
    answer = mentor.post(NEW, sent(house.left, day, note="Proyektor lazımdır"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["start"]
    assert answer.context["free"] == [at(day, 9), at(day, 11), at(day, 11, 15), at(day, 11, 30)]
    assert "Proyektor lazımdır" in answer.content.decode()
    pressed = mentor.post(NEW, sent(house.left, day, at=at(day, 11).isoformat()))
    made = Booking.objects.get(holder=cast.mentor)
    assert (pressed["Location"], made.starts, made.ends) == (
        made.get_absolute_url(),
        at(day, 11),
        at(day, 12),
    )


def test_whoever_moves_what_is_over_meanwhile_is_told_once_and_what_they_typed_is_shown(
    cast, login, house, day
):
    """Nothing can be mended: it is no list of errors."""
    booking = booked(cast, house.left, day)
    values = {"day": day.isoformat(), "start": "14:00", "end": "15:00", "note": "Səhər məşğulam"}
    with time_machine.travel(at(day, 15), tick=False):
        words = login("hr").post(verb(booking, "move"), values).content.decode()
    assert (words.count("Vaxtı bitib."), words.count("Düzəliş tələb olunur")) == (1, 0)
    assert "Səhər məşğulam" in words


def test_a_series_takes_another_room_on_the_days_on_which_its_own_is_taken(cast, login, house, day):
    """Of its kind, large enough, by the rules and hours of the other room."""
    days = [day + timedelta(days=7 * n) for n in range(3)]
    for n in (0, 1):
        booked(cast, house.left, days[n])
    booked(cast, house.right, days[1])
    annex = actions.add_thing(actor=SYSTEM, kind="room", name="Otaq C", parent=house.site, capacity=60)
    actions.add_thing(actor=SYSTEM, kind="room", name="Kabinet", parent=house.site, capacity=2)
    actions.add_thing(
        actor=SYSTEM, kind="room", name="Qapalı", parent=house.site, capacity=60, audience="staff"
    )
    client, until = login("coordinator"), (days[2]).isoformat()
    values = sent(house.left, day, repeat="WEEKLY", until=until, people=30)
    answer = client.post(NEW, values)
    offered = {one.days[0]: [room.name for room in one.rooms] for one in answer.context["conflicts"]}
    assert offered == {days[0]: ["Otaq C", "Otaq B"], days[1]: ["Otaq C"]}
    assert [one.chosen for one in answer.context["conflicts"]] == [str(annex.pk)] * 2
    assert (answer.status_code, Booking.objects.filter(holder=cast.coordinator).count()) == (422, 0)
    # What was chosen and taken meanwhile is not left out by itself; nor is a room taken that is not offered.
    names = [f"room-{one.isoformat()}" for one in days]
    rooms = {names[0]: house.right.pk, names[1]: house.right.pk}
    again_refused = client.post(NEW, {**values, **rooms, "instead": "1"})
    assert [one.days[0] for one in again_refused.context["conflicts"]] == [days[1]]
    assert Booking.objects.filter(holder=cast.coordinator).count() == 0
    made = client.post(NEW, {**values, names[0]: house.right.pk, names[1]: "", "instead": "1"})
    rows = list(Booking.objects.filter(holder=cast.coordinator).order_by("starts"))
    assert made["Location"] == rows[0].get_absolute_url()
    assert [row.starts for row in rows] == [at(days[0], 10), at(days[2], 10)]
    assert [[thing.pk for thing in row.things] for row in rows] == [[house.right.pk], [house.left.pk]]
    assert len({row.series_id for row in rows}) == 1
    with pytest.raises(Refused):
        actions.book_series(
            [house.left],
            actor=cast.user("coordinator"),
            starts=at(days[2], 12),
            ends=at(days[2], 13),
            rule="FREQ=WEEKLY;COUNT=1",
            title="x",
            elsewhere={days[2]: Thing.objects.get(name="Qapalı")},
        )


def test_one_stands_in_line_and_takes_what_becomes_free(cast, login, house, day):
    first = booked(cast, house.left, day)
    mentor = login("mentor")
    assert mentor.post(NEW, sent(house.left, day, wait="1")).status_code == 302
    waiting = Booking.objects.get(holder=cast.mentor)
    assert waiting.state == BookingState.WAITING
    assert login("hr").post(verb(first, "cancel"), {"note": ""}).status_code == 302
    assert mentor.get(waiting.get_absolute_url()).context["mine"] is True
    assert login("student").post(verb(waiting, "accept")).status_code == 404
    assert mentor.post(verb(waiting, "accept")).status_code == 302
    assert again(waiting).state == BookingState.BOOKED
    assert mentor.post(verb(waiting, "accept")).status_code == 302
    assert again(waiting).version == waiting.version + 2


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (at(date(2026, 11, 27), 13, 20), at(date(2026, 11, 27), 14)),
        (at(date(2026, 11, 27), 5), at(date(2026, 11, 27), 9)),
        (at(date(2026, 11, 27), 17, 50), at(date(2026, 11, 30), 10)),
        (at(date(2026, 11, 28), 11), at(date(2026, 11, 30), 10)),
        (at(date(2026, 11, 30), 23, 30), at(date(2026, 12, 1), 10)),
    ],
)
def test_a_form_without_a_time_begins_when_a_room_is_usually_open(now, begins):
    with time_machine.travel(now):
        assert grids.soon() == begins


@pytest.mark.parametrize("asked", ["day=9999-12-31&start=23:30", "day=0001-01-01&start=00:00"])
def test_a_time_in_a_year_that_nobody_means_begins_the_form_as_without_one(login, house, asked):
    with time_machine.travel(at(date(2027, 3, 1), 9), tick=False):
        client = login("hr")
        answers = [client.get(f"{NEW}?{more}") for more in (asked, "")]
    assert [answer.context["form"].initial["day"] for answer in answers] == [date(2027, 3, 1)] * 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end": "09:00"}, "end"),
        ({"end": "10:05"}, "end"),
        ({"day": "2020-01-06"}, "day"),
        ({"title": ""}, "title"),
        ({"start": "07:00"}, "start"),
        ({"things": []}, "things"),
        ({"repeat": "WEEKLY"}, "until"),
        ({"left_out": "sabah"}, "left_out"),
        ({"last_day": "9999-12-31"}, "last_day"),
    ],
)
def test_what_is_wrong_stands_on_its_field_and_nothing_typed_is_lost(login, house, day, values, field):
    answer = login("hr").post(NEW, {**sent(house.left, day, note="Qeyd qalır"), **values})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Qeyd qalır" in answer.content.decode()
    assert not Booking.objects.exists()


def test_a_day_of_another_age_is_told_how_far_it_may_be(login, house, day):
    answer = login("hr").post(NEW, {**sent(house.left, day), "day": "2020-01-06"})
    told = "Bu tarix bu gündən iki ildən çox uzaqdadır. İli yoxlayın."
    assert answer.context["form"].errors == {"day": [told]}


def test_who_chose_no_room_is_told_so_above_the_rooms_where_no_scrolling_hides_it(login, house, day):
    page = login("hr").post(NEW, {**sent(house.left, day), "things": []}).content.decode()
    told = '<p class="invalid-feedback d-block">Nə lazım olduğunu seçin.</p><div class="picks">'
    assert told in page


def test_a_day_that_was_written_in_quotation_marks_is_quoted_once(login, house, day):
    answer = login("hr").post(NEW, {**sent(house.left, day), "left_out": "«sabah», “5” mart"})
    assert answer.context["form"].errors["left_out"] == ["“sabah” tarix deyil. 31.12.2026 kimi yazın."]


@pytest.mark.parametrize("days", [1, 4])
def test_the_page_of_a_booking_costs_the_same_for_one_day_and_for_a_series(
    cast, login, house, day, days, django_assert_num_queries
):
    span = {"starts": at(day, 10), "ends": at(day, 11), "rule": f"FREQ=WEEKLY;COUNT={days}"}
    made = actions.book_series([house.left], actor=cast.user("hr"), title="Dərs", skip_conflicts=True, **span)
    keeper = login("trainer")
    keeper.get(made[0].get_absolute_url())
    with django_assert_num_queries(11):
        assert keeper.get(made[0].get_absolute_url()).status_code == 200


def test_strangers_see_no_booking_and_do_nothing_with_it(cast, login, house, day):
    made = booked(cast, house.left, day)
    for who, code in (("student", 404), ("coordinator", 404), ("hr2", 404), ("mentor", 403)):
        client = login(who)
        assert client.post(verb(made, "cancel"), {"note": ""}).status_code == code
        assert client.post(verb(made, "move"), {}).status_code == code
    assert login("student").get(reverse("bookings:ics", args=[made.uid])).status_code == 404
    assert again(made).state == BookingState.BOOKED


def test_the_file_and_the_feed_have_one_event(cast, login, house, day):
    made = booked(cast, house.left, day)
    event = Calendar.from_ical(login("hr").get(reverse("bookings:ics", args=[made.uid])).content).events[0]
    entry = SOURCE.happens(cast.user("hr"), day, day)[0]
    assert str(event["uid"]).split("@")[0] == entry.uid
    assert (event["sequence"], str(event["status"]), str(event["location"])) == (1, "CONFIRMED", "Otaq A")
    assert (event["dtstart"].dt, event["dtend"].dt) == (made.starts, made.ends)
    assert SOURCE.happens(cast.user("mentor"), day, day) == []
    actions.cancel(made, actor=cast.user("hr"))
    event = Calendar.from_ical(login("hr").get(reverse("bookings:ics", args=[made.uid])).content).events[0]
    assert (event["sequence"], str(event["status"])) == (2, "CANCELLED")


def test_a_free_room_is_found_by_time_and_people(cast, login, house, day):
    booked(cast, house.left, day)
    query = {"day": day.isoformat(), "start": "10:00", "minutes": 60, "people": 30}
    page = login("mentor").get(reverse("bookings:find"), query)
    found = {offer.thing: f"{offer.times[0]:%H:%M}" for offer in page.context["offers"]}
    assert found == {house.right: "09:30", house.left: "09:00", house.hall: "09:00"}
    assert login("mentor").get(reverse("bookings:find"), {**query, "people": 81}).context["offers"] == []
    page = login("mentor").get(reverse("bookings:find"), {**query, "people": ""})
    found = [offer.thing for offer in page.context["offers"]]
    assert found == [house.lab, house.right, house.left, house.hall, house.meter]  # equipment after the rooms
    assert login("mentor").get(reverse("bookings:find"), {**query, "day": "x"}).status_code == 422


@pytest.mark.parametrize(
    "query",
    ["?day=0001-01-01", "?day=x", "?view=year", "?site=x", "?thing=x", "?day=9999-12-31&view=month"],
)
def test_an_address_that_is_none_is_not_found(login, house, query):
    assert login("hr").get(reverse("bookings:grid") + query).status_code == 404


def test_the_pages_of_a_thing_its_rules_and_of_the_list_are_there(cast, login, house, day):
    actions.change_thing(house.site, actor=SYSTEM, approval=True)
    asked = booked(cast, house.left, day)
    actions.set_parts(house.lab, [house.right], actor=SYSTEM)
    page = login("trainer").get(house.lab.get_absolute_url())
    assert ("Təsdiq", "tələb olunur") in page.context["facts"]
    assert (page.context["parts"], page.context["keeper"]) == ([house.right], True)
    listed = login("trainer").get(reverse("bookings:list"), {"show": "decide"})
    assert list(listed.context["rows"]) == [asked]
    assert list(login("mentor").get(reverse("bookings:list"), {"show": "decide"}).context["rows"]) == []
    moved = {"day": day.isoformat(), "start": "15:00", "end": "16:00", "note": "Qatar gecikir"}
    assert login("hr").post(verb(asked, "move_ask"), moved).status_code == 302
    assert again(asked).ends - again(asked).starts == timedelta(hours=1)


def test_the_list_is_searched_by_what_for_room_and_person_and_taken_away(cast, login, house, day):
    site(cast.azerisiq, name="Başqa bina")
    one = booked(cast, house.lab, day, title="Rele sınağı", note="Gizli söz")
    two = booked(cast, house.left, day, who="mentor", title="Görüş")
    hidden = booked(cast, house.right, day, who="mentor", title="Rele", private=True)
    client, address = login("hr"), reverse("bookings:list")

    def shown(**query):
        return list(client.get(address, query).context["rows"])

    assert shown() == shown(show="mine") == shown(q="RELE") == shown(q="rele laborator") == [one]
    assert shown(show="coming") == shown(show="coming", site=house.site.uid) == [one, two]
    assert shown(show="coming", q="otaq") == shown(show="coming", q=cast.mentor.family_name) == [two]
    other = Thing.objects.get(name="Başqa bina")
    assert shown(show="coming", site=other.uid) == shown(show="past") == []
    assert "Uyğun nəticə yoxdur" in client.get(address, {"q": "yoxdur"}).content.decode()
    assert "Burada heç nə yoxdur" in client.get(address, {"show": "past"}).content.decode()
    assert hidden not in shown(show="coming", q="rele")
    # A note is found by nobody: it is for its holder and who keeps the room.
    assert list(login("mentor").get(address, {"show": "coming", "q": "gizli"}).context["rows"]) == []
    table = client.get("/exports/bookings.bookings/?show=coming&q=otaq&format=csv").getvalue().decode()
    assert [line.split(";")[:2] for line in table.splitlines()[1:]] == [["Görüş", "Otaq A"]]


def test_the_list_costs_the_same_at_any_length(cast, login, house, day):
    client, costs = login("hr"), []
    for hours in (range(9, 10), range(10, 15)):
        for hour in hours:
            booked(cast, [house.left, house.lab], day, hour)
        client.get(reverse("bookings:list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("bookings:list"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_the_administration_adds_and_changes_things_by_the_actions(cast, login, house, day, settings):
    settings.DEMO = True  # where a second factor is not asked for
    admin = login("admin")
    values = {
        "owner": cast.azerisiq.pk,
        "parent": house.site.pk,
        "kind": "room",
        "name": "Otaq C",
        "is_bookable": "on",
        "is_active": "on",
        "approval": "unknown",
        "closed_on_holidays": "unknown",
        "parts": [house.left.pk],
        "hours-TOTAL_FORMS": "1",
        "hours-INITIAL_FORMS": "0",
        "hours-0-weekday": day.weekday(),
        "hours-0-opens": "10:00",
        "hours-0-closes": "12:00",
    }
    answer = admin.post(reverse("admin:bookings_thing_add"), values)
    assert answer["Location"] == reverse("admin:bookings_thing_changelist")
    made = Thing.objects.get(name="Otaq C")
    assert (made.path, made.top, made.shown_to) == (f"{house.site.path}{made.pk}.", house.site, "everybody")
    assert (list(made.parts.all()), made.hours.count()) == ([house.left], 1)
    url = reverse("admin:bookings_thing_change", args=[made.pk])
    hours = {"hours-INITIAL_FORMS": "1", "hours-0-id": made.hours.get().pk, "hours-0-thing": made.pk}
    changed = {**values, **hours, "name": "Otaq D", "approval": "true", "parts": []}
    assert admin.post(url, changed).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.approval, made.version, list(made.parts.all())) == ("Otaq D", True, 2, [])
    booked(cast, made, day)
    held = admin.post(url, {**changed, **hours, "parts": [house.left.pk]})
    assert (held.status_code, list(made.parts.all())) == (302, [])
    assert admin.get(reverse("admin:bookings_booking_changelist")).status_code == 200
    assert admin.get(reverse("admin:bookings_closure_changelist")).status_code == 200
    assert admin.get(reverse("admin:bookings_roomfeed_changelist")).status_code == 200


def test_home_shows_the_first_of_a_full_day_the_way_to_the_rest_and_what_comes_next(
    cast, house, day, login, monkeypatch
):
    for hour in range(10, 15):
        booked(cast, house.lab, day, hour, title=f"Görüş {hour}")
        booked(cast, house.left, day + timedelta(days=7), hour, title=f"Sonra {hour}")
    booked(cast, house.right, day, who="mentor", title="Başqasının")

    def home(**most):
        for name, number in most.items():
            monkeypatch.setattr(reports, name, number)
        with time_machine.travel(at(day, 9), tick=False):
            page = login("hr").get(reverse("home"))
        now, soon = ([entry.title for entry in page.context[part]] for part in ("entries", "soon"))
        return now, soon, f'href="/calendar/?day={day.isoformat()}">' in page.content.decode()

    today, later = ([f"{title} {hour}" for hour in range(10, 15)] for title in ("Görüş", "Sonra"))
    assert home() == (today, later, False)
    assert home(TODAY=4, SOON=2) == (today[:4], later[:2], True)
    assert home(TODAY=5) == (today, later[:2], False)


def test_the_search_finds_ones_own_bookings_and_nobody_elses(cast, login, house, day):
    booked(cast, house.left, day, who="trainer", title="Rele mühafizəsi təlimi")
    hits = {who: login(who).get("/search/?q=rele muhafizesi").text for who in ("trainer", "hr", "student")}
    assert ["Rele mühafizəsi təlimi" in text for text in hits.values()] == [True, False, False]
    for words in ("rele", "re"):  # by the index of titles; too short for that
        found = {who: SOURCE.finds(cast.user(who), words, 10) for who in hits}
        own = {who for who, some in found.items() if "Rele mühafizəsi təlimi" in [hit.title for hit in some]}
        assert own == {"trainer"}, words
