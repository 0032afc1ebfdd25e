"""The list of practices and what they put elsewhere: home, menu, search, calendar, API, administration."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from internships import actions, home_placements, placement_reports
from internships.direction import DIRECTION
from internships.enums import PlacementState as P
from internships.models import (
    Application,
    HazardClass,
    MentorLimit,
    OnboardingTask,
    Placement,
    UnitHazard,
)
from internships.tests import makers
from internships.views.placing import listing
from partnerships.common.clock import end_of_day, start_of_day, today
from partnerships.common.paging import in_order
from partnerships.directory.models import Affiliation
from partnerships.testing.worlds import world

pytestmark = pytest.mark.usefixtures("before_the_summer")

LIST = "internships:placements"
MIDDLE = "2027-07-01T08:00:00Z"


def names(response):
    return [line.placement.person.name for line in response.context["lines"]]


@world
def two(cast):
    programme = makers.programme(cast)
    first = makers.active(cast, programme)
    return first, makers.placement(cast, programme, "colleague")


def test_each_sees_the_same_rows_as_in_detail_late_ones_first(cast, login):
    _first, second = two(cast)
    Placement.objects.filter(pk=second.pk).update(starts="2027-06-30", ends="2027-08-31")
    rows = {
        "hr": ["Kənan Əhmədli", "Nigar Məmmədova"],
        "coordinator": ["Kənan Əhmədli", "Nigar Məmmədova"],
        "mentor": ["Kənan Əhmədli", "Nigar Məmmədova"],
        "supervisor": [],
        "hr2": [],
        "coordinator2": [],
        "mentor2": [],
    }
    with time_machine.travel(MIDDLE):
        found = {who: login(who).get(reverse(LIST)) for who in rows}
        assert {who: names(page) for who, page in found.items()} == rows
        assert [line.late for line in found["hr"].context["lines"]] == [date(2027, 6, 30), None]
        assert login("student").get(reverse(LIST)).status_code == 302


def test_what_is_asked_by_each_reason_is_what_is_asked_at_once(cast):
    first, _second = two(cast)
    # Human resources who mentor one of theirs, and a coordinator who supervises: rows seen twice.
    Placement.objects.filter(pk=first.pk).update(mentor=cast.hr, supervisor=cast.coordinator)
    seen = {}
    for name in cast.people():
        user = cast.user(name)
        rows = placement_reports.placement_rows(user)
        plain = Counter(rows.order_by().values_list("state", flat=True))
        assert placement_reports.counted_states(user) == {key: (n, False) for key, n in plain.items()}, name
        for state in ("", "active", "ended"):
            wanted = placement_reports.with_next(placement_reports.in_state(rows, state))
            kept = list(placement_reports.soonest(user, state, listing.ORDER, 2))
            assert kept == list(in_order(wanted, listing.ORDER).values_list("pk", flat=True)), name
        seen[name] = sum(plain.values())
    assert {name for name, n in seen.items() if n == 2} >= {"hr", "coordinator", "admin"}
    assert 0 in seen.values()
    assert len(placement_reports.reasons(cast.user("coordinator"))) > 1


def test_pills_count_states_and_filters_narrow(cast, login, english):
    two(cast)
    client = login("hr")
    page = client.get(reverse(LIST))
    assert [(str(pill.label), pill.count) for pill in page.context["pills"]] == [
        ("All", 2),
        ("In preparation", 1),
        ("Under way", 1),
    ]
    assert names(client.get(reverse(LIST), {"state": "active"})) == ["Nigar Məmmədova"]
    assert names(client.get(reverse(LIST), {"q": "kenan ehmedli"})) == ["Kənan Əhmədli"]
    assert names(client.get(reverse(LIST), {"q": "yoxdur"})) == []
    assert names(client.get(reverse(LIST), {"late": "on"})) == []


def test_what_the_list_can_be_narrowed_by_is_kept_no_longer_than_the_rights(cast):
    two(cast)
    kept = placement_reports.facets(cast.user("hr"))
    assert (len(kept.units), placement_reports.facets(cast.user("hr"))) == (1, kept)
    held = cast.affiliation("hr")
    Affiliation.objects.filter(pk=held.pk).update(organization=cast.aran)  # moved to another enterprise
    assert placement_reports.facets(cast.user("hr")) == placement_reports.Facets()


def test_the_list_asks_the_same_at_two_sizes(cast, login):
    programme = makers.programme(cast, seats=6)
    makers.placement(cast, programme)
    client = login("hr")
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as few:
        assert len(names(client.get(reverse(LIST)))) == 1
    makers.placement(cast, programme, "colleague")
    makers.placement(cast, programme, "student2")
    with CaptureQueriesContext(connection) as many:
        assert len(names(client.get(reverse(LIST)))) == 3
    assert len(few) == len(many)
    assert len(many) <= 12


def test_the_spreadsheet_has_the_rows_and_columns_of_the_page(cast, login, english):
    first, _second = two(cast)
    OnboardingTask.objects.filter(placement=first, kind="contact").update(value="sirr")
    answer = login("hr").get(reverse("export", args=["internships.placements"]), {"state": "active"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Number", "Student", "University", "Faculty")
    assert [row[1] for row in rows[1:]] == ["Nigar Məmmədova"]
    assert not [cell for row in rows for cell in row if cell and "sirr" in str(cell)]
    assert login("student").get(reverse("export", args=["internships.placements"])).status_code == 404


def test_several_begin_at_once_and_who_may_not_is_told_why(cast, login, english):
    programme = makers.programme(cast)
    ready = makers.clear(makers.placement(cast, programme), cast)
    waiting = makers.placement(cast, programme, "colleague")
    values = {"verb": "begin", "pick": [str(ready.uid), str(waiting.uid)]}
    url = reverse("internships:placements_many")
    with time_machine.travel("2027-06-15T08:00:00Z"):
        assert login("coordinator").post(url, values).status_code == 403
        page = login("hr").post(url, values)
        assert login("hr2").post(url, values).status_code == 302  # nothing of theirs was chosen
    assert "Begun: 1 student" in page.content.decode()
    assert "Safety admission is not complete" in page.content.decode()
    states = dict(Placement.objects.values_list("pk", "state"))
    assert states == {ready.pk: P.ACTIVE, waiting.pk: P.PREPARING}


def test_what_is_done_to_several_leads_back_to_the_list_as_it_was_narrowed(cast, login, english):
    programme = makers.programme(cast)
    ready = makers.clear(makers.placement(cast, programme), cast)
    waiting = makers.placement(cast, programme, "colleague")
    client, narrowed = login("hr"), "state=preparing&q=m"
    back = f"{reverse(LIST)}?{narrowed}"
    listed = client.get(back).content.decode()
    assert '<input type="hidden" name="query" value="state=preparing&amp;q=m">' in listed
    for name in ("placements_many", "briefing", "contracts", "packs"):
        nothing = client.post(reverse(f"internships:{name}"), {"verb": "begin", "query": narrowed})
        assert (nothing.status_code, nothing.url) == (302, back)
    picks = {"pick": [str(ready.uid), str(waiting.uid)], "query": narrowed}
    for name in ("briefing", "contracts"):
        page = client.post(reverse(f"internships:{name}"), picks)
        assert page.context["back"] == back
        assert 'name="query" value="state=preparing&amp;q=m"' in page.content.decode()
    with time_machine.travel("2027-06-15T08:00:00Z"):
        url, values = reverse("internships:placements_many"), {**picks, "verb": "begin"}
        assert login("hr").post(url, values).context["back"] == back


# Elsewhere ------------------------------------------------------------------------------------------------
def test_home_names_what_waits_for_whom(cast, english):
    made = makers.placement(cast)
    actions.raise_concern(made, actor=cast.user("student"), topic="safety", text="Gizli söz")
    with time_machine.travel("2027-06-10T08:00:00Z"):
        titles = {
            who: [todo.title for todo in DIRECTION.waits(cast.user(who))]
            for who in ("student", "hr", "mentor")
        }
        assert titles == {
            "student": ["Write your particulars: Yay təcrübəsi 2027"],
            "hr": ["Prepare the contract: Nigar Məmmədova", "Prepare the practice: Nigar Məmmədova"],
            "mentor": [],
        }
        (todo,) = DIRECTION.waits(cast.user("coordinator"))
    assert todo.title == f"Answer in confidence: {made.application.number}"
    assert "Gizli" not in f"{todo.title} {todo.detail}"


def test_the_student_reads_on_the_home_page_where_the_practice_stands(cast, english):
    made = makers.active(cast)
    with time_machine.travel(MIDDLE):
        (line,) = DIRECTION.moves(cast.user("student"))
    assert (line.url, line.state) == (made.get_absolute_url(), "Under way")
    assert line.move == "The practice is under way: week 3 of 7."
    assert DIRECTION.moves(cast.user("mentor")) == []


def test_the_calendar_has_first_and_last_days_of_those_concerned(cast, english):
    makers.active(cast)
    span = (date(2027, 6, 1), date(2027, 7, 31))
    entries = {
        who: [entry.title for entry in DIRECTION.happens(cast.user(who), *span) if "placement" in entry.uid]
        for who in ("student", "mentor", "hr", "colleague", "hr2")
    }
    both = ["Practice begins: Nigar Məmmədova", "Practice ends: Nigar Məmmədova"]
    assert entries == {"student": both, "mentor": both, "hr": both, "colleague": [], "hr2": []}


def test_the_search_finds_practices_of_those_who_may_see_them(cast):
    made = makers.active(cast)
    hits = {
        who: [hit.url for hit in DIRECTION.finds(cast.user(who), "memmedova", 5) if "placements" in hit.url]
        for who in ("mentor", "hr", "mentor2", "coordinator2", "colleague")
    }
    its = [made.get_absolute_url()]
    assert hits == {"mentor": its, "hr": its, "mentor2": [], "coordinator2": [], "colleague": []}


def test_the_api_gives_own_practices_and_does_what_the_pages_do(cast, login):
    made = makers.clear(makers.placement(cast), cast)
    address = f"/api/v1/placements/{made.uid}/"
    answers = {
        who: login(who).get(address).status_code for who in ("student", "hr", "mentor", "hr2", "colleague")
    }
    assert answers == {"student": 200, "hr": 200, "mentor": 200, "hr2": 404, "colleague": 404}
    hr = login("hr")
    early = hr.post(f"{address}begin/", {}, content_type="application/json")
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    longer = hr.post(
        f"{address}extend/", {"ends": "2027-08-14", "note": "Plan"}, content_type="application/json"
    )
    assert (longer.status_code, longer.json()["ends"]) == (200, "2027-08-14")
    assert login("mentor").post(f"{address}begin/", {}, content_type="application/json").status_code == 403
    assert "concern" not in str(hr.get(address).json())


def test_the_api_names_the_application_to_whoever_may_open_it_alone(cast, login):
    made = makers.active(cast, supervisor=cast.supervisor)
    named = {
        who: login(who).get(f"/api/v1/placements/{made.uid}/").json()["application"]
        for who in ("student", "hr", "coordinator", "supervisor", "mentor")
    }
    uid = str(made.application.uid)
    seen = {who: Application.objects.visible_to(cast.user(who)).filter(uid=uid).exists() for who in named}
    assert named == {who: uid if seen[who] else None for who in named}
    assert [who for who in named if named[who] is None] == ["supervisor", "mentor"]


def test_administrators_keep_hazard_classes_and_limits_and_read_the_rest(cast, login):
    made = makers.placement(cast)
    for model, may in ((HazardClass, True), (UnitHazard, True), (MentorLimit, True), (Placement, False)):
        site = admin.site._registry[model]
        request = type("Request", (), {"user": cast.user("admin")})()
        assert site.has_change_permission(request) is may
        assert site.has_view_permission(request) is True
        stranger = type("Request", (), {"user": cast.user("hr")})()
        assert site.has_view_permission(stranger) is False
    assert made in Placement.objects.visible_to(cast.user("admin"))


@pytest.mark.parametrize(
    ("who", "where"),
    [("student", "/internships/mine/"), ("organiser", "/internships/"), ("founder", "/internships/")],
)
def test_who_keeps_no_practices_is_led_to_their_own_or_to_the_open_places(cast, login, who, where):
    for page in ("placements", "worklist"):
        answer = login(who).get(reverse(f"internships:{page}"), follow=True)
        assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, where)


def test_what_begins_today_is_not_pushed_out_of_home_by_what_began_long_ago(cast):
    day = today()
    made = makers.programme(cast, seats=2)
    old, new = makers.placement(cast, made), makers.placement(cast, made, "colleague")
    for row, starts in ((old, day - timedelta(days=30)), (new, day)):
        Placement.objects.filter(pk=row.pk).update(
            starts=starts, ends=day + timedelta(days=20), state=P.ACTIVE
        )
    found = home_placements.dated(cast.user("hr"), day, day + timedelta(days=30))
    nearest = [(entry.title, entry.starts) for one in found for entry in one.told(True, 1)]
    assert nearest == [
        (f"Təcrübə başlayır: {cast.colleague.name}", start_of_day(day)),
        (f"Təcrübə bitir: {cast.student.name}", end_of_day(day + timedelta(days=20))),
    ]
