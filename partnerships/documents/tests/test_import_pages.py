"""The pages of an import: who may open them, errors first, progress, the report, what waits at home."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Refused
from partnerships.directory.models import Skill
from partnerships.documents import imports
from partnerships.documents.content import FileRefused
from partnerships.documents.enums import ImportState
from partnerships.documents.importers import importer_of
from partnerships.documents.models import Document, ImportRun
from partnerships.documents.tests.bringing import ROWS, and_work, bring, bring_upload, confirm, finished
from partnerships.documents.workflow import IMPORT
from partnerships.testing import files


def test_a_file_that_cannot_be_read_fails_with_words_and_can_be_discarded(cast, kept):
    upload = files.upload(files.xlsx([["", "7"], ["1", "2"]]), "a.xlsx")
    run = bring_upload(cast, upload)
    assert (run.state, "Ad" in run.problem) == (ImportState.FAILED, True)
    run = imports.discard(run, actor=cast.user("coordinator"))
    assert (run.state, run.file, Document.objects.count()) == (ImportState.DISCARDED, None, 0)


def test_what_is_no_table_is_refused_at_once_and_leaves_nothing(cast, kept):
    with pytest.raises(FileRefused):
        imports.bring(
            files.upload(files.pdf()), kind="tests.skills", context={}, actor=cast.user("coordinator")
        )
    assert (kept(), ImportRun.objects.count()) == ([], 0)


def test_the_rights_of_the_page_hold_at_the_upload_the_preview_and_the_writing(cast, kept):
    with pytest.raises(Refused):
        bring(cast, [["", "Bir"]], name="student")
    assert kept() == []
    run = bring(cast, [["", "Bir"]])
    cast.affiliation("coordinator").delete()
    run = confirm(cast, run)
    assert (run.state, bool(run.problem), Skill.objects.count()) == (ImportState.FAILED, True, 0)


def test_nobody_but_the_owner_sees_moves_or_opens_an_import(cast, login):
    run = bring(cast, [["", "Bir"]])
    for name in ("coordinator2", "rector", "admin", "hr", "student"):
        assert list(ImportRun.objects.visible_to(cast.user(name))) == []
        assert IMPORT.available(run, cast.user(name)) == []
        client = login(name)
        for page in ("import_run", "import_progress", "import_report"):
            assert client.get(reverse(page, args=[run.uid])).status_code == 404
        for verb in ("import_confirm", "import_preview", "import_discard"):
            assert client.post(reverse(verb, args=[run.uid])).status_code == 404
        assert client.get(run.file.get_absolute_url()).status_code == 404
    assert finished(run).state == ImportState.PREVIEWED


def test_every_state_that_is_not_the_last_has_a_way_out_for_the_owner_or_the_worker():
    leaving = {state for t in IMPORT.transitions.values() for state in t.sources if t.target != state}
    assert leaving == set(ImportState.values) - IMPORT.terminal
    assert set(IMPORT.terminal) == {ImportState.DONE, ImportState.DISCARDED}


def test_the_pages_show_errors_first_confirm_and_give_the_report(cast, login):
    run = bring(cast, ROWS)
    client = login("coordinator")
    page = client.get(run.get_absolute_url())
    assert [row["number"] for row in page.context["rows"]] == [3, 6]
    assert page.context["counts"][0][::2] == ("refuse", 2)
    everything = client.get(run.get_absolute_url(), {"show": "all"})
    assert [row["number"] for row in everything.context["rows"]] == [2, 3, 4, 5, 6]
    assert client.get(reverse("import_progress", args=[run.uid])).headers["HX-Refresh"] == "true"
    answer = and_work(client.post, reverse("import_confirm", args=[run.uid]))
    assert (answer.status_code, answer["Location"]) == (302, run.get_absolute_url())
    done = client.get(run.get_absolute_url())
    assert [(value, count) for value, _label, count in done.context["counts"]] == [
        ("written", 2),
        ("left", 1),
        ("refused", 2),
    ]
    kept = client.get(reverse("import_report", args=[run.uid]))
    lines = [
        [c.value for c in line]
        for line in load_workbook(io.BytesIO(kept.content)).active.iter_rows(min_row=2)
    ]
    assert [line[:2] for line in lines if line[1] == "Əlavə edildi"] == [
        [2, "Əlavə edildi"],
        [4, "Əlavə edildi"],
    ]
    assert len(lines) == 5
    wrong = client.get(reverse("import_report", args=[run.uid]), {"show": "errors"})
    assert [row[0].value for row in load_workbook(io.BytesIO(wrong.content)).active.iter_rows()] == [
        "Sətir", 3, 6,
    ]  # fmt: skip
    assert "show=errors" in done.content.decode()


def test_a_page_that_is_still_worked_on_asks_for_its_progress(cast, login):
    run = bring(cast, ROWS)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.PREVIEWING)
    Job.objects.filter(pk=run.job.pk).update(state=JobState.RUNNING, done=2, total=5)
    client = login("coordinator")
    whole = client.get(run.get_absolute_url()).content.decode()
    part = client.get(reverse("import_progress", args=[run.uid])).content.decode()
    for html in (whole, part):
        assert 'hx-trigger="every 1s"' in html
        assert 'value="2" max="5"' in html
    assert "<html" not in part


def test_a_page_of_rows_asks_as_much_at_one_as_at_three(cast, login, django_assert_max_num_queries):
    asked = []
    for rows in ([["", "Bir"]], [["", "İki"], ["", "Üç"], ["", "Dörd"]]):
        run = bring(cast, rows)
        client = login("coordinator")
        client.get(run.get_absolute_url())
        with django_assert_max_num_queries(15) as queries:
            client.get(run.get_absolute_url())
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_read_table_waits_on_the_home_page_of_its_owner_alone(cast):
    from partnerships.documents.source import SOURCE

    run = bring(cast, ROWS, file="iyun.xlsx")
    assert [
        (todo.title.endswith("iyun.xlsx"), todo.url) for todo in SOURCE.waits(cast.user("coordinator"))
    ] == [(True, run.get_absolute_url())]
    assert SOURCE.waits(cast.user("coordinator2")) == []
    confirm(cast, run)
    idle = bring(cast, [["", "x"], ["", Skill.objects.all()[0].name]], file="heç nə.xlsx")
    assert (idle.state, SOURCE.waits(cast.user("coordinator"))) == (ImportState.PREVIEWED, [])
    assert imports.state_words(idle) == "Yazılası sətir yoxdur"


def test_a_kind_that_nobody_registered_is_an_error():
    with pytest.raises(LookupError):
        importer_of("tests.nothing")


def test_who_may_not_bring_a_table_is_told_whom_to_ask(db, login):
    page = login("hr").get("/calendar/days-off/import/")
    assert page.status_code == 403
    assert "təşkilatınızda rolları təsdiqləyən şəxsə yazın" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "address", "back"),
    [
        ("partnerships", "/partners-import/", "Tərəfdaşlar"),
        ("admin", "/people/import/", "Şəxslər"),
        ("admin", "/calendar/days-off/import/", "İstirahət günləri"),
        ("partnerships", "/agreements/import/", "Sazişlər illər üzrə"),
    ],
)
def test_the_way_back_says_where_it_leads(cast, login, name, address, back):
    page = login(name).get(address, follow=True).content.decode()
    crumbs = page.split('class="crumbs"')[1].split("</nav>")[0] if 'class="crumbs"' in page else page
    assert f">{back}</a>" in crumbs


def test_whoever_brought_nothing_yet_is_led_to_the_lists(login):
    page = login("coordinator").get("/documents/imports/").content.decode()
    assert "Siyahılara keç" in page
    assert f'href="{reverse("menu")}"' in page
