"""Somebody stands in for a role for dates: in the holder's name, visibly, for no more than the holder has."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from partnerships.common.clock import BAKU, today
from partnerships.common.refusals import Blocked, Missing, Refused
from partnerships.directory import actions
from partnerships.directory.access import access_of, load_access
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Deputyship
from partnerships.directory.rules import keeps
from partnerships.notifications import digests, outbox, sent
from partnerships.notifications.enums import MessageState, Suppressed, Timing
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.notifications.telling import tell
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def _named(cast: Cast, deputy: str = "supervisor", holder: str = "coordinator", **values: Any) -> Deputyship:
    values = {"starts": today(), "ends": today() + WEEK, "reason": "Məzuniyyət", **values}
    who, person = cast.user(holder), getattr(cast, deputy)
    return actions.name_deputy(cast.affiliation(holder), person, actor=who, **values)


def _asks(cast: Cast, **values: Any) -> Affiliation:
    values = {"state": AffiliationState.REQUESTED, **values}
    return make.affiliation(cast.stranger, cast.energy, Role.STUDENT, **values)


def test_a_deputy_acts_in_the_holders_name_and_the_history_says_so(cast: Cast) -> None:
    _named(cast)
    row = _asks(cast)
    actions.confirm_affiliation(row, actor=cast.user("supervisor"))
    change = Change.objects.of(row)[0]
    assert (change.person_id, change.on_behalf_of_id) == (cast.supervisor.pk, cast.coordinator.pk)
    assert change.who == "Tofiq Abbasov, əvəz olunan: Sevinc Quliyeva"


def test_what_ones_own_role_allows_is_done_in_ones_own_name(cast: Cast) -> None:
    make.affiliation(cast.supervisor, cast.aztu, Role.COORDINATOR)
    _named(cast)
    row = _asks(cast)
    actions.confirm_many(Affiliation.objects.filter(pk=row.pk), actor=cast.user("supervisor"))
    change = Change.objects.of(row)[0]
    assert (change.on_behalf_of_id, change.who) == (None, "Tofiq Abbasov")


def test_it_begins_and_ends_by_itself_and_with_the_role(cast: Cast) -> None:
    row = _named(cast, starts=today() + WEEK, ends=today() + 2 * WEEK)
    held = []
    for days in (0, 7, 14, 15):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            held.append(keeps(cast.user("supervisor"), cast.aztu))
            crowd = {name: cast.user(name) for name in cast.people()}
            load_access(crowd.values())  # read at once, as each is by words that are kept
            assert {name: access_of(cast.user(name)) for name in crowd} == {
                name: access_of(user) for name, user in crowd.items()
            }
    assert held == [False, True, True, False]
    Deputyship.objects.filter(pk=row.pk).update(starts=today())
    assert keeps(cast.user("supervisor"), cast.aztu)
    Affiliation.objects.filter(pk=row.affiliation_id).update(state=AffiliationState.REFUSED)
    assert not keeps(cast.user("supervisor"), cast.aztu)


def test_who_has_left_the_organisation_stands_in_for_nobody_there(cast: Cast) -> None:
    _named(cast)
    assert keeps(cast.user("supervisor"), cast.aztu)
    Affiliation.objects.filter(person=cast.supervisor).update(ends=today() - timedelta(days=1))
    make.affiliation(cast.supervisor, cast.adnsu, Role.SUPERVISOR)
    assert [scope.holder_id for scope in access_of(cast.user("supervisor")).scopes] == [None]
    assert not keeps(cast.user("supervisor"), cast.aztu)


def test_what_was_passed_on_is_not_passed_on_again(cast: Cast) -> None:
    _named(cast)
    lecturer = make.person("Nərgiz Sultanova", "nergiz@aztu.example")
    make.affiliation(lecturer, cast.aztu, Role.LECTURER)
    with pytest.raises(Refused):
        actions.name_deputy(
            cast.affiliation("coordinator"),
            lecturer,
            actor=cast.user("supervisor"),
            starts=today(),
            ends=today(),
            reason="x",
        )
    _named(cast, holder="supervisor", deputy="rector")
    assert {scope.role for scope in access_of(cast.user("rector")).scopes} == {
        Role.LEADERSHIP,
        Role.SUPERVISOR,
    }


@pytest.mark.parametrize("deputy", ["coordinator2", "student", "stranger", "hr", "coordinator"])
def test_nobody_from_elsewhere_stands_in(cast: Cast, deputy: str) -> None:
    with pytest.raises(Blocked):
        _named(cast, deputy)


def test_refused_are_foreign_roles_bad_dates_and_two_at_once(cast: Cast) -> None:
    for holder in ("student", "admin", "founder"):
        with pytest.raises(Refused):
            _named(cast, holder=holder, deputy="expert")
    for values in (
        {"starts": today() + WEEK, "ends": today()},
        {"starts": today() - WEEK, "ends": today() - timedelta(days=1)},
        {"ends": today() + timedelta(days=400)},
    ):
        with pytest.raises(Blocked):
            _named(cast, **values)
    with pytest.raises(Missing):
        _named(cast, reason=" ")
    _named(cast)
    with pytest.raises(Blocked):
        _named(cast, deputy="rector", starts=today() + WEEK, ends=today() + 2 * WEEK)


def test_a_deputy_does_not_decide_on_the_holder(cast: Cast) -> None:
    _named(cast)
    mine = make.affiliation(cast.coordinator, cast.energy, Role.LECTURER, state=AffiliationState.REQUESTED)
    with pytest.raises(Refused):
        actions.confirm_affiliation(mine, actor=cast.user("supervisor"))


def test_a_deputy_gets_no_lasting_role_by_a_code_of_their_own_nor_the_holder_one(cast: Cast) -> None:
    _named(cast)
    for who, role in (("supervisor", Role.COORDINATOR), ("coordinator", Role.LECTURER)):
        code = actions.make_invitation(cast.energy, actor=cast.user("supervisor"), role=role).code
        with pytest.raises(Blocked) as caught:
            actions.redeem_invitation(code, getattr(cast, who), actor=cast.user(who))
        assert caught.value.refusal.code == "own"
    with pytest.raises(Refused):
        actions.enlist_staff(
            cast.aztu,
            actor=cast.user("supervisor"),
            role=Role.LECTURER,
            given_name="Sevinc",
            family_name="Quliyeva",
            email=cast.coordinator.email,
        )
    held = Affiliation.objects.filter(person__in=(cast.supervisor, cast.coordinator)).values_list(
        "role", flat=True
    )
    assert sorted(held) == [Role.COORDINATOR, Role.SUPERVISOR]


def test_declined_or_ended_it_gives_nothing_and_strangers_do_neither(cast: Cast, login: Any) -> None:
    row = _named(cast)
    assert login("coordinator2").get(f"/profile/deputies/{row.uid}/revoke/").status_code == 404
    assert login("supervisor").get(f"/profile/deputies/{row.uid}/revoke/").status_code == 404
    assert login("supervisor").post(f"/profile/deputies/{row.uid}/decline/", {"note": ""}).status_code == 422
    login("supervisor").post(f"/profile/deputies/{row.uid}/decline/", {"note": "Özüm də məzuniyyətdəyəm"})
    assert not keeps(cast.user("supervisor"), cast.aztu)
    again = _named(cast)
    ended = login("coordinator").post(f"/profile/deputies/{again.uid}/revoke/", follow=True)
    assert not keeps(cast.user("supervisor"), cast.aztu)
    assert f"Dayandırıldı: {cast.supervisor.name} daha sizi əvəz etmir." in ended.content.decode()


def _tell() -> None:
    tell(list(Change.objects.untold().values_list("pk", flat=True)))


def test_letters_of_who_is_away_go_to_the_deputy(cast: Cast) -> None:
    _named(cast)
    _tell()
    Message.objects.all().delete()
    Notification.objects.all().delete()
    lecturer = {"role": Role.LECTURER, "note": "Dərs deyirəm"}
    actions.request_affiliation(cast.stranger, cast.energy, actor=cast.user("stranger"), **lecturer)
    _tell()
    letters = Message.objects.values_list("person_id", "state", "suppressed")
    assert set(letters) == {
        (cast.coordinator.pk, MessageState.SUPPRESSED, Suppressed.AWAY),
        (cast.supervisor.pk, MessageState.QUEUED, ""),
    }
    told = Notification.objects.get(person=cast.supervisor)
    assert told.body["en"].startswith("You stand in for: Sevinc Quliyeva.")
    assert told.in_place_of == cast.coordinator
    _page, rows = sent.told(cast.user("supervisor"), {})
    assert [row.why.partition(" · ")[2] for row in rows] == ["əvəz olunan: Sevinc Quliyeva"]
    assert Notification.objects.filter(person=cast.coordinator).count() == 1


@time_machine.travel(datetime(2026, 12, 2, 11, tzinfo=BAKU), tick=False)
def test_the_letter_of_the_day_says_in_whose_place_and_asks_for_no_move_that_is_over(cast: Cast) -> None:
    _named(cast)
    _tell()
    Message.objects.all().delete()
    Preference.objects.create(
        person=cast.supervisor, kind="directory.requested", channel="mail", timing=Timing.DAILY
    )
    asked = [
        actions.request_affiliation(
            getattr(cast, name), cast.energy, actor=cast.user(name), role=Role.LECTURER, note="Dərs deyirəm"
        )
        for name in ("stranger", "expert", "mentor")
    ]
    _tell()
    actions.confirm_affiliation(asked[0], actor=cast.user("coordinator"))
    mail.outbox.clear()
    with time_machine.travel(datetime(2026, 12, 3, 9, tzinfo=BAKU), tick=False):
        digests.release()
        outbox.deliver()
    (letter,) = [one for one in mail.outbox if one.to == [cast.supervisor.email]]
    assert letter.subject == "Günün icmalı: 2 bildiriş"
    lines = [line for line in letter.body.splitlines() if line.startswith("- ")]
    assert [cast.stranger.name in line for line in lines] == [False, False]
    assert [" · Əvəz olunan: Sevinc Quliyeva (" in line for line in lines] == [True, True]


def test_letters_about_the_holder_stay_the_holders(cast: Cast) -> None:
    _named(cast)
    _tell()
    Message.objects.all().delete()
    mine = make.affiliation(cast.coordinator, cast.energy, Role.LECTURER, state=AffiliationState.REQUESTED)
    actions.confirm_affiliation(mine, actor=cast.user("admin"))
    _tell()
    assert set(Message.objects.values_list("person_id", flat=True)) == {cast.coordinator.pk}


def test_the_page_names_a_deputy_and_keeps_what_was_typed(cast: Cast, login: Any) -> None:
    client = login("coordinator")
    page = client.get("/profile/deputies/").content.decode()
    assert "Abbasov Tofiq" in page
    assert "Qarabağlı" not in page
    values = {
        "deputy": cast.supervisor.pk,
        "starts": str(today()),
        "ends": str(today() - WEEK),
        "reason": "Ezamiyyət",
    }
    wrong = client.post("/profile/deputies/", values)
    assert (wrong.status_code, "Ezamiyyət" in wrong.content.decode()) == (422, True)
    assert list(wrong.context["form"].errors) == ["ends"]
    foreign = {"ends": str(today()), "role": cast.affiliation("rector").uid}
    assert client.post("/profile/deputies/", {**values, **foreign}).status_code == 404
    client.post("/profile/deputies/", {**values, "ends": str(today())})
    assert Deputyship.objects.get().deputy == cast.supervisor
    table = client.get("/profile/deputies/").content.decode()
    headings = ["Rol", "Əvəz olunan", "Əvəz edən", "Vaxt"]
    assert re.findall(r'<th scope="col">([^<]+)</th>', table) == headings
    assert "Sevinc Quliyeva" in login("supervisor").get("/profile/deputies/").content.decode()
    assert "Sevinc Quliyeva" not in login("rector").get("/profile/deputies/").content.decode()
    assert login("student").post("/profile/deputies/", values).status_code == 404


def test_powers_are_read_in_one_query_and_a_deputys_in_two(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    _named(cast)
    for name, queries, holders in (("supervisor", 2, {cast.coordinator.pk}), ("coordinator", 1, set())):
        user = cast.user(name)
        assert user.person_id
        with django_assert_num_queries(queries):
            assert access_of(user).holders == holders


FRIDAY_NIGHT = datetime(2026, 12, 4, 23, tzinfo=BAKU)


@pytest.mark.parametrize(
    ("now", "first", "told"),
    [
        (FRIDAY_NIGHT, date(2026, 12, 5), FRIDAY_NIGHT),  # for the weekend
        (datetime(2026, 12, 6, 12, tzinfo=BAKU), date(2026, 12, 6), datetime(2026, 12, 6, 12, tzinfo=BAKU)),
        (datetime(2026, 12, 9, 3, tzinfo=BAKU), date(2026, 12, 9), datetime(2026, 12, 9, 3, tzinfo=BAKU)),
        (FRIDAY_NIGHT, date(2026, 12, 7), datetime(2026, 12, 7, 8, tzinfo=BAKU)),  # in time on Monday morning
    ],
)
def test_a_deputy_whose_days_begin_before_the_next_working_day_is_told_at_once(
    cast: Cast, settings: Any, now: datetime, first: date, told: datetime
) -> None:
    settings.QUIET_HOURS, settings.LETTERS_ON_DAYS_OFF = ("22:00", "08:00"), False
    with time_machine.travel(now, tick=False):
        _named(cast, starts=first, ends=first)
        _tell()
    (letter,) = Message.objects.all()
    assert (letter.person, letter.hold_until or now) == (cast.supervisor, told)
    assert Notification.objects.get().title["az"] == "Əvəz etdiyiniz şəxs: Sevinc Quliyeva"


def test_the_page_of_a_person_says_to_who_keeps_them_who_stands_in_today(cast: Cast, login: Any) -> None:
    url, words = f"/people/{cast.mentor.uid}/", "Bu gün əvəz edir"
    assert words not in login("hr").get(url).content.decode()
    row = _named(cast, "expert", "mentor", starts=today(), ends=today() + WEEK)
    page = login("hr").get(url).content.decode()
    assert f'{words}</dt><dd><span dir="auto">{cast.expert.name}</span>' in page
    with time_machine.travel(timezone.now() + 2 * WEEK):
        assert words not in login("hr").get(url).content.decode()
    actions.end_deputyship(row, actor=cast.user("mentor"))
    assert words not in login("hr").get(url).content.decode()
