"""Organisations that stand here twice, and those that are no more: found, merged, ended, taken back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.models import Job, JobState
from partnerships.common.pages import form_page, posted
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.directory import actions, reports_doubles
from partnerships.directory.access import access_of
from partnerships.directory.enums import Ending
from partnerships.directory.forms_merging import OrganizationMergeForm
from partnerships.directory.forms_organizations import (
    OrganizationEndForm,
    ReasonForm,
)
from partnerships.directory.models import Organization
from partnerships.workflow.pages import not_due


def operators_only(user: Any) -> None:
    if not access_of(user).operates:
        raise Refused(_("Organisations are kept by the partnership manager and the administrator."))


def _operators_only(request: HttpRequest) -> None:
    operators_only(request.user)


def _under_way(user: Any) -> list[Any]:
    return actions.merges_not_done(user) if access_of(user).administers else []


def pairs_for(user: Any) -> list[reports_doubles.Double]:
    """Who may be one, without those that a worker makes one already."""
    moving = [{one.kept.pk, one.gone.pk} for one in _under_way(user) if one.works]
    return [pair for pair in reports_doubles.doubles() if {pair.first.pk, pair.second.pk} not in moving]


def _root(request: HttpRequest, uid: Any) -> Organization:
    return access(Organization.objects.filter(parent=None), uid, request.user)


@login_required
@require_safe
def all_doubles(request: HttpRequest) -> HttpResponse:
    """Pairs of the same name or domain, and those that were seen to be two."""
    _operators_only(request)
    context = {
        "doubles": pairs_for(request.user),
        "apart": reports_doubles.told_apart(),
        "most": reports_doubles.SHOWN,
        "merges": access_of(request.user).administers,
        "under_way": _under_way(request.user),
    }
    return render(request, "directory/organization_doubles.html", context)


@login_required
@require_safe
def doubles_of(request: HttpRequest, uid: Any) -> HttpResponse:
    """Which others may be this one: found by its name, or by words."""
    _operators_only(request)
    one = _root(request, uid)
    query = request.GET.get("q", "").strip()[:100]
    others = reports_doubles.alike_organizations(one, query)
    context = {"organization": one, "query": query, "others": others}
    context["merges"] = access_of(request.user).administers and one.is_active
    if not one.is_active and (ended := reports_doubles.succession_of(one.slug)):
        context |= {"ended": ended, "operates": True}
        context["successor"] = reports_doubles.living_successor(ended)
        context["revives"] = ended.how != Ending.DUPLICATE
    return render(request, "directory/organization_alike.html", context)


def _stands_now(one: Organization) -> str:
    """Where it is seen how things stand with it: only a partner has a page for everybody."""
    if one.is_partner:
        return reverse("partner_detail", args=[one.slug])
    return reverse("organization_doubles_of", args=[one.uid])


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, uid: Any, other: Any) -> HttpResponse:
    """Both side by side with what would move; one of them stays."""
    if not access_of(request.user).administers:
        raise Refused(_("Records of organisations are merged by an administrator."))
    first, second = _root(request, uid), _root(request, other)
    if first == second:
        return redirect("organization_doubles_of", uid=first.uid)
    form = OrganizationMergeForm(request.POST or None, first=first, second=second)
    if request.method == "POST" and form.is_valid():
        kept, gone = form.ordered()
        reason = form.cleaned_data["reason"]
        try:
            if actions.rows_to_move(gone) > actions.AT_ONCE:
                work = actions.start_merge(kept, gone, actor=request.user, reason=reason)
                return redirect("organization_merge_job", work.uid)
            kept = actions.merge_organizations(kept, gone, actor=request.user, reason=reason)
        except (WorkflowError, Refused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Two records are one now."))
            return redirect(kept if kept.has_page else reverse("organization_doubles"))
    sides = [reports_doubles.organization_at_a_glance(one) for one in (first, second)]
    context = {"form": form, "sides": sides, "first": first}
    return render(request, "directory/organization_merge.html", context, status=422 if form.errors else 200)


def _merging(request: HttpRequest, uid: Any) -> dict[str, Any]:
    work = get_object_or_404(Job, uid=uid, owner=request.user, kind=actions.MERGE_JOB)
    rows = Organization.objects.in_bulk([work.arguments["kept"], work.arguments["gone"]])
    return {
        "job": work,
        "working": work.state in (JobState.QUEUED, JobState.RUNNING),
        "failed": work.state == JobState.FAILED,
        "kept": rows[work.arguments["kept"]],
        "gone": rows[work.arguments["gone"]],
    }


@login_required
@require_safe
def merge_job(request: HttpRequest, uid: Any) -> HttpResponse:
    """Whether the worker has merged them."""
    return render(request, "directory/organization_merging.html", _merging(request, uid))


@login_required
@require_safe
def merge_progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """The moving part of the page; at the end it has the page drawn anew."""
    context = _merging(request, uid)
    if not context["working"]:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "directory/organization_merging.html#progress", context)


@login_required
@require_http_methods(["GET", "POST"])
def apart(request: HttpRequest, uid: Any, other: Any) -> HttpResponse:
    """A pair that looks like one organisation is two."""
    return _about_pair(
        request,
        (uid, other),
        actions.tell_apart,
        heading=_("These are two organisations"),
        intro=_(
            "The pair is put aside and not shown again, unless the name of one of them changes. Nothing of "
            "either is touched, and this can be taken back."
        ),
        submit=_("Put aside"),
        done=_("Put aside: these are two organisations."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def doubt(request: HttpRequest, uid: Any, other: Any) -> HttpResponse:
    """They may be one after all."""
    return _about_pair(
        request,
        (uid, other),
        actions.doubt_again,
        heading=_("They may be one organisation after all"),
        intro=_("The pair is shown again among those that look like one."),
        submit=_("Show the pair again"),
        done=_("Taken back."),
    )


def _about_pair(request: HttpRequest, uids: tuple[Any, Any], verb: Any, **said: Any) -> HttpResponse:
    _operators_only(request)
    one, other = (_root(request, uid) for uid in uids)
    if one == other:
        raise Http404
    return form_page(
        request,
        ReasonForm(posted(request)[0]),
        partial(verb, one, other, actor=request.user),
        subheading=f"{one.display_name} ({one.slug}) · {other.display_name} ({other.slug})",
        above=((_("Same organisation twice?"), "organization_doubles"),),
        to=reverse("organization_doubles"),
        **said,
    )


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, uid: Any) -> HttpResponse:
    """It is no more; who goes on in its place."""
    _operators_only(request)
    one = _root(request, uid)
    if not one.is_active:
        return not_due(request, one, "end", _stands_now(one), _("This organisation has ended already."))
    return form_page(
        request,
        OrganizationEndForm(posted(request)[0]),
        partial(actions.end_organization, one, actor=request.user),
        heading=_("The organisation is no more"),
        subheading=one.display_name,
        intro=_(
            "It leaves every list and choice; its page stays and names the successor. What belongs to it "
            "stays with it, and nobody of it gets a right at the successor. This can be taken back."
        ),
        submit=_("Mark as ended"),
        above=((_("Partners"), "partners"),),
        back=_stands_now(one),
        to=_stands_now(one),
    )


@login_required
@require_http_methods(["GET", "POST"])
def revive(request: HttpRequest, uid: Any) -> HttpResponse:
    """Its end was a mistake, or is over; an end that was taken back already leads to how it stands now."""
    _operators_only(request)
    one = _root(request, uid)
    if one.is_active:
        return not_due(request, one, "revive", _stands_now(one), _("This organisation has not ended."))
    if reports_doubles.succession_of(one.slug) is None:
        raise Http404
    return form_page(
        request,
        ReasonForm(posted(request)[0]),
        partial(actions.revive_organization, one, actor=request.user),
        heading=_("The organisation goes on after all"),
        subheading=one.display_name,
        intro=_(
            "It is in the lists and choices again as it was, and its page names no successor any more. "
            "What you write stays in the history of the record."
        ),
        submit=_("Take the end back"),
        above=((_("Partners"), "partners"),),
        back=_stands_now(one),
        to=_stands_now(one),
    )
