"""What somebody learns of their own data: the table, the copy, the looks, the consents."""

import io
import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from partnerships.accounts.actions import agree, has_agreed, withdraw_consent
from partnerships.accounts.models import Consent, ConsentText
from partnerships.common.clock import today
from partnerships.common.models import Job
from partnerships.common.refusals import Refused
from partnerships.directory.actions import name_deputy
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.documents.actions import look, store
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.portal.reports import todos
from partnerships.privacy import actions, reports
from partnerships.privacy.collect import held
from partnerships.privacy.values import as_words
from partnerships.testing import factories as make
from partnerships.testing.files import pdf, upload
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record

pytestmark = pytest.mark.django_db


def test_every_key_to_a_person_or_an_account_is_declared_by_an_app() -> None:
    people = (Person, get_user_model())
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model in people
    }
    declared = {name for kind in held() for name in kind.linked}
    assert found - declared == set()
    assert declared - found == set()


def test_every_declaration_can_be_asked_and_names_columns_that_are_there(cast: Any) -> None:
    keys = [kind.key for kind in held()]
    assert len(keys) == len(set(keys))
    for kind in held():
        assert kind.rows(cast.student).model._meta.label == kind.model
        known = {field.name for field in apps.get_model(kind.model)._meta.get_fields()}
        assert set(kind.blank) <= known
        assert not (kind.delete and kind.blank)
        if kind.public:
            assert all((kind.what, kind.purpose, kind.seen_by, kind.until)), kind.key


def _silent(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def _cv(person: Person) -> Document:
    return store(upload(pdf(), "mənim cv.pdf"), owner=person, kind=DocumentKind.CV, actor=person.user)


def test_a_copy_holds_ones_own_and_nobody_elses(cast: Any) -> None:
    cast.student.fin = "5AB12CD"
    cast.student.save()
    document = _cv(cast.student)
    _cv(cast.colleague)
    look(document, actor=cast.user("hr")).close()
    record(cast.student, "ask_copy", actor=cast.user("student"))
    actions.pack(cast.student, out := io.BytesIO())
    archive = zipfile.ZipFile(out)
    assert sorted(archive.namelist()) == ["data.css", "data.html", "data.json", "files/001-mənim cv.pdf"]
    told = {kind["key"]: kind["rows"] for kind in json.loads(archive.read("data.json"))["held"]}
    assert told["directory.person"][0]["fin"] == "5AB12CD"
    assert [row["organization"] for row in told["directory.affiliations"]] == ["Energetika fakültəsi"]
    assert [row["user.display_name"] for row in told["documents.looks"]] == ["Leyla Rəhimova"]
    page = archive.read("data.html").decode()
    assert ("Məlumatların surəti istənilib" in page, "ask_copy" in page) == (True, False)
    assert "Nigar" in page
    assert "Kənan" not in page + archive.read("data.json").decode()


def test_programs_find_the_same_keys_in_every_language(cast: Any) -> None:
    record(cast.student, "merge", actor=cast.user("student"))

    def keys(language: str) -> set[str]:
        with override(language):
            actions.pack(cast.student, out := io.BytesIO())
        told = json.loads(zipfile.ZipFile(out).read("data.json"))["held"]
        return {f"{kind['key']} {key}" for kind in told for key in kind["rows"][0]}

    found = keys("az")
    assert found == keys("en")
    assert {"directory.person skills", "workflow.history done"} <= found
    assert [key for key in found if not re.fullmatch(r"[a-z_.]+ [a-z_.]+", key)] == []


def test_a_copy_hands_out_no_file_about_others_that_was_made_or_brought_for_work(cast: Any) -> None:
    for kind in (DocumentKind.EXPORT, DocumentKind.PAPERS, DocumentKind.IMPORT, DocumentKind.SCAN):
        store(upload(pdf(), f"{kind}.pdf"), owner=cast.hr, kind=DocumentKind.CV, actor=SYSTEM)
        Document.objects.filter(name=f"{kind}.pdf").update(kind=kind)
    store(upload(pdf(), "mine.pdf"), owner=cast.hr, kind=DocumentKind.CV, actor=SYSTEM)
    actions.pack(cast.hr, out := io.BytesIO())
    archive = zipfile.ZipFile(out)
    assert [name for name in archive.namelist() if name.startswith("files/")] == ["files/001-mine.pdf"]
    assert "export.pdf" in archive.read("data.json").decode()  # that it was taken is told


def test_the_page_of_a_copy_reads_as_the_portal_does(cast: Any) -> None:
    """In one language, figures with a comma, what was done in the words of its page, and no empty table."""
    record(cast.student, "merge", actor=cast.user("student"))
    shown = ({"az": "Təcrübə başladı", "en": "It began"}, Decimal("92.50"), Decimal("90.00"), {"n": 1})
    assert [as_words(value) for value in shown] == ["Təcrübə başladı", "92,5", "90", "n: 1"]
    actions.pack(cast.student, out := io.BytesIO())
    archive = zipfile.ZipFile(out)
    told = {kind["key"]: kind["rows"] for kind in json.loads(archive.read("data.json"))["held"]}
    assert ("directory.studies" in told, all(row for rows in told.values() for row in rows)) == (False, True)
    assert "<td>merge</td>" not in archive.read("data.html").decode()


def test_a_copy_is_made_once_at_a_time_and_lies_there_for_its_owner_alone(
    cast: Any, login: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = login("student")
    client.post("/profile/data/copy/")
    client.post("/profile/data/copy/")
    work = Job.objects.get(kind=actions.COPY_JOB)
    with django_capture_on_commit_callbacks(execute=True):
        actions.make_copy(work, _silent)
        result = actions.make_copy(work, _silent)
    made = Document.objects.get(kind=DocumentKind.COPY)
    assert result == {"document": str(made.uid)}
    assert client.get(made.get_absolute_url()).status_code == 200
    assert [
        login(who).get(made.get_absolute_url()).status_code for who in ("colleague", "coordinator", "admin")
    ] == [
        404,
        404,
        404,
    ]
    assert reports.copy_state(cast.student).document == made


def test_a_copy_of_somebody_else_is_refused(cast: Any) -> None:
    with pytest.raises(Refused):
        actions.ask_for_copy(cast.student, actor=cast.user("admin"))


def test_consent_can_be_withdrawn_and_given_again_and_the_history_keeps_both(cast: Any, login: Any) -> None:
    text = ConsentText.objects.create(number=7, body_az="Mətn", body_en="Text")
    user = cast.user("student")
    agree(user, text)
    client = login("student")
    assert client.get("/home/").status_code == 200
    client.post("/profile/data/consent/")
    assert not has_agreed(user)
    asked = client.get("/home/").headers["Location"]
    assert asked == "/personal-data/agree/?next=%2Fhome%2F"
    assert client.get(asked).context["taken_back"] is True
    assert "mətn dəyişib" not in client.get(asked).content.decode()
    assert client.get("/profile/data/").status_code == 200
    assert withdraw_consent(user, actor=user) == []
    agree(user, text)
    assert has_agreed(user)
    consent = Consent.objects.get(user=user)
    assert list(Change.objects.of(consent).values_list("verb", flat=True)) == ["agree", "withdraw"]
    with pytest.raises(ValueError, match="whoever gave it"):
        withdraw_consent(user, actor=cast.user("admin"))


def test_the_table_of_what_is_kept_is_public_in_both_languages() -> None:
    az, en = (Client().get(f"/personal-data/kept/?lang={lang}").content.decode() for lang in ("az", "en"))
    assert "What is kept and why" in en
    assert "What is kept and why" not in az
    assert en.count("<tr>") == len(reports.kept_kinds()) + 1


def test_my_data_shows_who_looked(cast: Any, login: Any) -> None:
    look(_cv(cast.student), actor=cast.user("hr")).close()
    page = login("student").get("/profile/data/").content.decode()
    assert "Leyla Rəhimova" in page
    assert "mənim cv.pdf" in page
    assert "Leyla Rəhimova" not in login("colleague").get("/profile/data/").content.decode()


def test_an_erasure_on_its_way_waits_on_home_until_it_is_called_off(
    cast: Any, login: Any, settings: Any
) -> None:
    make.affiliation(cast.stranger, cast.azerisiq, Role.DATA_PROTECTION)
    found = actions.ask_for_erasure(cast.colleague, actor=cast.user("colleague"))
    address = "/profile/data/#erase"

    def waiting(who: str) -> list[tuple[str, Any]]:
        return [(todo.url, todo.due) for todo in todos(cast.user(who)) if "data" in todo.url]

    assert waiting("colleague") == [(address, found.due)]
    assert f'href="{address}"' in login("colleague").get("/home/").content.decode()
    rows = login("colleague").get("/api/v1/todo/").json()
    assert address in str(rows)
    assert [waiting(who) for who in ("student", "coordinator", "hr", "stranger", "admin")] == [[]] * 5
    guarded = login("stranger").get("/home/").content.decode()
    assert ("/data-protection/?show=erasures" in guarded, address in guarded) == (True, False)
    type(found).objects.update(due=found.due - timedelta(days=settings.ERASURE_DAYS + 1))
    late = [("/data-protection/?show=erasures", None)]
    assert [waiting(who) for who in ("stranger", "admin", "hr")] == [late, late, []]
    actions.cancel_erasure(found, actor=cast.user("colleague"))
    assert [waiting(who) for who in ("colleague", "stranger", "admin")] == [[]] * 3


def test_my_data_says_for_whom_a_deputy_looked(cast: Any, login: Any) -> None:
    given = {"starts": today(), "ends": today(), "reason": "Ezamiyyət"}
    name_deputy(cast.affiliation("hr"), cast.mentor, actor=cast.user("hr"), **given)
    look(_cv(cast.student), actor=cast.user("mentor")).close()
    assert "əvəz olunan: Leyla Rəhimova" in login("student").get("/profile/data/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        look(Document.objects.get(), actor=cast.user("mentor")).close()
    page = login("student").get("/profile/data/").content.decode()
    assert (page.count(cast.mentor.name), page.count("əvəz olunan: Leyla Rəhimova")) == (2, 1)
