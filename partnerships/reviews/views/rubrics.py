"""Rubrics of an organisation: the list, one to write, one to change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.forms import take
from partnerships.common.pages import status_of
from partnerships.common.refusals import Refused, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization
from partnerships.reviews import actions
from partnerships.reviews.forms import CriterionFormSet, RubricForm
from partnerships.reviews.kinds import types
from partnerships.reviews.models import Rubric
from partnerships.reviews.rubrics import as_typed

EMPTY_ROWS = 3
SHOWN = 200
ORDER = ("archived", "title_az", "pk")


def _home(user: Any) -> Organization:
    """The organisation for which this person writes rubrics."""
    roles = [role for kind in types().values() for role in kind.roles]
    scopes = access_of(user).of(*roles)
    if not scopes:
        raise Refused(_("Only who leads reviews at this organisation writes its rubrics."))
    return Organization.objects.get(pk=scopes[0].node_id)


@require_safe
@login_required
def rubrics(request: HttpRequest) -> HttpResponse:
    """The rubrics of one's organisation, with their present version."""
    return render(request, "reviews/rubrics.html", {"rubrics": rubrics_of(request.user)[:SHOWN]})


def rubrics_of(user: Any) -> QuerySet[Rubric]:
    """Those that this person may use; Refused to whoever leads no reviews."""
    _home(user)
    return Rubric.objects.visible_to(user).prefetch_related("versions").order_by(*ORDER)


def _initial(rubric: Rubric) -> list[dict[str, Any]]:
    rows = as_typed(rubric.current.criteria)
    return [{**row, **{name: "\n".join(row[name]) for name in ("labels_az", "labels_en")}} for row in rows]


def _formset(data: Any, initial: list[dict[str, Any]]) -> Any:
    formset: Any = CriterionFormSet
    words = {"too_few_forms": _("A rubric needs a criterion with a name and its values.")}
    made = formset(data, initial=initial, prefix="c", error_messages=words)
    made.extra = EMPTY_ROWS
    return made


def _criteria(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset if form.cleaned_data]


@login_required
@require_http_methods(["GET", "POST"])
def rubric_new(request: HttpRequest) -> HttpResponse:
    home = _home(request.user)
    return _edit(request, None, home)


@login_required
@require_http_methods(["GET", "POST"])
def rubric(request: HttpRequest, uid: Any) -> HttpResponse:
    """Change a rubric: what was marked keeps the version by which it was marked."""
    found = access(Rubric.objects.prefetch_related("versions"), uid, request.user)
    if request.method == "POST" and request.POST.get("do") in ("archive", "restore"):
        actions.archive_rubric(found, actor=request.user, archived=request.POST["do"] == "archive")
        messages.success(request, _("Saved."))
        return redirect("reviews:rubrics")
    return _edit(request, found, found.organization)


def _edit(request: HttpRequest, found: Rubric | None, home: Organization) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    initial = _initial(found) if found else []
    named = (
        {"title_az": found.title_az, "title_en": found.title_en, "version": found.version} if found else {}
    )
    form, formset = RubricForm(data, initial=named), _formset(data, initial)
    if data is not None and form.is_valid() and formset.is_valid():
        words = {key: form.cleaned_data[key] for key in ("title_az", "title_en")}
        try:
            if found is None:
                actions.new_rubric(home, actor=request.user, criteria=_criteria(formset), **words)
            else:
                version = form.cleaned_data["version"] or 0
                actions.write_version(
                    found, actor=request.user, version=version, criteria=_criteria(formset), **words
                )
        except ValidationError as error:
            take(form, error)
        except StaleState as error:
            form.meet(error.obj, _criteria(formset))
        else:
            messages.success(request, _("Saved."))
            return redirect("reviews:rubrics")
    bad = data is not None and not formset.is_valid()
    context = {
        "form": form,
        "formset": formset,
        "rubric": found,
        "back": reverse("reviews:rubrics"),
    }
    return render(request, "reviews/rubric.html", context, status=422 if bad else status_of(form))
