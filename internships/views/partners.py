"""Under which agreements a programme stands, university by university."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, rules
from internships.forms.deciding import take_errors
from internships.forms.partners import NewPartnerForm, PartnerForm
from internships.models import Programme, ProgrammePartner
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import state_shown
from partnerships.common.prepared import PreparedRows
from partnerships.common.refusals import Blocked, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.workflow.models import Change

SHOWN = 100


@dataclass(frozen=True)
class Row:
    """One university as its reader sees it; `seen` says whether the agreement's page opens to them."""

    partner: ProgrammePartner
    seen: bool
    state: str
    kind: str
    past: bool


def rows_of(programme: Programme, user: Any, most: int | None = SHOWN) -> list[Row]:
    """The universities of a programme that this reader may see, each with its agreement. Three queries; one
    where there are none. `most` of them; a file has all."""
    if not user.is_authenticated:
        return []
    found = ProgrammePartner.objects.visible_to(user).filter(programme=programme)
    order = ("university__sort_key", "pk")
    shown = list(found.order_by(*order).values_list("pk", flat=True)[:most])
    partners = sorted(_ROWS(shown), key=lambda one: shown.index(one.pk))
    keys = {one.agreement_id for one in partners if one.agreement_id is not None}
    seen: set[int] = set()
    if keys:
        seen = set(Agreement.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    last = max((period.ends for period in programme.periods.all()), default=None) if partners else None
    return [_row(one, one.agreement_id in seen, last) for one in partners]


_ROWS = PreparedRows(lambda keys: ProgrammePartner.objects.filter(pk__in=keys).with_rows().order_by())


def _row(partner: ProgrammePartner, seen: bool, last: Any) -> Row:
    agreement = partner.agreement
    if agreement is None:
        return Row(partner, False, _("without an agreement that holds"), "bad", False)
    state, kind = state_shown(agreement)
    ends = agreement.ended_on or agreement.ends
    return Row(partner, seen, state, kind, last is not None and ends is not None and ends < last)


def settled(user: Any, slug: str) -> Programme:
    """A programme of the reader's company, for human resources and partnership managers; any other is 404."""
    rows = Programme.objects.filter(access_of(user).q("host", Role.HR, Role.PARTNERSHIPS))
    return get_object_or_404(rows.select_related("host"), slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_agreements(request: HttpRequest, slug: str) -> HttpResponse:
    """The universities with their agreements; another one is added by an agreement of its own."""
    programme = settled(request.user, slug)
    form = NewPartnerForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_partner(programme, form.cleaned_data["agreement"], actor=request.user)
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Added."))
            return redirect("internships:manage_agreements", slug)
    context = {"programme": programme, "rows": rows_of(programme, request.user), "form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "internships/manage_agreements.html", context, status=status)


@require_POST
@login_required
def manage_agreements_suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Look again who takes part, and which agreements hold."""
    programme = settled(request.user, slug)
    try:
        written = actions.suggest_agreements(programme, actor=request.user)
    except Blocked as blocked:
        messages.error(request, str(blocked.reason))
    else:
        words = _("Written down anew: %(n)s") if written else _("Nothing has changed.")
        messages.success(request, words % {"n": written})
    return redirect("internships:manage_agreements", slug)


@require_POST
@login_required
def manage_agreement_remove(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a university out that was added by hand; who presses twice is led back."""
    if (programme := _taken_out_of(request, uid)) is not None:
        messages.info(request, _("It was taken out already."))
        return redirect("internships:manage_agreements", programme.slug)
    partner = _partner(request, uid)
    try:
        actions.remove_partner(partner, actor=request.user)
    except Blocked as blocked:
        messages.error(request, str(blocked.reason))
    else:
        messages.success(request, _("Taken out."))
    return redirect("internships:manage_agreements", partner.programme.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_agreement(request: HttpRequest, uid: str) -> HttpResponse:
    """Settle by hand under which agreement one university takes part."""
    partner = _partner(request, uid)
    programme = partner.programme
    form = PartnerForm(request.POST or None, instance=partner)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            fresh = _partner(request, uid)
            actions.choose_agreement(
                fresh, values["agreement"], actor=request.user, version=values["version"]
            )
        except StaleState:
            form = PartnerForm(request.POST, instance=_partner(request, uid))
            form.is_valid()
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("internships:manage_agreements", programme.slug)
    context = {"form": form, "partner": partner, "programme": programme}
    return render(request, "internships/manage_agreement.html", context, status=form.status)


def _partner(request: HttpRequest, uid: str) -> ProgrammePartner:
    rows = ProgrammePartner.objects.filter(
        access_of(request.user).q("programme__host", Role.HR, Role.PARTNERSHIPS)
    )
    return get_object_or_404(rows.with_rows(), uid=uid)


def _taken_out_of(request: HttpRequest, uid: str) -> Programme | None:
    """The programme of the reader's company that this university was taken out of."""
    if ProgrammePartner.objects.filter(uid=uid).exists():
        return None
    own = Programme.objects.filter(access_of(request.user).q("host", Role.HR, Role.PARTNERSHIPS))
    gone = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(Programme),
        object_id__in=own.values("pk"),
        verb="remove_partner",
        data__partner=str(uid),
    )
    return own.filter(pk__in=gone.values("object_id")).first()


def card_of(programme: Programme, user: Any) -> dict[str, Any]:
    """The card of a programme's pages: its rows, and whether the reader settles them."""
    settles = user.is_authenticated and rules.settles_agreements(user, programme)
    rows = rows_of(programme, user) if getattr(programme, "has_partners", True) else []
    return {"rows": rows, "settles": settles}
