"""Keeping, copying, opening and removing private files."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from os import SEEK_END
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import ProtectedError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from partnerships.common.context import request_id
from partnerships.common.refusals import Refused
from partnerships.common.text import clean_line
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.documents import rules
from partnerships.documents.content import EXTENSIONS, IMAGES, PDF, FileRefused, recognise
from partnerships.documents.enums import UNCOUNTED, DocumentKind
from partnerships.documents.images import clean_image, pages_to_pdf
from partnerships.documents.models import Document, DocumentView
from partnerships.documents.scanning import scan
from partnerships.documents.uploads import OversizeUpload
from partnerships.workflow.actors import SYSTEM, Actor, as_actor

log = logging.getLogger(__name__)

FOLDER = "documents"
# What no name may hold on the systems that people use.
_FORBIDDEN = str.maketrans("", "", '<>:"|?*')


class BlobMissing(Exception):
    """The row is there and its file is not: storage was lost or restored without its files."""


@dataclass(frozen=True)
class ReadyFile:
    """A file that has been looked at and may be kept: cleaned name, type by content, cleaned bytes.

    `file`, open for reading, stands for the bytes of what is made here and too large to be held; `sent_as` is
    the name that somebody sent it under.
    """

    name: str
    mime: str
    data: bytes = b""
    file: BinaryIO | None = None
    sent_as: str = ""

    @property
    def size(self) -> int:
        return len(self.data) if self.file is None else self.file.seek(0, SEEK_END)

    @property
    def sha256(self) -> str:
        if self.file is None:
            return hashlib.sha256(self.data).hexdigest()
        self.file.seek(0)
        digest = hashlib.sha256()
        while part := self.file.read(1 << 20):
            digest.update(part)
        return digest.hexdigest()

    def content(self) -> File:
        """To be written by a storage, from its beginning."""
        if self.file is None:
            return ContentFile(self.data)
        self.file.seek(0)
        return File(self.file, name=self.name)


def prepare(upload: UploadedFile | ReadyFile, *, kind: str) -> ReadyFile:
    """Look at one upload and clean it; pictures are drawn anew. Raises FileRefused with a reason."""
    if isinstance(upload, ReadyFile):
        return upload
    given = clean_line(upload.name or "")
    sent = upload.sent if isinstance(upload, OversizeUpload) else upload.size or 0
    if sent > settings.UPLOAD_LIMIT:
        raise FileRefused(
            _(
                "This file is too large: %(size)s. The most that can be taken is %(limit)s. Make it smaller "
                "and upload it again."
            ),
            code="size",
            params={"size": filesizeformat(sent), "limit": filesizeformat(settings.UPLOAD_LIMIT)},
        )
    upload.seek(0)
    data = upload.read()
    mime = recognise(data, kind)
    scan(data)
    if mime in IMAGES:
        data = clean_image(data, mime)
    return ReadyFile(clean_name(given, mime, kind), mime, data, sent_as=_bare(given))


def prepare_pages(uploads: Sequence[UploadedFile | ReadyFile], *, kind: str) -> ReadyFile:
    """One file of several: photos become the pages of one PDF, in the order given.

    Raises FileRefused when one of several is no picture, or when there are more than settings.PDF_PAGES.
    """
    if not uploads:
        raise FileRefused(_("The file is empty. Choose it again."), code="empty")
    prepared = [prepare(upload, kind=kind) for upload in uploads[: settings.PDF_PAGES + 1]]
    if len(prepared) == 1:
        return prepared[0]
    if len(prepared) > settings.PDF_PAGES:
        raise FileRefused(
            _("There are more than %(limit)s pages. Put them into one PDF and upload that."),
            code="pages",
            params={"limit": settings.PDF_PAGES},
        )
    if any(page.mime not in IMAGES for page in prepared):
        raise FileRefused(
            _("Several files become one only when all of them are photos. Upload a PDF by itself."),
            code="mixed",
        )
    name = _name_of_pages(prepared[0], kind)
    title = name.removesuffix(".pdf")
    return ReadyFile(name, PDF, pages_to_pdf([page.data for page in prepared], title=title))


def _name_of_pages(first: ReadyFile, kind: str) -> str:
    """A phone numbers its photos, which tells the reader of the whole nothing: its kind names it."""
    said = first.name if kind == DocumentKind.OTHER else f"{DocumentKind(kind).label}.pdf"
    return clean_name(said, PDF, kind)


def _bare(given: str) -> str:
    """A name without its path and what no system takes, on one line, with the ending that it was given."""
    return clean_line(given.replace("\\", "/").split("/")[-1]).translate(_FORBIDDEN).strip(". ")[:200]


def clean_name(given: str, mime: str, kind: str) -> str:
    """The name under which a file is shown and downloaded: no path, one line, the ending its type has."""
    bare = _bare(given)
    endings = EXTENSIONS[mime]
    stem, dot, ending = bare.rpartition(".")
    if not dot or not 1 <= len(ending) <= 5 or " " in ending:
        stem, ending = bare, ""
    suffix = f".{ending}" if f".{ending.lower()}" in endings else endings[0]
    stem = stem.strip(". ") or str(kind)
    return f"{stem[: 200 - len(suffix)].rstrip()}{suffix}"


def store(
    upload: UploadedFile | ReadyFile | Sequence[UploadedFile | ReadyFile],
    *,
    owner: Person,
    kind: str,
    actor: Any,
    subject: models.Model | None = None,
) -> Document:
    """Keep an upload (or several photos, as one PDF) as a private file of `owner`.

    `subject` is the object whose rights decide who else may open it (its model says
    `holds_documents = True`); whether the actor may add to it is the caller's door to check.
    Raises FileRefused (wrong type, too large, damaged, quota full, storage full) and Refused for
    somebody else's folder. Nothing is left behind by a refusal. The file is written before the row and
    outside its transaction; a caller whose own transaction rolls back leaves a file without a row,
    which sweep_orphans takes away.
    """
    _check_keeper(owner, as_actor(actor))
    _check_subject(subject)
    several = upload if isinstance(upload, Sequence) else [upload]
    prepared = prepare_pages(several, kind=kind)
    _check_quota(owner, kind, prepared.size)
    stored = _write_blob(prepared)
    try:
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=owner.pk)
            _check_quota(owner, kind, prepared.size)
            return Document.objects.create(
                owner=owner,
                object=subject,
                kind=kind,
                name=prepared.name,
                mime=prepared.mime,
                size=prepared.size,
                sha256=prepared.sha256,
                stored=stored,
            )
    except BaseException:
        default_storage.delete(stored)
        raise


def _check_keeper(owner: Person, actor: Actor) -> None:
    if actor is SYSTEM or owner.pk in (access_of(actor).person_id, actor.on_behalf_of):
        return
    raise Refused(_("Files are uploaded by the person to whom they belong."))


def _check_subject(subject: models.Model | None) -> None:
    if subject is not None and not getattr(type(subject), "holds_documents", False):
        raise ValueError(f"{type(subject).__name__} holds no documents")


def _check_quota(owner: Person, kind: str, more: int) -> None:
    """Copies share their bytes with the original, so they count once; work for others counts for nobody."""
    if kind in UNCOUNTED:
        return
    papers = Document.objects.filter(owner=owner).exclude(kind__in=UNCOUNTED)
    sizes = dict(papers.values_list("stored", "size").distinct())
    if len(sizes) + 1 > settings.DOCUMENT_QUOTA_FILES:
        raise FileRefused(
            _("You already keep %(count)s files, which is the most. Remove those that you no longer need."),
            code="quota",
            params={"count": len(sizes)},
        )
    if sum(sizes.values()) + more > settings.DOCUMENT_QUOTA_BYTES:
        raise FileRefused(
            _(
                "Your files take up %(used)s of %(limit)s and this one does not fit. Remove those no longer "
                "needed."
            ),
            code="quota",
            params={
                "used": filesizeformat(sum(sizes.values())),
                "limit": filesizeformat(settings.DOCUMENT_QUOTA_BYTES),
            },
        )


def _write_blob(prepared: ReadyFile) -> str:
    token = uuid.uuid4().hex
    path = f"{FOLDER}/{token[:2]}/{token}{EXTENSIONS[prepared.mime][0]}"
    try:
        return default_storage.save(path, prepared.content())
    except OSError as error:
        default_storage.delete(path)  # what a full disk left half-written
        log.exception("a file of %s bytes could not be written", prepared.size)
        raise FileRefused(
            _(
                "The file could not be kept because there is no room left on our side. Nothing was saved; "
                "the "
                "administrators have been told. Try again later."
            ),
            code="storage",
        ) from error


def copy_to(document: Document, subject: models.Model, *, actor: Any) -> Document:
    """A frozen copy for `subject`: a row of its own over the same bytes, dated as the upload.

    The bytes go only when the last row that names them does. Raises Refused for a file of which the
    actor is not the owner.
    """
    by = as_actor(actor)
    _check_keeper(document.owner, by)
    _check_subject(subject)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=document.owner_id)
        # Read again under the lock: it may have been removed since, and its bytes with it.
        source = Document.objects.filter(pk=document.pk).first()
        if source is None:
            raise FileRefused(_("This file has been removed meanwhile. Upload it again."), code="gone")
        return Document.objects.create(
            owner_id=source.owner_id,
            object=subject,
            kind=source.kind,
            name=source.name,
            mime=source.mime,
            size=source.size,
            sha256=source.sha256,
            stored=source.stored,
            created=source.created,
        )


def is_kept(document: Document) -> bool:
    """Whether the object that holds it keeps it for good, as a sent application does (`keeps_documents`)."""
    return document.object_id is not None and _keeps(document.object)


def _keeps(holder: models.Model | None) -> bool:
    return bool(getattr(holder, "keeps_documents", False))


def _locked_holder(document: Document) -> models.Model | None:
    """The object that holds it as it stands now: it cannot be sent while one of its files is taken away."""
    if document.content_type_id is None or document.object_id is None:
        return None
    model = ContentType.objects.get_for_id(document.content_type_id).model_class()
    if model is None:
        return None
    return model._base_manager.select_for_update().filter(pk=document.object_id).first()


def remove(document: Document, *, actor: Any) -> None:
    """Take a file away; its bytes go after commit, unless a copy still needs them.

    Raises Refused to anybody but the owner (or SYSTEM), and while the object that holds it keeps it; to
    SYSTEM ProtectedError where a row needs it.
    """
    by = as_actor(actor)
    if not rules.may_remove(by.principal, document):
        raise Refused(_("A file is removed by the person to whom it belongs."))
    stored = document.stored
    with transaction.atomic():
        if by is not SYSTEM and _keeps(_locked_holder(document)):
            raise Refused(_("This file belongs to something that you have already sent and stays with it."))
        Person.objects.select_for_update().get(pk=document.owner_id)
        try:
            Document.objects.filter(pk=document.pk).delete()
        except ProtectedError as error:
            if by is SYSTEM:
                raise
            raise Refused(_("This file proves something that others keep, and stays with it.")) from error
        if not Document.objects.filter(stored=stored).exists():
            transaction.on_commit(lambda: default_storage.delete(stored))


def look(document: Document, *, actor: Any) -> File:
    """Open a file for somebody who may see it, and write down that they looked.

    Every look is kept but the owner's own. Raises BlobMissing when the bytes are not there; then
    nothing is written down, since nothing was seen.
    """
    by = as_actor(actor)
    try:
        opened = default_storage.open(document.stored, "rb")
    except FileNotFoundError as error:
        raise BlobMissing(document.stored) from error
    if access_of(by).person_id != document.owner_id:
        try:
            DocumentView.objects.create(document=document, user=by.user, request_id=request_id.get())
        except BaseException:
            opened.close()  # no look without its line in the log
            raise
    return opened


def read(document: Document) -> bytes:
    """The bytes of a file that is part of the page which shows it: no look is written down, since whoever
    may read the page was given it with the page. Raises BlobMissing."""
    try:
        with default_storage.open(document.stored, "rb") as opened:
            return bytes(opened.read())
    except FileNotFoundError as error:
        raise BlobMissing(document.stored) from error
