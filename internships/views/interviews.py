"""Interviews: inviting, the list of a day, moving, writing up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from internships import actions, reports, talks, worklists
from internships.forms.acts import ReasonForm
from internships.forms.deciding import take_errors
from internships.forms.interview import HoldForm, InviteForm, NoShowForm, RescheduleForm, TimeForm
from internships.history import DONE
from internships.models import Application, Interview
from internships.views import interview_lines
from internships.views.deciding import desk_url
from internships.views.interview_lines import columns as columns_for
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.bookings.reports import rooms_for
from partnerships.common.access import access
from partnerships.common.addresses import is_ours
from partnerships.common.clock import BAKU, add_working_days, today
from partnerships.common.days import day_asked
from partnerships.common.paging import page_links
from partnerships.common.refusals import Blocked, Refused
from partnerships.common.tables import drawn
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role

VERBS: dict[str, tuple[Callable[..., forms.Form], Callable[..., Any]]] = {
    "reschedule": (RescheduleForm, actions.reschedule),
    "hold": (HoldForm, actions.hold_interview),
    "no_show": (NoShowForm, actions.no_show),
    "cancel": (ReasonForm, actions.cancel_interview),
}
BUSY = {"interviewer_busy", "candidate_busy", "room_busy"}


def narrowed_by(params: QueryDict) -> talks.Narrowed:
    """To which hour and to whose talks an address narrows the day."""
    hour, who = params.get("hour", ""), params.get("who", "")
    try:
        found = talks.Narrowed(int(hour) if hour else None, UUID(who) if who else None)
    except ValueError as error:
        raise Http404 from error
    if found.hour is not None and not 0 <= found.hour < 24:
        raise Http404
    return found


@require_safe
@login_required
def interviews(request: HttpRequest) -> HttpResponse:
    """The talks of one day: the company's for its human resources, one's own for an interviewer."""
    if not worklists.works_on_applications(request.user):
        raise Refused(_("Interviews are seen by those who hold them."))
    day, narrowed = day_asked(request.GET.get("day", "")), narrowed_by(request.GET)
    found, columns = talks.talks_of(request.user, day, request.GET, narrowed), columns_for(request.user)
    days = talks.days_with(request.user, today())
    words = ngettext("%(count)s interview", "%(count)s interviews", found.count) % {"count": found.count}
    context = {
        "day": day,
        "talks": found.page.rows,
        "chosen": narrowed,
        "narrowed": narrowed != talks.Narrowed(),
        "cleared": interview_lines.to_day(request.GET)(day.isoformat()),
        "columns": columns,
        "rows": drawn(found.page.rows, columns),
        "hours": interview_lines.hours(found, request.GET, narrowed) if found.people else "",
        "people": interview_lines.people(found.people, narrowed),
        "pages": page_links(request.GET, found.page, words),
        "days": days,
        "strip": interview_lines.days(days, day, request.GET),
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "is_today": day == today(),
        "company": access_of(request.user).has(Role.HR),
    }
    return render(request, "internships/interviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Invite a candidate; a time that is taken is refused with the nearest that is free."""
    application = access(Application.objects.with_rows(), uid, request.user, APPLICATION.may("invite"))
    people = reports.people_of(application.programme.host)
    back = _back(request, application)
    initial = {
        "interviewer": access_of(request.user).person_id,
        "day": add_working_days(today(), 3),
        "start": "10:00",
    }
    form = InviteForm(request.POST or None, people=people, rooms=rooms_for(request.user), initial=initial)
    free: list[datetime] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.invite(
                application,
                actor=request.user,
                interviewer=values["interviewer"],
                note=values["note"],
                **form.times(),
            )
        except ValidationError as error:
            if BUSY & set(_codes(error)):
                free = _free(form, (values["interviewer"].pk, application.person_id))
            _renamed(form, error)
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            messages.success(request, _("Invited: %(name)s") % {"name": application.person.name})
            return redirect(back)
    status = 422 if form.is_bound and form.errors else 200
    found = next((f for f in APPLICATION.available(application, request.user) if f.name == "invite"), None)
    context = {
        "application": application,
        "form": form,
        "free": free,
        "back": back,
        "refusal": None
        if found and not found.refusal
        else found.refusal
        if found
        else APPLICATION.not_due(application),
    }
    return render(request, "internships/interview_form.html", context, status=status)


def _free(form: TimeForm, people: tuple[int, int], moved: Interview | None = None) -> list[datetime]:
    values = form.cleaned_data
    return reports.free_times(
        people,
        values["day"],
        values["minutes"],
        near=form.starts,
        leave_out=moved.pk if moved else None,
        room=values.get("room"),
        booking=moved.booking_id if moved else None,
    )


def _codes(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [str(found.code) for errors in error.error_dict.values() for found in errors]
    return [str(found.code) for found in error.error_list]


def _renamed(form: TimeForm, error: ValidationError) -> None:
    """Errors of the action on the fields of the form; a clash belongs to the time."""
    if set(_codes(error)) & BUSY:
        form.add_error("start", list(error.messages))
        return
    if hasattr(error, "error_dict"):
        error = ValidationError(
            {form.RENAMED.get(name, name): found for name, found in error.error_dict.items()}
        )
    take_errors(form, error)


def _back(request: HttpRequest, application: Application) -> str:
    """The desk or list that led here, else the application."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    if wanted == "desk":
        return desk_url(application.programme)
    return wanted if is_ours(wanted) else application.get_absolute_url()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def interview(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Move a talk, write it up, note that nobody came, or cancel it."""
    if verb not in VERBS:
        raise Http404
    talk = access(Interview.objects.with_people(), uid, request.user, INTERVIEW.may(verb))
    make, act = VERBS[verb]
    form = make(request.POST) if request.method == "POST" else make(**_initial(talk, verb))
    if isinstance(form, TimeForm):
        form.offer_rooms(rooms_for(request.user), talk.room)
    back = f"{reverse('internships:interviews')}?day={talk.starts.astimezone(BAKU).date().isoformat()}"
    free: list[datetime] = []
    if form.is_bound and form.is_valid():
        try:
            act(talk, actor=request.user, **_arguments(form))
        except ValidationError as error:
            if isinstance(form, TimeForm):
                if BUSY & set(_codes(error)):
                    free = _free(form, (talk.interviewer_id, talk.candidate_id), talk)
                _renamed(form, error)
            else:
                take_errors(form, error)
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            words = {"name": talk.candidate.name, "done": DONE[verb]}
            messages.success(request, _("%(done)s: %(name)s") % words)
            return redirect(back)
    found = next((f for f in INTERVIEW.available(talk, request.user) if f.name == verb), None)
    if found is None and not form.is_bound:
        messages.info(request, INTERVIEW.not_due(talk))
        return redirect(talk.application)
    context = {
        "talk": talk,
        "verb": INTERVIEW[verb],
        "form": form,
        "free": free,
        "back": back,
        "refusal": found.refusal if found else INTERVIEW.not_due(talk),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "internships/interview_verb.html", context, status=status)


def _initial(talk: Interview, verb: str) -> dict[str, Any]:
    if verb != "reschedule":
        return {}
    local = talk.starts.astimezone(BAKU)
    minutes = int((talk.ends - talk.starts).total_seconds() // 60)
    return {
        "initial": {
            "day": local.date(),
            "start": local.strftime("%H:%M"),
            "minutes": minutes,
            "room": talk.room,
            "place": "" if talk.room else talk.place,
            "link": talk.link,
        }
    }


def _arguments(form: forms.Form) -> dict[str, Any]:
    if isinstance(form, TimeForm):
        return {**form.times(), "note": form.cleaned_data["note"]}
    return dict(form.cleaned_data)
