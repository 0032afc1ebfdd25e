"""Who may do what here: small predicates over (user, object) that read as sentences."""

from typing import Any

from rules.predicates import predicate

from internships.enums import ProgrammeKind
from partnerships.directory.access import access_of, is_system
from partnerships.directory.enums import Role

__all__ = ["is_system"]


@predicate
def is_applicant(user: Any, application: Any) -> bool:
    person_id = access_of(user).person_id
    return person_id is not None and application.person_id == person_id


@predicate
def coordinates_applicant(user: Any, application: Any) -> bool:
    """The coordinator of the applicant's university; where it has none, the partnership manager."""
    access = access_of(user)
    if application.unit_id is None:
        return False
    if access.covers(application.unit.path, Role.COORDINATOR):
        return True
    return access.operates and application.university_id not in access.kept_universities


@predicate
def decides_application(user: Any, application: Any) -> bool:
    """Human resources of the company that runs the programme."""
    return access_of(user).covers(application.programme.host.path, Role.HR)


@predicate
def endorsement_required(user: Any, application: Any) -> bool:
    return application.programme.endorsement_required


@predicate
def is_practice(user: Any, application: Any) -> bool:
    return application.programme.kind == ProgrammeKind.PRACTICE


@predicate
def runs_programme(user: Any, programme: Any) -> bool:
    return access_of(user).covers(programme.host.path, Role.HR)


@predicate
def runs_interview(user: Any, interview: Any) -> bool:
    """Human resources of the company, or the one who asks the questions."""
    access = access_of(user)
    if access.person_id is not None and interview.interviewer_id == access.person_id:
        return True
    return access.covers(interview.application.programme.host.path, Role.HR)


@predicate
def may_score(user: Any, application: Any) -> bool:
    """Human resources, and whoever interviews the candidate."""
    access = access_of(user)
    if access.covers(application.programme.host.path, Role.HR):
        return True
    return access.person_id is not None and any(
        interview.interviewer_id == access.person_id for interview in application.interviews.all()
    )
