"""A timetable of rooms from a table: each row by the rules of the form, what is in the way by its name."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from partnerships.bookings import actions, bringing_bookings
from partnerships.bookings.models import Booking, Series, Thing
from partnerships.bookings.tests.makers import at, booked
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.documents.enums import ImportState
from partnerships.testing import factories as make
from partnerships.testing import tables
from partnerships.testing.tables import confirm, fates

HEAD = ["Auditoriya", "Tarix", "Başlama saatı", "Bitmə saatı", "Fənn", "Hər həftə təkrarın son günü", "Nəfər"]
WEEK = timedelta(days=7)


def bring(cast, rows, who="trainer", owner=None):
    context = {"organization": (owner or cast.azerisiq).pk}
    return tables.bring(bringing_bookings.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def wrong(run) -> list[dict[str, Any]]:
    return [dict(row.errors) for row in run.rows.order_by("number")]


def said(day) -> str:
    return f"{day:%d.%m.%Y}"


def lesson(thing, day, start="09:00", end="10:20", title="Elektrik maşınları", until="", people=""):
    return [thing, said(day), start, end, title, said(until) if until else "", people]


def test_a_timetable_is_booked_as_the_form_books_it_and_what_is_closed_is_left_out(cast, house, day):
    closed = {"starts": at(day + WEEK, 9), "ends": at(day + WEEK, 18), "reason": "Təmir"}
    actions.close(house.left, actor=cast.user("trainer"), **closed)
    rows = [
        lesson(house.left.name, day, until=day + 3 * WEEK, people=25),
        lesson(f"{house.site.name} › {house.lab.name}", day, "14.00", "15:20:00", "Relə mühafizəsi"),
    ]
    run = bring(cast, rows)
    assert fates(run) == ["add", "add"]
    outcome = [str(row.fate_text) for row in run.rows.order_by("number")]
    assert (said(day + WEEK) in outcome[0], said(day) in outcome[0]) == (True, False)
    assert Booking.objects.count() == 0
    done = confirm(run)
    assert (done.state, done.summary["outcomes"]) == (ImportState.DONE, {"written": 2})
    left = Booking.objects.filter(title="Elektrik maşınları").order_by("starts")
    days = [day, day + 2 * WEEK, day + 3 * WEEK]
    assert [(row.starts, row.ends) for row in left] == [(at(d, 9), at(d, 10, 20)) for d in days]
    assert {(row.people, row.holder, row.state) for row in left} == {(25, cast.trainer, "booked")}
    assert (Series.objects.count(), left[0].series_id) == (1, left[2].series_id)
    lab = Booking.objects.get(title="Relə mühafizəsi")
    assert (lab.starts, list(lab.things), lab.series) == (at(day, 14), [house.lab], None)


def test_confirmed_twice_and_brought_again_nothing_is_booked_twice(cast, house, day):
    rows = [lesson(house.left.name, day, until=day + 2 * WEEK), lesson(house.lab.name, day)]
    run = bring(cast, rows)
    done = confirm(run)
    with pytest.raises(WorkflowError):
        confirm(done)
    assert Booking.objects.count() == 4
    again = bring(cast, rows)
    assert fates(again) == ["nothing", "nothing"]
    longer = bring(cast, [lesson(house.left.name, day, until=day + 3 * WEEK)])
    assert fates(longer) == ["add"]
    confirm(longer)
    assert Booking.objects.count() == 5


def test_the_preview_names_what_is_in_the_way(cast, house, day):
    booked(cast, house.right, day + WEEK, 9, title="Senat iclası", who="trainer")
    rows = [
        lesson(house.right.name, day, until=day + 2 * WEEK),
        lesson(house.lab.name, day),
        lesson(house.meter.name, day, "10:00", "11:00", "Ölçmə"),
        lesson(house.hall.name, day + WEEK),
    ]
    run = bring(cast, rows)
    assert fates(run) == ["refuse", "add", "refuse", "refuse"]
    first, _none, third, fourth = ("".join(map(str, one.get("starts", []))) for one in wrong(run))
    clash = f"{said(day + WEEK)}: saat 09:00–10:00 tutulub: “Senat iclası”."
    assert (first, fourth) == (clash, clash)
    assert third == f"{said(day)}: bu vaxt 3 nömrəli sətirdə götürülüb."
    confirm(run)
    assert sorted(Booking.objects.values_list("title", flat=True)) == ["Elektrik maşınları", "Senat iclası"]


def test_what_became_taken_after_the_preview_is_refused_by_name_and_the_rest_is_written(cast, house, day):
    run = bring(cast, [lesson(house.left.name, day, until=day + WEEK), lesson(house.lab.name, day)])
    booked(cast, house.left, day + WEEK, 9, title="Senat iclası", who="trainer")
    done = confirm(run)
    assert done.summary["outcomes"] == {"refused": 1, "written": 1}
    assert "Senat iclası" in str(wrong(done)[0]["starts"])
    assert sorted(Booking.objects.values_list("title", flat=True)) == ["Elektrik maşınları", "Senat iclası"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"thing": "Yoxdur"}, "things"),
        ({"thing": "Tədris mərkəzi"}, "things"),  # a site is not booked itself
        ({"start": "doqquz"}, "starts"),
        ({"start": "08:00"}, "starts"),  # before it opens
        ({"start": "11:00"}, "ends"),
        ({"end": "09:05"}, "ends"),
        ({"title": "x" * 121}, "title"),
        ({"title": ""}, "title"),
        ({"people": "41"}, "people"),
    ],
)
def test_a_row_that_the_form_would_refuse_is_refused_in_words_at_its_column(cast, house, day, change, column):
    run = bring(cast, [lesson(**{"thing": house.left.name, "day": day, **change})])
    assert (fates(run), list(wrong(run)[0])) == (["refuse"], [column])
    assert all(str(reason) for reason in wrong(run)[0][column])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "az",
            "Otaq A: bu günün iş saatları 09:00–18:00. Başqa saat və ya həftənin başqa gününü seçin.",
        ),
        (
            "en",
            "Otaq A: open on this day at 09:00–18:00. Choose other hours or another day of the week.",
        ),
    ],
)
def test_what_comes_every_week_outside_the_opening_hours_is_told_the_hours(cast, house, day, language, words):
    run = bring(cast, [lesson(house.left.name, day, "20:00", "21:00", until=day + 3 * WEEK)])
    with translation.override(language):
        [told] = [row["day"] for row in wrong(run)]
    assert (fates(run), len(told), told[0].partition(". ")[2]) == (["refuse"], 1, words)


def test_who_looks_after_the_whole_house_brings_the_timetable_of_its_units_too(cast, house, day):
    unit = make.organization("Tədris Mərkəzi", "department", parent=cast.azerisiq)
    Thing.objects.filter(top=house.site.top_id or house.site).update(owner=unit)
    run = bring(cast, [lesson(house.left.name, day)])
    assert (fates(run), wrong(run)) == (["add"], [{}])
    confirm(run)
    assert Booking.objects.get().owner == unit
    other = bring(cast, [lesson(house.left.name, day)], who="coordinator", owner=cast.aztu)
    assert list(wrong(other)[0]) == ["things"]


def test_what_lies_in_the_past_or_ends_before_it_begins_or_never_ends_is_refused(cast, house, day):
    rows = [
        lesson(house.left.name, day - timedelta(days=60)),
        lesson(house.left.name, day, until=day - WEEK),
        lesson(house.left.name, day, until=day + 80 * WEEK),
    ]
    run = bring(cast, rows)
    assert [(row.fate, list(row.errors)) for row in run.rows.order_by("number")] == [
        ("refuse", ["starts"]),
        ("refuse", ["repeated_until"]),
        ("refuse", ["repeated_until"]),
    ]


def test_a_formula_is_text_on_its_way_in_and_out(cast, house, day, login):
    run = bring(cast, [lesson(house.lab.name, day, title="'=cmd|' /C calc'!A0")])
    confirm(run)
    title = Booking.objects.get().title
    query = f"?site={house.site.uid}&day={day.isoformat()}&thing={house.lab.uid}&format=csv"
    answer = login("trainer").get(reverse("export", args=["bookings.taken"]) + query)
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "cmd" in title
    assert ";=" not in told


@pytest.mark.parametrize(
    ("who", "code"), [("hr", 403), ("student", 403), ("coordinator", 403), ("trainer", 200)]
)
def test_only_who_looks_after_the_things_brings_their_timetable(cast, login, house, day, who, code):
    url = f"{reverse('bookings:import_bookings')}?at={cast.azerisiq.slug}"
    assert login(who).get(url).status_code == code
    if code == 403:
        with pytest.raises(Refused):
            bring(cast, [lesson(house.left.name, day)], who)
    assert Booking.objects.count() == 0


def test_things_of_another_house_are_not_found_and_a_lost_role_writes_nothing(cast, login, house, day):
    """Who looks after one house brings rows for a room of another."""
    run = bring(cast, [lesson(house.left.name, day)], who="coordinator", owner=cast.aztu)
    assert (fates(run), list(wrong(run)[0])) == (["refuse"], ["things"])
    mine = bring(cast, [lesson(house.left.name, day)])
    cast.trainer.affiliations.update(state="refused")
    assert confirm(mine).state == ImportState.FAILED
    assert Booking.objects.count() == 0
    assert login("coordinator").get(mine.get_absolute_url()).status_code == 404
