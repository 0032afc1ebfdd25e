"""The doors to the imports of the directory; what follows is every import's."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.directory.models import KEEPERS, Organization
from partnerships.documents import brought_days, brought_partners, brought_staff, brought_units, import_views


@require_http_methods(["GET", "POST"])
@login_required
def units(request: HttpRequest, slug: str) -> HttpResponse:
    """The units of a partner, for whoever draws its tree."""
    root = get_object_or_404(Organization.objects.partners(), slug=slug)
    return import_views.upload(request, kind=brought_units.KIND, context={"organization": root.pk})


@require_http_methods(["GET", "POST"])
@login_required
def partners(request: HttpRequest) -> HttpResponse:
    """The list of partners, for who runs the partnership."""
    return import_views.upload(request, kind=brought_partners.KIND, context={})


@require_http_methods(["GET", "POST"])
@login_required
def staff(request: HttpRequest) -> HttpResponse:
    """The people of the place that one looks after; ?at= names it for who looks after several."""
    access = access_of(request.user)
    nodes = [scope.node_id for scope in access.of(*KEEPERS)]
    own = Organization.objects.filter(pk__in=nodes).order_by("path")
    wanted = request.GET.get("at", "")
    if access.administers and wanted:
        own = Organization.objects.filter(slug=wanted)
    found = own.filter(slug=wanted).first() if wanted else own.first()
    if found is None and wanted:
        raise Http404
    if found is None:
        raise Refused(_("Staff are listed by those who look after the people of a university or company."))
    return import_views.upload(request, kind=brought_staff.KIND, context={"organization": found.pk})


@require_http_methods(["GET", "POST"])
@login_required
def days_off(request: HttpRequest) -> HttpResponse:
    """The calendar of days off, by an administrator."""
    return import_views.upload(request, kind=brought_days.KIND, context={})
