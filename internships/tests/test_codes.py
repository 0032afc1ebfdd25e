"""Invited late: a company's access codes let somebody in after the deadline, as often as was meant."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from internships import actions
from internships.enums import ApplicationState as A
from internships.history import history_of
from internships.models import Application
from internships.tests import makers
from partnerships.calls.models import AccessCode, AccessUse
from partnerships.common.clock import end_of_day, moment_in_words, today
from partnerships.common.refusals import Blocked, Refused
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.models import Change

LATE = timedelta(days=12)  # after the deadline to apply, before the company's


@pytest.fixture
def made(cast):
    return makers.programme(cast, title="Yay internshipi 2027", endorsement_required=False)


def code(cast, made, days=20, by="hr", **values):
    """A code that ends in so many days, and what it reads."""
    values.setdefault("note", "Prof. Quliyevin tələbəsi")
    expires = end_of_day(today() + timedelta(days=days))
    return actions.make_access_code(makers.fresh(made), actor=cast.user(by), expires=expires, **values)


def enter(cast, made, text, who="student"):
    return actions.enter_by_code(makers.fresh(made), text, actor=cast.user(who))


def send(cast, application, who="student"):
    vacancy = makers.vacancy(application.programme)
    actions.save_draft(application, actor=cast.user(who), vacancies=[vacancy])
    return actions.submit(application, actor=cast.user(who))


def test_a_code_lets_somebody_apply_after_the_deadline_and_the_history_says_so(cast, made, login):
    kept, text = code(cast, made)
    assert (len(text), kept.hint, text.replace("-", "") in kept.digest) == (14, text[-4:], False)
    with time_machine.travel(timezone.now() + LATE):
        client = login("student")
        path = f"/internships/programmes/{made.slug}/code/"
        answer = client.post(path, {"code": f" {text.lower().replace('-', ' ')} "})
        application = Application.objects.get()
        assert answer.url == f"/internships/applications/{application.uid}/edit/"
        assert client.get(answer.url).context["closes"] == kept.expires
        assert [choice.vacancy for choice in application.choices.all()] == [makers.vacancy(made)]
        assert actions.close_drafts() == 0
        assert send(cast, application).state == A.IN_REVIEW
        told = history_of(makers.again(application), [], candidate=True, company=False)
        by_code = f"giriş kodu …{kept.hint}, kodu yaradan: {kept.made_by.display_name}"
        assert [entry.detail for entry in told[1:3]] == [f"Son tarixdən sonra, {by_code}", by_code]
        assert login("coordinator").post(path, {"code": text}).url == made.get_absolute_url()
        listed = login("hr").get(f"/internships/manage/programmes/{made.slug}/codes/").context["rows"]
        assert [(row.people, row.left) for row in listed] == [([cast.student], 0)]


def test_a_draft_that_was_not_sent_in_time_is_taken_up_again_by_a_code(cast, made):
    begun = makers.draft(cast, made)
    with time_machine.travel(timezone.now() + LATE):
        assert actions.close_drafts() == 1
        with pytest.raises(Blocked):
            actions.resume(begun, actor=cast.user("student"))
        _kept, text = code(cast, made, days=8)
        enter(cast, made, text)
        enter(cast, made, text)  # again is the same use
        assert (makers.again(begun).state, AccessUse.objects.count()) == (A.DRAFT, 1)
        assert send(cast, begun).state == A.IN_REVIEW


def test_when_the_code_is_over_or_taken_back_the_draft_is_not_sent_any_more(cast, made):
    kept, text = code(cast, made, days=14)
    second = code(cast, made, days=20)
    with time_machine.travel(timezone.now() + LATE):
        first, other = enter(cast, made, text), enter(cast, made, second[1], "student2")
        actions.revoke_access_code(makers.fresh(made), second[0], actor=cast.user("hr"))
        with pytest.raises(Blocked) as refused:
            send(cast, other, "student2")
        assert refused.value.refusal.code == "deadline_passed"
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        with pytest.raises(Blocked):
            send(cast, first)
        with pytest.raises(Blocked) as refused:
            enter(cast, made, text, "colleague")
        assert refused.value.refusal.code == "code_over"
        assert actions.close_drafts() == 2
    assert AccessCode.objects.get(pk=kept.pk).revoked_at is None


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("wrong", "wrong_code"),
        ("of another programme", "wrong_code"),
        ("used up", "used_up"),
        ("sent", "sent"),
        ("too early", "still_open"),
        ("too late", "closed"),
    ],
)
def test_a_code_that_opens_nothing_says_why_and_leaves_nothing_behind(cast, made, case, expected):
    other = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Başqa")
    _kept, text = code(cast, made)
    foreign = code(cast, other, by="hr2")[1]
    if case == "sent":
        makers.sent(cast, made)
    days = {"too early": 1, "too late": 26}.get(case, 12)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        if case == "used up":
            enter(cast, made, text, "student2")
        before = Application.objects.count(), Change.objects.count(), AccessUse.objects.count()
        given = {"wrong": "AAAA-BBBB-CCCC", "of another programme": foreign}.get(case, text)
        with pytest.raises(Blocked) as refused:
            enter(cast, made, given)
        assert refused.value.refusal.code == expected
        assert (Application.objects.count(), Change.objects.count(), AccessUse.objects.count()) == before


def test_a_code_ends_in_the_future_and_before_the_company_answers(cast, made):
    for days in (-1, 26):
        with pytest.raises(ValidationError):
            code(cast, made, days=days)
    with pytest.raises(ValidationError):
        code(cast, made, uses=501)
    with pytest.raises(Refused):
        code(cast, made, by="hr2")
    draft = makers.programme(cast, title="Qaralama", published=False)
    with pytest.raises(Blocked):
        code(cast, draft)
    assert AccessCode.objects.count() == 0


def test_a_code_for_too_long_is_refused_with_the_moment_before_which_it_has_to_end(cast, made, login):
    decide = made.call.at("decide")
    typed = {"note": "Aysel", "uses": 1, "last_day": (decide + timedelta(days=9)).date().isoformat()}
    page = login("hr").post(f"/internships/manage/programmes/{made.slug}/codes/", typed)
    assert page.context["form"].errors["last_day"] == [
        f"Kodun müddəti növbəti son tarixdən əvvəl bitməlidir: {moment_in_words(decide)}."
    ]
    assert page.context["form"]["note"].value() == "Aysel"


def test_the_code_is_shown_once_and_only_the_company_sees_its_codes(cast, made, login):
    path = f"/internships/manage/programmes/{made.slug}/codes/"
    client = login("hr")
    last = (today() + timedelta(days=20)).isoformat()
    page = client.post(path, {"note": "Aysel", "uses": 1, "last_day": last})
    secret = page.context["secret"]
    assert (page.status_code, secret in page.content.decode()) == (200, True)
    assert secret not in client.get(path).content.decode()
    assert client.post(path, {"note": "", "uses": 0, "last_day": "2020-01-01"}).status_code == 422
    kept = AccessCode.objects.get()
    for who in ("hr2", "student", "coordinator"):
        stranger = login(who)
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"do": f"revoke:{kept.pk}"}).status_code == 404
    other = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Başqa")
    mine = f"/internships/manage/programmes/{other.slug}/codes/"
    assert login("hr2").post(mine, {"do": f"revoke:{kept.pk}"}).status_code == 404
    client.post(path, {"do": f"revoke:{kept.pk}"})
    assert AccessCode.objects.get().revoked_by == cast.user("hr")


def test_guessing_is_slowed_down(cast, made, login, settings):
    settings.CODE_TRIES = 2
    cache.clear()
    client = login("student")
    path = f"/internships/programmes/{made.slug}/code/"
    with time_machine.travel(timezone.now() + LATE):
        answers = [client.post(path, {"code": f"AAAA-BBBB-CCC{n}"}) for n in "DEF"]
    assert ["çox cəhd" in answer.content.decode() for answer in answers] == [False, False, True]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_with_a_code_for_two_at_once_two_get_in():
    cast = build()
    made = makers.programme(cast, endorsement_required=False)
    _kept, text = code(cast, made, uses=2)
    with time_machine.travel(timezone.now() + LATE):
        names = ("student", "student2", "colleague", "stranger")
        answers = all_at_once([lambda who=who: enter(cast, made, text, who) for who in names])
    refused = [answer.refusal.code for answer in answers if isinstance(answer, Blocked)]
    assert (refused, AccessUse.objects.count()) == (["used_up"] * 2, 2)
    assert Application.objects.count() == 2
