"""One item of a round: who is asked, what came back, conflicts of interest; and assigning them all."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.common.access import access
from partnerships.common.pages import posted, status_of
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.directory.models import Person
from partnerships.directory.reports import people_at
from partnerships.reviews import actions, conflicts, reports, rules, whole_round
from partnerships.reviews.enums import ASSIGNED, Phase, Tie
from partnerships.reviews.forms import AssignForm, ConflictForm, NoteForm, PlainForm, RemarkForm
from partnerships.reviews.models import ConflictOverride, Review, ReviewRound
from partnerships.reviews.views.discussion import discussion_of, item_of, name_of
from partnerships.reviews.views.item_lines import free as free_drawn
from partnerships.reviews.views.item_lines import kept_out
from partnerships.reviews.views.rounds import led, page_of
from partnerships.reviews.workflow import REVIEW
from partnerships.workflow.pages import Act, verb_page

DONE = {
    "decline": gettext_lazy("Declined. Thank you for saying so: somebody else is asked."),
    "declare": gettext_lazy("Noted. This one is hidden from its reviewer now."),
    "amend": gettext_lazy("Open again: change what you will and hand it in."),
    "reopen": gettext_lazy("Open again; the reviewer is told."),
    "take_back": gettext_lazy("Taken back."),
    "invite": gettext_lazy("Asked again."),
}
RUN: dict[str, Any] = {
    "decline": actions.decline,
    "declare": actions.declare,
    "amend": actions.amend,
    "reopen": actions.reopen,
    "take_back": actions.take_back,
    "invite": actions.invite,
}
_OFFERED = [name for name in REVIEW.transitions if name in RUN]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, uid: Any, item: Any) -> HttpResponse:
    """The chair: who is asked for this one, and what they said. Members: the marks, once they see them."""
    found = whole_round.round_of(request.user, uid)
    row, chair = item_of(found, item, request.user), rules.leads(request.user, found)
    if not chair and not reports.sees_results(request.user, found):
        raise Http404
    form = None
    if chair and found.state != Phase.CLOSED:
        form = AssignForm(request.POST if request.method == "POST" else None, found=found, item=row)
    if request.method == "POST":
        if form is None:
            raise Refused(_("Only who leads this round does that."))
        if form.is_valid():
            try:
                made = actions.assign(found, row, list(form.cleaned_data["members"]), actor=request.user)
            except WorkflowError as error:
                form.add_error(None, str(error))
            else:
                words = ngettext("%(n)s reviewer asked.", "%(n)s reviewers asked.", len(made))
                messages.success(request, words % {"n": len(made)})
                return redirect("reviews:item", uid=found.uid, item=row.uid)
    return _page(request, found, row, form)


@require_POST
@login_required
def say(request: HttpRequest, uid: Any, item: Any) -> HttpResponse:
    """Add to the discussion; what is not taken stands there again with the reason."""
    found = whole_round.round_of(request.user, uid)
    row = item_of(found, item, request.user)
    if not reports.sees_results(request.user, found):
        raise Http404
    remark = RemarkForm(request.POST)
    if remark.is_valid():
        try:
            actions.say(found, row, actor=request.user, text=remark.cleaned_data["text"])
        except WorkflowError as error:
            remark.add_error(None, str(error))
        else:
            return redirect(f"{reverse('reviews:item', args=[found.uid, row.uid])}#discussion")
    form = None
    if rules.leads(request.user, found) and found.state != Phase.CLOSED:
        form = AssignForm(None, found=found, item=row)
    return _page(request, found, row, form, remark)


def _page(request: HttpRequest, found: ReviewRound, row: Any, form: Any, remark: Any = None) -> HttpResponse:
    bad = any(one is not None and one.is_bound and one.errors for one in (form, remark))
    context = _context(request, found, row, form)
    if remark is not None and context["discussion"] is not None:
        context["discussion"]["form"] = remark
    return render(request, "reviews/item.html", context, status=422 if bad else 200)


def _tied(found: ReviewRound, row: Any, review: Review, ties: Any) -> dict[str, Any]:
    """What ties one who is asked already to the item, and where that is overridden; own work never is."""
    tie = ties.get(review.member.person_id) if review.state in ASSIGNED else None
    if tie is None:
        return {"why": "", "override": ""}
    to = reverse("reviews:override", args=[found.uid, row.uid, review.member.uid])
    return {"why": Tie(tie).label, "override": "" if tie == Tie.OWN else to}


def _context(request: HttpRequest, found: ReviewRound, row: Any, form: Any) -> dict[str, Any]:
    chair, scores = rules.leads(request.user, found), reports.sees_results(request.user, found)
    kind, scale = found.reviewed, found.scale
    named = reports.names_items(request.user, found)
    given = whole_round.given_for(found, row)
    asked = {review.member_id for review in given if review.state in ASSIGNED}
    marks = tuple(value for one in given if (value := one.value) is not None)
    ties = form.ties if form is not None else {}
    reasons = reports.reasons(given) if chair else {}
    shown = []
    for number, review in enumerate(given, 1):
        if not chair and review.state not in ASSIGNED:
            continue
        shown.append(
            {
                "review": review,
                "who": name_of(review.member.person, request.user, found, number),
                "marks": scale.told(review.marks) if scores and review.value is not None else [],
                "comment": review.comment if scores and review.value is not None else "",
                "value": review.value if scores else None,
                "mine": rules.reviews(request.user, review) and review.state in ASSIGNED,
                "reason": reasons.get(review.pk, ""),
                **_tied(found, row, review, ties),
                "offers": REVIEW.available(review, request.user, _OFFERED) if chair else [],
            }
        )
    free = [] if form is None else [member for member in form.known if member.pk not in asked]
    sheet = kind.sheet(row, not named)
    return {
        "round": found,
        "item": row,
        "name": reports.title_of(request.user, found, row),
        "detail": kind.detail(row) if named else "",
        "named": named,
        "chair": chair,
        "scores": scores,
        "result": reports.Result(marks, len(asked), scale.top) if scores else None,
        "shown": shown,
        "form": form,
        "free": free_drawn(found, row, free, ties),
        "kept_out": _kept_out(found, row, form) if chair else [],
        "sheet": sheet,
        "discussion": discussion_of(request.user, found, row, given) if scores else None,
    }


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: Any, verb: str) -> HttpResponse:
    """A verb on one review, of its reviewer or of the chair: GET asks for the reason, POST does it."""
    if verb not in RUN:
        raise Http404
    found = access(Review.objects.with_rows(), uid, request.user)
    own = rules.reviews(request.user, found)
    back = found.get_absolute_url() if own else _item_url(found)
    return verb_page(
        request,
        found,
        verb,
        REVIEW,
        {verb: Act(RUN[verb], _done(verb, own), _intro(verb, own))},
        back=back,
        to=_onwards(found, verb, own, back),
        template="reviews/act.html",
        round=found.round,
        subheading=_told_of(found, own, request.user),
    )


def _told_of(found: Review, own: bool, user: Any) -> str:
    """Which item it is about, and to the chair whose review."""
    kind, row = found.round.reviewed, found.round.reviewed.rows().get(pk=found.object_id)
    if own:
        return str(kind.code(row) if found.round.hides_items else kind.name(row))
    return f"{found.member.person.name} · {reports.title_of(user, found.round, row)}"


def _done(verb: str, own: bool) -> Any:
    return _("Noted. This one is hidden from you now.") if own and verb == "declare" else DONE[verb]


def _intro(verb: str, own: bool) -> str:
    if verb == "declare" and own:
        return _("From then on this one is hidden: from your list, the table and the mail that you get.")
    if verb == "declare":
        return _("From then on this one is hidden from the reviewer, and a mark handed in counts no more.")
    if verb == "decline":
        return _("The chair reads the reason and asks somebody else.")
    if verb == "take_back":
        return _("It is no longer asked of this reviewer; somebody else can be given it.")
    if verb in ("amend", "reopen"):
        return _("Until it is handed in again, this mark does not count.")
    return ""


def _item_url(found: Review) -> str:
    row = found.round.reviewed.rows().get(pk=found.object_id)
    return reverse("reviews:item", args=[found.round.uid, row.uid])


def _onwards(found: Review, verb: str, own: bool, back: str) -> str:
    if own and verb in ("decline", "declare"):
        return reverse("reviews:next", args=[found.round.uid])
    return back


@login_required
@require_http_methods(["GET", "POST"])
def assign_all(request: HttpRequest, uid: Any) -> HttpResponse:
    """What automatic assignment would do, who would still lack a reviewer and why; POST does it."""
    found = led(request, uid)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.assign_automatically(found, actor=request.user)
        except WorkflowError as error:
            form.add_error(None, str(error))
        else:
            words = ngettext("%(n)s review assigned.", "%(n)s reviews assigned.", len(plan.pairs))
            messages.success(request, words % {"n": len(plan.pairs)})
            return redirect("reviews:assign_all" if plan.short else "reviews:round", uid=found.uid)
    plan = actions.plan_of(found)
    # What the chair stands in conflict with is assigned as well, and neither named nor counted here.
    seen = {row.pk: row for row in reports.met(found, request.user)}
    loads = {load.member.pk: load for load in whole_round.loads(found, request.user)}
    new = Counter(one for key, one in plan.pairs if key in seen)
    context = {
        "round": found,
        "form": form,
        "anything": bool(plan.pairs),
        "shown": sum(new.values()),
        "people": [(load, new[key], load.asked + new[key]) for key, load in loads.items()],
        "short": [
            (
                reports.title_of(request.user, found, seen[key]),
                reverse("reviews:item", args=[found.uid, seen[key].uid]),
                short,
            )
            for key, short in plan.short.items()
            if key in seen
        ],
        "back": found.get_absolute_url(),
    }
    return render(request, "reviews/assign.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def conflict(request: HttpRequest, uid: Any, item: Any) -> HttpResponse:
    """Write down a conflict of interest of a reviewer or of one who leads, oneself too."""
    found = led(request, uid)
    row = item_of(found, item, request.user)
    chairs = people_at(found.organization, *found.reviewed.roles).values("pk")
    people = Person.objects.filter(Q(pk__in=found.members.values("person_id")) | Q(pk__in=chairs)).order_by(
        "sort_key", "pk"
    )
    data, _files = posted(request)
    return page_of(
        request,
        found,
        ConflictForm(data, people=people),
        lambda person, note: actions.note_conflict(found, row, person, actor=request.user, note=note),
        heading=_("Conflict of interest"),
        danger=True,
        submit=_("Write down"),
        done=_("Written down."),
        subheading=reports.title_of(request.user, found, row),
        intro=_("This one is then hidden from this person in lists, tables, averages and mail."),
        back=reverse("reviews:item", args=[found.uid, row.uid]),
        to=found.get_absolute_url(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def override(request: HttpRequest, uid: Any, item: Any, member: Any) -> HttpResponse:
    """Let somebody review or lead although there is a conflict; everybody who leads reads the reason."""
    found = led(request, uid)
    row = item_of(found, item, request.user)
    person = _member_or_chair(found, member)
    data, _files = posted(request)
    return page_of(
        request,
        found,
        NoteForm(data),
        lambda note: actions.override(found, row, person, actor=request.user, note=note),
        heading=_("Override the conflict of interest"),
        danger=True,
        submit=_("Override"),
        done=_("Overridden; the reason stands on the page of the round."),
        subheading=f"{person.name} · {reports.title_of(request.user, found, row)}",
        intro=_("It is kept who decided so, when and why, and everybody who leads the round reads it."),
        back=reverse("reviews:item", args=[found.uid, row.uid]),
    )


def _member_or_chair(found: ReviewRound, uid: Any) -> Person:
    """Whom an override is for: a reviewer by the key of the membership, who leads by that of the person."""
    one = found.members.select_related("person").filter(uid=uid).first()
    chair = people_at(found.organization, *found.reviewed.roles).filter(uid=uid).first()
    person = chair if one is None else one.person
    if person is None:
        raise Http404
    return person


def _kept_out(found: ReviewRound, row: Any, form: AssignForm | None) -> list[tuple[str, str, str]]:
    """Those who lead and stand in conflict with this one, less who reviews as well and stands among those."""
    if form is not None:
        return kept_out(found, row, form.leading, form.ties)
    leading = whole_round.leading(found)
    return kept_out(found, row, leading, conflicts.ties_of(found.reviewed, row, [one.pk for one in leading]))


@login_required
@require_http_methods(["GET", "POST"])
def override_end(request: HttpRequest, uid: Any, override: Any) -> HttpResponse:
    found = led(request, uid)
    made = access(ConflictOverride, override, request.user, round=found, ended_at=None)
    data, _files = posted(request)
    return page_of(
        request,
        found,
        NoteForm(data),
        lambda note: actions.end_override(made, actor=request.user, note=note),
        heading=_("End the override"),
        danger=True,
        submit=_("End the override"),
        done=_("The conflict counts again."),
        subheading=made.person.name,
        intro=_("A review that rests on it is over, and its mark counts no more."),
    )
