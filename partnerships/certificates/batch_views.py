"""The pages of many at once: who waits, how far it is, what became of each."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.certificates import actions, reports
from partnerships.certificates.enums import ItemState
from partnerships.certificates.forms import BatchForm
from partnerships.certificates.kinds import types
from partnerships.certificates.models import Batch
from partnerships.certificates.views import certificate_type
from partnerships.common.access import access
from partnerships.common.pages import drawn_anew
from partnerships.common.paging import keyset, page_links
from partnerships.common.refusals import Refused
from partnerships.documents.holding import still_at_work

CHIPS = {ItemState.ISSUED: "good", ItemState.ALREADY: "", ItemState.REFUSED: "bad", ItemState.WAITING: "on"}


@require_http_methods(["GET", "POST"])
@login_required
def batch_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Those who are ready and have no certificate: some or all of them at once."""
    what = certificate_type(kind)
    waiting = reports.awaiting(what, request.user)
    if not waiting.exists() and not reports.oversees(request.user):
        raise Refused(_("Your role does not include issuing these certificates."))
    page = keyset(waiting, request.GET, order=("-pk",), reader=request.user)
    form = BatchForm(request.POST or None, uids=[str(row.uid) for row in page.rows])
    if request.method == "POST" and form.is_valid():
        everyone, picked = form.cleaned_data["everyone"], form.cleaned_data["pick"]
        chosen = waiting.order_by("pk") if everyone else waiting.filter(uid__in=picked).order_by("pk")
        objects = list(chosen[: actions.batches.MOST])
        if objects:
            language = form.cleaned_data["language"]
            return redirect(actions.start_batch(objects, kind=kind, actor=request.user, language=language))
        form.add_error(None, _("Nobody is chosen. Tick those who are to get a certificate."))
    count = waiting.count()
    context = {
        "kind": what,
        "form": form,
        "rows": [(row, *what.describe(row)) for row in page.rows],
        "pages": page_links(request.GET, page, narrows=False),
        "count": count,
        "at_once": min(count, actions.batches.MOST),
    }
    return render(request, "certificates/batch_new.html", context, status=422 if form.errors else 200)


def _counts(batch: Batch) -> list[tuple[str, Any, str, int]]:
    """Each fate that occurs: its key, words, chip and how many have it."""
    found = dict(batch.items.order_by().values_list("state").annotate(n=Count("pk")))
    return [(state, state.label, CHIPS[state], found[state]) for state in ItemState if state in found]


@require_safe
@login_required
def batch(request: HttpRequest, uid: Any) -> HttpResponse:
    """One batch as it stands: how far it is, or its report with the file to print."""
    found = access(Batch.objects.select_related("job", "file"), uid, request.user, still_at_work)
    items = found.items.select_related("certificate")
    page = keyset(items, request.GET, order=("pk",), size=100)
    context = {
        "batch": found,
        "title": types()[found.kind].title if found.kind in types() else found.kind,
        "working": found.is_working,
        "failed": found.has_stopped,
        "counts": _counts(found),
        "items": [(item, ItemState(item.state).label, CHIPS[ItemState(item.state)]) for item in page.rows],
        "pages": page_links(request.GET, page, narrows=False),
    }
    return render(request, "certificates/batch.html", context)


@require_safe
@login_required
def batch_progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """The moving part of the page, asked for every second; at the end it has the page drawn anew."""
    found = access(Batch.objects.select_related("job"), uid, request.user)
    if not found.is_working:
        return drawn_anew()
    return render(request, "certificates/batch.html#progress", {"batch": found, "counts": _counts(found)})
