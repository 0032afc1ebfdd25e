"""Who stands in for a mentor has the mentor's interns, marked as the mentor's; nobody else gets them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from internships import rules
from internships.actions import assess
from internships.enums import DiaryState
from internships.models import Application, DiaryEntry, Placement
from internships.tests.makers import STARTS, active, endorsed, programme, sent
from partnerships.common.clock import today
from partnerships.directory.access import access_of
from partnerships.directory.actions import name_deputy
from partnerships.directory.enums import DeputyState, Role
from partnerships.directory.models import Deputyship
from partnerships.notifications.models import Message, Notification
from partnerships.notifications.reminding import remind
from partnerships.portal.reports import todos
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

pytestmark = pytest.mark.django_db


def _away(cast: Cast, holder: str, deputy: str) -> None:
    name_deputy(
        cast.affiliation(holder),
        getattr(cast, deputy),
        actor=cast.user(holder),
        starts=today(),
        ends=today(),
        reason="Məzuniyyət",
    )


@time_machine.travel("2027-03-02T08:00:00Z", tick=False)  # the practice lies ahead: no mark is owed yet
def test_the_mentors_deputy_sees_and_confirms_with_a_mark_and_only_while_it_lasts(cast: Cast) -> None:
    placed = active(cast, programme(cast))
    DiaryEntry.objects.create(
        placement=placed,
        date=STARTS,
        minutes=360,
        state=DiaryState.SUBMITTED,
        work="iş",
        submitted_at=timezone.now(),
    )
    seen = Placement.objects.visible_to(cast.user("expert"))
    assert (list(seen), todos(cast.user("expert"))) == ([], [])
    _away(cast, "mentor", "expert")
    deputy = cast.user("expert")
    assert list(Placement.objects.visible_to(deputy)) == [placed]
    assert rules.mentors_placement(deputy, placed)
    assert [item.place_of for item in todos(deputy)] == ["Rəşad Səfərov"]
    assert [item.place_of for item in todos(cast.user("mentor"))] == [""]
    assert not rules.mentors_placement(cast.user("mentor2"), placed)


def test_the_supervisors_deputy_has_the_students(cast: Cast) -> None:
    placed = active(cast, programme(cast), supervisor=cast.supervisor)
    Application.objects.filter(pk=placed.application_id).update(supervisor=cast.supervisor)
    assert not Application.objects.visible_to(cast.user("rector")).exists()
    _away(cast, "supervisor", "rector")
    deputy = cast.user("rector")
    assert list(Placement.objects.visible_to(deputy)) == [placed]
    assert [row.pk for row in Application.objects.visible_to(deputy)] == [placed.application_id]
    assert rules.supervises_placement(deputy, placed)
    assert not rules.supervises_placement(cast.user("coordinator2"), placed)


def test_the_page_of_a_practice_says_who_stands_in_today_for_mentor_and_supervisor(
    cast: Cast, login: Any
) -> None:
    placed = active(cast, programme(cast), supervisor=cast.supervisor)
    other = active(cast, programme(cast), "colleague")
    _away(cast, "mentor", "expert")
    _away(cast, "supervisor", "rector")
    words = 'bu gün əvəz edir: <span dir="auto">'
    standing = {name: f"{words}{getattr(cast, name).name}</span>" for name in ("expert", "rector")}

    def said(who: str, row: Placement = placed) -> list[str]:
        page = login(who).get(row.get_absolute_url()).content.decode()
        return [name for name, line in standing.items() if line in page]

    readers = ("student", "coordinator", "hr", "mentor")
    assert {who: said(who) for who in readers} == {who: ["expert", "rector"] for who in readers}
    assert said("hr", other) == ["expert"]
    form = login("hr").get(f"{placed.get_absolute_url()}do/mentor/").content.decode()
    assert f"{cast.mentor} (bu gün əvəz edir: {cast.expert.name})" in form
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert said("student") == []
    Deputyship.objects.update(state=DeputyState.DECLINED)
    assert said("student") == []


def test_a_student_who_teaches_and_stands_in_for_the_own_supervisor_gives_no_mark_to_themselves(
    cast: Cast,
) -> None:
    placed = active(cast, programme(cast), supervisor=cast.supervisor)
    make.affiliation(cast.student, cast.energy, role=Role.LECTURER)
    _away(cast, "supervisor", "student")
    student = cast.user("student")
    assert student.person_id == placed.person_id
    assert not rules.supervises_placement(student, placed)
    assert not rules.assesses_placement(student, placed)


def test_a_deputy_decides_nothing_about_whom_they_stand_in_for(cast: Cast) -> None:
    application = endorsed(cast, programme(cast))
    placed = active(cast, programme(cast, title="Qış təcrübəsi"), "colleague")
    make.affiliation(cast.student, cast.azerisiq, role=Role.HR)
    make.affiliation(cast.colleague, cast.azerisiq, role=Role.HR)
    for holder in (cast.student, cast.colleague):
        role = holder.affiliations.get(role=Role.HR)
        days = {"starts": today(), "ends": today(), "reason": "Məzuniyyət"}
        name_deputy(role, cast.expert, actor=holder.user, **days)
    deputy = cast.user("expert")
    assert access_of(deputy).covers(cast.azerisiq.path, Role.HR)
    assert not rules.decides_application(deputy, application)
    assert not rules.may_score(deputy, application)
    assert not rules.runs_placement(deputy, placed)
    assert rules.decides_application(cast.user("hr"), application)
    assert rules.runs_placement(cast.user("hr"), placed)


def test_a_concern_goes_past_the_mentors_deputy_too(cast: Cast) -> None:
    placed = active(cast, programme(cast))
    concern = placed.concerns.model(
        placement=placed, author=cast.student, mentor=cast.mentor, to_company=True
    )
    assert rules.answers_concern(cast.user("hr"), concern)
    _away(cast, "mentor", "hr")
    assert not rules.answers_concern(cast.user("hr"), concern)


def test_a_reminder_to_who_stands_in_says_in_whose_place(cast: Cast, time_machine: Any) -> None:
    sent(cast, programme(cast))
    time_machine.move_to(timezone.now() + timedelta(days=14, hours=12))  # a day before the endorsement is due
    _away(cast, "coordinator", "rector")
    remind()
    rows = Notification.objects.filter(occurrence__isnull=False, kind="internships.remind_endorse")
    told = {row.person_id: row.body["az"] for row in rows}
    mine, theirs = told[cast.coordinator.pk], told[cast.rector.pk]
    assert theirs == f"Əvəz etdiyiniz şəxs: {cast.coordinator.name}.\n\n{mine}"
    letters = dict(Message.objects.filter(notification__in=rows).values_list("person_id", "text"))
    assert [cast.coordinator.name in letters[key] for key in sorted(letters)] == [
        key == cast.rector.pk for key in sorted(letters)
    ]
    assert cast.rector.pk in letters


def test_a_score_that_a_deputy_gives_says_in_whose_place(cast: Cast, login: Any) -> None:
    application = endorsed(cast, programme(cast))
    assess(application, actor=cast.user("hr"), score=80, note="")
    page = application.get_absolute_url()
    desk = reverse("internships:decide") + f"?application={application.uid}"
    _away(cast, "hr", "expert")
    assess(application, actor=cast.user("expert"), score=60, note="Sxemləri oxuyur.")
    mine, own = application.assessments.order_by("score")
    assert (mine.holder, own.holder) == (cast.hr, None)
    assert (mine.who, own.who) == (f"{cast.expert.name}, əvəz olunan: {cast.hr.name}", cast.hr.name)
    for address in (page, desk):
        assert mine.who in login("hr").get(address).content.decode()
