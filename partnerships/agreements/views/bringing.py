"""The doors to the imports of agreements from before the portal and of what is owed; what follows is every
import's."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.agreements import bringing, past
from partnerships.agreements.reports import brings_for
from partnerships.common.refusals import Refused
from partnerships.directory.models import Organization
from partnerships.documents import import_views


@require_http_methods(["GET", "POST"])
@login_required
def past_agreements(request: HttpRequest) -> HttpResponse:
    """Those of the organisation for which one prepares agreements; ?at= names it for who does for several."""
    own = Organization.objects.filter(pk__in=brings_for(request.user)).order_by("sort_key", "pk")
    wanted = request.GET.get("at", "")
    found = own.filter(slug=wanted).first() if wanted else own.first()
    if found is None and wanted:
        raise Http404
    if found is None:
        raise Refused(
            _(
                "Agreements of an organisation are prepared by its partnership manager, human resources or "
                "coordinator."
            )
        )
    return import_views.upload(request, kind=past.KIND, context={"organization": found.pk})


@require_http_methods(["GET", "POST"])
@login_required
def obligations(request: HttpRequest) -> HttpResponse:
    """What is owed under any agreement that one keeps."""
    return import_views.upload(request, kind=bringing.KIND, context={})
