"""A student's personal code shown whole, once somebody has said what for."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from internships import actions, rules
from internships.forms.identity import CodeForm
from internships.views.finishing import door, page
from partnerships.common.refusals import Blocked, Refused


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def personal_code(request: HttpRequest, uid: str) -> HttpResponse:
    """GET asks what for; POST shows the code on that one page and writes the look down."""
    placement = door(request, uid)
    user = request.user
    if not (rules.runs_placement(user, placement) or rules.coordinates_placement(user, placement)):
        raise Refused(
            _("The personal code is shown to human resources of the company and the coordinator alone.")
        )
    form: forms.Form = CodeForm(request.POST if request.method == "POST" else None)
    code = ""
    if form.is_bound and form.is_valid():
        try:
            code = actions.see_personal_code(placement, actor=user, why=form.cleaned_data["why"])
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
    title = _("Personal code (FIN)")
    return page(request, placement, title, form, template="code", code=code, submit=_("Show"))
