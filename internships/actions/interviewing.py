"""Interviews: inviting, moving, holding."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships.actions.line import free_room, lock_applications
from internships.enums import ApplicationState
from internships.models import Application, Interview
from internships.models.kept_apart import who_meet
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.bookings import actions as bookings
from partnerships.bookings.models import Booking, Thing
from partnerships.common.addresses import within
from partnerships.directory.models import Person
from partnerships.seats import actions as seats
from partnerships.workflow.models import record

SAME = object()  # the room stays


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
    room: Thing | None = None,
) -> Interview:
    """Invite the candidate to a talk; `room` is then held for it. Raises ValidationError when either person
    is busy at that time or the room taken, it lies in the past, nothing says where, or the interviewer has a
    conflict of interest."""
    application = lock_applications([application.pk])[0]
    APPLICATION.demand(application, "invite", actor=actor)
    if not who_meet(application, [interviewer]):
        why = _("This person has a conflict of interest with the candidate. Choose somebody else.")
        raise ValidationError({"interviewer": why})
    APPLICATION.apply(application, "invite", actor=actor, note=note)
    seats.leave([application.pk])
    interview = Interview(
        application=application,
        candidate=application.person,
        programme=application.programme,
        interviewer=interviewer,
        starts=starts,
        ends=ends,
        link=link.strip(),
        **_place(place, room),
    )
    _check(interview)
    if room is not None:
        interview.booking = _hold_room(interview, room, actor)
    _save(interview)
    record(interview, "schedule", actor=actor, to_state=interview.state, note=note)
    return interview


def _check(interview: Interview) -> None:
    if interview.starts <= timezone.now():
        raise ValidationError({"starts": _("This time lies in the past.")})
    if not interview.place and not interview.link:
        raise ValidationError({"place": _("Say where: a room or a link.")})
    interview.full_clean()


def _place(typed: str, room: Thing | None) -> dict[str, str]:
    """What was typed; else the room: what it is called, and where that is, in both languages."""
    if typed.strip() or room is None or room.top is None:
        return {"place": typed.strip(), "place_en": ""}
    names = {"place": f"{room.name}, {room.top.name}"[:200]}
    english = (room.name_en or room.name, room.top.name_en or room.top.name)
    return {**names, "place_en": ", ".join(english)[:200] if room.name_en or room.top.name_en else ""}


def _hold_room(interview: Interview, room: Thing, actor: Any) -> Booking:
    """The room for the time of the talk. Others see that it is taken, not for whom."""
    try:
        return bookings.book(
            [room],
            actor=actor,
            starts=interview.starts,
            ends=interview.ends,
            title="Müsahibə",
            title_en="Interview",
            holder=interview.interviewer,
            private=True,
            belongs_to="internships.interview",
            belongs_url=within(interview.get_absolute_url()),
        )
    except ValidationError as error:
        raise _room_refused(error) from error


def _room_refused(error: ValidationError) -> ValidationError:
    """What the room does not allow, on the room; that it is taken, as a clash like that of people."""
    if isinstance(error, bookings.Taken):
        return ValidationError(_("The room is taken at this time."), code="room_busy")
    return ValidationError({"room": error.messages})


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
    room: Any = SAME,
) -> Interview:
    """Move a talk to another time, with the reason; the old time stays in the history.

    room    the one that it is held in from now on, None for none; unless named it stays and moves with it
    """
    interview = _fresh(interview)
    room = interview.room if room is SAME else room
    before = {
        "starts": interview.starts.isoformat(),
        "ends": interview.ends.isoformat(),
        "place": interview.place,
    }
    trial = _fresh(interview)
    trial.starts, trial.ends = starts, ends
    trial.link = link.strip() or interview.link
    if place.strip() or room != interview.room:
        named = _place(place, room)
        trial.place, trial.place_en = named["place"], named["place_en"]
    _check(trial)
    booking = _move_room(trial, room, actor)
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
                place_en=trial.place_en,
                link=trial.link,
                booking=booking,
            )
    except IntegrityError as error:
        raise _clash(error) from error


def _move_room(trial: Interview, room: Thing | None, actor: Any) -> Booking | None:
    """The same room at the new time, another one, or none any more."""
    if trial.booking is not None and room is not None and room == trial.room:
        try:
            return bookings.follow(trial.booking, starts=trial.starts, ends=trial.ends)
        except ValidationError as error:
            raise _room_refused(error) from error
    free_room(trial)
    return _hold_room(trial, room, actor) if room is not None else None


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
    free_room(interview)
    _back_to_review(interview, actor)
    return interview


def _back_to_review(interview: Interview, actor: Any) -> None:
    application = lock_applications([interview.application_id])[0]
    if application.state == ApplicationState.INTERVIEW:
        APPLICATION.apply(application, "interviewed", actor=actor, data={"interview": str(interview.uid)})
