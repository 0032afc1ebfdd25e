"""What everybody may read, and what a signed-in student is told before applying."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from internships import actions
from internships.filters import PlaceFilter, open_places
from internships.models import Programme, Vacancy
from internships.tests import makers
from internships.views.public import ORDER
from internships.whole_place import programme_at
from partnerships.common.clock import today
from partnerships.common.paging import in_order
from partnerships.directory.enums import StudyMode
from partnerships.directory.models import Organization
from partnerships.ideas import actions as ideas
from partnerships.testing import factories as make

pytestmark = pytest.mark.usefixtures("english")


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def titles(client, query=""):
    page = client.get(f"/internships/{query}").context["page"]
    return [vacancy.position.title for vacancy in page.rows]


def test_a_visitor_reads_the_direction_a_programme_and_a_place(cast, made):
    client = Client()
    assert "Yarımstansiyaların istismarı" in text_of(client.get("/internships/"))
    assert "Yay internshipi 2027" in text_of(client.get(made.get_absolute_url()))
    page = text_of(client.get(makers.vacancy(made).get_absolute_url()))
    assert "3 of 3 seats are free" in page
    assert "account_signup" not in page
    assert f'action="/internships/places/{makers.vacancy(made).uid}/apply/"' in page


def test_mentors_are_not_named_in_public(cast, made):
    actions.update_position(makers.vacancy(made).position, actor=cast.user("hr"), mentors=[cast.mentor])
    assert cast.mentor.family_name not in text_of(Client().get(makers.vacancy(made).get_absolute_url()))


def test_a_draft_programme_and_its_places_are_404_to_all_but_its_company(cast, login):
    made = makers.programme(cast, published=False)
    for path in (made.get_absolute_url(), makers.vacancy(made).get_absolute_url()):
        assert Client().get(path).status_code == 404
        assert login("student").get(path).status_code == 404
        assert login("hr2").get(path).status_code == 404
        assert login("hr").get(path).status_code == 200


def test_everybody_is_shown_the_programmes_that_they_see(cast, made):
    draft = makers.programme(cast, published=False)
    for name in cast.people():
        user = cast.user(name)
        for one in (made, draft):
            seen = Programme.objects.visible_to(user).filter(slug=one.slug).first()
            assert programme_at(user, one.slug) == seen, name
    assert programme_at(cast.user("hr"), draft.slug)
    assert not programme_at(cast.user("hr2"), draft.slug)


def test_the_list_and_its_choices_are_the_same_in_kept_words_and_in_their_own(cast, made):
    makers.place(cast, made, title_az="Kabel şəbəkəsi", unit=cast.aran, specialties=[])
    shut = makers.programme(cast, published=False)
    kept, plain = (
        PlaceFilter(QueryDict("pay=paid")),
        PlaceFilter(QueryDict("pay=paid"), Vacancy.objects.open()),
    )
    assert (kept.pills, kept.menus, kept.total) == (plain.pills, plain.menus, plain.total)
    rows = in_order(PlaceFilter(QueryDict()).rows(), ORDER)
    told = [(row.pk, row.closes, row.free) for row in open_places(ORDER)]
    assert told == [(row.pk, row.closes, row.free) for row in rows]
    assert len(told) == kept.total == 2
    assert makers.vacancy(shut).pk not in [key for key, *_row in told]


def test_search_forgives_letters_and_reads_title_unit_company_specialty_and_skill(cast, made):
    makers.place(cast, made, title_az="Kabel şəbəkəsi", unit=cast.aran)
    client = Client()
    assert titles(client, "?q=YARIMSTANSIYALARIN") == ["Yarımstansiyaların istismarı"]
    assert titles(client, "?q=kabel+sebekesi") == ["Kabel şəbəkəsi"]
    assert titles(client, "?q=yasamal") == ["Yarımstansiyaların istismarı"]
    assert len(titles(client, "?q=azerisiq")) == 2
    assert titles(client, "?q=nothing-like-this") == []
    assert titles(client, "?q=%25") == []


def test_filters_narrow_and_unknown_values_narrow_nothing(cast, made):
    makers.programme(
        cast, by="hr2", host=cast.other_company, unit=cast.other_plant, kind="practice", paid=True
    )
    client = Client()
    assert len(titles(client)) == 2
    assert len(titles(client, "?kind=practice")) == 1
    assert len(titles(client, "?pay=paid")) == 1
    assert len(titles(client, f"?unit={cast.other_plant.slug}")) == 1
    assert len(titles(client, "?period=2027-06")) == 2
    assert (
        len(titles(client, "?kind=piracy&pay=lots&unit=x&city=y&specialty=z&period=1999-01&after=rubbish"))
        == 2
    )


def test_a_specialty_finds_its_places_and_those_that_ask_for_none(cast, made):
    wanted = make.specialty("050628", "İnformasiya texnologiyaları")
    other = make.specialty()
    makers.place(cast, made, title_az="Ağıllı sayğaclar", specialties=[wanted])
    makers.place(cast, made, title_az="Relə mühafizəsi", specialties=[other])
    assert titles(Client(), "?specialty=050628") == ["Yarımstansiyaların istismarı", "Ağıllı sayğaclar"]


def test_nothing_open_and_nothing_found_both_say_what_to_do(cast):
    assert 'href="/calendar/"' in text_of(Client().get("/internships/"))
    makers.programme(cast)
    assert 'href="/internships/"' in text_of(Client().get("/internships/?q=zzz"))


def test_pages_of_places_lead_on_and_back(cast, made):
    for number in range(24):
        makers.place(cast, made, title_az=f"Yer {number}", seats=1)
    client = Client()
    first = client.get("/internships/").context
    second = client.get(f"/internships/{first['pages']['next_url']}").context
    assert (len(first["page"].rows), len(second["page"].rows)) == (20, 5)
    back = client.get(f"/internships/{second['pages']['previous_url']}").context
    assert [row.pk for row in back["page"].rows] == [row.pk for row in first["page"].rows]


def test_a_closed_programme_offers_no_button_and_says_so(cast, made, time_machine_at):
    path = makers.vacancy(made).get_absolute_url()
    with time_machine_at(timezone.now() + timedelta(days=11)):
        page = text_of(Client().get(path))
        assert "This programme takes no applications now." in page
        assert "/apply/" not in page
        assert titles(Client()) == []


@pytest.fixture
def time_machine_at():
    import time_machine

    return lambda moment: time_machine.travel(moment, tick=True)


def test_a_student_reads_which_rule_is_not_met_with_both_values_and_what_to_do(cast, made, login):
    vacancy = makers.place(
        cast, made, title_az="Relə mühafizəsi", min_gpa=90, min_year=3, full_time_only=True
    )
    study = cast.study("student")
    study.mode = StudyMode.PART_TIME
    study.save()
    page = login("student").get(vacancy.get_absolute_url())
    rules = {rule.text: (rule.ok, bool(rule.advice)) for rule in page.context["standing"].rules}
    assert rules == {
        "Year of study: at least 3; yours: 4": (True, False),
        "GPA: at least 90; yours: 85": (False, True),
        "Only full-time students": (False, True),
    }
    assert f'action="/internships/places/{vacancy.uid}/apply/"' not in page.content.decode()
    assert "profile/university" in page.content.decode()


def test_a_full_place_may_still_be_applied_for(cast, made, login):
    vacancy = makers.place(cast, made, title_az="Tək yer", seats=1)
    makers.offered(cast, made, "student2", vacancy)
    page = login("student").get(vacancy.get_absolute_url())
    assert page.context["standing"].fits
    assert "All seats are taken" in page.content.decode()
    assert f'action="/internships/places/{vacancy.uid}/apply/"' in page.content.decode()


def test_whoever_works_here_is_not_asked_to_apply(cast, made, login):
    vacancy = makers.vacancy(made)
    for who in ("hr", "coordinator", "mentor"):
        page = login(who).get(vacancy.get_absolute_url())
        assert "/apply/" not in page.content.decode(), who
    answer = login("hr").post(f"/internships/places/{vacancy.uid}/apply/")
    assert answer.url == vacancy.get_absolute_url()
    assert made.applications.count() == 0


def test_english_pages_show_untranslated_texts_in_azerbaijani_and_say_so(cast):
    made = makers.programme(cast, title="Yay təcrübəsi", title_en="Summer practice")
    page = text_of(Client().get(f"{made.get_absolute_url()}?lang=en"))
    assert "Summer practice" in page
    assert '<span lang="az">Elektrik şəbəkəsində altı həftə</span>' in page
    assert "Not yet in English" in page
    place = text_of(Client().get(f"{makers.vacancy(made).get_absolute_url()}?lang=en"))
    assert '<span lang="az">Yarımstansiyaların istismarı</span>' in place
    azeri = text_of(Client().get(f"{made.get_absolute_url()}?lang=az"))
    assert 'span lang="az"' not in azeri


def test_script_in_a_text_is_shown_as_text(cast):
    bad = "<script>alert(1)</script>"
    made = makers.programme(
        cast, title=f"Yay {bad}", description_az=bad, position={"title_az": bad, "tasks_az": bad}
    )
    for path in ("/internships/", made.get_absolute_url(), makers.vacancy(made).get_absolute_url()):
        page = text_of(Client().get(path + "?q=<script>alert(1)</script>"))
        assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in text_of(Client().get(f"{made.get_absolute_url()}?lang=en"))


@pytest.mark.parametrize(
    "query", ["?q=" + "a" * 5000, "?q=%00", "?q=😀", "?q=\u202eabc", "?after=%ff&before=1", "?kind=%00"]
)
def test_odd_addresses_are_answered(cast, made, query):
    assert Client().get(f"/internships/{query}").status_code == 200


def queries(client, path, django_assert_max_num_queries, most):
    client.get(path)  # the shell keeps its counts for a while
    with django_assert_max_num_queries(most) as counted:
        client.get(path)
    return len(counted)


@pytest.mark.parametrize("who", ["visitor", "student"])
def test_lists_and_places_cost_the_same_at_two_sizes(cast, made, login, who, django_assert_max_num_queries):
    client = Client() if who == "visitor" else login(who)
    makers.place(cast, made, title_az="Yarımstansiyada növbə")
    paths = {
        "/internships/": 12,
        "/internships/?q=yarim": 12,
        made.get_absolute_url(): 12,
        makers.vacancy(made).get_absolute_url(): 15,
    }
    small = {path: queries(client, path, django_assert_max_num_queries, most) for path, most in paths.items()}
    for number in range(4):
        makers.place(
            cast, made, title_az=f"Yarımstansiya {number}", specialties=[make.specialty()], min_gpa=50
        )
    assert {p: queries(client, p, django_assert_max_num_queries, most) for p, most in paths.items()} == small


def test_a_place_is_found_by_the_title_of_its_programme_in_either_language(cast, made):
    made.title_az, made.title_en = "Qış məktəbi", "Winter school"
    made.save()
    other = makers.programme(cast, title="Payız")
    for asked in ("qis mektebi", "winter"):
        assert Client().get("/internships/", {"q": asked}).context["found"] == 1
    assert Client().get("/internships/", {"q": "payiz"}).context["page"].rows == [makers.vacancy(other)]


def test_periods_of_another_month_are_told_apart(cast, made):
    later = makers.programme(cast, title="Payız", published=False)
    actions.set_periods(
        later, [("Payız", "Autumn", date(2027, 9, 15), date(2027, 10, 30))], actor=cast.user("hr")
    )
    actions.publish(makers.fresh(later), actor=cast.user("hr"))
    assert len(titles(Client(), "?period=2027-09")) == 1


def test_pay_is_said_in_the_language_of_the_page_or_marked_as_azerbaijani(cast):
    made = makers.programme(cast, paid=True, stipend_az="Ayda 400 ₼", stipend_en="400 ₼ a month")
    place = makers.vacancy(made).get_absolute_url()
    english = text_of(Client().get(f"{place}?lang=en"))
    assert ("400 ₼ a month" in english, "Ayda 400 ₼" in english) == (True, False)
    assert "Ayda 400 ₼" in text_of(Client().get(f"{place}?lang=az"))
    made.stipend_en = ""
    made.save(update_fields=["stipend_en"])
    assert '<span lang="az">Ayda 400 ₼</span>' in text_of(Client().get(f"{place}?lang=en"))


def test_the_page_of_a_programme_names_the_idea_it_grew_from_to_who_sees_that_idea(cast, login, client):
    programme, manager = makers.programme(cast), cast.user("partnerships")
    idea = ideas.note(
        actor=manager, title="Birgə relə laboratoriyası", next_step="Dekana zəng", next_on=today()
    )
    ideas.become(idea, actor=manager, result=programme)
    page = programme.get_absolute_url()
    told = {
        who: idea.title in login(who).get(page).text for who in ("partnerships", "coordinator", "student")
    }
    assert told == {"partnerships": True, "coordinator": False, "student": False}
    assert idea.title not in client.get(page).text
    # A link in a line: as a block of its own it is drawn over its label on a phone.
    link = f'<dd><a href="{idea.get_absolute_url()}" dir="auto">{idea.title}</a></dd>'
    assert link in login("partnerships").get(page).text


def test_the_map_of_open_places_leads_to_lists_of_as_many(cast, made):
    for node, city in ((cast.azerisiq, "Bakı"), (cast.substation, ""), (cast.aran, "Şirvan")):
        Organization.objects.filter(pk=node.pk).update(city=city)
    makers.programme(cast, unit=cast.aran)
    client = Client()
    for query in ("", "?pay=paid", "?city=sirvan", "?q=yarim"):
        spots = client.get(f"/internships/map/{query}").context["atlas"].spots
        for spot in spots:
            assert client.get(spot.url).context["found"] == spot.count, spot.url
    assert {spot.place.key for spot in client.get("/internships/map/").context["atlas"].spots} == {
        "AZ-Bakı",
        "AZ-Şirvan",
    }


def test_the_map_says_what_is_missing_when_nothing_is_open(db):
    assert "No place is open just now" in text_of(Client().get("/internships/map/"))
    assert "No open place is like this" in text_of(Client().get("/internships/map/?q=zzzz"))
