"""Opening one's own and others' files, and seeing who opened mine."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from partnerships.common.access import access
from partnerships.common.paging import keyset, page_links
from partnerships.documents import actions, rules
from partnerships.documents.content import IMAGES, JPEG
from partnerships.documents.enums import DocumentKind
from partnerships.documents.holding import still_at_work
from partnerships.documents.images import small_image
from partnerships.documents.models import Document, DocumentView

log = logging.getLogger(__name__)

SMALL = 320  # pixels of a photo's longer side within a page


@require_GET
@login_required
def document(request: HttpRequest, uid: Any) -> HttpResponseBase:
    """The file itself, always as a download, never shown inside the portal's own pages."""
    found = access(Document, uid, request.user, still_at_work)
    try:
        opened = actions.look(found, actor=request.user)
    except actions.BlobMissing as error:
        log.exception("the file of document %s is missing", found.pk)
        raise Http404(_("This file is no longer there.")) from error
    # PDFs and pictures are packed already: packing them again would cost time and hide their length.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response = FileResponse(opened, as_attachment=True, filename=found.name, content_type=found.mime)
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
@login_required
def photo_small(request: HttpRequest, uid: Any) -> HttpResponse:
    """A photo small, as a part of the page that shows it; other files have no small picture.

    No look is written down: whoever may read the page was given it with the page (actions.read).
    """
    found = access(Document.objects.filter(kind=DocumentKind.PHOTO, mime__in=IMAGES), uid, request.user)
    try:
        small = small_image(actions.read(found), SMALL)
    except actions.BlobMissing as error:
        log.exception("the file of document %s is missing", found.pk)
        raise Http404(_("This file is no longer there.")) from error
    response = HttpResponse(small, content_type=JPEG)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=600"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
@login_required
def document_views(request: HttpRequest) -> HttpResponse:
    """My files, and who looked at them when."""
    mine = Document.objects.visible_to(request.user).filter(owner_id=request.user.person_id)
    looks = DocumentView.objects.visible_to(request.user).with_people()
    page = keyset(looks, request.GET, order=("-at", "-pk"), reader=request.user)
    return render(
        request,
        "documents/document_views.html",
        {
            "documents": [
                (found, _may_remove(request, found))
                for found in mine.prefetch_related("object").order_by("-created", "-pk")
            ],
            "looks": page,
            "pages": page_links(request.GET, page, narrows=False),
        },
    )


def _may_remove(request: HttpRequest, found: Document) -> bool:
    return rules.may_remove(request.user, found) and not actions.is_kept(found)


@require_POST
@login_required
def document_remove(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take one of my files away."""
    found = access(Document, uid, request.user, rules.may_remove)
    actions.remove(found, actor=request.user)
    messages.success(request, _("Removed: %(name)s") % {"name": found.name})
    return redirect("document_views")
