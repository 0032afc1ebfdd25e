"""Places of a company's programme: positions, periods, seats and quotas."""

from datetime import date

from django.urls import reverse

from internships import actions
from internships.models import Position
from internships.tests import makers


def page(name, *args):
    return reverse(f"internships:{name}", args=args)


def test_positions_and_periods_stand_on_the_page_before_they_have_a_place(cast, login, draft):
    actions.add_position(draft, actor=cast.user("hr"), unit=cast.substation, title_az="Laboratoriya")
    autumn = ("Payız", "Autumn", date(2027, 9, 1), date(2027, 10, 15))
    summer = ("Yay", "Summer", date(2027, 6, 15), date(2027, 7, 31))
    actions.set_periods(draft, [autumn, summer], actor=cast.user("hr"))
    shown = login("hr").get(page("manage_programme", draft.slug)).context
    assert [(one.title_az, len(one.places)) for one in shown["positions"]] == [
        ("Yarımstansiyaların istismarı", 1),
        ("Laboratoriya", 0),
    ]
    assert [one.name_az for one in shown["periods"]] == ["Yay", "Payız"]


def test_a_position_edited_by_two_shows_the_difference_too(cast, login, draft):
    position = draft.positions.get()
    sent = {"unit": position.unit_id, "title_az": "Mənim adım", "min_year": 1, "version": position.version}
    actions.update_position(Position.objects.get(), actor=cast.user("hr"), title_az="Onun adı")
    response = login("hr").post(page("manage_position", position.uid), sent)
    assert response.status_code == 409
    assert [found.theirs for found in response.context["form"].differences] == ["Onun adı"]


def test_seats_below_what_is_taken_are_refused_and_the_number_kept(cast, login, published):
    makers.offered(cast, published)
    vacancy = makers.vacancy(published)
    address = page("manage_seats", vacancy.position.uid, vacancy.period_id)
    values = {"capacity": 0, "quotas-TOTAL_FORMS": 0, "quotas-INITIAL_FORMS": 0}
    response = login("hr").post(address, values)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["capacity"])
    assert makers.vacancy(published).pool.capacity == 2


def test_seats_and_quotas_that_are_both_wrong_are_both_told_on_their_fields(cast, login, published):
    makers.offered(cast, published)
    vacancy = makers.vacancy(published)
    address = page("manage_seats", vacancy.position.uid, vacancy.period_id)
    rows = {"quotas-TOTAL_FORMS": 2, "quotas-INITIAL_FORMS": 0, "quotas-0-places": 5}
    response = login("hr").post(address, {"capacity": 0, **rows, "quotas-1-university": cast.aztu.pk})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["capacity"]
    assert [sorted(row.errors) for row in response.context["rows"]] == [["places", "university"], ["places"]]


def test_a_period_with_places_stays_and_the_others_keep_theirs(cast, login, draft):
    used = draft.periods.get()
    rows = {
        "periods-TOTAL_FORMS": 2,
        "periods-INITIAL_FORMS": 1,
        "periods-0-key": used.pk,
        "periods-0-name_az": used.name_az,
        "periods-0-starts": "2027-06-15",
        "periods-0-ends": "2027-07-31",
        "periods-1-name_az": "Avqust",
        "periods-1-starts": "2027-08-01",
        "periods-1-ends": "2027-08-31",
    }
    hr, address = login("hr"), page("manage_periods", draft.slug)
    assert hr.post(address, rows).status_code == 302
    assert [period.name_az for period in draft.periods.all()] == ["Yay", "Avqust"]
    response = hr.post(address, {**rows, "periods-0-DELETE": "on"})
    assert (response.status_code, bool(response.context["refusal"])) == (422, True)
    assert draft.vacancies().get().period == used


def test_a_unit_or_mentor_of_another_company_is_no_choice(cast, login, draft):
    values = {"title_az": "Yer", "min_year": 1, "version": 1}
    hr, address = login("hr"), page("manage_position_new", draft.slug)
    foreign = hr.post(address, {**values, "unit": cast.other_plant.pk})
    assert (foreign.status_code, list(foreign.context["form"].errors)) == (422, ["unit"])
    mentor = hr.post(address, {**values, "unit": cast.baki.pk, "mentors": [cast.mentor2.pk]})
    assert (mentor.status_code, list(mentor.context["form"].errors)) == (422, ["mentors"])
    assert draft.positions.count() == 1


def test_a_chosen_position_is_not_taken_out(cast, login, published):
    makers.draft(cast, published)
    position = published.positions.get()
    login("hr").post(page("manage_position_remove", position.uid))
    assert published.positions.count() == 1
    makers.place(cast, published, title_az="Boş yer")
    login("hr").post(page("manage_position_remove", published.positions.last().uid))
    assert published.positions.count() == 1


def test_a_quota_above_the_seats_is_refused_and_nothing_is_kept(cast, login, draft):
    position, period = draft.positions.get(), draft.periods.get()
    address = page("manage_seats", position.uid, period.pk)
    rows = {
        "quotas-TOTAL_FORMS": 1,
        "quotas-INITIAL_FORMS": 0,
        "quotas-0-university": cast.aztu.pk,
        "quotas-0-places": 5,
    }
    refused = login("hr").post(address, {"capacity": 4, **rows})
    assert refused.status_code == 422
    assert refused.context["rows"][0].errors == {"places": ["Kvota yerlərin sayından çox ola bilməz."]}
    pool = position.vacancies.get().pool
    assert (pool.capacity, pool.quotas.count()) == (2, 0)
    # What is wrong with the seats and with each quota stands in one list above them.
    many = login("hr").post(address, {"capacity": 9999, **rows, "quotas-0-places": 9999}).content.decode()
    assert many.count("error-summary") == 1
    assert login("hr").post(address, {"capacity": 5, **rows}).status_code == 302
