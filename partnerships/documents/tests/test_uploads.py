"""The cap on a file while the request is read, through real requests."""

import io
import sys
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import translation

from partnerships.documents import actions
from partnerships.documents.forms import DocumentField, MultipleDocumentField
from partnerships.documents.uploads import CappedUploadHandler, OversizeUpload
from partnerships.testing import files

LIMIT = 10_000


@pytest.fixture(autouse=True)
def small_limit(settings):
    settings.UPLOAD_LIMIT = LIMIT


def posted(**data):
    return RequestFactory().post("/", data)


def test_a_file_over_the_limit_arrives_without_its_bytes_and_the_form_with_all_else():
    request = posted(before="1", cv=files.upload(b"x" * (LIMIT + 1), "cv.pdf"), after="2")
    upload = request.FILES["cv"]
    assert isinstance(upload, OversizeUpload)
    assert (upload.name, upload.sent, upload.size, upload.read()) == ("cv.pdf", LIMIT + 1, 0, b"")
    assert (request.POST["before"], request.POST["after"]) == ("1", "2")


def test_a_file_at_the_limit_arrives_whole_beside_one_over_it():
    big, good = files.upload(b"x" * 50_000, "a.pdf"), files.upload(b"y" * LIMIT, "b.pdf")
    request = posted(one=good, two=big, three=files.upload(b"y" * LIMIT, "c.pdf"))
    assert [type(request.FILES[name]) for name in ("one", "two", "three")] == [
        InMemoryUploadedFile,
        OversizeUpload,
        InMemoryUploadedFile,
    ]
    assert (request.FILES["three"].read(), request.FILES["one"].read()) == (b"y" * LIMIT, b"y" * LIMIT)


HELD: list[int] = []


class WatchedHandler(CappedUploadHandler):
    """Writes down how much is held after each piece that came in."""

    def receive_data_chunk(self, raw_data, start):
        answer = super().receive_data_chunk(raw_data, start)
        HELD.append(self.buffer.getbuffer().nbytes if self.buffer else 0)
        return answer


def test_nothing_is_held_past_the_limit_and_nothing_touches_the_disk(settings, tmp_path):
    HELD.clear()
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.WatchedHandler"]
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    opened = []

    def note(event, args):
        if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
            opened.append(args[0])

    body = {"cv": files.upload(b"x" * 3_000_000, "cv.pdf")}
    request = RequestFactory().post("/", body)
    with listening(note):
        sent = request.FILES["cv"].sent
    assert (sent, opened, list(tmp_path.iterdir())) == (3_000_000, [], [])
    assert len(HELD) > 10
    assert max(HELD) <= LIMIT


@contextmanager
def listening(note):
    """Python tells of every file that is opened; such a listener cannot be taken away, so it is muted."""
    on = [True]
    sys.addaudithook(lambda event, args: note(event, args) if on else None)
    try:
        yield
    finally:
        on.clear()


def test_the_field_says_how_large_the_file_was_and_how_large_it_may_be():
    with pytest.raises(Exception, match=r"48") as caught:
        DocumentField(kind="cv").clean(posted(cv=files.upload(b"x" * 50_000)).FILES["cv"])
    assert caught.value.code == "size"
    assert "9" in caught.value.messages[0]


def test_the_field_cleans_to_what_can_be_stored(cast, kept):
    cleaned = DocumentField(kind="cv").clean(files.upload(files.pdf(), "CV.pdf"))
    document = actions.store(cleaned, owner=cast.student, kind="cv", actor=cast.user("student"))
    assert (document.name, kept()) == ("CV.pdf", [document.stored])


def test_an_empty_choice_is_refused_only_where_a_file_is_required():
    assert DocumentField(kind="cv", required=False).clean(None) is None
    assert MultipleDocumentField(kind="cv", required=False).clean([]) is None
    for field in (DocumentField(kind="cv"), MultipleDocumentField(kind="cv")):
        with pytest.raises(Exception) as caught:  # noqa: PT011
            field.clean(None)
        assert caught.value.code == "required"


def test_of_several_photos_the_broken_ones_are_named():
    good, broken = files.upload(files.jpeg(), "1.jpg"), files.upload(files.jpeg()[:150], "2.jpg")
    with pytest.raises(Exception, match=r"2\.jpg") as caught:
        MultipleDocumentField(kind="cv").clean([good, broken])
    assert len(caught.value.messages) == 1
    assert MultipleDocumentField(kind="cv").clean([good, good]).mime == "application/pdf"


def test_the_input_offers_pictures_to_a_phone_and_never_heic():
    html = DocumentField(kind="cv").widget.render("cv", None)
    assert 'accept="application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"' in html
    assert "multiple" not in html
    assert "multiple" in MultipleDocumentField(kind="cv").widget.render("cv", None)


def answer(request):
    return HttpResponse(f"{request.POST.get('word')} {type(request.FILES['cv']).__name__}")


urlpatterns = [path("answer/", answer), path("", include("partnerships.urls"))]


@override_settings(ROOT_URLCONF=__name__)
def test_the_csrf_token_behind_too_large_a_file_is_still_read(db):
    client = Client(enforce_csrf_checks=True)
    token = "a" * 32
    client.cookies["csrftoken"] = token
    big = io.BytesIO(b"x" * 100_000)
    big.name = "cv.pdf"
    sent = client.post("/answer/", {"cv": big, "word": "kept", "csrfmiddlewaretoken": token})
    assert (sent.status_code, sent.content) == (200, b"kept OversizeUpload")
    big.seek(0)
    assert client.post("/answer/", {"cv": big, "word": "kept"}).status_code == 403


def test_the_hints_of_a_file_field_are_in_the_language_of_the_page_that_shows_it():
    cv, transcript = DocumentField(kind="cv"), MultipleDocumentField(kind="transcript")
    said = {}
    for language in ("az", "en"):
        with translation.override(language):
            said[language] = [str(cv.help_text), str(transcript.help_text)]
    assert said["en"] == [
        "PDF, JPEG or PNG, at most 9.8\xa0kB.",
        "Several photos, at most 20, become one PDF in the order chosen.",
    ]
    assert said["az"] == [
        "PDF, JPEG və ya PNG, ən çoxu 9,8\xa0kB.",
        "Bir neçə şəkil, ən çoxu 20, seçildiyi sıra ilə bir PDF-də birləşdirilir.",
    ]
