"""An import from the upload to the report, with a kind of its own that writes skills of the directory."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partnerships.accounts.models import User
from partnerships.common.jobs import LeaseLost
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Blocked, IllegalTransition, StaleState
from partnerships.directory.enums import Role
from partnerships.directory.models import Skill
from partnerships.documents import actions, import_work, importers, imports
from partnerships.documents.content import FileRefused
from partnerships.documents.enums import ImportState, RowState
from partnerships.documents.models import ImportRow, ImportRun
from partnerships.documents.tasks import forget_imports
from partnerships.documents.tests.bringing import (
    ROWS,
    at_work,
    bring,
    confirm,
    fates,
    finished,
    preview,
    silent,
)
from partnerships.testing import factories as make
from partnerships.testing import files


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


def test_a_table_that_takes_more_memory_than_a_worker_has_is_refused_in_words(cast, login, monkeypatch):
    def filled(*args):
        raise MemoryError

    monkeypatch.setattr(import_work, "read", filled)
    run = bring(cast, ROWS)
    assert run.state == ImportState.FAILED
    assert (
        "Onu daha kiçik hissələrə bölün" in login("coordinator").get(run.get_absolute_url()).content.decode()
    )
    assert Job.objects.get(pk=run.job_id).attempts == 1


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


@pytest.mark.parametrize("way", ["role", "account"])
def test_who_loses_the_role_while_a_table_is_written_writes_no_further(cast, monkeypatch, way):
    run = bring(cast, [["", "Bir"], ["", "İki"], ["", "Üç"]])
    monkeypatch.setattr(import_work, "WRITE_FOR", 0)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.CONFIRMING)

    def half_way(done, total):
        if way == "role":
            cast.affiliation("coordinator").delete()
        else:
            User.objects.filter(person=cast.coordinator).update(is_active=False)

    import_work.do_write(at_work(run), half_way)
    assert list(Skill.objects.values_list("name", flat=True)) == ["Bir"]
    run = finished(run)
    assert (run.state, str(run.problem)) == (ImportState.FAILED, "Rolunuz artıq bu idxala icazə vermir.")


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


def test_no_heading_of_a_table_means_two_of_its_columns_in_any_language():
    tables = {kind: cls.table for kind, cls in importers._kinds.items() if getattr(cls, "table", None)}
    assert len(tables) > 8
    for kind, table in tables.items():
        known = [heading for column in table.accepted for heading in column.headings()]
        assert sorted({one for one in known if known.count(one) > 1}) == [], kind
