"""The indicators of a place and year, one of them, the records behind it; tables and papers of the same."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.capped import capped_count, counted
from partnerships.common.clock import today
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.markup import text
from partnerships.common.pages import crumbs, form_page, posted
from partnerships.common.paging import keyset, narrowed, page_links
from partnerships.common.refusals import Refused
from partnerships.common.wording import names_in_language
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Organization
from partnerships.documents.printing import pdf_response
from partnerships.indicators import actions, catalogue, forms, places, reports, rules
from partnerships.indicators.drawing import Chart, YearPage, chart
from partnerships.indicators.freezing import is_finished
from partnerships.indicators.models import Target, YearCounted
from partnerships.indicators.printing import report_pdf
from partnerships.workflow.timeline import changes_of, entry_of

YEARS_SHOWN = 6
ABOVE = ((gettext_lazy("Indicators"), "indicators:overview"),)


class Asked:
    """What the address asks for: whose numbers, with which partner, in which year, for whose eyes."""

    def __init__(self, user: Any, params: QueryDict) -> None:
        if not rules.reads(user):
            raise Refused(
                _(
                    "Indicators are read by the leadership of an organisation and "
                    "those who run its partnership."
                )
            )
        self.user, self.params = user, params
        self.choices = places.choices(user)
        organization = self.choices.organization(params.get("place", ""))
        self.partners = places.partners(organization)
        partner = self._partner(params.get("partner", ""))
        self.scope = reports.Scope(organization, partner, params.get("edition") == "outside")
        offered, self._counted = reports.years(self.scope)
        self.year = self._year(params.get("year", ""), offered)
        self.years = offered[:YEARS_SHOWN]

    def _partner(self, slug: str) -> Organization | None:
        if not slug:
            return None
        if slug not in {one.slug for one in self.partners}:
            raise Http404
        return Organization.objects.get(slug=slug)

    @staticmethod
    def _year(asked: str, offered: list[int]) -> int:
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
        return year if year in offered else today().year

    @property
    def title(self) -> str:
        one, other = self.scope.organization, self.scope.partner
        if one is None:
            return other.display_name if other else str(_("All partners"))
        return f"{one.display_name} – {other.display_name}" if other else one.display_name

    @property
    def counted_at(self) -> datetime | None:
        """When the year was counted last."""
        return self._counted.get(self.year) or reports.counted_at(self.year)

    @cached_property
    def query(self) -> str:
        """For links that keep place and year."""
        return narrowed(self.params, year=str(self.year), edition="", q="")

    def url(self, **changed: str) -> str:
        return narrowed(self.params, **changed)

    @property
    def partner_options(self) -> SafeString:
        """The partners of a drop-down."""
        now = self.scope.partner.pk if self.scope.partner else None
        name = names_in_language()
        return SafeString(
            "".join(
                f'<option value="{text(one.slug)}"{" selected" if one.pk == now else ""}>'
                f"{text(one.acronym or name(one))}</option>"
                for one in self.partners
            )
        )

    @property
    def year_links(self) -> list[dict[str, Any]]:
        return [
            {"year": year, "url": self.url(year=str(year)), "on": year == self.year} for year in self.years
        ]

    @property
    def places(self) -> list[dict[str, Any]]:
        """Everything, for whom that is open, and one's own organisations; empty where there is no choice."""
        found = [(places.EVERYTHING, _("All partners"), None)] if self.choices.sees_all else []
        found += [(one.slug, one.short_name, one.pk) for one in self.choices.own]  # type: ignore[misc]
        now = self.scope.organization.pk if self.scope.organization else None
        return (
            [
                {"label": label, "url": narrowed(self.params, place=slug, partner=""), "on": key == now}
                for slug, label, key in found
            ]
            if len(found) > 1
            else []
        )


def indicator_or_404(key: str) -> Indicator:
    found = catalogue.indicator(key)
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Every indicator of the place, by the benefits that the cooperation promises."""
    asked = Asked(request.user, request.GET)
    found = reports.overview(asked.scope, asked.year)
    page = YearPage(asked.title, asked.year, asked.query)
    cards = [
        page.card(
            label.label,
            [(row, _drawn(row, 60, 22).svg("small-chart")) for row in rows if not row.is_empty],
            [row.indicator for row in rows if row.is_empty],
        )
        for label, rows in found.groups
    ]
    context = {
        "asked": asked,
        "cards": SafeString("".join(cards)),
        "found": found,
        "counted_at": asked.counted_at,
        "reports_values": bool(asked.choices.own),
    }
    return render(request, "indicators/overview.html", context)


def _drawn(row: reports.Row, width: int, height: int) -> Chart:
    return chart(row.cells, row.target.value if row.target else None, width, height)


@require_safe
@login_required
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: its years as chart and table, its partners, how it is counted, what is aimed at."""
    indicator, asked = indicator_or_404(key), Asked(request.user, request.GET)
    scope = asked.scope
    row = reports.readings(scope, [indicator], asked.year, YEARS_SHOWN)[0]
    lines = reports.by_partner(scope, indicator, asked.year)
    most = max([line.cell.value or 0 for line in lines], default=0)
    organization = scope.organization
    may_set = scope.partner is None and rules.answers_for(
        request.user, organization.pk if organization else None
    )
    years = _drawn(row, 120, 46)
    kept = reports.year_counted(indicator, asked.year)
    context = {
        "asked": asked,
        "indicator": indicator,
        "benefit": Benefit(indicator.benefit).label,
        "owner": Role(indicator.owner).label,
        "row": row,
        "chart": "" if years.is_blank else years.svg("large-chart"),
        "tables": _tables(asked, lines, most),
        "leads_down": indicator.opens and reports.has_records(scope, indicator, asked.year, request.user),
        "code": reports.in_code(indicator),
        "grades": reports.by_grade(scope, indicator, asked.year) if indicator.is_reported else [],
        "may_set": may_set,
        "history": _target_history(row.target),
        "hidden": row.now.hidden or any(line.cell.hidden for line in lines),
        "counted_at": kept.counted_at if kept else reports.counted_at(asked.year, key),
        "finished": is_finished(asked.year),
        "may_recount": rules.answers_for(request.user, None),
        "counting": _counting_history(kept) if rules.answers_for(request.user, None) else [],
    }
    return render(request, "indicators/one.html", context)


KINDS = (Kind.UNIVERSITY, Kind.COMPANY, Kind.PARTNER)


def _tables(asked: Asked, lines: list[reports.Line], most: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """Universities, companies and the others apart: each adds up to the whole by itself."""
    labels = (_("Universities"), _("Companies"), _("Other partners"))
    found = []
    for kind, label in zip(KINDS, labels, strict=True):
        own = [
            {
                "line": line,
                "share": int((line.cell.value or 0) * 100 / most) if most else 0,
                "url": asked.url(partner=line.organization.slug),
            }
            for line in lines
            if line.organization.kind == kind
        ]
        if own:
            found.append((label, own))
    return found


def _target_history(target: Target | None) -> list[Any]:
    if target is None:
        return []
    entries = []
    for change in changes_of(target)[:10]:
        words = _("Target set: %(value)s") % {"value": reports.in_words(Decimal(change.data.get("to", "0")))}
        entries.append(entry_of(change, {"set": words}))
    return entries


def _counting_history(counted: YearCounted | None) -> list[Any]:
    """Who had the year counted anew, and why."""
    entries = []
    for change in changes_of(counted)[:10] if counted else []:
        values = {name: reports.in_words(Decimal(change.data.get(name, "0"))) for name in ("from", "to")}
        entries.append(entry_of(change, {"recount": _("Counted anew: %(from)s → %(to)s") % values}))
    return entries


@login_required
@require_http_methods(["GET", "POST"])
def recount(request: HttpRequest, key: str) -> HttpResponse:
    """Count one year of an indicator now, with the reason."""
    indicator, asked = indicator_or_404(key), Asked(request.user, request.GET)
    if not rules.answers_for(request.user, None):
        raise Refused(_("Years are counted anew by who runs the partnership of the portal."))
    back = f"{reverse('indicators:one', args=[key])}{asked.query}"
    data, _files = posted(request)
    return form_page(
        request,
        forms.RecountForm(data),
        partial(actions.recount, key, asked.year, actor=request.user),
        heading=_("Count %(year)s anew") % {"year": asked.year},
        subheading=str(indicator.title),
        intro=_("For all partners. What is shown and printed of this year changes at once."),
        submit=_("Count anew"),
        back=back,
        to=back,
        done=_("Counted anew."),
        crumbs=crumbs(ABOVE, (indicator.title, back)),
    )


# The records behind a number ----------------------------------------------------------------------------
@require_safe
@login_required
def records(request: HttpRequest, key: str) -> HttpResponse:
    """What one may open of the rows that were counted."""
    indicator, asked = indicator_or_404(key), Asked(request.user, request.GET)
    rows = reports.records(asked.scope, indicator, asked.year, request.user)
    page = keyset(rows, request.GET, order=("-pk",), reader=request.user)
    count, more = capped_count(rows)
    words = ngettext("%(count)s record that you may open", "%(count)s records that you may open", count)
    context = {
        "asked": asked,
        "indicator": indicator,
        "rows": [(row, *indicator.line(row)) for row in page.rows],
        "page": page_links(request.GET, page, words % {"count": counted(count, more)}),
    }
    return render(request, "indicators/records.html", context)


# The yearly report --------------------------------------------------------------------------------------
@require_safe
@login_required
def report_paper(request: HttpRequest) -> HttpResponseBase:
    """The year on paper, in the language of the page; `edition=outside` for a paper that leaves the house."""
    asked = Asked(request.user, request.GET)
    found = reports.overview(asked.scope, asked.year)
    found.counted_at = asked.counted_at
    language = (get_language() or "az")[:2]
    words = _("Indicators %(year)s: %(place)s")
    if asked.scope.outside:  # the two papers are not to be mistaken for each other once they are saved
        words = _("Indicators %(year)s to hand out: %(place)s")
    name = words % {"year": asked.year, "place": asked.title}
    return pdf_response(report_pdf(found, asked.title, language), name, inline=True)


# Targets ------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def target(request: HttpRequest, key: str) -> HttpResponse:
    """What is aimed at in the year; its history stays."""
    indicator, asked = indicator_or_404(key), Asked(request.user, request.GET)
    organization = asked.scope.organization
    if asked.scope.partner is not None:
        raise Http404
    if not rules.answers_for(request.user, organization.pk if organization else None):
        raise Refused(_("Targets are set by the leadership of an organisation and its partnership managers."))
    back = f"{reverse('indicators:one', args=[key])}{asked.query}"
    now = next((one for one in reports.targets_of(asked.scope, asked.year) if one.indicator == key), None)
    initial = {"version": now.version, "value": now.value} if now else {}
    data, _files = posted(request)
    return form_page(
        request,
        forms.TargetForm(data, initial=initial),
        partial(actions.set_target, key, organization, asked.year, actor=request.user),
        heading=_("Target for %(year)s") % {"year": asked.year},
        subheading=f"{indicator.title} · {asked.title}",
        submit=_("Set"),
        back=back,
        to=back,
        done=_("The target is set."),
        crumbs=crumbs(ABOVE, (indicator.title, back)),
    )
