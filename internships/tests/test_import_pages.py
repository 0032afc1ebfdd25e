"""The pages that take the university's table, its template, and what checking it costs."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from internships import imports as kind
from internships.tests.bringing import HEAD, bring, context, fates, line
from partnerships.directory.enums import Kind
from partnerships.documents.models import ImportRun
from partnerships.testing import factories as make
from partnerships.testing import files

pytestmark = pytest.mark.usefixtures("workers")
PAGE = reverse("internships:import")


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
