"""Studies change after an application is sent: the rules are asked again, what was kept stays."""

from decimal import Decimal

import pytest
from django.urls import reverse

from internships import actions, eligibility
from internships.enums import ApplicationState as A
from internships.tests import makers
from internships.workflow import APPLICATION
from partnerships.common.refusals import Blocked
from partnerships.directory.models import Study

pytestmark = pytest.mark.django_db


@pytest.fixture
def demanding(cast):
    """One place that asks for year 3 and a GPA of 80; the cast's students have 4 and 85."""
    return makers.programme(cast, seats=1, position={"min_year": 3, "min_gpa": Decimal(80)})


def becomes(cast, who="student", **values):
    Study.objects.filter(affiliation__person=getattr(cast, who)).update(**values)


def offer_of(application, user):
    shown = APPLICATION.available(makers.again(application), user)
    return next(found.refusal for found in shown if found.name == "offer")


def test_an_offer_is_blocked_with_the_rule_that_the_student_no_longer_meets(cast, demanding, english):
    application = makers.endorsed(cast, demanding)
    assert offer_of(application, cast.user("hr")) is None
    becomes(cast, gpa=Decimal("79.5"))
    with pytest.raises(Blocked) as blocked:
        actions.offer(application, actor=cast.user("hr"))
    assert blocked.value.refusal.code == "not_eligible"
    assert (
        str(blocked.value.refusal.reason)
        == "Yarımstansiyaların istismarı: GPA: at least 80; theirs: 79.5"
        == str(offer_of(application, cast.user("hr")).reason)
    )
    assert makers.again(application).state == A.IN_REVIEW
    assert makers.vacancy(demanding).pool.taken == 0


def test_of_two_choices_the_one_that_still_takes_the_student_is_offered(cast, demanding, english):
    easy = makers.place(cast, demanding, unit=cast.aran, title_az="Kabel", seats=1)
    hard = makers.vacancy(demanding)
    application = makers.endorsed(cast, demanding, "student", hard, easy)
    becomes(cast, year=2)
    with pytest.raises(Blocked) as blocked:
        actions.offer(application, actor=cast.user("hr"), vacancy=hard)
    assert "Year of study: at least 3; theirs: 2" in str(blocked.value.refusal.reason)
    assert actions.offer(application, actor=cast.user("hr")).offered_vacancy == easy


def test_a_place_that_fits_but_is_full_does_not_open_the_one_that_does_not_fit(cast, demanding):
    easy = makers.place(cast, demanding, unit=cast.aran, title_az="Kabel", seats=1)
    makers.offered(cast, demanding, "colleague", easy)
    application = makers.endorsed(cast, demanding, "student", makers.vacancy(demanding), easy)
    becomes(cast, year=2)
    with pytest.raises(Blocked) as blocked:
        actions.offer(application, actor=cast.user("hr"))
    assert blocked.value.refusal.code == "not_eligible"


def test_who_no_longer_fits_is_passed_over_in_the_line_and_stays_in_it(cast, demanding):
    holder = makers.offered(cast, demanding, "student")
    first = makers.waitlisted(cast, demanding, "colleague")
    second = makers.waitlisted(cast, demanding, "student2")
    becomes(cast, "colleague", year=1)
    actions.decline(holder, actor=cast.user("student"))
    assert (makers.again(first).state, makers.again(second).state) == (A.WAITLISTED, A.OFFERED)
    becomes(cast, "colleague", year=4)
    actions.decline(second, actor=cast.user("student2"))
    assert makers.again(first).state == A.OFFERED


def test_the_company_reads_what_has_changed_and_the_snapshot_stays(cast, demanding, english, login):
    application = makers.endorsed(cast, demanding)
    assert eligibility.drift(makers.again(application)) == []
    kept = makers.again(application).eligibility
    becomes(cast, year=2, gpa=Decimal("79.5"))
    found = eligibility.drift(makers.again(application))
    assert [(row.label, row.before, row.now) for row in found] == [
        ("Year of study", "4", "2"),
        ("GPA", "85", "79.5"),
    ]
    assert makers.again(application).eligibility == kept
    hr = login("hr")
    desk = hr.get(reverse("internships:decide"), {"application": application.uid})
    for page in (desk, hr.get(application.get_absolute_url())):
        assert page.context["drift"] == found
        assert "Changed since it was sent" in page.content.decode()


def test_a_draft_and_an_unchanged_application_show_no_change(cast, demanding, login):
    application = makers.draft(cast, demanding)
    becomes(cast, year=4)
    assert login("student").get(application.get_absolute_url()).context["drift"] == []
