"""First steps on the home page: of a coordinator whose university has sent nobody yet, of human resources
whose company has offered no place. What is done is told no more."""

from typing import Any

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from internships.enums import ApplicationState
from internships.models import Application, Programme
from partnerships.common.direction import Todo
from partnerships.common.piles import Pile, Tally
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation

CSS = "d-internships"


def steps(user: Any) -> list[Pile]:
    access = access_of(user)
    found: list[Pile] = []
    if access.has(Role.COORDINATOR):
        found += [Tally(_without_students(user), 1, _bring), Tally(_sent_nobody(user), 1, _look)]
    if access.has(Role.HR):
        found.append(Tally(_offers_nothing(user), 1, _offer))
    return found


def _own(user: Any, role: str) -> Any:
    return Affiliation.objects.current().filter(person_id=access_of(user).person_id, role=role)


def _sent(user: Any) -> Any:
    roots = access_of(user).roots(Role.COORDINATOR)
    return Application.objects.filter(university_id__in=roots).exclude(state=ApplicationState.DRAFT)


@asked
def _without_students(user: Any) -> Any:
    students = Affiliation.objects.filter(
        access_of(user).q("organization", Role.COORDINATOR), role=Role.STUDENT
    )
    return _own(user, Role.COORDINATOR).filter(~Exists(students), ~Exists(_sent(user)))


def _bring(_count: int) -> list[Todo]:
    return [
        Todo(
            _("Bring your students"),
            _("Upload their list as a table; or they sign up themselves and you confirm them."),
            reverse("internships:import"),
            None,
            CSS,
        )
    ]


@asked
def _sent_nobody(user: Any) -> Any:
    return _own(user, Role.COORDINATOR).filter(~Exists(_sent(user)))


def _look(_count: int) -> list[Todo]:
    return [
        Todo(
            _("See which places are open to your students"),
            _("Once a student has applied, it stands in your list to be endorsed."),
            reverse("internships:index"),
            None,
            CSS,
        )
    ]


@asked
def _offers_nothing(user: Any) -> Any:
    offered = Programme.objects.filter(access_of(user).q("host", Role.HR))
    return _own(user, Role.HR).filter(~Exists(offered))


def _offer(_count: int) -> list[Todo]:
    return [
        Todo(
            _("Offer places for practice"),
            _("A programme says for whom, where, how many places and by when."),
            reverse("internships:manage_new"),
            None,
            CSS,
        )
    ]
