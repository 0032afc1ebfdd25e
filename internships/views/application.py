"""An application's page, shared by everyone who may see it, and its verbs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from internships import eligibility, rules
from internships.actions.applying import rivals
from internships.enums import ApplicationState, InterviewState
from internships.forms.acts import ActForm
from internships.history import asked_to_change, history_of, why_refused
from internships.models import Application, Interview, Placement
from internships.moves import move_of, steps_of
from internships.placement_moves import steps_of_placement
from internships.placement_reports import practices_meanwhile
from internships.views.acts import ACTS, COMPANY, INTERVIEW_ACTS, Act, Button, buttons
from internships.views.commission import commission_of
from internships.views.desk_forms import assess_fields, own_of
from internships.views.parts import Rule, answers_told, chip_kind, rules_of
from internships.whole_application import marks_of, skills_of, whole_application
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.calls.models import Step as Deadline
from partnerships.common import ical
from partnerships.common.access import access, demand
from partnerships.common.addresses import asked_next
from partnerships.common.refusals import Blocked, Missing
from partnerships.directory.door import is_seen, key_seen
from partnerships.documents.enums import DocumentKind

SENDING = ("submit", "submit_open")


@dataclass(frozen=True)
class Step:
    label: str
    state: str


@dataclass(frozen=True)
class ChoiceShown:
    choice: Any
    rules: list[Rule]
    offered: bool

    @property
    def unmet(self) -> list[Rule]:
        return [rule for rule in self.rules if not rule.ok]


@dataclass(frozen=True)
class Talk:
    """An interview with what its reader may do about it."""

    interview: Interview
    kind: str
    buttons: list[Button]


@login_required
@require_GET
def application(request: HttpRequest, uid: UUID) -> HttpResponse:
    user = request.user
    found = whole_application(key_seen(Application, uid, user))
    candidate = rules.is_applicant(user, found)
    company = rules.may_score(user, found)
    move = move_of(found, user)
    interviews = list(found.interviews.all())
    state = APPLICATION.public_label(found.state) if candidate else found.get_state_display()
    answers = eligibility.answers_of(found)
    history = history_of(found, interviews, candidate=candidate, company=company)
    context = {
        "application": found,
        "programme": found.programme,
        "candidate": candidate,
        "company": company,
        "state": state,
        "state_kind": chip_kind(found.state, move.mine),
        "move": move,
        "asked": (asked_to_change(found) or why_refused(found, history)) if candidate else "",
        "steps": _steps(found),
        "buttons": buttons(APPLICATION.available(found, user), ACTS | COMPANY, _verb_url(found)),
        "draft_url": _draft_url(found) if candidate else "",
        "changeable_until": _changeable_until(found) if candidate else None,
        "practice_url": _practice_url(found, user),
        "choices": [_choice(choice, found, answers, own=candidate) for choice in found.choices.all()],
        "drift": eligibility.drift(found) if found.reached_company_at else [],
        "answers": answers_told(found),
        "documents": [row for row in found.documents.all() if row.kind != DocumentKind.ANSWER],
        "skills": skills_of(found),
        "talks": _talks(interviews, user) if candidate or company else [],
        "history": history,
        **(_assessments(found, user) if company else {}),
        "commission": commission_of(found, user) if company and found.has_commission else None,
    }
    return render(request, "internships/application.html", context)


def _steps(found: Application) -> list[Step]:
    """The row of steps, those of the practice once there is one; where an application has ended against the
    student's wish, that step is marked."""
    if found.state == ApplicationState.ACCEPTED and hasattr(found, "placement"):
        return [Step(step.label, step.state) for step in steps_of_placement(found.placement)]
    ended = found.state in (
        ApplicationState.REFUSED,
        ApplicationState.NOT_ENDORSED,
        ApplicationState.LAPSED,
        ApplicationState.DECLINED,
        ApplicationState.WITHDRAWN,
        ApplicationState.NOT_SUBMITTED,
    )
    names = {"done": "done", "now": "off" if ended else "now", "": ""}
    return [Step(step.label, names[step.state]) for step in steps_of(found)]


def _practice_url(found: Application, user: Any) -> str:
    """Where it goes on once the offer is accepted, for those who may see it."""
    if found.state != ApplicationState.ACCEPTED:
        return ""
    practice = getattr(found, "placement", None)
    return practice.get_absolute_url() if practice and is_seen(Placement, practice.uid, user) else ""


def _verb_url(found: Application) -> Any:
    return lambda verb: reverse("internships:act", args=[found.uid, verb])


def _draft_url(found: Application) -> str:
    if found.state in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        return reverse("internships:draft", args=[found.uid])
    return ""


def _changeable_until(found: Application) -> datetime | None:
    """Until when the student can still take back what was sent, change it and send it again."""
    call = found.programme.call
    sent = found.state in (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)
    alone = found.programme.students_apply and found.order_id is None
    return call.at(Deadline.APPLY) if sent and alone and call.is_open() else None


def _choice(choice: Any, found: Application, answers: Any, *, own: bool) -> ChoiceShown:
    checked = rules_of(eligibility.checks(choice.vacancy.position, found, own=own, answers=answers))
    return ChoiceShown(choice, checked, choice.vacancy_id == found.offered_vacancy_id)


def _talks(interviews: list[Interview], user: Any) -> list[Talk]:
    kinds = {InterviewState.SCHEDULED: "on", InterviewState.HELD: "good", InterviewState.NO_SHOW: "bad"}
    return [
        Talk(
            interview,
            kinds.get(InterviewState(interview.state), ""),
            buttons(
                INTERVIEW.available(interview, user),
                INTERVIEW_ACTS,
                lambda verb, interview=interview: reverse(
                    "internships:interview", args=[interview.uid, verb]
                ),
                primary=False,
            ),
        )
        for interview in reversed(interviews)
    ]


def _assessments(found: Application, user: Any) -> dict[str, Any]:
    """The company's own card; for anybody else it is not there, not even empty."""
    given = marks_of(found)
    return {"assessments": given, "assess_fields": assess_fields(own_of(given, user))}


# Verbs ----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """GET asks what the verb needs, POST does it; nothing runs but what the table of acts names."""
    if verb in SENDING:
        access(Application, uid, request.user, rules.is_applicant)
        return redirect("internships:check", uid=uid)
    if verb in COMPANY:
        return COMPANY[verb](request, uid=uid)
    if verb not in ACTS:
        raise Http404
    may = APPLICATION.may(verb)
    # What a verb looks at it reads afresh under its lock; the page that asks for it shows more. Who applied
    # stands in the row itself: many students press at once when places are given out.
    if request.method == "POST":
        own = may is rules.is_applicant
        rows = Application.objects.all() if own else Application.objects.with_parties()
        found = access(rows, uid, request.user, may)
    else:
        found = whole_application(key_seen(Application, uid, request.user))
        demand(request.user, found, may)
    return _act(request, found, ACTS[verb], verb)


def _act(request: HttpRequest, found: Application, done: Act, verb: str) -> HttpResponse:
    form = _form(request, done, found)
    if request.method == "GET":
        return _ask(request, done, verb, found, form)
    if form.is_valid():
        try:
            done.run(found, request.user, form.values())
        except ValidationError as error:
            form.refuse(error)
        except Missing as missing:
            form.add_error(missing.field if missing.field in form.fields else None, str(missing.reason))
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        else:
            messages.success(request, str(done.done))
            return redirect(_after(request, verb, found))
    return _ask(request, done, verb, whole_application(found.pk), form)


def _after(request: HttpRequest, verb: str, found: Application) -> str:
    resumed = reverse("internships:draft", args=[found.uid]) if verb == "resume" else ""
    return asked_next(request, resumed or found.get_absolute_url())


def _form(request: HttpRequest, done: Act, found: Application) -> ActForm:
    posted = request.POST if request.method == "POST" else None
    return done.form(posted, subject=found, user=request.user)


def _ask(request: HttpRequest, done: Act, verb: str, found: Application, form: ActForm) -> HttpResponse:
    """The page of a verb: what follows from it, what it needs, and the one button."""
    offered = next((item for item in APPLICATION.available(found, request.user) if item.name == verb), None)
    if offered is None:
        messages.info(request, APPLICATION.not_due(found))
        return redirect(found)
    context = {
        "application": found,
        "offered": offered,
        "intro": done.intro,
        "form": form,
        "back": found.get_absolute_url(),
        "next": asked_next(request, ""),
        "candidate": rules.is_applicant(request.user, found),
        "rivals": rivals(found) if verb == "accept" else [],
        "already": practices_meanwhile(found) if verb == "accept" else [],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "internships/act.html", context, status=status)


# Calendar -------------------------------------------------------------------------------------------


@login_required
@require_GET
def interview_ics(request: HttpRequest, uid: str) -> HttpResponse:
    """The interview for the calendar of who takes part; a later file replaces the event of an earlier one."""
    interview = access(Interview.objects.with_people(), uid, request.user)
    people = {"candidate": interview.candidate.name, "interviewer": interview.interviewer.name}
    event = ical.event(
        # The same as in the calendar feed: whoever takes the file and the feed has one event, not two.
        f"interview-{interview.uid}",
        interview.starts,
        interview.ends,
        changed=interview.updated,
        sequence=interview.version,
        status="CANCELLED" if interview.state == InterviewState.CANCELLED else "CONFIRMED",
        summary=_("Interview: %(company)s") % {"company": interview.application.programme.host.short_name},
        location=interview.where,
        path=interview.get_absolute_url(),
    )
    event.add("description", _("Candidate: %(candidate)s. Interviewer: %(interviewer)s.") % people)
    return ical.file_of(event, "Internships", "interview.ics")
