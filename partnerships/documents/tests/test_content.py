"""Hostile and broken files, each refused for its own reason."""

import io
import re
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from PIL import Image, ImageCms

from partnerships.documents.actions import ReadyFile, clean_name, prepare, prepare_pages
from partnerships.documents.content import FileRefused, check_pdf, read_pdf, recognise
from partnerships.documents.forms import MultipleDocumentField
from partnerships.testing import files


def refusal(data: bytes, name: str = "cv.pdf", kind: str = "cv") -> str:
    with pytest.raises(FileRefused) as caught:
        prepare(files.upload(data, name), kind=kind)
    assert "".join(caught.value.messages).strip()
    return str(caught.value.code)


def zipped(name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, "hidden")
    return out.getvalue()


def with_object_stream(content: bytes, *, tail: bytes = b"") -> bytes:
    """A PDF whose page tree stands in a compressed object stream, as most writers make it today."""
    packed = zlib.compress(content)
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length "
    body += str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n" + tail
    place = len(body)
    return body + b"2 0 obj\n<< /Type /XRef >>\nendobj\nstartxref\n" + str(place).encode() + b"\n%%EOF\n"


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 64


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\0" * 200, "type"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "type"),
        (b"<!doctype html><html><script>alert(1)</script></html>", "type"),
        (b"plain words", "type"),
        (b"\x00\x01\x02\x03", "type"),
        (b"GIF89a" + b"\0" * 40, "type"),
        (zipped(), "type"),
        (HEIC, "heic"),
        (files.pdf()[: len(files.pdf()) // 2], "broken"),
        (b"%PDF-1.4\n%%EOF\n", "broken"),
        (b"%PDF-9.9" + files.pdf()[8:], "broken"),
        (b"MZ\x90\x00" + files.pdf(), "type"),
        (b"<html>" + files.pdf(), "type"),
        (files.pdf() + zipped(), "polyglot"),
        (files.pdf() + b"<script>alert(1)</script>", "polyglot"),
        (files.jpeg()[:200], "broken"),
        (files.png()[:40], "broken"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_sound_pdf_jpeg_or_png_is_refused(data, code):
    assert refusal(data) == code


def test_a_program_named_as_a_pdf_is_called_what_it_is():
    assert kind_named(b"MZ\x90\x00" + b"\0" * 200) == "Windows proqramı"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04" + b"\0" * 60, "Word sənədi"),
        (b"Rar!\x1a\x07\0" + b"\0" * 9, "arxiv"),
        (b"GIF89a" + b"\0" * 40, "başqa növ şəkil (GIF)"),
        (b"ID3" + b"\0" * 60, "səs yazısı"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 40, "video"),
        (b"<html><body>", "veb-səhifə"),
        (b"SQLite format 3\0" + b"\0" * 60, "DB faylı"),
    ],
)
def test_what_is_refused_is_named_in_azerbaijani(data, words):
    assert kind_named(data) == words


def kind_named(data):
    with override("az"), pytest.raises(FileRefused) as caught:
        recognise(data, "cv")
    assert caught.value.code == "type"
    return caught.value.params["found"]


def test_an_archive_whose_comment_is_a_pdf_is_refused():
    data = files.pdf()
    end = b"PK\x05\x06" + b"\0" * 16
    inside = b"%" + end
    rest = data[len(b"%PDF-1.4\n") :]
    shifted = b"%PDF-1.4\n" + inside + (len(rest)).to_bytes(2, "little") + rest
    place = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    moved = shifted.replace(b"startxref\n%d" % place, b"startxref\n%d" % (place + len(inside) + 2))
    assert len(moved) == len(shifted)
    with pytest.raises(FileRefused) as caught:
        check_pdf(moved)
    assert caught.value.code == "polyglot"


def test_a_pdf_that_runs_a_program_is_refused_and_one_that_speaks_of_javascript_is_not():
    tree = b"<< /Type /Pages /Count 1 >> << /Type /Page >>"
    assert refusal(with_object_stream(tree + b"<< /S /JavaScript /JS (app.alert(1)) >>")) == "active"
    assert refusal(with_object_stream(tree, tail=b"<< /S /Launch /F (cmd.exe) >>")) == "active"
    for hidden in (
        b"/S/J#61vaScript",
        b"/#53 /L#61unch",
        b"/S %x\n/JavaScript",
        b"9 0 obj /JavaScript endobj",
    ):
        assert refusal(with_object_stream(tree, tail=b"<< " + hidden + b" >>")) == "active", hidden
    harmless = with_object_stream(tree, tail=b"(HTML/CSS/JavaScript) Tj")
    assert prepare(files.upload(harmless), kind="cv").data == harmless


@pytest.mark.parametrize("keys", [b"/Encrypt 9 0 R", b"/Encrypt << /Filter /Standard /V 2 /R 3 >>"])
def test_a_pdf_locked_with_a_password_is_refused_with_what_to_do(keys):
    locked = files.pdf().replace(b"trailer\n<<", b"trailer\n<<" + keys)
    assert keys in locked
    with pytest.raises(FileRefused) as caught:
        prepare(files.upload(locked), kind="cv")
    assert caught.value.code == "encrypted"
    with override("en"), pytest.raises(FileRefused, match=r"password.*print it to a new PDF"):
        prepare(files.upload(locked), kind="cv")
    speaking = with_object_stream(
        b"<< /Type /Pages >> << /Type /Page >>", tail=b"(/Encrypt and /Decrypt) Tj\n"
    )
    assert prepare(files.upload(speaking), kind="cv").data == speaking


def test_pages_in_compressed_streams_are_counted_and_their_absence_is_refused():
    three = b"<< /Type /Pages /Count 3 >>" + b"<< /Type /Page >>" * 3
    assert read_pdf(with_object_stream(three)).pages == 3
    assert refusal(with_object_stream(b"<< /Type /Catalog >>")) == "broken"


def test_a_stream_that_unpacks_to_gigabytes_is_read_to_its_bound_only():
    bomb = with_object_stream(b"\0" * 200_000_000)
    assert len(bomb) < 1_000_000
    assert refusal(bomb) == "broken"


def test_a_picture_that_unpacks_to_more_pixels_than_allowed_is_refused(settings):
    settings.IMAGE_PIXELS = 1000
    assert refusal(files.png((40, 40)), "photo.png") == "pixels"
    assert prepare(files.upload(files.png((20, 20)), "photo.png"), kind="cv").mime == "image/png"


def test_a_decompression_bomb_beyond_the_decoders_own_bound_is_refused(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert refusal(files.png((40, 40)), "photo.png") == "pixels"


def test_a_photo_is_turned_upright_made_small_and_freed_of_its_exif():
    taken = files.jpeg((3000, 1500), orientation=6)
    assert b"PhoneMaker" in taken
    prepared = prepare(files.upload(taken, "IMG_0001.JPG"), kind="transcript")
    shown = Image.open(io.BytesIO(prepared.data))
    assert (shown.size, dict(shown.getexif()), prepared.name) == ((1000, 2000), {}, "IMG_0001.JPG")
    assert b"PhoneMaker" not in prepared.data


def test_what_stands_behind_a_photo_is_gone():
    prepared = prepare(files.upload(files.jpeg() + zipped(), "a.jpg"), kind="cv")
    assert b"PK\x03\x04" not in prepared.data


def test_pictures_in_other_colours_are_taken():
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("CMYK", (30, 30)).save(out, "JPEG", icc_profile=profile)
    assert (
        Image.open(io.BytesIO(prepare(files.upload(out.getvalue(), "a.jpg"), kind="cv").data)).mode == "RGB"
    )


@pytest.mark.parametrize(("language", "name"), [("az", "Transkript.pdf"), ("en", "Transcript.pdf")])
def test_photos_put_together_are_named_after_their_kind(language, name):
    uploads = [files.upload(files.jpeg((60, 90)), f"foto {n}.jpg") for n in (1, 2)]
    with override(language):
        assert prepare_pages(uploads, kind="transcript").name == name


def test_photos_of_no_kind_keep_the_name_of_the_first():
    uploads = [files.upload(files.jpeg((60, 90)), f"foto {n}.jpg") for n in (1, 2)]
    assert prepare_pages(uploads, kind="other").name == "foto 1.pdf"


def test_three_photos_become_one_pdf_of_three_a4_pages_in_their_order():
    shots = [files.jpeg((60, 90), colour=c) for c in ("red", "green")] + [files.jpeg((90, 60), colour="blue")]
    uploads = [files.upload(shot, f"səhifə {n}.jpg") for n, shot in enumerate(shots, start=1)]
    made = prepare_pages(uploads, kind="transcript")
    assert (made.mime, made.name) == ("application/pdf", "Transkript.pdf")
    last_tree = re.findall(rb"/Type /Pages\s*/Count (\d+)", made.data)[-1]
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", made.data)
    assert last_tree == b"3"
    upright, lying = (b"595.44", b"842.04"), (b"842.04", b"595.44")
    assert boxes[-1] == lying
    assert set(boxes) == {upright, lying}
    colours = [Image.open(io.BytesIO(page)).convert("RGB").getpixel((800, 800)) for page in _pictures(made)]
    assert [max(range(3), key=colour.__getitem__) for colour in colours] == [0, 1, 2]
    check_pdf(made.data)


def _pictures(made: ReadyFile) -> list[bytes]:
    return re.findall(rb"stream\n(\xff\xd8\xff.*?\xff\xd9)\n?endstream", made.data, re.DOTALL)


def test_a_pdf_among_photos_is_refused_and_so_are_too_many_pages(settings):
    with pytest.raises(FileRefused) as caught:
        prepare_pages([files.upload(files.jpeg(), "a.jpg"), files.upload(files.pdf())], kind="cv")
    assert caught.value.code == "mixed"
    settings.PDF_PAGES = 2
    with pytest.raises(FileRefused) as caught:
        prepare_pages([files.upload(files.jpeg(), "a.jpg")] * 3, kind="cv")
    assert caught.value.code == "pages"


def test_the_name_of_a_photo_with_quotation_marks_is_quoted_once():
    with pytest.raises(ValidationError) as caught:
        MultipleDocumentField(kind="cv").clean(
            [files.upload(files.jpeg(), "a.jpg"), files.upload(b"yox", "Relə «A».jpg")]
        )
    assert [message.split(":")[0] for message in caught.value.messages] == ["“Relə ‘A’.jpg”"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Nigar\\CV son.PDF", "CV son.PDF"),
        ("cv.exe", "cv.pdf"),
        ("invoice.pdf.exe", "invoice.pdf.pdf"),
        ("", "cv.pdf"),
        ("...", "cv.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.pdf"),
        ("Özgəçmiş 👩‍🎓.pdf", "Özgəçmiş 👩‍🎓.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ("ə" * 300 + ".pdf", "ə" * 196 + ".pdf"),
        ("Dr. Nigar Məmmədova", "Dr. Nigar Məmmədova.pdf"),
    ],
)
def test_a_name_is_one_line_without_a_path_and_ends_as_its_type_does(given, name):
    assert clean_name(given, "application/pdf", "cv") == name
