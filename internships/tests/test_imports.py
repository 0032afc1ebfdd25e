"""The university's table: who is new, who is nominated where, what is refused and why, and who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from internships.enums import ApplicationState as A
from internships.enums import ProgrammeKind
from internships.models import Application, NominationOrder, Position
from internships.tests import makers
from internships.tests.bringing import bring, confirm, errors, fates, line
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Domain, Person, Study
from partnerships.documents import imports
from partnerships.documents.enums import ImportState
from partnerships.notifications.models import Message
from partnerships.testing import factories as make

pytestmark = pytest.mark.usefixtures("workers")


# Listing -------------------------------------------------------------------------------------------


def test_new_students_are_listed_only_once_the_table_is_confirmed(cast, practice):
    row = line(
        patronymic="Elçin qızı", phone="050 123 45 67", number="22-17", degree="magistratura", mode="Qiyabi"
    )
    run = bring(cast, [row])
    assert (run.state, fates(run), Person.objects.filter(family_name="Kazımova").count()) == (
        ImportState.PREVIEWED,
        ["add"],
        0,
    )
    confirm(cast, run)
    study = Study.objects.get(affiliation__person__family_name="Kazımova")
    person = study.affiliation.person
    assert (person.given_name, person.patronymic, person.phone, person.user) == (
        "Aytən",
        "Elçin qızı",
        "+994501234567",
        None,
    )
    assert (study.affiliation.organization, study.affiliation.state, study.affiliation.verified_by) == (
        cast.energy,
        "verified",
        cast.coordinator.user,
    )
    assert (study.specialty.code, study.degree, study.year, study.gpa, study.mode, study.student_number) == (
        "050608",
        "master",
        4,
        84.5,
        "part_time",
        "22-17",
    )


def test_who_is_known_is_brought_up_to_date_and_what_is_so_already_is_left(cast, practice):
    Study.objects.filter(affiliation__person=cast.student).update(student_number="22-1")
    known = line("Nigar", "Məmmədova", email="NIGAR@aztu.example", gpa="91")
    same = line("Kənan", "Əhmədli", email="kenan@aztu.example", gpa="85", year="IV")
    run = bring(cast, [known, same])
    assert fates(run) == ["change", "nothing"]
    confirm(cast, run)
    assert cast.study("student").gpa == 91
    assert Person.objects.filter(family_name="Məmmədova").count() == 1
    again = bring(cast, [known, same])
    assert fates(again) == ["nothing", "nothing"]
    with pytest.raises(Blocked):
        imports.confirm(again, actor=cast.user("coordinator"))


def test_a_listed_student_signs_up_and_is_the_same_person(cast, practice):
    from partnerships.directory import actions as directory

    confirm(cast, bring(cast, [line(email="zaur@else.example", given="Zaur", family="Yad")]))
    person = directory.address_verified(cast.user("stranger"), "zaur@else.example")
    assert person is not None
    assert person.affiliations.get().organization == cast.energy


def test_a_mistyped_address_or_number_puts_no_studies_on_another_student(cast, practice):
    Study.objects.filter(affiliation__person=cast.colleague).update(student_number="22-2")
    run = bring(
        cast,
        [
            line("Aytən", email="nigar@aztu.example"),
            line("Aytən", email="", number="22-2"),
            line("Nigar", "Məmmədova", email="nigar@aztu.example", number="22-2"),
            line("Leyla", "Başqa", email="zaur@else.example"),
        ],
    )
    assert errors(run) == {2: ["email"], 3: ["student_number"], 4: ["email", "student_number"], 5: ["email"]}
    reasons = run.rows.get(number=5).errors["email"]
    assert "Zaur" not in reasons[0]


def test_the_same_student_twice_in_one_table_is_refused_the_second_time(cast, practice):
    run = bring(cast, [line(number="7"), line(number="8"), line("Elşən", number="7")])
    assert (fates(run), errors(run)) == (
        ["add", "refuse", "refuse"],
        {3: ["email"], 4: ["student_number"]},
    )


# Who may -------------------------------------------------------------------------------------------


def test_a_coordinator_puts_nobody_into_another_university(cast, practice):
    with pytest.raises(Refused):
        bring(cast, [line()], university=cast.adnsu)
    run = bring(cast, [line(faculty="Energetika və avtomatika fakültəsi"), line("Elnur", faculty="Yoxdur")])
    assert errors(run) == {2: ["faculty"], 3: ["faculty"]}
    taken = bring(cast, [line("Elnur", "Qarabağlı", email="elnur@adnsu.example")])
    assert errors(taken) == {2: ["email"]}
    assert Affiliation.objects.get(person=cast.student2).organization == cast.oil


def test_a_faculty_coordinator_lists_the_own_faculty_alone(cast, practice):
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    Affiliation.objects.filter(person=cast.coordinator).update(organization=other)
    run = bring(
        cast,
        [
            line(faculty=""),
            line("Səma", faculty="maşınqayırma"),
            line("Lalə", faculty="Energetika"),
            line("Nigar", "Məmmədova", email="nigar@aztu.example", faculty=""),
        ],
    )
    assert (fates(run), errors(run)) == (["add", "add", "refuse", "refuse"], {4: ["faculty"], 5: [""]})
    confirm(cast, run)
    assert set(other.affiliations.filter(role=Role.STUDENT).values_list("person__given_name", flat=True)) == {
        "Aytən",
        "Səma",
    }


def test_the_partnership_manager_brings_students_only_where_there_is_no_coordinator(cast, practice):
    with pytest.raises(Refused):
        bring(cast, [line()], name="partnerships", university=cast.adnsu)
    Affiliation.objects.filter(person=cast.coordinator2).delete()
    run = bring(cast, [line(faculty="")], name="partnerships", university=cast.adnsu)
    confirm(cast, run, "partnerships")
    assert Affiliation.objects.get(person__family_name="Kazımova").organization == cast.adnsu


def test_another_universitys_address_is_pointed_out_and_not_refused(cast, practice):
    Domain.objects.create(organization=cast.adnsu, domain="adnsu.example")
    Domain.objects.create(organization=cast.aztu, domain="aztu.example")
    run = bring(cast, [line(email="a@std.adnsu.example"), line("Səma"), line("Lalə", email="l@gmail.com")])
    assert fates(run) == ["add", "add", "add"]
    assert ["ADNSU" in row.fate_text for row in run.rows.order_by("number")] == [True, False, False]


def test_the_import_is_its_bringers_alone(cast, login, practice):
    run = bring(cast, [line()])
    for name in ("coordinator2", "partnerships", "hr", "rector"):
        assert login(name).get(run.get_absolute_url()).status_code == 404
        assert login(name).get(reverse("import_report", args=[run.uid])).status_code == 404


# Nominating at once --------------------------------------------------------------------------------


def test_students_are_listed_and_nominated_in_one_go(cast, practice):
    row = line(place="Yarımstansiyaların istismarı", guide="Abbasov Tofiq", number="1")
    run = bring(cast, [row], practice)
    assert fates(run) == ["add"]
    assert (Application.objects.count(), NominationOrder.objects.count()) == (0, 0)
    confirm(cast, run)
    application = Application.objects.get()
    assert (application.state, application.supervisor, application.person.family_name) == (
        A.IN_REVIEW,
        cast.supervisor,
        "Kazımova",
    )
    order = application.order
    assert (order.number, str(order.date), order.university) == ("K-7", "2026-11-01", cast.aztu)
    assert Message.objects.filter(kind="internships.nominated", address=application.person.email).count() == 1


@pytest.mark.parametrize("place", ["Yarımstansiyaların istismarı", "Substation operation"])
def test_a_place_is_found_by_its_name_in_either_language(cast, practice, place):
    Position.objects.update(title_en="Substation operation")
    cast.coordinator.user.__class__.objects.update(language="en")
    with translation.override("en"):
        assert fates(bring(cast, [line(place=place, number="1")], practice)) == ["add"]


def test_any_fills_the_places_by_free_seats_and_says_so(cast, practice):
    makers.place(cast, practice, seats=2, title_az="Laboratoriya")
    names = ["Aytən", "Səma", "Lalə", "Elşən", "Cavid", "Murad"]
    run = bring(cast, [line(name, place="hər hansı", number=f"n-{name}") for name in names], practice)
    assert fates(run) == ["add"] * 5 + ["refuse"]
    assert errors(run) == {7: ["position"]}
    told = [row.fate_text for row in run.rows.order_by("number")][:5]
    places = ["Yarım", "Yarım", "Labor", "Yarım", "Labor"]
    assert [place in text for place, text in zip(places, told, strict=True)] == [True] * 5
    assert [text.rstrip(".")[-1] for text in told] == ["2", "1", "1", "0", "0"]
    confirm(cast, run)
    chosen = Application.objects.order_by("pk").values_list("choices__vacancy__position__title_az", flat=True)
    assert [title[:5] for title in chosen] == places


def test_a_row_that_cannot_be_nominated_is_refused_with_its_reason_and_loses_no_other(cast):
    make.specialty()
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=1, position={"min_gpa": 80})
    place = "Yarımstansiyaların istismarı"
    run = bring(
        cast,
        [
            line("Aytən", place=place, gpa="70", number="1"),
            line("Səma", place="Belə yer yoxdur", number="2"),
            line("Lalə", place=place, guide="Yoxdur Belə", number="3"),
            line("Elşən", place=place, number="4"),
            line("Cavid", place=place, number="5"),
            line("Murad", number="6"),
        ],
        practice,
    )
    assert (fates(run)[3], fates(run)[5]) == ("add", "add")
    assert errors(run) == {2: ["position"], 3: ["position"], 4: ["supervisor"], 6: ["position"]}
    assert "70" in run.rows.get(number=2).errors["position"][0]
    run = confirm(cast, run)
    assert (run.state, run.summary["outcomes"]) == (ImportState.DONE, {"written": 2, "refused": 4})
    assert [row.person.given_name for row in Application.objects.all()] == ["Elşən"]


def test_a_place_with_quotation_marks_in_its_name_is_quoted_once(cast):
    make.specialty()
    practice = makers.programme(
        cast, kind=ProgrammeKind.PRACTICE, seats=2, position={"title_az": "“Relə” laboratoriyası"}
    )
    rows = [line(place="any", number="1"), line("Səma", place="“Relə” laboratoriyası", number="2")]
    run = bring(cast, rows, practice)
    told = [row.fate_text for row in run.rows.order_by("number")]
    told += [row.fate_text for row in confirm(cast, run).rows.order_by("number")]
    assert ["“‘Relə’ laboratoriyası" in text for text in told] == [True] * 4


def test_the_same_table_confirmed_twice_changes_nothing(cast, practice):
    rows = [line(name, place="any", number=name) for name in ("Aytən", "Səma")]
    confirm(cast, bring(cast, rows, practice))
    before = list(Application.objects.order_by("pk").values_list("pk", "version", "number"))
    again = bring(cast, rows, practice)
    assert fates(again) == ["nothing", "nothing"]
    # A preview made before, confirmed after: found out while it is written.
    late = bring(cast, [*rows, line("Lalə", number="Lalə")], practice)
    confirm(cast, late)
    assert list(Application.objects.order_by("pk").values_list("pk", "version", "number")) == before
    assert Person.objects.filter(family_name="Kazımova").count() == 3


def test_a_deadline_that_passes_between_preview_and_confirmation_is_found_out(cast, practice):
    run = bring(cast, [line(place="any", number="1"), line("Səma", number="2")], practice)
    practice.call.deadlines.filter(step="endorse").update(at=practice.created - timedelta(days=1))
    run = confirm(cast, run)
    assert run.summary["outcomes"] == {"written": 1, "refused": 1}
    assert not Person.objects.filter(given_name="Aytən").exists()  # nothing half-done


def test_a_seat_that_went_between_preview_and_confirmation_is_found_out(cast, practice):
    run = bring(cast, [line(place="any", number="1"), line("Səma", number="2")], practice)
    practice.vacancies().get().pool.__class__.objects.update(capacity=0)
    run = confirm(cast, run)
    assert run.summary["outcomes"] == {"written": 1, "refused": 1}
    assert list(run.rows.get(number=2).errors) == ["position"]
    assert not Person.objects.filter(given_name="Aytən").exists()


def test_without_a_programme_the_columns_of_nomination_are_passed_over_and_named(cast, practice):
    run = bring(cast, [line(place="any")])
    assert (fates(run), run.summary["ignored"]) == (["add"], ["Təcrübə yeri", "Təcrübə rəhbəri"])


def test_an_open_internship_or_a_draft_cannot_be_imported_into(cast):
    for programme in (
        makers.programme(cast, title="Yay internship"),
        makers.programme(cast, kind=ProgrammeKind.PRACTICE, published=False, title="Qaralama"),
    ):
        with pytest.raises(Refused):
            bring(cast, [line(place="any")], programme)
