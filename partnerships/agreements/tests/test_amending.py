"""An amendment is a new agreement with what changes; the old one stays; which one holds on a day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from partnerships.agreements import actions, reports
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement
from partnerships.agreements.tests import makers
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refused

DAY = timedelta(days=1)


def amended(cast, old, **changes):
    new = actions.send(actions.amend(old, actor=cast.user("hr"), **changes), actor=cast.user("hr"))
    return makers.signed_by(cast, makers.signed_by(cast, new, "coordinator"), "hr")


def test_signed_in_the_same_order_it_takes_the_place_of_the_old_one_which_stays_as_it_was(cast):
    old = makers.in_force(cast)
    before = (old.ends, old.text.sha256, old.number)
    later = old.ends + 365 * DAY
    draft = actions.amend(old, actor=cast.user("hr"), ends=later)
    assert (draft.kind, draft.parent_id, draft.state) == ("amendment", old.pk, A.DRAFT)
    assert reports.framework_between(cast.aztu, cast.azerisiq).pk == old.pk
    sent = actions.send(draft, actor=cast.user("hr"))
    assert sent.number == f"{old.number}/1"
    assert [party.role for party in sent.in_order] == ["university", "company"]
    with pytest.raises(Blocked):
        makers.signed_by(cast, sent, "hr")
    new = makers.signed_by(cast, makers.signed_by(cast, sent, "coordinator"), "hr")
    old = makers.again(old)
    assert (new.state, old.state) == (A.IN_FORCE, A.SUPERSEDED)
    assert (old.ends, old.text.sha256, old.number) == before
    assert reports.framework_between(cast.aztu, cast.azerisiq, later) == new
    assert "Bitmə tarixi" in new.text.body_az
    assert [one.pk for one in reports.chain_of(new)] == [old.pk, new.pk]


def test_a_second_amendment_carries_the_next_number_of_the_chain(cast):
    first = amended(cast, makers.in_force(cast), endless=True)
    second = amended(cast, first, ends=today() + 900 * DAY)
    assert second.number == f"{first.root.number}/2"
    assert second.root_id == first.root_id == first.parent_id
    states = {one.number: one.state for one in reports.chain_of(second)}
    root = first.root.number
    assert states == {root: A.SUPERSEDED, f"{root}/1": A.SUPERSEDED, f"{root}/2": A.IN_FORCE}


def test_it_needs_a_change_an_agreement_in_force_and_no_other_on_its_way(cast):
    hr = cast.user("hr")
    with pytest.raises(Blocked) as told:
        actions.amend(makers.sent(cast), actor=hr, endless=True)
    assert told.value.refusal.code == "not_in_force"
    old = makers.in_force(cast)
    with pytest.raises(Blocked) as told:
        actions.amend(old, actor=hr)
    assert told.value.refusal.code == "no_change"
    with pytest.raises(Refused):
        actions.amend(old, actor=cast.user("coordinator"), endless=True)
    actions.amend(old, actor=hr, terms_az="Hər il 20 yer")
    with pytest.raises(Blocked) as told:
        actions.amend(old, actor=hr, endless=True)
    assert told.value.refusal.code == "amendment_open"


def test_when_the_old_one_ends_the_amendment_falls_with_it(cast):
    old = makers.in_force(cast)
    new = actions.send(actions.amend(old, actor=cast.user("hr"), endless=True), actor=cast.user("hr"))
    actions.terminate(old, actor=cast.user("coordinator"), note="Bitdi")
    assert makers.again(new).state == A.WITHDRAWN
    assert reports.framework_between(cast.aztu, cast.azerisiq) is None


def test_a_withdrawn_amendment_leaves_the_old_one_in_force_and_another_may_follow(cast):
    old = makers.in_force(cast)
    first = actions.amend(old, actor=cast.user("hr"), endless=True)
    actions.withdraw(first, actor=cast.user("hr"))
    assert makers.again(old).state == A.IN_FORCE
    assert actions.amend(old, actor=cast.user("hr"), endless=True).pk != first.pk


def test_which_framework_holds_on_a_day(cast):
    held = makers.in_force(cast, starts=today(), ends=today() + 30 * DAY)
    makers.sent(cast, university=cast.adnsu)

    def between(university, day=None, company=None):
        return reports.framework_between(university, company or cast.azerisiq, day)

    assert between(cast.aztu) == between(cast.energy) == between(cast.energy, company=cast.baki) == held
    assert between(cast.aztu, today() + 30 * DAY) == held
    assert between(cast.aztu, today() + 31 * DAY) is None
    assert between(cast.aztu, today() - DAY) is None
    assert between(cast.adnsu) is None
    assert between(cast.aztu, company=cast.other_company) is None
    assert reports.in_force_between(cast.aztu, cast.azerisiq) is True


def test_over_and_ending_are_computed_and_never_stored(cast, time_machine):
    agreement = makers.in_force(cast, ends=today() + 60 * DAY)
    rows = Agreement.objects
    assert (list(rows.expiring()), list(rows.expired()), agreement.is_expiring) == ([agreement], [], True)
    time_machine.move_to(agreement.expires + DAY)
    agreement = makers.again(agreement)
    assert (agreement.state, agreement.is_expired) == (A.IN_FORCE, True)
    assert (list(rows.expired()), list(rows.in_force()), list(rows.expiring())) == ([agreement], [], [])


@pytest.mark.parametrize("following", ["amend", "renew"])
def test_what_follows_an_agreement_in_both_languages_says_its_terms_in_both(cast, login, following):
    old = makers.in_force(cast, bilingual=True)
    client, act = login("hr"), getattr(actions, following)
    starts = old.ends + timedelta(days=1) if following == "renew" else old.starts
    term = {"starts": starts, "ends": starts + timedelta(days=500)}
    for said, unsaid in (("terms_az", "terms_en"), ("terms_en", "terms_az")):
        with pytest.raises(ValidationError) as told:
            act(old, actor=cast.user("hr"), **term, **{said: "20"})
        assert list(told.value.message_dict) == [unsaid]
        typed = {name: day.isoformat() for name, day in term.items()} | {said: "20"}
        page = client.post(f"/agreements/{old.uid}/{following}/", typed)
        assert (page.status_code, list(page.context["form"].errors)) == (422, [unsaid])
    assert (Agreement.objects.count(), makers.again(old).decision) == (1, "")
    new = actions.send(
        act(old, actor=cast.user("hr"), **term, terms_az="20 yer", terms_en="20 places"),
        actor=cast.user("hr"),
    )
    assert ("20 yer" in new.text.body_az, "20 places" in new.text.body_en) == (True, True)


def test_terms_in_one_language_are_enough_for_what_is_in_azerbaijani(cast):
    new = actions.amend(makers.in_force(cast), actor=cast.user("hr"), terms_az="20 yer")
    assert (new.bilingual, new.terms_az, new.terms_en) == (False, "20 yer", "")


def test_no_form_is_shown_that_would_be_refused_and_what_was_typed_too_late_is_not_lost(cast, login):
    agreement = makers.in_force(cast)
    client = login("hr")
    amend = makers.url(agreement, "amend")
    assert client.get(amend).status_code == 200
    draft = actions.amend(agreement, actor=cast.user("hr"), terms_az="40 yer")
    refused = client.get(amend, follow=True)
    assert refused.redirect_chain == [(agreement.get_absolute_url(), 302)]
    assert "Əlavə saziş artıq hazırlanır və ya imzalanır." in refused.content.decode()
    edit = makers.url(draft, "edit")
    assert client.get(edit).status_code == 200
    actions.send(draft, actor=cast.user("hr"))
    late = client.post(edit, {"terms_az": "Hər il 50 yer"})
    assert (late.status_code, "Hər il 50 yer" in late.content.decode()) == (409, True)
    assert client.get(edit)["Location"] == draft.get_absolute_url()
