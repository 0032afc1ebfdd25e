"""The mentor's page behind a signed link: everything of one practice on one screen, without an account.

GET changes nothing, whoever opens the address: scanners of mail do. No search engine lists it, no proxy keeps
it, no other host is told of it. The policy for the referrer is `same-origin`: under `no-referrer` browsers
send a form with "Origin: null", which the check against forged forms rightly refuses.
"""

import logging
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from internships import actions, links
from internships.enums import DiaryState
from internships.forms.diary import AskForm
from internships.models import DiaryEntry, MentorLink, Placement
from internships.views import mentor_evaluation
from internships.views.diary_board import act, board
from partnerships.documents import actions as documents
from partnerships.documents.content import IMAGES
from partnerships.documents.enums import DocumentKind
from partnerships.documents.images import small_image

log = logging.getLogger(__name__)
SMALL = 320  # pixels of a photo's longer side on the page


class _Limit(SimpleRateThrottle):
    """So many requests of one kind in a time, by a key of ours; counted in the cache."""

    def __init__(self, scope: str, rate: str, ident: str) -> None:
        self.scope, self.rate, self.ident = scope, rate, ident
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"limit:{self.scope}:{self.ident}"


def _over(request: HttpRequest, scope: str, rate: str, ident: str = "") -> HttpResponse | None:
    """A page that asks to wait, once there are too many."""
    limit = _Limit(scope, rate, ident or _address(request))
    if limit.allow_request(request, None):  # type: ignore[arg-type]
        return None
    response = render(request, "internships/diary/wait.html", status=429)
    response["Retry-After"] = str(int(limit.wait() or 60))
    return response


def _address(request: HttpRequest) -> str:
    return str(_Limit("", "1/min", "").get_ident(request))  # type: ignore[arg-type]


def _private(view: Any) -> Any:
    """Kept by nobody on the way, listed by nobody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answer


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The student, the weeks that wait, absences and the evaluation."""
    try:
        link = links.open_link(token)
    except links.Closed as closed:
        if over := _over(request, "mentor-closed", "30/min"):
            return over
        return _closed(request, closed.code)
    if request.method == "POST":
        return _press(request, link)
    return _page(request, link)


def _press(request: HttpRequest, link: MentorLink) -> HttpResponse:
    if over := _over(request, "mentor-link", "60/min", link.uid.hex):
        return over
    actor = links.actor_of(link)
    form = None
    if request.POST.get("do") == "evaluate":
        outcome, form = mentor_evaluation.give(link.placement, actor, request.POST)
        absence = None
    else:
        outcome = act(link.placement, actor, request.POST)
        absence = outcome.form if outcome else None
    if outcome is None:
        return _page(request, link, status=400)
    MentorLink.objects.filter(pk=link.pk).update(last_used=timezone.now())
    if outcome.error:
        return _page(request, link, error=outcome.error, status=422, form=form, absence=absence)
    outcome.tell(request)
    return redirect(links.path_of(link))


def _page(
    request: HttpRequest,
    link: MentorLink,
    *,
    error: str = "",
    status: int = 200,
    form: Any = None,
    absence: Any = None,
) -> HttpResponse:
    placement = link.placement
    days = board(placement, links.actor_of(link), absence)
    evaluations = mentor_evaluation.shown(placement, links.actor_of(link), form)
    final_open = any(one.final and one.form is not None for one in evaluations)
    context = {
        "evaluations": evaluations,
        "to_evaluate": final_open and not days.waiting,  # days that wait come first
        "link": link,
        "photo_token": links.token_of(link),
        "placement": placement,
        "board": days,
        "post_url": links.path_of(link),
        "closes": links.closes_on(placement),
        "by_link": True,
        "error": error,
        "kept": request.POST if error else {},
    }
    return render(request, "internships/diary/mentor.html", context, status=status)


@_private
@require_safe
def photo(request: HttpRequest, token: str, uid: UUID) -> HttpResponse:
    """A photo of a day that the mentor sees on this page, small with `?small`; no other file opens here."""
    try:
        link = links.open_link(token)
    except links.Closed as closed:
        if over := _over(request, "mentor-closed", "30/min"):
            return over
        raise Http404 from closed
    entry = (
        _days_shown(link.placement)
        .filter(documents__uid=uid, documents__kind=DocumentKind.PHOTO, documents__mime__in=IMAGES)
        .first()
    )
    if entry is None:
        raise Http404
    document = entry.documents.get(uid=uid)
    try:
        data = documents.read(document)
    except documents.BlobMissing as error:
        log.exception("the file of document %s is missing", document.pk)
        raise Http404 from error
    if "small" in request.GET:
        response = HttpResponse(small_image(data, SMALL), content_type="image/jpeg")
    else:
        response = HttpResponse(data, content_type=document.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _days_shown(placement: Placement) -> QuerySet[DiaryEntry]:
    """What the page shows of the diary: all but what the student has not handed in."""
    return DiaryEntry.objects.filter(placement=placement).exclude(state=DiaryState.DRAFT)


def _closed(request: HttpRequest, code: str) -> HttpResponse:
    """The address does not open: why, and what can be done. Nothing of the practice stands here."""
    context = {"code": code, "form": AskForm()}
    status = 404 if code == "unknown" else 410
    return render(request, "internships/diary/closed.html", context, status=status)


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the link again: it goes to the address that the portal knows, whatever is typed here."""
    if request.method != "POST":
        return render(request, "internships/diary/closed.html", {"code": "", "form": AskForm()})
    if over := _over(request, "mentor-ask", "10/hour"):
        return over
    form = AskForm(request.POST)
    if not form.is_valid():
        return render(request, "internships/diary/closed.html", {"code": "", "form": form}, status=422)
    actions.resend_links(form.cleaned_data["email"])
    messages.success(
        request,
        _("If this is the address of a mentor, the links are on their way to it. Look into the mail."),
    )
    return redirect("internships:mentor_ask")
