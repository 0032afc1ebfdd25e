"""What home says first to who is the first of a university or company: until it is done."""

import pytest

from internships.enums import ApplicationState
from internships.models import Application, Programme
from internships.tests import makers
from partnerships.agreements.tests import makers as agreements
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation
from partnerships.testing import factories as make

pytestmark = pytest.mark.django_db
AT_HOME = 2 + 3 + 1  # session and account; person, roles, unread; one that asks all sources

BRING, INVITE, AGREEMENT, LOOK = (
    "Tələbələrinizi əlavə edin",
    "Tələbələri və həmkarları kodla dəvət edin",
    "Çərçivə sazişi hələ yoxdur",
    "Tələbələriniz üçün açıq yerlərə baxın",
)


@pytest.fixture
def newcomer(cast):
    """A university of which nobody has come but its first coordinator."""
    university = make.organization("Mingəçevir Dövlət Universiteti", "university")
    Affiliation.objects.filter(person=cast.stranger).delete()
    make.affiliation(cast.stranger, university, Role.COORDINATOR)
    return university


def steps(login, who="stranger"):
    page = login(who).get("/home/").content.decode()
    told = (BRING, INVITE, AGREEMENT, LOOK)
    assert ("İlk addımlar" in page) == any(line in page for line in told)
    return [line for line in told if line in page]


def test_a_new_coordinator_reads_the_first_steps_until_each_is_done(cast, login, newcomer):
    assert steps(login) == [BRING, INVITE, AGREEMENT, LOOK]
    english = login("stranger").get("/home/?lang=en").content.decode()
    assert "First steps" in english
    assert "Bring your students" in english
    login("stranger").get("/home/?lang=az")
    make.affiliation(cast.colleague, newcomer, Role.STUDENT, state=AffiliationState.REQUESTED)
    assert steps(login) == [AGREEMENT, LOOK]
    agreements.sent(cast, university=newcomer)
    assert steps(login) == [LOOK]
    made = makers.draft(cast, makers.programme(cast), "colleague")
    Application.objects.filter(pk=made.pk).update(university=newcomer)
    assert steps(login) == [LOOK]  # a draft is its student's alone
    Application.objects.filter(pk=made.pk).update(state=ApplicationState.SUBMITTED)
    assert steps(login) == []


def test_whoever_has_work_already_reads_no_first_steps(cast, login):
    makers.sent(cast, makers.programme(cast))
    assert {who: steps(login, who) for who in ("student", "mentor", "supervisor", "expert", "rector")} == {
        who: [] for who in ("student", "mentor", "supervisor", "expert", "rector")
    }
    assert steps(login, "coordinator2") != []  # its students have not applied


def test_human_resources_that_offer_nothing_yet_are_led_to_it(cast, login):
    words = "Təcrübə yerləri təklif edin"
    assert words in login("hr").get("/home/").content.decode()
    makers.programme(cast)
    assert Programme.objects.exists()
    assert words not in login("hr").get("/home/").content.decode()
    assert words in login("hr2").get("/home/").content.decode()


def test_first_steps_cost_home_no_query(cast, login, newcomer, settings, django_assert_num_queries):
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    client = login("stranger")
    client.get("/menu/")
    with django_assert_num_queries(AT_HOME):
        client.get("/home/")
