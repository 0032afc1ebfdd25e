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
    """The coordinator of the applicant's university; where it has none, the partnership manager.

    Nobody vouches for themselves: a coordinator who studies leaves that to a colleague.
    """
    access = access_of(user)
    if application.unit_id is None or is_applicant(user, application):
        return False
    if access.covers(application.unit.path, Role.COORDINATOR):
        return True
    return access.operates and application.university_id not in access.kept_universities


@predicate
def decides_application(user: Any, application: Any) -> bool:
    """Human resources of the company that runs the programme; nobody decides on themselves."""
    if is_applicant(user, application):
        return False
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
    """Human resources of the company, or the one who asks the questions while still at that company.

    Never the candidate.
    """
    access = access_of(user)
    if access.person_id is None or interview.candidate_id == access.person_id:
        return False
    host = interview.application.programme.host
    if interview.interviewer_id == access.person_id and host.root_id in access.workplaces:
        return True
    return access.covers(interview.application.programme.host.path, Role.HR)


@predicate
def may_score(user: Any, application: Any) -> bool:
    """Human resources, and who interviews the candidate while still at that company; never the candidate."""
    access = access_of(user)
    if access.person_id is None or is_applicant(user, application):
        return False
    host = application.programme.host
    if access.covers(host.path, Role.HR):
        return True
    return host.root_id in access.workplaces and any(
        interview.interviewer_id == access.person_id for interview in application.interviews.all()
    )
