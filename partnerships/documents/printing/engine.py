"""From a template's name and plain data to the bytes of a PDF.

Data travels beside the template, as JSON in `sys.inputs`; no source is ever put together from text, so
that a name such as `#panic()` or `$x$` is printed as it stands. The compiler sees our fonts alone, reads
nothing from the network, and writes no time of day: the same data gives the same bytes.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from partnerships.common.clock import BAKU
from partnerships.documents.printing.pictograms import PICTOGRAMS

FONTS = Path(__file__).resolve().parent.parent / "print" / "fonts"
_NAME = re.compile(r"[a-z][a-z_]*/[a-z0-9][a-z0-9_-]*")
# Marks that turn the direction of a line, with which a name could rearrange what stands around it.
_TURNING = frozenset([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# What stands in for a character that no font of ours has.
REPLACEMENT = "□"
# Latin, Greek, Cyrillic, Hebrew, Arabic; further Latin and Greek; punctuation, currencies, signs, arrows,
# shapes; Hebrew with its points; pictograms.
_PRINTED = (
    (0x20, 0x052F),
    (0x0591, 0x05F4),
    (0x0600, 0x06FF),
    (0x1E00, 0x1FFF),
    (0x2000, 0x22FF),
    (0x2500, 0x25FF),
    (0xFB00, 0xFB06),
    (0xFB1D, 0xFB4F),
    *PICTOGRAMS,
)
# What only says how the character before it is to be drawn.
_SILENT = frozenset(
    [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)]
)
# Each thread keeps its own compiler: fonts and parsed templates stay in it from one print to the next.
_own = threading.local()


class PrintError(Exception):
    """A template and its data do not fit; `diagnostic` says where. A fault of ours, never of the reader."""

    def __init__(self, name: str, message: str, diagnostic: str) -> None:
        super().__init__(f"{name}: {message}")
        self.diagnostic = diagnostic


def print_pdf(name: str, data: Mapping[str, Any], *, language: str = "az") -> bytes:
    """The PDF of the template `name`, "<app label>/<file>" in the folder `print` of that app.

    `data` holds JSON values and whatever `plain` turns into them: lazy words in `language`, dates as
    31.12.2026, moments in Baku time, decimals with the comma or point of the language. Raises LookupError
    for a name without a template, TypeError for a value that cannot be printed, PrintError when the
    template refuses. Tens of milliseconds a page (docs/printing.md); not to be called inside a transaction.
    """
    template = template_path(name)
    with translation.override(language):
        text = json.dumps(plain(data), ensure_ascii=False)
    try:
        pdf = _compiler().compile(
            input=str(template),
            format="pdf",
            sys_inputs={"data": text, "language": language},
        )
    except typst.TypstError as error:
        raise PrintError(name, error.message, error.diagnostic) from error
    assert isinstance(pdf, bytes)
    return pdf


@cache
def template_path(name: str) -> Path:
    """Where the template stands. Raises LookupError for a name of another shape, app or file."""
    if not _NAME.fullmatch(name):
        raise LookupError(f"no name of a printed form: {name!r}")
    label, file = name.split("/")
    path = Path(apps.get_app_config(label).path) / "print" / f"{file}.typ"
    if not path.is_file():
        raise LookupError(f"no printed form {name!r} at {path}")
    return path


def plain(value: Any) -> Any:
    """`value` as JSON knows it, its texts fit to be printed, in the language that is active."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (str, Promise)):
        return clean_text(str(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value).replace(".", ",") if translation.get_language() == "az" else str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(BAKU):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    raise TypeError(f"cannot be printed: {type(value).__name__}")


def clean_text(text: str) -> str:
    """People's words as they can be printed: without control characters and turning marks, and with □ for
    what no font of ours has."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_PRINTED_AS)


class _PrintedAs(dict[int, str]):
    """What each character is printed as, worked out once."""

    def __missing__(self, code: int) -> str:
        self[code] = _printed(chr(code))
        return self[code]


_PRINTED_AS = _PrintedAs()


def _printed(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return character
    if code in _TURNING or code in _SILENT or unicodedata.category(character) in {"Cc", "Cs"}:
        return ""
    return character if any(first <= code <= last for first, last in _PRINTED) else REPLACEMENT


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _compiler() -> typst.Compiler:
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(
            root=str(settings.BASE_DIR),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            # A template that asks for a package is refused at once: there is none, and nothing is fetched.
            package_path=str(FONTS),
            package_cache_path=str(FONTS),
        )
    return _own.compiler
