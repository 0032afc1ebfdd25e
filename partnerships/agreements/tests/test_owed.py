"""What is owed under agreements: who is reminded of it until it is done, and the list over all of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnerships.agreements import actions
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.tests import makers
from partnerships.common.clock import start_of_day, today
from partnerships.notifications.models import Notification
from partnerships.notifications.reminding import remind

DAY = timedelta(days=1)


def _owed(cast, agreement, days, **values):
    party = agreement.in_order[0]
    return actions.add_obligation(
        agreement,
        actor=cast.user("hr"),
        party=party,
        what_az="Dərs vəsaiti",
        due=today() + days * DAY,
        **values,
    )


def _reminded():
    rows = Notification.objects.filter(kind="agreements.remind_obligation").select_related("person")
    return {row.person for row in rows}


def test_what_is_owed_reminds_its_party_and_then_who_keeps_the_agreement_until_it_is_done(cast, time_machine):
    agreement = makers.in_force(cast)
    row = _owed(cast, agreement, 10, amount=3)
    done = _owed(cast, agreement, 10)
    actions.fulfil(done, actor=cast.user("coordinator"), done_on=today(), note="oldu")
    _owed(cast, agreement, 200)  # in time
    noon = start_of_day(today()) + timedelta(hours=12)
    party = {cast.coordinator, cast.rector}
    for days, told in ((0, party), (1, set()), (4, party), (17, {*party, cast.hr, cast.partnerships})):
        time_machine.move_to(noon + timedelta(days=days), tick=False)
        Notification.objects.all().delete()
        remind()
        assert _reminded() == told, days
    actions.fulfil(row, actor=cast.user("coordinator"), done_on=today(), amount=3, note="hamısı")
    time_machine.move_to(noon + timedelta(days=25), tick=False)
    Notification.objects.all().delete()
    remind()
    assert _reminded() == set()


def test_the_list_of_what_is_owed_is_narrowed_taken_away_and_costs_the_same(
    cast, login, time_machine, django_assert_max_num_queries
):
    agreement = makers.in_force(cast)
    late, counted, done = (_owed(cast, agreement, 1, amount=2, **more) for more in ({}, {"figure": "x"}, {}))
    actions.fulfil(late, actor=cast.user("hr"), done_on=today(), amount=1, note="yarısı")
    actions.fulfil(done, actor=cast.user("hr"), done_on=today(), amount=2, note="hamısı")
    time_machine.move_to(start_of_day(today()) + timedelta(days=2, hours=12), tick=False)
    client, url = login("coordinator"), reverse("agreements:obligations")
    shown = {
        show: {row.pk for row in client.get(url, {"show": show}).context["rows"]}
        for show in ("", "late", "open", "done")
    }
    assert shown == {
        "": {late.pk, counted.pk, done.pk},
        "late": {late.pk, counted.pk},
        "open": {late.pk, counted.pk},
        "done": {done.pk},
    }
    asked = []
    for more in range(2):
        with django_assert_max_num_queries(20) as queries:
            client.get(url)
        asked.append(len(queries))
        for _n in range(3 * (1 - more)):
            _owed(cast, agreement, 5)
    assert asked[0] == asked[1]
    answer = client.get(reverse("export", args=["agreements.obligations"]), {"format": "csv", "show": "late"})
    table = b"".join(answer.streaming_content).decode().splitlines()
    assert (len(table), "Dərs vəsaiti" in table[1], agreement.number in table[1]) == (3, True, True)
    assert client.get(url, {"q": agreement.number}).context["rows"]
    assert not login("coordinator2").get(url).context["rows"]
    told = login("coordinator").get("/api/v1/obligations/", {"show": "late"}).json()["results"]
    assert {row["uid"] for row in told} == {str(late.uid), str(counted.uid)}


def test_what_is_late_stands_at_home_of_who_keeps_the_agreement(cast, login, time_machine):
    agreement = makers.in_force(cast)
    late = [_owed(cast, agreement, 1, amount=2), _owed(cast, agreement, 1, amount=2, figure="x")]
    late.append(_owed(cast, agreement, 2))
    done, _ahead = _owed(cast, agreement, 1), _owed(cast, agreement, 30)
    actions.fulfil(done, actor=cast.user("coordinator"), done_on=today(), note="oldu")
    time_machine.move_to(start_of_day(today()) + timedelta(days=3, hours=12), tick=False)

    def waiting(who):
        todos = login(who).get("/home/").context["todos"]
        return [(todo.due.date(), todo.count) for todo in todos if "Dərs vəsaiti" in todo.title]

    days = [row.due for row in late]
    assert [day for day, _one in waiting("hr")] == days
    assert (waiting("hr2"), waiting("coordinator"), waiting("rector")) == ([], [], [])
    for _n in range(4):
        _owed(cast, agreement, -1)
    many = [todo for todo in login("hr").get("/home/").context["todos"] if "show=late" in todo.url]
    assert [todo.count for todo in many] == [7]


def test_what_was_owed_before_an_amendment_is_still_owed(cast):
    agreement = makers.in_force(cast)
    row = _owed(cast, agreement, 5)
    assert list(Obligation.objects.in_force()) == [row]
    Agreement.objects.filter(pk=agreement.pk).update(state=A.SUPERSEDED)
    assert list(Obligation.objects.in_force()) == []
    amended = makers.in_force(cast)
    Agreement.objects.filter(pk=amended.pk).update(root=agreement.pk)
    assert list(Obligation.objects.in_force()) == [row]


def test_an_obligation_of_the_year_1_is_refused_before_it_stops_the_reminders_of_all_others(cast):
    agreement = makers.in_force(cast)
    with pytest.raises(ValidationError) as refused:
        actions.add_obligation(
            agreement,
            actor=cast.user("hr"),
            party=agreement.in_order[0],
            what_az="Yerlər",
            due=date(1, 1, 1),
        )
    assert list(refused.value.error_dict) == ["due"]


def test_who_changes_what_is_owed_after_somebody_else_sees_both_and_may_send_again(cast, login):
    row = _owed(cast, makers.in_force(cast), 5)
    page, hr = reverse("agreements:obligation", args=[row.uid]), login("hr")
    first = hr.get(page).context["form"]
    sent = {name: first[name].value() or "" for name in first.fields}
    assert hr.post(page, {**sent, "what_az": "On yer"}).status_code == 302
    slower = hr.post(page, {**sent, "what_az": "İyirmi yer"})
    form = slower.context["form"]
    assert (slower.status_code, [(one.theirs, one.mine) for one in form.differences]) == (
        409,
        [("On yer", "İyirmi yer")],
    )
    assert (
        hr.post(page, {**sent, "what_az": "İyirmi yer", "version": form["version"].value()}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.what_az == "İyirmi yer"
    same = hr.post(page, {**sent, "what_az": "İyirmi yer"})
    assert (same.status_code, list(same.context["form"].differences)) == (409, [])
    assert "Aşağıda müqayisə edin" not in same.content.decode()
    assert "başqası eynisini saxlayıb" in same.content.decode()
