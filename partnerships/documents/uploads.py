"""The cap on one uploaded file, held while the request is still being read."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class OversizeUpload(UploadedFile):
    """What a form finds in place of a file that was too large: its name and size, none of its bytes.

    `size` is zero, so that a plain FileField refuses it as empty; `sent` is what the browser sent.
    """

    def __init__(self, name: str | None, sent: int, field_name: str | None) -> None:
        super().__init__(file=BytesIO(), name=name, size=0)
        self.sent = sent
        self.field_name = field_name


class CappedUploadHandler(FileUploadHandler):
    """Keeps each file in memory up to settings.UPLOAD_LIMIT and lets go of it at the first byte beyond.

    Nothing touches the disk before a file has been looked at and accepted; a whole request is capped
    by UploadLimitMiddleware before this runs. The rest of a form that carries too large a file is
    still read, so that what was typed (and the CSRF token, which is read through the same handler)
    survives the refusal.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.buffer: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > settings.UPLOAD_LIMIT:
            self.buffer = None
        if self.buffer is not None:
            self.buffer.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.buffer is None:
            return OversizeUpload(self.file_name, file_size, self.field_name)
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            file=self.buffer,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=self.buffer.getbuffer().nbytes,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
