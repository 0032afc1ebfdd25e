"""Who is erased stands in no table that somebody else has brought."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from openpyxl import Workbook

from partnerships.documents.actions import ReadyFile, store
from partnerships.documents.content import CSV, XLSX
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import ImportRun
from partnerships.privacy import actions
from partnerships.workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


def _brought(cast: Any, data: bytes, name: str, mime: str) -> ImportRun:
    file = store(ReadyFile(name, mime, data), owner=cast.coordinator, kind=DocumentKind.IMPORT, actor=SYSTEM)
    user = cast.user("coordinator")
    return ImportRun.objects.create(owner=user, kind="x", file=file, file_name=name, sha256=file.sha256)


def _workbook(*rows: list[str], hidden: bool = False) -> bytes:
    book = Workbook()
    page = book.create_sheet() if hidden else book.active
    page.sheet_state = "hidden" if hidden else "visible"
    for row in rows:
        page.append(row)
    book.save(out := io.BytesIO())
    return out.getvalue()


def test_the_kept_file_of_a_table_goes_with_whoever_stands_in_it_and_others_stay(
    cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    given, family, email = cast.student.given_name, cast.student.family_name, cast.student.email
    kept = [
        _brought(cast, _workbook([given, "Başqa"], ["Başqa", family]), "iki nəfər.xlsx", XLSX),
        _brought(cast, "ad;e-poçt\nKənan;kenan@aztu.example".encode(), "digər.csv", CSV),
    ]
    gone = [
        _brought(cast, _workbook(["Soyad", "Ad"], [family, given]), "tələbələr.xlsx", XLSX),
        _brought(cast, _workbook([f"{family} {given}"], hidden=True), "gizli.xlsx", XLSX),
        _brought(cast, f"ad;e-poçt\nN;{email}".encode("utf-16"), "utf16.csv", CSV),
        _brought(cast, b"PK\x03\x04 damaged " + email.encode(), "xarab.xlsx", XLSX),
    ]
    files = [run.file.stored for run in [*kept, *gone] if run.file]
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_person(cast.student)
    left = set(ImportRun.objects.exclude(file=None).values_list("pk", flat=True))
    assert left == {run.pk for run in kept}
    assert [default_storage.exists(stored) for stored in files] == [True, True, False, False, False, False]
    assert ImportRun.objects.count() == 6
