"""Reminders of a practice as the clock goes on, in any time zone of the database's session."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection, connections

from internships.models import Clearance
from internships.tests import makers
from partnerships.notifications import reminding
from partnerships.notifications.models import Notification, Occurrence

pytestmark = pytest.mark.usefixtures("english")
ADMISSION = "internships.remind_admission"


ZONES = [
    "UTC",
    *(pytest.param(zone, marks=pytest.mark.postgres) for zone in ("America/New_York", "Pacific/Kiritimati")),
]


@pytest.fixture(params=ZONES)
def zone(request, db, monkeypatch):
    """The time zone of the session, as DATABASES["default"]["TIME_ZONE"] would set it. SQLite knows none."""
    if connection.vendor != "postgresql":
        yield
        return
    monkeypatch.setitem(connection.settings_dict, "TIME_ZONE", request.param)
    _forget_zone()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE %s", [request.param])  # until the test is rolled back
    yield
    monkeypatch.undo()
    _forget_zone()


def _forget_zone():
    for name in ("timezone", "timezone_name"):
        connections["default"].__dict__.pop(name, None)


def told(kind):
    rows = Notification.objects.filter(kind=kind).order_by("pk").select_related("person")
    return [row.person.name for row in rows]


def reminded_at(time_machine, moments, kind):
    """Who was told of `kind` at each of these moments (Baku), asked twice each time."""
    found = []
    for moment in moments:
        time_machine.move_to(f"{moment}+04:00", tick=False)
        cache.clear()
        before = len(told(kind))
        reminding.remind()
        reminding.remind()
        found.append(sorted(told(kind)[before:]))
    return found


def test_who_begins_is_reminded_a_week_and_a_day_before_by_bakus_days(cast, zone, time_machine):
    makers.placement(cast)
    moments = [
        f"2027-06-{at}" for at in ("07T23:59", "08T00:01", "13T23:59", "14T00:01", "15T00:01", "20T12:00")
    ]
    both = sorted([cast.student.name, cast.mentor.name])
    found = reminded_at(time_machine, moments, "internships.remind_practice")
    assert found == [[], both, [], both, [], []]


def test_days_that_no_clock_ran_are_caught_up_in_one_letter_each(cast, zone, time_machine):
    makers.placement(cast)
    both = sorted([cast.student.name, cast.mentor.name])
    found = reminded_at(time_machine, ["2027-06-07T12:00", "2027-06-14T09:00"], "internships.remind_practice")
    assert found == [[], both]
    kept = Occurrence.objects.filter(rule="internships.remind_practice").values_list("caught_up", flat=True)
    assert sorted(kept) == [False, False, True, True]  # a week before and the day before, for each of the two


def test_an_admission_that_runs_out_is_told_by_bakus_days_and_a_renewed_one_no_more(cast, zone, time_machine):
    makers.active(cast)
    Clearance.objects.filter(kind="group").update(valid_until=date(2027, 7, 20))
    both = sorted([cast.hr.name, cast.mentor.name])
    moments = ["2027-06-19T23:59", "2027-06-20T00:01", "2027-07-12T23:59", "2027-07-13T00:01"]
    assert reminded_at(time_machine, moments, ADMISSION) == [[], both, [], both]
    Clearance.objects.filter(kind="group").update(valid_until=date(2028, 7, 20))
    assert reminded_at(time_machine, ["2027-07-20T00:01"], ADMISSION) == [[]]
