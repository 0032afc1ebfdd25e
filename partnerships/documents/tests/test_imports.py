"""An import from the upload to the report, with a kind of its own that writes skills of the directory."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partnerships.common.importer import Column, Sheet
from partnerships.common.jobs import LeaseLost
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Skill
from partnerships.documents import actions, import_work, imports
from partnerships.documents.content import FileRefused
from partnerships.documents.enums import FateKind, ImportState, RowState
from partnerships.documents.importers import Fate, Importer, importer, importer_of
from partnerships.documents.models import Document, ImportRow, ImportRun
from partnerships.documents.tasks import forget_imports
from partnerships.documents.workflow import IMPORT
from partnerships.testing import factories as make
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


def and_work(verb, *args, **values):
    """The verb, and then the work that it starts once it has committed, inside the test's own transaction."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return verb(*args, **values)


def bring(cast, rows, name="coordinator", context=None, file="siyahı.xlsx"):
    upload = files.upload(files.xlsx([HEAD, *rows]), file)
    return bring_upload(cast, upload, name, context)


def bring_upload(cast, upload, name="coordinator", context=None):
    run = and_work(imports.bring, upload, kind="tests.skills", context=context or {}, actor=cast.user(name))
    return finished(run)


def confirm(cast, run):
    return finished(and_work(imports.confirm, run, actor=cast.user("coordinator")))


def preview(cast, run):
    return finished(and_work(imports.preview, run, actor=cast.user("coordinator")))


def finished(run):
    return ImportRun.objects.select_related("job", "file", "owner").get(pk=run.pk)


def at_work(run):
    """The import's job as the worker that has it holds it."""
    Job.objects.filter(pk=finished(run).job_id).update(state=JobState.RUNNING, attempts=F("attempts") + 1)
    return Job.objects.get(pk=finished(run).job_id)


def silent(done, total):
    pass


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
    run = confirm(cast, run)
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
    confirm(cast, run)
    with pytest.raises((IllegalTransition, Blocked)):
        confirm(cast, finished(run))
    with pytest.raises(StaleState):
        confirm(cast, shown)
    import_work.do_write(at_work(run), silent)
    assert Skill.objects.count() == 2


def test_the_same_file_brought_again_does_nothing_and_names_the_first(cast):
    first = bring(cast, [["", "Bir"]], context={"programme": 1})
    confirm(cast, first)
    again = bring(cast, [["", "Bir"]], context={"programme": 1})
    elsewhere = bring(cast, [["", "Bir"]], context={"programme": 2})
    assert [row[1] for row in fates(again)] == ["nothing"]
    with pytest.raises(Blocked) as caught:
        confirm(cast, again)
    assert caught.value.refusal.code == "same"
    with pytest.raises(Blocked) as caught:
        confirm(cast, bring(cast, [["", "B"]]))
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
    import_work.do_write(at_work(run), lambda done, total: steps.append((done, total)))
    assert steps[-1] == (3, 3)
    assert sorted(Skill.objects.values_list("name", flat=True)) == sorted(["İki", "Üç"])
    assert run.rows.get(number=2).outcome == "əvvəl"


def test_work_that_stopped_for_good_can_be_taken_up_by_the_owner(cast):
    run = bring(cast, [["", "Bir"]])
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)
    Job.objects.filter(pk=run.job.pk).update(state=JobState.RUNNING)
    with pytest.raises(Blocked):
        confirm(cast, finished(run))
    Job.objects.filter(pk=run.job.pk).update(state=JobState.FAILED)
    confirm(cast, finished(run))
    assert (finished(run).state, Skill.objects.count()) == (ImportState.DONE, 1)


def test_reading_again_replaces_the_preview_and_sees_what_has_changed(cast):
    run = bring(cast, [["", "Bir"], ["", "İki"]])
    Skill.objects.create(name="Bir")
    run = preview(cast, run)
    assert [row[1] for row in fates(run)] == ["nothing", "add"]


def half_written(cast, names=("Bir", "İki", "Üç")):
    """An import of which one row is written when the owner's role ends, so that its second try fails."""
    run = bring(cast, [["", name] for name in names])
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)
    run.rows.filter(number=2).update(state=RowState.WRITTEN, outcome="Əlavə edildi")
    Skill.objects.create(name=names[0])
    cast.affiliation("coordinator").delete()
    import_work.do_write(at_work(run), silent)
    Job.objects.filter(pk=run.job_id).update(state=JobState.DONE)
    return finished(run)


def test_a_run_that_fails_midway_says_what_was_written_and_keeps_its_report(cast, login):
    cast.coordinator.user.language = "en"
    cast.coordinator.user.save()
    run = half_written(cast)
    assert (run.state, run.summary["outcomes"]) == (ImportState.FAILED, {"written": 1})
    page = login("coordinator").get(run.get_absolute_url())
    text = page.content.decode()
    assert "Nothing was written" not in text
    assert "1 row had been written before and stays" in text
    assert [(value, count) for value, _label, count in page.context["counts"]] == [
        ("waiting", 2),
        ("written", 1),
    ]
    kept = login("coordinator").get(reverse("import_report", args=[run.uid]))
    sheet = load_workbook(io.BytesIO(kept.content)).active
    assert [line[1].value for line in sheet.iter_rows(min_row=2)] == ["Əlavə edildi", "Waiting", "Waiting"]


def test_a_run_that_fails_before_anything_was_written_says_so(cast, login):
    cast.coordinator.user.language = "en"
    cast.coordinator.user.save()
    run = bring(cast, [["", "Bir"]])
    cast.affiliation("coordinator").delete()
    run = confirm(cast, run)
    page = login("coordinator").get(run.get_absolute_url())
    assert "Nothing was written." in page.content.decode()
    assert "rows" not in page.context


def test_reading_again_keeps_what_became_of_rows_already_written(cast):
    run = half_written(cast)
    make.affiliation(cast.coordinator, cast.aztu, Role.COORDINATOR)
    run = preview(cast, run)
    assert run.state == ImportState.PREVIEWED
    assert run.rows.get(number=2).outcome == "Əlavə edildi"
    assert run.rows.get(number=2).state == RowState.WRITTEN
    assert (run.summary["rows"], run.summary["fates"]) == (3, {"add": 2})
    run = confirm(cast, run)
    assert (run.state, run.summary["outcomes"]) == (ImportState.DONE, {"written": 3})
    assert Skill.objects.count() == 3


def test_the_preview_after_a_failed_writing_shows_only_what_is_still_to_be_written(cast, login):
    run = half_written(cast)
    make.affiliation(cast.coordinator, cast.aztu, Role.COORDINATOR)
    preview(cast, run)
    page = login("coordinator").get(run.get_absolute_url(), {"show": "all"})
    assert [row["number"] for row in page.context["rows"]] == [3, 4]
    assert (page.context["to_write"], page.context["written"], page.context["all_rows"]) == (2, 1, 2)


def test_discarding_a_half_written_run_keeps_the_rows_that_were_written(cast, login):
    run = half_written(cast)
    imports.discard(run, actor=cast.user("coordinator"))
    assert list(run.rows.values_list("number", "state")) == [(2, "written")]
    page = login("coordinator").get(run.get_absolute_url())
    assert (page.status_code, page.context["written"]) == (200, 1)


def test_a_worker_that_was_followed_by_another_writes_nothing_more(cast):
    run = bring(cast, [["", "Bir"], ["", "İki"]])
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)
    former = at_work(run)
    at_work(run)
    with pytest.raises(LeaseLost):
        import_work.do_write(former, silent)
    assert (Skill.objects.count(), finished(run).state) == (0, ImportState.CONFIRMING)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.PREVIEWING)
    with pytest.raises(LeaseLost):
        import_work.do_preview(former, silent)
    assert (run.rows.count(), finished(run).state) == (2, ImportState.PREVIEWING)


# Kept for a time --------------------------------------------------------------------------------------


def aged(run, days):
    ImportRun.objects.filter(pk=run.pk).update(created=timezone.now() - timedelta(days=days))


def test_rows_and_files_of_old_tables_go_and_the_line_with_its_counts_stays(
    cast, login, kept, settings, django_capture_on_commit_callbacks
):
    settings.IMPORT_RETENTION_DAYS = 30
    old = confirm(cast, bring(cast, [["", "Bir"], ["", "x"]]))
    waiting, young = bring(cast, [["", "İki"]]), bring(cast, [["", "Üç"]])
    aged(old, 31)
    aged(waiting, 31)
    aged(young, 29)
    stays = young.file.stored
    assert len(kept()) == 3
    with django_capture_on_commit_callbacks(execute=True):
        forget_imports()
    assert kept() == [stays]
    assert set(ImportRow.objects.values_list("run", flat=True)) == {young.pk}
    old, waiting, young = finished(old), finished(waiting), finished(young)
    assert (old.state, old.file, bool(old.forgotten)) == (ImportState.DONE, None, True)
    assert old.summary["outcomes"] == {"written": 1, "refused": 1}
    assert (waiting.state, waiting.file, young.state) == (ImportState.DISCARDED, None, ImportState.PREVIEWED)
    assert young.forgotten is None
    assert Skill.objects.filter(name="Bir").exists()
    for run in (old, waiting):
        page = login("coordinator").get(run.get_absolute_url())
        assert (page.status_code, "rows" in page.context) == (200, False)
    with django_capture_on_commit_callbacks(execute=True):
        assert imports.forget_old() == 0


def test_a_table_that_is_being_worked_on_is_not_forgotten_and_one_that_stopped_is(cast, kept):
    run = bring(cast, [["", "Bir"]])
    aged(run, 91)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)
    Job.objects.filter(pk=run.job_id).update(state=JobState.RUNNING)
    assert (imports.forget_old(), run.rows.count()) == (0, 1)
    Job.objects.filter(pk=run.job_id).update(state=JobState.FAILED)
    assert (imports.forget_old(), run.rows.count()) == (1, 0)
    assert (finished(run).state, bool(finished(run).problem)) == (ImportState.FAILED, True)


def test_the_night_clears_old_tables(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["imports"]
    assert entry["task"] == forget_imports.name
    assert settings.IMPORT_RETENTION_DAYS == 90


def test_tables_take_nothing_from_the_room_for_papers(cast, settings):
    settings.DOCUMENT_QUOTA_FILES = 1
    for _table in range(3):
        bring(cast, [["", "Bir"]])
    owner, actor = cast.coordinator, cast.user("coordinator")
    actions.store(files.upload(files.pdf()), owner=owner, kind="cv", actor=actor)
    bring(cast, [["", "Bir"]])
    with pytest.raises(FileRefused) as caught:
        actions.store(files.upload(files.pdf()), owner=owner, kind="cv", actor=actor)
    assert (caught.value.code, caught.value.params["count"]) == ("quota", 1)


# Pages --------------------------------------------------------------------------------------------------


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


# Columns that somebody has to name -------------------------------------------------------------------

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
