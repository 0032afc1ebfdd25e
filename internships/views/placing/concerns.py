"""Concerns: the card on the practice's page, the page of one, and how one is raised. Never for the mentor."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from internships import actions, rules
from internships.enums import ConcernState, PlacementState
from internships.forms import concerns as forms
from internships.history import history_of_concern
from internships.models import Concern, Placement
from internships.moves import Move
from internships.views.acts import Act, buttons
from internships.views.placing.parts import Card, Reader
from internships.workflow import CONCERN
from partnerships.common.access import access
from partnerships.common.pages import form_page, posted
from partnerships.common.refusals import Missing
from partnerships.directory.access import access_of

ACTS: dict[str, Act] = {
    "take": Act(
        lambda it, user, _v: actions.take_concern(it, actor=user),
        gettext_lazy("The student reads that you look into it."),
        intro=gettext_lazy(
            "The student is told that you look into it; the answer follows by the promised time."
        ),
        at_once=True,
    ),
    "close": Act(
        lambda it, user, v: actions.close_concern(it, actor=user, **v),
        gettext_lazy("Answered and closed."),
        forms.AnswerForm,
        gettext_lazy("The student reads your answer and can raise it again."),
    ),
    "withdraw": Act(
        lambda it, user, _v: actions.withdraw_concern(it, actor=user),
        pgettext_lazy("concern", "Withdrawn."),
        intro=gettext_lazy("It is closed without an answer. You can raise it again."),
        at_once=True,
    ),
    "reopen": Act(
        lambda it, user, v: actions.reopen_concern(it, actor=user, **v),
        pgettext_lazy("concern", "Raised again."),
        forms.AgainForm,
        gettext_lazy("It waits for an answer again, with what you write here."),
    ),
}
PRIMARY = ("take", "close")
KINDS = {ConcernState.TAKEN: "on", ConcernState.CLOSED: "good"}


def card(reader: Reader) -> Card | None:
    """What this reader may know of; whoever may know nothing sees no card, not even an empty one."""
    seen: list[Concern] = []
    # Beyond these nobody sees any, whatever `visible_to` would answer of one: they need not be asked for.
    known = reader.student or reader.university or reader.company or access_of(reader.user).manages_partners
    if known and getattr(reader.placement, "has_concerns", True):
        seen = list(Concern.objects.visible_to(reader.user).filter(placement=reader.placement))
    raises = reader.student and reader.placement.state != PlacementState.CANCELLED
    if not seen and not raises:
        return None
    return Card(
        "internships/placement/_concerns.html",
        {"concerns": seen, "raises": raises, "kinds": KINDS},
        side=True,
    )


@login_required
@require_http_methods(["GET", "POST"])
def concern_new(request: HttpRequest, uid: str) -> HttpResponse:
    placement = access(Placement.objects.with_rows(), uid, request.user, rules.is_placed)
    back = placement.get_absolute_url()
    return form_page(
        request,
        forms.ConcernForm(posted(request)[0]),
        partial(actions.raise_concern, placement, actor=request.user),
        heading=_("Raise a concern"),
        subheading=_(
            "Your university reads it and answers within three working days. Your mentor does not see it, "
            "nor that you raised one."
        ),
        submit=_("Send"),
        back=back,
        crumbs=[(_("My practice"), back)],
        done=_("Told. You are answered by the promised time."),
    )


@login_required
@require_GET
def concern(request: HttpRequest, uid: str) -> HttpResponse:
    found = access(Concern.objects.with_placement(), uid, request.user)
    return _page(request, found)


def _page(
    request: HttpRequest, found: Concern, form: Any = None, verb: str = "", intro: Any = ""
) -> HttpResponse:
    user: Any = request.user
    move = _move(found, user)
    url = lambda name: reverse("internships:concern_act", args=[found.uid, name])  # noqa: E731
    offered = CONCERN.available(found, user)
    label = next((item.label for item in offered if item.name == verb), "")
    context = {
        "concern": found,
        "placement": found.placement,
        "author": rules.raised_concern(user, found),
        "sees_placement": Placement.objects.visible_to(user).filter(pk=found.placement_id).exists(),
        "move": move,
        "chip": "move" if move.mine else KINDS.get(ConcernState(found.state), ""),
        "buttons": [] if verb else buttons(offered, ACTS, url, first=PRIMARY, acts=ACTS),
        "history": history_of_concern(found),
        "form": form,
        "verb_label": label,
        "intro": intro,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "internships/placement/concern.html", context, status=status)


def _move(found: Concern, user: Any) -> Move:
    if found.state == ConcernState.CLOSED:
        return Move(False, _("Answered and closed."))
    mine = rules.answers_concern(user, found)
    text = (
        _("Your move: look into it and answer the student.")
        if mine
        else _("The university's move: it looks into this and answers you.")
    )
    return Move(
        mine,
        text,
        _("An answer is promised by this time. The mentor does not see this page."),
        found.answer_by,
    )


@login_required
@require_http_methods(["GET", "POST"])
def concern_act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    if verb not in ACTS:
        raise Http404
    found = access(Concern.objects.with_placement(), uid, request.user, CONCERN.may(verb))
    done = ACTS[verb]
    form = done.form(request.POST if request.method == "POST" else None, subject=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            done.run(found, request.user, form.values())
        except Missing as missing:
            form.add_error(missing.field if missing.field in form.fields else None, str(missing.reason))
        else:
            messages.success(request, str(done.done))
            still = Concern.objects.visible_to(request.user).filter(pk=found.pk).exists()
            return redirect(found if still else "home")
    if not any(item.name == verb for item in CONCERN.available(found, request.user)):
        messages.info(request, CONCERN.not_due(found))
        return redirect(found)
    return _page(request, found, form, verb, done.intro)
