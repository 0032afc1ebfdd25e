"""Files that go by themselves: when their time is over, and when no row names them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from partnerships.documents.actions import FOLDER, remove
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.workflow.actors import SYSTEM


def forget_papers() -> int:
    """Files of many people are made for printing or for a look, not for keeping: papers older than
    PAPERS_DAYS and lists older than EXPORT_DAYS go. Returns how many went."""
    now = timezone.now()
    old_papers = Q(kind=DocumentKind.PAPERS, created__lt=now - timedelta(days=settings.PAPERS_DAYS))
    old_lists = Q(kind=DocumentKind.EXPORT, created__lt=now - timedelta(days=settings.EXPORT_DAYS))
    old = list(Document.objects.filter(old_papers | old_lists).order_by("pk"))
    for document in old:
        remove(document, actor=SYSTEM)
    return len(old)


def forget_kind(kind: str, border: datetime) -> int:
    """Files of this kind made before that moment go; returns how many."""
    old = list(Document.objects.filter(kind=kind, created__lt=border).order_by("pk"))
    for document in old:
        remove(document, actor=SYSTEM)
    return len(old)


@dataclass(frozen=True)
class Sweep:
    """What sweep_orphans found: names of files without a row, and uids of rows without a file."""

    removed: list[str]
    missing: list[str]


def sweep_orphans(*, older_than: timedelta = timedelta(hours=24), dry_run: bool = False) -> Sweep:
    """Remove files that no row names: left by a rolled-back transaction or a process killed between
    the two writes. Younger files are left alone, since their row may be on its way."""
    named = set(Document.objects.values_list("stored", flat=True))
    border = timezone.now() - older_than
    removed = []
    present = set()
    for path in _blobs():
        present.add(path)
        if path in named or default_storage.get_modified_time(path) > border:
            continue
        if not dry_run:
            default_storage.delete(path)
        removed.append(path)
    missing = (
        Document.objects.filter(stored__in=named - present) if named - present else Document.objects.none()
    )
    return Sweep(sorted(removed), sorted(str(uid) for uid in missing.values_list("uid", flat=True)))


def _blobs() -> list[str]:
    if not default_storage.exists(FOLDER):
        return []
    folders, _files = default_storage.listdir(FOLDER)
    return [
        str(PurePosixPath(FOLDER, folder, name))
        for folder in folders
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]
    ]
