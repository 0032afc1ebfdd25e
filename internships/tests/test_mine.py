"""My applications: the list of one's own, whose move each is, at a constant price."""

from datetime import timedelta

import pytest
from django.urls import reverse

from internships.enums import ApplicationState as A
from internships.models import Application, Interview
from internships.tests import makers
from partnerships.directory.models import Affiliation

pytestmark = pytest.mark.usefixtures("english")


def test_mine_is_an_invitation_while_empty_and_then_tells_whose_move_it_is(cast, made, login):
    client = login("student")
    empty = client.get("/internships/mine/").content.decode()
    assert 'href="/internships/"' in empty
    makers.sent(cast, made)
    rows = client.get("/internships/mine/").context["rows"]
    assert [(str(row.label), row.move.mine) for row in rows] == [("At the university", False)]


def test_mine_shows_nobody_elses(cast, made, login):
    makers.sent(cast, made, "colleague")
    for who in ("student", "stranger"):
        assert login(who).get("/internships/mine/").context["rows"] == [], who
    for who in ("coordinator", "hr", "admin"):  # who cannot apply is led to the open places
        assert login(who).get("/internships/mine/").url == "/internships/", who


def test_mine_costs_the_same_at_two_sizes(cast, login, django_assert_max_num_queries):
    client = login("student")

    def cost():
        client.get("/internships/mine/")
        with django_assert_max_num_queries(15) as counted:
            client.get("/internships/mine/")
        return len(counted)

    makers.waitlisted(cast, makers.programme(cast, title="Bir"))
    makers.offered(cast, makers.programme(cast, title="İki"))
    small = cost()
    for title in ("Üç", "Dörd", "Beş"):
        makers.waitlisted(cast, makers.programme(cast, title=title))
    assert cost() == small


def test_a_person_with_studies_refused_is_asked_again(cast, made, login):
    Affiliation.objects.filter(person=cast.student).update(state="refused")
    answer = login("student").get(f"/internships/places/{makers.vacancy(made).uid}/apply/")
    assert answer.url.startswith("/profile/university/")


def test_the_list_of_ones_own_asks_the_same_at_any_length(cast, login, django_assert_num_queries):
    client, url = login("student"), reverse("internships:mine")
    for title in ("Yay təcrübəsi", "Qış təcrübəsi"):
        makers.sent(cast, makers.programme(cast, title=title), "student")
        client.get(url)
        with django_assert_num_queries(10):
            page = client.get(url)
        assert title in page.content.decode()
    assert len(page.context["rows"]) == 2
    # A talk about each, over and not written up.
    for n, row in enumerate(Application.objects.filter(person=cast.student)):
        begun = row.created - timedelta(days=n + 1)
        Interview.objects.create(
            application=row,
            candidate=cast.student,
            programme=row.programme,
            interviewer=cast.hr,
            starts=begun,
            ends=begun + timedelta(hours=1),
            place=f"Otaq {row.pk}",
        )
    Application.objects.filter(person=cast.student).update(state=A.INTERVIEW)
    with django_assert_num_queries(10):
        assert client.get(url).status_code == 200
