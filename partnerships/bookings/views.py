"""Bookings: the page of one, its verbs, its file for a calendar. Their list: lists.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.bookings import actions, forms, leftout, quotas, reports, rules
from partnerships.bookings.enums import HOLDING, MOVABLE, BookingState
from partnerships.bookings.history import DONE
from partnerships.bookings.models import HIT, Booking
from partnerships.bookings.views_new import together
from partnerships.bookings.whole import missed, place_in_line, whole_booking
from partnerships.bookings.workflow import BOOKING, talked_over
from partnerships.common import ical
from partnerships.common.access import access
from partnerships.common.clock import moment_in_words
from partnerships.common.pages import attempt
from partnerships.common.refusals import WorkflowError
from partnerships.workflow.pages import not_due
from partnerships.workflow.timeline import changes_of, entry_of


# One booking ----------------------------------------------------------------------------------------
@require_safe
@login_required
def booking(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is booked, for whom, whose move it is, what happened."""
    return _page(request, whole_booking(request.user, uid))


@require_POST
@login_required
def say(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write to the other side; what cannot be written stays in the form."""
    found = access(Booking.objects.with_rows(), uid, request.user, rules.talks)
    form = forms.SayForm(request.POST)
    if form.is_valid():
        attempt(form, lambda text: actions.say(found, actor=request.user, text=text))
    if not form.is_valid():
        return _page(request, found, form)
    messages.success(request, _("Written; the other side is told."))
    return redirect(f"{found.get_absolute_url()}#messages")


def _page(request: HttpRequest, found: Booking, form: Any = None) -> HttpResponse:
    offers = [offer for offer in BOOKING.available(found, request.user) if _shown(found, offer.name)]
    holder, keeper = rules.is_holder(request.user, found), rules.keeps(request.user, found)
    talks = holder or keeper
    changes = changes_of(found)
    history = [entry_of(change, DONE, BOOKING) for change in changes]
    # Looked up for what was hit alone.
    hit = found.state in HOLDING and not found.is_over and any(one.verb in HIT for one in changes)
    shut = reports.shut([found]).get(found.pk, "") if hit else ""
    came = any(one.name == "check_in" and not one.refusal for one in offers)
    arrives = holder and found.check_in_by is not None and came and not shut
    mine = (
        arrives
        or (found.state == BookingState.OFFERED and holder)
        or (found.state == BookingState.REQUESTED and keeper and not found.is_over and not found.more_asked)
        or (found.state == BookingState.REQUESTED and holder and bool(found.more_asked))
        or (bool(shut) and holder and found.state in MOVABLE)
    )
    waits = found.state == BookingState.WAITING
    awaited = waits or (found.state in HOLDING and not found.is_over)
    context = {
        "booking": found,
        "offers": offers,
        "mine": mine,
        # What asks for nothing is done at the first press.
        "at_once": [name for name, verb in ACTS.items() if verb.plain],
        "shut": shut,
        "arrives": arrives,
        "holder": holder,
        "keeper": keeper,
        "history": history,
        "others": _others(found, request.user),
        "missing": leftout.of_series(found, request.user, bound=not (holder and keeper))
        if holder or keeper
        else [],
        "holding": found.state in HOLDING,
        # What whoever decides weighs, and whoever asks waits by.
        "spent": quotas.of_booking(found)
        if found.state == BookingState.REQUESTED and (holder or keeper)
        else [],
        "said": list(found.messages.select_related("author")) if found.needs_approval and talks else [],
        "say": form or (forms.SayForm() if talks and not talked_over(found) else None),
        "missed": missed(found) if keeper and not holder else 0,
        # Shown to who waits, and to who looks after what others wait for. Nobody waits for what is over.
        "line": place_in_line(found) if (waits and holder) or (awaited and keeper) else (0, 0),
    }
    return render(request, "bookings/booking.html", context, status=422 if form else 200)


def _others(found: Booking, user: Any) -> list[Booking]:
    """The rest of its series to come, as far as this reader sees it."""
    if found.series_id is None:
        return []
    rows = Booking.objects.visible_to(user).upcoming().filter(series=found.series_id)
    return list(rows.exclude(pk=found.pk).order_by("starts", "pk"))


def _shown(found: Booking, verb: str) -> bool:
    """Moving is one verb to a reader: whether it needs approval anew shows when the time is known."""
    if verb == "tell":  # by writing
        return False
    return verb != "move_ask" or found.state == BookingState.REQUESTED


@dataclass(frozen=True)
class Act:
    run: Callable[..., Any]
    done: Any
    intro: Any = ""
    plain: bool = False  # asks for nothing
    whole: bool = False  # may mean a whole series


ACTS = {
    "accept": Act(
        actions.accept,
        gettext_lazy("It is yours."),
        gettext_lazy("It is booked for you at once; nobody has to approve it."),
        plain=True,
    ),
    "accept_ask": Act(
        actions.accept,
        gettext_lazy("Asked for. It is kept for you until it is decided."),
        gettext_lazy("Those who look after it decide; until then it is kept for you."),
        plain=True,
    ),
    "approve": Act(
        actions.approve,
        pgettext_lazy("booking", "Approved."),
        gettext_lazy("It is booked then, and the holder is told."),
        whole=True,
    ),
    "decline": Act(
        actions.decline,
        gettext_lazy("Not approved; the holder reads why."),
        gettext_lazy("Its time becomes free again. The holder reads your reason."),
        whole=True,
    ),
    "ask": Act(
        actions.ask_more,
        gettext_lazy("Asked; the holder is told."),
        gettext_lazy("It is the holder's move then, and their request is kept for three days anew."),
    ),
    "check_in": Act(
        actions.check_in,
        gettext_lazy("Checked in."),
        gettext_lazy("This says that you have come: it is yours until its end."),
        plain=True,
    ),
    "finish": Act(
        actions.finish,
        gettext_lazy("Free again."),
        gettext_lazy("The rest of its time becomes free for others at once."),
        plain=True,
    ),
    "cancel": Act(
        actions.cancel,
        pgettext_lazy("booking", "Cancelled."),
        gettext_lazy("Its time becomes free for others."),
        whole=True,
    ),
    "withdraw": Act(
        actions.withdraw,
        gettext_lazy("Taken back; the holder reads why."),
        gettext_lazy("The holder loses the room and reads your reason."),
        whole=True,
    ),
}
MOVES = ("move", "move_ask")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """GET asks what the verb needs, POST does it."""
    if verb not in ACTS and verb not in MOVES:
        raise Http404
    found = access(Booking.objects.with_rows(), uid, request.user, BOOKING.may(verb))
    offered = next((item for item in BOOKING.available(found, request.user) if item.name == verb), None)
    if offered is None:
        return not_due(request, found, verb, found.get_absolute_url(), BOOKING.not_due(found))
    posted = request.POST if request.method == "POST" else None
    form: Any = _form(found, verb, posted, offered.transition.needs)
    answer: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            count = _run(request, found, verb, form)
        except actions.Taken as taken:
            form.take(taken)
            answer["free"] = taken.free
        except actions.SeriesClash as clash:
            form.take(clash)
            answer.update(conflicts=together(clash), moving=True)
        except ValidationError as error:
            form.take(error)
        except WorkflowError as error:
            form.add_error(None, str(error.reason))
        else:
            messages.success(request, count)
            return redirect(found)
    context = {
        "form": form,
        "booking": found,
        "offered": offered,
        "heading": offered.label,
        "subheading": f"{found.where} · {moment_in_words(found.starts)}",
        "intro": ACTS[verb].intro if verb in ACTS else "",
        "button": offered.label,
        "refusal": offered.refusal,
        "back": found.get_absolute_url(),
        "spent": quotas.of_booking(found) if verb in MOVES and not rules.keeps(request.user, found) else [],
        **answer,
    }
    page = "bookings/form.html" if verb in MOVES else "bookings/act.html"
    return render(request, page, context, status=422 if form.is_bound and form.errors else 200)


def _form(found: Booking, verb: str, posted: Any, needs: tuple[str, ...]) -> Any:
    if verb in MOVES:
        return forms.MoveForm(posted, booking=found)
    return forms.VerbForm(
        posted,
        booking=found,
        needs_note="note" in needs,
        asks=verb == "ask",
        plain=ACTS[verb].plain,
    )


def _run(request: HttpRequest, found: Booking, verb: str, form: Any) -> str:
    values = form.cleaned_data
    scope = values.get("scope") or "one"
    if verb in MOVES and scope != "one":
        wanted: dict[str, Any] = {name: values[name] for name in ("starts", "ends", "note")}
        wanted["skip_conflicts"] = "skip" in request.POST
        rows = actions.move_series(found, scope, actor=request.user, **wanted)
        return ngettext("%(n)d booking moved.", "%(n)d bookings moved.", len(rows)) % {"n": len(rows)}
    if verb in MOVES:
        moved = actions.move(
            found, actor=request.user, starts=values["starts"], ends=values["ends"], note=values["note"]
        )
        words = {"when": moment_in_words(moved.starts)}
        if moved.state == BookingState.REQUESTED:
            return _("Asked for: %(when)s. It is kept for you until it is decided.") % words
        return _("Moved: %(when)s.") % words
    done = ACTS[verb]
    if done.plain:
        done.run(found, actor=request.user)
        return str(done.done)
    scope = scope if done.whole else "one"
    count = actions.each_of(found, scope, verb, done.run, actor=request.user, note=values["note"])
    if scope != "one":
        series = ngettext("%(n)d booking of the series.", "%(n)d bookings of the series.", count)
        return f"{done.done} {series % {'n': count}}"
    return str(done.done)


# Calendar -------------------------------------------------------------------------------------------
@require_safe
@login_required
def booking_ics(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The booking for a calendar; a later file replaces the event of an earlier one and of the feed."""
    found = access(Booking.objects.with_rows(), uid, request.user)
    holding = found.state in HOLDING or found.state == BookingState.FINISHED
    standing = "TENTATIVE" if found.state == BookingState.REQUESTED else "CONFIRMED"
    event = ical.event(
        f"booking-{found.uid}",
        found.starts,
        found.ends,
        changed=found.updated,
        sequence=found.version,
        status=standing if holding else "CANCELLED",
        summary=found.display_title,
        location=found.where,
        path=found.get_absolute_url(),
    )
    return ical.file_of(event, "Bookings", "booking.ics")
