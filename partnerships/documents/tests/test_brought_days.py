"""Days off are brought as a table by an administrator, and the calendar keeps to them."""

import io
from datetime import date

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from partnerships.common.clock import is_working_day
from partnerships.common.models import DayOff
from partnerships.common.refusals import Refused
from partnerships.documents import brought_days, imports
from partnerships.documents.models import ImportRun
from partnerships.testing import files

HEAD = ["Bayramın adı", "Tarix", "İş günü"]
SATURDAY, MONDAY, THERE = date(2029, 3, 17), date(2029, 3, 19), date(2029, 3, 20)


def test_days_are_shown_before_they_are_written_and_twice_is_once(cast, login):
    DayOff.objects.create(date=THERE, name="Novruz bayramı")
    rows = [
        ["Köçürülmüş iş günü", "17.03.2029", "bəli"],
        ["Novruz bayramı", "19.03.2029", ""],
        ["Novruz bayramı", "20.03.2029", "xeyr"],
        ["Novruz bayramı", "19.03.2029", ""],
        ["Novruz bayramı", "sabah", "bəlkə"],
    ]
    assert (is_working_day(SATURDAY), is_working_day(MONDAY)) == (False, True)
    with TestCase.captureOnCommitCallbacks(execute=True):
        upload = files.upload(files.xlsx([HEAD, *rows]), "günlər.xlsx")
        run = imports.bring(upload, kind=brought_days.KIND, context={}, actor=cast.user("admin"))
    fates = {row.number: (row.fate, sorted(row.errors)) for row in run.rows.all()}
    assert fates == {
        2: ("add", []),
        3: ("add", []),
        4: ("nothing", []),
        5: ("refuse", ["date"]),
        6: ("refuse", ["date", "working"]),
    }
    assert DayOff.objects.filter(date__year=2029).count() == 1
    with TestCase.captureOnCommitCallbacks(execute=True):
        imports.confirm(ImportRun.objects.get(pk=run.pk), actor=run.owner)
    assert (is_working_day(SATURDAY), is_working_day(MONDAY)) == (True, False)
    assert DayOff.objects.filter(date__year=2029).count() == 3


def test_nobody_but_an_administrator_brings_them(cast, login):
    url = reverse("import_days_off")
    assert [login(who).get(url).status_code for who in ("admin", "hr", "coordinator")] == [200, 403, 403]
    upload = files.upload(files.xlsx([HEAD, ["", "17.03.2029", ""]]), "günlər.xlsx")
    with pytest.raises(Refused):
        imports.bring(upload, kind=brought_days.KIND, context={}, actor=cast.user("hr"))


def test_a_value_in_quotes_is_quoted_once(cast, login):
    admin = cast.user("admin")
    with TestCase.captureOnCommitCallbacks(execute=True):
        upload = files.upload(files.xlsx([HEAD, ["", "19.03.2029", "“Yasamal” günü"]]), "x.xlsx")
        run = imports.bring(upload, kind=brought_days.KIND, context={}, actor=admin)
    page = login("admin").get(run.get_absolute_url(), {"show": "all"}).content.decode()
    assert ("“‘Yasamal’ günü”" in page, "““" in page) == (True, False)


def test_what_is_wrong_is_read_in_the_language_of_the_reader(cast, login):
    admin = cast.user("admin")
    with override("az"), TestCase.captureOnCommitCallbacks(execute=True):
        upload = files.upload(
            files.xlsx([HEAD, ["", "19.03.2029", ""], ["", "19.03.2029", "bəlkə"]]), "x.xlsx"
        )
        run = imports.bring(upload, kind=brought_days.KIND, context={}, actor=admin)
    read = {}
    for language in ("az", "en"):
        type(admin).objects.filter(pk=admin.pk).update(language=language)
        with override(language):
            row = run.rows.get(number=3)
            report = load_workbook(io.BytesIO(imports.report_of(run)), read_only=True).active
            read[language] = (row.errors["date"], run.rows.get(number=2).fate_text)
            cells = [cell for line in report.iter_rows(values_only=True) for cell in line]
        page = login("admin").get(run.get_absolute_url(), {"show": "all"}).content.decode()
        assert all(words in page for words in (row.errors["date"][0], read[language][1]))
        assert any(row.errors["date"][0] in str(cell) for cell in cells)
    assert read == {
        "az": (["Eyni gün bu sətirdə də var: 2."], "istirahət günü olacaq"),
        "en": (["The same day stands in row 2."], "will be a day off"),
    }
