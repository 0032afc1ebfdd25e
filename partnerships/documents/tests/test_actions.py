"""Keeping, copying, removing: what is on disk and in the table after each."""

import errno
import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.documents import actions, forgetting
from partnerships.documents.content import FileRefused
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.testing import files
from partnerships.workflow.actors import SYSTEM, Actor


def store(cast, name="student", data=None, **values):
    upload = files.upload(files.pdf() if data is None else data, values.pop("named", "cv.pdf"))
    return actions.store(
        upload, owner=getattr(cast, name), kind="cv", actor=values.pop("actor", cast.user(name)), **values
    )


def test_a_file_is_kept_under_a_random_name_with_its_sum(cast, kept):
    data = files.pdf()
    document = store(cast, data=data, named="../Nigar CV.pdf")
    assert (document.name, document.mime, document.size) == ("Nigar CV.pdf", "application/pdf", len(data))
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert kept() == [document.stored]
    assert "Nigar" not in document.stored
    assert (default_storage.open(document.stored).read(), document.owner) == (data, cast.student)


@pytest.mark.parametrize(
    ("command", "code"), [("false", "virus"), ("sh -c 'exit 2'", "scanner"), ("/no/such/scanner", "scanner")]
)
def test_what_a_scanner_refuses_or_cannot_check_is_not_kept(cast, kept, settings, command, code):
    settings.SCAN_COMMAND = command
    with pytest.raises(FileRefused) as refused:
        store(cast)
    assert (refused.value.code, kept(), Document.objects.count()) == (code, [], 0)


def test_the_scanner_reads_the_whole_file(cast, settings, tmp_path):
    settings.SCAN_COMMAND = f"dd of={tmp_path / 'seen'}"
    store(cast, data=files.pdf())
    assert (tmp_path / "seen").read_bytes() == files.pdf()


def test_nobody_fills_the_folder_of_another(cast, kept):
    with pytest.raises(Refused):
        store(cast, actor=cast.user("colleague"))
    with pytest.raises(Refused):
        store(cast, actor=cast.user("coordinator"))
    assert (kept(), Document.objects.count()) == ([], 0)


def test_a_deputy_and_the_system_keep_files_for_the_owner(cast):
    deputy = Actor(
        "user", user=cast.user("colleague"), person_id=cast.colleague.pk, on_behalf_of=cast.student.pk
    )
    assert store(cast, actor=deputy).owner == cast.student
    assert store(cast, actor=SYSTEM).owner == cast.student


def test_a_refused_file_leaves_nothing(cast, kept):
    with pytest.raises(FileRefused):
        store(cast, data=b"MZ\x90\x00" * 50)
    assert (kept(), Document.objects.count()) == ([], 0)


def test_a_row_that_cannot_be_written_takes_its_file_with_it(cast, kept, settings):
    with pytest.raises(ValueError, match="Person holds no documents"):
        store(cast, subject=cast.student)
    cast.student.pk += 100_000  # no such person any more
    with pytest.raises(type(cast.student).DoesNotExist):
        store(cast, actor=SYSTEM)
    assert (kept(), Document.objects.count()) == ([], 0)


class FullDisk(FileSystemStorage):
    """A storage that runs out of room after ten bytes, as a full disk does."""

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:10])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_leaves_nothing_half_written(cast, kept, settings, caplog):
    configured = settings.STORAGES["default"] | {"BACKEND": f"{__name__}.FullDisk"}
    settings.STORAGES = settings.STORAGES | {"default": configured}
    with pytest.raises(FileRefused) as caught:
        store(cast)
    assert caught.value.code == "storage"
    assert (kept(), Document.objects.count()) == ([], 0)
    assert "could not be written" in caplog.text


def test_the_quota_counts_files_and_bytes_of_one_person_and_copies_once(cast, settings, kept):
    settings.DOCUMENT_QUOTA_FILES = 2
    store(cast)
    store(cast)
    with pytest.raises(FileRefused) as caught:
        store(cast)
    assert (caught.value.code, len(kept())) == ("quota", 2)
    store(cast, "colleague")
    settings.DOCUMENT_QUOTA_FILES = 60
    settings.DOCUMENT_QUOTA_BYTES = 2 * len(files.pdf()) + 10
    with pytest.raises(FileRefused) as caught:
        store(cast)
    assert caught.value.code == "quota"


def test_scans_that_are_entered_for_others_count_in_nobodys_quota(cast, settings, kept):
    settings.DOCUMENT_QUOTA_FILES = 1
    store(cast)
    for _ in range(2):
        actions.store(
            files.upload(files.pdf()),
            owner=cast.student,
            kind=DocumentKind.SCAN,
            actor=cast.user("student"),
        )
    assert len(kept()) == 3


def test_a_removed_file_is_gone_from_disk_after_commit(cast, kept, django_capture_on_commit_callbacks):
    document = store(cast)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(document, actor=cast.user("student"))
        assert kept() == [document.stored]
    assert (kept(), Document.objects.count()) == ([], 0)


def test_a_removal_that_rolls_back_keeps_the_file(cast, kept):
    document = store(cast)
    with transaction.atomic():
        actions.remove(document, actor=cast.user("student"))
        transaction.set_rollback(True)
    assert (kept(), Document.objects.count()) == ([document.stored], 1)


def test_only_its_owner_removes_a_file(cast, kept):
    document = store(cast)
    for name in ("colleague", "coordinator", "hr", "admin"):
        with pytest.raises(Refused):
            actions.remove(document, actor=cast.user(name))
    assert kept() == [document.stored]


def test_only_the_owner_sees_a_file_that_no_object_holds(cast):
    document = store(cast)
    seeing = {
        name for name in cast.people() if Document.objects.visible_to(cast.user(name)).filter(pk=document.pk)
    }
    assert seeing == {"student"}


def test_the_administrator_may_list_particulars_without_opening_anything(cast):
    document = store(cast)
    admin = cast.user("admin")
    assert access_of(admin).administers
    assert list(Document.objects.described_to(admin)) == [document]
    assert list(Document.objects.described_to(cast.user("hr"))) == []


def test_the_sweep_takes_old_files_without_a_row_and_names_rows_without_a_file(cast, kept, capsys):
    document, lost = store(cast), store(cast)
    default_storage.delete(lost.stored)
    orphan = default_storage.save("documents/ab/orphan.pdf", files.upload(b"x"))
    os.utime(
        default_storage.path(orphan), (time.time(), time.time())
    )  # now, also where the run has another day
    assert forgetting.sweep_orphans() == forgetting.Sweep([], [str(lost.uid)])
    later = timedelta(hours=-1)
    assert forgetting.sweep_orphans(older_than=later, dry_run=True).removed == [orphan]
    assert kept() == sorted([document.stored, orphan])
    assert forgetting.sweep_orphans(older_than=later).removed == [orphan]
    assert kept() == [document.stored]
    call_command("sweep_documents", "--hours", "0")
    out = capsys.readouterr()
    assert (out.out, out.err) == ("removed 0, missing 1\n", f"missing the file of document {lost.uid}\n")


def test_looking_is_written_down_for_all_but_the_owner(cast):
    document = store(cast)
    actions.look(document, actor=cast.user("student")).close()
    assert document.views.count() == 0
    actions.look(document, actor=cast.user("hr")).close()
    seen = document.views.get()
    assert seen.user == cast.hr.user
    assert timezone.now() - seen.at < timedelta(minutes=1)


def test_a_missing_file_is_no_look(cast):
    document = store(cast)
    default_storage.delete(document.stored)
    with pytest.raises(actions.BlobMissing):
        actions.look(document, actor=cast.user("hr"))
    assert document.views.count() == 0
