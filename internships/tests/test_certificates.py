"""The practice certificate: what it says of a placement, who issues it and when."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from internships.certificates import KEY, to_certify
from internships.enums import DiaryState, EvaluationKind, EvaluationState, PlacementState, ProgrammeKind
from internships.models import DiaryEntry, Evaluation, Placement
from internships.placement_moves import steps_of_placement
from internships.tests import makers
from partnerships.certificates import actions, reports
from partnerships.certificates.models import Batch, Certificate
from partnerships.certificates.source import SOURCE
from partnerships.common.query_words import Key
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.models import Organization, Person
from partnerships.testing.cast import Cast


def assessed(cast: Cast, who: str = "student", **values: Any) -> Placement:
    """A placement that went its way and has its final mark."""
    made = values.pop("made", None) or makers.programme(
        cast,
        kind=ProgrammeKind.PRACTICE,
        practice_type="production",
        competition=True,
        title="İstehsalat təcrübəsi 2027",
    )
    row = makers.placement(cast, made, who)
    values = {"state": PlacementState.ASSESSED, "mark": 92, "supervisor": cast.supervisor, **values}
    Placement.objects.filter(pk=row.pk).update(credits=Decimal("9.0"), **values)
    for day, state in ((15, DiaryState.CONFIRMED), (16, DiaryState.CONFIRMED), (17, DiaryState.SUBMITTED)):
        DiaryEntry.objects.create(placement=row, date=date(2027, 6, day), minutes=360, state=state, work="iş")
    Evaluation.objects.create(
        placement=row,
        kind=EvaluationKind.MENTOR_FINAL,
        state=EvaluationState.SUBMITTED,
        recommended=True,
        given_by=cast.mentor,
        given_at=timezone.now(),
    )
    return Placement.objects.get(pk=row.pk)


def test_it_says_who_was_where_with_whom_how_long_and_how_well(cast: Cast) -> None:
    made = actions.issue(assessed(cast), kind=KEY, actor=cast.user("hr"))
    values = {line["key"]: line["value"]["az"] for line in made.snapshot["lines"]}
    assert values == {
        "university": "Azərbaycan Texniki Universiteti",
        "faculty": "Energetika fakültəsi",
        "specialty": "050608 Elektroenergetika mühəndisliyi",
        "programme": "İstehsalat təcrübəsi 2027",
        "kind": "İstehsalat təcrübəsi",
        "place": "Yarımstansiyaların istismarı",
        "unit": "“Yasamal” yarımstansiyası",
        "period": "15.06.2027 – 31.07.2027",
        "hours": "12",
        "credits": "9",
        "mark": "92",
        "recommended": "İşə qəbul üçün tövsiyə edilir",
        "mentor": "Rəşad Səfərov",
        "supervisor": "Tofiq Abbasov",
    }
    english = {line["key"]: line["value"]["en"] for line in made.snapshot["lines"]}
    assert (english["university"], english["kind"], english["credits"]) == (
        "Azerbaijan Technical University", "Production practice", "9",
    )  # fmt: skip
    assert (made.holder_name, made.issuer, made.serial[:3]) == ("Məmmədova Nigar", cast.azerisiq, "TS-")


@pytest.mark.parametrize(
    ("planned", "said"), [(720, "completed"), (721, "took part in")], ids=["all its hours", "a minute short"]
)
def test_only_who_has_the_planned_hours_confirmed_completed_it_in_full(
    cast: Cast, planned: int, said: str
) -> None:
    made = actions.issue(assessed(cast, planned_minutes=planned), kind=KEY, actor=cast.user("hr"))
    rest = "the programme of practice"
    assert made.snapshot["text"]["en"].partition(f" {rest}")[0] == said


def test_the_paper_of_a_practice_is_one_page_whatever_the_names(
    cast: Cast, login: Callable[[str], Client]
) -> None:
    Person.objects.filter(pk=cast.student.pk).update(
        family_name="Əlibəyli-Qarabağlı " * 5, given_name="X" * 100
    )
    Person.objects.filter(pk=cast.mentor.pk).update(family_name="Müəllif" * 14, given_name="Ü" * 100)
    unit = "“Yasamal” 110/35/10 kV-luq yarımstansiyasının avtomatika və telemexanika sahəsi, "
    Organization.objects.filter(pk__in=[cast.substation.pk, cast.energy.pk]).update(name=unit * 3)
    made = actions.issue(assessed(cast), kind=KEY, actor=cast.user("hr"))
    for language in ("az", "en"):
        response = login("student").get(f"/certificates/{made.uid}/{language}.pdf")
        assert len(PdfReader(io.BytesIO(response.content)).pages) == 1


@pytest.mark.parametrize("state", [state for state in PlacementState if state != PlacementState.ASSESSED])
def test_before_the_final_mark_there_is_none(cast: Cast, state: str) -> None:
    row = assessed(cast, state=state)
    with pytest.raises(Blocked) as blocked:
        actions.issue(row, kind=KEY, actor=cast.user("hr"))
    assert blocked.value.refusal.code == "not_assessed"


@pytest.mark.parametrize(
    "who", ["student", "colleague", "coordinator", "coordinator2", "supervisor", "mentor", "hr2", "admin"]
)
def test_only_the_company_issues(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        actions.issue(assessed(cast), kind=KEY, actor=cast.user(who))


def test_the_page_and_its_way_back_open_to_whom_the_plain_rows_do(cast: Cast) -> None:
    made = actions.issue(assessed(cast), kind=KEY, actor=cast.user("hr"))
    placement = made.object_id
    opened = 0
    for who in cast.people():
        user = cast.user(who)
        page = bool(reports.whole(user, made.uid)[:1])
        assert page == Certificate.objects.visible_to(user).filter(pk=made.pk).exists(), who
        back = bool(reports.object_seen(user, Placement, Key(placement))[:1])
        assert back == Placement.objects.visible_to(user).filter(pk=placement).exists(), who
        opened += page
    assert 3 < opened < len(cast.people())


def test_whoever_sees_the_placement_sees_its_certificate(cast: Cast) -> None:
    made = actions.issue(assessed(cast), kind=KEY, actor=cast.user("hr"))
    seen = {
        who: Certificate.objects.visible_to(cast.user(who)).filter(pk=made.pk).exists()
        for who in (
            "student",
            "coordinator",
            "supervisor",
            "mentor",
            "hr",
            "colleague",
            "coordinator2",
            "mentor2",
            "hr2",
        )
    }
    assert [who for who, sees in seen.items() if sees] == [
        "student",
        "coordinator",
        "supervisor",
        "mentor",
        "hr",
    ]


def test_the_placement_shows_it_and_offers_it_to_the_company_alone(
    cast: Cast, login: Callable[[str], Client]
) -> None:
    row = assessed(cast)
    path, issue = row.get_absolute_url(), f"/certificates/issue/{KEY}/{row.uid}/"
    offered = {
        who: issue in login(who).get(path).content.decode()
        for who in ("hr", "student", "coordinator", "mentor")
    }
    assert offered == {"hr": True, "student": False, "coordinator": False, "mentor": False}
    made = actions.issue(row, kind=KEY, actor=cast.user("hr"))
    for who in ("hr", "student", "coordinator"):
        assert made.serial in login(who).get(path).content.decode()


def test_several_are_issued_at_once_by_the_company_that_ran_them(
    cast: Cast, login: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    programme = makers.programme(
        cast, kind=ProgrammeKind.PRACTICE, practice_type="production", competition=True, seats=5
    )
    rows = [assessed(cast, who, made=programme) for who in ("student", "colleague", "student2")]
    assert set(to_certify(cast.user("hr"))) == set(rows)
    assert not to_certify(cast.user("hr2")).exists()
    waiting = {
        who: [(todo.title, todo.count) for todo in SOURCE.waits(cast.user(who))]
        for who in ("hr", "hr2", "student")
    }
    assert waiting == {"hr": [("3 sertifikat ver", 3)], "hr2": [], "student": []}
    with django_capture_on_commit_callbacks(execute=True):
        login("hr").post(f"/certificates/issue/{KEY}/", {"everyone": "on", "language": "az"})
    batch = Batch.objects.get()
    assert list(batch.items.values_list("state", flat=True)) == ["issued"] * 3
    numbers = sorted(int(serial[-5:]) for serial in Certificate.objects.values_list("serial", flat=True))
    assert numbers == [1, 2, 3]
    assert SOURCE.waits(cast.user("hr")) == []
    actions.revoke(Certificate.objects.first(), actor=cast.user("hr"), note="Qiymət səhv idi.")
    assert SOURCE.waits(cast.user("hr")) == [], "a new one is issued on its own page"


def test_a_mark_that_is_taken_back_leaves_the_paper_until_it_is_revoked(cast: Cast) -> None:
    row = assessed(cast)
    made = actions.issue(row, kind=KEY, actor=cast.user("hr"))
    Placement.objects.filter(pk=row.pk).update(state=PlacementState.FINISHED, mark=None)
    with pytest.raises(Blocked):
        actions.reissue(Certificate.objects.get(pk=made.pk), actor=cast.user("hr"), note="qiymət")
    Placement.objects.filter(pk=row.pk).update(state=PlacementState.ASSESSED, mark=95)
    new = actions.reissue(
        Certificate.objects.get(pk=made.pk), actor=cast.user("hr"), note="qiymət düzəldildi"
    )
    marks = [
        next(line["value"]["az"] for line in c.snapshot["lines"] if line["key"] == "mark")
        for c in (Certificate.objects.get(pk=made.pk), new)
    ]
    assert marks == ["92", "95"]


def test_a_practice_that_ended_early_prints_its_real_last_day(cast: Cast) -> None:
    row = assessed(cast, last_day=date(2027, 7, 31) - timedelta(days=3))
    made = actions.issue(row, kind=KEY, actor=cast.user("hr"))
    assert ("Dövr", "15.06.2027 – 28.07.2027") in made.lines


def test_the_application_knows_the_steps_of_its_practice_as_the_practice_does(
    cast: Cast, login: Callable[[str], Client]
) -> None:
    row = assessed(cast)
    page = row.application.get_absolute_url()
    for certified in (False, True):
        if certified:
            actions.issue(row, kind=KEY, actor=cast.user("hr"))
        told = login("student").get(page).context
        known = steps_of_placement(Placement.objects.get(pk=row.pk))
        assert [(one.label, one.state) for one in told["steps"]] == [(one.label, one.state) for one in known]
        assert (known[-1].state == "done") is certified
        assert told["practice_url"] == row.get_absolute_url()


def test_a_certificate_that_cannot_be_issued_yet_leads_back_to_the_practice(
    cast: Cast, login: Callable[[str], Client]
) -> None:
    made = makers.active(cast)
    page = login("hr").get(f"/certificates/issue/{KEY}/{made.uid}/").content.decode()
    assert f'<a class="btn btn-quiet" href="{made.get_absolute_url()}">' in page
