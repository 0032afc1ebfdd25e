"""Changed hours and closures: who keeps the thing sees what is hit before confirming, holders are told."""

from datetime import time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.bookings import actions, source
from partnerships.bookings.letters import LETTERS
from partnerships.bookings.models import Closure, Hours, Thing
from partnerships.bookings.tests.makers import again, at, booked
from partnerships.common.piles import counted
from partnerships.common.piles import told as told_by
from partnerships.common.refusals import IllegalTransition, Refused, StaleState
from partnerships.notifications.models import Notification
from partnerships.notifications.telling import tell
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record

API = "/api/v1/things/"


def week(day, opens=9, closes=12):
    """Open on that day of the week alone."""
    return [(day.weekday(), time(opens), time(closes))]


def told():
    """Verb and booking of what holders are to be told."""
    found = Change.objects.filter(verb__in=["outside", "disturbed"]).order_by("pk")
    return [(change.verb, change.object_id, change.data.get("opens", "")) for change in found]


def test_changed_hours_tell_whoever_lies_outside_now_and_nobody_else(cast, house, day):
    early, late = booked(cast, house.left, day, 10), booked(cast, house.left, day, 14, who="mentor")
    hall = booked(cast, house.hall, day, 16)  # its own hours stay: those of the site
    lab = booked(cast, house.lab, day, 15)
    hit = actions.set_hours(house.left, week(day), actor=SYSTEM)
    assert [one.pk for one in hit] == [late.pk]
    assert told() == [("outside", late.pk, "09:00–12:00")]
    # What is outside already is not told again by hours that stay shut for it.
    assert actions.set_hours(house.left, week(day, 9, 13), actor=SYSTEM) == []
    # The whole site: what has hours of its own keeps them.
    other = [(row, opens, closes) for row, opens, closes in week(day, 9, 11)]
    assert [one.pk for one in actions.set_hours(house.site, other, actor=SYSTEM)] == [lab.pk, hall.pk]
    assert again(early).state == "booked"


def test_the_letter_says_when_it_is_open_and_what_to_do(cast, house, day):
    late = booked(cast, house.left, day, 14, who="mentor")
    actions.set_hours(house.left, [((day.weekday() + 1) % 7, time(9), time(12))], actor=SYSTEM)
    tell(list(Change.objects.untold().values_list("pk", flat=True)))
    letter = Notification.objects.get(person=cast.mentor, kind="bookings.disturbed")
    assert ("ümumiyyətlə" in letter.body["az"], "not at all" in letter.body["en"]) == (True, True)
    assert "Move it or cancel it" in letter.body["en"]
    assert letter.path == late.get_absolute_url()
    assert [one.many is not None for one in LETTERS if one.kind == "bookings.disturbed"] == [True, True]


def test_who_keeps_it_is_shown_what_is_hit_and_confirms_that(cast, login, house, day):
    late = booked(cast, house.left, day, 14, who="mentor", title="Gizli deyil")
    keeper, page = login("trainer"), reverse("bookings:thing_hours", args=[house.left.uid])
    name = f"d{day.weekday()}"
    form = {"own": "own", "version": 1, f"{name}_0_opens": "09:00", f"{name}_0_closes": "12:00"}
    shown = keeper.post(page, form)
    assert (shown.status_code, shown.context["hit"], Hours.objects.filter(thing=house.left).count()) == (
        422,
        [late],
        0,
    )
    assert "Gizli deyil" in shown.content.decode()
    # Meanwhile another one is made: what was confirmed is no longer all.
    more = booked(cast, house.left, day, 16)
    form["seen"] = [str(late.uid)]
    assert keeper.post(page, form).context["hit"] == [late, more]
    form["seen"] += [str(more.uid)]
    assert keeper.post(page, form).status_code == 302
    assert [pk for _verb, pk, _opens in told()] == [late.pk, more.pk]


def test_a_closure_is_confirmed_in_the_same_way(cast, login, house, day):
    one = booked(cast, house.hall, day, 10, who="mentor")
    keeper, page = login("trainer"), reverse("bookings:close", args=[house.left.uid])
    form = {
        "kind": "closure", "reason": "Təmir", "day": day, "start": "09:00", "last_day": day, "end": "18:00",
    }  # fmt: skip
    shown = keeper.post(page, form)
    assert (shown.status_code, shown.context["hit"], Closure.objects.count()) == (422, [one], 0)
    assert keeper.post(page, {**form, "seen": str(one.uid)}).status_code == 302
    assert told() == [("disturbed", one.pk, "")]


def test_whoever_is_hit_has_the_move_until_it_is_open_again(cast, login, house, day):
    made = booked(cast, house.left, day, 10, who="mentor")
    holder, page = login("mentor"), made.get_absolute_url()
    assert (holder.get(page).context["mine"], holder.get(page).context["shut"]) == (False, "")
    closed = actions.close(
        house.hall, actor=SYSTEM, starts=at(day, 9), ends=at(day, 18), reason="Təmir", seen=None
    )
    shown = holder.get(page)
    assert (shown.context["mine"], "Təmir" in shown.context["shut"]) == (True, True)
    keeper = login("trainer").get(page).context
    assert (keeper["mine"], "Təmir" in keeper["shut"]) == (False, True)
    # The page of what is closed says so of that day, not its usual hours.
    with time_machine.travel(at(day, 8), tick=False):  # it names the next seven, and holidays may lie before
        hours = dict(login("mentor").get(house.left.get_absolute_url()).context["hours"])
    assert hours[day] == "bağlıdır"
    query = {"site": house.site.uid, "thing": house.left.uid, "view": "month", "day": day}
    assert "Bağlıdır: Təmir" in holder.get(reverse("bookings:grid"), query).content.decode()
    actions.lift(closed, actor=cast.user("trainer"))
    assert (holder.get(page).context["mine"], holder.get(page).context["shut"]) == (False, "")


def test_a_request_that_is_hit_is_its_holders_to_move_and_its_keepers_to_decide(cast, login, house, day):
    actions.change_thing(house.left, actor=SYSTEM, approval=True)
    page = booked(cast, house.left, day, 10, who="mentor").get_absolute_url()
    actions.close(house.hall, actor=SYSTEM, starts=at(day, 9), ends=at(day, 18), reason="Təmir", seen=None)
    shown = {who: login(who).get(page) for who in ("mentor", "trainer")}
    assert [answer.context["mine"] for answer in shown.values()] == [True, True]
    told = {who: answer.content.decode() for who, answer in shown.items()}
    decide, move = "bu sorğu barədə qərar verin", "rezerv edilən vaxtda açıq deyil"
    assert [(decide in words, move in words) for words in told.values()] == [(False, True), (True, False)]
    assert [words.count("btn-primary") for words in told.values()] == [1, 1]


def test_whoever_was_told_of_a_closure_is_told_that_it_is_open_again(cast, house, day):
    early, late = booked(cast, house.left, day, 10, who="mentor"), booked(cast, house.left, day, 14)
    closed = actions.close(house.hall, actor=SYSTEM, starts=at(day, 9), ends=at(day, 18), reason="Təmir")
    again_shut = actions.close(house.left, actor=SYSTEM, starts=at(day, 13), ends=at(day, 15), reason="Səs")
    booked(cast, house.lab, day, 10, who="hr2")  # was never shut
    actions.lift(closed, actor=cast.user("trainer"))
    opened = Change.objects.filter(verb="reopened").order_by("pk")
    assert list(opened.values_list("object_id", flat=True)) == [early.pk]  # the other is shut still
    actions.lift(again_shut, actor=cast.user("trainer"))
    assert list(opened.values_list("object_id", flat=True)) == [early.pk, late.pk]
    tell(list(opened.values_list("pk", flat=True)))
    letters = Notification.objects.filter(kind="bookings.reopened")
    assert {letter.person for letter in letters} == {cast.mentor, cast.hr}
    assert "it is open again" in letters[0].body["en"]
    # Hours that are shortened and made long again do the same, once.
    actions.set_hours(house.left, week(day), actor=SYSTEM)
    actions.set_hours(house.left, week(day, 9, 18), actor=SYSTEM)
    actions.set_hours(house.left, week(day, 9, 17), actor=SYSTEM)
    assert list(opened.values_list("object_id", flat=True)) == [early.pk, late.pk, late.pk]


def waiting(cast, who):
    return told_by(source.piles(cast.user(who)))


def test_what_is_hit_waits_for_its_holder_until_it_is_open_or_moved(cast, login, house, day):
    made = booked(cast, house.left, day, 10, who="mentor", title="Kabel kursu")
    other = booked(cast, house.left, day, 12, who="hr2")  # at a time that stays open
    assert [waiting(cast, who) for who in ("mentor", "hr2", "trainer")] == [[], [], []]
    closed = actions.close(
        house.hall, actor=SYSTEM, starts=at(day, 9), ends=at(day, 11), reason="Təmir", seen=None
    )
    (todo,) = waiting(cast, "mentor")
    assert (todo.url, todo.due, todo.count) == (made.get_absolute_url(), made.starts, 1)
    assert ("Kabel kursu" in todo.title, "Təmir" in todo.detail) == (True, True)
    assert counted(source.piles(cast.user("mentor"))) == 1
    assert todo.title in login("mentor").get(reverse("todo")).content.decode()
    assert [waiting(cast, who) for who in ("hr2", "trainer")] == [[], []]
    actions.lift(closed, actor=cast.user("trainer"))
    assert waiting(cast, "mentor") == []
    # Other hours hit the other one: it waits until it is moved.
    actions.set_hours(house.left, week(day, 9, 12), actor=SYSTEM)
    (todo,) = waiting(cast, "hr2")
    assert todo.url == other.get_absolute_url()
    actions.move(again(other), actor=cast.user("hr2"), starts=at(day, 11), ends=at(day, 12))
    assert [waiting(cast, who) for who in ("mentor", "hr2")] == [[], []]


def test_many_that_are_hit_wait_as_one_line_that_leads_to_their_list(cast, login, house, day):
    hit = [booked(cast, house.left, day, hour, who="mentor") for hour in (9, 10, 11, 12)]
    free = booked(cast, house.left, day, 15, who="mentor")
    actions.close(house.left, actor=SYSTEM, starts=at(day, 9), ends=at(day, 13), reason="Təmir", seen=None)
    (todo,) = waiting(cast, "mentor")
    listing = f"{reverse('bookings:list')}?show=hit"
    assert (todo.count, todo.url, todo.due) == (4, listing, hit[0].starts)
    assert counted(source.piles(cast.user("mentor"))) == 4
    assert [row.pk for row in login("mentor").get(listing).context["rows"]] == [row.pk for row in hit]
    assert list(login("hr2").get(listing).context["rows"]) == []
    found = login("mentor").get("/api/v1/bookings/", {"show": "hit"}).json()["results"]
    assert {row["uid"] for row in found} == {str(row.uid) for row in hit} != {str(free.uid)}


def test_what_belongs_to_something_else_waits_too_and_leads_there(cast, login, house, day):
    made = booked(
        cast, house.left, day, 10, who="mentor", belongs_to="internships.interview", belongs_url="/there/"
    )
    actions.close(house.left, actor=SYSTEM, starts=at(day, 9), ends=at(day, 11), reason="Təmir", seen=None)
    (todo,) = waiting(cast, "mentor")
    page = login("mentor").get(todo.url)
    assert (todo.url, page.context["mine"]) == (made.get_absolute_url(), True)
    assert 'class="btn btn-primary" href="/there/"' in page.content.decode()


def test_what_is_in_use_can_no_longer_be_moved_and_waits_for_nobody(cast, login, house, day):
    made = booked(cast, house.left, day, 10, who="mentor")
    actions.close(house.left, actor=SYSTEM, starts=at(day, 9), ends=at(day, 11), reason="Təmir", seen=None)
    with time_machine.travel(at(day, 10), tick=False):
        actions.check_in(again(made), actor=cast.user("mentor"))
        page = login("mentor").get(made.get_absolute_url()).context
        assert (waiting(cast, "mentor"), page["mine"], "Təmir" in page["shut"]) == ([], False, True)


def test_what_is_hit_is_told_by_as_many_queries_for_one_as_for_six(cast, house, day):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            waiting(cast, "mentor")
        return len(caught)

    booked(cast, house.left, day, 9, who="mentor")
    actions.close(house.left, actor=SYSTEM, starts=at(day, 9), ends=at(day, 18), reason="x", seen=None)
    first = (asked(), asked())[1]
    for hour in range(10, 15):
        made = booked(cast, house.right, day, hour, who="mentor")
        record(made, "disturbed", actor=SYSTEM, to_state=made.state)
    assert asked() == first


def test_what_is_hit_costs_the_same_for_one_and_for_six(cast, house, day):
    def asked():
        with CaptureQueriesContext(connection) as caught, pytest.raises(actions.Unseen):
            actions.set_hours(house.left, week(day), actor=SYSTEM, seen=[])
        return len(caught)

    booked(cast, house.left, day, 14)
    first = asked()
    for hour in (13, 15, 16):
        booked(cast, house.left, day, hour)
    assert asked() == first


# For programs -------------------------------------------------------------------------------------------


def send(client, url, body, method="post"):
    return getattr(client, method)(url, body, content_type="application/json")


def test_a_program_keeps_rooms_by_the_rights_of_the_pages(cast, login, house):
    keeper, hr2 = login("trainer"), login("student")
    body = {"kind": "room", "name": "Otaq C", "parent": str(house.hall.uid), "capacity": 12, "approval": True}
    assert send(hr2, API, body).status_code in (400, 403)  # a stranger sees no such hall, or may not
    made = send(keeper, API, body)
    assert made.status_code == 201, made.content
    assert [made.json()[name] for name in ("parent", "approval", "horizon_days", "hours")] == [
        str(house.hall.uid), True, None, [],
    ]  # fmt: skip
    assert send(keeper, API, body).status_code == 400  # the name is there
    url = f"{API}{made.json()['uid']}/"
    tag = made.headers["ETag"]
    changed = keeper.patch(url, {"capacity": 15}, content_type="application/json", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["capacity"], changed.json()["version"]) == (200, 15, 2)
    stale = keeper.patch(url, {"capacity": 16}, content_type="application/json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert send(login("mentor"), url, {"capacity": 1}, "patch").status_code == 403
    assert Thing.objects.get(uid=made.json()["uid"]).capacity == 15
    root = {"kind": "site", "name": "Yeni", "is_bookable": False}
    assert send(keeper, API, root).status_code == 400  # whose?
    assert send(keeper, API, {**root, "owner": cast.other_company.slug}).status_code == 400


def test_hours_and_closures_over_the_api_ask_to_have_seen_what_they_hit(cast, login, house, day):
    late = booked(cast, house.left, day, 14, who="mentor")
    keeper, url = login("trainer"), f"{API}{house.left.uid}/"
    open_ = {"week": [{"weekday": day.weekday(), "opens": "09:00", "closes": "12:00"}]}
    asked = send(keeper, f"{url}set-hours/", open_)
    assert (asked.status_code, asked.json()["code"], asked.json()["bookings"]) == (
        400,
        "hits",
        [str(late.uid)],
    )
    done = send(keeper, f"{url}set-hours/", {**open_, "seen": [str(late.uid)]})
    assert (done.status_code, done.json()["hours"][0]["opens"]) == (200, "09:00:00")
    wrong = {"week": [{"weekday": 1, "opens": "12:00", "closes": "09:00"}]}
    assert send(keeper, f"{url}set-hours/", wrong).status_code == 400
    shut = {
        "starts": at(day, 9).isoformat(), "ends": at(day, 18).isoformat(), "reason": "Təmir",
        "seen": [str(late.uid)],
    }  # fmt: skip
    assert send(login("mentor"), f"{url}close/", shut).status_code == 403
    assert send(keeper, f"{url}close/", shut).status_code == 200
    (closure,) = keeper.get("/api/v1/closures/").json()["results"]
    assert (closure["thing"], closure["state"]) == (str(house.left.uid), "closed")
    lift = f"/api/v1/closures/{closure['uid']}/lift/"
    assert send(login("mentor"), lift, {}).status_code == 403
    assert [send(keeper, lift, {}).status_code for _press in range(2)] == [200, 409]
    assert told() == [("outside", late.pk, "09:00–12:00"), ("disturbed", late.pk, "")]


def test_the_verbs_refuse_who_does_not_keep_it_and_the_slower_of_two(cast, house, day):
    mentor = cast.user("mentor")
    with pytest.raises(Refused):
        actions.set_hours(house.left, week(day), actor=mentor, seen=[])
    with pytest.raises(Refused):
        actions.close(house.left, actor=mentor, starts=at(day, 9), ends=at(day, 10), reason="x", seen=[])
    actions.set_hours(house.left, week(day), actor=SYSTEM, version=1)
    with pytest.raises(StaleState):
        actions.set_hours(house.left, week(day), actor=SYSTEM, version=1)
    made = actions.close(house.left, actor=SYSTEM, starts=at(day, 9), ends=at(day, 10), reason="x")
    keeper = cast.user("trainer")
    actions.lift(made, actor=keeper)
    with pytest.raises(IllegalTransition):
        actions.lift(made, actor=keeper)
