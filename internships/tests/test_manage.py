"""A company's programmes: keeping, publishing, extending, copying; and that no other company comes near."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from internships import actions
from internships.enums import ApplicationState as A
from internships.enums import ProgrammeState
from internships.models import Position, Programme
from internships.tests import makers
from partnerships.calls.models import Step
from partnerships.common.clock import end_of_day, start_of_day, today
from partnerships.ideas import actions as ideas
from partnerships.testing import factories as make

LIST = reverse("internships:manage")


def page(name, *args):
    return reverse(f"internships:{name}", args=args)


def written(programme, **values):
    """The programme's form as the page would send it."""
    fields = (
        "kind practice_type title_az title_en summary_az summary_en description_az description_en "
        "max_choices offer_days weekly_hours stipend_az stipend_en contact_email version"
    )
    sent = {name: getattr(programme, name) or "" for name in fields.split()}
    ticks = "endorsement_required open_to_foreigners paid cv_required transcript_required"
    sent |= {name: "on" for name in ticks.split() if getattr(programme, name)}
    return {**sent, **values}


def test_the_list_shows_own_programmes_with_their_numbers(cast, login, published):
    makers.endorsed(cast, published)
    makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel zavodu")
    [mine] = login("hr").get(LIST).context["programmes"]
    assert (mine, mine.seats, mine.taken, mine.sent, mine.to_decide) == (published, 2, 0, 1, 1)
    assert "Kabel zavodu" not in login("hr").get(LIST).content.decode()
    assert login("coordinator").get(LIST).status_code == 403


def test_another_companys_human_resources_find_nothing_at_any_address(cast, login, published, draft):
    hr2 = login("hr2")
    for programme in (published, draft):
        slug, position, period = programme.slug, programme.positions.get(), programme.periods.get()
        pages = [
            page(name, slug)
            for name in (
                "manage_programme",
                "manage_edit",
                "manage_deadlines",
                "manage_extend",
                "manage_periods",
                "manage_position_new",
                "manage_cancel",
            )
        ]
        pages += [page("manage_position", position.uid), page("manage_seats", position.uid, period.pk)]
        assert [hr2.get(address).status_code for address in pages] == [404] * len(pages)
        posts = [*pages[1:], page("manage_clone", slug), page("manage_position_remove", position.uid)]
        posts += [page("manage_verb", slug, verb) for verb in ("publish", "unpublish", "archive")]
        assert [hr2.post(address, {"note": "x"}).status_code for address in posts] == [404] * len(posts)
    assert set(Programme.objects.values_list("state", flat=True)) == {
        ProgrammeState.PUBLISHED,
        ProgrammeState.DRAFT,
    }


WINTER = {
    "kind": "practice",
    "practice_type": "production",
    "title_az": "Qış təcrübəsi",
    "summary_az": "İki həftə",
    "max_choices": 2,
    "offer_days": 5,
    "weekly_hours": 20,
    "endorsement_required": "on",
    "version": 1,
}
PERIODS = {
    "periods-TOTAL_FORMS": 1,
    "periods-INITIAL_FORMS": 0,
    "periods-0-name_az": "Qış",
    "periods-0-starts": "2027-02-01",
    "periods-0-ends": "2027-02-20",
}


@pytest.fixture
def winter(login):
    """A programme with its dates and its period, as its forms write them."""
    hr = login("hr")
    hr.post(page("manage_new"), WINTER)
    made = Programme.objects.get()
    days = {"apply": 10, "endorse": 15, "decide": 25, "answer": 30, "start": 60}
    chain = {step: (today() + timedelta(days=n)).isoformat() for step, n in days.items()}
    assert hr.post(page("manage_deadlines", made.slug), chain).status_code == 302
    assert hr.post(page("manage_periods", made.slug), PERIODS).status_code == 302
    return makers.fresh(made)


def test_a_programme_begins_as_a_draft_that_says_what_it_lacks(cast, login):
    hr = login("hr")
    made_at = hr.post(page("manage_new"), WINTER)["Location"]
    made = Programme.objects.get()
    assert made_at == page("manage_programme", made.slug)
    assert (made.host, made.state) == (cast.azerisiq, "draft")
    assert len(hr.get(made_at).context["missing"]) == 2


def test_what_is_due_lasts_until_the_end_of_its_day_and_what_starts_begins_with_it(winter):
    call = winter.call
    assert call.at(Step.APPLY) == end_of_day(today() + timedelta(days=10))
    assert call.at(Step.START) == start_of_day(today() + timedelta(days=60))


def test_with_a_place_and_its_seats_a_programme_is_complete_and_published(cast, login, winter):
    hr, slug = login("hr"), winter.slug
    place = {
        "unit": cast.substation.pk,
        "title_az": "Yarımstansiya",
        "min_year": 3,
        "version": 1,
        "mentors": [cast.mentor.pk],
    }
    seats_at = hr.post(page("manage_position_new", slug), place)["Location"]
    seats = {
        "capacity": 4,
        "quotas-TOTAL_FORMS": 1,
        "quotas-INITIAL_FORMS": 0,
        "quotas-0-university": cast.aztu.pk,
        "quotas-0-places": 3,
    }
    assert hr.post(seats_at, seats).status_code == 302
    assert hr.get(page("manage_programme", slug)).context["missing"] == []
    hr.post(page("manage_verb", slug, "publish"))
    winter.refresh_from_db()
    assert winter.state == ProgrammeState.PUBLISHED
    pool = winter.vacancies().get().pool
    quotas = [(quota.organization, quota.places) for quota in pool.quotas.all()]
    assert (pool.capacity, quotas) == (4, [(cast.aztu, 3)])
    assert list(Position.objects.get().mentors.all()) == [cast.mentor]


def test_publishing_too_early_is_refused_with_the_reason(cast, login):
    draft = actions.create_programme(
        cast.azerisiq, actor=cast.user("hr"), kind="internship", title_az="Yay", summary_az="x"
    )
    response = login("hr").post(page("manage_verb", draft.slug, "publish"), follow=True)
    assert len(response.context["messages"]) == 1
    draft.refresh_from_db()
    assert draft.state == ProgrammeState.DRAFT


def test_the_second_of_two_editors_is_shown_the_difference_and_may_send_again(cast, login, draft):
    sent = written(draft, summary_az="Mənim sözüm")
    actions.update_programme(makers.fresh(draft), actor=cast.user("hr"), summary_az="Həmkarın sözü")
    hr = login("hr")
    response = hr.post(page("manage_edit", draft.slug), sent)
    assert response.status_code == 409
    difference = response.context["form"].differences
    assert [(found.theirs, found.mine) for found in difference] == [("Həmkarın sözü", "Mənim sözüm")]
    again = {**sent, "version": response.context["form"]["version"].value()}
    assert hr.post(page("manage_edit", draft.slug), again).status_code == 302
    draft.refresh_from_db()
    assert draft.summary_az == "Mənim sözüm"


def test_what_students_rely_on_is_fixed_once_the_programme_is_public(cast, login, published):
    sent = written(published, endorsement_required="", max_choices=1, title_az="Yeni ad")
    assert login("hr").post(page("manage_edit", published.slug), sent).status_code == 302
    published.refresh_from_db()
    assert (published.endorsement_required, published.max_choices, published.title_az) == (True, 3, "Yeni ad")


def test_missing_words_are_asked_for_on_their_fields_and_the_rest_is_kept(cast, login, draft):
    sent = written(
        draft,
        kind="practice",
        practice_type="",
        open_to_foreigners="on",
        paid="on",
        description_az="Uzun mətn",
    )
    response = login("hr").post(page("manage_edit", draft.slug), sent)
    assert response.status_code == 422
    missing = ["practice_type", "stipend_az", "summary_en", "title_en"]
    assert sorted(response.context["form"].errors) == missing
    assert "Uzun mətn" in response.content.decode()


def test_deadlines_out_of_order_are_said_on_the_field(cast, login, draft):
    chain = {
        step: (today() + timedelta(days=n)).isoformat()
        for step, n in (("apply", 20), ("endorse", 10), ("decide", 30), ("start", 60))
    }
    response = login("hr").post(page("manage_deadlines", draft.slug), chain)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["endorse"])


def test_a_deadline_is_extended_with_a_reason_and_never_shortened(cast, login, published):
    hr, address = login("hr"), page("manage_extend", published.slug)
    later = (today() + timedelta(days=12)).isoformat()
    assert hr.post(address, {"step": "apply", "day": later, "note": " "}).status_code == 422
    sooner = hr.post(address, {"step": "apply", "day": today().isoformat(), "note": "Tez"})
    assert (sooner.status_code, list(sooner.context["form"].errors)) == (422, ["day"])
    assert hr.post(address, {"step": "apply", "day": later, "note": "İmtahanlar"}).status_code == 302
    assert makers.fresh(published).call.at(Step.APPLY) == end_of_day(today() + timedelta(days=12))


def test_cancelling_ends_every_application_with_the_reason(cast, login, published):
    application = makers.endorsed(cast, published)
    hr, address = login("hr"), page("manage_cancel", published.slug)
    empty = hr.post(address, {"note": ""})
    assert (empty.status_code, empty.context["title"]) == (422, "Proqramı ləğv et")  # and not "Cancel" alone
    assert hr.post(address, {"note": "Zal təmirdədir."}).status_code == 302
    assert makers.again(application).state == A.REFUSED


def test_last_years_programme_is_copied_with_every_date_a_year_later(cast, login, published):
    vacancy = makers.vacancy(published)
    vacancy.position.specialties.set([make.specialty()])
    actions.set_seats(vacancy.position, vacancy.period, 7, actor=cast.user("hr"), quotas={cast.aztu.pk: 3})
    makers.endorsed(cast, published)
    response = login("hr").post(page("manage_clone", published.slug))
    copy = makers.fresh(Programme.objects.exclude(pk=published.pk).get())
    assert response["Location"] == page("manage_programme", copy.slug)
    assert (copy.state, copy.title_az) == (ProgrammeState.DRAFT, "Yay təcrübəsi 2028")
    assert [(period.starts, period.ends) for period in copy.periods.all()] == [
        (date(2028, 6, 15), date(2028, 7, 31))
    ]
    old, new = makers.fresh(published).call.chain, copy.call.chain
    assert list(new) == list(old)
    assert {moment.year - old[step].year for step, moment in new.items()} == {1}
    [place] = copy.vacancies()
    assert (place.pool.capacity, place.pool.taken) == (7, 0)
    assert [(quota.organization_id, quota.places) for quota in place.pool.quotas.all()] == [(cast.aztu.pk, 3)]
    assert list(place.position.specialties.all()) == [make.specialty()]
    assert copy.applications.count() == 0


def test_the_29th_of_february_becomes_the_28th(cast):
    from internships.actions.programmes import _a_year_on, _years_on

    assert _a_year_on(date(2028, 2, 29)) == date(2029, 2, 28)
    assert _years_on("Qış 2026/2027, qrup 12026") == "Qış 2027/2028, qrup 12026"
    assert _a_year_on(timezone.now()).year == timezone.now().year + 1


# What stands still, what is refused, what is said ----------------------------------------------------


def test_a_copy_keeps_that_students_compete(cast, login):
    practice = makers.programme(
        cast, kind="practice", practice_type="production", competition=True, title="Yaz təcrübəsi 2027"
    )
    login("hr").post(page("manage_clone", practice.slug))
    assert Programme.objects.exclude(pk=practice.pk).get().competition is True


def test_an_ended_programme_offers_no_changes_and_refuses_them(cast, login, published):
    hr, position, period = login("hr"), published.positions.get(), published.periods.get()
    changing = [
        page("manage_edit", published.slug),
        page("manage_periods", published.slug),
        page("manage_position_new", published.slug),
        page("manage_position", position.uid),
        page("manage_seats", position.uid, period.pk),
        page("manage_position_remove", position.uid),
    ]
    before = hr.get(page("manage_programme", published.slug)).content.decode()
    assert [address for address in changing if f'"{address}"' not in before] == []
    actions.cancel_programme(published, actor=cast.user("hr"), note="Maliyyələşmə dayandı")
    after = hr.get(page("manage_programme", published.slug)).content.decode()
    assert [address for address in changing if f'"{address}"' in after] == []
    hr.post(changing[-1])
    assert hr.post(changing[0], written(makers.fresh(published), title_az="Başqa ad")).status_code == 409
    assert Position.objects.get(pk=position.pk).programme.title_az == published.title_az


def test_requirements_are_told_as_they_were_written(cast, login):
    made = makers.programme(cast, position={"min_gpa": "70.5"})
    text = login("hr").get(page("manage_programme", made.slug)).content.decode()
    assert "ÜOMG ən azı 70,5" in text


def test_what_has_begun_is_not_called_late(cast, login, published):
    actions_at = makers.chain(open=-1)
    published.call.deadlines.update_or_create(step=Step.OPEN, defaults={"at": actions_at["open"]})
    text = login("hr").get(page("manage_programme", published.slug)).content.decode()
    assert "başlayıb" in text
    assert "gecikir" not in text


def test_the_page_names_the_ideas_that_it_grew_out_of_to_who_sees_them(cast, login, published):
    hr, at = login("hr"), page("manage_programme", published.slug)
    for who in ("coordinator", "hr"):
        soon = today() + timedelta(days=3)
        idea = ideas.note(actor=cast.user(who), title="Təklif", next_step="Zəng", next_on=soon)
        ideas.become(idea, actor=cast.user(who), result=published)
        assert (idea.get_absolute_url() in hr.get(at).content.decode()) == (who == "hr")


def test_a_verb_on_a_programme_is_told_as_done(cast, login, draft):
    told = login("hr").post(page("manage_verb", draft.slug, "publish"), follow=True)
    assert [str(message) for message in told.context["messages"]] == [f"Dərc edilib: {draft.title}"]


def test_what_another_answer_calls_for_is_not_called_optional(cast, login):
    page = login("hr").get(f"{reverse('internships:manage_new')}?lang=en")
    html = page.content.decode()
    marked = {
        name: "(optional)" in html.split(f'for="id_{name}"')[1].split("</label>")[0]
        for name in ("practice_type", "title_en")
    }
    assert marked == {"practice_type": False, "title_en": True}
    assert html.count("Needed where it is paid.") == 1
