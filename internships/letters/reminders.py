"""Which deadline reminds whom, and when."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from internships.enums import ApplicationState, ProgrammeState
from internships.letters.audiences import applicant, company, coordinators, talkers
from internships.letters.changes import APPLICATION, words
from internships.models import Application, Interview, Programme
from partnerships.calls.models import Deadline, Step
from partnerships.common.clock import moment_in_words
from partnerships.common.letters import reminders_of
from partnerships.directory.reports import partnership_managers


def _due_rows(step: str, *states: str) -> Callable[[], Any]:
    """Applications in these states, with the moment of the call's step as `due_at`."""

    def rows() -> Any:
        return Application.objects.filter(state__in=states).annotate(due_at=_moment(step)).with_rows()

    return rows


def _moment(step: str) -> Subquery:
    return Subquery(Deadline.objects.filter(call=OuterRef("programme__call"), step=step).values("at")[:1])


def _drafts() -> Any:
    """Drafts with the moment by which they are to be sent: for who was let in late, the end of the code."""
    drafts = Application.objects.filter(state=ApplicationState.DRAFT).with_late()
    closes = drafts.annotate(closes=_moment(Step.APPLY))
    late = When(closes__lt=timezone.now(), late_until__isnull=False, then=F("late_until"))
    return closes.annotate(due_at=Case(late, default=F("closes"))).with_rows()


def _reminder_words(application: Any) -> dict[str, Any]:
    return {**words(None, application), "when": moment_in_words(application.due_at)}


def _unendorsed() -> Any:
    """Programmes with applications that wait at a university, with the moment by which it was to endorse."""
    moment = Deadline.objects.filter(call=OuterRef("call"), step=Step.ENDORSE).values("at")[:1]
    waiting = Application.objects.filter(programme=OuterRef("pk"), state=ApplicationState.SUBMITTED)
    rows = Programme.objects.filter(Exists(waiting), state=ProgrammeState.PUBLISHED)
    return rows.annotate(due_at=Subquery(moment)).with_call()


def _unendorsed_words(programme: Any) -> dict[str, Any]:
    """Universities and numbers, no student: whoever is told does not see their applications."""
    waiting = programme.applications.filter(state=ApplicationState.SUBMITTED, university__isnull=False)
    counts = Counter(application.university for application in waiting.select_related("university"))
    names = sorted((university.short_name, number) for university, number in counts.items())
    return {
        "programme": programme.title,
        "company": programme.host.short_name,
        "when": moment_in_words(programme.due_at),
        "universities": ", ".join(f"{name} ({number})" for name, number in names),
    }


DAY = timedelta(days=1)


_reminder = reminders_of(
    "internships",
    model=APPLICATION,
    due="due_at",
    context=_reminder_words,
    action=_("Open the application"),
)


REMINDERS = [
    _reminder(
        "remind_draft",
        _drafts,
        (3 * DAY, DAY),
        lambda application, _offset: applicant(None, application),
        _("Send by %(when)s: %(programme)s"),
        _("Your application is still a draft."),
        _("Reminder: my draft is not sent"),
    ),
    _reminder(
        "remind_endorse",
        _due_rows(Step.ENDORSE, ApplicationState.SUBMITTED),
        (3 * DAY, DAY, -DAY),
        lambda application, _offset: coordinators(None, application),
        _("Endorse by %(when)s: %(person)s"),
        _(
            "Programme: %(programme)s. University: %(university)s. "
            "The student waits for the university's answer."
        ),
        _("Reminder: endorsements"),
    ),
    # Late, it is escalated: to people who may not see the application, so it is told by number.
    _reminder(
        "escalate_endorse",
        _unendorsed,
        (-DAY,),
        lambda _programme, _offset: partnership_managers(),
        _("Endorsements are late: %(programme)s"),
        _(
            "Company: %(company)s. The universities were to answer by %(when)s. "
            "Applications still wait at: %(universities)s. Please remind their coordinators."
        ),
        _("Escalation: endorsements are late"),
        model="internships.Programme",
        context=_unendorsed_words,
        url=lambda programme: programme.get_absolute_url(),
        action=_("Open the programme"),
    ),
    _reminder(
        "remind_decide",
        _due_rows(Step.DECIDE, ApplicationState.IN_REVIEW, ApplicationState.INTERVIEW),
        (3 * DAY, DAY, -DAY),
        lambda application, _offset: company(None, application),
        _("Answer promised by %(when)s: %(person)s"),
        _("Programme: %(programme)s. The student was promised an answer by this time."),
        _("Reminder: decisions"),
    ),
    _reminder(
        "remind_answer",
        lambda: (
            Application.objects.filter(state=ApplicationState.OFFERED)
            .annotate(due_at=F("offer_expires"))
            .with_rows()
        ),
        (2 * DAY, DAY),
        lambda application, _offset: applicant(None, application),
        _("Answer by %(when)s: the offer of %(company)s"),
        _("Place: %(place)s, %(unit)s. After this time the seat goes to the next in line."),
        _("Reminder: an offer waits for my answer"),
    ),
    _reminder(
        "remind_interview",
        lambda: Interview.objects.filter(active=True).annotate(due_at=F("starts")).with_people(),
        (DAY, timedelta(hours=2)),
        lambda interview, _offset: talkers(None, interview),
        _("Interview on %(when)s: %(person)s"),
        _("Where: %(where)s"),
        _("Reminder: interviews"),
        model="internships.Interview",
        context=lambda interview: {
            "when": moment_in_words(interview.starts),
            "person": interview.candidate.name,
            "where": " ".join(part for part in (interview.place_in_words, interview.link) if part),
        },
    ),
]
