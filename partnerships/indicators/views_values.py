"""Reported values: the list, one of them, its verbs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.indicator import unit_of
from partnerships.common.lists import Button, ListPage, state_column, state_pills
from partnerships.common.markup import markup
from partnerships.common.pages import crumbs, form_page, posted
from partnerships.common.refusals import Refused
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column, alike
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization
from partnerships.documents import import_views
from partnerships.indicators import actions, bringing, catalogue, forms, places, reports, rules
from partnerships.indicators.enums import ValueState
from partnerships.indicators.models import ReportedValue
from partnerships.indicators.views import ABOVE
from partnerships.indicators.workflow import VALUE
from partnerships.workflow.models import Change
from partnerships.workflow.pages import Act, RecordPage, record_page, verb_page

TOLD = {
    **VALUE.told,
    "report": pgettext_lazy("value", "Reported"),
}


def _rows(user: Any) -> Any:
    if not rules.reads(user):
        raise Refused(_("Reported values are read by those who read indicators."))
    return ReportedValue.objects.visible_to(user)


def _known(row: ReportedValue, name: str) -> Any:
    known = catalogue.indicator(row.indicator)
    return getattr(known, name) if known is not None else row.indicator


def _title(row: ReportedValue) -> str:
    return str(_known(row, "title"))


def _unit(row: ReportedValue) -> str:
    known = catalogue.indicator(row.indicator)
    return unit_of(row.amount, known.unit) if known is not None else ""


def _organization(row: ReportedValue) -> Any:
    return markup(
        '<span>{}<span class="small muted d-block">{}</span></span>',
        row.organization.short_name,
        row.partner.short_name if row.partner else "",
    )


def _amount(row: ReportedValue) -> Any:
    return markup('<span class="num nowrap"><b>{}</b> {}</span>', reports.in_words(row.amount), _unit(row))


KINDS: dict[str, str] = {ValueState.CONFIRMED: "good", ValueState.WITHDRAWN: ""}


def _buttons(user: Any) -> list[Button]:
    if not rules.own_roots(user):
        return []
    return [Button(_("Import values"), reverse("indicators:import"), "upload")]


_SHOWN = ("uid", "indicator", "year", "amount", "grade", "source", "state")
_NAMED = ("name", "name_en", "acronym")  # of an organisation


def _on_page(rows: Any) -> Any:
    named = (f"{one}__{name}" for one in ("organization", "partner") for name in _NAMED)
    return sharing(rows).select_related("organization", "partner").only(*_SHOWN, *named)


def _columns() -> list[Column]:
    """Made once for a page: what many rows have alike is drawn once."""
    grade = alike(lambda row: row.grade, lambda row: row.get_grade_display())
    state = state_column(KINDS)
    return [
        Column(gettext_lazy("Indicator"), alike(lambda row: row.indicator, _title), width=40),
        Column(
            gettext_lazy("Organisation"),
            lambda row: str(row.organization),
            alike(lambda row: (row.organization_id, row.partner_id), _organization),
            width=36,
        ),
        Column(gettext_lazy("Partner"), lambda row: str(row.partner or ""), width=36, only="table"),
        Column(gettext_lazy("Year"), lambda row: row.year, lambda row: str(row.year), width=8),
        Column(gettext_lazy("Value"), lambda row: row.amount, _amount, width=16),
        Column(pgettext_lazy("of a number", "Unit"), _unit, width=14, only="table"),
        Column(gettext_lazy("How it was found"), grade, width=20),
        Column(gettext_lazy("Source"), lambda row: row.source, width=50, only="table"),
        Column(gettext_lazy("Reported by"), lambda row: row.reported_by.name, width=26, only="table"),
        Column(
            gettext_lazy("Confirmed by"),
            lambda row: row.confirmed_by.name if row.confirmed_by else "",
            width=26,
            only="table",
        ),
        replace(state, show=alike(lambda row: row.state, state.show or state.value)),
    ]


VALUES = ListPage(
    above=ABOVE,
    title=gettext_lazy("Reported values"),
    about=gettext_lazy("What the portal cannot count: reported with its source, confirmed by somebody else."),
    rows=_rows,
    keep=asked,
    fill=_on_page,
    table=lambda rows: rows.with_rows(),
    columns=_columns,
    under=lambda row: row.source,
    address="indicators:value",
    counted=lambda n: ngettext("%(count)s value", "%(count)s values", n),
    empty=(
        gettext_lazy("No value reported yet"),
        gettext_lazy(
            "Economic effect, new products, startups and jobs: the portal cannot count them. Report the "
            "number with the paper in which it stands."
        ),
    ),
    icon="pencil",
    pills=state_pills(ValueState),
    new=(gettext_lazy("Report a value"), "indicators:new", lambda user: bool(rules.own_roots(user))),
    buttons=_buttons,
    download="indicators.values",
)


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Numbers of one's organisation from a table; ?at= names it for who reads those of several."""
    own = Organization.objects.filter(pk__in=rules.own_roots(request.user)).order_by("sort_key", "pk")
    if not own:
        raise Refused(_("Numbers are reported by those who read the numbers of their organisation."))
    home = get_object_or_404(own, slug=request.GET["at"]) if "at" in request.GET else own[0]
    return import_views.upload(request, kind=bringing.KIND, context={"organization": home.pk})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Report a number that the portal cannot count."""
    own = places.choices(request.user).own
    if not own:
        raise Refused(_("Numbers are reported by those who read the numbers of their organisation."))

    def report(indicator: str, organization: Any, version: Any = None, **given: Any) -> ReportedValue:
        return actions.report(indicator, organization, actor=request.user, **given)

    return form_page(
        request,
        forms.ValueForm(*posted(request), own=own, initial={"indicator": request.GET.get("indicator", "")}),
        report,
        heading=_("Report a value"),
        subheading=_("For what the portal cannot count by itself. Somebody else confirms it."),
        submit=_("Hand in"),
        back=reverse("indicators:values"),
        done=_("Reported. It counts once somebody else has confirmed it."),
        crumbs=crumbs(ABOVE),
    )


ACTS = {
    "confirm": Act(
        actions.confirm,
        TOLD["confirm"],
        gettext_lazy("It counts from now on, in the indicator of its year; whoever reported it is told."),
        form=lambda data, _files, subject, **_of: forms.ActForm(data, initial={"version": subject.version}),
    ),
    "correct": Act(
        actions.correct,
        TOLD["correct"],
        gettext_lazy("Then it waits for somebody else to confirm it."),
        form=lambda data, files, subject, **_of: forms.ValueForm(data, files, own=[], value=subject),
    ),
    "return": Act(
        actions.give_back,
        TOLD["return"],
        gettext_lazy("Whoever reported it reads the reason, corrects the number and hands it in again."),
    ),
    "withdraw": Act(
        actions.withdraw,
        TOLD["withdraw"],
        gettext_lazy("It never counts then, and stays in the list with the reason. This cannot be undone."),
    ),
    "cancel": Act(
        actions.cancel,
        TOLD["cancel"],
        gettext_lazy("It counts no longer, and stays in the list with the reason. This cannot be undone."),
    ),
}


def _found(request: HttpRequest, uid: Any) -> ReportedValue:
    return access(ReportedValue.objects.with_rows(), uid, request.user)


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """A verb of a number, whose page names it: nobody confirms what they do not see."""
    shown = _found(request, uid)
    return verb_page(
        request,
        shown,
        verb,
        VALUE,
        ACTS,
        crumbs=crumbs(VALUE_PAGE.above, (shown, shown.get_absolute_url())),
        subheading=f"{_known(shown, 'title')} · {shown.year} · {_in_words(shown)}",
    )


@require_safe
@login_required
def value(request: HttpRequest, uid: str) -> HttpResponse:
    """The number, where it comes from, whose move it is, what happened to it."""
    shown = _found(request, uid)
    free = {one.name for one in VALUE.available(shown, request.user) if one.refusal is None}
    moves = free & {"confirm", "correct"}
    own = shown.state == ValueState.REPORTED and rules.is_reporter(request.user, shown)
    return record_page(
        request,
        shown,
        VALUE_PAGE,
        mine=bool(moves) and not own,
        title=_known(shown, "title"),
        subheading=f"{shown.organization.display_name} · {shown.year}",
        detail=f"{_in_words(shown)} · {shown.get_grade_display()}",
    )


def _why_returned(shown: ReportedValue, changes: Sequence[Change]) -> str:
    """What whoever sent it back wrote, while it waits to be corrected."""
    if shown.state != ValueState.RETURNED:
        return ""
    return next((change.note for change in changes if change.verb == "return"), "")


def _in_words(shown: ReportedValue) -> str:
    return f"{reports.in_words(shown.amount)} {_unit(shown)}".rstrip()


def _facts(shown: ReportedValue) -> list[tuple[Any, Any]]:
    paper = shown.document
    link = paper and format_html('<a href="{}" dir="auto">{}</a>', paper.get_absolute_url(), paper)
    return [
        (_("Value"), _in_words(shown)),
        (_("How it was found"), shown.get_grade_display()),
        (_("Source"), shown.source),
        (_("Evidence"), link),
        (_("Partner"), shown.partner and shown.partner.display_name),
        (_("Reported by"), shown.reported_by.name),
        (_("Confirmed by"), shown.confirmed_by and shown.confirmed_by.name),
    ]


VALUE_PAGE = RecordPage(
    rows=ReportedValue.objects.with_rows,
    workflow=VALUE,
    acts=ACTS,
    told=TOLD,
    first=("confirm", "correct"),
    facts=_facts,
    above=(*ABOVE, (gettext_lazy("Reported values"), "indicators:values")),
    why=_why_returned,
    template="indicators/value.html",
)
