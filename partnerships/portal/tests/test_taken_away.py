"""Lists of the core that are taken away as tables: the rows and rights of their page, somebody else's never,
and nothing in a file that opens a door."""

import csv
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from partnerships.agreements import actions as agreed
from partnerships.agreements.tests import makers as agreements
from partnerships.agreements.timeline import timeline_of
from partnerships.api import actions as tokens
from partnerships.bookings import actions as bookings
from partnerships.bookings.tests.makers import at, booked, site, workday
from partnerships.common.clock import today
from partnerships.directory import actions as directory
from partnerships.directory import reports_doubles
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Invitation
from partnerships.documents.models import ExportRun
from partnerships.notifications.models import Notification
from partnerships.portal import actions, registry, reports, searching
from partnerships.portal.tests.sample import direction
from partnerships.workflow.actors import SYSTEM

FORMULA, FORMULA_KEPT = "=1+1", "'=1+1"


def text(client, kind, query="") -> str:
    answer = client.get(f"{reverse('export', args=[kind])}?format=csv&lang=en&{query}")
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def table(client, kind, query="") -> list[list[str]]:
    """The rows below the headings."""
    return list(csv.reader(StringIO(text(client, kind, query)), delimiter=";"))[1:]


def offered(client, page, kind) -> bool:
    return f"{reverse('export', args=[kind])}?" in client.get(page).content.decode()


def answers(login, kind, who, query="") -> int:
    return login(who).get(f"{reverse('export', args=[kind])}?{query}").status_code


# The portal's own -----------------------------------------------------------------------------------


def test_what_waits_is_taken_away_as_the_page_shows_it_and_by_oneself(cast, login, sample):
    mine = cast.user("hr").email
    sample += [(mine, FORMULA, 3.0), (mine, "Rəyi yaz", None), (cast.user("hr2").email, "Başqası", 1.0)]
    shown = [item.title for item in reports.todos(cast.user("hr"))]
    assert [row[0].lstrip("'") for row in table(login("hr"), "portal.waiting")] == shown
    assert FORMULA_KEPT in text(login("hr"), "portal.waiting")
    assert offered(login("hr"), "/waiting/", "portal.waiting")
    assert "Rəyi yaz" not in text(login("hr2"), "portal.waiting")


def test_a_list_of_which_something_could_not_be_counted_is_no_file(cast, login, sample, monkeypatch):
    def broken(user):
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr(direction, "DIRECTION", replace(direction.DIRECTION, todos=broken))
    registry.directions.cache_clear()
    answer = login("hr").get(reverse("export", args=["portal.waiting"]), {"lang": "en"})
    assert answer.status_code == 403
    assert "could not be counted just now: Nümunə" in answer.content.decode()
    assert not ExportRun.objects.exists()


def test_saved_views_are_taken_away_by_their_owner_with_the_address_that_opens_them(cast, login):
    actions.save_view(actor=cast.user("hr"), name=FORMULA, address="/ideas/?show=late&q=F%C9%99rid")
    opens = f"{settings.BASE_URL}/ideas/?show=late&q=F%C9%99rid"
    rows = table(login("hr"), "portal.views")
    assert rows == [[FORMULA_KEPT, "Cooperation ideas", "Late · “Fərid”", opens]]
    assert offered(login("hr"), "/views/", "portal.views")
    assert table(login("hr2"), "portal.views") == []


def test_a_search_is_taken_away_as_it_is_shown_to_its_reader(cast, login, sample):
    sample += [(cast.user("hr").email, "=Kabel", None), (cast.user("hr2").email, "Kabel: başqası", None)]
    found = [row for row in table(login("hr"), "portal.found", "q=kabel") if row[0] == "Nümunələr"]
    assert [row[1] for row in found] == ["'=Kabel"]
    with translation.override("en"):
        shown = searching.search(cast.user("hr"), "az")
    every = table(login("hr"), "portal.found", "q=az")
    assert len(every) == sum(len(group.hits) for group in shown) > 0
    assert table(login("hr"), "portal.found", "q=k") == []
    assert offered(login("hr"), "/search/?q=kabel", "portal.found")
    assert offered(login("hr"), "/search/?q=k", "portal.found") is False


def test_visitors_search_without_a_file(client, cast):
    assert offered(client, "/search/?q=texnik", "portal.found") is False
    assert client.get(f"{reverse('export', args=['portal.found'])}?q=texnik").status_code == 302


def test_a_month_and_a_day_of_the_calendar_are_taken_away(cast, login, sample):
    sample += [(cast.user("hr").email, FORMULA, 1.0), (cast.user("hr2").email, "Başqası", 1.0)]
    moment = timezone.localtime(timezone.now() + timedelta(hours=1))
    for query in (f"month={moment:%Y-%m}", f"day={moment:%Y-%m-%d}"):
        rows = [row for row in table(login("hr"), "portal.calendar", query) if row[3] == "3 nömrəli otaq"]
        assert [(row[0][:10], row[2]) for row in rows] == [(f"{moment:%d.%m.%Y}", FORMULA_KEPT)]
    other = f"month={(moment + timedelta(days=70)):%Y-%m}"
    assert "3 nömrəli otaq" not in text(login("hr"), "portal.calendar", other)
    assert offered(login("hr"), f"/calendar/?day={moment:%Y-%m-%d}", "portal.calendar")
    for bad in ("month=2026-13", "day=2026-11-31", "day="):
        assert answers(login, "portal.calendar", "hr", bad) == 404


# People and organisations -----------------------------------------------------------------------------


def test_invitations_are_taken_away_without_their_codes_by_who_may_give_them(cast, login):
    by = cast.user("coordinator")
    made = [
        directory.make_invitation(cast.energy, actor=by, uses=30, note=FORMULA),
        directory.make_invitation(cast.aztu, actor=by, role=Role.SUPERVISOR),
        directory.make_invitation(cast.aztu, actor=by, note="köhnə"),
    ]
    Invitation.objects.filter(pk=made[1].pk).update(uses_left=0)
    Invitation.objects.filter(pk=made[2].pk).update(expires=timezone.now() - timedelta(days=1))
    whole = text(login("coordinator"), "directory.invitations")
    assert all(one.code not in whole for one in made)
    rows = table(login("coordinator"), "directory.invitations")
    assert [(row[3], row[4], row[7], row[8]) for row in rows] == [
        ("köhnə", cast.coordinator.name, "1", "over"),
        ("", cast.coordinator.name, "0", "used up or closed"),
        (FORMULA_KEPT, cast.coordinator.name, "30", "works"),
    ]
    assert offered(login("coordinator"), "/people/invitations/", "directory.invitations")
    assert table(login("coordinator2"), "directory.invitations") == []
    assert answers(login, "directory.invitations", "student") == 403


def test_doubles_and_those_put_aside_are_taken_away_by_who_keeps_organisations(cast, login):
    name = f"{cast.aztu.name} MMC"
    double = directory.create_organization(Kind.UNIVERSITY, name, actor=SYSTEM, is_partner=True)
    rows = table(login("partnerships"), "directory.doubles")
    assert [(row[1], row[3], row[4]) for row in rows] == [(cast.aztu.slug, double.slug, "name")]
    assert offered(login("partnerships"), "/organizations/doubles/", "directory.doubles")
    directory.tell_apart(cast.aztu, double, actor=cast.user("partnerships"), reason=FORMULA)
    assert (table(login("partnerships"), "directory.doubles"), len(reports_doubles.told_apart())) == ([], 1)
    apart = table(login("partnerships"), "directory.told_apart")
    assert [row[2] for row in apart] == [FORMULA_KEPT]
    assert offered(login("partnerships"), "/organizations/doubles/", "directory.told_apart")
    for kind in ("directory.doubles", "directory.told_apart"):
        assert [answers(login, kind, who) for who in ("hr", "coordinator", "student")] == [403, 403, 403]


# One's own ----------------------------------------------------------------------------------------------


def test_tokens_are_taken_away_by_their_owner_without_a_sign_of_their_secret(cast, login):
    given = {"days": 30, "writes": True, "group": "", "networks": "10.0.0.0/8"}
    token, secret = tokens.make(cast.user("hr"), name=FORMULA, **given)
    whole = text(login("hr"), "api.tokens")
    assert not any(sign in whole for sign in (secret, secret[:8], token.digest, token.token_key))
    assert [row[:2] + row[3:4] for row in table(login("hr"), "api.tokens")] == [
        [FORMULA_KEPT, "Read and change", "10.0.0.0/8"]
    ]
    assert offered(login("hr"), "/profile/tokens/", "api.tokens")
    assert table(login("hr2"), "api.tokens") == []


def test_the_inbox_is_taken_away_by_oneself_unread_or_whole(cast, login):
    for who, read in (("hr", None), ("hr", timezone.now()), ("hr2", None)):
        words = {"az": f"={who}", "en": f"={who}"}
        Notification.objects.create(
            person=cast.user(who).person, kind="x.y", title=words, body=words, path="/inbox/", read_at=read
        )
    assert [row[0] for row in table(login("hr"), "notifications.inbox")] == ["'=hr"]
    assert [row[0] for row in table(login("hr"), "notifications.inbox", "show=all")] == ["'=hr", "'=hr"]
    assert offered(login("hr"), "/inbox/", "notifications.inbox")


def test_what_one_took_away_is_a_list_of_ones_own(cast, login):
    text(login("hr"), "directory.partners", "kind=university")
    text(login("hr2"), "directory.partners")
    rows = table(login("hr"), "documents.exports")
    assert [row[:2] for row in rows] == [["Partners", "kind=university"]]
    assert offered(login("hr"), "/documents/exports/", "documents.exports")


def test_where_one_is_signed_in_is_taken_away_without_the_key_of_any(cast, login):
    store = import_module(settings.SESSION_ENGINE).SessionStore
    agents = {"hr": "Mozilla/5.0 (Windows NT 10.0) Chrome/120", "hr2": "Mozilla/5.0 Firefox/120"}
    for who, agent in agents.items():
        session = store()
        session.create()
        UserSession.objects.create(
            user=cast.user(who), ip="10.1.2.3", session_key=session.session_key, user_agent=agent
        )
    UserSession.objects.create(user=cast.user("hr"), ip="10.9.9.9", session_key="gone", user_agent="x")
    client = login("hr")
    whole = text(client, "accounts.sessions")
    assert ("Chrome · Windows" in whole, "10.9.9.9" in whole, "Firefox" in whole) == (True, False, False)
    assert not any(key in whole for key in UserSession.objects.values_list("session_key", flat=True))
    assert offered(client, "/accounts/sessions/", "accounts.sessions")


# Agreements, rooms --------------------------------------------------------------------------------------


def test_the_line_of_years_is_taken_away_with_its_rows(cast, login):
    held = agreements.in_force(cast)
    drawn = [bar.agreement.number for bar in timeline_of(cast.user("hr")).bars]
    assert [row[0] for row in table(login("hr"), "agreements.timeline")] == drawn == [held.number]
    assert offered(login("hr"), "/agreements/timeline/", "agreements.timeline")
    assert table(login("student"), "agreements.timeline") == []


def test_what_an_agreement_gave_is_taken_away_by_who_sees_it(cast, login):
    held = agreements.in_force(cast)
    party = held.parties.order_by("order").first()
    owes = {"party": party, "due": today() + timedelta(days=60), "actor": cast.user("hr")}
    agreed.add_obligation(held, what_az=FORMULA, amount=20, unit_az="ədəd", **owes)
    agreed.add_obligation(held, what_az="Laboratoriyanı açmaq", **owes)
    rows = table(login("hr"), "agreements.given", f"of={held.uid}")
    assert [row[:4] for row in rows] == [
        [f"{FORMULA_KEPT} (ədəd)", "20", "0", "Open"],
        [f"Laboratoriyanı açmaq ({party.name_en})", "", "", "Open"],
    ]
    assert offered(login("hr"), f"/agreements/{held.uid}/given/", "agreements.given")
    assert answers(login, "agreements.given", "student", f"of={held.uid}") == 404
    assert answers(login, "agreements.given", "hr", "of=x") == 404


@pytest.fixture
def house(cast):
    return site(cast.azerisiq)


def test_what_is_taken_is_taken_away_as_the_grid_draws_it_for_its_reader(cast, login, house):
    day = workday()
    booked(cast, house.lab, day, 10, title=FORMULA)
    booked(cast, house.left, day, 14, title="Seminar")
    start, end = at(day, 16), at(day, 18)
    bookings.close(house.right, actor=cast.user("trainer"), starts=start, ends=end, reason="Təmir")
    query = f"site={house.site.uid}&day={day.isoformat()}"
    mine = [(row[0], row[1][11:], row[3], row[4]) for row in table(login("hr"), "bookings.taken", query)]
    lab, hall = house.lab.name, house.hall.name
    assert mine == [
        (hall, "14:00", "Seminar", "Taken"),
        (hall, "16:00", "Təmir", "Not open"),
        (house.left.name, "14:00", "Seminar", "Taken"),
        (house.right.name, "16:00", "Təmir", "Not open"),
        (lab, "10:00", FORMULA_KEPT, "Taken"),
        (house.meter.name, "10:00", FORMULA_KEPT, "Taken"),
    ]
    theirs = table(login("student"), "bookings.taken", f"{query}&thing={house.lab.uid}")
    assert [row[3:] for row in theirs] == [["", "Taken"]]
    bookings.change_thing(house.right, actor=SYSTEM, approval=True)
    booked(cast, house.right, day, 11, title="Baxış")
    asked = f"{query}&thing={house.right.uid}"
    told = {who: table(login(who), "bookings.taken", asked)[0][3:] for who in ("hr", "student")}
    assert told == {"hr": ["Baxış", "Waits for approval"], "student": ["", "Taken"]}
    for view in ("week", "month"):
        rows = table(login("hr"), "bookings.taken", f"{query}&view={view}&thing={house.lab.uid}")
        assert [row[3] for row in rows] == [FORMULA_KEPT]
    assert offered(login("hr"), f"/bookings/?{query}", "bookings.taken")
    assert answers(login, "bookings.taken", "stranger", query) == 403
    assert answers(login, "bookings.taken", "hr", "site=x") == 404


def test_closures_of_a_thing_are_taken_away_from_its_page(cast, login, house):
    start, end = at(workday(), 9), at(workday(), 12)
    bookings.close(house.site, actor=cast.user("trainer"), starts=start, ends=end, reason=FORMULA)
    query = f"of={house.lab.uid}"
    rows = table(login("mentor"), "bookings.closures", query)
    assert [(row[0], row[4]) for row in rows] == [(house.site.name, FORMULA_KEPT)]
    assert offered(login("mentor"), house.lab.get_absolute_url(), "bookings.closures")
    assert answers(login, "bookings.closures", "stranger", query) == 404
    assert answers(login, "bookings.closures", "mentor", "of=x") == 404
