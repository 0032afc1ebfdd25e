"""A programme stands under an agreement with each university that takes part."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from internships import actions
from internships.models import Placement, Programme, ProgrammePartner
from internships.tests import makers
from internships.views.partners import rows_of
from partnerships.agreements import actions as agreements
from partnerships.agreements.given import given_by
from partnerships.agreements.models import Agreement
from partnerships.agreements.standing import asleep, standing_under, uncovered_lines
from partnerships.agreements.tests import makers as made
from partnerships.common.refusals import Blocked, Refused, StaleState
from partnerships.workflow.models import Change

pytestmark = pytest.mark.usefixtures("before_the_summer")

DAY = timedelta(days=1)


def with_quota(cast, **values):
    """A published programme with places kept for AzTU."""
    programme = makers.programme(cast, published=False, **values)
    place = makers.vacancy(programme)
    actions.set_seats(place.position, place.period, 2, actor=cast.user("hr"), quotas={cast.aztu.pk: 1})
    return makers.fresh(actions.publish(makers.fresh(programme), actor=cast.user("hr")))


def partner_of(programme):
    return ProgrammePartner.objects.with_rows().get(programme=programme)


def pairs(programme):
    rows = ProgrammePartner.objects.filter(programme=programme).order_by("university__sort_key")
    return [(row.university.acronym, row.agreement_id, row.chosen) for row in rows]


def test_whoever_has_places_kept_stands_under_the_framework_that_holds_on_the_first_day(cast):
    framework = made.in_force(cast, ends=None)
    programme = with_quota(cast)
    assert pairs(programme) == [(cast.aztu.acronym, framework.pk, False)]
    assert actions.suggest_agreements(programme) == 0
    makers.sent(cast, programme, "student2")
    assert actions.suggest_everywhere() == 1
    assert {row[1:] for row in pairs(programme)} == {(framework.pk, False), (None, False)}


def test_a_draft_with_places_kept_does_not_say_that_nobody_takes_part(cast, login):
    programme = makers.programme(cast, published=False)
    place = makers.vacancy(programme)
    actions.set_seats(place.position, place.period, 2, actor=cast.user("hr"), quotas={cast.aztu.pk: 1})
    page = login("hr").get(reverse("internships:manage_agreements", args=[programme.slug])).text
    assert "heç bir universitet iştirak etmir" not in page
    assert "Yer ayrılmış universitetlər proqram dərc ediləndə" in page


def test_what_was_suggested_follows_the_agreement_and_what_was_chosen_stays(cast):
    hr = cast.user("hr")
    programme, first = with_quota(cast), None
    assert pairs(programme)[0][1:] == (None, False)
    first = made.in_force(cast, ends=None)
    second = made.in_force(cast, ends=None)
    Agreement.objects.filter(pk=first.pk).update(starts=first.starts - 30 * DAY)
    actions.suggest_agreements(programme)
    assert pairs(programme)[0][1:] == (second.pk, False)
    actions.choose_agreement(partner_of(programme), first, actor=cast.user("partnerships"), version=2)
    agreements.terminate(second, actor=hr, note="bitdi")
    agreements.terminate(made.again(first), actor=hr, note="bitdi")
    actions.suggest_agreements(programme)
    assert pairs(programme)[0][1:] == (first.pk, True)
    assert actions.choose_agreement(partner_of(programme), None, actor=hr).agreement is None
    verbs = Change.objects.filter(verb="settle_agreement").values_list("data__agreement", flat=True)
    assert list(verbs.order_by("pk")) == [first.number, ""]


def test_an_agreement_is_settled_by_the_company_for_who_signed_it_while_the_programme_lives(cast):
    framework = made.in_force(cast, ends=None)
    programme = with_quota(cast)
    partner = partner_of(programme)
    for stranger in ("coordinator", "hr2", "mentor", "student"):
        with pytest.raises(Refused):
            actions.choose_agreement(partner, framework, actor=cast.user(stranger))
        with pytest.raises(Refused):
            actions.suggest_agreements(programme, actor=cast.user(stranger))
    actions.choose_agreement(partner, framework, actor=cast.user("hr"), version=1)
    with pytest.raises(StaleState):
        actions.choose_agreement(partner, None, actor=cast.user("hr"), version=1)
    Agreement.objects.filter(pk=framework.pk).update(directions=["events"])
    with pytest.raises(ValidationError):
        actions.choose_agreement(partner, framework, actor=cast.user("hr"))
    Programme.objects.filter(pk=programme.pk).update(state="archived")
    with pytest.raises(Blocked) as ended:
        actions.choose_agreement(partner_of(programme), None, actor=cast.user("hr"))
    assert ended.value.refusal.code == "ended"
    assert pairs(programme)[0][1:] == (framework.pk, True)


def test_a_university_is_added_by_its_agreement_and_taken_out_while_it_takes_no_part(cast, login):
    hr, framework = cast.user("hr"), made.in_force(cast, ends=None)
    programme = makers.programme(cast)
    rows = actions.add_partner(programme, framework, actor=hr)
    assert pairs(programme) == [(cast.aztu.acronym, framework.pk, True)]
    with pytest.raises(ValidationError):
        actions.add_partner(programme, framework, actor=hr)
    url = reverse("internships:manage_agreement_remove", args=[rows[0].uid])
    for name, code in (("hr2", 404), ("coordinator", 404), ("hr", 302), ("hr", 302), ("hr2", 404)):
        assert login(name).post(url).status_code == code, name
    # Pressed twice: led back, told so, done once.
    told = login("hr").post(url, follow=True)
    assert "Bu universitet artıq çıxarılıb" in told.text
    assert Change.objects.filter(verb="remove_partner").count() == 1
    assert pairs(programme) == []
    makers.sent(cast, programme)
    actions.suggest_agreements(programme)
    with pytest.raises(Blocked) as takes_part:
        actions.remove_partner(partner_of(programme), actor=hr)
    assert takes_part.value.refusal.code == "takes_part"


def test_a_practice_stands_under_what_was_chosen_for_its_programme(cast):
    chosen, newest = made.in_force(cast, ends=None), made.in_force(cast, ends=None)
    programme = with_quota(cast)
    assert partner_of(programme).agreement == newest
    actions.choose_agreement(partner_of(programme), chosen, actor=cast.user("hr"))
    makers.placement(cast, programme)
    assert Placement.objects.get().agreement == chosen


def test_programmes_are_gaps_or_run_past_the_end_and_count_in_what_was_given(cast):
    programme = with_quota(cast)
    found = {
        name: [(line.title, line.detail) for row in uncovered_lines(cast.user(name)) for line in row[2]]
        for name in ("hr", "rector", "coordinator", "coordinator2")
    }
    row = [(programme.title, cast.aztu.short_name)]
    assert found == {"hr": row, "rector": row, "coordinator": row, "coordinator2": []}
    framework = made.in_force(cast, ends=makers.STARTS + 5 * DAY)
    Agreement.objects.filter(pk=framework.pk).update(in_force_since=framework.in_force_since - 400 * DAY)
    assert list(asleep(cast.user("hr"))) == [framework]
    actions.suggest_agreements(programme)
    assert (uncovered_lines(cast.user("hr")), list(asleep(cast.user("hr")))) == ([], [])
    [standing] = standing_under(framework, cast.user("rector"))
    assert (standing.running, standing.past, [line.past for line in standing.lines]) == (1, 1, [True])
    [counted] = [one for one in given_by(framework).rows if one.by_year]
    assert (counted.done, counted.by_year) == (1, {2027: 1})


def test_both_pages_say_under_what_a_programme_stands_to_who_reads_agreements(cast, login):
    framework = made.in_force(cast, ends=None)
    programme = with_quota(cast)
    page = programme.get_absolute_url()
    seen = {
        name: (framework.number in login(name).get(page).content.decode())
        for name in ("hr", "partnerships", "coordinator", "coordinator2", "student", "hr2")
    }
    assert [name for name, there in seen.items() if there] == ["hr", "partnerships", "coordinator"]
    assert programme.title in login("coordinator").get(framework.get_absolute_url()).content.decode()
    address = reverse("internships:manage_agreement", args=[partner_of(programme).uid])
    assert [login(name).get(address).status_code for name in ("hr2", "coordinator")] == [404, 404]
    client = login("partnerships")
    late = client.post(address, {"agreement": framework.pk, "version": 7})
    kept = client.post(address, {"agreement": framework.pk, "version": 1})
    assert (late.status_code, kept.status_code, pairs(programme)[0][1:]) == (409, 302, (framework.pk, True))


def test_the_card_of_a_programme_costs_the_same_with_many_universities(cast, django_assert_num_queries):
    made.in_force(cast, ends=None)
    programme, hr = with_quota(cast), cast.user("hr")
    with django_assert_num_queries(6):
        assert len(rows_of(programme, hr)) == 1
    for university in (cast.adnsu, cast.other_company):
        ProgrammePartner.objects.create(programme=programme, university=university)
    again = cast.user("hr")
    with django_assert_num_queries(6):
        assert len(rows_of(programme, again)) == 3


def test_the_universities_of_a_programme_are_taken_away_by_its_company(cast, login):
    address = f"/exports/internships.partners/?format=csv&of={with_quota(cast).slug}"
    found = b"".join(login("hr").get(address).streaming_content).decode("utf-8-sig").splitlines()
    assert [row.split(";")[0] for row in found[1:]] == [cast.aztu.display_name]
    assert [login(who).get(address).status_code for who in ("hr2", "coordinator", "student")] == [404] * 3
