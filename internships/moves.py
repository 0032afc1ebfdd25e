"""Whose move it is, by when, and the way so far and ahead, for everyone who looks at an application."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from internships import rules
from internships.enums import ApplicationState as A
from internships.enums import InterviewState
from internships.models import Application, Interview
from partnerships.common.clock import baku_date, day_in_words
from partnerships.seats.models import Waiting


@dataclass(frozen=True)
class Move:
    """mine: it is the viewer's move (amber). text says whose and what, detail what it depends on."""

    mine: bool
    text: str
    detail: str = ""
    due: datetime | None = None


@dataclass(frozen=True)
class StepShown:
    label: str
    state: str  # done | now | ""


def move_of(application: Application, user: Any) -> Move:
    """The strip at the head of an application, as `user` reads it."""
    mine = rules.is_applicant(user, application)
    university = rules.coordinates_applicant(user, application)
    company = rules.decides_application(user, application)
    due = application.due
    match A(application.state):
        case A.DRAFT:
            return _draft(application, mine)
        case A.RETURNED:
            text = (
                _("Your move: change what the university asks for and send again.")
                if mine
                else _("The student's move: it was returned for changes.")
            )
            return Move(mine, text, due=due)
        case A.SUBMITTED:
            words = {"university": application.university.short_name if application.university else ""}
            text = (
                _("Your move: endorse the student or return the application with a reason.")
                if university
                else _("The university's move: %(university)s") % words
            )
            return Move(university, text, _("Endorsement is promised by this time."), due)
        case A.IN_REVIEW:
            text = (
                _("Your move: send an offer, put on the waiting list, or refuse with a reason.")
                if company
                else _("The company's move: %(company)s") % {"company": application.programme.host.short_name}
            )
            return Move(company, text, _("An answer is promised by this time."), due)
        case A.INTERVIEW:
            return _interview(application, user, mine, company)
        case A.OFFERED:
            place = {"place": str(application.offered_vacancy.position.title)}
            text = (
                _("Your move: accept or decline the offer.")
                if mine
                else _("The student's move: an offer was sent.")
            )
            return Move(mine, text, _("Place: %(place)s") % place, due)
        case A.WAITLISTED:
            return Move(
                False,
                _("On the waiting list: the next free seat is offered by itself."),
                _until_the_start(application),
            )
        case _:
            return _settled(application)


def _draft(application: Application, mine: bool) -> Move:
    if not mine:
        return Move(False, _("The student is still writing this."))
    if application.programme.endorsement_required:
        text = _("Your move: finish the application and send it to your university.")
    else:
        text = _("Your move: finish the application and send it.")
    return Move(True, text, due=application.due)


def _interview(application: Application, user: Any, mine: bool, company: bool) -> Move:
    talk = scheduled(application)
    if talk is None:
        return Move(company, _("The company's move: set a time for the interview."), due=application.due)
    if talk.ends <= timezone.now():
        writes = rules.runs_interview(user, talk)
        text = (
            _("Your move: write up the interview.")
            if writes
            else _("The company's move: it writes up the interview.")
        )
        return Move(writes, text, due=application.due)
    text = _("Your move: come to the interview.") if mine else _("The candidate's move: the interview.")
    return Move(mine, text, _("Where: %(where)s") % {"where": talk.where}, talk.starts)


def scheduled(application: Application) -> Interview | None:
    """The talk that is still to come or to be written up."""
    return next((i for i in application.interviews.all() if i.state == InterviewState.SCHEDULED), None)


def _until_the_start(application: Application) -> str:
    place, starts = _place_in_line(application), application.due
    if starts is None:
        return place
    ends = _("The line closes on the day of the start: %(day)s.") % {"day": day_in_words(baku_date(starts))}
    return f"{place} {ends}".lstrip()


def _place_in_line(application: Application) -> str:
    sooner = Q(place__lt=OuterRef("place")) | Q(place=OuterRef("place"), created__lt=OuterRef("created"))
    before = Waiting.objects.filter(sooner, pool=OuterRef("pool")).order_by().values("pool")
    lines = Waiting.objects.filter(claimant=application.pk).annotate(
        ahead=Coalesce(Subquery(before.annotate(n=Count("pk")).values("n")), 0)
    )
    aheads = [line.ahead for line in lines]
    if not aheads:
        return ""
    ahead = min(aheads)
    if not ahead:
        return _("Nobody stands ahead in line.")
    return ngettext(
        "%(count)d candidate stands ahead in line.", "%(count)d candidates stand ahead in line.", ahead
    ) % {"count": ahead}


def _settled(application: Application) -> Move:
    text = {
        A.ACCEPTED: _("The offer is accepted and the seat is taken."),
        A.REFUSED: _("The company has decided: no place this time."),
        A.DECLINED: _("The offer was declined."),
        A.LAPSED: _("The offer was not answered in time and has lapsed."),
        A.WITHDRAWN: _("The practice was cancelled before it began; the seat was given back.")
        if hasattr(application, "placement")
        else _("The application is withdrawn."),
        A.NOT_ENDORSED: _("The university did not endorse the application."),
        A.NOT_SUBMITTED: _("The deadline passed before the application was sent."),
    }[A(application.state)]
    if application.state != A.ACCEPTED:
        return Move(False, text)
    day = {"day": day_in_words(application.offered_vacancy.period.starts)}
    return Move(False, text, _("Start: %(day)s. The company writes before that.") % day)


def steps_of(application: Application) -> list[StepShown]:
    """The row of steps: what is done, where it stands, what lies ahead.

    The interview is a step only while one may still come or when one was held: a decision made without
    one leaves it out, instead of calling it done.
    """
    # What went to a university stands there, also where the programme has ceased to ask for that.
    at_university = application.state in (A.SUBMITTED, A.NOT_ENDORSED)
    labels = application_labels(application.programme, endorsed=at_university)
    order = [state for state, _label in labels]
    reached = order.index(_milestone(application, order))
    over = application.state == A.ACCEPTED
    held = any(talk.state == InterviewState.HELD for talk in application.interviews.all())
    shown = []
    for index, (state, label) in enumerate(labels):
        passed = index < reached or over
        if state == A.INTERVIEW and passed and not held:
            continue
        done = passed or (state == A.INTERVIEW and held and index != reached)
        shown.append(StepShown(str(label), "done" if done else "now" if index == reached else ""))
    return shown


def application_labels(programme: Any, *, endorsed: bool = False) -> list[tuple[A, str]]:
    """The steps of an application to this programme, by the state that stands for each.

    endorsed  the university's step is one of them whatever the programme asks
    """
    labels = [(A.DRAFT, pgettext("step", "Application"))]
    if programme.endorsement_required or endorsed:
        labels.append((A.SUBMITTED, _("University's endorsement")))
    return [
        *labels,
        (A.IN_REVIEW, _("Assessment")),
        (A.INTERVIEW, _("Interview")),
        (A.OFFERED, pgettext("step", "Decision")),
        (A.ACCEPTED, pgettext("step", "Answer")),
    ]


def _milestone(application: Application, order: list[A]) -> A:
    """The step at which an application stands; an ended one stands where it ended."""
    state = A(application.state)
    if state in order:
        return state
    if state in (A.RETURNED, A.NOT_SUBMITTED):
        return A.DRAFT
    if state == A.NOT_ENDORSED:
        return A.SUBMITTED
    if state in (A.WAITLISTED, A.REFUSED):
        return A.OFFERED
    if state in (A.DECLINED, A.LAPSED):
        return A.ACCEPTED
    if application.reached_company_at:
        return A.IN_REVIEW
    return A.SUBMITTED if application.submitted_at and A.SUBMITTED in order else A.DRAFT
