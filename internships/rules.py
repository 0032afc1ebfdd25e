"""Who may do what here: small predicates over (user, object) that read as sentences."""

from typing import Any

from rules.predicates import predicate

from internships.enums import EvaluationKind, ProgrammeKind
from partnerships.common.sharing import attached
from partnerships.directory.access import access_of, is_system
from partnerships.directory.enums import Role

__all__ = ["is_system"]


@predicate
def is_applicant(user: Any, application: Any) -> bool:
    person_id = access_of(user).person_id
    return person_id is not None and application.person_id == person_id


def _own_matter(user: Any, person_id: int | None) -> bool:
    """Whose matter it is, or who stands in for them: nobody decides on themselves, nor a deputy on whom they
    stand in for."""
    access = access_of(user)
    return person_id is not None and (person_id == access.person_id or person_id in access.holders)


@predicate
def coordinates_applicant(user: Any, application: Any) -> bool:
    """The coordinator of the applicant's university; where it has none, the partnership manager.

    Nobody vouches for themselves: a coordinator who studies leaves that to a colleague.
    """
    access = access_of(user)
    if application.unit_id is None or _own_matter(user, application.person_id):
        return False
    if access.covers(application.unit.path, Role.COORDINATOR):
        return True
    return access.operates and application.university_id not in access.kept_universities


@predicate
def decides_application(user: Any, application: Any) -> bool:
    """Human resources of the company that runs the programme; nobody decides on themselves."""
    if _own_matter(user, application.person_id):
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
def settles_agreements(user: Any, programme: Any) -> bool:
    """Who says under which agreements a programme stands: human resources or the partnership manager."""
    return access_of(user).covers(programme.host.path, Role.HR, Role.PARTNERSHIPS)


@predicate
def runs_interview(user: Any, interview: Any) -> bool:
    """Human resources of the company, or the one who asks the questions while still at that company.

    Never the candidate.
    """
    access = access_of(user)
    if access.person_id is None or _own_matter(user, interview.candidate_id):
        return False
    host = interview.application.programme.host
    return access.covers(host.path, Role.HR) or access.stands_for(interview.interviewer_id, host.root_id)


@predicate
def may_score(user: Any, application: Any) -> bool:
    """Human resources, and who interviews the candidate while still at that company; never the candidate."""
    access = access_of(user)
    if access.person_id is None or _own_matter(user, application.person_id):
        return False
    host = application.programme.host
    if access.covers(host.path, Role.HR):
        return True
    return any(
        access.stands_for(interview.interviewer_id, host.root_id)
        for interview in attached(application, "interviews")
    )


# A placement and what is written during it. Diary entries, absences, evaluations and the report each name
# their placement; a placement names itself.
def _placement(obj: Any) -> Any:
    return getattr(obj, "placement", obj)


@predicate
def is_placed(user: Any, obj: Any) -> bool:
    """The student whose practice it is."""
    person_id = access_of(user).person_id
    return person_id is not None and _placement(obj).person_id == person_id


@predicate
def runs_placement(user: Any, obj: Any) -> bool:
    """Human resources of the company where the practice takes place; nobody decides on themselves."""
    placement = _placement(obj)
    if _own_matter(user, placement.person_id):
        return False
    return access_of(user).covers(placement.host.path, Role.HR)


@predicate
def coordinates_placement(user: Any, obj: Any) -> bool:
    """The coordinator of the student's university; where it has none, the partnership manager."""
    placement = _placement(obj)
    access = access_of(user)
    if placement.university_id is None or _own_matter(user, placement.person_id):
        return False
    if access.covers(placement.faculty.path, Role.COORDINATOR):
        return True
    return access.operates and placement.university_id not in access.kept_universities


@predicate
def mentors_placement(user: Any, obj: Any) -> bool:
    """The mentor in the enterprise: signed in and still there, or behind the link made for this placement."""
    placement = _placement(obj)
    access = access_of(user)
    if access.person_id is None or placement.mentor_id is None or _own_matter(user, placement.person_id):
        return False
    if access.link:
        return access.person_id == placement.mentor_id and access.link == placement.link_scope
    return access.stands_for(placement.mentor_id, placement.host.root_id)


@predicate
def supervises_placement(user: Any, obj: Any) -> bool:
    """The supervisor whom the university named, while still there; in whose place nobody marks themselves."""
    placement = _placement(obj)
    access = access_of(user)
    if _own_matter(user, placement.person_id):
        return False
    roles = (Role.SUPERVISOR, Role.COORDINATOR, Role.LECTURER)
    return access.stands_for(placement.supervisor_id, placement.university_id, *roles)


@predicate
def writes_diary(user: Any, obj: Any) -> bool:
    """The student writes; nobody else in their name."""
    return is_placed(user, obj)


@predicate
def heads_unit(user: Any, obj: Any) -> bool:
    """The head of the unit where the practice takes place; nobody decides on themselves."""
    placement = _placement(obj)
    if _own_matter(user, placement.person_id):
        return False
    return access_of(user).covers(placement.unit.path, Role.UNIT_HEAD)


@predicate
def keeps_safety(user: Any, obj: Any) -> bool:
    """The safety engineer of the unit, or of what stands above it; nobody decides on themselves."""
    placement = _placement(obj)
    if _own_matter(user, placement.person_id):
        return False
    return access_of(user).covers(placement.unit.path, Role.SAFETY)


# Who lets in: records briefings, groups and what else the safety rules ask for.
admits_placement = runs_placement | heads_unit | keeps_safety
# Who prepares its contract; the keeper of the contract then is the one or the other.
prepares_contract = runs_placement | coordinates_placement
# Who may move the last day.
extends_placement = runs_placement | coordinates_placement
# Who keeps the days and absences straight: the mentor, who alone confirms and returns days, and the company's
# human resources, who enter what was signed on paper and decide on absences.
confirms_diary = mentors_placement | runs_placement
# Who may have the mentor's link mailed to the mentor; what it says, only the mentor reads.
sends_mentor_link = runs_placement | coordinates_placement | is_placed
# Who gives the university's mark.
assesses_placement = supervises_placement | coordinates_placement
marks_report = assesses_placement


@predicate
def gives_evaluation(user: Any, evaluation: Any) -> bool:
    """Each side gives its own; human resources may enter the mentor's from a signed paper."""
    return {
        EvaluationKind.MENTOR_MID: confirms_diary,
        EvaluationKind.MENTOR_FINAL: confirms_diary,
        EvaluationKind.UNIVERSITY: assesses_placement,
        EvaluationKind.STUDENT: is_placed,
    }[EvaluationKind(evaluation.kind)](user, evaluation)


@predicate
def reopens_evaluation(user: Any, evaluation: Any) -> bool:
    """Each side opens its own again, the student's is the student's."""
    return gives_evaluation(user, evaluation)


@predicate
def raised_concern(user: Any, concern: Any) -> bool:
    person_id = access_of(user).person_id
    return person_id is not None and concern.author_id == person_id


@predicate
def answers_concern(user: Any, concern: Any) -> bool:
    """The university's coordinator, and the company's human resources where the student wanted it to know;
    once the answer is late, the operator's partnership manager.

    Never the mentor, whatever else that person is: a concern goes past the mentor.
    """
    placement = concern.placement
    person_id = access_of(user).person_id
    mentors = {placement.mentor_id, concern.mentor_id}
    if person_id in {None, placement.person_id, *mentors} or mentors & access_of(user).holders:
        return False
    if coordinates_placement(user, placement):
        return True
    if access_of(user).manages_partners and placement.university_id is not None and concern.is_late:
        return True
    return concern.to_company and runs_placement(user, placement)
