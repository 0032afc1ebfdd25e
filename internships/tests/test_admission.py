"""Safety admission, onboarding and hours: what is let in, what is refused and why, who reads what."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from internships import actions
from internships.actions.admitting import PARTICULARS
from internships.enums import ClearanceKind, OnboardingKind
from internships.enums import PlacementState as P
from internships.hours import hours_of
from internships.models import Absence, Clearance, DiaryEntry, OnboardingTask, Placement
from internships.tests import makers
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.enums import Role
from partnerships.testing import factories as make
from partnerships.workflow.models import Change

GROUP = ClearanceKind.ELECTRICAL_GROUP
ENTRY = ClearanceKind.ENTRY_BRIEFING
FIRST = "2027-06-15T08:00:00Z"


def briefing(**values):
    return {
        "done_on": date(2026, 11, 20),
        "given_by": "İ. Babayev, növbə mühəndisi",
        "giver_group": 4,
        "journal_number": "118",
        **values,
    }


@pytest.fixture
def now():
    with time_machine.travel("2026-11-25T08:00:00Z", tick=False):
        yield


def test_a_group_holds_for_the_months_that_the_hazard_class_names(cast, now):
    made = makers.placement(cast)
    given = actions.record_clearance(made, GROUP, actor=cast.user("hr"), **briefing())
    assert (given.group, given.valid_until, given.recorded_by) == (1, date(2027, 11, 20), cast.user("hr"))
    change = Change.objects.of(made).first()
    assert (change.verb, change.data) == ("clear", {"kinds": ["group"], "done_on": "2026-11-20"})


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        (GROUP, {"giver_group": 2}, "giver_group"),
        (GROUP, {"giver_group": None}, "giver_group"),
        (GROUP, {"journal_number": " "}, "journal_number"),
        (GROUP, {"valid_until": date(2026, 11, 19)}, "valid_until"),
        (ENTRY, {"given_by": ""}, "given_by"),
        (ENTRY, {"done_on": date(2026, 11, 26)}, "done_on"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused_on_its_field(cast, now, kind, wrong, field):
    made = makers.placement(cast)
    with pytest.raises(ValidationError) as why:
        actions.record_clearance(made, kind, actor=cast.user("hr"), **briefing(**wrong))
    assert list(why.value.message_dict) == [field]
    assert not Clearance.objects.exists()


def test_a_group_below_the_units_is_refused(cast, now):
    made = makers.placement(cast, hazard=makers.hazard("high", electrical_group=3))
    with pytest.raises(ValidationError) as why:
        actions.record_clearance(made, GROUP, actor=cast.user("hr"), **briefing(group=2))
    assert list(why.value.message_dict) == ["group"]


def test_what_the_class_does_not_ask_for_is_not_kept(cast, now):
    made = makers.placement(cast, hazard=makers.hazard("office", electrical_group=None))
    with pytest.raises(ValidationError):
        actions.record_clearance(made, GROUP, actor=cast.user("hr"), **briefing())
    with pytest.raises(ValidationError):
        actions.record_clearance(
            made, ClearanceKind.MEDICAL, actor=cast.user("hr"), done_on=date(2026, 11, 20)
        )


def test_of_a_medical_clearance_only_the_day_is_kept(cast, now):
    made = makers.placement(cast, hazard=makers.hazard("high", medical=True))
    values = briefing(given_by="Həkim: hipertoniya", valid_until=date(2027, 11, 20))
    given = actions.record_clearance(made, ClearanceKind.MEDICAL, actor=cast.user("hr"), **values)
    assert (given.given_by, given.journal_number, given.valid_until) == ("", "", date(2027, 11, 20))


def test_where_only_adults_work_nobody_begins_before_their_document_was_seen(cast, now, login, english):
    opened = makers.clear(makers.placement(cast, hazard=makers.hazard("adults", adults_only=True)), cast)
    Clearance.objects.filter(placement=opened, kind=ClearanceKind.OF_AGE).delete()
    opened = makers.placement_again(opened)
    assert opened.missing_clearance(makers.STARTS) == [ClearanceKind.OF_AGE]
    url = reverse("internships:clearance", args=[opened.uid, ClearanceKind.OF_AGE])
    client = login("hr")
    assert list(client.get(url).context["form"].fields) == ["done_on"]
    assert client.post(url, {"done_on": "2026-11-20"}).status_code == 302
    assert makers.placement_again(opened).missing_clearance(makers.STARTS) == []


def test_human_resources_the_head_and_the_safety_engineer_of_the_unit_let_in_nobody_else(cast, now):
    made = makers.placement(cast)
    for name, role, where in (
        ("organiser", Role.UNIT_HEAD, cast.baki),
        ("expert", Role.SAFETY, cast.baki),
        ("trainer", Role.SAFETY, cast.aran),
    ):
        make.affiliation(getattr(cast, name), where, role)
    may = set()
    for name in cast.people():
        try:
            actions.record_clearance(made, ENTRY, actor=cast.user(name), **briefing())
            may.add(name)
        except Refused:
            pass
    assert may == {"hr", "organiser", "expert"}
    seen = {name for name in cast.people() if made in Placement.objects.visible_to(cast.user(name))}
    assert {"organiser", "expert"} < seen
    assert "trainer" not in seen


def test_correcting_replaces_what_was_written_and_says_so(cast, now):
    made = makers.placement(cast)
    actions.record_clearance(made, ENTRY, actor=cast.user("hr"), **briefing())
    actions.record_clearance(made, ENTRY, actor=cast.user("hr"), **briefing(journal_number="119"))
    assert list(Clearance.objects.values_list("journal_number", flat=True)) == ["119"]
    assert Change.objects.of(made).first().verb == "clear_again"


def test_nothing_is_written_down_once_it_is_over(cast, now):
    made = makers.placement(cast)
    Placement.objects.update(state=P.FINISHED)
    with pytest.raises(Blocked):
        actions.record_clearance(made, ENTRY, actor=cast.user("hr"), **briefing())


def test_one_briefing_of_many_is_written_for_each_and_says_who_was_left_out(cast, now):
    programme = makers.programme(cast, seats=3)
    first = makers.placement(cast, programme)
    second = makers.placement(cast, programme, "colleague")
    office = makers.placement(
        cast, programme, "student2", hazard=makers.hazard("office", electrical_group=None)
    )
    Placement.objects.filter(pk=second.pk).update(state=P.FINISHED)
    rows = [makers.placement_again(one) for one in (first, second, office)]
    result = actions.record_clearances(rows, [ENTRY, GROUP], actor=cast.user("hr"), **briefing())
    assert [one.pk for one in result.done] == [first.pk, office.pk]
    assert [one.pk for one, _why in result.refused] == [second.pk]
    assert sorted(Clearance.objects.values_list("placement_id", "kind")) == sorted(
        [(first.pk, "entry"), (first.pk, "group"), (office.pk, "entry")]
    )


def test_the_pages_write_it_down_and_keep_what_was_typed(cast, login, english, now):
    made = makers.placement(cast)
    client, url = login("hr"), reverse("internships:clearance", args=[made.uid, "group"])
    typed = {"done_on": "2026-11-20", "given_by": "İ. Babayev", "giver_group": "2", "journal_number": "118"}
    page = client.post(url, typed)
    assert page.status_code == 422
    assert "Only a worker of group 3 or higher may give this." in page.content.decode()
    assert "İ. Babayev" in page.content.decode()
    assert client.post(url, {**typed, "giver_group": "4"}).status_code == 302
    assert Clearance.objects.get().giver_group == 4
    for who, answer in (("mentor", 403), ("student", 403), ("coordinator2", 404), ("hr2", 404)):
        assert login(who).post(url, typed).status_code == answer
    assert client.get(reverse("internships:clearance", args=[made.uid, "medical"])).status_code == 404


def test_everything_that_is_missing_of_a_part_is_told_in_one_answer(cast, login, english, now):
    made = makers.placement(cast)
    page = login("hr").post(reverse("internships:clearance", args=[made.uid, "group"]), {"done_on": "dünən"})
    assert (page.status_code, sorted(page.context["form"].errors)) == (
        422,
        ["done_on", "given_by", "giver_group", "journal_number"],
    )
    picks = {"pick": [str(made.uid)], "confirmed": "1", "kinds": ["entry"]}
    many = login("hr").post(reverse("internships:briefing"), picks)
    assert (many.status_code, sorted(many.context["form"].errors)) == (
        422,
        ["done_on", "given_by", "journal_number"],
    )
    assert "(optional)" not in many.content.decode().partition('name="given_by"')[0].rpartition("<label")[2]


def test_many_are_briefed_from_the_list(cast, login, english, now):
    programme = makers.programme(cast)
    made = [makers.placement(cast, programme, who) for who in ("student", "colleague")]
    client, url = login("hr"), reverse("internships:briefing")
    picks = {"pick": [str(one.uid) for one in made]}
    assert client.post(url, picks).status_code == 200
    values = {
        **picks,
        "confirmed": "1",
        "kinds": ["entry"],
        "done_on": "2026-11-20",
        "given_by": "İ. Babayev",
    }
    told = client.post(url, {**values, "journal_number": ""}).content.decode()
    assert told.count("Give the number in the journal.") == 2
    assert client.post(url, {**values, "journal_number": "7"}).status_code == 302
    assert Clearance.objects.count() == 2
    assert login("mentor").post(url, picks).status_code == 403
    assert login("hr2").post(url, {**values, "journal_number": "7"}).status_code == 302
    assert Clearance.objects.filter(journal_number="7").count() == 2


# Onboarding ---------------------------------------------------------------------------------------------
def test_students_write_their_own_lines_and_the_company_ticks_them(cast):
    made = makers.placement(cast)
    with pytest.raises(ValidationError):
        actions.tick(made, OnboardingKind.EMERGENCY_CONTACT, actor=cast.user("hr"), done=True)
    actions.write_particulars(
        made, {"contact": "Ana, 050 000 00 00", "pass": "1"}, actor=cast.user("student")
    )
    task = actions.tick(made, OnboardingKind.EMERGENCY_CONTACT, actor=cast.user("hr"), done=True)
    assert (task.value, task.done_by) == ("Ana, 050 000 00 00", cast.user("hr"))
    assert OnboardingTask.objects.get(placement=made, kind="pass").value == ""
    actions.write_particulars(made, {"contact": "Ata, 055 000 00 00"}, actor=cast.user("student"))
    assert OnboardingTask.objects.get(placement=made, kind="contact").done_at is None
    for who in ("hr", "mentor", "colleague", "coordinator"):
        with pytest.raises(Refused):
            actions.write_particulars(made, {"contact": "…"}, actor=cast.user(who))


def test_the_emergency_contact_is_read_by_the_company_the_mentor_and_the_student(cast, login):
    made = makers.placement(cast, supervisor=cast.supervisor)
    words = {kind: f"sirr-{kind}" for kind in PARTICULARS}
    actions.write_particulars(made, words, actor=cast.user("student"))
    reads = {}
    for who in ("student", "hr", "mentor", "coordinator", "supervisor"):
        page = login(who).get(made.get_absolute_url()).content.decode()
        reads[who] = ("sirr-contact" in page, "sirr-size" in page)
    assert reads == {
        "student": (True, True),
        "hr": (True, True),
        "mentor": (True, True),
        "coordinator": (False, True),
        "supervisor": (False, True),
    }
    assert not Change.objects.filter(note__contains="sirr").exists()


def test_the_pages_of_the_list_are_for_those_who_write_and_tick(cast, login):
    made = makers.placement(cast)
    write = reverse("internships:particulars", args=[made.uid])
    assert (
        login("student").post(write, {"contact": "Ana", "size": "43", "transport": "Metro"}).status_code
        == 302
    )
    tick = reverse("internships:onboarding", args=[made.uid, "contact"])
    assert login("hr").post(tick, {"done": "1"}).status_code == 302
    assert OnboardingTask.objects.get(placement=made, kind="contact").done_at is not None
    assert login("hr").get(tick).status_code == 405
    for who, answers in (("mentor", (403, 403)), ("colleague", (404, 404)), ("coordinator2", (404, 404))):
        assert (login(who).post(write).status_code, login(who).post(tick).status_code) == answers


# Hours --------------------------------------------------------------------------------------------------
def test_the_account_of_hours_week_by_week(cast):
    made = makers.active(cast)  # 15 June 2027 is a Tuesday
    for day, minutes, state in ((15, 240, "confirmed"), (16, 300, "confirmed"), (22, 240, "submitted")):
        DiaryEntry.objects.create(placement=made, date=date(2027, 6, day), minutes=minutes, state=state)
    DiaryEntry.objects.create(
        placement=made, date=date(2027, 6, 17), minutes=240
    )  # a draft counts for nobody
    Absence.objects.create(placement=made, date=date(2027, 6, 18), minutes=240, reason="illness")
    Absence.objects.create(
        placement=made, date=date(2027, 6, 21), minutes=180, reason="studies", state="made_up"
    )
    with time_machine.travel("2027-06-23T08:00:00Z"):
        found = hours_of(made)
    assert (found.planned, found.confirmed, found.handed_in, found.missed, found.made_up) == (
        34 * 240,
        540,
        240,
        240,
        180,
    )
    assert [(week.confirmed, week.handed_in, week.missed) for week in found.weeks[:2]] == [
        (540, 0, 240),
        (0, 240, 0),
    ]
    assert (found.academic, found.academic_planned) == (17, 181)
    assert found.due == 1200 + 1200 // 4  # a whole week, and one of the four working days of the second
    assert found.behind == found.due - 780


def test_nothing_is_behind_before_the_first_day(cast, now):
    made = makers.placement(cast)
    found = hours_of(made)
    assert (found.due, found.behind, len(found.weeks)) == (0, 0, 7)
