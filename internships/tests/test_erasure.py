"""A student whose practice is over is erased: nothing points at them any more, and every number stays."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from internships.certificates import KEY
from internships.models import Application, Placement
from internships.numbers.yearly import by_enterprise, by_university, in_year
from internships.tests.makers import active
from internships.tests.test_certificates import assessed
from partnerships.agreements.models import Agreement
from partnerships.certificates.actions import issue
from partnerships.certificates.models import Certificate
from partnerships.common.models import Job
from partnerships.common.refusals import Blocked, Refused
from partnerships.common.text import fold
from partnerships.directory.models import Affiliation, Person
from partnerships.documents.actions import look, store
from partnerships.documents.enums import DocumentKind, FateKind
from partnerships.documents.models import Document, ExportRun, ImportRow, ImportRun
from partnerships.notifications.models import Message, Notification
from partnerships.notifications.telling import tell, untold_ids
from partnerships.privacy import actions
from partnerships.privacy.enums import ErasureState
from partnerships.privacy.models import Erasure
from partnerships.seats.models import Hold
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.testing.files import pdf, upload
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record

pytestmark = pytest.mark.django_db

POINTERS = ("Nigar", "Məmmədova", "nigar@aztu.example", "7XK2LM9", "501234567", fold("Nigar Məmmədova"))


def _everything() -> str:
    """Every text of every row of every table, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [
                    f"{table}.{name}: {_plain(value)}" for name, value in zip(columns, row, strict=True)
                ]
    return "\n".join(found)


def _plain(value: Any) -> str:
    """As a person reads it: SQLite keeps JSON with its letters escaped."""
    text = str(value)
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def _lines(needle: str, everything: str) -> list[str]:
    return [line for line in everything.splitlines() if needle in line]


def _numbers() -> Any:
    rows = in_year(Placement.objects.all(), 2027)
    return (
        [vars(line) for line in by_university(rows)],
        [vars(line) for line in by_enterprise(rows)],
        sorted(Application.objects.values_list("state", "programme_id", "university_id", "score")),
        sorted(Hold.objects.values_list("state", "pool_id")),
        Person.objects.count(),
        Certificate.objects.live().count(),
    )


def _student_with_a_past(cast: Cast) -> Certificate:
    Person.objects.filter(pk=cast.student.pk).update(fin="7XK2LM9", phone="+994501234567")
    cast.student.refresh_from_db()
    cast.student.patronymic = "Rəşad qızı"
    cast.student.save()  # leaves a kept edit
    placed = assessed(cast)
    paper = issue(placed, kind=KEY, actor=cast.user("hr"))
    mine = upload(pdf(), "Nigar Məmmədova CV.pdf")
    cv = store(mine, owner=cast.student, kind=DocumentKind.CV, actor=SYSTEM)
    look(cv, actor=cast.user("admin")).close()
    Document.objects.filter(stored="none").update(stored=cv.stored)
    record(placed, "noted", actor=cast.user("hr"), note="Nigar çox çalışqandır, telefonu 0501234567")
    record(
        cast.azerisiq, "noted", actor=cast.user("hr"), note="Nigar Məmmədovanın məktubu: nigar@aztu.example"
    )
    run = ImportRun.objects.create(owner=cast.user("coordinator"), kind="x", file_name="t.xlsx", sha256="1")
    ImportRow.objects.create(
        run=run, number=1, fate=FateKind.ADD, values={"ad": "Nigar", "soyad": "Məmmədova", "kurs": "3"}
    )
    for sought in ("Nigar Məmmədova", "nigar@aztu.example"):  # as another's log of lists taken away keeps it
        query = urlencode({"q": sought})
        ExportRun.objects.create(owner=cast.user("hr"), kind="x", name="x", query=query, format="csv")
    tell(untold_ids())
    Change.objects.filter(told_at=None).update(at=timezone.now() - timedelta(minutes=1))
    tell(untold_ids())
    Agreement.objects.all().delete()
    return paper


def test_nothing_points_at_who_was_erased_and_every_number_stays(cast: Cast) -> None:
    paper = _student_with_a_past(cast)
    before, numbers = _everything(), _numbers()
    for needle in (
        "Nigar",
        "Məmmədova",
        "nigar@aztu.example",
        "7XK2LM9",
        "501234567",
        fold("Nigar Məmmədova"),
    ):
        assert _lines(needle, before)
    assert _told_of_nigar(cast.student)
    stored = Document.objects.filter(owner=cast.student).values_list("stored", flat=True)[0]
    assert default_storage.exists(stored)

    person = Person.objects.get(pk=cast.student.pk)
    counts = actions.erase_person(person)

    after = _everything()
    for needle in (
        "Nigar",
        "Məmmədova",
        "nigar@aztu.example",
        "7XK2LM9",
        "501234567",
        fold("Nigar Məmmədova"),
    ):
        assert _lines(needle, after) == []
    for sought in ("Nigar Məmmədova", "nigar@aztu.example"):
        assert _lines(quote_plus(sought), before)
        assert _lines(quote_plus(sought), after) == []
    assert _numbers() == numbers
    assert counts["files"] == 3
    assert not Document.objects.filter(stored=stored).exists()
    assert actions.erase_person(Person.objects.get(pk=person.pk)) == {}
    _still_checked(paper)
    assert Person.objects.get(pk=person.pk).name == "Silinmiş şəxs"
    assert not Affiliation.objects.filter(person=person, ends=None).exists()
    assert _lines("Kənan", after)


def _told_of_nigar(but: Person) -> list[Notification]:
    """What others were told with that name in it."""
    return [row for row in Notification.objects.exclude(person=but) if "Nigar" in str(row.title)]


def _still_checked(paper: Certificate) -> None:
    """The paper can be checked by its code, without a name, and is found sound."""
    again = Certificate.objects.get(pk=paper.pk)
    assert (again.sha256, again.is_sound, again.holder_name) == (paper.sha256, True, "—")
    page = Client().get(again.verify_path).content.decode()
    assert "Sertifikat etibarlıdır" in page
    assert "Nigar" not in page


def test_a_namesake_keeps_name_and_papers(cast: Cast) -> None:
    twin = make.student("Nigar Məmmədova", "nigar2@adnsu.example", cast.oil)
    theirs = record(twin, "noted", actor=cast.user("coordinator2"), note="Nigar Məmmədova razıdır")
    _student_with_a_past(cast)
    actions.erase_person(Person.objects.get(pk=cast.student.pk))
    twin.refresh_from_db()
    assert (twin.name, twin.email) == ("Nigar Məmmədova", "nigar2@adnsu.example")
    assert Change.objects.get(pk=theirs.pk).note == "Nigar Məmmədova razıdır"
    assert not _told_of_nigar(twin)
    assert not Message.objects.filter(text__contains="nigar@aztu.example").exists()


def test_a_practice_under_way_stands_against_it_and_is_named(cast: Cast, login: Any) -> None:
    placed = active(cast)
    blocks = actions.standing_against(cast.student)
    assert placed.get_absolute_url() in [block.url for block in blocks]
    with pytest.raises(Blocked):
        actions.ask_for_erasure(cast.student, actor=cast.user("student"))
    assert actions.standing_against(cast.mentor)[0].url == placed.get_absolute_url()
    assert actions.standing_against(cast.colleague) == []


def test_who_asks_may_think_again_until_the_clock_comes(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(Refused):
        actions.ask_for_erasure(cast.colleague, actor=cast.user("admin"))
    asked = actions.ask_for_erasure(cast.colleague, actor=cast.user("colleague"))
    assert actions.ask_for_erasure(cast.colleague, actor=cast.user("colleague")) == asked
    assert Message.objects.filter(person=cast.colleague, kind="privacy.erasure").count() == 1
    assert actions.erase_due() == 0
    with pytest.raises(Refused):
        actions.cancel_erasure(asked, actor=cast.user("student"))
    actions.cancel_erasure(asked, actor=cast.user("colleague"))
    second = actions.ask_for_erasure(cast.colleague, actor=cast.user("colleague"))
    Erasure.objects.filter(pk=second.pk).update(due=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase_due() == 1
    second.refresh_from_db()
    assert second.state == ErasureState.ERASED, Job.objects.filter(kind=actions.ERASE_JOB).values()
    assert Person.objects.get(pk=cast.colleague.pk).erased_at is not None
    assert not cast.user("colleague").is_active
    assert actions.erase_due() == 0
    assert _lines("Kənan", _everything()) == []


def test_the_page_asks_for_the_password_first(cast: Cast, login: Any) -> None:
    client = login("colleague")
    assert client.get("/profile/data/erase/").headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    assert client.post("/profile/data/erase/", {}).status_code == 422
    assert client.post("/profile/data/erase/", {"understood": "on"}).status_code == 302
    assert Erasure.objects.get().person == cast.colleague
    login("student").post("/profile/data/erase/cancel/")
    assert Erasure.objects.get().state == ErasureState.ASKED
    client.post("/profile/data/erase/cancel/")
    assert Erasure.objects.get().state == ErasureState.CANCELLED
