"""An import from the upload to the report, with a kind of its own that writes skills of the directory."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from partnerships.common.importer import Column, Sheet
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Skill
from partnerships.documents import imports
from partnerships.documents.content import FileRefused
from partnerships.documents.enums import FateKind, ImportState, RowState
from partnerships.documents.imports import Fate, Importer, importer
from partnerships.documents.models import Document, ImportRow, ImportRun
from partnerships.documents.workflow import IMPORT
from partnerships.testing import files


def two_words(text: str) -> str:
    if len(text) < 2:
        raise ValidationError("Two letters at least.")
    return text


@importer("tests.skills")
class SkillsImport(Importer):
    """Coordinators bring skills; a name that begins with an exclamation mark fails when it is written."""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        return access_of(user).has(Role.COORDINATOR)

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        return "Bacarıqlar"

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:
        return Sheet(
            "Bacarıqlar",
            [
                Column("name", "Ad", ("Name",), required=True, example="AutoCAD", clean=two_words),
                Column("note", "Qeyd"),
            ],
        )

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        return "/upload/"

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        return "/result/"

    def prepare(self, run):
        self.known = set(Skill.objects.values_list("name", flat=True))

    def check(self, run, rows):
        return [self.fate(row.cleaned.get("name")) for row in rows]

    def fate(self, name):
        if name in self.known:
            return Fate(FateKind.NOTHING, "Artıq var")
        self.known.add(name)
        return Fate(FateKind.ADD, "Əlavə ediləcək")

    def write(self, run, row):
        name = row.cleaned["name"]
        if Skill.objects.filter(name=name).exists():
            return Fate(FateKind.NOTHING, "Artıq var")
        Skill.objects.create(name=name)
        if name.startswith("!refused"):
            raise Refused("Buna icazə yoxdur.")
        if name.startswith("!column"):
            raise ValidationError({"note": ["Qeyd yanlışdır."], "slug": ["Təkrardır."]})
        if name.startswith("!broken"):
            raise ZeroDivisionError
        return Fate(FateKind.ADD, "Əlavə edildi")


HEAD = ["Qeyd", "Ad"]


def bring(cast, rows, name="coordinator", context=None, file="siyahı.xlsx"):
    upload = files.upload(files.xlsx([HEAD, *rows]), file)
    run = imports.bring(upload, kind="tests.skills", context=context or {}, actor=cast.user(name))
    return finished(run)


def finished(run):
    return ImportRun.objects.select_related("job", "file", "owner").get(pk=run.pk)


@pytest.fixture(autouse=True)
def workers(django_capture_on_commit_callbacks, monkeypatch):
    """Work starts when the verb has committed, as in production, inside the test's own transaction."""
    for name in ("bring", "preview", "confirm"):
        verb = getattr(imports, name)

        def at_once(*args, _verb=verb, **kwargs):
            with django_capture_on_commit_callbacks(execute=True):
                return _verb(*args, **kwargs)

        monkeypatch.setattr(imports, name, at_once)


def fates(run):
    return list(run.rows.values_list("number", "fate", "fate_text", "errors"))


ROWS = [["", "AutoCAD"], ["x", ""], ["", "Python"], ["", "AutoCAD"], ["", "1"]]


def test_a_table_is_shown_with_every_rows_fate_and_nothing_is_written(cast):
    run = bring(cast, ROWS)
    assert run.state == ImportState.PREVIEWED
    assert [row[:3] for row in fates(run)] == [
        (2, "add", "Əlavə ediləcək"),
        (3, "refuse", ""),
        (4, "add", "Əlavə ediləcək"),
        (5, "nothing", "Artıq var"),
        (6, "refuse", ""),
    ]
    assert [set(row[3]) for row in fates(run)] == [set(), {"name"}, set(), set(), {"name"}]
    assert run.summary["fates"] == {"add": 2, "refuse": 2, "nothing": 1}
    assert run.summary["columns"] == {"name": 2}
    assert (run.job.state, run.job.done, run.job.total) == (JobState.DONE, 5, 5)
    assert Skill.objects.count() == 0


def test_what_is_confirmed_is_written_and_a_bad_row_loses_none_of_the_others(cast, caplog):
    bad = ["!refused", "!column", "!broken"]
    run = bring(cast, [["", "Bir"], *([["", name] for name in bad]), ["", "İki"], ["", ""], ["", "Z"]])
    run = finished(imports.confirm(run, actor=cast.user("coordinator")))
    assert run.state == ImportState.DONE
    assert sorted(Skill.objects.values_list("name", flat=True)) == ["Bir", "İki"]
    outcome = {row.number: (row.state, row.outcome, row.errors) for row in run.rows.all()}
    assert outcome[2] == (RowState.WRITTEN, "Əlavə edildi", {})
    assert outcome[3] == (RowState.REFUSED, "", {"": ["Buna icazə yoxdur."]})
    assert outcome[4] == (RowState.REFUSED, "", {"note": ["Qeyd yanlışdır."], "": ["Təkrardır."]})
    assert outcome[5][0] == RowState.REFUSED
    assert outcome[6] == (RowState.WRITTEN, "Əlavə edildi", {})
    assert outcome[8][0] == RowState.REFUSED
    assert run.summary["outcomes"] == {"written": 2, "refused": 4}
    assert "row 5 of import" in caplog.text
    assert all(row.done_at for row in run.rows.all())


def test_confirming_twice_and_working_twice_write_nothing_twice(cast):
    run = bring(cast, [["", "Bir"], ["", "İki"]])
    shown = finished(run)
    imports.confirm(run, actor=cast.user("coordinator"))
    with pytest.raises((IllegalTransition, Blocked)):
        imports.confirm(finished(run), actor=cast.user("coordinator"))
    with pytest.raises(StaleState):
        imports.confirm(shown, actor=cast.user("coordinator"))
    imports.do_write(run.pk, lambda done, total: None)
    assert Skill.objects.count() == 2


def test_the_same_file_brought_again_does_nothing_and_names_the_first(cast):
    first = bring(cast, [["", "Bir"]], context={"programme": 1})
    imports.confirm(first, actor=cast.user("coordinator"))
    again = bring(cast, [["", "Bir"]], context={"programme": 1})
    elsewhere = bring(cast, [["", "Bir"]], context={"programme": 2})
    assert [row[1] for row in fates(again)] == ["nothing"]
    with pytest.raises(Blocked) as caught:
        imports.confirm(again, actor=cast.user("coordinator"))
    assert caught.value.refusal.code == "no_rows"
    # The bytes of a workbook carry the second of their making: the sum is set as of one and the same file.
    ImportRun.objects.update(sha256="0" * 64)
    assert imports.earlier(finished(again)) == first
    assert imports.earlier(finished(elsewhere)) is None


def test_writing_goes_on_where_a_worker_died(cast):
    run = bring(cast, [["", "Bir"], ["", "İki"], ["", "Üç"]])
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)
    first = run.rows.get(number=2)
    ImportRow.objects.filter(pk=first.pk).update(state=RowState.WRITTEN, outcome="əvvəl")
    steps = []
    imports.do_write(run.pk, lambda done, total: steps.append((done, total)))
    assert steps[-1] == (3, 3)
    assert sorted(Skill.objects.values_list("name", flat=True)) == sorted(["İki", "Üç"])
    assert run.rows.get(number=2).outcome == "əvvəl"


def test_work_that_stopped_for_good_can_be_taken_up_by_the_owner(cast):
    run = bring(cast, [["", "Bir"]])
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)
    Job.objects.filter(pk=run.job.pk).update(state=JobState.RUNNING)
    with pytest.raises(Blocked):
        imports.confirm(finished(run), actor=cast.user("coordinator"))
    Job.objects.filter(pk=run.job.pk).update(state=JobState.FAILED)
    imports.confirm(finished(run), actor=cast.user("coordinator"))
    assert (finished(run).state, Skill.objects.count()) == (ImportState.DONE, 1)


def test_reading_again_replaces_the_preview_and_sees_what_has_changed(cast):
    run = bring(cast, [["", "Bir"], ["", "İki"]])
    Skill.objects.create(name="Bir")
    run = finished(imports.preview(run, actor=cast.user("coordinator")))
    assert [row[1] for row in fates(run)] == ["nothing", "add"]


def test_a_file_that_cannot_be_read_fails_with_words_and_can_be_discarded(cast, kept):
    upload = files.upload(files.xlsx([["Nə", "isə"], ["1", "2"]]), "a.xlsx")
    run = finished(imports.bring(upload, kind="tests.skills", context={}, actor=cast.user("coordinator")))
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
    run = finished(imports.confirm(run, actor=cast.user("coordinator")))
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
    answer = client.post(reverse("import_confirm", args=[run.uid]))
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
    from partnerships.documents.source import todos

    run = bring(cast, ROWS, file="iyun.xlsx")
    assert [(todo.title.endswith("iyun.xlsx"), todo.url) for todo in todos(cast.user("coordinator"))] == [
        (True, run.get_absolute_url())
    ]
    assert todos(cast.user("coordinator2")) == []


def test_a_kind_that_nobody_registered_is_an_error():
    with pytest.raises(LookupError):
        imports.importer_of("tests.nothing")
