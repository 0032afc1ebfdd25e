"""Who may apply by what they answer; what is asked does not change under whoever sends; files and codes over
the API; by when a draft is to be sent whom a code lets in late."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from internships import actions, eligibility
from internships.direction import DIRECTION
from internships.enums import ApplicationState as A
from internships.letters.reminders import REMINDERS
from internships.models import Application
from internships.tests import makers
from internships.tests.drafts import picture
from internships.tests.test_codes import LATE, code
from internships.tests.test_questions import YES_NO, ask
from partnerships.calls.models import EligibilityRule
from partnerships.common.refusals import Blocked, StaleState

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def made(cast):
    return makers.programme(
        cast, title="Yay internshipi 2027", transcript_required=False, cv_required=False, seats=3
    )


@pytest.fixture
def asked(cast, made):
    """Works already? If so, for how many years; and what languages."""
    works = ask(cast, made, "İşləyirsiniz?", "choice", choices=YES_NO)
    years = ask(
        cast, made, "Neçə ildir?", "number", label_en="How long?", shown_if=works, shown_values=["yes"]
    )
    tongues = [{"key": key, "az": key, "en": key} for key in ("az", "en", "ru")]
    return works, years, ask(cast, made, "Dillər", "several", choices=tongues)


def rule(cast, made, question, test, **values):
    made = makers.fresh(made)
    return actions.save_rule(made, actor=cast.user("hr"), question=question, test=test, **values)


def answer(cast, made, **given):
    begun = makers.draft(cast, made)
    actions.save_draft(begun, actor=cast.user("student"), answers=given["answers"])
    return makers.again(begun)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["yes", "2,5", ["az"]], "Answer to “How long?”: at least 3; yours: 2.5. It is a test site."),
        (["yes", "", ["az"]], "Answer to “How long?”: at least 3; yours is not given. It is a test site."),
        (["yes", "3", ["ru", "az"]], "Answer to “Dillər”: none of ru; yours: az, ru"),
        (["yes", "3", ["az", "en"]], ""),
        (["no", "", ["en"]], ""),  # how long is not asked of who does not work
    ],
)
def test_a_rule_over_an_answer_refuses_with_its_reason_and_leaves_out_who_is_not_asked(
    cast, made, asked, login, given, words
):
    rule(
        cast,
        made,
        asked[1],
        "at_least",
        number=Decimal(3),
        reason_az="Sınaq.",
        reason_en="It is a test site.",
    )
    rule(cast, made, asked[2], "none_of", values=["ru"])
    begun = answer(cast, made, answers={row.pk: value for row, value in zip(asked, given, strict=True)})
    if not words:
        actions.submit(begun, actor=cast.user("student"))
        kept = makers.again(begun).eligibility["places"][0]["checks"]
        asked_of = 1 if given[0] == "no" else 2
        assert [check["ok"] for check in kept if check["code"].startswith("rule:")] == [True] * asked_of
        return
    with pytest.raises(Blocked) as refused:
        actions.submit(begun, actor=cast.user("student"))
    assert refused.value.refusal.code == "answer_not_taken"
    assert str(refused.value.reason).startswith(words)
    page = login("student").get(f"/internships/applications/{begun.uid}/check/")
    field = asked[2].name if "Dillər" in words else asked[1].name
    assert [(p.text.startswith(words), p.url.partition("#")[2]) for p in page.context["problems"]] == [
        (True, field)
    ]


def test_it_stands_on_the_places_page_in_words_and_judges_nobody_who_has_not_answered(
    cast, made, asked, login, client
):
    kept = rule(cast, made, asked[1], "at_least", number=Decimal(3))
    place = makers.vacancy(made).get_absolute_url()
    assert ("Answer to “How long?”", "at least 3") in client.get(place).context["requirements"]
    student = login("student")
    shown = student.get(place)
    assert shown.context["standing"].fits
    assert shown.context["of_answers"] == [("Answer to “How long?”", "at least 3")]
    assert "How long?" in shown.content.decode()
    begun = makers.draft(cast, made)
    assert student.get(f"/internships/applications/{begun.uid}/edit/").context["choices"][0].fits
    nominated = makers.again(begun)
    nominated.order_id = 1
    assert eligibility.answers_of(nominated) is None
    told = client.get(f"/api/v1/programmes/{made.slug}/").json()["rules"]
    assert [(row["fact"], row["question"]) for row in told] == [("", asked[1].pk)]
    # The company reads it with the application; once the answers have gone in time, nothing is said of them.
    answers = {asked[0].pk: "yes", asked[1].pk: "4"}
    actions.submit(answer(cast, made, answers=answers), actor=cast.user("student"))
    if makers.again(begun).state == A.SUBMITTED:
        actions.endorse(makers.again(begun), actor=cast.user("coordinator"))
    path = begun.get_absolute_url()
    words = "Answer to “How long?”: at least 3; theirs: 4"
    assert words in [mark.text for mark in login("hr").get(path).context["choices"][0].rules]
    makers.again(begun).answers.all().delete()
    assert "How long?”:" not in login("hr").get(path).content.decode()
    assert kept.key == f"answer-{asked[1].pk}"


def test_human_resources_write_such_a_rule_on_pages_and_it_is_cloned_with_its_question(
    cast, made, asked, login
):
    client = login("hr")
    base = f"/internships/manage/programmes/{made.slug}/rules/"
    page = client.get(base)
    assert [fact.question for fact in page.context["answers"]] == list(asked)
    new = f"{base}new/answer-{asked[1].pk}/"
    assert client.post(new, {"test": "at_least", "number": ""}).status_code == 422
    assert client.post(new, {"test": "at_least", "number": "3"}).status_code == 302
    assert client.post(new, {"test": "at_least", "number": "4"}).status_code == 422  # once
    assert (
        client.post(f"{base}new/answer-{asked[2].pk}/", {"test": "one_of", "values": "az"}).status_code == 302
    )
    other = ask(cast, makers.programme(cast, title="Başqa"), "özgə", "number")
    assert client.get(f"{base}new/answer-{other.pk}/").status_code == 404
    with pytest.raises(ValidationError):
        rule(cast, made, other, "at_least", number=Decimal(1))
    copy = makers.fresh(actions.clone_programme(makers.fresh(made), actor=cast.user("hr")))
    labels = [(row.question.label_az, row.number, row.values) for row in copy.call.taken_by]
    assert labels == [("Neçə ildir?", Decimal("3.00"), []), ("Dillər", None, ["az"])]
    assert {row.question.call_id for row in copy.call.taken_by} == {copy.call_id}


def test_a_question_that_a_rule_looks_at_stays_until_the_rule_is_taken_out(cast, made, asked):
    hr = cast.user("hr")
    kept = rule(cast, made, asked[2], "one_of", values=["en", "ru"])
    for attempt in (
        lambda: actions.remove_question(makers.fresh(made), asked[2], actor=hr),
        lambda: actions.save_question(makers.fresh(made), actor=hr, question=asked[2], kind="text"),
    ):
        with pytest.raises(Blocked) as refused:
            attempt()
        assert refused.value.refusal.code == "ruled"
    with pytest.raises(ValidationError):
        actions.save_question(makers.fresh(made), actor=hr, question=asked[2], choices=asked[2].choices[:2])
    actions.remove_rule(makers.fresh(made), kept, actor=hr)
    with pytest.raises(StaleState):
        actions.save_rule(
            makers.fresh(made), actor=hr, rule=kept, question=asked[2], test="one_of", values=["en"]
        )
    actions.remove_question(makers.fresh(made), asked[2], actor=hr)
    assert EligibilityRule.objects.count() == 0


def test_whom_a_code_lets_in_late_is_told_its_end_wherever_a_deadline_is_said(cast, made, login):
    kept, text = code(cast, made, days=20)
    closes = made.call.at("apply")
    with time_machine.travel(timezone.now() + LATE):
        begun = actions.enter_by_code(makers.fresh(made), text, actor=cast.user("student"))
        student, client = cast.user("student"), login("student")
        day = kept.expires.date()
        assert [row.due for row in DIRECTION.waits(student) if row.url == begun.get_absolute_url()] == [
            kept.expires
        ]
        listed = [row.starts for row in DIRECTION.happens(student, day, day) if "application-" in row.uid]
        assert listed == [kept.expires]
        assert client.get("/internships/mine/").context["rows"][0].move.due == kept.expires
        assert client.get(begun.get_absolute_url()).context["move"].due == kept.expires
        told = client.get("/api/v1/applications/").json()["results"][0]["due"]
        assert datetime.fromisoformat(told) == kept.expires
        rule = next(one for one in REMINDERS if one.kind == "internships.remind_draft")
        assert [row.due_at for row in rule.rows()] == [kept.expires]
        actions.revoke_access_code(makers.fresh(made), kept, actor=cast.user("hr"))
        assert ([row.due_at for row in rule.rows()], makers.again(begun).due) == ([closes], closes)


def test_a_code_is_entered_over_the_api_and_guessing_is_slowed_down_there_too(cast, made, login, settings):
    _kept, text = code(cast, made)
    path, settings.CODE_TRIES = "/api/v1/applications/by-code/", 3
    with time_machine.travel(timezone.now() + LATE):
        client = login("student")

        def enter(given, slug=made.slug):
            return client.post(path, {"programme": slug, "code": given}, content_type="application/json")

        assert enter(text, "no-such").status_code == 404
        assert (enter("AAAA-BBBB-CCCC").status_code, enter("AAAA-BBBB-CCCC").json()["code"]) == (
            409,
            "wrong_code",
        )
        done = enter(text)
        assert (done.status_code, done.json()["state"]) == (200, "draft")
        assert (enter(text).status_code, Application.objects.count()) == (429, 1)


def test_a_question_is_answered_by_a_file_over_the_api(cast, made, login):
    file, text = ask(cast, made, "Sertifikat", "file"), ask(cast, made, "Mətn")
    begun = makers.draft(cast, made)
    path, client = f"/api/v1/applications/{begun.uid}/answer-by-file/", login("student")

    def send(who, key, upload):
        return who.post(path, {"question": key, "file": upload})

    assert send(login("student2"), file.pk, picture()).status_code == 404
    done = send(client, file.pk, picture())
    assert done.status_code == 200, done.content
    told = client.get(f"/api/v1/applications/{begun.uid}/").json()["answers"]
    assert [row["question"] for row in told] == [file.pk]
    assert send(client, text.pk, picture()).status_code == 400
    assert send(client, 10**6, picture()).status_code == 404
    assert "file" in send(client, file.pk, b"").json()
    assert client.post(path, {"question": file.pk}, content_type="application/json").status_code == 415
    away = f"/api/v1/applications/{begun.uid}/take-file-away/"
    assert client.post(away, {"question": file.pk}, content_type="application/json").json()["answers"] == []
    actions.submit(makers.again(begun), actor=cast.user("student"))
    assert send(client, file.pk, picture()).status_code == 409
