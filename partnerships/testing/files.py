"""Real small files for tests, made on the spot, and uploads of them."""

import csv
import io
import time
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image


def pdf(pages: int = 1) -> bytes:
    """The same bytes at every call: Pillow would else write the second of their making."""
    made = time.gmtime(0)
    out = io.BytesIO()
    for number in range(pages):
        Image.new("RGB", (60, 80), "white").save(
            out, "PDF", append=number > 0, creationDate=made, modDate=made
        )
    return out.getvalue()


def jpeg(size: tuple[int, int] = (80, 60), *, colour: str = "navy", orientation: int = 0) -> bytes:
    """A photo as a phone writes it: with `orientation`, place, camera and time in its EXIF."""
    image = Image.new("RGB", size, colour)
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        exif[0x010F] = "PhoneMaker"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (40.0, 22.0, 33.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(size: tuple[int, int] = (20, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 128)).save(out, "PNG")
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[Any]], title: str = "Tələbələr") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(rows: Sequence[Sequence[Any]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def upload(data: bytes, name: str = "cv.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")
