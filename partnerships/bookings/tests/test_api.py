"""Bookings for programs: the same rights and verbs as on the pages."""

import pytest

from partnerships.bookings.models import Booking
from partnerships.bookings.tests.makers import again, at, booked, site

URL = "/api/v1/bookings/"


def post(client, url, body):
    return client.post(url, body, content_type="application/json")


def test_a_program_books_is_told_the_nearest_free_times_and_uses_the_verbs(cast, login, house, day):
    hr, mentor = login("hr"), login("mentor")
    body = {
        "things": [str(house.left.uid)],
        "starts": at(day, 10).isoformat(),
        "ends": at(day, 11).isoformat(),
        "title": "Müşavirə",
    }
    made = post(hr, URL, body)
    assert (made.status_code, made.json()["state"], made.json()["things"]) == (201, "booked", body["things"])
    assert [verb["name"] for verb in made.json()["actions"]] == ["check_in", "move", "move_ask", "cancel"]
    taken = post(mentor, URL, body)
    assert (taken.status_code, taken.json()["code"]) == (400, "taken")
    assert taken.json()["free"][0] == at(day, 9).isoformat()
    url = f"{URL}{made.json()['uid']}/"
    moved = {"starts": at(day, 14).isoformat(), "ends": at(day, 15).isoformat()}
    assert post(mentor, f"{url}move/", moved).status_code == 403
    assert post(hr, f"{url}move/", moved).json()["starts"] == moved["starts"]
    assert post(hr, f"{url}check-in/", {}).status_code == 409
    assert post(hr, f"{url}cancel/", {}).json()["state"] == "cancelled"
    assert post(hr, f"{url}cancel/", {}).status_code == 409


@pytest.mark.parametrize(
    "values",
    [
        {"starts": "0001-01-01T00:00:00Z"},
        {"starts": "0001-01-01T00:00"},
        {"ends": "9999-12-31T23:59:59Z"},
        {"ends": "9999-12-31T23:59:59-14:00"},
        {"things": []},
        {"title": ""},
    ],
)
def test_what_cannot_be_booked_is_refused_by_field(login, house, day, values):
    body = {
        "things": [str(house.left.uid)],
        "starts": at(day, 10).isoformat(),
        "ends": at(day, 11).isoformat(),
        "title": "Müşavirə",
        **values,
    }
    answer = post(login("hr"), URL, body)
    assert (answer.status_code, set(answer.json()) - {"request_id"}) == (400, set(values))
    assert not Booking.objects.exists()


def test_more_things_than_anybody_means_are_not_looked_up_one_by_one(
    login, house, day, django_assert_max_num_queries
):
    hr = login("hr")
    body = {"things": [str(house.left.uid)] * 201, "starts": at(day, 10), "ends": at(day, 11), "title": "x"}
    with django_assert_max_num_queries(20):
        answer = post(hr, URL, body)
    assert (answer.status_code, set(answer.json()) - {"request_id"}) == (400, {"things"})
    body["things"] = body["things"][:2]  # the same twice is once
    assert post(hr, URL, body).json()["things"] == [str(house.left.uid)]


def test_others_find_neither_the_booking_nor_a_room_that_is_not_open(cast, login, house, day):
    made = booked(cast, house.left, day)
    other = site(cast.other_company, "Kabel evi", audience="staff")
    student = login("student")
    assert student.get(URL).json()["results"] == []
    assert post(student, f"{URL}{made.uid}/cancel/", {}).status_code == 404
    names = {row["name"] for row in student.get("/api/v1/things/").json()["results"]}
    assert "Otaq A" in names
    assert "Kabel evi" not in names
    body = {"things": [str(other.left.uid)], "starts": at(day, 10), "ends": at(day, 11), "title": "x"}
    assert post(student, URL, body).status_code == 400
    assert again(made).state == "booked"
