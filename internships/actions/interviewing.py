"""Interviews: inviting, moving, holding."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships.actions.line import lock_applications
from internships.enums import ApplicationState
from internships.models import Application, Interview
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.directory.models import Person
from partnerships.seats import actions as seats
from partnerships.workflow.models import record


@transaction.atomic
def invite(
    application: Application,
    *,
    actor: Any,
    interviewer: Person,
    starts: datetime,
    ends: datetime,
    place: str = "",
    link: str = "",
    note: str = "",
) -> Interview:
    """Invite the candidate to a talk. Raises ValidationError when either person is busy at that time,
    it lies in the past, or neither a place nor a link says where."""
    application = lock_applications([application.pk])[0]
    APPLICATION.apply(application, "invite", actor=actor, note=note)
    seats.leave([application.pk])
    interview = Interview(
        application=application,
        candidate=application.person,
        interviewer=interviewer,
        starts=starts,
        ends=ends,
        place=place.strip(),
        link=link.strip(),
    )
    _check(interview)
    _save(interview)
    record(interview, "schedule", actor=actor, to_state=interview.state, note=note)
    return interview


def _check(interview: Interview) -> None:
    if interview.starts <= timezone.now():
        raise ValidationError({"starts": _("This time lies in the past.")})
    if not interview.place and not interview.link:
        raise ValidationError({"place": _("Say where: a room or a link.")})
    interview.full_clean()


def _save(interview: Interview) -> None:
    """The database has the last word when two schedule at once."""
    try:
        with transaction.atomic():
            interview.save()
    except IntegrityError as error:
        raise _clash(error) from error


def _clash(error: IntegrityError) -> ValidationError:
    if "candidate_in_one_place" in str(error):
        return ValidationError(_("The candidate has another interview at this time."), code="candidate_busy")
    if "interviewer_in_one_place" in str(error):
        return ValidationError(
            _("The interviewer has another interview at this time."), code="interviewer_busy"
        )
    raise error


def _fresh(interview: Interview) -> Interview:
    return Interview.objects.with_people().get(pk=interview.pk)


@transaction.atomic
def reschedule(
    interview: Interview,
    *,
    actor: Any,
    starts: datetime,
    ends: datetime,
    note: str,
    place: str = "",
    link: str = "",
) -> Interview:
    """Move a talk to another time, with the reason; the old time stays in the history."""
    interview = _fresh(interview)
    before = {
        "starts": interview.starts.isoformat(),
        "ends": interview.ends.isoformat(),
        "place": interview.place,
    }
    trial = _fresh(interview)
    trial.starts, trial.ends = starts, ends
    trial.place, trial.link = (place.strip() or interview.place, link.strip() or interview.link)
    _check(trial)
    try:
        with transaction.atomic():
            return INTERVIEW.apply(
                interview,
                "reschedule",
                actor=actor,
                note=note,
                data=before,
                starts=starts,
                ends=ends,
                place=trial.place,
                link=trial.link,
            )
    except IntegrityError as error:
        raise _clash(error) from error


@transaction.atomic
def hold_interview(interview: Interview, *, actor: Any, recommendation: str, note: str = "") -> Interview:
    """The talk took place; the application is the company's to decide again."""
    interview = _fresh(interview)
    INTERVIEW.apply(interview, "hold", actor=actor, note=note, recommendation=recommendation, active=False)
    _back_to_review(interview, actor)
    return interview


@transaction.atomic
def no_show(interview: Interview, *, actor: Any, note: str = "") -> Interview:
    interview = _fresh(interview)
    INTERVIEW.apply(interview, "no_show", actor=actor, note=note, active=False)
    _back_to_review(interview, actor)
    return interview


@transaction.atomic
def cancel_interview(interview: Interview, *, actor: Any, note: str) -> Interview:
    interview = _fresh(interview)
    INTERVIEW.apply(interview, "cancel", actor=actor, note=note, active=False)
    _back_to_review(interview, actor)
    return interview


def _back_to_review(interview: Interview, actor: Any) -> None:
    application = lock_applications([interview.application_id])[0]
    if application.state == ApplicationState.INTERVIEW:
        APPLICATION.apply(application, "interviewed", actor=actor, data={"interview": str(interview.uid)})
