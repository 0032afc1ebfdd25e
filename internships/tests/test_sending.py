"""An application is checked and sent: what is missing, what was typed, what comes too late."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from internships import actions
from internships.enums import ApplicationState as A
from internships.tests import makers
from internships.tests.drafts import edit, posted
from partnerships.calls.models import Step
from partnerships.directory.models import Person

pytestmark = pytest.mark.usefixtures("english")


# Check and send -------------------------------------------------------------------------------------


def check(application):
    return f"/internships/applications/{application.uid}/check/"


def test_the_check_names_everything_that_is_missing_with_where_to_mend_it(cast, login):
    made = makers.programme(
        cast, cv_required=True, transcript_required=True, position={"min_gpa": 95, "title_az": "Relə"}
    )
    begun = actions.start_application(makers.vacancy(made), actor=cast.user("student"))
    client = login("student")
    page = client.get(check(begun))
    problems = {problem.text: problem.url for problem in page.context["problems"]}
    assert problems == {
        "Relə: GPA: at least 95; yours: 85": f"{edit(begun)}#choices",
        "Add your CV.": f"{edit(begun)}#documents",
        "Add your transcript.": f"{edit(begun)}#documents",
    }
    answer = client.post(check(begun))
    assert answer.status_code == 422
    assert makers.again(begun).state == A.DRAFT


def test_sending_twice_sends_once_and_leads_to_the_application(cast, made, login):
    application = makers.draft(cast, made)
    client = login("student")
    assert client.post(check(application)).url == application.get_absolute_url()
    number = makers.again(application).number
    assert client.post(check(application)).url == application.get_absolute_url()
    again = makers.again(application)
    assert (again.number, again.state) == (number, A.SUBMITTED)


def test_a_deadline_that_passes_while_the_form_is_open_is_told_and_the_text_kept(cast, made, login):
    application = makers.draft(cast, made)
    client = login("student")
    with time_machine.travel(timezone.now() + timedelta(days=10, hours=1)):
        saved = client.post(edit(application), posted(application, motivation="Son dəqiqədə"))
        assert saved.status_code == 302
        answer = client.post(check(application))
        assert answer.status_code == 422
        assert "The deadline has passed" in answer.content.decode()
        assert "Son dəqiqədə" in answer.content.decode()
        assert "If the company extends the deadline, you can still send it." in answer.content.decode()
    assert makers.again(application).state == A.DRAFT


def test_returned_by_the_university_it_is_changed_and_sent_again(cast, made, login):
    application = makers.sent(cast, made)
    actions.return_to_student(application, actor=cast.user("coordinator"), note="Motivasiyanı dəqiqləşdirin.")
    client = login("student")
    assert "Motivasiyanı dəqiqləşdirin." in client.get(edit(application)).content.decode()
    page = client.get(application.get_absolute_url())
    strip, _end, _rest = page.content.decode().partition("</section>")
    assert "Motivasiyanı dəqiqləşdirin." in strip  # what is asked stands where one looks first
    decided = made.call.at(Step.DECIDE)
    assert (page.context["move"].due, makers.again(application).due) == (decided, decided)
    client.post(edit(application), posted(application, "check", motivation="Dəqiqləşdirdim."))
    client.post(check(application))
    assert makers.again(application).state == A.SUBMITTED


# Bad input ------------------------------------------------------------------------------------------

ODD = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "emoji": "Salam 👩🏽‍🔬⚡ 1️⃣",
    "right to left": "\u202eشبكة الكهرباء\u202c שלום",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "template": "{{ settings.SECRET_KEY }} {% now 'Y' %} %(name)s {0}",
    "lines": "bir\r\niki\n\n\nüç",
    "long": "ə" * 2000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_texts_are_kept_as_typed_and_shown_as_text(cast, made, login, begun, text):
    client = login("student")
    answer = client.post(edit(begun), posted(begun, "check", motivation=text))
    assert answer.status_code == 302, answer.context["form"].errors
    assert makers.again(begun).motivation == text.replace("\r\n", "\n")
    for path in (edit(begun), check(begun), begun.get_absolute_url()):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.content.decode()
        assert "onerror=alert(2)>" not in page.content.decode()


@pytest.mark.parametrize("values", [{"motivation": "ə" * 2001}, {"motivation": "a\x00b"}, {"version": "x"}])
def test_what_cannot_be_kept_is_refused_and_shown_again(cast, made, login, begun, values):
    answer = login("student").post(edit(begun), posted(begun, **values))
    assert answer.status_code == 422
    assert login("student").post(f"{edit(begun)}save/", posted(begun, **values)).status_code == 422


@pytest.mark.parametrize(
    "do", ["", "up:", "up:zzz", "detach:zzz", "add", "nothing", "remove:<script>", "up:up:up"]
)
def test_unknown_buttons_break_nothing(cast, made, login, begun, do):
    assert login("student").post(edit(begun), posted(begun, do)).status_code in (302, 422)
    assert begun.choices.count() == 1


def test_a_name_of_two_hundred_letters_fits_every_page(cast, made, login):
    Person.objects.filter(pk=cast.student.pk).update(given_name="Ə" * 100, family_name="Ğ" * 100)
    application = makers.sent(cast, made)
    for who in ("student", "coordinator"):
        assert login(who).get(application.get_absolute_url()).status_code == 200


def test_draft_and_check_cost_the_same_with_one_place_and_with_three(
    cast, made, login, begun, django_assert_max_num_queries
):
    client = login("student")
    places = [makers.vacancy(made), *(makers.place(cast, made, title_az=t) for t in ("Kabel", "Relə"))]
    actions.save_draft(begun, actor=cast.user("student"), vacancies=places[:1])

    def cost():
        found = {}
        for path in (edit(begun), check(begun)):
            client.get(path)
            with django_assert_max_num_queries(20) as counted:
                client.get(path)
            found[path] = len(counted)
        return found

    small = cost()
    actions.save_draft(begun, actor=cast.user("student"), vacancies=places)
    assert cost() == small
