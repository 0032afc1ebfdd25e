"""Reported values: the list, one of them, its verbs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.paging import capped_count, counted, keyset, narrowed, page_links
from partnerships.common.refusals import Refused, StaleState
from partnerships.indicators import actions, catalogue, forms, reports, rules
from partnerships.indicators.enums import ValueState
from partnerships.indicators.models import ReportedValue
from partnerships.indicators.views import _status, _take
from partnerships.indicators.workflow import VALUE
from partnerships.workflow.models import Change
from partnerships.workflow.timeline import entry_of

DONE = {
    "report": pgettext_lazy("value", "Reported"),
    "correct": gettext_lazy("Corrected"),
    "confirm": pgettext_lazy("value", "Confirmed"),
    "return": gettext_lazy("Returned for changes"),
    "withdraw": pgettext_lazy("value", "Withdrawn"),
    "cancel": pgettext_lazy("value", "Cancelled"),
}


def shown_values(user: Any, params: QueryDict) -> tuple[str, Any]:
    """The state that the address asks for, and the values that this reader sees in it."""
    if not rules.reads(user):
        raise Refused(_("Reported values are read by those who read indicators."))
    wanted = params.get("show", "")
    show = wanted if wanted in ValueState.values else ""
    rows = ReportedValue.objects.visible_to(user)
    return show, rows.filter(state=show) if show else rows


@require_safe
@login_required
def values(request: HttpRequest) -> HttpResponse:
    """What was reported, the newest first."""
    show, rows = shown_values(request.user, request.GET)
    base = ReportedValue.objects.visible_to(request.user)
    page = keyset(rows.with_rows(), request.GET, order=("-pk",))
    count, more = capped_count(rows)
    words = ngettext("%(count)s value", "%(count)s values", count)
    context = {
        "rows": [
            (row, catalogue.indicator(row.indicator), reports.in_words(row.amount)) for row in page.rows
        ],
        "pills": _pills(request, base, show),
        "narrowed": bool(show),
        "may_report": bool(rules.own_roots(request.user)),
        "page": page_links(request.GET, page, words % {"count": counted(count, more)}),
    }
    return render(request, "indicators/values.html", context)


def _pills(request: HttpRequest, base: Any, show: str) -> list[dict[str, Any]]:
    found = []
    for key, label in (("", _("All")), *ValueState.choices):
        count, more = capped_count(base.filter(state=key) if key else base)
        if count or key in ("", show):
            url = narrowed(request.GET, show=key)
            found.append({"label": label, "url": url, "count": counted(count, more), "on": key == show})
    return found


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Report a number that the portal cannot count."""
    own = reports.choices(request.user).own
    if not own:
        raise Refused(_("Numbers are reported by those who read the numbers of their organisation."))
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"indicator": request.GET.get("indicator", "")}
    form = forms.ValueForm(*posted, own=own, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            made = actions.report(
                given.pop("indicator"), given.pop("organization"), actor=request.user, **given
            )
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("Reported. It counts once somebody else has confirmed it."))
            return redirect(made)
    context = {
        "form": form,
        "heading": _("Report a value"),
        "sub": _("For what the portal cannot count by itself. Somebody else confirms it."),
        "button": _("Hand in"),
        "back": reverse("indicators:values"),
    }
    return render(request, "indicators/form.html", context, status=_status(form))


def _found(request: HttpRequest, uid: Any) -> ReportedValue:
    return access(ReportedValue.objects.with_rows(), uid, request.user)


@require_safe
@login_required
def value(request: HttpRequest, uid: str) -> HttpResponse:
    """The number, where it comes from, whose move it is, what happened to it."""
    shown = _found(request, uid)
    offers = VALUE.available(shown, request.user)
    order = {"confirm": 0, "correct": 1}
    context = {
        "value": shown,
        "indicator": catalogue.indicator(shown.indicator),
        "amount": reports.in_words(shown.amount),
        "offers": sorted(offers, key=lambda offer: order.get(offer.name, 2)),
        "mine": any(offer.name in ("confirm", "correct") for offer in offers)
        and not (shown.state == ValueState.REPORTED and rules.is_reporter(request.user, shown)),
        "history": [entry_of(change, DONE, VALUE) for change in Change.objects.of(shown)],
    }
    return render(request, "indicators/value.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """GET asks what the verb needs, POST does it."""
    if verb not in VALUE.transitions:
        raise Http404
    shown = _found(request, uid)
    offered = next((item for item in VALUE.available(shown, request.user) if item.name == verb), None)
    if offered is None:
        if not VALUE.may(verb)(request.user, shown):
            raise Refused(_("Your role does not include this here."))
        messages.info(request, _("This has already moved on; here is how it stands now."))
        return redirect(shown)
    form = _form(request, shown, verb)
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, shown, verb, dict(form.cleaned_data))
        except ValidationError as error:
            _take(form, error)
        except StaleState as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, str(DONE[verb]))
            return redirect(shown)
    context = {
        "form": form,
        "heading": offered.label,
        "sub": f"{_title(shown)} · {reports.in_words(shown.amount)} · {shown.source}",
        "button": offered.label,
        "danger": offered.transition.danger,
        "back": shown.get_absolute_url(),
    }
    return render(request, "indicators/form.html", context, status=_status(form))


def _title(shown: ReportedValue) -> str:
    known = catalogue.indicator(shown.indicator)
    return str(known.title) if known is not None else shown.indicator


def _form(request: HttpRequest, shown: ReportedValue, verb: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if verb == "correct":
        files = request.FILES if request.method == "POST" else None
        return forms.ValueForm(data, files, own=[], value=shown)
    if verb == "confirm":
        return forms.ActForm(data, initial={"version": shown.version})
    return forms.ReasonForm(data)


def _do(request: HttpRequest, shown: ReportedValue, verb: str, given: dict[str, Any]) -> None:
    if verb == "correct":
        actions.correct(shown, actor=request.user, **given)
    else:
        actions.VERBS[verb](shown, actor=request.user, **given)  # type: ignore[operator]
