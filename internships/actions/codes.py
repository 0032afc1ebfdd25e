"""Invited late: a company makes access codes, a student who has one applies after the deadline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from internships.actions.applying import EDITABLE
from internships.actions.drafts import create_draft, set_choices
from internships.actions.line import lock_applications
from internships.actions.programmes import must_run
from internships.conditions import NOMINATED_ONLY
from internships.enums import ApplicationState, ProgrammeState
from internships.models import Application, Programme
from internships.workflow import APPLICATION
from partnerships.calls import actions as calls
from partnerships.calls.models import AccessCode, Step
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory.models import Person
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

RESUMABLE = frozenset({ApplicationState.WITHDRAWN, ApplicationState.NOT_SUBMITTED})

CLOSED = Refusal(gettext_lazy("This programme takes no applications any more."), code="closed")


@transaction.atomic
def make_access_code(
    programme: Programme, *, actor: Any, note: str, expires: datetime, uses: int = 1
) -> tuple[AccessCode, str]:
    """A code for whom the company invites after the deadline to apply, and what it reads; it ends before the
    company's own deadline. Raises Blocked for a programme that is not public."""
    must_run(programme, actor)
    if programme.state != ProgrammeState.PUBLISHED or not programme.students_apply:
        raise Blocked(CLOSED if programme.students_apply else NOMINATED_ONLY, programme)
    code, text = calls.make_code(
        programme.call,
        Step.APPLY,
        actor=actor,
        note=note,
        expires=expires,
        uses=uses,
        latest=programme.call.at(Step.DECIDE),
    )
    record(programme, "make_code", actor=actor, data={"code": code.hint, "for": note, "uses": uses})
    return code, text


@transaction.atomic
def revoke_access_code(programme: Programme, code: AccessCode, *, actor: Any) -> None:
    """Nobody applies by it any more, nor sends what was begun by it."""
    must_run(programme, actor)
    calls.revoke_code(code, actor=actor)
    record(programme, "revoke_code", actor=actor, data={"code": code.hint})


@transaction.atomic
def enter_by_code(programme: Programme, text: str, *, actor: Any) -> Application:
    """The draft of the actor's application, opened by an access code though the deadline has passed: a new
    one, the one that is there, or the one that was withdrawn or not sent in time.

    Raises Blocked for a code that opens nothing (see calls.redeem), once the application was sent, and where
    the programme takes nobody any more; Refused without a person.
    """
    by = as_actor(actor)
    person = Person.objects.filter(pk=by.person_id).first()
    if person is None:
        raise Refused(_("Complete your profile first."))
    if not programme.students_apply:
        raise Blocked(NOMINATED_ONLY, programme)
    call = programme.call
    if programme.state != ProgrammeState.PUBLISHED or call.passed(Step.DECIDE) or not call.passed(Step.APPLY):
        open_now = programme.state == ProgrammeState.PUBLISHED and not call.passed(Step.APPLY)
        reason = _("The deadline has not passed: apply without a code.")
        raise Blocked(Refusal(reason, code="still_open") if open_now else CLOSED, programme)
    found = programme.applications.filter(person=person).first()
    is_new = found is None
    found = found or create_draft(programme, person)
    application = lock_applications([found.pk])[0]
    if application.state not in EDITABLE | RESUMABLE:
        reason = _("This application has been sent; it can no longer be changed.")
        raise Blocked(Refusal(reason, code="sent"), application)
    code = calls.redeem(call, Step.APPLY, text, application, actor=actor)
    if is_new:
        _take_the_only_place(application)
        record(application, "start", actor=by, to_state=application.state)
    record(application, "enter_by_code", actor=by, data=told_of(code))
    if application.state in RESUMABLE:
        APPLICATION.apply(application, "resume", actor=actor)
    return application


def _take_the_only_place(application: Application) -> None:
    """Where there is nothing to choose from, it is chosen; a place to apply to names itself otherwise."""
    places = list(application.programme.vacancies()[:2])
    if len(places) == 1:
        set_choices(application, places)


def told_of(code: AccessCode) -> dict[str, Any]:
    """What the history keeps of a code: its last signs and who made it."""
    return {"code": code.hint, "made_by": str(code.made_by.display_name)}
