"""The places of a programme from a table."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from internships import import_positions
from internships.models import Position, Vacancy
from internships.tests import makers
from partnerships.common.refusals import Refused
from partnerships.testing import tables
from partnerships.testing.tables import confirm, fates

HEAD = ["№", "Təcrübə yeri", "Müəssisə", "Yerlərin sayı", "İxtisas", "Mentor", "Kurs"]


@pytest.fixture
def summer(cast):
    return makers.programme(cast, published=False, seats=2)


def bring(cast, programme, rows, who="hr"):
    context = {"programme": programme.pk}
    return tables.bring(import_positions.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def test_places_are_added_with_seats_and_those_that_are_there_follow_the_table(cast, summer):
    there = Position.objects.get(programme=summer)
    rows = [
        [1, "Rele mühafizəsi", cast.baki.name, 4, "", cast.mentor.email, "III"],
        [2, there.title_az, there.unit.name, 5, "", "", ""],
        [3, "Başqa yer", "Yoxdur", 4, "", "", ""],
        [4, "Başqa yer", cast.baki.name, "çox", "", "", ""],
        [5, "Başqa yer", cast.baki.name, 1, "999999", "yad@x.example", ""],
        [6, "rele mühafizəsi", cast.baki.name, 4, "", "", ""],
    ]
    run = bring(cast, summer, rows)
    assert fates(run) == ["add", "change", "refuse", "refuse", "refuse", "refuse"]
    unknown = run.rows.order_by("number")[4].errors
    assert unknown["specialties"][0].endswith(
        "999999. İxtisasın şifrini və ya adını portalda olduğu kimi yazın."
    )
    confirm(run)
    made = Position.objects.get(title_az="Rele mühafizəsi")
    assert (made.unit, made.min_year, list(made.mentors.all())) == (cast.baki, 3, [cast.mentor])
    seats = dict(Vacancy.objects.filter(position__programme=summer).values_list("position", "pool__capacity"))
    assert seats == {made.pk: 4, there.pk: 5}
    assert fates(bring(cast, summer, rows[:2])) == ["nothing", "nothing"]


def test_names_of_periods_are_said_in_the_language_of_the_reader(cast, summer):
    row = [1, "Rele mühafizəsi", cast.baki.name, 4, "", "", ""]
    heads = [*HEAD, "Dövr"]
    table, context = [heads, [*row, "Payız"], [*row, "Yay"]], {"programme": summer.pk}
    run = tables.bring(import_positions.KIND, table, context=context, actor=cast.user("hr"))
    told = {}
    for language in ("az", "en"):
        with override(language):
            wrong, right = run.rows.order_by("number")
            told[language] = (wrong.errors["period"][0].split(": ")[1], right.fate_text.split(",")[0])
    assert told == {"az": ("Yay.", "Yay"), "en": ("Summer.", "Summer")}


@pytest.mark.parametrize("who", ["hr2", "coordinator", "mentor", "admin"])
def test_a_programme_of_another_company_is_not_there(cast, login, summer, who):
    assert login(who).get(reverse("internships:import_positions", args=[summer.slug])).status_code == 404
    with pytest.raises(Refused):
        bring(cast, summer, [[1, "A", cast.baki.name, 4, "", "", ""]], who)
