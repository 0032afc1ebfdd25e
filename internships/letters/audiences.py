"""Who is concerned by what happens to an application, a programme or an interview."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from internships.enums import OPEN_STATES
from internships.models.kept_apart import who_meet
from partnerships.common.letters import told_as
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person
from partnerships.directory.reports import partnership_managers, people_at


@told_as(_("as the candidate"))
def applicant(change: Any, application: Any) -> Iterable[Person]:
    return Person.objects.filter(pk=application.person_id).select_related("user")


@told_as(_("as coordinator of the university"))
def coordinators(change: Any, application: Any) -> Iterable[Person]:
    """Of the student's faculty or university; where there are none, the portal's partnership managers."""
    if application.unit_id is None:
        return []
    return list(people_at(application.unit, Role.COORDINATOR)) or partnership_managers()


@told_as(_("as human resources of the company"))
def company(change: Any, application: Any) -> Iterable[Person]:
    """Less those whom a conflict of interest keeps apart from the candidate."""
    return who_meet(application, people_at(application.programme.host, Role.HR))


@told_as(_("as coordinator of the university"))
def university_in_it(change: Any, application: Any) -> Iterable[Person]:
    """The university where it is part of the matter: it endorses, or has nominated."""
    if application.programme.endorsement_required or application.order_id:
        return coordinators(change, application)
    return []


@told_as(_("as the candidate or the university's coordinator"))
def both_sides(change: Any, application: Any) -> Iterable[Person]:
    """The student, and the university where it is part of the matter."""
    people = {person.pk: person for person in applicant(change, application)}
    people.update({person.pk: person for person in university_in_it(change, application)})
    return people.values()


@told_as(_("as a candidate or the university's coordinator"))
def everyone_in_motion(change: Any, programme: Any) -> Iterable[Person]:
    """Everybody whom a moved deadline concerns: applicants, and the coordinators of their universities."""
    rows = programme.applications.filter(state__in=OPEN_STATES)
    universities = rows.exclude(university=None).values("university_id")
    keepers = Affiliation.objects.current().filter(
        role=Role.COORDINATOR, organization__root_id__in=universities
    )
    either = Person.objects.filter(pk__in=rows.values("person_id")) | Person.objects.filter(
        pk__in=keepers.values("person_id")
    )
    return either.select_related("user").distinct()


@told_as(_("as the candidate or the interviewer"))
def talkers(change: Any, interview: Any) -> Iterable[Person]:
    """A conflict of interest that came to light since keeps the interviewer out."""
    asks = who_meet(interview.application, [interview.interviewer])
    keys = [interview.candidate_id, *(person.pk for person in asks)]
    return Person.objects.filter(pk__in=keys).select_related("user")
