"""Hours a month of an organisation: given by keepers, said when booking, refused with what to do."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from partnerships.bookings import actions, quotas
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Quota
from partnerships.bookings.tests.makers import again, at, booked, site
from partnerships.bookings.timetable import Span
from partnerships.bookings.views_new import together
from partnerships.common.refusals import Refused, StaleState
from partnerships.workflow.actors import SYSTEM

DAY = date(2026, 11, 12)  # a Thursday; the clock stands on the 9th


@pytest.fixture
def house(cast, time_machine):
    time_machine.move_to("2026-11-09 05:00:00+00:00", tick=False)
    return site(cast.azerisiq)


def give(thing, hours, organization=None):
    return actions.give_hours(thing, actor=SYSTEM, hours=hours, organization=organization)


def refused(call, *args, **kwargs):
    """The words in which it is refused for want of hours."""
    with override("en"), pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    assert [one.code for one in error.value.error_dict["starts"]] == ["quota"]
    return error.value.messages[0]


def test_hours_are_counted_for_the_organisation_and_the_refusal_says_what_to_do(cast, house):
    give(house.site, 3)
    booked(cast, house.lab, DAY, 10, 120, who="student")
    words = refused(booked, cast, house.left, DAY, 14, 90, who="coordinator")
    name = cast.aztu.name_en
    assert words.startswith(f"Tədris mərkəzi: {name} has 2 of 3 hours in November 2026. With this it would")
    assert "3.5; 1 are left" in words
    booked(cast, house.left, DAY, 14, 60, who="coordinator")
    # The owner is not bound by what is given to each, and its hours are its own.
    booked(cast, house.right, DAY, 10, 8 * 60, who="hr")
    booked(cast, house.hall, DAY + timedelta(days=1), 10, 120, who="trainer")
    assert Booking.objects.count() == 4


def test_what_names_an_organisation_holds_in_place_of_that_of_each_and_every_node_above_holds_too(
    cast, house
):
    give(house.lab, 1)
    give(house.lab, 4, cast.aztu)
    give(house.site, 5)
    booked(cast, house.meter, DAY, 10, 240, who="student")
    assert "OMICRON" not in refused(booked, cast, house.meter, DAY, 15, 15, who="student")
    assert refused(booked, cast, house.left, DAY, 15, 75, who="student").startswith("Tədris mərkəzi:")
    # Two things for half an hour are an hour.
    booked(cast, [house.left, house.right], DAY, 15, 30, who="student")
    refused(booked, cast, house.left, DAY, 16, 15, who="student")


def test_a_booking_over_the_end_of_a_month_counts_in_each_for_its_part(cast, house):
    span = Span(at(date(2026, 11, 30), 22), at(date(2026, 12, 1), 3))
    assert quotas.months_of(span) == [date(2026, 11, 1), date(2026, 12, 1)]
    assert [quotas.minutes_in(month, span) for month in quotas.months_of(span)] == [120, 180]
    assert quotas.months_of(Span(at(date(2026, 11, 30), 22), at(date(2026, 12, 1), 0))) == [date(2026, 11, 1)]


def test_each_day_of_a_series_is_counted_and_those_beyond_are_named(cast, house):
    give(house.site, 3)
    ask = {
        "actor": cast.user("student"), "title": "Ölçmə", "starts": at(DAY, 10), "ends": at(DAY, 12),
        "rule": "FREQ=WEEKLY;COUNT=4",
    }  # fmt: skip
    with pytest.raises(actions.SeriesClash) as clash:
        actions.book_series([house.lab], **ask)
    # 12, 19 and 26 November, 3 December: a month of its own.
    assert [moment.day for moment, _reason in clash.value.conflicts] == [19, 26]
    assert [len(one.days) for one in together(clash.value)] == [2]  # one reason is said once
    made = actions.book_series([house.lab], skip_conflicts=True, **ask)
    assert [row.starts.day for row in made] == [12, 3]


def test_moving_counts_what_is_moved_once_and_is_refused_into_a_full_month(cast, house):
    give(house.site, 2)
    first = booked(cast, house.lab, DAY, 10, 120, who="student")
    moved = actions.move(first, actor=cast.user("student"), starts=at(DAY, 14), ends=at(DAY, 16))
    refused(actions.move, moved, actor=cast.user("student"), starts=at(DAY, 14), ends=at(DAY, 16, 15))
    other = booked(cast, house.lab, date(2026, 12, 3), 10, 60, who="student")
    refused(actions.move, other, actor=cast.user("student"), starts=at(DAY, 10), ends=at(DAY, 11))
    assert again(other).starts == at(date(2026, 12, 3), 10)


def test_what_is_given_up_or_not_approved_frees_its_hours(cast, house):
    give(house.site, 1)
    first = booked(cast, house.lab, DAY, 10, 60, who="student")
    refused(booked, cast, house.lab, DAY, 12, 60, who="student")
    actions.cancel(first, actor=cast.user("student"))
    booked(cast, house.lab, DAY, 12, 60, who="student")


def test_approving_is_refused_where_the_quota_is_smaller_by_then(cast, house):
    actions.change_thing(house.lab, actor=SYSTEM, approval=True)
    quota = give(house.site, 4)
    first, second = (booked(cast, house.lab, DAY, hour, 120, who="student") for hour in (10, 13))
    actions.change_hours(quota, actor=SYSTEM, hours=3, version=1)
    actions.approve(first, actor=cast.user("trainer"))
    with pytest.raises(ValidationError) as error:
        actions.approve(second, actor=cast.user("trainer"))
    assert error.value.code == "quota"
    assert again(second).state == BookingState.REQUESTED
    actions.change_hours(Quota.objects.get(), actor=SYSTEM, hours=4, version=2)
    actions.approve(second, actor=cast.user("trainer"))


def test_whoever_has_used_up_their_hours_is_passed_over_in_the_line(cast, house):
    holder = booked(cast, house.left, DAY, 10, 60, who="hr")
    first = booked(cast, house.left, DAY, 10, 60, who="student", wait=True)
    second = booked(cast, house.left, DAY, 10, 60, who="mentor", wait=True)
    give(house.site, 1)
    booked(cast, house.lab, DAY, 12, 60, who="student")
    actions.cancel(holder, actor=cast.user("hr"))
    assert (again(first).state, again(second).state) == (BookingState.WAITING, BookingState.OFFERED)


def test_more_hours_are_offered_to_who_waits_for_want_of_them(cast, house):
    quota = give(house.site, 1)
    holder = booked(cast, house.left, DAY, 10, 60, who="hr")
    first = booked(cast, house.left, DAY, 10, 60, who="student", wait=True)
    other = booked(cast, house.lab, DAY, 12, 60, who="student")
    actions.cancel(holder, actor=cast.user("hr"))
    assert again(first).state == BookingState.WAITING
    actions.cancel(other, actor=cast.user("student"))
    assert again(first).state == BookingState.OFFERED
    holder = booked(cast, house.right, DAY, 10, 60, who="hr")
    second = booked(cast, house.right, DAY, 10, 60, who="hr2", wait=True)
    booked(cast, house.lab, DAY, 12, 60, who="hr2")
    actions.cancel(holder, actor=cast.user("hr"))
    assert again(second).state == BookingState.WAITING
    actions.change_hours(quota, actor=SYSTEM, hours=2, version=1)
    assert again(second).state == BookingState.OFFERED


def test_what_was_booked_before_takes_the_hours_of_who_booked_it(cast, house):
    rows = [booked(cast, house.lab, DAY, hour, 60, who=who) for hour, who in ((10, "student"), (12, "hr2"))]
    rows.append(booked(cast, house.lab, DAY, 14, 60, who="hr"))
    Booking.objects.update(organization=None)
    fill = import_module("partnerships.bookings.migrations.0008_whose_hours").say_whose
    fill(apps, SimpleNamespace(connection=connection))
    assert [again(row).organization_id for row in rows] == [
        cast.aztu.pk,
        cast.other_company.pk,
        cast.azerisiq.pk,
    ]


def test_whose_hours_it_takes_is_said_by_who_belongs_to_several(cast, house):
    lecturer, asked = cast.user("coordinator"), {"starts": at(DAY, 10), "ends": at(DAY, 11), "title": "Görüş"}
    made = actions.book([house.left], actor=lecturer, **asked)
    assert made.organization_id == cast.aztu.pk
    with pytest.raises(ValidationError) as error:
        actions.book([house.right], actor=lecturer, organization=cast.other_company, **asked)
    assert set(error.value.error_dict) == {"organization"}


def test_only_who_looks_after_it_gives_hours_and_the_slower_of_two_is_told(cast, house):
    with pytest.raises(Refused):
        actions.give_hours(house.site, actor=cast.user("hr"), hours=5)
    quota = actions.give_hours(house.site, actor=cast.user("trainer"), hours=5)
    with pytest.raises(ValidationError):
        actions.give_hours(house.site, actor=cast.user("trainer"), hours=6)
    actions.change_hours(quota, actor=cast.user("trainer"), hours=6, version=1)
    with pytest.raises(StaleState):
        actions.change_hours(quota, actor=cast.user("trainer"), hours=7, version=1)
    actions.end_quota(quota, actor=cast.user("trainer"))
    actions.end_quota(quota, actor=cast.user("trainer"))
    assert not Quota.objects.exists()


# Pages --------------------------------------------------------------------------------------------------
def test_the_form_says_what_is_used_and_costs_two_queries_more(
    cast, login, house, django_assert_max_num_queries
):
    booked(cast, house.lab, DAY, 10, 90, who="student")
    give(house.site, 20)
    client, url = login("student"), f"{reverse('bookings:new')}?thing={house.lab.uid}"
    client.get(url)  # what a session reads once
    with django_assert_max_num_queries(12):
        page = client.get(f"{url}&day=2026-11-12&start=14:00")
    spent = [(line.quota.thing.name, line.used, line.month.month) for line in page.context["spent"]]
    assert spent == [("Tədris mərkəzi", "1,5", 11)]
    assert spent[0][1] in page.content.decode()
    later = client.get(f"{reverse('bookings:new')}?thing={house.lab.uid}&day=2026-12-03&start=14:00")
    assert [(line.used, line.month.month) for line in later.context["spent"]] == [("0", 12)]
    assert [line.used for line in client.get(house.lab.get_absolute_url()).context["spent"]] == ["1,5"]


def test_who_looks_after_it_gives_changes_and_takes_away_on_its_page(cast, login, house):
    trainer, url = login("trainer"), reverse("bookings:thing_quotas", args=[house.site.uid])
    sent = {"organization": cast.aztu.pk, "hours": 20}
    assert trainer.post(url, sent).status_code == 302
    assert trainer.post(url, sent).status_code == 422  # a double click
    quota = Quota.objects.get()
    assert (
        trainer.post(reverse("bookings:quota", args=[quota.uid]), {"hours": 8, "version": 1}).status_code
        == 302
    )
    assert (
        trainer.post(reverse("bookings:quota", args=[quota.uid]), {"hours": 9, "version": 1}).status_code
        == 409
    )
    for stranger, status in (("hr", 404), ("student", 403), ("coordinator", 403)):
        client = login(stranger)
        assert client.get(reverse("bookings:quota", args=[quota.uid])).status_code == status
        assert client.post(reverse("bookings:quota_end", args=[quota.uid])).status_code == status
        assert client.post(url, sent).status_code == 403
    assert trainer.post(reverse("bookings:quota_end", args=[quota.uid])).status_code == 302
    assert not Quota.objects.exists()


def test_who_used_how_much_is_a_page_and_a_table_at_the_price_of_one_row(
    cast, login, house, django_assert_max_num_queries
):
    give(house.site, 20)
    give(house.lab, 8, cast.aztu)
    booked(cast, house.lab, DAY, 10, 90, who="student")
    booked(cast, house.left, DAY, 10, 60, who="hr2")
    client = login("trainer")
    client.get(reverse("bookings:quotas"))
    with django_assert_max_num_queries(11):
        page = client.get(reverse("bookings:quotas"))
    rows = [
        (line.quota.thing.name, line.organization, line.used, line.quota.hours)
        for line in page.context["rows"]
    ]
    assert rows == [
        ("Tədris mərkəzi", cast.aztu, "1,5", 20),
        ("Tədris mərkəzi", cast.other_company, "1", 20),
        ("Relə laboratoriyası", cast.aztu, "1,5", 8),
    ]
    before = client.get(f"{reverse('bookings:quotas')}?month=2026-10").context["rows"]
    assert [(line.organization, line.used) for line in before] == [(None, "0"), (cast.aztu, "0")]
    assert login("hr").get(reverse("bookings:quotas")).status_code == 403


# API ----------------------------------------------------------------------------------------------------
def test_programs_read_their_own_hours_and_keepers_everybodys(cast, login, house):
    give(house.site, 20)
    booked(cast, house.lab, DAY, 10, 90, who="student")
    booked(cast, house.left, DAY, 10, 60, who="hr2")
    own = login("student").get("/api/v1/quotas/").json()["results"]
    assert [(row["organization"], row["hours"]) for row in own] == [(None, 20)]
    assert own[0]["used"] == [{"organization": cast.aztu.slug, "hours": 1.5}]
    trainer = login("trainer")
    everybodys = trainer.get(f"/api/v1/quotas/{own[0]['uid']}/").json()["used"]
    assert {row["organization"]: row["hours"] for row in everybodys} == {
        cast.aztu.slug: 1.5,
        cast.other_company.slug: 1.0,
    }
    body = {"thing": str(house.lab.uid), "organization": cast.aztu.slug, "hours": 2}
    assert login("student").post("/api/v1/quotas/", body, "application/json").status_code == 403
    made = trainer.post("/api/v1/quotas/", body, "application/json")
    assert made.status_code == 201
    assert login("hr2").get(f"/api/v1/quotas/{made.json()['uid']}/").status_code == 404
    asked = {
        "things": [str(house.lab.uid)], "starts": at(DAY, 14).isoformat(), "ends": at(DAY, 15).isoformat(),
        "title": "Ölçmə",
    }  # fmt: skip
    answer = login("student").post("/api/v1/bookings/", asked, "application/json")
    assert (answer.status_code, set(answer.json())) == (400, {"starts", "request_id"})
    url = f"/api/v1/quotas/{made.json()['uid']}/"
    assert trainer.patch(url, {"hours": 3}, "application/json").json()["hours"] == 3
    assert trainer.patch(url, {}, "application/json").json()["hours"] == 3
    assert trainer.post(f"{url}end/").status_code == 204


def test_the_administration_says_whose_the_hours_are_and_counts_in_the_singular(cast, house, login):
    TOTP.activate(cast.user("admin"), generate_totp_secret())
    admin = login("admin")
    give(house.lab, 2)
    page = admin.get("/admin/bookings/quota/").content.decode()
    assert "Hər bir təşkilat ayrılıqda" in page
    assert ("1 saat kvotası\n" in page, "nəticə" in page) == (True, False)
    give(house.site, 5, cast.aztu)
    assert "2 saat kvotası\n" in admin.get("/admin/bookings/quota/").content.decode()


def test_too_few_hours_are_refused_with_the_fewest_that_there_may_be_new_or_changed(cast, house, login):
    quota = give(house.lab, 20)
    pages = [
        reverse("bookings:thing_quotas", args=[house.lab.uid]),
        reverse("bookings:quota", args=[quota.uid]),
    ]
    for page in pages:
        for hours in ("0", "-3"):
            answer = login("trainer").post(page, {"hours": hours, "version": quota.version})
            assert (answer.status_code, "Ən azı 1 olmalıdır." in answer.text) == (422, True), (page, hours)
