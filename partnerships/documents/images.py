"""Photos: made upright and small, freed of what the camera wrote into them, and bound into a PDF."""

import struct
import warnings
from collections.abc import Sequence
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from partnerships.documents.content import JPEG, FileRefused

# What Pillow raises over a damaged file, by format and by the place of the damage.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error)
A4 = (1654, 2339)  # pixels at 200 dpi
A4_DPI = 200


def open_image(data: bytes) -> Image.Image:
    """The decoded picture, upright and at most settings.IMAGE_SIDE pixels on its longer side.

    Raises FileRefused for a picture that is damaged, cut short, or would unpack to more than
    settings.IMAGE_PIXELS; the number of pixels is checked before any of them is decoded.
    """
    side = settings.IMAGE_SIDE
    try:
        with warnings.catch_warnings():
            # Our own bound, which is lower, answers with words.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=["JPEG", "PNG"])
            if image.width * image.height > settings.IMAGE_PIXELS:
                raise _too_many_pixels()
            image.draft("RGB", (side, side))  # a JPEG is scaled while it is read
            image.load()
            upright = ImageOps.exif_transpose(image)
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except _DAMAGE as error:
        raise FileRefused(
            _("This picture is damaged or cut short. Take or save it again and upload the new file."),
            code="broken",
        ) from error
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    return upright


def _too_many_pixels() -> FileRefused:
    return FileRefused(
        _(
            "This picture has too many pixels. Save it smaller, at most %(millions)s million pixels, and "
            "try again."
        ),
        code="pixels",
        params={"millions": settings.IMAGE_PIXELS // 1_000_000},
    )


def clean_image(data: bytes, mime: str) -> bytes:
    """The picture alone: place, time, camera, thumbnails and whatever stood behind it are gone."""
    image = open_image(data)
    out = BytesIO()
    if mime == JPEG:
        image.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    else:
        transparent = "A" in image.getbands() or "transparency" in image.info
        plain = image.convert("RGBA" if transparent else "RGB")
        plain.info.clear()
        plain.save(out, "PNG", optimize=False)
    return out.getvalue()


def small_image(data: bytes, side: int) -> bytes:
    """A JPEG of at most `side` pixels on its longer side, to be shown within a page."""
    image = open_image(data)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def pages_to_pdf(pictures: Sequence[bytes], title: str = "") -> bytes:
    """One A4 PDF with a picture to a page, in the order given; wide pictures lie on wide pages.

    Pages are written one by one, so that one page's pixels at a time are held. Raises FileRefused as
    open_image does, with the number of the page in front.
    """
    out = BytesIO()
    for number, data in enumerate(pictures, start=1):
        try:
            page = _page(open_image(data))
        except FileRefused as error:
            raise FileRefused(
                _("Page %(number)s: %(reason)s"),
                code=error.code,
                params={"number": number, "reason": " ".join(error.messages)},
            ) from error
        first = {"title": title} if number == 1 else {"append": True}
        page.save(out, "PDF", resolution=A4_DPI, quality=80, **first)
    return out.getvalue()


def _page(image: Image.Image) -> Image.Image:
    size = A4 if image.height >= image.width else A4[::-1]
    flat = image
    if "A" in image.getbands() or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        flat = Image.alpha_composite(white, image.convert("RGBA"))
    fitted = ImageOps.contain(flat.convert("RGB"), size, Image.Resampling.LANCZOS)
    page = Image.new("RGB", size, "white")
    page.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    return page
