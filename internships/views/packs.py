"""The papers of a practice in one file: at once for one, by a worker for many."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from internships import packs
from internships.models import Placement
from internships.views.papers import language_of
from internships.views.placing.safety import back_to_list, chosen_placements
from partnerships.common.access import access
from partnerships.common.models import Job, JobState
from partnerships.common.pages import drawn_anew
from partnerships.documents.models import Document
from partnerships.documents.printing import pdf_response


@require_safe
@login_required
def pack(request: HttpRequest, uid: str) -> HttpResponse:
    """All papers of one practice that the reader may open, in the browser's own reader."""
    placement = access(packs.rows(), uid, request.user)
    language = language_of(request)
    pdf = packs.pack_of(placement, request.user, language)
    if pdf is None:
        raise Http404
    with translation.override(language):
        name = f"{_('Papers of the practice')} {placement.application.number}"
    return pdf_response(pdf, name, inline=True)


@require_POST
@login_required
def many(request: HttpRequest) -> HttpResponse:
    """Start on the papers of the chosen practices; the page that follows tells how far it is."""
    chosen = chosen_placements(request)
    if not chosen:
        messages.warning(request, _("Nothing was chosen."))
        return redirect(back_to_list(request))
    work = packs.start_packs(chosen, owner=request.user, language=language_of(request))
    page, query = reverse("internships:pack_job", args=[work.uid]), request.POST.get("query", "")[:2000]
    return redirect(f"{page}?{urlencode({'query': query})}" if query else page)


def _own(request: HttpRequest, uid: Any) -> Job:
    return get_object_or_404(Job, uid=uid, owner=request.user, kind=packs.PACK_JOB)


@require_safe
@login_required
def job(request: HttpRequest, uid: Any) -> HttpResponse:
    """How far it is, or the file."""
    work = _own(request, uid)
    found = work.result.get("document")
    without = Placement.objects.visible_to(request.user).filter(uid__in=packs.without_paper(work))
    context = {
        "job": work,
        "working": work.is_working,
        "failed": work.state == JobState.FAILED,
        "without": [row.person.name for row in without.select_related("person").order_by("person__sort_key")],
        "document": Document.objects.filter(uid=found).first() if found else None,
        "back": back_to_list(request),
    }
    return render(request, "internships/placement/packs.html", context)


@require_safe
@login_required
def progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """The moving part of the page, asked for every second; at the end it has the page drawn anew."""
    work = _own(request, uid)
    if not work.is_working:
        return drawn_anew()
    return render(request, "internships/placement/packs.html#progress", {"job": work})
