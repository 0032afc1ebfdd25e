"""Columns that somebody has to name, and headings that stand in another row."""

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase
from django.urls import reverse

from partnerships.documents import imports
from partnerships.documents.enums import ImportState
from partnerships.documents.tests.bringing import and_work, bring_upload, confirm, finished
from partnerships.testing import files

OWN_HEAD = ["Nömrə", "Bacarığın adı", "Açıqlama"]
COLUMNS = {"column_0": "", "column_1": "name", "column_2": "note"}


def own_words(cast, *rows):
    return bring_upload(cast, files.upload(files.xlsx([OWN_HEAD, *rows]), "öz.xlsx"))


def test_columns_are_asked_about_once_and_remembered_for_the_next_table(cast, kept, login):
    run = own_words(cast, ["1", "Dielektrik", "sınaq"])
    assert (run.state, run.rows.count()) == (ImportState.ASKING, 0)
    client = login("coordinator")
    page = client.get(run.get_absolute_url(), follow=True).content.decode()
    assert [word in page for word in ("Bacarığın adı", "Dielektrik")] == [True, True]
    url = reverse("import_columns", args=[run.uid])
    nothing = client.post(url, {"column_0": "name", "column_1": "name"})
    assert (nothing.status_code, finished(run).state) == (422, ImportState.ASKING)
    assert client.post(url, {"column_0": "note"}).status_code == 422  # the name is needed
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(url, COLUMNS).url == run.get_absolute_url()
    assert [row.values for row in run.rows.all()] == [{"name": "Dielektrik", "note": "sınaq"}]
    assert run.get_absolute_url() not in client.get(url, follow=True).redirect_chain
    again = own_words(cast, ["2", "İzolyasiya", ""])  # the same words: nobody is asked
    assert (again.state, again.rows.get().values["name"]) == (ImportState.PREVIEWED, "İzolyasiya")
    confirm(cast, again)
    assert "headings" not in finished(again).summary


def test_what_is_remembered_is_each_persons_own_and_their_table_nobody_elses(cast, kept, login):
    run = own_words(cast, ["1", "Dielektrik", "sınaq"])
    url = reverse("import_columns", args=[run.uid])
    for who in ("coordinator2", "hr", "admin"):
        assert login(who).get(url).status_code == 404
        assert login(who).post(url, COLUMNS).status_code == 404
    and_work(imports.match_columns, run, dict(zip(SLOTS, COLUMNS.values(), strict=True)), actor=run.owner)
    other = bring_upload(cast, files.upload(files.xlsx([OWN_HEAD, ["1", "A", ""]])), "coordinator2")
    assert (finished(run).state, other.state) == (ImportState.PREVIEWED, ImportState.ASKING)
    discarded = imports.discard(other, actor=other.owner)
    assert (discarded.state, discarded.summary) == (ImportState.DISCARDED, {})


SLOTS = ["nomre", "bacarigin adi", "aciqlama"]


def test_the_headings_may_be_said_to_stand_in_another_row(cast, kept, login):
    guessed = [["Ad", "Qeyd"], ["Bacarıq", "Şərh"], ["Dielektrik", "sınaq"]]
    run = bring_upload(cast, files.upload(files.xlsx(guessed), "iki başlıq.xlsx"))
    assert [row.number for row in run.rows.order_by("number")] == [2, 3]
    client, url = login("coordinator"), reverse("import_columns", args=[run.uid])
    assert "2. Bacarıq · Şərh" in client.get(url).content.decode()
    assert client.post(url, {"row": "9"}).status_code == 422
    assert login("coordinator2").post(url, {"row": "2"}).status_code == 404
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(url, {"row": "2"}).status_code == 302
    run = finished(run)
    assert (run.state, run.heading_row, run.rows.count()) == (ImportState.ASKING, 2, 0)
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(url, {"column_0": "name", "column_1": "note"})
    assert [(row.number, row.values["name"]) for row in run.rows.all()] == [(3, "Dielektrik")]
    confirm(cast, finished(run))
    with pytest.raises(ValidationError):
        imports.pick_headings(finished(run), 1, actor=run.owner)
