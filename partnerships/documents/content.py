"""What a file is, decided by its bytes: its name and the browser's word for it prove nothing."""

import re
import zlib
from dataclasses import dataclass

import puremagic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partnerships.common.export import XLSX
from partnerships.documents.enums import DocumentKind
from partnerships.documents.kinds import kind_in_words

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
CSV, ZIP = "text/csv", "application/zip"
IMAGES = (JPEG, PNG)
PAPERS = (PDF, JPEG, PNG)
TABLES = (XLSX, CSV)
EXTENSIONS = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    XLSX: (".xlsx",),
    CSV: (".csv", ".txt", ".tsv"),
    ZIP: (".zip",),  # made here; nobody uploads one
}

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_ZIP_END = b"PK\x05\x06"
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_PAGE_TREE = re.compile(rb"/Type\s*/Pages\b")
_PAGE = re.compile(rb"/Type\s*/Page\b")


def _named(name: str) -> str:
    """A name of a PDF, any sign of which may stand by its number: /J#61vaScript."""
    return "/" + "".join(f"(?:{sign}|#(?i:{ord(sign):x}))" for sign in name)


# The kind of an action: behind its key, remarks between them or not, or as an object of its own.
_ACTIVE = re.compile(
    rf"(?:{_named('S')}|\bobj)\s*+(?:%[^\r\n]{{0,40}}+[\r\n]\s*+){{0,9}}+"
    rf"(?:{_named('JavaScript')}|{_named('Launch')})\b".encode()
)
# In a trailer or the dictionary of a cross-reference stream: where the keys stand.
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")
# Enough for the object streams of several hundred pages; a stream that wants more is not read further.
_INFLATED_LIMIT = 8 * 1024 * 1024


class FileRefused(ValidationError):
    """A file that is not kept; the message says why and what to do instead."""


@dataclass(frozen=True)
class PdfFacts:
    """What a light reading of a PDF finds; `pages` is None where it is encrypted."""

    pages: int | None
    active: bool


def allowed_types(kind: str) -> tuple[str, ...]:
    """The types that a document of this kind may have."""
    if kind == DocumentKind.PHOTO:
        return IMAGES
    return TABLES if kind == DocumentKind.IMPORT else PAPERS


def recognise(data: bytes, kind: str) -> str:
    """The media type of `data`. Raises FileRefused with a reason for whatever a `kind` may not be.

    PDFs are checked to the depth of `read_pdf`; images are only recognised here and are decoded by
    images.clean_image, which finds the broken ones.
    """
    if not data:
        raise FileRefused(_("The file is empty. Choose it again."), code="empty")
    mime = _signature(data)
    if mime is None or mime not in allowed_types(kind):
        raise _refusal(data, kind)
    if mime in PAPERS and mime not in {found.mime_type for found in _guesses(data)}:
        raise _refusal(data, kind)
    if mime == PDF:
        check_pdf(data)
    return mime


def _signature(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"PK\x03\x04"):
        return XLSX if b"[Content_Types].xml" in data and b"xl/" in data else None
    return CSV if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if data.lstrip()[:1] == b"<" or data.startswith((b"MZ", b"#!", b"{\\rtf")):
        return False
    return not any(byte < 32 and byte not in b"\t\r\n\x0c" for byte in set(data))


def _guesses(data: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        return []


def _refusal(data: bytes, kind: str) -> FileRefused:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return FileRefused(
            _(
                "This is a HEIC photo, which many computers cannot open. On an iPhone choose Settings, "
                "Camera, "
                "Formats, Most Compatible and take the photo again, or save it as JPEG or PDF."
            ),
            code="heic",
        )
    if data.startswith(b"\xd0\xcf\x11\xe0") and kind == DocumentKind.IMPORT:
        return FileRefused(
            _(
                "This is an old or a password-protected Excel file. Save it as “Excel workbook (.xlsx)” "
                "without a "
                "password and upload that."
            ),
            code="old_excel",
        )
    wanted = {
        DocumentKind.IMPORT: _("an .xlsx or .csv table"),
        DocumentKind.PHOTO: _("JPEG or PNG"),
    }.get(DocumentKind(kind), _("PDF, JPEG or PNG"))
    guess = next(iter(_guesses(data)), None)
    found = kind_in_words(guess.extension, guess.mime_type) if guess is not None else ""
    if found:
        return FileRefused(
            _(
                "By its content this file is: %(found)s. What can be taken here: %(wanted)s. Save it in "
                "that form "
                "and upload it again."
            ),
            code="type",
            params={"found": found, "wanted": wanted},
        )
    return FileRefused(
        _(
            "What kind of file this is cannot be told from its content. What can be taken here: %(wanted)s. "
            "Save it "
            "in that form and upload it again."
        ),
        code="type",
        params={"wanted": wanted},
    )


def check_pdf(data: bytes) -> None:
    """Raises FileRefused for a PDF that is cut short, empty, locked, active, or another file as well."""
    end = data.rfind(b"%%EOF")
    if not re.match(rb"%PDF-[12]\.\d", data) or end < 0 or not _has_index(data):
        raise FileRefused(
            _("This PDF is damaged or cut short. Save or scan it again and upload the new file."),
            code="broken",
        )
    if data[end + 5 :].strip(b"\r\n\t \x00\x1a") or _is_also_zip(data):
        raise FileRefused(
            _(
                "Something else is hidden behind this PDF, so it is not accepted. Print it to a new PDF and "
                "upload "
                "that."
            ),
            code="polyglot",
        )
    facts = read_pdf(data)
    if facts.pages is None:
        raise FileRefused(
            _(
                "This PDF is protected with a password, so those who decide could not read it. Save it "
                "without protection, or print it to a new PDF, and upload that."
            ),
            code="encrypted",
        )
    if facts.active:
        raise FileRefused(
            _(
                "This PDF contains a program that runs when it is opened. Print it to a new PDF and upload "
                "that."
            ),
            code="active",
        )
    if facts.pages == 0:
        raise FileRefused(
            _("This PDF has no pages that can be read. Save or scan it again and upload the new file."),
            code="broken",
        )


def _has_index(data: bytes) -> bool:
    """Whether the last startxref leads to a cross-reference table or stream."""
    found = re.findall(rb"startxref\s+(\d{1,10})\s", data[-4096:])
    if not found:
        return False
    place = int(found[-1])
    return bool(re.match(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)", data[place : place + 40]))


def _is_also_zip(data: bytes) -> bool:
    """Whether an archive's closing record, with its comment, ends exactly where the file ends."""
    place = data.find(_ZIP_END, max(0, len(data) - 65557))
    while place >= 0:
        comment = int.from_bytes(data[place + 20 : place + 22], "little")
        if place + 22 + comment == len(data):
            return True
        place = data.find(_ZIP_END, place + 1)
    return False


def read_pdf(data: bytes) -> PdfFacts:
    """Count the pages of a PDF, in the open and in its compressed object streams.

    A reading by pattern: enough to tell a document from a shell of one, no judge of its looks.
    """
    texts = [data, *_object_streams(data)]
    active = any(_ACTIVE.search(text) for text in texts)
    if any(_ENCRYPTED.search(text) for text in texts):
        return PdfFacts(None, active)
    if not any(_PAGE_TREE.search(text) for text in texts):
        return PdfFacts(0, active)
    return PdfFacts(sum(len(_PAGE.findall(text)) for text in texts), active)


def _object_streams(data: bytes) -> list[bytes]:
    texts = []
    budget = _INFLATED_LIMIT
    for found in _OBJECT_STREAM.finditer(data):
        stream = _STREAM.search(data, found.end(), found.end() + 1024)
        close = data.find(b"endstream", found.end())
        if close < 0 or budget <= 0:
            break
        if stream is None or stream.end() > close:
            continue
        try:
            text = zlib.decompressobj().decompress(data[stream.end() : close], budget)
        except zlib.error:
            continue  # filtered some other way: its pages are not counted, which can only refuse
        budget -= len(text)
        texts.append(text)
    return texts
