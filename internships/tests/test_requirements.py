"""What a programme's page says that its places ask for, before one opens a place."""

from decimal import Decimal

import pytest

from internships import actions
from internships.tests import makers
from partnerships.directory.models import Specialty

pytestmark = pytest.mark.usefixtures("english")


def told(client, made):
    return dict(client.get(made.get_absolute_url()).context["requirements"])


def test_what_all_places_ask_is_said_once_and_what_differs_hangs_on_the_place(cast, client):
    first, second = (
        Specialty.objects.create(code=code, name=name, name_en=name)
        for code, name in (("050801", "Elektrik"), ("050802", "Avtomatika"))
    )
    made = makers.programme(
        cast, max_choices=3,
        position={"min_year": 3, "degrees": ["bachelor"], "min_gpa": Decimal(70), "specialties": [first]},
    )  # fmt: skip
    assert told(client, made) == {
        "Specialty": str(first),
        "Level": "Bachelor",
        "Year of study": "from year 3",
        "GPA": "from 70",
        "Citizenship": "citizens of Azerbaijan",
        "How many you may choose": "1 place",
    }
    makers.place(
        cast, made, title_az="Dispetçer", min_year=3, degrees=["bachelor"], min_gpa=Decimal("80.5"),
        specialties=[first, second], full_time_only=True, citizens_only=True,
    )  # fmt: skip
    assert told(client, made) == {
        "Specialty": f"by the place: {first}; {second}",
        "Level": "Bachelor",
        "Year of study": "from year 3",
        "GPA": "by the place: from 70; from 80.5",
        "Mode of study": "by the place: full-time; some places do not ask this",
        "Citizenship": "by the place: citizens of Azerbaijan; "
        "citizens of Azerbaijan: the site is a protected one",
        "How many you may choose": "up to 2 places, in your order of preference",
    }


def test_rules_and_questions_of_the_whole_programme_stand_there_too(cast, client):
    made = makers.programme(cast)
    actions.save_rule(made, actor=cast.user("hr"), fact="year", test="at_least", number=Decimal(2))
    made = makers.fresh(made)
    actions.save_question(made, actor=cast.user("hr"), kind="text", label_az="Niyə?", label_en="Why <us>?")
    page = client.get(made.get_absolute_url())
    assert ("Year of study", "at least 2") in page.context["requirements"]
    assert ("Why &lt;us&gt;?" in page.text, "(optional)" in page.text) == (True, True)


def test_whom_a_university_nominates_chooses_nothing(cast, client):
    made = makers.programme(cast, kind="practice")
    assert set(told(client, made)) == {"Citizenship"}


@pytest.mark.parametrize("more", [0, 12])
def test_a_programmes_page_costs_the_same_at_any_number_of_places(
    cast, client, more, django_assert_num_queries
):
    made = makers.programme(cast)
    specialty = Specialty.objects.create(code="050801", name="Elektrik")
    for n in range(more):
        makers.place(cast, made, title_az=f"Yer {n}", specialties=[specialty])
    client.get(made.get_absolute_url())
    with django_assert_num_queries(4):
        client.get(made.get_absolute_url())
