"""Terms, decisions and reminders: what comes after the term, and who is asked until somebody has said."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnerships.agreements import actions, reports
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.enums import Decision, TermKind
from partnerships.agreements.models import Agreement, AgreementTemplate, AgreementType, Obligation
from partnerships.agreements.moves import move_of
from partnerships.agreements.terms import add_months, as_long
from partnerships.agreements.tests import makers
from partnerships.agreements.views.acts import buttons
from partnerships.common.clock import day_in_words, start_of_day, today
from partnerships.common.refusals import Blocked, Refused
from partnerships.notifications import reminding
from partnerships.notifications.models import Notification
from partnerships.workflow.models import Change

DAY = timedelta(days=1)


def told() -> list[str]:
    rows = Notification.objects.filter(kind__startswith="agreements.remind_notice")
    return sorted(rows.values_list("person__email", flat=True))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 2, 28), 12, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 6, 15), 7, date(2027, 1, 15)),
    ],
)
def test_months_are_added_and_the_end_of_a_month_stays_one(day, months, later):
    assert add_months(day, months) == later


def test_the_notice_day_lies_so_long_before_the_end_and_never_before_the_start(cast):
    agreement = makers.draft(cast, ends=today() + 200 * DAY, notice_days=90)
    short = makers.draft(cast, university=cast.adnsu, ends=today() + 20 * DAY, notice_days=90)
    assert (agreement.notice_by, short.notice_by) == (today() + 110 * DAY, today())


def test_one_that_renews_by_itself_holds_on_and_gets_its_next_term(cast, time_machine):
    time_machine.move_to("2026-03-02T12:00:00+04:00")
    agreement = makers.in_force(
        cast, starts=date(2026, 1, 1), ends=date(2026, 12, 31), renew_months=12, notice_days=60
    )
    assert (agreement.term_kind, agreement.ends, agreement.notice_by) == (
        TermKind.AUTO,
        None,
        date(2026, 11, 1),
    )
    time_machine.move_to("2028-03-01T12:00:00+04:00")
    assert list(Agreement.objects.in_force()) == [agreement]  # also before the clock has run
    assert (actions.roll(), actions.roll()) == (1, 0)
    after = makers.again(agreement)
    assert (after.period_ends, after.notice_by) == (date(2028, 12, 31), date(2028, 11, 1))


def test_notice_ends_one_that_renews_by_itself_and_comes_too_late_after_its_day(cast, time_machine):
    time_machine.move_to("2026-03-02T12:00:00+04:00")
    hr = cast.user("hr")
    agreement = makers.in_force(
        cast, starts=date(2026, 1, 1), ends=date(2026, 12, 31), renew_months=12, notice_days=60
    )
    time_machine.move_to("2026-11-20T12:00:00+04:00")
    with pytest.raises(Blocked) as late:
        actions.lapse(agreement, actor=hr, note="bitsin")
    time_machine.move_to("2026-10-20T12:00:00+04:00")
    after = actions.lapse(agreement, actor=hr, note="bitsin")
    assert (late.value.refusal.code, after.decision, after.ends) == (
        "notice_passed",
        Decision.LAPSE,
        date(2026, 12, 31),
    )
    drawn = {one.name for one in buttons(makers.again(agreement), hr)}
    assert drawn == {"reconsider", "amend", "terminate"}  # what is decided is not drawn four times, blocked
    time_machine.move_to("2027-01-02T12:00:00+04:00")
    assert (actions.roll(), list(Agreement.objects.in_force())) == (0, [])


def test_keepers_sent_unchanged_write_nothing(cast, login):
    agreement = makers.in_force(cast)
    page, client = reverse("agreements:keepers", args=[agreement.uid]), login("hr")
    chosen = {"keeper": cast.hr.pk, "deputy": cast.partnerships.pk}
    assert client.post(page, chosen).status_code == 302
    before = makers.again(agreement)
    lines = Change.objects.of(agreement).count()
    for _press in range(2):
        assert client.post(page, chosen).status_code == 302
    assert (makers.again(agreement).version, Change.objects.of(agreement).count()) == (before.version, lines)
    assert client.post(page, {**chosen, "deputy": ""}).status_code == 302
    assert (makers.again(agreement).deputy, Change.objects.of(agreement).count()) == (None, lines + 1)


@pytest.mark.wide
def test_it_is_reminded_of_until_somebody_decides(cast, time_machine):
    agreement = makers.in_force(cast, ends=today() + 364 * DAY, notice_days=100)
    actions.hand_over(agreement, actor=cast.user("hr"), keeper=cast.hr, deputy=cast.partnerships)
    boss = makers.house(cast)["leadership"].person
    found = {}
    for days in (181, 180, 90, 30, 7, 1, 0, -1, -7, -14):
        Notification.objects.all().delete()
        time_machine.move_to(start_of_day(agreement.notice_by) - days * DAY + timedelta(minutes=1))
        reminding.remind()
        found[days] = told()
    two = sorted([cast.hr.email, cast.partnerships.email])
    three = sorted([*two, boss.email])
    quiet = {days: [] for days in (181, 1, -1)}
    assert found == {180: two, 90: two, **dict.fromkeys((30, 7, 0, -7, -14), three), **quiet}
    Notification.objects.all().delete()
    actions.lapse(makers.again(agreement), actor=cast.user("hr"), note="davam etmir")
    time_machine.move_to(agreement.notice_at + 21 * DAY + timedelta(minutes=1))
    reminding.remind()
    assert told() == []


def test_on_the_morning_of_the_notice_day_it_is_asked_while_there_is_time(cast, time_machine):
    agreement = makers.in_force(cast, ends=today() + 364 * DAY, notice_days=100)
    morning = start_of_day(agreement.notice_by) + timedelta(hours=9)
    time_machine.move_to(morning - 6 * DAY)
    reminding.remind()
    Notification.objects.all().delete()
    time_machine.move_to(morning)
    reminding.remind()
    row = Notification.objects.get(kind="agreements.remind_notice")
    assert ("Xəbərdarlıq günü: " in row.body["az"], "keçib" in row.body["az"]) == (True, False)


def test_nothing_but_a_decision_ends_the_reminders_of_each_week(cast, time_machine):
    agreement = makers.in_force(cast, ends=None)
    boss = makers.house(cast)["leadership"].person
    found = []
    for weeks in (60, 60, 61, 62):
        Notification.objects.all().delete()
        time_machine.move_to(agreement.notice_at + weeks * 7 * DAY + timedelta(minutes=len(found) + 1))
        reminding.remind()
        found.append(told())
    both = sorted([cast.hr.email, boss.email])
    assert found == [both, [], both, both]


def test_the_leadership_reads_who_decides_and_all_that_the_notice_day_has_gone_by(cast, time_machine):
    agreement = makers.in_force(cast, ends=today() + 364 * DAY, notice_days=100)
    actions.hand_over(agreement, actor=cast.user("hr"), keeper=cast.hr, deputy=None)
    boss = makers.house(cast)["leadership"].person

    def read(days):
        Notification.objects.all().delete()
        time_machine.move_to(agreement.notice_at - days * DAY + timedelta(minutes=1))
        reminding.remind()
        rows = Notification.objects.filter(kind__startswith="agreements.remind_notice")
        return {row.person: f"{row.title['az']} {row.body['az']}" for row in rows}

    before, after = read(7), read(-7)
    assert set(before) == set(after) == {cast.hr, boss}
    assert f"Qərarı verən: {cast.hr.name}." in before[boss]
    assert ("Müddəti uzadın" in before[cast.hr], "Müddəti uzadın" in before[boss]) == (True, False)
    assert ["günü keçib" in text for text in (*before.values(), *after.values())] == [
        False,
        False,
        True,
        True,
    ]


def test_a_renewal_of_an_amended_agreement_keeps_what_both_say(cast, login):
    first = makers.in_force(cast, terms_az="Seminar ildə bir dəfə keçirilir.")
    amended = actions.send(
        actions.amend(first, actor=cast.user("hr"), terms_az="Laboratoriya açıqdır."), actor=cast.user("hr")
    )
    amended = makers.signed_by(cast, makers.signed_by(cast, amended, "coordinator"), "hr")
    page = login("hr").get(f"/agreements/{amended.uid}/").text
    assert "Saziş və əlavə sazişləri" in page
    form = login("hr").get(f"/agreements/{amended.uid}/renew/").context["form"]
    assert form.initial["terms_az"] == "Seminar ildə bir dəfə keçirilir.\n\nLaboratoriya açıqdır."
    assert form.initial["terms_en"] == ""


def test_what_is_decided_of_one_that_begins_later_stands_in_its_strip(cast):
    hr = cast.user("hr")
    ahead = makers.in_force(cast, starts=today() + 30 * DAY, ends=today() + 394 * DAY)
    told = [move_of(makers.again(ahead), hr).detail]
    actions.postpone(ahead, actor=hr, postponed_until=today() + 60 * DAY, note="rəyi gözləyirik")
    told.append(move_of(makers.again(ahead), hr).detail)
    actions.lapse(makers.again(ahead), actor=hr, note="bitsin")
    told.append(move_of(makers.again(ahead), hr).detail)
    assert ["·" in detail for detail in told] == [False, True, True]
    assert day_in_words(ahead.ends) in told[2]


def test_what_is_put_off_is_quiet_until_its_day(cast, time_machine):
    hr = cast.user("hr")
    agreement = makers.in_force(cast, ends=today() + 364 * DAY, notice_days=100)
    time_machine.move_to(agreement.notice_at - 89 * DAY)
    until = today() + 80 * DAY
    with pytest.raises(ValidationError):
        actions.postpone(agreement, actor=hr, postponed_until=today(), note="gözləyirik")
    actions.postpone(agreement, actor=hr, postponed_until=until, note="rəyi gözləyirik")
    time_machine.move_to(agreement.notice_at - 29 * DAY)
    reminding.remind()
    quiet = told()
    time_machine.move_to(agreement.notice_at - 8 * DAY)
    reminding.remind()
    kinds = sorted(set(Notification.objects.values_list("kind", flat=True)))
    assert (quiet, kinds) == ([], ["agreements.remind_notice", "agreements.remind_put_off"])


def test_a_renewal_is_a_new_agreement_and_the_old_one_holds_until_it_begins(cast, time_machine):
    hr = cast.user("hr")
    old = makers.in_force(cast, ends=today() + 30 * DAY)
    party = old.in_order[1]
    actions.add_obligation(
        old, actor=hr, party=party, what_az="Təcrübə yerləri", amount=20, due=today() + 10 * DAY
    )
    new = actions.renew(old, actor=hr, starts=old.ends + DAY, ends=old.ends + 365 * DAY)
    assert (new.renews, new.state, new.obligations.get().due) == (old, A.DRAFT, today() + 41 * DAY)
    with pytest.raises(Blocked):
        actions.renew(makers.again(old), actor=hr, starts=old.ends + DAY)
    new = actions.send(new, actor=hr)
    makers.signed_by(cast, makers.signed_by(cast, new, "coordinator"), "hr")
    both = {makers.again(old).state, makers.again(new).state}
    time_machine.move_to(old.expires + DAY)
    assert (both, actions.roll(), makers.again(old).state) == ({A.IN_FORCE}, 1, A.SUPERSEDED)
    assert reports.framework_between(cast.aztu, cast.azerisiq) == new


def test_a_renewal_has_the_special_terms_that_hold_unless_it_is_given_others(cast):
    hr = cast.user("hr")
    old = makers.in_force(cast, ends=today() + 30 * DAY)
    Agreement.objects.filter(pk=old.pk).update(terms_az="Xüsusi şərt.", terms_en="A special term.")
    term = {"starts": old.ends + DAY, "ends": old.ends + 365 * DAY}
    new = actions.renew(makers.again(old), actor=hr, **term)
    assert (new.terms_az, new.terms_en) == ("Xüsusi şərt.", "A special term.")
    actions.withdraw(new, actor=hr)
    other = actions.renew(makers.again(old), actor=hr, terms_az="", terms_en="", **term)
    assert (other.terms_az, other.terms_en) == ("", "")


def test_a_renewal_that_is_given_up_leaves_the_old_one_to_be_decided(cast):
    hr = cast.user("hr")
    old = makers.in_force(cast, ends=today() + 30 * DAY)
    new = actions.renew(old, actor=hr, starts=old.ends + DAY, ends=old.ends + 365 * DAY)
    decided = makers.again(old).decision
    actions.withdraw(new, actor=hr)
    assert (decided, makers.again(old).decision) == (Decision.RENEW, "")


def test_three_organisations_sign_one_agreement_in_their_order(cast):
    memorandum = makers.first_type("agreements.memorandum")
    agreement = actions.open_between(
        memorandum,
        cast.azerisiq,
        [cast.aztu, cast.adnsu],
        actor=cast.user("hr"),
        starts=today(),
        ends=today() + 300 * DAY,
    )
    actions.add_obligation(
        agreement, actor=cast.user("hr"), party=agreement.in_order[0], what_az="Birgə *seminar*", amount=2
    )
    sent = actions.send(agreement, actor=cast.user("hr"))
    assert [(party.role, party.organization) for party in sent.in_order] == [
        ("university", cast.aztu),
        ("university", cast.adnsu),
        ("company", cast.azerisiq),
    ]
    assert "**Azərbaycan Texniki Universiteti**: Birgə \\*seminar\\*: 2" in sent.text.body_az
    makers.NAMES["coordinator2"] = "Rauf İbrahimov"
    for name in ("coordinator", "coordinator2", "hr"):
        sent = makers.signed_by(cast, sent, name)
    assert sent.state == A.IN_FORCE
    with pytest.raises(ValidationError):
        actions.open_between(
            memorandum, cast.azerisiq, [cast.azerisiq], actor=cast.user("hr"), starts=today()
        )


def test_the_text_that_was_passed_is_the_text_that_is_sent(cast):
    cleared = makers.cleared(cast)
    template = cleared.text.template_version.template
    actions.write_version(template, actor=cast.user("admin"), title_az="Başqa", body_az="Başqa mətn")
    sent = actions.send(cleared, actor=cast.user("hr"))
    assert (sent.text, sent.texts.count(), sent.state) == (cleared.text, 1, A.SIGNING)


def test_nobody_passes_what_they_prepared_and_a_draft_is_not_sent_past_the_review(cast):
    makers.house(cast)
    makers.first_type("agreements.framework", needs_legal=True)
    draft = makers.draft(cast)
    with pytest.raises(Blocked) as early:
        actions.send(draft, actor=cast.user("hr"))
    with pytest.raises(Refused):
        actions.to_legal(draft, actor=cast.user("hr2"))
    assert early.value.refusal.code == "review_first"
    review = actions.to_legal(draft, actor=cast.user("hr"))
    Agreement.objects.filter(pk=review.pk).update(made_by=makers.house(cast)["legal"])
    with pytest.raises(Blocked) as own:
        actions.pass_review(review, actor=makers.house(cast)["legal"])
    assert own.value.refusal.code == "own_work"


def test_what_is_said_within_the_house_and_a_text_that_was_not_sent_reach_no_party(cast, login):
    legal = makers.house(cast)["legal"]
    makers.first_type("agreements.framework", needs_legal=True)
    hr = cast.user("hr")
    reason, asked = "Mülkiyyət bəndi aydın deyil", "Müddət qısadır"
    draft = actions.rework(actions.to_legal(makers.draft(cast), actor=hr), actor=legal, note=reason)
    passed = actions.pass_review(actions.to_legal(draft, actor=hr), actor=legal, note="Razıyıq")
    sent = actions.send(passed, actor=hr)
    returned = actions.return_to_draft(sent, actor=cast.user("coordinator"), note=asked)
    review = actions.to_legal(returned, actor=hr)
    page = review.get_absolute_url()

    def told(who):
        client = login(who)
        shown = client.get(page).content.decode()
        read = client.get(f"/api/v1/agreements/{review.uid}/").json()
        texts = [number for number in (1, 2, 3) if f"{page}text/{number}/" in shown]
        opened = [n for n in (1, 2, 3) if client.get(f"{page}text/{n}/").status_code == 200]
        paper = client.get(f"{page}pdf/").status_code
        said = [word in shown for word in (reason, "Razıyıq", asked)]
        return said, texts, opened, paper, bool(read["text_hash"]), bool(read["text_az"])

    assert told("hr") == ([True, True, True], [1, 2, 3], [1, 2, 3], 200, True, True)
    assert told("coordinator") == ([False, False, True], [2], [2], 404, False, False)
    cleared = actions.pass_review(review, actor=legal)
    actions.send(cleared, actor=hr)
    assert told("coordinator") == ([False, False, True], [2, 3], [2, 3], 200, True, True)


def test_an_obligation_is_fulfilled_in_parts_by_who_owes_it_and_by_nobody_else(cast):
    agreement = makers.in_force(cast)
    row = actions.add_obligation(
        agreement,
        actor=cast.user("hr"),
        party=agreement.in_order[0],
        what_az="Dərs vəsaiti",
        amount=3,
        due=today() - DAY,
    )
    for name in ("coordinator2", "hr2", "student", "mentor"):
        with pytest.raises(Refused):
            actions.fulfil(row, actor=cast.user(name), done_on=today(), amount=1, note="oldu")
    with pytest.raises(ValidationError) as wrong:
        actions.fulfil(row, actor=cast.user("coordinator"), done_on=today() + DAY, note="")
    assert set(wrong.value.error_dict) == {"done_on", "amount", "note"}
    actions.fulfil(row, actor=cast.user("coordinator"), done_on=today(), amount=1, note="birinci")
    late = [line.late for line in _lines(agreement, cast)]
    actions.fulfil(row, actor=cast.user("hr"), done_on=today(), amount=2, note="qalanı")
    line = _lines(agreement, cast)[0]
    assert (late, line.late, line.finished, line.share) == ([True], False, True, 100)
    with pytest.raises(Blocked):
        actions.drop_obligation(row, actor=cast.user("hr"))


def test_what_the_other_side_has_read_is_taken_away_with_a_reason_that_stays(cast, login):
    agreement, draft = makers.in_force(cast), makers.draft(cast)
    client = login("hr")

    def owed_under(one):
        return actions.add_obligation(
            one, actor=cast.user("hr"), party=one.in_order[0], what_az="Dərs vəsaiti"
        )

    row = owed_under(agreement)
    with pytest.raises(ValidationError) as silent:
        actions.drop_obligation(row, actor=cast.user("hr"))
    assert set(silent.value.error_dict) == {"note"}
    page = f"/agreements/obligations/{row.uid}/drop/"
    assert page in client.get(f"/agreements/obligations/{row.uid}/").text
    assert "Səbəb" in client.get(page).text
    assert [client.post(page, {"note": note}).status_code for note in ("", "Kitab artıq var")] == [422, 302]
    assert "Dərs vəsaiti: Kitab artıq var" in login("coordinator").get(f"/agreements/{agreement.uid}/").text
    assert client.post(f"/agreements/obligations/{owed_under(draft).uid}/drop/", {}).status_code == 302
    assert Obligation.objects.count() == 0


def _lines(agreement, cast):
    from partnerships.agreements.brought import obligation_lines

    return obligation_lines(makers.again(agreement), cast.user("hr"))


def test_the_pages_of_renewal_decision_and_obligation_answer_and_keep_what_was_typed(cast, login):
    agreement = makers.in_force(cast, ends=today() + 60 * DAY)
    client = login("hr")
    page = f"/agreements/{agreement.uid}/"
    shown = client.get(page).content.decode()
    assert all(f"{page}{verb}/" in shown for verb in ("renew", "lapse", "postpone", "keepers", "obligations"))
    assert (
        client.post(f"{page}postpone/", {"postponed_until": "2020-01-01", "note": "sonra"}).status_code == 422
    )
    party = agreement.in_order[1].pk
    given = {
        "party": party,
        "what_az": "Təcrübə yerləri",
        "amount": "20",
        "unit_az": "yer",
        "unit_en": "places",
        "due": "2027-06-30",
    }
    assert client.post(f"{page}obligations/", {**given, "what_az": ""}).status_code == 422
    few = client.post(f"{page}obligations/", {**given, "amount": "0"}).context["form"]
    assert few.errors["amount"] == ["Ən azı 0,01 olmalıdır."]
    assert client.post(f"{page}obligations/", given).status_code == 302
    row = agreement.obligations.get()
    fulfil = f"/agreements/obligations/{row.uid}/fulfil/"
    assert login("coordinator2").get(fulfil).status_code == 404
    empty = client.post(fulfil, {"done_on": str(today())})
    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"amount", "note"})
    assert client.post(fulfil, {"done_on": str(today()), "amount": "5,5", "note": "5 yer"}).status_code == 302
    days = {"starts": str(agreement.ends + DAY), "ends": str(agreement.ends + 365 * DAY)}
    assert client.post(f"{page}renew/", days).status_code == 302
    assert client.get(f"{page}renew/").status_code in (200, 302)
    assert "5,5 / 20 yer" in client.get(page).content.decode()
    client.post(reverse("set_language"), {"language": "en"})
    assert "20 places" in client.get(page).content.decode()


def test_a_proposal_is_seen_by_both_sides_and_answered(cast, login):
    makers.first_type("agreements.framework")
    of_type = makers.first_type("agreements.framework")
    client = login("coordinator")
    given = {
        "type": of_type.pk,
        "owner": cast.azerisiq.pk,
        "asking": cast.aztu.pk,
        "starts": str(today()),
        "note": "Birgə təcrübə",
    }
    cast.azerisiq.is_partner = True
    cast.azerisiq.save()
    assert client.post("/agreements/propose/", {**given, "note": ""}).status_code == 422
    made = client.post("/agreements/propose/", given)
    agreement = Agreement.objects.get()
    assert (made.status_code, agreement.state, agreement.proposed_by) == (302, A.PROPOSED, cast.aztu)
    assert login("coordinator2").get(agreement.get_absolute_url()).status_code == 404
    assert login("hr").post(f"/agreements/{agreement.uid}/take_up/").status_code == 302
    assert (makers.again(agreement).state, makers.again(agreement).keeper) == (A.DRAFT, cast.hr)


def test_the_administrator_sets_a_type_with_words_of_its_own(cast, login, settings):
    settings.DEMO = True  # staff without a second factor
    client = login("admin")
    words = {
        "key": "research",
        "name": "Tədqiqat sazişi",
        "base": "agreements.cooperation",
        "title_az": "Tədqiqat: {parties}",
        "body_az": "{obligations}",
    }
    add = "/admin/agreements/agreementtemplate/add/"
    assert client.get(add).status_code == 200
    assert client.post(add, {**words, "body_az": "{universitet}"}).status_code == 200
    assert client.post(add, words).status_code == 302
    template = AgreementTemplate.objects.get(key="research")
    given = {
        "key": "research",
        "name_az": "Birgə tədqiqat sazişi",
        "text_kind": "agreements.cooperation",
        "template": template.pk,
        "directions": ["research"],
        "term_kind": "fixed",
        "notice_days": "45",
        "remind_days": ["90", "30"],
        "needs_approval": "on",
        "order": "9",
        "active": "on",
    }
    add = "/admin/agreements/agreementtype/add/"
    page = client.get(add)
    boxes = [box.data for box in page.context["adminform"].form["remind_days"]]
    assert [box["value"] for box in boxes if box["selected"]] == [180, 90, 30, 7]
    assert client.post(add, {**given, "text_kind": "agreements.nda"}).status_code == 200
    assert client.post(add, given).status_code == 302
    made = AgreementType.objects.get(key="research")
    agreement = actions.open_between(
        made, cast.azerisiq, [cast.aztu], actor=cast.user("hr"), starts=today(), ends=today() + 99 * DAY
    )
    assert (made.remind_days, agreement.notice_days, agreement.directions) == ([90, 30], 45, ["research"])
    frozen = actions.to_approval(agreement, actor=cast.user("hr"))
    assert frozen.text.title_az.startswith("Tədqiqat: ")


@pytest.mark.parametrize(
    ("starts", "ends", "last"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), date(2028, 12, 31)),  # 2028 has a day more
        (date(2026, 9, 1), date(2027, 8, 31), date(2028, 8, 31)),
        (date(2026, 11, 1), date(2027, 1, 31), date(2027, 4, 30)),
        (date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 20)),
        (date(2026, 12, 1), date(2028, 12, 1), date(2030, 12, 3)),  # two years and a day: 732 days
        (date(2025, 1, 15), date(2028, 12, 31), date(2032, 12, 31)),  # to the end of the fourth year
    ],
)
def test_a_renewal_is_proposed_as_long_as_what_it_renews(starts: date, ends: date, last: date) -> None:
    assert as_long(starts, ends, ends + DAY) == last


def test_who_may_not_put_it_off_is_told_that_before_what_is_wrong_with_the_day(cast):
    agreement = makers.in_force(cast, ends=today() + 364 * DAY, notice_days=100)
    with pytest.raises(Refused):
        actions.postpone(agreement, actor=cast.user("student"), postponed_until=today(), note="gözləyirik")
