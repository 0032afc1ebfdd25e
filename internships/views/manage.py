"""A company's own programmes: the list, texts, settings, deadlines, and their way from draft to archive."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from internships import actions, reports
from internships.enums import ProgrammeState
from internships.forms.deciding import take_errors
from internships.forms.programme import CancelForm, DeadlinesForm, ExtendForm, ProgrammeForm, moment_of
from internships.models import Programme
from internships.views import partners, requirements
from internships.views.commission import card_of, judged_or_not
from internships.views.parts import chain_of
from internships.whole_place import kept_places
from internships.workflow import PROGRAMME
from partnerships.common.addresses import by_slug
from partnerships.common.capped import capped, counted
from partnerships.common.origins import link_back
from partnerships.common.query_words import Typed
from partnerships.common.refusals import Blocked, Missing, Refused, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization
from partnerships.workflow.actors import as_actor

CHIPS = {ProgrammeState.PUBLISHED: "good", ProgrammeState.CANCELLED: "bad"}
PLAIN_VERBS = {
    "publish": actions.publish,
    "unpublish": actions.unpublish,
    "archive": actions.archive_programme,
}


def own(request: HttpRequest, slug: str) -> Programme:
    """A programme of the reader's own company; any other, published or not, is 404."""
    return get_object_or_404(judged_or_not(reports.own_programmes(request.user)), slug=slug)


def must_be_hr(request: HttpRequest) -> None:
    if not access_of(request.user).has(Role.HR):
        raise Refused(_("Only human resources of a company keep its programmes."))


@require_safe
@login_required
def manage(request: HttpRequest) -> HttpResponse:
    must_be_hr(request)
    programmes = reports.managed(request.user)
    for programme in programmes:
        programme.chip = CHIPS.get(ProgrammeState(programme.state), "")  # type: ignore[attr-defined]
        programme.next_deadline = next((link for link in chain_of(programme) if not link.passed), None)  # type: ignore[attr-defined]
    return render(request, "internships/manage.html", {"programmes": programmes})


def _hosts(request: HttpRequest) -> list[Organization]:
    nodes = [scope.node_id for scope in access_of(request.user).of(Role.HR)]
    return list(Organization.objects.filter(pk__in=nodes).order_by("path"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_new(request: HttpRequest) -> HttpResponse:
    """A new draft; its deadlines, periods and places follow on the programme's page."""
    must_be_hr(request)
    hosts = _hosts(request)
    form = ProgrammeForm(request.POST or None, hosts=hosts)
    if request.method == "POST" and form.is_valid():
        host = form.cleaned_data.get("host") or hosts[0]
        try:
            made = actions.create_programme(host, actor=request.user, **form.values())
        except ValidationError as error:
            take_errors(form, error)
        else:
            link_back(request, made)
            messages.success(request, _("The draft is kept. Next: deadlines, periods and places."))
            return redirect("internships:manage_programme", made.slug)
    return render(request, "internships/manage_form.html", {"form": form}, status=form.status)


# What the page of a programme leads to: each has a page of its own.
_PARTS = (
    *("clone", "position_new", "edit", "rules", "questions", "deadlines", "extend", "periods"),
    *("codes", "cancel"),
)


@require_safe
@login_required
def manage_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """One programme with everything that is still missing for publishing it."""
    found = reports.own_programme(request.user, Typed(slug))[:1]
    if not found:
        raise Http404
    programme = found[0]
    programme.call.take_chain(programme)
    positions = kept_places(programme)
    by = as_actor(request.user)
    conditions = PROGRAMME["publish"].conditions if programme.state == ProgrammeState.DRAFT else ()
    context = {
        "programme": programme,
        "to": {name: by_slug(f"internships:manage_{name}", slug) for name in _PARTS}
        | {"import_positions": by_slug("internships:import_positions", slug)},
        "change": _("View") if programme.has_ended else _("Change"),
        "chip": CHIPS.get(ProgrammeState(programme.state), ""),
        "verbs": PROGRAMME.available(programme, request.user),
        "missing": [refusal for condition in conditions if (refusal := condition(programme, by))],
        "draft": programme.state == ProgrammeState.DRAFT,
        "chain": chain_of(programme),
        "rules": requirements.of_call(programme),
        "periods": list(programme.periods.all()),
        "positions": positions,
        "counts": counted(*capped(programme.sent)),
        "standing_under": partners.card_of(programme, request.user),
        "commission": card_of(programme, request.user) if programme.state != ProgrammeState.DRAFT else None,
    }
    return render(request, "internships/manage_programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Texts and settings; the second of two editors is shown the difference."""
    programme = own(request, slug)
    form = ProgrammeForm(request.POST or None, instance=programme)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = own(request, slug)
            actions.update_programme(
                fresh, actor=request.user, version=form.cleaned_data["version"], **form.values()
            )
        except StaleState:
            form = ProgrammeForm(request.POST, instance=own(request, slug))
            form.is_valid()
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("internships:manage_programme", slug)
    context = {"form": form, "programme": own(request, slug)}
    return render(request, "internships/manage_form.html", context, status=form.status)


# Deadlines -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_deadlines(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole chain, while the programme is a draft; afterwards deadlines are extended one by one."""
    programme = own(request, slug)
    if programme.state != ProgrammeState.DRAFT:
        return redirect("internships:manage_extend", slug)
    form = DeadlinesForm(request.POST or None, call=programme.call, endorsed=programme.endorsement_required)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_deadlines(programme, form.moments(), actor=request.user)
        except ValidationError as error:
            take_errors(form, error)
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            messages.success(request, _("The deadlines are kept."))
            return redirect("internships:manage_programme", slug)
    return _form_page(request, programme, form, _("Deadlines"), "form-grid")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_extend(request: HttpRequest, slug: str) -> HttpResponse:
    """Move one deadline of a public programme later, with the reason; everybody concerned is told."""
    programme = own(request, slug)
    if programme.state != ProgrammeState.PUBLISHED:
        return redirect("internships:manage_programme", slug)
    form = ExtendForm(
        request.POST or None, call=programme.call, initial={"step": request.GET.get("step", "")}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        moment = moment_of(values["step"], values["day"])
        try:
            actions.extend_deadline(
                programme, values["step"], moment, actor=request.user, note=values["note"]
            )
        except ValidationError as error:
            for text in error.messages:
                form.add_error("day", text)
        except Missing as missing:
            form.add_error("note", str(missing.reason))
        else:
            messages.success(request, _("The deadline is moved; everybody concerned is told."))
            return redirect("internships:manage_programme", slug)
    return _form_page(request, programme, form, _("Extend a deadline"))


def _form_page(
    request: HttpRequest, programme: Programme, form: Any, title: str, css: str = "", danger: bool = False
) -> HttpResponse:
    context = {"programme": programme, "form": form, "title": title, "css": css, "danger": danger}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "internships/manage_small_form.html", context, status=status)


# From draft to archive -----------------------------------------------------------------------------


@require_POST
@login_required
def manage_verb(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """Publish, take back, archive; what stands against it is told on the programme's page."""
    if verb not in PLAIN_VERBS:
        raise Http404
    programme = own(request, slug)
    try:
        PLAIN_VERBS[verb](programme, actor=request.user)
    except Blocked as blocked:
        messages.error(request, str(blocked.reason))
    else:
        messages.success(
            request,
            _("%(done)s: %(programme)s") % {"done": PROGRAMME.told[verb], "programme": programme.title},
        )
    return redirect("internships:manage_programme", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Call the programme off; every open application ends with the reason."""
    programme = own(request, slug)
    if programme.state != ProgrammeState.PUBLISHED:
        return redirect("internships:manage_programme", slug)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_programme(programme, actor=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("The programme is cancelled; every applicant is told."))
        return redirect("internships:manage_programme", slug)
    return _form_page(request, programme, form, _("Cancel the programme"), danger=True)


@require_POST
@login_required
def manage_clone(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft like this one, every date a year later."""
    made = actions.clone_programme(own(request, slug), actor=request.user)
    messages.success(
        request, _("Copied with every date a year later. Look through the dates, seats and mentors.")
    )
    return redirect("internships:manage_programme", made.slug)
