"""What a reviewer sees: my reviews, one after the other, on a phone too."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.autosave import autosaving, errors_of, refused, saved
from partnerships.common.forms import take
from partnerships.common.query_words import Key
from partnerships.common.refusals import Blocked, StaleState, WorkflowError
from partnerships.directory.asked import asked
from partnerships.documents import actions as files
from partnerships.reviews import actions, reports, rules, whole_round
from partnerships.reviews.conditions import marking_open
from partnerships.reviews.enums import TO_MARK
from partnerships.reviews.forms import MarksForm
from partnerships.reviews.kinds import Sheet
from partnerships.reviews.models import Review, ReviewRound
from partnerships.reviews.workflow import REVIEW

# What the page offers besides handing in.
_BESIDE = ("decline", "declare", "amend")


@require_safe
@login_required
def next_one(request: HttpRequest, uid: Any) -> HttpResponse:
    """The first review of this round that waits for me; with `given`, once none waits, the first of mine."""
    found = access(ReviewRound, uid, request.user)
    waiting = reports.queue(found, request.user)
    if waiting:
        return redirect("reviews:review", uid=waiting[0])
    if "given" in request.GET:
        own = Review.objects.own(request.user).filter(round=found).assigned().order_by("object_id")
        if (uid := own.values_list("uid", flat=True).first()) is not None:
            return redirect("reviews:review", uid=uid)
    return redirect("reviews:mine")


@asked
def _seen(user: Any, uid: UUID) -> Any:
    return Review.objects.visible_to(user).with_rows().filter(uid=uid)


def _door(request: HttpRequest, uid: UUID) -> Review:
    """As `access`: 404 for what this user does not see."""
    found: Review | None = next(iter(_seen(request.user, uid)[:1]), None)
    if found is None:
        raise Http404
    return found


@asked
def _order(user: Any, found: Key) -> Any:
    """(item, uid as text) of one's own reviews of a round, as one goes from one to the next: of hundreds, two
    are made uids again."""
    own = Review.objects.own(user).filter(round=found).assigned()
    return own.order_by("object_id").values_list("object_id", Cast("uid", CharField()))


def _own(request: HttpRequest, uid: Any) -> Review:
    review = _door(request, uid)
    if not rules.reviews(request.user, review):
        raise Http404
    return review


def _sheet(review: Review) -> tuple[Any, Sheet]:
    kind = review.round.reviewed
    item = whole_round.item_with(kind.key, review.object_id)
    sheet = kind.sheet(item, review.round.hides_items)
    return item, sheet


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, uid: Any) -> HttpResponse:
    """One thing to mark: what is known of it, a row of taps for each criterion, and the next one."""
    found = _door(request, uid)
    if not rules.reviews(request.user, found):  # the chair reads it on the page of the item
        item = found.round.reviewed.rows().get(pk=found.object_id)
        return redirect("reviews:item", uid=found.round.uid, item=item.uid)
    if request.method == "POST" and found.state in TO_MARK and (closed := marking_open(found, request.user)):
        # This page has no place any more for what was typed: that of 409 shows it.
        raise Blocked(closed, found)
    form = _form(found, request.POST if request.method == "POST" else None)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, found, form)
        except ValidationError as error:
            take(form, error)
        except StaleState:
            theirs = found = _own(request, uid)
            form = _form(found, _with_version(request.POST, found.version))
            form.is_valid()
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        except WorkflowError as error:
            found.refresh_from_db(fields=["comment"])
            if form.cleaned_data["comment"] != found.comment:
                raise  # handed in from another window, or taken back: what was typed here is shown again
            messages.warning(request, str(error))
            return redirect(found)
    return _page(request, found, form, theirs)


def _form(found: Review, data: Any) -> MarksForm:
    initial = {**{key: str(value) for key, value in found.marks.items()}, "comment": found.comment}
    return MarksForm(data, scale=found.round.scale, initial=initial, version=found.version)


def _with_version(data: Any, version: int) -> Any:
    copied = data.copy()
    copied["version"] = str(version)
    return copied


def _send(request: HttpRequest, found: Review, form: MarksForm) -> HttpResponse:
    values = {
        "marks": form.marks,
        "comment": form.cleaned_data["comment"],
        "version": form.cleaned_data["version"],
    }
    if request.POST.get("do") == "save":
        actions.save_draft(found, actor=request.user, **values)
        messages.success(request, _("Saved. You can go on later, on any device."))
        return redirect(found)
    actions.submit(found, actor=request.user, **values)
    waiting = reports.queue(found.round, request.user)
    if waiting:
        messages.success(request, _("Handed in. The next one:"))
        return redirect("reviews:review", uid=_after(found, waiting, request.user))
    messages.success(request, _("Handed in. That was the last one: thank you."))
    return redirect("reviews:mine")


def _after(found: Review, waiting: list[Any], user: Any) -> Any:
    later = Review.objects.own(user).filter(round=found.round, uid__in=waiting, object_id__gt=found.object_id)
    return later.order_by("object_id").values_list("uid", flat=True).first() or waiting[0]


def _page(request: HttpRequest, found: Review, form: MarksForm, theirs: Review | None) -> HttpResponse:
    item, sheet = _sheet(found)
    kind, open_to_mark = found.round.reviewed, found.state in TO_MARK and found.round.switches.mark
    order = dict(_order(request.user, Key(found.round_id)))
    keys = list(order)
    place = keys.index(found.object_id) if found.object_id in order else None
    # Handing in is asked about when it is done, under its lock: what hinders it costs queries.
    offers = {offer.name: offer for offer in REVIEW.available(found, request.user, _BESIDE)}
    hidden = found.round.hides_items
    context = {
        "review": found,
        "round": found.round,
        "title": kind.code(item) if hidden else kind.name(item),
        "detail": "" if hidden else kind.detail(item),
        "sheet": sheet,
        "files": list(enumerate(sheet.files(), 1)) if found.round.show_files else [],
        "hidden": hidden,
        "form": form,
        "theirs": theirs,
        "editable": open_to_mark,
        "asked": reports.reasons([found]).get(found.pk, ""),
        "given": [
            (criterion, found.marks.get(criterion.key), _label(criterion, found.marks.get(criterion.key)))
            for criterion in form.scale.criteria
        ],
        "offers": offers,
        "number": place + 1 if place is not None else None,
        "total": len(order),
        "previous": UUID(order[keys[place - 1]]) if place else None,
        "next": UUID(order[keys[place + 1]]) if place is not None and place + 1 < len(keys) else None,
        "others_url": reverse("reviews:item", args=[found.round.uid, item.uid])
        if reports.sees_results(request.user, found.round)
        else "",
    }
    status = 409 if theirs else 422 if form.is_bound and form.errors else 200
    return render(request, "reviews/review.html", context, status=status)


def _label(criterion: Any, value: int | None) -> str:
    return criterion.labels[value - 1] if value else ""


@autosaving
def autosave(request: HttpRequest, uid: Any) -> JsonResponse:
    """The marks as they are tapped and the words as they are typed."""
    found = _own(request, uid)
    form = _form(found, request.POST)
    if not form.is_valid():
        return errors_of(form)
    values = {name: form.cleaned_data[name] for name in ("comment", "version")}
    try:
        return saved(actions.save_draft(found, actor=request.user, marks=form.marks, **values))
    except StaleState:
        detail = _(
            "This review was changed in another window. Open the page again to see what stands there; "
            "what you typed here is kept on this device."
        )
        return refused(detail, 409)


@require_safe
@login_required
def file(request: HttpRequest, uid: Any, number: int) -> HttpResponseBase:
    """A file of what is reviewed, under a name that tells nothing where the round is double-blind."""
    found = _own(request, uid)
    _item, sheet = _sheet(found)
    documents = sheet.files() if found.round.show_files else ()
    if not 1 <= number <= len(documents):
        raise Http404
    document = documents[number - 1]
    try:
        opened = files.look(document, actor=request.user)
    except files.BlobMissing as error:
        raise Http404(_("This file is no longer there.")) from error
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    name = document.name
    if found.round.hides_items:
        name = f"{number}.{document.name.rpartition('.')[2]}" if "." in document.name else str(number)
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=document.mime)
    response["Content-Length"] = str(document.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
