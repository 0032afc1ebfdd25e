"""Who reaches a file, what the answer says about it, and what stays of a look."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.documents import actions
from partnerships.documents.models import Document, DocumentView
from partnerships.testing import files

NAME = "Özgəçmiş “yeni”.pdf"


@pytest.fixture
def document(cast):
    upload = files.upload(files.pdf(), NAME)
    return actions.store(upload, owner=cast.student, kind="cv", actor=cast.user("student"))


def test_the_owner_gets_the_file_as_a_download_that_runs_nothing(login, document):
    response = login("student").get(document.get_absolute_url(), headers={"accept-encoding": "gzip"})
    assert b"".join(response.streaming_content) == files.pdf()
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%96zg%C9%99%C3%A7mi%C5%9F%20%E2%80%9Cyeni%E2%80%9D.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Content-Length"] == str(document.size)
    assert "Content-Encoding" not in headers
    assert DocumentView.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["colleague", "student2", "coordinator2", "hr", "hr2", "mentor", "admin", "stranger"]
)
def test_a_neighbour_with_the_address_finds_nothing(login, document, name):
    assert login(name).get(document.get_absolute_url()).status_code == 404
    assert login(name).post(reverse("document_remove", args=[document.uid])).status_code == 404
    assert (Document.objects.count(), DocumentView.objects.count()) == (1, 0)


def test_a_visitor_is_sent_to_sign_in(client, document):
    response = client.get(document.get_absolute_url())
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_a_lost_file_is_not_found_and_named_in_the_log(login, document, caplog):
    default_storage.delete(document.stored)
    assert login("student").get(document.get_absolute_url()).status_code == 404
    assert f"the file of document {document.pk} is missing" in caplog.text


def test_the_owner_reads_who_looked_and_nobody_else_does(login, cast, document):
    actions.look(document, actor=cast.user("hr")).close()
    mine = login("student").get(reverse("document_views")).content.decode()
    assert "Leyla Rəhimova" in mine
    assert NAME in mine
    other = login("colleague").get(reverse("document_views")).content.decode()
    assert "Leyla Rəhimova" not in other
    assert NAME not in other


def test_the_owner_removes_a_file(login, document, kept):
    response = login("student").post(reverse("document_remove", args=[document.uid]))
    assert (response.status_code, Document.objects.count()) == (302, 0)


def test_files_are_opened_by_get_and_removed_by_post_alone(login, document):
    client = login("student")
    assert client.post(document.get_absolute_url()).status_code == 405
    assert client.get(reverse("document_remove", args=[document.uid])).status_code == 405


def test_the_page_of_my_files_costs_the_same_at_one_and_at_three(login, cast):
    client = login("student")
    asked = []
    for count in (1, 3):
        while cast.student.documents.count() < count:
            upload = files.upload(files.pdf(), "cv.pdf")
            made = actions.store(upload, owner=cast.student, kind="cv", actor=cast.user("student"))
            actions.look(made, actor=cast.user("hr")).close()
        client.get(reverse("document_views"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("document_views"))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[1] <= 12
