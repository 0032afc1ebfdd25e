"""The chair's pages: opening a round, its table, its members, its phases."""

from copy import copy
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.capped import CAP, counted
from partnerships.common.pages import form_page, posted
from partnerships.common.paging import Keyset, page_links, size_of
from partnerships.common.refusals import Refused
from partnerships.common.tables import drawn
from partnerships.directory.access import access_of
from partnerships.documents import import_views
from partnerships.reviews import actions, bringing, orders, reports, rules, table, whole_round
from partnerships.reviews.enums import SWITCHES, Phase, Tie
from partnerships.reviews.forms import CapForm, MembersForm, PlainForm, RoundForm
from partnerships.reviews.history import DONE
from partnerships.reviews.kinds import types
from partnerships.reviews.models import ConflictOverride, ReviewMember, ReviewRound
from partnerships.reviews.table import LACKING, Counts
from partnerships.reviews.views.round_lines import columns, order_drawn, way_of_act, ways_of
from partnerships.reviews.views.round_lines import members as members_drawn
from partnerships.reviews.workflow import ROUND
from partnerships.workflow.pages import Act, verb_page
from partnerships.workflow.timeline import changes_of, entry_of

FOLLOWS = {
    "leave": gettext_lazy("What was not handed in is taken back; marks that were handed in stay."),
    "join": gettext_lazy("This reviewer can be given something to mark again."),
}
BACK = ("mark_again", "reopen")  # after what leads on
ABOUT_ITEMS = ("override", "end_override", "note_conflict")
# How many that lack reviewers the page of a phase wants to know of: the discussion, whether there are any.
_LACKING = {Phase.PREPARING: LACKING + 1, Phase.MARKING: LACKING + 1, Phase.DISCUSSION: 1, Phase.CLOSED: 0}


def led(request: HttpRequest, uid: Any) -> ReviewRound:
    """The round of a chair: 404 to a stranger, 403 to its members."""
    return access(ReviewRound, uid, request.user, rules.leads)


@login_required
@require_http_methods(["GET", "POST"])
def open_round(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Open a round for one container: who reviews, by what scale, by when."""
    described = types().get(kind)
    if described is None:
        raise Http404
    rows = described.container_class._default_manager.visible_to(request.user)
    container = get_object_or_404(rows, **{described.container_key: key})
    organization = described.answers_for(container)
    if not access_of(request.user).covers(organization.path, *described.roles):
        raise Refused(_("Only who leads reviews at this organisation opens a round."))
    open_one = ReviewRound.objects.of(kind, container.pk).exclude(state=Phase.CLOSED).first()
    if open_one is not None:
        return redirect(open_one)
    data, _files = posted(request)
    return form_page(
        request,
        RoundForm(
            data,
            instance=ReviewRound(),
            organization=organization,
            people=described.candidates(container),
            initial=_titles(described, container),
        ),
        lambda people, **values: actions.open_round(kind, container, people, actor=request.user, **values),
        heading=described.title,
        subheading=container,
        submit=_("Open"),
        back=reverse("reviews:mine"),
        done=_("Opened. Now assign what is to be marked; nobody is told before it starts."),
        template="reviews/round_form.html",
    )


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, uid: Any) -> HttpResponse:
    found = led(request, uid)
    data, _files = posted(request)
    # A copy: what was typed and refused stands in the form, not above it as the name of the round.
    form = RoundForm(data, instance=copy(found), organization=found.organization)

    def run(**values: Any) -> Any:
        version = form.cleaned_data["version"]
        return actions.change_round(led(request, uid), actor=request.user, version=version, **values)

    return page_of(
        request,
        found,
        form,
        run,
        heading=_("Change the round"),
        submit=_("Save"),
        template="reviews/round_form.html",
    )


def page_of(request: HttpRequest, found: ReviewRound, form: Any, run: Any, **context: Any) -> HttpResponse:
    """A form that stands below the page of a round."""
    context.setdefault("to", context.setdefault("back", found.get_absolute_url()))
    below = {"template": "reviews/act.html", "round": found, "subheading": found.display_title, **context}
    return form_page(request, form, run, **below)


@require_safe
@login_required
def round_page(request: HttpRequest, uid: Any) -> HttpResponse:
    """The chair's page: whose move, the table, who marks how much. Members read the table in its time."""
    found = whole_round.round_of(request.user, uid)
    chair, scores = rules.leads(request.user, found), reports.sees_results(request.user, found)
    if not chair and not scores:
        return redirect(f"{reverse('reviews:next', args=[found.uid])}?given")
    size, place = size_of(request.user), _place_of(request)
    marked = scores and found.items_marked > 0
    offered = orders.offered(found, request.user, scores=marked)
    order = orders.chosen(offered, request.GET.get("sort", ""))
    known = table.counts(
        found,
        request.user,
        upto=place + size,
        lacking=_LACKING[Phase(found.state)] if chair else 0,
        ranks=marked and order != orders.Order.RANK,
    )
    page = _page_of(known, place, size, backwards="before" in request.GET)
    first = int(page.previous or 0)
    if marked and not known.marked:  # all of it is hidden from them
        marked, offered = False, orders.offered(found, request.user, scores=False)
        order = orders.chosen(offered, order)
    last = first + len(page)
    lines = table.rows(found, request.user, known, scores=scores, first=first, last=last, order=order)
    shown = columns(found, request.user, chair=chair, scores=marked)
    context = {
        "round": found,
        "chair": chair,
        "marks_along": not scores,
        "scores": marked,
        "rows": lines,
        "columns": shown,
        "body": drawn(lines, shown),
        "count": counted(min(known.items, CAP), known.more or known.items > CAP),
        "pages": page_links(request.GET, page, narrows=False),
        "items": found.reviewed.items,
        "order": order_drawn(offered, order) if len(offered) > 1 and known.items > 1 else "",
        **(_led(request.user, found, known, lines, scores=scores) if chair else {}),
    }
    return render(request, "reviews/round.html", context)


def _led(
    user: Any, found: ReviewRound, known: Counts, lines: list[whole_round.Row], *, scores: bool
) -> dict[str, Any]:
    """What the chair reads besides, and does."""
    container = whole_round.container_of(found, (row.item for row in lines))
    return {
        "progress": known.progress,
        "members": members_drawn(found, table.loads(found, known)),
        "lacking": known.lacking,
        "apart": known.differ if scores else 0,
        "offers": [
            (offer, way_of_act(found, offer.name))
            for offer in sorted(ROUND.available(found, user), key=lambda o: o.name in BACK)
        ],
        "to": ways_of(found),
        "move": _move(found, known),
        "overrides": _overrides(found, user) if found.overridden else [],  # type: ignore[attr-defined]
        "history": _history(found, user),
        "back": (container.get_absolute_url(), str(container))
        if hasattr(container, "get_absolute_url")
        else ("", ""),
    }


def _place_of(request: HttpRequest) -> int:
    """The place in the ranked table after or before which the page that the address asks for stands."""
    asked = request.GET.get("before" if "before" in request.GET else "after", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0


def _page_of(known: Counts, place: int, size: int, *, backwards: bool) -> Keyset[Any]:
    """That page, as places: what has the same mean and rank is told apart by those alone."""
    place = min(place, known.items)
    first = max(0, place - size) if backwards else place
    last = min(first + size, known.items)
    before, after = str(first) if first else "", str(last) if last < known.items else ""
    return Keyset([*range(first, last)], after, before, size)


def _move(found: ReviewRound, known: Counts) -> dict[str, Any]:
    """Whose move it is, and what it waits for."""
    progress = known.progress
    lacking = counted(min(known.lacking, LACKING), known.lacking > LACKING) if known.lacking else ""
    if found.state == Phase.PREPARING:
        if not known.items:
            return {"mine": False, "text": _("Nothing is up for review yet")}
        if lacking:
            return {"mine": True, "text": _("Your move: %(n)s still lack reviewers.") % {"n": lacking}}
        return {"mine": True, "text": _("Your move: everybody has reviewers, start.")}
    if found.state == Phase.MARKING:
        if lacking:
            return {"mine": True, "text": _("Your move: %(n)s still lack reviewers.") % {"n": lacking}}
        if progress.asked and progress.done == progress.asked:
            return {"mine": True, "text": _("Your move: all marks are in.")}
        return {"mine": False, "text": _("The reviewers mark.")}
    if found.state == Phase.DISCUSSION:
        return {"mine": True, "text": _("Your move: discuss what is marked differently, then close.")}
    return {"mine": False, "text": _("This round is closed.")}


def _overrides(found: ReviewRound, user: Any) -> list[ConflictOverride]:
    seen = reports.met(found, user).order_by().values("pk")
    rows = ConflictOverride.objects.filter(round=found, object_id__in=seen)
    kept = list(rows.select_related("person", "made_by__person"))
    names = {item.pk: item for item in found.reviewed.rows().filter(pk__in=[row.object_id for row in kept])}
    for row in kept:
        row.item = names.get(row.object_id)  # type: ignore[attr-defined]
        row.item_name = reports.title_of(user, found, names[row.object_id])  # type: ignore[attr-defined]
        row.why = Tie(row.tie).label  # type: ignore[attr-defined]
    return kept


def _history(found: ReviewRound, user: Any) -> list[Any]:
    """What happened to the round; lines about an item that the reader must not meet are left out."""
    changes = changes_of(found)[:60]
    keys = {c.data["item"] for c in changes if c.verb in ABOUT_ITEMS}
    allowed = (
        set(reports.met(found, user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    )
    return [
        entry_of(c, DONE, ROUND) for c in changes if c.verb not in ABOUT_ITEMS or c.data["item"] in allowed
    ]


def _titles(described: Any, container: Any) -> dict[str, str]:
    """What a new round is called in either language unless it is called otherwise."""
    found = {}
    for name, language in (("title", "az"), ("title_en", "en")):
        with override(language):
            found[name] = f"{described.title}: {container}"[:200]
    return found


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: Any, verb: str) -> HttpResponse:
    """A phase verb: GET asks what it needs, POST does it."""
    if verb not in ROUND.transitions:
        raise Http404
    found = led(request, uid)
    switches = SWITCHES[ROUND[verb].target]
    says = [
        _("Reviewers mark.") if switches.mark else _("Nobody marks any more."),
        _("Reviewers see each other's marks.") if switches.others else _("No reviewer sees another's marks."),
    ]
    if not switches.mark:
        known = reports.progresses([found], request.user)[found.pk]
        if left := known.asked - known.done:
            says.append(_("Reviews not handed in yet: %(n)s.") % {"n": left})

    def run(_round: ReviewRound, *, actor: Any, note: str = "") -> Any:
        return actions.move(found, verb, actor=actor, note=note)

    acts = {verb: Act(run, DONE[verb], " ".join(says))}
    return verb_page(
        request,
        found,
        verb,
        ROUND,
        acts,
        template="reviews/act.html",
        round=found,
        subheading=found.display_title,
    )


@login_required
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, uid: Any) -> HttpResponse:
    """Add reviewers."""
    found = led(request, uid)
    container = found.reviewed.container_class._base_manager.get(pk=found.container_id)
    there = found.members.filter(active=True).values("person_id")
    people = found.reviewed.candidates(container).exclude(pk__in=there)
    data, _files = posted(request)
    return page_of(
        request,
        found,
        MembersForm(data, people=people),
        lambda people: actions.add_members(found, people, actor=request.user),
        heading=_("Add reviewers"),
        submit=_("Add"),
        done=_("Added."),
        template="reviews/round_form.html",
    )


@login_required
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, uid: Any, member: Any, verb: str) -> HttpResponse:
    """Let a reviewer out or in, or set how much they take."""
    found = led(request, uid)
    one = get_object_or_404(found.members.select_related("person", "round__organization"), uid=member)
    if verb not in ("leave", "join", "cap"):
        raise Http404
    data, _files = posted(request)
    form: Any = CapForm(data, initial={"cap": one.cap}) if verb == "cap" else PlainForm(data)
    leaves = verb == "leave"
    headings = {
        "leave": _("Let out of the round"),
        "join": _("Let in again"),
        "cap": _("How much this reviewer takes"),
    }
    return page_of(
        request,
        found,
        form,
        lambda **_values: _change_member(one, verb, form, request.user),
        heading=headings[verb],
        submit=_("Save") if verb == "cap" else headings[verb],
        danger=leaves,
        subheading=one.person.name,
        intro=FOLLOWS.get(verb, ""),
    )


def _change_member(one: ReviewMember, verb: str, form: Any, user: Any) -> None:
    if verb == "cap":
        actions.set_cap(one, actor=user, cap=form.cleaned_data["cap"])
    else:
        actions.set_member(one, actor=user, active=verb == "join")


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, uid: Any) -> HttpResponse:
    """Who reviews what, as a table."""
    return import_views.upload(request, kind=bringing.KIND, context={"round": led(request, uid).pk})
