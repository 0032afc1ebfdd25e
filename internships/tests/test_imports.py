"""The university's table: who is new, who is nominated where, what is refused and why, and who may."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from internships import imports as kind
from internships.enums import ApplicationState as A
from internships.enums import ProgrammeKind
from internships.models import Application, NominationOrder, Position
from internships.tests import makers
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Domain, Person, Study
from partnerships.documents import imports
from partnerships.documents.enums import ImportState
from partnerships.documents.models import ImportRun
from partnerships.notifications.models import Message
from partnerships.testing import factories as make
from partnerships.testing import files

PAGE = reverse("internships:import")
HEAD = [
    "Kurs",
    "Ad",
    "Soyad",
    "Ata adı",
    "E-poçt",
    "Telefon",
    "Tələbə nömrəsi",
    "Fakültə",
    "İxtisas",
    "Təhsil səviyyəsi",
    "ÜOMG",
    "Təhsil forması",
    "Təcrübə yeri",
    "Təcrübə rəhbəri",
]
KEYS = [
    "year",
    "given",
    "family",
    "patronymic",
    "email",
    "phone",
    "number",
    "faculty",
    "specialty",
    "degree",
    "gpa",
    "mode",
    "place",
    "guide",
]


@pytest.fixture(autouse=True)
def workers(django_capture_on_commit_callbacks, monkeypatch):
    """Work starts when the verb has committed, as in production, inside the test's own transaction."""
    for name in ("bring", "preview", "confirm"):
        verb = getattr(imports, name)

        def at_once(*args, _verb=verb, **kwargs):
            with django_capture_on_commit_callbacks(execute=True):
                return _verb(*args, **kwargs)

        monkeypatch.setattr(imports, name, at_once)


@pytest.fixture
def practice(cast):
    make.specialty()
    return makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=3, title="İstehsalat təcrübəsi")


def line(given="Aytən", family="Kazımova", **values):
    """A good row; `values` change single cells."""
    row = {
        "given": given,
        "family": family,
        "year": "4-cü kurs",
        "email": f"{given}.{family}@aztu.example".encode("ascii", "ignore").decode().lower(),
        "faculty": "Energetika",
        "specialty": "050608",
        "gpa": "84,5",
        **values,
    }
    return [row.get(key, "") for key in KEYS]


def context(cast, programme=None, university=None):
    return {
        "university": (university or cast.aztu).pk,
        "programme": programme.pk if programme else None,
        "number": "K-7" if programme else "",
        "day": "2026-11-01" if programme else None,
    }


def bring(cast, rows, programme=None, *, name="coordinator", data=None, file="siyahı.xlsx", **more):
    upload = files.upload(data or files.xlsx([HEAD, *rows]), file)
    run = imports.bring(
        upload, kind=kind.KIND, context=context(cast, programme, **more), actor=cast.user(name)
    )
    return finished(run)


def confirm(cast, run, name="coordinator"):
    return finished(imports.confirm(run, actor=cast.user(name)))


def finished(run):
    return ImportRun.objects.select_related("job", "file", "owner").get(pk=run.pk)


def fates(run):
    return list(run.rows.order_by("number").values_list("fate", flat=True))


def errors(run):
    """{row: [columns with errors]}"""
    return {row.number: sorted(row.errors) for row in run.rows.order_by("number") if row.errors}


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


# What people send ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        files.csv_text([HEAD, line("Aytən")]).encode("utf-8"),
        files.csv_text([HEAD, line("Aytən")], ";").encode("utf-8-sig"),
        files.csv_text([HEAD, line("Aytən")], "\t").encode("utf-16"),
    ],
    ids=["utf-8", "bom and semicolon", "utf-16 and tab"],
)
def test_text_tables_are_read_in_their_encodings(cast, practice, data):
    run = bring(cast, [], data=data, file="siyahı.csv")
    assert (fates(run), run.rows.get().values["given_name"]) == (["add"], "Aytən")


def test_windows_1254_is_read_and_the_missing_letter_is_pointed_out(cast, practice):
    head = ["Ad", "Soyad", "E-poçt", "İxtisas", "Kurs"]
    data = files.csv_text([head, ["Şükür", "Çınar", "s@x.example", "050608", "2"]], ";").encode("cp1254")
    run = bring(cast, [], data=data, file="siyahı.xlsx")
    assert (fates(run), run.rows.get().values["family_name"]) == (["add"], "Çınar")
    # It is known by the name that it came with, and kept as what it is.
    assert (run.file_name, run.file.name) == ("siyahı.xlsx", "siyahı.csv")
    assert any("Windows-1254" in words for words in run.summary["assumed"])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"given": "A" * 200}, "given_name"),
        ({"given": '=HYPERLINK("http://x")'}, "given_name"),
        ({"family": "<script>alert(1)</script>"}, "family_name"),
        ({"given": "Aytən 😀"}, "given_name"),
        ({"given": "1234"}, "given_name"),
        ({"email": "aytən"}, "email"),
        ({"email": "", "number": ""}, "email"),
        ({"phone": "zəng edin"}, "phone"),
        ({"number": "=1+1"}, "student_number"),
        ({"specialty": "999999"}, "specialty"),
        ({"specialty": ""}, "specialty"),
        ({"year": "12"}, "year"),
        ({"gpa": "NaN"}, "gpa"),
        ({"gpa": "101"}, "gpa"),
        ({"degree": "akademik"}, "degree"),
        ({"mode": "axşam"}, "mode"),
        ({"specialty": "#REF!"}, "specialty"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(cast, login, practice, cells, column):
    # As text: a formula in a workbook has no value of its own and reads as an empty cell.
    rows = [HEAD, line(**{"number": "22-9", "email": "a@aztu.example", **cells}), line("Səma")]
    run = bring(cast, [], data=files.csv_text(rows).encode(), file="siyahı.csv")
    assert (fates(run), errors(run)) == (["refuse", "add"], {2: [column]})
    page = login("coordinator").get(run.get_absolute_url(), {"show": "all"}).content.decode()
    assert "<script>alert" not in page
    confirm(cast, run)
    assert Person.objects.filter(given_name="Səma").count() == 1


def test_names_of_other_scripts_and_marks_of_direction_are_read_as_letters(cast, practice):
    run = bring(
        cast, [line("\u202eمحمد", "O’Neil-Ağayev", email="m@x.example"), line("José", email="j@x.example")]
    )
    assert fates(run) == ["add", "add"]
    assert run.rows.get(number=2).values["given_name"] == "محمد"


def test_a_code_that_excel_took_for_a_number_and_names_are_understood(cast, practice):
    make.specialty("060608", "Elektroenergetika mühəndisliyi", degree="master")
    run = bring(
        cast,
        [
            line("Aytən", specialty=50608),
            line("Səma", specialty="050608 – Elektroenergetika mühəndisliyi"),
            line("Lalə", specialty="elektroenergetika muhendisliyi", degree="Magistr"),
            line("Elşən", specialty="Elektroenergetika mühəndisliyi"),
        ],
    )
    assert (fates(run), errors(run)) == (["add", "add", "add", "refuse"], {5: ["specialty"]})


def test_a_merged_title_above_the_headings_is_passed_over(cast, practice):
    book = Workbook()
    book.active.append(["2026-cı il üzrə tələbələrin siyahısı"])
    book.active.merge_cells("A1:N1")
    book.active.append(HEAD)
    book.active.append(line())
    out = io.BytesIO()
    book.save(out)
    assert fates(bring(cast, [], data=out.getvalue())) == ["add"]


def test_headings_merged_into_one_cell_are_answered_with_what_is_missing(cast, practice):
    run = bring(cast, [], data=files.xlsx([["Ad Soyad Kurs İxtisas"], ["Aytən Kazımova 4 050608"]]))
    assert (run.state, "Kurs" in run.problem or "Year" in run.problem) == (ImportState.FAILED, True)


def test_too_many_rows_and_a_bomb_are_refused_in_words(cast, practice, settings):
    settings.IMPORT_ROWS = 3
    many = bring(cast, [line(f"Ad{'a' * n}") for n in range(4)])
    assert (many.state, "3" in many.problem) == (ImportState.FAILED, True)
    settings.IMPORT_UNPACKED = 1000
    out = io.BytesIO(files.xlsx([HEAD, line()]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", b"0" * 100_000)
    bomb = bring(cast, [], data=out.getvalue())
    assert (bomb.state, bool(bomb.problem)) == (ImportState.FAILED, True)


# The pages -----------------------------------------------------------------------------------------


def test_the_page_takes_the_table_and_leads_to_its_preview(cast, login, practice):
    client = login("coordinator")
    data = {"programme": practice.slug, "number": "K-7", "day": "2026-11-01"}
    table = files.upload(files.xlsx([HEAD, line(place="any")]), "siyahı.xlsx")
    response = client.post(PAGE, {**data, "file": table})
    run = ImportRun.objects.get()
    assert (response.status_code, response["Location"]) == (302, run.get_absolute_url())
    assert run.context == context(cast, practice)
    assert "K-7" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"day": ""}, "day"),
        ({"day": "2099-01-01"}, "day"),
        ({"file": None}, "file"),
    ],
)
def test_a_wrong_form_says_what_is_missing_and_brings_nothing(cast, login, practice, change, field):
    table = files.upload(files.xlsx([HEAD, line()]), "siyahı.xlsx")
    data = {"programme": practice.slug, "number": "K-7", "day": "2026-11-01", "file": table} | change
    response = login("coordinator").post(
        PAGE, {key: value for key, value in data.items() if value is not None}
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert ImportRun.objects.count() == 0


def test_the_order_is_asked_for_only_where_somebody_is_nominated(cast, login, practice):
    table = files.upload(files.xlsx([HEAD, line()]), "siyahı.xlsx")
    assert login("coordinator").post(PAGE, {"programme": "", "file": table}).status_code == 302
    assert ImportRun.objects.get().context == context(cast)


def test_who_coordinates_nobody_is_refused(cast, login, practice):
    for name in ("student", "hr", "supervisor", "rector"):
        for url in (PAGE, reverse("internships:import_template")):
            assert login(name).get(url).status_code == 403


def test_the_template_lists_own_faculties_and_the_places_and_can_be_filled_in(cast, login, practice):
    url = reverse("internships:import_template")
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    data = login("coordinator").get(url, {"programme": practice.slug}).content
    book = load_workbook(io.BytesIO(data))
    cells = [value for row in book.worksheets[1].iter_rows(values_only=True) for value in row if value]
    assert {"Energetika fakültəsi", str(other), "Yarımstansiyaların istismarı"} <= set(cells)
    assert "Energetika və avtomatika fakültəsi" not in cells
    assert cast.supervisor.email in cells
    page = book.worksheets[0]
    headings = {cell.value: cell.column for cell in page[1]}
    sheet = kind.StudentsImport.sheet(context(cast, practice))
    values = {"family_name": "Kazımova", "given_name": "Aytən", "email": "a@aztu.example", "year": "3"}
    values |= {
        "specialty": "050608 Elektroenergetika mühəndisliyi",
        "position": "Yarımstansiyaların istismarı",
    }
    for key, value in values.items():
        page.cell(2, headings[sheet.label(key)], value)
    out = io.BytesIO()
    book.save(out)
    assert fates(bring(cast, [], practice, data=out.getvalue())) == ["add"]
    assert login("coordinator").get(url, {"programme": "no-such"}).status_code == 404
    assert login("coordinator").get(url, {"university": cast.adnsu.slug}).status_code == 404


def test_checking_costs_the_same_for_many_rows_as_for_few(cast, practice, django_assert_max_num_queries):
    run = bring(cast, [line(number="1", place="any")], practice)
    asked = []
    for count in (2, 60):
        importer = kind.StudentsImport()
        importer.prepare(run)
        sheet = importer.sheet(run.context)
        rows = [
            sheet.clean(
                kind.Row(
                    n,
                    {
                        "given_name": "Ad",
                        "family_name": "Soyad",
                        "email": f"e{n}@x.example",
                        "specialty": "050608",
                        "year": "3",
                        "position": "any",
                    },
                )
            )
            for n in range(2, count + 2)
        ]
        with django_assert_max_num_queries(8) as queries:
            importer.check(run, rows)
        asked.append(len(queries))
    assert asked[0] == asked[1]
