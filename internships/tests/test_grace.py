"""A form that was open before the deadline to apply may arrive a moment after it; nothing else may."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from internships import actions
from internships.enums import ApplicationState as A
from internships.tests import makers
from partnerships.common.refusals import Blocked
from partnerships.testing.files import pdf, upload

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def made(cast):
    return makers.programme(cast)


def check(application):
    return reverse("internships:check", args=[application.uid])


def opened(client, application, moment):
    """The token of the form as it stood open at that moment."""
    with time_machine.travel(moment, tick=False):
        return client.get(check(application)).context["opened"]


def sent(client, application, token, moment):
    with time_machine.travel(moment, tick=False):
        status = client.post(check(application), {"opened": token}).status_code
    return status, makers.again(application).state


def test_a_form_opened_in_time_arrives_within_the_grace(cast, made, login):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    token = opened(client, application, closes - MINUTE)
    assert sent(client, application, token, closes + 4 * MINUTE) == (302, A.SUBMITTED)


def test_after_the_grace_it_is_late(cast, made, login):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    token = opened(client, application, closes - MINUTE)
    assert sent(client, application, token, closes + 6 * MINUTE) == (422, A.DRAFT)


def test_a_form_opened_after_the_deadline_has_no_grace_and_says_so(cast, made, login, english):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    with time_machine.travel(closes + MINUTE, tick=False):
        page = client.get(check(application))
    assert next(problem.text for problem in page.context["problems"]).startswith("The deadline has passed")
    assert page.context["taken_until"] is None
    assert "enter its access code here" in str(page.context["problems"][0].advice)
    assert sent(client, application, page.context["opened"], closes + 2 * MINUTE) == (422, A.DRAFT)


@pytest.mark.parametrize("forge", ["", "2026-01-01", "another's"])
def test_a_token_that_is_not_ones_own_gives_nothing(cast, made, login, forge):
    application, closes = makers.draft(cast, made), made.call.at("apply")
    if forge == "another's":
        theirs = makers.draft(cast, made, "colleague")
        forge = opened(login("colleague"), theirs, closes - MINUTE)
    assert sent(login("student"), application, forge, closes + MINUTE) == (422, A.DRAFT)


def test_the_draft_that_was_being_written_leads_to_a_check_that_counts_as_open(cast, made, login):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    url = reverse("internships:draft", args=[application.uid])
    with time_machine.travel(closes - MINUTE, tick=False):
        page = client.get(url)
    values = {
        "version": page.context["version"],
        "opened": page.context["opened"],
        "motivation": "Son dəqiqədə",
        "choices": [str(choice.vacancy.uid) for choice in application.choices.all()],
        "do": "check",
    }
    with time_machine.travel(closes + MINUTE, tick=False):
        page = client.post(url, values, follow=True)
        shown = (page.context["problems"], page.context["taken_until"])
        assert shown == ([], closes + 5 * MINUTE)
        answer = client.post(check(application), {"opened": page.context["opened"]})
    assert (answer.status_code, makers.again(application).state) == (302, A.SUBMITTED)


def test_who_goes_back_within_the_grace_to_mend_something_is_still_in_time(cast, login):
    made = makers.programme(cast, cv_required=True)
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    for document in application.documents.all():
        actions.detach(application, document, actor=cast.user("student"))
    token = opened(client, application, closes - MINUTE)
    with time_machine.travel(closes + MINUTE, tick=False):
        page = client.get(check(application), {"opened": token})
        problem = page.context["problems"][0]
        assert (len(page.context["problems"]), problem.url.endswith("#documents")) == (1, True)
        draft = client.get(problem.url)
        values = {
            "version": draft.context["version"],
            "opened": draft.context["opened"],
            "choices": [str(choice.vacancy.uid) for choice in application.choices.all()],
            "cv": upload(pdf(), "cv.pdf"),
            "do": "attach",
        }
        draft = client.post(problem.url, values, follow=True)
        values = {**values, "version": draft.context["version"], "opened": draft.context["opened"]}
        page = client.post(problem.url, {**values, "cv": "", "do": "check"}, follow=True)
        assert (page.context["problems"], page.context["taken_until"]) == ([], closes + 5 * MINUTE)
        late = client.get(check(application)).context
        assert late["draft_url"] == reverse("internships:draft", args=[application.uid])
    assert sent(client, application, page.context["opened"], closes + 4 * MINUTE) == (302, A.SUBMITTED)


@pytest.mark.parametrize("road", ["draft_url", "study_url"])
def test_a_page_that_was_open_before_the_deadline_leads_on_in_time(cast, made, login, road):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    with time_machine.travel(closes - MINUTE, tick=False):
        way = client.get(check(application)).context[road]
    with time_machine.travel(closes + MINUTE, tick=False):
        page = client.get(way)
        if road == "study_url":
            back = page.context["next"]
        else:
            assert (page.context["taken_until"], page.context["closed_at"]) == (closes + 5 * MINUTE, None)
            back = f"{check(application)}?opened={page.context['opened']}"
        page = client.get(back)
        assert (page.context["problems"], page.context["taken_until"]) == ([], closes + 5 * MINUTE)
    assert sent(client, application, page.context["opened"], closes + 4 * MINUTE) == (302, A.SUBMITTED)


def test_long_before_the_deadline_addresses_are_plain(cast, made, login):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    with time_machine.travel(closes - 25 * 60 * MINUTE, tick=False):
        page = client.get(check(application)).context
    assert page["draft_url"] == reverse("internships:draft", args=[application.uid])
    assert "opened" not in page["study_url"]


def test_a_draft_opened_after_the_deadline_says_that_it_is_late(cast, made, login):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    url = reverse("internships:draft", args=[application.uid])
    words = "Son tarix keçib: "
    with time_machine.travel(closes - MINUTE, tick=False):
        assert words not in client.get(url).text
    with time_machine.travel(closes + MINUTE, tick=False):
        page = client.get(url)
    assert (page.context["taken_until"], page.context["closed_at"]) == (None, closes)
    assert words in page.text


def test_without_a_form_there_is_no_grace(cast, made):
    application = makers.draft(cast, made)
    with time_machine.travel(made.call.at("apply") + MINUTE, tick=False), pytest.raises(Blocked) as late:
        actions.submit(application, actor=cast.user("student"))
    assert late.value.refusal.code == "deadline_passed"


def test_the_clock_leaves_a_draft_its_grace(cast, made):
    application, closes = makers.draft(cast, made), made.call.at("apply")
    with time_machine.travel(closes + 4 * MINUTE, tick=False):
        assert actions.close_drafts() == 0
    with time_machine.travel(closes + 6 * MINUTE, tick=False):
        assert actions.close_drafts() == 1
    assert makers.again(application).state == A.NOT_SUBMITTED


def test_a_draft_that_the_clock_has_closed_meanwhile_is_not_said_to_have_been_sent(cast, made, login):
    application, client, closes = makers.draft(cast, made), login("student"), made.call.at("apply")
    url = reverse("internships:draft", args=[application.uid])
    with time_machine.travel(closes - MINUTE, tick=False):
        version = client.get(url).context["version"]
    with time_machine.travel(closes + 6 * MINUTE, tick=False):
        actions.close_drafts()
        page = client.post(url, {"version": version, "motivation": "Uzun mətnim", "do": "check"})
        saved = client.post(f"{url}save/", {"version": version, "motivation": "Uzun mətnim"})
    reason = "Son tarix keçib və müraciət vaxtında göndərilməyib."
    assert (page.status_code, saved.status_code) == (409, 409)
    assert (reason in page.text, "Uzun mətnim" in page.text) == (True, True)
    assert "onu daha dəyişmək olmaz" not in page.text
