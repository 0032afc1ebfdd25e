"""A copy of everything that is kept about somebody: one zip, for that person alone, for some days."""

import io
import json
import logging
import shutil
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TextIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partnerships.common.jobs import JobFailed, Progress, job, start
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Refused
from partnerships.common.text import slug
from partnerships.directory.models import Person
from partnerships.documents.actions import ReadyFile, remove, store
from partnerships.documents.content import ZIP
from partnerships.documents.enums import FOR_WORK, DocumentKind
from partnerships.documents.holding import still_at_work
from partnerships.documents.models import Document
from partnerships.privacy.collect import held
from partnerships.privacy.values import as_json, as_words, row_values
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

log = logging.getLogger(__name__)

COPY_JOB = "privacy.copy"
_STYLE = Path(__file__).parents[1] / "data" / "copy.css"
# Rows of one kind that a page for people shows; the file for programs has all of them.
SHOWN = 2000


@transaction.atomic
def ask_for_copy(person: Person, *, actor: Any) -> Job:
    """Have the copy made; one at a time. Raises Refused for somebody else's."""
    who = as_actor(actor)
    if who.user is None or person.user_id != who.user.pk:
        raise Refused(_("A copy of somebody's data is for that person alone."))
    Person.objects.select_for_update().get(pk=person.pk)
    running = Job.objects.filter(
        owner=who.user, kind=COPY_JOB, state__in=[JobState.QUEUED, JobState.RUNNING]
    ).first()
    if running is not None:
        return running
    record(person, "ask_copy", actor=who)
    return start(COPY_JOB, who.user)


@job(COPY_JOB, gettext_lazy("Copy of my data"))
def make_copy(work: Job, progress: Progress) -> dict[str, Any]:
    """Write the zip anew; those made before go."""
    person = Person.objects.filter(user=work.owner, erased_at=None).first()
    if person is None:
        raise JobFailed(_("This account belongs to nobody."))
    name = f"{slug(str(_('My data')))}-{timezone.localdate().isoformat()}.zip"
    with tempfile.TemporaryFile() as out:
        pack(person, out, progress)
        for old in Document.objects.filter(owner=person, kind=DocumentKind.COPY):
            remove(old, actor=SYSTEM)
        packed = ReadyFile(name, ZIP, file=out)
        made = store(packed, owner=person, kind=DocumentKind.COPY, actor=SYSTEM)
    return {"document": str(made.uid)}


def pack(person: Person, out: IO[bytes], progress: Progress | None = None) -> None:
    """Write the zip: `data.json` for programs, `data.html` for people, and the person's own files.

    Row by row and file by file, so that nobody's copy is ever held as a whole; of each kind only the rows
    that the page shows are.
    """
    made = timezone.now()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as raw:
            shown = _write_rows(io.TextIOWrapper(raw, "utf-8", write_through=True), person, made, progress)
        page = {"person": person, "made": made, "kinds": shown, "language": (get_language() or "az")[:2]}
        archive.writestr("data.html", render_to_string("privacy/copy.html", page))
        archive.write(_STYLE, "data.css")
        _write_files(archive, person)


Shown = tuple[Any, tuple[list[str], list[list[str]]], int]


def _write_rows(out: TextIO, person: Person, made: datetime, progress: Progress | None) -> list[Shown]:
    """data.json, and what the page shows of each kind: label, table, how many rows there are."""
    kinds, shown = [kind for kind in held() if kind.columns], list[Shown]()
    head = json.dumps({"made": made.isoformat(), "person": str(person.uid)})
    out.write(head[:-1] + ', "held": [')
    for number, kind in enumerate(kinds, 1):
        first: list[list[tuple[str, str, Any]]] = []
        many = 0
        for row in kind.rows(person).iterator(chunk_size=500):
            values = list(row_values(kind, row))
            if not many:
                told = json.dumps({"key": kind.key, "label": str(kind.label)}, ensure_ascii=False)
                out.write(("," if shown else "") + f'\n{told[:-1]}, "rows": [')
            if many < SHOWN:
                first.append(values)
            named = {key: as_json(value) for key, _label, value in values}
            out.write(("," if many else "") + "\n" + json.dumps(named, ensure_ascii=False))
            many += 1
        if many:
            out.write("]}")
            shown.append((kind.label, _table(first), many))
        if progress is not None:
            progress(number, len(kinds) + 1)
    out.write("]}\n")
    out.flush()
    return shown


def _table(rows: list[list[tuple[str, str, Any]]]) -> tuple[list[str], list[list[str]]]:
    headings = [label for _key, label, _value in rows[0]]
    return headings, [[as_words(value) for _key, _label, value in row] for row in rows]


def _write_files(archive: zipfile.ZipFile, person: Person) -> None:
    """Each file once, under a name of its own; one whose bytes are lost is named in the list alone, as are
    those that the person made or brought for their work: they are about others."""
    seen = set[str]()
    about_others = (DocumentKind.COPY, DocumentKind.SCAN, *FOR_WORK)
    rows = Document.objects.filter(owner=person).exclude(kind__in=about_others).order_by("created", "pk")
    mine = [document for document in rows if still_at_work(person.user, document)]
    for number, document in enumerate(mine, 1):
        if document.stored in seen:
            continue
        seen.add(document.stored)
        try:
            with (
                default_storage.open(document.stored, "rb") as source,
                archive.open(f"files/{number:03d}-{document.name}", "w") as kept,
            ):
                shutil.copyfileobj(source, kept)
        except FileNotFoundError:
            log.exception("the file of document %s is missing", document.pk)
