"""The days of a series without a booking: why, and who has the room then."""

from datetime import timedelta

import pytest
import time_machine

from partnerships.bookings import actions
from partnerships.bookings.models import Slot, Thing
from partnerships.bookings.tests.makers import again, at, booked
from partnerships.common.models import DayOff
from partnerships.workflow.actors import SYSTEM

WEEK = timedelta(days=7)


def series(cast, house, day, weeks, **values):
    given = {"starts": at(day, 10), "ends": at(day, 11), "title": "Növbə müşavirəsi", "skip_conflicts": True}
    rule = f"FREQ=WEEKLY;COUNT={weeks}"
    return actions.book_series([house.left], actor=cast.user("hr"), rule=rule, **given, **values)


def missing(login, who, row):
    page = login(who).get(row.get_absolute_url())
    assert page.status_code == 200
    return page.context["missing"], page.text


def test_the_page_of_a_series_tells_each_day_without_a_booking_and_who_has_the_room(cast, login, house, day):
    days = [day + n * WEEK for n in range(6)]
    Thing.objects.filter(pk=house.site.pk).update(closed_on_holidays=True)
    for one in days:  # whatever holidays of the calendar lie in these weeks
        DayOff.objects.update_or_create(date=one, defaults={"working": True})
    DayOff.objects.filter(date=days[2]).update(name="Sınaq bayramı", working=False)
    open_one = booked(cast, house.left, days[3], who="mentor", title="Relə dərsi")
    hidden = booked(cast, house.hall, days[4], who="mentor", title="Gizli söhbət", private=True)
    actions.close(
        house.left, actor=cast.user("trainer"), starts=at(days[5], 9), ends=at(days[5], 18), reason="Boya işi"
    )
    row = series(cast, house, day, 6, left_out=[days[1]])[0]
    found, page = missing(login, "hr", row)
    assert [(one.day, list(one.holders), one.url) for one in found] == [
        (days[1], [], ""),
        (days[2], [], ""),
        (days[3], [open_one], ""),
        (days[4], [], ""),
        (days[5], [], ""),
    ]
    for number, word in ((0, "çıxarılıb"), (1, "bayramdır"), (4, "Boya işi")):
        assert word in found[number].reason
    assert ("Relə dərsi" in page, "Gizli söhbət" in page) == (True, False)
    # Who keeps the room sees both; a colleague sees the booking and not what became of its series.
    kept, page = missing(login, "trainer", row)
    assert [list(one.holders) for one in kept][2:4] == [[open_one], [hidden]]
    assert missing(login, "mentor", row)[0] == []
    assert login("hr2").get(row.get_absolute_url()).status_code == 404


def test_a_day_that_became_free_can_be_booked_and_what_is_over_keeps_what_was_said(cast, login, house, day):
    theirs = booked(cast, house.left, day + WEEK, who="mentor")
    row = series(cast, house, day, 3)[0]
    told = again(row).series.skipped[0][1]
    actions.cancel(theirs, actor=cast.user("mentor"))
    found, page = missing(login, "hr", row)
    assert [(one.day, one.reason) for one in found] == [(day + WEEK, "Artıq boşdur.")]
    assert f'href="{found[0].url.replace("&", "&amp;")}"' in page
    assert login("hr").get(found[0].url).status_code == 200
    assert found[0].url not in missing(login, "trainer", row)[1]
    # Nobody has the room then, and the hours of the month are used up: it is not free to its holder.
    actions.give_hours(house.left, actor=SYSTEM, hours=1, organization=cast.azerisiq)
    used, _page = missing(login, "hr", row)
    assert [(one.day, one.url) for one in used] == [(day + WEEK, "")]
    assert all(word in used[0].reason for word in (house.left.name, "1 saat"))
    with time_machine.travel(at(day + WEEK, 12)):
        assert [one.reason for one in missing(login, "hr", row)[0]] == [told]


@pytest.mark.parametrize("weeks", [2, 12])
def test_days_that_are_missing_cost_the_same_at_any_number(
    cast, login, house, day, weeks, django_assert_num_queries
):
    for n in range(1, weeks):
        booked(cast, house.left, day + n * WEEK, who="mentor")
    row = series(cast, house, day, weeks)[0]
    client = login("hr")
    client.get("/menu/")
    client.get(row.get_absolute_url())
    with django_assert_num_queries(14):
        assert len(client.get(row.get_absolute_url()).context["missing"]) == weeks - 1
    Slot.objects.exclude(booking__series=row.series).delete()
    actions.give_hours(house.left, actor=SYSTEM, hours=1, organization=cast.azerisiq)
    with django_assert_num_queries(16):  # free, but for the hours of the month
        assert len(client.get(row.get_absolute_url()).context["missing"]) == weeks - 1


def test_a_series_that_waits_for_approval_does_not_say_that_it_is_booked(cast, login, house, day):
    house.site.approval = True
    house.site.save()
    asked = {
        "title": "Müşavirə", "things": house.left.pk, "day": day.isoformat(), "start": "10:00",
        "end": "11:00", "repeat": "WEEKLY", "until": (day + 2 * WEEK).isoformat(),
    }  # fmt: skip
    page = login("hr").post("/bookings/new/", asked, follow=True)
    assert [str(one) for one in page.context["messages"]] == [
        "Sorğu 3 gün üçün göndərildi. Qərar verilənədək sizin üçün saxlanılır."
    ]
