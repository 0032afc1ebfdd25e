"""The diary of a practice: the student's week and days; for the others, the desk."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from internships import actions, rules
from internships.actions.absences import absence_refusal
from internships.actions.diary import EDITABLE, PHOTOS, DaysDone
from internships.forms.deciding import take_errors
from internships.forms.diary import AbsenceForm, DayForm
from internships.models import DiaryEntry, Placement
from internships.views import diary_desk
from internships.views.diary_board import seen_of
from internships.weeks import monday_of, weeks_of
from partnerships.common.access import access
from partnerships.common.autosave import autosaving, errors_of, refused, saved
from partnerships.common.clock import day_in_words, today
from partnerships.common.refusals import Blocked, IllegalTransition, StaleState
from partnerships.documents.models import DocumentKind


def _mine(request: HttpRequest, uid: Any) -> Placement:
    return access(Placement.objects.with_rows(), uid, request.user, rules.writes_diary)


@login_required
@require_GET
def diary(request: HttpRequest, uid: Any) -> HttpResponse:
    """The student's week; whoever else may see the practice gets the desk."""
    placement = access(Placement.objects.with_rows(), uid, request.user)
    if not rules.writes_diary(request.user, placement):
        return diary_desk.desk(request, placement)
    weeks = weeks_of(placement, drafts=True)
    monday = _asked_week(request, placement)
    shown = next((week for week in weeks if week.monday == monday), None)
    if shown is None and weeks:
        shown = weeks[-1]
    place = weeks.index(shown) if shown else 0
    days = [day for week in weeks for day in week.days]
    context = {
        "placement": placement,
        "week": shown,
        "earlier": weeks[place - 1] if shown and place else None,
        "later": weeks[place + 1] if shown and place + 1 < len(weeks) else None,
        "missing": [day for day in days if day.missing],
        "returned": [day for day in days if day.returned and day.why is None],
        "barred": [day for day in days if day.returned and day.why is not None],
        "waiting": sum(len(week.waiting) for week in weeks),
        "confirmed_minutes": sum(week.confirmed_minutes for week in weeks),
        "written": any(week.written for week in weeks),
    }
    return render(request, "internships/diary/week.html", context)


def _asked_week(request: HttpRequest, placement: Placement) -> date:
    """The Monday of the week that is asked for, else of this one."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = min(today(), placement.last_day or placement.ends)
    return monday_of(asked)


# A day ------------------------------------------------------------------------------------------------
def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _entry(placement: Placement, day: date) -> DiaryEntry | None:
    entry = placement.diary.filter(date=day).prefetch_related("documents").first()
    if entry is not None:
        entry.placement = placement
    return entry


def _initial(placement: Placement, entry: DiaryEntry | None) -> dict[str, Any]:
    """A new day begins as the last one was: the same place, the same hours."""
    last = entry or placement.diary.order_by("-date").first()
    minutes = last.minutes if last else min(placement.weekly_minutes // 5, 720)
    site = last.site if last else placement.unit.display_name
    return {
        "version": entry.version if entry else 0,
        "hours": minutes // 60,
        "quarter": minutes % 60 // 15 * 15,
        "site": site[:160],
        "work": entry.work if entry else "",
        "learned": entry.learned if entry else "",
    }


@login_required
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, uid: Any, day: str) -> HttpResponse:
    """The form of one day; what is handed in is read here, and taken back while it waits."""
    placement, when = _mine(request, uid), _day(day)
    if request.method == "POST":
        return _take(request, placement, when)
    return _day_page(request, placement, when)


def _day_page(
    request: HttpRequest,
    placement: Placement,
    when: date,
    *,
    form: DayForm | None = None,
    theirs: DiaryEntry | None = None,
) -> HttpResponse:
    entry = _entry(placement, when)
    probe = entry or DiaryEntry(placement=placement, date=when)
    editable = entry is None or entry.state in EDITABLE
    week = weeks_of(placement, drafts=True, first=max(when, placement.starts), last=when)
    shown = next((one for found in week for one in found.days if one.date == when), None)
    refusal = actions.day_refusal(placement, when)
    photos = [d for d in probe.documents.all() if d.kind == DocumentKind.PHOTO] if entry else []
    context = {
        "placement": placement,
        "day": when,
        "entry": entry,
        "shown": shown,
        "editable": editable and refusal is None,
        "refusal": refusal,
        "form": form or DayForm(initial=_initial(placement, entry)),
        "version": entry.version if entry else 0,
        "theirs": theirs,
        "photos": photos,
        "room": PHOTOS - len(photos),
        "may_report": entry is None
        and shown is not None
        and shown.absence is None
        and absence_refusal(placement, when) is None,
        "back": _week_url(placement, when),
    }
    status = 409 if theirs is not None else 422 if form is not None and form.errors else 200
    return render(request, "internships/diary/day.html", context, status=status)


def _week_url(placement: Placement, when: date) -> str:
    return f"{reverse('internships:diary', args=[placement.uid])}?week={monday_of(when).isoformat()}"


def _take(request: HttpRequest, placement: Placement, when: date) -> HttpResponse:
    """Save what was typed, do what the pressed button says; what is refused stays in the form."""
    pressed = str(request.POST.get("do", ""))
    if pressed == "take_back":
        return _take_back(request, placement, when)
    form = DayForm(request.POST, request.FILES)
    try:
        entry = _save(request, placement, when, form)
        if entry is not None and pressed == "hand_in" and not form.errors:
            found = actions.hand_in(placement, [(str(entry.uid), entry.version)], actor=request.user)
            for _when, reason in found.refused:
                form.add_error("work", str(reason))
    except StaleState as stale:
        return _day_page(request, placement, when, form=form, theirs=stale.obj)
    except Blocked as blocked:
        form.add_error(None, str(blocked.reason))
    except ValidationError as error:
        take_errors(form, error)
    if form.errors:
        return _day_page(request, placement, when, form=form)
    if pressed.startswith(("photo", "drop:")):
        here = reverse("internships:diary_day", args=[placement.uid, when.isoformat()])
        return redirect(f"{here}#photos")
    if pressed == "hand_in":
        messages.success(request, _("Handed in: %(day)s") % {"day": day_in_words(when)})
    else:
        messages.success(request, _("Saved. You can go on later, on any device."))
    return redirect(_week_url(placement, when))


def _save(request: HttpRequest, placement: Placement, when: date, form: DayForm) -> DiaryEntry | None:
    """Keep the words and the photo; a photo that is refused does not cost the words."""
    form.is_valid()
    if set(form.errors) - {"photo"}:
        return None
    version = form.cleaned_data.get("version") or 0
    entry = actions.write_day(placement, when, actor=request.user, version=version, **form.values())
    _photos(request, entry, form)
    return entry


def _photos(request: HttpRequest, entry: DiaryEntry, form: DayForm) -> None:
    """A photo is kept whatever button is pressed: a browser cannot fill a file field again."""
    verb, _colon, uid = str(request.POST.get("do", "")).partition(":")
    if verb == "drop":
        actions.remove_photo(entry, uid, actor=request.user)
    upload = form.cleaned_data.get("photo")
    if upload is not None:
        try:
            actions.add_photo(entry, upload, actor=request.user)
        except ValidationError as error:
            form.add_error("photo", error)
    elif verb == "photo" and "photo" not in form.errors:
        form.add_error("photo", _("Choose a file."))


def _take_back(request: HttpRequest, placement: Placement, when: date) -> HttpResponse:
    entry = _entry(placement, when)
    if entry is None:
        raise Http404
    actions.take_back(entry, actor=request.user)
    messages.success(request, _("Taken back: change the day and hand it in again."))
    return redirect("internships:diary_day", uid=placement.uid, day=when.isoformat())


@autosaving
def autosave(request: HttpRequest, uid: Any, day: str) -> JsonResponse:
    """The day as it is typed; the first letters begin it."""
    placement = _mine(request, uid)
    form = DayForm(request.POST)
    if not form.is_valid():
        return errors_of(form)
    version = form.cleaned_data.get("version") or 0
    try:
        entry = actions.write_day(placement, _day(day), actor=request.user, version=version, **form.values())
    except StaleState:
        detail = _("This day was changed in another window. What you typed here is kept on this device.")
        return refused(detail, 409)
    return saved(entry)


# Several days -----------------------------------------------------------------------------------------
@login_required
@require_POST
def hand_in(request: HttpRequest, uid: Any) -> HttpResponse:
    """The days of a week at once; those that cannot be handed in stay, with the reason."""
    placement = _mine(request, uid)
    seen = seen_of(request.POST)
    found = actions.hand_in(placement, seen, actor=request.user) if seen else DaysDone()
    if found.done:
        n = len(found.done)
        words = ngettext("Handed in: %(count)s day", "Handed in: %(count)s days", n)
        messages.success(request, words % {"count": n})
    for when, reason in found.refused:
        messages.warning(request, f"{day_in_words(when)}: {reason}")
    if not found.done and not found.refused:
        messages.info(request, _("Nothing was chosen."))
    when = found.done[0].date if found.done else found.refused[0][0] if found.refused else today()
    return redirect(_week_url(placement, when))


@login_required
@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest, uid: Any, day: str) -> HttpResponse:
    """The student says why there is nothing to write for a day."""
    placement, when = _mine(request, uid), _day(day)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["date"] = when.isoformat()
    form = AbsenceForm(data, initial={"date": when})
    if form.is_valid():
        c = form.cleaned_data
        try:
            actions.report_absence(placement, when, actor=request.user, reason=c["reason"], note=c["note"])
        except (Blocked, IllegalTransition) as error:
            form.add_error(None, str(error.reason))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Recorded: absent on %(day)s") % {"day": day_in_words(when)})
            return redirect(_week_url(placement, when))
    context = {
        "placement": placement,
        "day": when,
        "form": form,
        "back": _week_url(placement, when),
        "refusal": absence_refusal(placement, when),
    }
    status = 422 if form.is_bound else 200
    return render(request, "internships/diary/absence.html", context, status=status)
