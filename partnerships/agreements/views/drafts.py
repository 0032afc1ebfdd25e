"""Making and changing drafts: a framework agreement, an amendment."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partnerships.agreements import actions, forms, reports, rules
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.views.acts import crumbs, found
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.origins import link_back
from partnerships.common.pages import form_page
from partnerships.common.refusals import IllegalTransition, Refused
from partnerships.directory.models import Organization

MADE = gettext_lazy("The draft is made. Check the text and who signs, then send it.")
DRAFTED = gettext_lazy("Make the draft")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An agreement of one's organisation with partners; the type first where there are several."""
    types = reports.types_opened(request.user)
    if not types:
        raise Refused(
            _("Agreements are prepared by the partnership manager, human resources or coordinator.")
        )
    key = request.POST.get("type") or request.GET.get("type", "")
    chosen = next((one for one in types if one.key == key), None)
    if request.method == "POST" or len(types) == 1:
        chosen = chosen or types[0]
    if chosen is None:
        return render(request, "agreements/types.html", {"types": types, "partner": _partner(request)})
    form_class = forms.FrameworkForm if chosen.kind.roles else forms.PartiesForm
    return form_page(
        request,
        form_class(request.POST or None, user=request.user, of_type=chosen, partner=_partner(request)),
        lambda **values: _opened(request, chosen, values),
        heading=_("New agreement: %(type)s") % {"type": chosen.name},
        back=reverse("agreements:list"),
        done=MADE,
        intro=_("The text comes from the present template. You read it before it is sent for signing."),
        submit=DRAFTED,
        hidden={"type": chosen.key},
        crumbs=crumbs(),
    )


def _partner(request: HttpRequest) -> Organization | None:
    """With whom, where the page that led here knew it: an idea, a partner."""
    slug = request.GET.get("partner", "")
    return Organization.objects.partners().filter(slug=slug).first() if slug else None


def _opened(request: HttpRequest, chosen: AgreementType, values: dict[str, Any]) -> Agreement:
    if chosen.kind.roles:
        owner, partners = values.pop("company"), [values.pop("university")]
    else:
        owner, partners = values.pop("owner"), list(values.pop("partners"))
    made = actions.open_between(chosen, owner, partners, actor=request.user, **values)
    link_back(request, made)
    return made


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A partner asks a company for an agreement."""
    if not reports.speaks_for(request.user).exists():
        raise Refused(_("Agreements are proposed by coordinators, human resources and leadership."))
    return form_page(
        request,
        forms.ProposeForm(request.POST or None, user=request.user),
        partial(actions.propose, actor=request.user),
        heading=_("Propose an agreement"),
        back=reverse("agreements:list"),
        done=_("Proposed: the other side answers. You are told."),
        intro=_("The other side takes it up and prepares the text, or says why not."),
        submit=_("Propose"),
        crumbs=crumbs(),
    )


def page_of(
    request: HttpRequest, shown: Agreement, form: Any, run: Any, heading: str, **context: Any
) -> HttpResponse:
    """A form that stands below the page of an agreement."""
    back = shown.get_absolute_url()
    below = {"crumbs": crumbs(shown), "subheading": shown.title, **context}
    return form_page(request, form, run, heading=heading, back=back, **below)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """A draft: its term, special terms and who signs for whom."""
    shown = found(request, uid, rules.manages)
    if shown.state != AgreementState.DRAFT:
        if request.method == "POST":  # what was typed is shown, to be copied
            raise IllegalTransition(AGREEMENT.not_due(shown), shown)
        messages.info(request, AGREEMENT.not_due(shown))
        return redirect(shown)
    form = forms.DraftForm(request.POST or None, agreement=shown)
    run = partial(actions.change_draft, shown, actor=request.user)
    return page_of(request, shown, form, run, _("Change the draft"))


@login_required
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, uid: str) -> HttpResponse:
    """A new linked agreement with what changes."""
    shown = found(request, uid, rules.manages)
    if request.method == "GET" and (refusal := actions.why_not_amended(shown)):
        # No form that would be refused.
        messages.info(request, str(refusal.reason))
        return redirect(shown)
    form = forms.AmendForm(request.POST or None, agreement=shown)
    run = partial(actions.amend, shown, actor=request.user)
    intro = _(
        "An amendment is an agreement of its own, signed by the same parties in the same order. "
        "The old one holds until then and stays to be read."
    )
    return page_of(request, shown, form, run, _("Amend"), intro=intro, submit=DRAFTED, done=MADE)


@login_required
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, uid: str) -> HttpResponse:
    """A new linked agreement for the time after this one."""
    shown = found(request, uid, AGREEMENT.may("renew"))
    offered = next((one for one in AGREEMENT.available(shown, request.user) if one.name == "renew"), None)
    if request.method == "GET" and (offered is None or offered.refusal is not None):
        # No form that would be refused: why it cannot be renewed now stands on its page.
        refusal = offered.refusal.reason if offered and offered.refusal else AGREEMENT.not_due(shown)
        messages.info(request, str(refusal))
        return redirect(shown)
    form = forms.RenewForm(request.POST or None, agreement=shown)
    run = partial(actions.renew, shown, actor=request.user)
    intro = _(
        "A renewal is an agreement of its own, signed by the same parties. The old one holds to its end "
        "and stays to be read; its obligations are carried over."
    )
    return page_of(request, shown, form, run, _("Renew"), intro=intro, submit=DRAFTED, done=MADE)
