"""The verbs of an application on its page: who is offered which, what refuses them, what an answer costs."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from internships import actions
from internships.enums import ApplicationState as A
from internships.forms.acts import PlainForm
from internships.tests import makers
from internships.tests.applications import names, url
from internships.views.acts import ACTS, COMPANY
from internships.views.placing import acts as placing
from internships.views.placing import concerns
from partnerships.calls.models import Step
from partnerships.common.clock import baku_date, day_in_words
from partnerships.common.refusals import Blocked

pytestmark = pytest.mark.usefixtures("english")


def test_endorse_is_one_press(cast, made, login):
    application = makers.sent(cast, made)
    assert login("coordinator").post(url(application, "endorse")).url == application.get_absolute_url()
    assert makers.again(application).state == A.IN_REVIEW


def test_a_verb_is_done_by_post_alone(cast, made, login):
    application = makers.sent(cast, made)
    for verb in ("endorse", "return", "not_endorse"):
        assert login("coordinator").get(url(application, verb)).status_code == 200
    assert login("student").get(url(application, "withdraw")).status_code == 200
    assert makers.again(application).state == A.SUBMITTED


@pytest.mark.parametrize("verb", ["return", "not_endorse"])
def test_a_verb_that_needs_a_reason_asks_for_it_and_keeps_what_was_typed(cast, made, login, verb):
    application = makers.sent(cast, made)
    client = login("coordinator")
    for note in ("", "   "):
        answer = client.post(url(application, verb), {"note": note})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["note"]
    answer = client.post(url(application, verb), {"note": "ə" * 2001})
    assert answer.status_code == 422
    assert "ə" * 2001 in answer.content.decode()
    assert client.post(url(application, verb), {"note": "Səbəb"}).status_code == 302
    assert makers.again(application).state in (A.RETURNED, A.NOT_ENDORSED)


def test_a_second_press_finds_it_done_and_changes_nothing(cast, made, login):
    application = makers.sent(cast, made)
    client = login("coordinator")
    client.post(url(application, "endorse"))
    answer = client.post(url(application, "endorse"))
    assert answer.status_code == 409
    assert makers.again(application).state == A.IN_REVIEW
    assert client.get(url(application, "endorse")).url == application.get_absolute_url()


@pytest.mark.parametrize("who", ["student2", "coordinator2", "hr2", "mentor", "stranger", "rector"])
def test_strangers_get_404_for_every_verb(cast, made, login, who):
    application = makers.offered(cast, made)
    client = login(who)
    for verb in [*ACTS, *COMPANY]:
        assert client.post(url(application, verb), {"note": "x"}).status_code == 404, verb
    assert makers.again(application).state == A.OFFERED


@pytest.mark.parametrize(
    ("who", "verb"),
    [("coordinator", "accept"), ("hr", "accept"), ("student", "revoke"), ("student", "endorse")],
)
def test_those_who_see_it_but_may_not_are_refused_with_403(cast, made, login, who, verb):
    application = makers.offered(cast, made)
    assert login(who).post(url(application, verb), {"note": "x"}).status_code == 403


@pytest.mark.parametrize(
    "verb", ["apply", "promote", "lapse", "supersede", "__class__", "delete", "interviewed"]
)
def test_what_the_table_does_not_name_is_404(cast, made, login, verb):
    application = makers.offered(cast, made)
    assert login("student").post(url(application, verb)).status_code == 404
    assert makers.again(application).state == A.OFFERED


def test_accepting_tells_beforehand_what_else_is_withdrawn_and_then_does_it(cast, made, login):
    application = makers.offered(cast, made)
    other = makers.sent(cast, makers.programme(cast, title="Payız proqramı"))
    client = login("student")
    page = client.get(url(application, "accept"))
    assert [rival.pk for rival in page.context["rivals"]] == [other.pk]
    assert "Payız proqramı" in page.content.decode()
    assert client.post(url(application, "accept")).status_code == 302
    assert makers.again(application).state == A.ACCEPTED
    assert makers.again(other).state == A.WITHDRAWN


def test_an_offer_that_ran_out_while_the_page_was_open_is_refused_on_the_page(cast, made, login):
    application = makers.offered(cast, made)
    client = login("student")
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        answer = client.post(url(application, "accept"))
        assert answer.status_code == 422
        assert "The time to answer this offer is over." in answer.content.decode()
    assert makers.again(application).state == A.OFFERED


def test_a_refusal_stands_at_the_head_of_the_page_with_its_reason(cast, made, login):
    refused, vouched = makers.endorsed(cast, made), makers.sent(cast, made, "colleague")
    actions.refuse(refused, actor=cast.user("hr"), code="stronger", note="Növbəti yay gəlin.")
    actions.not_endorse(vouched, actor=cast.user("coordinator"), note="Praktikası var.")
    asked = {
        (who, row.pk): login(who).get(row.get_absolute_url()).context["asked"]
        for who, row in (("student", refused), ("coordinator", refused), ("colleague", vouched))
    }
    assert asked == {
        ("student", refused.pk): "Reason: Others were stronger\nNövbəti yay gəlin.",
        ("coordinator", refused.pk): "",
        ("colleague", vouched.pk): "Praktikası var.",
    }


def test_withdrawing_keeps_the_words_and_resume_leads_to_the_draft(cast, made, login):
    application = makers.sent(cast, made)
    client = login("student")
    client.post(url(application, "withdraw"), {"note": "<script>alert(1)</script>"})
    assert makers.again(application).state == A.WITHDRAWN
    assert "<script>alert(1)" not in login("coordinator").get(url(application)).content.decode()
    assert client.post(url(application, "resume")).url == url(application, "edit")
    assert makers.again(application).state == A.DRAFT


def test_the_way_back_leads_nowhere_else(cast, made, login):
    application = makers.sent(cast, made)
    answer = login("coordinator").post(url(application, "endorse"), {"next": "https://evil.example/"})
    assert answer.url == application.get_absolute_url()
    other = makers.sent(cast, made, "colleague")
    answer = login("coordinator").post(url(other, "endorse"), {"next": "/internships/applications/?q=1"})
    assert answer.url == "/internships/applications/?q=1"


def test_a_practice_is_nominated_by_an_order_from_the_page(cast, login):
    made = makers.programme(cast, kind="practice", competition=True, title="İstehsalat təcrübəsi")
    application = makers.sent(cast, made)
    client = login("coordinator")
    assert "nominate" in names(client.get(url(application)))
    late = {"number": "12-S", "day": (timezone.localdate() + timedelta(days=2)).isoformat()}
    assert client.post(url(application, "nominate"), late).status_code == 422
    good = {"number": "12-S", "day": timezone.localdate().isoformat(), "supervisor": cast.supervisor.pk}
    assert client.post(url(application, "nominate"), good).status_code == 302
    again = makers.again(application)
    assert (again.state, again.order.number, again.supervisor_id) == (A.IN_REVIEW, "12-S", cast.supervisor.pk)
    assert login("supervisor").get(url(application)).status_code == 200


def test_company_verbs_pass_through_to_the_company_s_pages(cast, made, login):
    application = makers.endorsed(cast, made)
    client = login("hr")
    for verb in ("offer", "refuse", "waitlist", "invite"):
        assert client.get(url(application, verb)).status_code == 200, verb
    answer = client.post(url(application, "refuse"), {"code": "stronger", "note": "Yer az idi."})
    assert answer.status_code == 302
    page = login("student").get(url(application))
    assert "Yer az idi." in page.content.decode()
    assert makers.again(application).state == A.REFUSED


def test_the_waiting_list_tells_how_many_stand_before_you_in_one_query(
    cast, login, django_assert_max_num_queries
):
    made = makers.programme(cast, title="Növbə", seats=1)
    second = makers.place(cast, made, title_az="Kabel", seats=1)
    first = makers.waitlisted(cast, made, "colleague", makers.vacancy(made))
    last = makers.waitlisted(cast, made, "student", makers.vacancy(made))
    ends = f"The line closes on the day of the start: {day_in_words(baku_date(first.due))}."
    nobody = f"Nobody stands ahead in line. {ends}"
    assert login("colleague").get(url(first)).context["move"].detail == nobody
    client = login("student")
    page = client.get(url(last))
    assert page.context["move"].detail == f"1 candidate stands ahead in line. {ends}"
    both = makers.waitlisted(cast, made, "student2", makers.vacancy(made), second)
    assert login("student2").get(url(both)).context["move"].detail == nobody
    with django_assert_max_num_queries(15):
        client.get(url(last))


def test_a_cancelled_programme_is_named_and_not_linked(cast, made, login):
    application = makers.sent(cast, made)
    actions.cancel_programme(makers.fresh(made), actor=cast.user("hr"), note="Büdcə kəsildi.")
    page = login("student").get(url(application)).content.decode()
    assert "Büdcə kəsildi." in page
    assert f'href="{made.get_absolute_url()}"' not in page


# Changing what was sent -----------------------------------------------------------------------------


def test_a_student_reads_until_when_what_was_sent_can_still_be_changed(login, cast, made):
    application = makers.sent(cast, made)
    until = made.call.at(Step.APPLY)
    assert login("student").get(url(application)).context["changeable_until"] == until
    assert login("coordinator").get(url(application)).context["changeable_until"] is None
    with time_machine.travel(until + timedelta(minutes=1), tick=False):
        assert login("student").get(url(application)).context["changeable_until"] is None


def test_an_answer_costs_few_queries_and_one_that_came_too_late_fewer(
    cast, made, login, django_assert_max_num_queries
):
    application = makers.offered(cast, made)
    client = login("student")
    client.get(url(application))
    with django_assert_max_num_queries(34):  # the placement that follows, its tasks and the history included
        assert client.post(url(application, "accept")).status_code == 302
    client.get(url(application))
    with django_assert_max_num_queries(20):
        assert client.post(url(application, "accept")).status_code == 409


def test_an_offer_costs_few_queries_and_one_without_a_seat_fewer(cast, login, django_assert_max_num_queries):
    made = makers.programme(cast, seats=1)
    first, second = (makers.endorsed(cast, made, who) for who in ("student", "colleague"))
    client = login("hr")
    client.get(url(first))
    with django_assert_max_num_queries(38):
        assert client.post(url(first, "offer"), {"vacancy": makers.vacancy(made).pk}).status_code == 302
    client.get(url(first))
    with django_assert_max_num_queries(24):
        assert client.post(url(second, "offer"), {"vacancy": makers.vacancy(made).pk}).status_code == 422


@pytest.mark.parametrize(("who", "warned"), [("student", True), ("colleague", False)])
def test_who_accepts_is_told_of_an_own_practice_in_the_same_weeks(cast, made, login, who, warned):
    running = makers.active(cast, who="student")
    application = makers.offered(cast, makers.programme(cast, title="Relə internshipi"), who)
    page = login(who).get(url(application, "accept"))
    assert list(page.context["already"]) == ([running] if warned else [])
    assert ("You already have a practice in these weeks" in page.content.decode()) is warned


def test_an_offer_whose_hours_cannot_be_done_beside_another_practice_is_not_accepted(cast, made, settings):
    makers.active(cast, who="student")
    full = makers.offered(cast, makers.programme(cast, title="Relə internshipi", weekly_hours=30), "student")
    with pytest.raises(Blocked, match="50 hours") as refused:
        actions.accept(full, actor=cast.user("student"))
    assert refused.value.refusal.code == "too_many_hours"
    settings.PRACTICE_WEEKLY_MOST = 50
    assert actions.accept(full, actor=cast.user("student")).state == "accepted"


@pytest.mark.parametrize("acts", [ACTS, placing.ACTS, concerns.ACTS])
def test_the_page_of_a_verb_that_asks_nothing_says_what_follows(acts):
    silent = {name for name, act in acts.items() if act.form is PlainForm and not act.intro}
    assert silent == ({"accept"} if acts is ACTS else set())  # accepting has a list of its own
