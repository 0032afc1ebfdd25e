"""The answer that carries a PDF."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from partnerships.documents.actions import clean_name
from partnerships.documents.content import PDF

# Drawn by the browser's own reader, which needs its styles and nothing else.
_INLINE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


def pdf_response(pdf: bytes, name: str, *, inline: bool = False) -> HttpResponse:
    """`pdf` as a file `<name>.pdf`: a download, or with `inline` shown by the browser's own reader.

    `name` may be people's words: what a path or a header could not carry is taken out. Kept by no cache.
    """
    response = HttpResponse(pdf, content_type=PDF)
    file_name = clean_name(f"{name}.pdf", PDF, "document")
    response["Content-Disposition"] = content_disposition_header(not inline, file_name) or "attachment"
    response["Content-Length"] = str(len(pdf))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = _INLINE_POLICY if inline else "sandbox; default-src 'none'"
    return response
