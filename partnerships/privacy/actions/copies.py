"""A copy of everything that is kept about somebody: one zip, for that person alone, for some days."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

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
from partnerships.documents.actions import BlobMissing, Prepared, read, remove, store
from partnerships.documents.content import ZIP
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.privacy.collect import held
from partnerships.privacy.values import as_json, as_words, row_values
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

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
    data = packed(person, progress)
    for old in Document.objects.filter(owner=person, kind=DocumentKind.COPY):
        remove(old, actor=SYSTEM)
    name = f"{slug(str(_('My data')))}-{timezone.localdate().isoformat()}.zip"
    made = store(Prepared(name, ZIP, data), owner=person, kind=DocumentKind.COPY, actor=SYSTEM)
    return {"document": str(made.uid)}


def packed(person: Person, progress: Progress | None = None) -> bytes:
    """The zip: `data.json` for programs, `data.html` for people, and the person's own files."""
    kinds = held()
    told, shown = [], []
    for number, kind in enumerate(kinds, 1):
        rows = [list(row_values(kind, row)) for row in kind.rows(person).iterator(chunk_size=500)]
        if rows:
            told.append(
                {
                    "key": kind.key,
                    "label": str(kind.label),
                    "rows": [{key: as_json(value) for key, _label, value in row} for row in rows],
                }
            )
            shown.append((kind.label, _table(rows[:SHOWN]), len(rows)))
        if progress is not None:
            progress(number, len(kinds) + 1)
    made = timezone.now()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = {"made": made.isoformat(), "person": str(person.uid), "held": told}
        archive.writestr("data.json", json.dumps(whole, ensure_ascii=False, indent=1))
        page = {"person": person, "made": made, "kinds": shown, "language": (get_language() or "az")[:2]}
        archive.writestr("data.html", render_to_string("privacy/copy.html", page))
        archive.write(_STYLE, "data.css")
        for name, data in _files(person):
            archive.writestr(f"files/{name}", data)
    return out.getvalue()


def _table(rows: list[list[tuple[str, str, Any]]]) -> tuple[list[str], list[list[str]]]:
    headings = [label for _key, label, _value in rows[0]]
    return headings, [[as_words(value) for _key, _label, value in row] for row in rows]


def _files(person: Person) -> list[tuple[str, bytes]]:
    """Each file once, under a name of its own; one whose bytes are lost is named in the list alone."""
    found, seen = list[tuple[str, bytes]](), set[str]()
    rows = Document.objects.filter(owner=person).exclude(kind=DocumentKind.COPY).order_by("created", "pk")
    for number, document in enumerate(rows, 1):
        if document.stored in seen:
            continue
        seen.add(document.stored)
        try:
            found.append((f"{number:03d}-{document.name}", read(document)))
        except BlobMissing:
            continue
    return found
