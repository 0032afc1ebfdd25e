"""Opening an .xlsx that anybody may have made: nothing in it costs more than a long list would."""

import io
import logging
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.reader.excel import ExcelReader

from partnerships.common.importer.headings import Headings

log = logging.getLogger(__name__)

MOST_PARTS = 2000  # files inside an .xlsx
# Marks ("<") of all its parts, of one part that is made into a tree at once, and of all that is read however
# often: two hundred kilobytes may unpack to so many that they take gigabytes and minutes. Twenty thousand
# rows of thirty columns have two and a half million.
MOST_MARKS, MOST_AT_ONCE, MOST_READ = 4_000_000, 1_000_000, 15_000_000
OPENING = 100  # what opening a part costs, in marks: a workbook may name one part for a million sheets
_XML_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]*\?>)?\s*<[A-Za-z_]")


class Unreadable(ValidationError):
    """A file that cannot be read as the table asked for; the message says what to do. `found` are headings
    that were read and not understood: somebody can say what each is."""

    def __init__(self, message: Any, *, found: Headings | None = None, **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.found = found


@contextmanager
def open_book(data: bytes) -> Iterator[Any]:
    """The workbook, to be read row by row. Whatever fails inside is a file that is damaged: Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # drawings and rules of the sheet that openpyxl does not keep
            with _Package(data) as package:
                reader = _Reader(package)
                reader.read()
                yield reader.wb
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        # A damaged or forged workbook fails anywhere inside the parser, with any exception.
        log.info("a workbook could not be read: %r", error)
        raise _damaged() from error


class _Package(zipfile.ZipFile):
    """The parts of a workbook, looked at before any is parsed: refused is what would unpack to more than we
    hold, and XML that declares entities. Then it counts what is read.

    zipfile reads no more of a part than is declared here, so that the sum cannot lie.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        parts = self.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > settings.IMPORT_UNPACKED:
            raise too_much()
        self.marks: dict[str, int] = {}
        self.spent = 0
        sound = all(self._look(part) for part in parts)
        if sum(self.marks.values()) > MOST_MARKS:
            raise too_much()
        if not sound:
            raise _damaged()
        self.spent = 0

    def _look(self, part: zipfile.ZipInfo) -> bool:
        """Count its marks. Whether it is no XML, or XML whose root stands right behind its declaration: no
        DOCTYPE."""
        with super().open(part) as opened:
            head = opened.read(512)
            marks = head.count(b"<")
            while block := opened.read(1 << 20):
                marks += block.count(b"<")
        self.marks[part.filename] = self.marks.get(part.filename, 0) + marks
        marked = head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<"))
        return not (marked or head.lstrip()[:1] == b"<") or _XML_HEAD.match(head) is not None

    def open(self, name: Any, *given: Any, **named: Any) -> Any:
        self.spent += OPENING + self.marks.get(getattr(name, "filename", name), 0)
        if self.spent > MOST_READ:
            raise too_much()
        return super().open(name, *given, **named)

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """A whole part: what openpyxl reads so becomes a tree with an object for each mark."""
        if self.marks.get(getattr(name, "filename", name), 0) > MOST_AT_ONCE:
            raise too_much()
        return super().read(name, pwd)


class _Reader(ExcelReader):  # type: ignore[misc]
    def __init__(self, package: _Package) -> None:
        super().__init__(package.fp, read_only=True, data_only=True, keep_links=False)
        self.archive = package

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """It has no rows."""


def too_much() -> Unreadable:
    return Unreadable(
        _(
            "This Excel file holds far more than a list of rows. Copy the rows into a new file "
            "and upload that."
        ),
        code="bomb",
    )


def _damaged() -> Unreadable:
    return Unreadable(
        _("This Excel file is damaged. Open it in Excel, save it again as .xlsx and upload the new file."),
        code="broken",
    )
