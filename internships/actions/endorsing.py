"""What the university does: endorse, return, nominate."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.drafts import create_draft, number_of, set_choices, take_studies
from internships.actions.line import lock_applications
from internships.actions.questions import hold_asked
from internships.eligibility import snapshot
from internships.enums import ProgrammeKind
from internships.models import Application, NominationOrder, Programme, Vacancy
from internships.workflow import APPLICATION
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import as_actor
from partnerships.workflow.engine import ManyResult


@transaction.atomic
def endorse(application: Application, *, actor: Any, note: str = "") -> Application:
    """The university vouches for the student; the company sees the application from now on.

    An unconfirmed student is confirmed by the same act. Raises IllegalTransition, Refused, StaleState,
    or Blocked with its reason.
    """
    application = lock_applications([application.pk])[0]
    APPLICATION.apply(application, "endorse", actor=actor, note=note, reached_company_at=timezone.now())
    _confirm_students([application], actor)
    return application


@transaction.atomic
def endorse_many(
    applications: QuerySet[Application], *, actor: Any, note: str = ""
) -> ManyResult[Application]:
    """Endorse all of these that can be; the rest stay, each with its reason."""
    result = APPLICATION.apply_many(
        applications.with_rows(),  # type: ignore[attr-defined]
        "endorse",
        actor=actor,
        note=note,
        reached_company_at=timezone.now(),
    )
    _confirm_students(result.done, actor)
    return result


def _confirm_students(applications: Sequence[Application], actor: Any) -> None:
    from partnerships.directory import actions as directory

    for application in applications:
        affiliation = application.affiliation
        if affiliation is not None and affiliation.state in ("suggested", "requested"):
            directory.confirm_affiliation(affiliation, actor=actor)


def return_to_student(application: Application, *, actor: Any, note: str) -> Application:
    """Back to the student with what is to be changed; the deadline to apply no longer binds them then."""
    application = Application.objects.with_parties().get(pk=application.pk)
    return APPLICATION.apply(application, "return", actor=actor, note=note)


def return_many(applications: QuerySet[Application], *, actor: Any, note: str) -> ManyResult[Application]:
    return APPLICATION.apply_many(applications.with_rows(), "return", actor=actor, note=note)  # type: ignore[attr-defined]


def not_endorse(application: Application, *, actor: Any, note: str) -> Application:
    application = Application.objects.with_parties().get(pk=application.pk)
    return APPLICATION.apply(application, "not_endorse", actor=actor, note=note)


def reopen_endorsement(application: Application, *, actor: Any, note: str) -> Application:
    application = Application.objects.with_parties().get(pk=application.pk)
    return APPLICATION.apply(application, "reopen_endorsement", actor=actor, note=note)


def make_order(
    programme: Programme, university: Organization, *, number: str, day: date, actor: Any
) -> NominationOrder:
    """The university's order that nominates; the same number and date answer with the row that is there.

    Raises Refused to anyone but a coordinator of the university, Blocked for an open internship.
    """
    if programme.kind != ProgrammeKind.PRACTICE:
        raise Blocked(
            Refusal(
                _("Nobody is nominated for an open internship: students apply themselves."),
                code="not_practice",
            ),
            programme,
        )
    access = access_of(as_actor(actor).principal)
    coordinates = any(scope.root_id == university.pk for scope in access.of(Role.COORDINATOR))
    if not coordinates and not (access.operates and university.pk not in access.kept_universities):
        raise Refused(_("Only a coordinator of the university nominates its students."))
    order, _created = NominationOrder.objects.get_or_create(
        programme=programme,
        university=university,
        number=number.strip(),
        date=day,
        defaults={"made_by": as_actor(actor).user},
    )
    return order


@transaction.atomic
def nominate(
    person: Person,
    programme: Programme,
    vacancies: Sequence[Vacancy],
    *,
    order: NominationOrder,
    actor: Any,
    supervisor: Person | None = None,
    note: str = "",
) -> Application:
    """The university puts a student forward for practice, with the places in order of preference.

    A draft or sent application of the same student to the programme is taken up by the nomination.
    Raises Refused for another university's student, Blocked when a rule or deadline stands against it,
    IllegalTransition when the student already has an application further on.
    """
    hold_asked(programme)
    application = programme.applications.filter(person=person).first() or create_draft(programme, person)
    application = lock_applications([application.pk], choices=True)[0]
    take_studies(application)
    if vacancies:
        set_choices(application, vacancies)
        application = _reread(application)
    own = rules.coordinates_applicant(as_actor(actor).principal, application)  # else the table refuses
    if own and (order.programme_id, order.university_id) != (programme.pk, application.university_id):
        reason = _("This order is of another programme or university.")
        raise Blocked(Refusal(reason, code="foreign_order"), application)
    now = timezone.now()
    changes: dict[str, Any] = {
        "affiliation": application.affiliation,
        "unit": application.unit,
        "university": application.university,
        "order": order,
        "nominated_by": as_actor(actor).user,
        "supervisor": supervisor,
        "submitted_at": application.submitted_at or now,
        "reached_company_at": now,
        **number_of(application),
    }
    if application.study is not None:
        changes["eligibility"] = snapshot(application)
    return APPLICATION.apply(application, "nominate", actor=actor, note=note, **changes)


def _reread(application: Application) -> Application:
    taken = (application.affiliation, application.unit, application.university)
    application = Application.objects.with_choices().get(pk=application.pk)
    application.affiliation, application.unit, application.university = taken
    return application
