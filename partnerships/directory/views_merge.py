"""Pages of an administrator who makes two records of one person one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from partnerships.common.access import access
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.directory import actions, reports_doubles
from partnerships.directory.access import access_of
from partnerships.directory.forms_merging import PersonMergeForm
from partnerships.directory.models import Person


def _administrators_only(request: HttpRequest) -> None:
    if not access_of(request.user).administers:
        raise Refused(_("Records of people are merged by an administrator."))


@login_required
@require_GET
def doubles(request: HttpRequest, uid: Any) -> HttpResponse:
    """Who may be the same person: those of the same name or address, or whom one looks for."""
    _administrators_only(request)
    person = access(Person, uid, request.user)
    query = request.GET.get("q", "").strip()[:100]
    context = {"person": person, "query": query, "others": reports_doubles.alike_people(person, query)}
    return render(request, "directory/doubles.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, uid: Any, other: Any) -> HttpResponse:
    """Both side by side; one of them stays."""
    _administrators_only(request)
    first, second = access(Person, uid, request.user), access(Person, other, request.user)
    if first == second:
        return redirect("person_doubles", uid=first.uid)
    form = PersonMergeForm(request.POST or None, first=first, second=second)
    if request.method == "POST" and form.is_valid():
        kept, gone = form.ordered()
        try:
            kept = actions.merge_people(kept, gone, actor=request.user, reason=form.cleaned_data["reason"])
        except WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Two records are one now."))
            return redirect("person_detail", uid=kept.uid)
    sides = [reports_doubles.person_at_a_glance(one) for one in (first, second)]
    context = {"form": form, "sides": sides, "first": first}
    return render(request, "directory/person_merge.html", context, status=422 if form.errors else 200)
