"""The papers of a practice as PDF."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from internships import links, nominations
from internships.models import Placement
from internships.papers import order_annex, papers_of
from partnerships.common.access import access
from partnerships.common.refusals import Refused
from partnerships.documents.printing import pdf_response, print_pdf, qr_svg

LANGUAGES = ("az", "en")


def language_of(request: HttpRequest) -> str:
    """Papers are Azerbaijani unless English is asked for: the language of the page does not decide."""
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("lang", "az")
    if asked not in LANGUAGES:
        raise Http404
    return asked


@require_safe
@login_required
def paper(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """One paper of a placement, for everybody who sees the placement."""
    rows = Placement.objects.with_rows().select_related(
        "application__affiliation__study__specialty", "application__order"
    )
    placement = access(rows.prefetch_related("diary"), uid, request.user)
    found = next((one for one in papers_of(placement) if one.key == key), None)
    if found is None:
        raise Http404
    language = language_of(request)
    with translation.override(language):
        data, name = found.data(placement), f"{found.label} {placement.application.number}"
    if "qr" in data:
        data["qr"] = qr_svg(links.printed_address(placement, request.user))
    return pdf_response(print_pdf(f"internships/{found.form}", data, language=language), name, inline=True)


@require_safe
@login_required
def annex(request: HttpRequest, uid: str) -> HttpResponse:
    """The annex to an order of nomination: the list of its students."""
    if not nominations.nominates(request.user):
        raise Refused(_("This page is for those who coordinate the students of a university."))
    order = nominations.orders(request.user).filter(uid=uid).first()
    if order is None:
        raise Http404
    language = language_of(request)
    with translation.override(language):
        data = order_annex(order)
        name = f"{_('Annex to the order')} {order.number}"
    return pdf_response(print_pdf("internships/order_annex", data, language=language), name, inline=True)
