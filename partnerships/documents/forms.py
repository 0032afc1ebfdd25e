"""Form fields for private files, and the form of an imported table."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.common.templatetags.figures import filesize
from partnerships.common.text import in_quotes
from partnerships.documents.actions import ReadyFile, prepare, prepare_pages
from partnerships.documents.content import EXTENSIONS, allowed_types
from partnerships.documents.enums import DocumentKind


class DocumentInput(forms.FileInput):
    """A file input that offers what may be taken; a phone then offers its camera and turns HEIC to JPEG.

    Drawn as a drop zone by the tag: {% drop_zone form.cv %}.
    """

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        types = allowed_types(kind)
        accept = ",".join([*types, *(ending for mime in types for ending in EXTENSIONS[mime])])
        super().__init__({"accept": accept, "class": "form-control", **(attrs or {})})


class ManyDocumentsInput(DocumentInput):
    allow_multiple_selected = True


class DocumentField(forms.FileField):
    """One private file. Cleans to a ReadyFile, ready for actions.store; refusals are the field's errors.

    kind  a DocumentKind: decides which types are taken
    """

    default_error_messages = {"required": _("Choose a file.")}

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("widget", DocumentInput(kind))
        kwargs.setdefault("help_text", file_hint(kind))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> ReadyFile | None:  # type: ignore[override]
        if data in self.empty_values:
            return None
        return prepare(data, kind=self.kind)


class MultipleDocumentField(DocumentField):
    """A PDF, or several photos that become one. Cleans to one ReadyFile; errors name the file."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", ManyDocumentsInput(kind))
        kwargs.setdefault("help_text", pages_hint())
        super().__init__(kind=kind, **kwargs)

    def to_python(self, data: Any) -> ReadyFile | None:  # type: ignore[override]
        uploads: Sequence[UploadedFile] = data if isinstance(data, (list, tuple)) else [data]
        uploads = [upload for upload in uploads if upload not in self.empty_values]
        if not uploads:
            return None
        errors, good = [], []
        for upload in uploads[: settings.PDF_PAGES + 1]:
            try:
                good.append(prepare(upload, kind=self.kind))
            except ValidationError as error:
                errors.extend(_named(upload, error) if len(uploads) > 1 else [error])
        if errors:
            raise ValidationError(errors)
        return prepare_pages(good, kind=self.kind)


def _named(upload: UploadedFile, error: ValidationError) -> list[ValidationError]:
    return [
        ValidationError(
            _("“%(name)s”: %(reason)s"),
            code=error.code,
            params={"name": in_quotes(upload.name or ""), "reason": reason},
        )
        for reason in error.messages
    ]


def _file_hint(kind: str) -> str:
    limit = filesize(settings.UPLOAD_LIMIT)
    if kind == DocumentKind.IMPORT:
        return gettext("Excel (.xlsx) or text (.csv), at most %(limit)s.") % {"limit": limit}
    if kind == DocumentKind.PHOTO:
        return gettext("JPEG or PNG, at most %(limit)s.") % {"limit": limit}
    return gettext("PDF, JPEG or PNG, at most %(limit)s.") % {"limit": limit}


def _pages_hint() -> str:
    pages = ngettext(
        "Several photos, at most %(count)d, become one PDF in the order chosen.",
        "Several photos, at most %(count)d, become one PDF in the order chosen.",
        settings.PDF_PAGES,
    )
    return pages % {"count": settings.PDF_PAGES}


# What may be uploaded, for the line under the field. A form is made once and read in every language: the
# numbers must not be put in before the language of the page is known.
file_hint = lazy(_file_hint, str)
pages_hint = lazy(_pages_hint, str)


class TableForm(forms.Form):
    """The upload of a table to be imported."""

    file = DocumentField(kind=DocumentKind.IMPORT, label=_("Table"))
