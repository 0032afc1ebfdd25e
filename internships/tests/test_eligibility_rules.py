"""Who may apply to a programme as a whole: rules as data, asked wherever those of a place are asked."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from internships import actions, eligibility
from internships.tests import makers
from partnerships.calls.models import EligibilityRule
from partnerships.common.refusals import Blocked, Refused

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def made(cast):
    return makers.programme(cast, title="Yay internshipi 2027", transcript_required=False)


def rule(cast, made, fact, test, number=None, *, by="hr", **values):
    made = makers.fresh(made)
    number = Decimal(number) if number is not None else None
    return actions.save_rule(made, actor=cast.user(by), fact=fact, test=test, number=number, **values)


@pytest.mark.parametrize(
    ("fact", "test", "given", "ok", "words"),
    [
        ("year", "at_least", "3", True, "Year of study: at least 3; yours: 4"),
        ("year", "at_most", "3", False, "Year of study: at most 3; yours: 4"),
        ("gpa", "at_least", "88,5", False, "GPA: at least 88.5; yours: 80"),
        ("degree", "one_of", ["master"], False, "Level: Master; yours: Bachelor"),
        ("degree", "one_of", ["bachelor", "master"], True, "Level: one of Bachelor, Master; yours: Bachelor"),
        ("mode", "none_of", ["part_time"], True, "Mode of study: none of Part-time; yours: Full-time"),
        ("citizen", "one_of", ["az"], True, "Citizenship: Azerbaijan; yours: Azerbaijan"),
    ],
)
def test_each_fact_is_asked_and_told_in_words(cast, made, fact, test, given, ok, words):
    study = cast.study("student")
    study.year, study.gpa, study.degree, study.mode = 4, Decimal(80), "bachelor", "full_time"
    values = {"values": given} if isinstance(given, list) else {"number": given.replace(",", ".")}
    rule(cast, made, fact, test, **values)
    position = makers.vacancy(makers.fresh(made)).position
    check = eligibility.of_study(position, study, cast.student)[0]
    assert (check.ok, check.text) == (ok, words)


def test_what_is_not_known_fails_with_what_to_do_and_the_companys_reason(cast, made):
    rule(cast, made, "gpa", "at_least", 70, reason_az="Sınaq yeridir.", reason_en="It is a test site.")
    study = cast.study("student")
    study.gpa = None
    position = makers.vacancy(makers.fresh(made)).position
    check = eligibility.of_study(position, study, cast.student)[0]
    assert check.text == ("GPA: at least 70; yours is not given. It is a test site. Add it to your profile.")
    assert eligibility.of_study(position, study, cast.student, own=False)[0].text.startswith(
        "GPA: at least 70; theirs is not given"
    )


def test_a_rule_stands_on_the_places_page_against_sending_and_in_the_api(cast, made, login, client):
    rule(cast, made, "year", "at_least", 8)
    vacancy = makers.vacancy(made)
    assert ("Year of study", "at least 8") in client.get(vacancy.get_absolute_url()).context["requirements"]
    page = login("student").get(vacancy.get_absolute_url())
    assert next(mark.ok for mark in page.context["standing"].rules) is False
    begun = makers.draft(cast, made)
    with pytest.raises(Blocked) as refused:
        actions.submit(begun, actor=cast.user("student"))
    assert refused.value.refusal.code == "not_eligible"
    told = client.get(f"/api/v1/programmes/{made.slug}/").json()["rules"]
    assert told == [
        {
            "fact": "year", "question": None, "test": "at_least", "number": "8.00", "values": [],
            "reason_az": "", "reason_en": "",
        }
    ]  # fmt: skip


def test_human_resources_write_rules_on_pages_until_somebody_has_applied(cast, made, login):
    client = login("hr")
    base = f"/internships/manage/programmes/{made.slug}/rules/"
    assert client.post(f"{base}new/year/", {"test": "one_of", "number": "3"}).status_code == 422
    assert client.post(f"{base}new/year/", {"test": "at_least", "number": "2"}).status_code == 302
    assert client.post(f"{base}new/year/", {"test": "at_least", "number": "3"}).status_code == 422  # once
    assert client.post(f"{base}new/degree/", {"test": "one_of", "values": ["king"]}).status_code == 422
    client.post(f"{base}new/degree/", {"test": "one_of", "values": ["bachelor", "master"]})
    assert client.get(f"{base}new/shoes/").status_code == 404
    rows = client.get(base).context["rows"]
    assert [words for _rule, words in rows] == ["Year of study: at least 2", "Level: one of Bachelor, Master"]
    year, degree = (row for row, _words in rows)
    assert client.post(f"{base}{year.pk}/", {"test": "at_least", "number": "1,5"}).status_code == 302
    client.post(base, {"do": f"remove:{degree.pk}"})
    copy = actions.clone_programme(makers.fresh(made), actor=cast.user("hr"))
    assert [str(row.number) for row in makers.fresh(copy).call.taken_by] == ["1.50"]
    makers.sent(cast, made)
    client.post(base, {"do": f"remove:{year.pk}"})
    assert client.post(f"{base}{year.pk}/", {"test": "at_least", "number": "4"}).status_code == 422
    assert EligibilityRule.objects.get(pk=year.pk).number == Decimal("1.5")


@pytest.mark.parametrize(("number", "refused"), [("101", True), ("-1", True), ("100", False)])
def test_a_rule_that_nobody_can_meet_is_refused_at_its_number(cast, made, login, number, refused):
    address = f"/internships/manage/programmes/{made.slug}/rules/new/gpa/"
    answer = login("hr").post(address, {"test": "at_least", "number": number})
    told = list(answer.context["form"].errors) if answer.context else []
    assert (answer.status_code, told) == ((422, ["number"]) if refused else (302, []))


@pytest.mark.parametrize("who", ["hr2", "student", "coordinator"])
def test_nobody_else_writes_them(cast, made, login, who):
    kept = rule(cast, made, "year", "at_least", 2)
    base = f"/internships/manage/programmes/{made.slug}/rules/"
    client = login(who)
    for path in (base, f"{base}new/year/", f"{base}{kept.pk}/"):
        assert (
            client.post(path, {"do": f"remove:{kept.pk}", "test": "at_least", "number": 1}).status_code == 404
        )
    with pytest.raises(Refused):
        rule(cast, made, "gpa", "at_least", 2, by=who)
    with pytest.raises(ValidationError):
        rule(cast, made, "gpa", "at_least")
    assert EligibilityRule.objects.get().number == 2
