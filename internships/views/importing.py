"""Bringing students and places as tables; what follows (preview, confirmation, report) is every import's."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from internships import import_positions, nominations
from internships.forms.nominating import ImportForm
from internships.import_columns import sheet_for, template_with
from internships.imports import KIND
from internships.models import Programme
from internships.nomination_places import Places
from internships.views.manage import own
from partnerships.common.export import XLSX
from partnerships.common.refusals import Refused
from partnerships.common.text import slug
from partnerships.directory.models import Organization, Specialty
from partnerships.documents import import_views, imports
from partnerships.documents.models import ImportRun

BEFORE = 5


def _coordinators_only(request: HttpRequest) -> None:
    if not nominations.nominates(request.user):
        raise Refused(_("This page is for those who coordinate the students of a university."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_students(request: HttpRequest) -> HttpResponse:
    """What the table is for, its template, and the file; a worker reads it, nothing is written yet."""
    _coordinators_only(request)
    universities, programmes = nominations.universities(request.user), nominations.programmes(request.user)
    wanted = next((p for p in programmes if p.slug == request.GET.get("programme")), None)
    options: dict[str, Any] = {
        "universities": universities,
        "programmes": programmes,
        "initial": {"programme": wanted.slug if wanted else None},
    }
    form = ImportForm(**options)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES, **options)
        if form.is_valid():
            try:
                run = imports.bring(
                    form.cleaned_data["file"], kind=KIND, context=form.context, actor=request.user
                )
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return redirect(run)
    before = ImportRun.objects.visible_to(request.user).filter(kind=KIND).order_by("-created")
    context = {
        "form": form,
        "programmes": programmes,
        "universities": universities,
        "sheet": sheet_for(nominates=bool(programmes)),
        "runs": [(run, imports.state_words(run)) for run in before[:BEFORE]],
    }
    return render(request, "internships/import.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def import_template(request: HttpRequest) -> HttpResponse:
    """The table to fill in, with one's own faculties, and the places and supervisors of a programme."""
    _coordinators_only(request)
    university = _university(request)
    programme = _programme(request)
    sheet = sheet_for(nominates=programme is not None)
    lists = {
        "faculty": [str(unit) for unit in nominations.units(request.user, university)],
        "specialty": [f"{item.code} {item}" for item in Specialty.objects.order_by("code")],
    }
    if programme is not None:
        places = Places.of(programme, [university.pk])
        lists["position"] = [_("any"), *(place.label for place in places)]
        guides = nominations.supervisors([university.pk])
        lists["supervisor"] = list(dict.fromkeys(guide.person.email or guide.person.name for guide in guides))
    name = slug(programme.title if programme else _("Students"))
    response = HttpResponse(template_with(sheet, lists), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _university(request: HttpRequest) -> Organization:
    found = nominations.universities(request.user)
    if not found:
        raise Refused(_("You stand in only where a university has none."))
    wanted = request.GET.get("university", "")
    chosen = next((item for item in found if item.slug == wanted), None if wanted else found[0])
    if chosen is None:
        raise Http404
    return chosen


def _programme(request: HttpRequest) -> Programme | None:
    wanted = request.GET.get("programme", "")
    if not wanted:
        return None
    found = next((item for item in nominations.programmes(request.user) if item.slug == wanted), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def positions(request: HttpRequest, slug: str) -> HttpResponse:
    """The places of one of the company's own programmes; any other programme is 404."""
    context = {"programme": own(request, slug).pk}
    return import_views.upload(request, kind=import_positions.KIND, context=context)
