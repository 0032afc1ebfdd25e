"""Students as their university lists them, staff as their organisation does."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.common.text import clean_line
from partnerships.directory import rules
from partnerships.directory.access import access_of
from partnerships.directory.actions.affiliations import signature, waiting_at, write_affiliation
from partnerships.directory.actions.studies import write_study
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.directory.workflow import AFFILIATION
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

STUDIES_ELSEWHERE = Refusal(
    gettext_lazy("Another university has confirmed this person as its student; it has to end that first."),
    code="studies_elsewhere",
)
LISTED_ELSEWHERE = Refusal(
    gettext_lazy("This student stands at a faculty that you do not look after."), code="listed_elsewhere"
)


@transaction.atomic
def enlist_student(
    organization: Organization,
    *,
    actor: Any,
    given_name: str,
    family_name: str,
    patronymic: str = "",
    email: str = "",
    phone: str = "",
    study: dict[str, Any],
) -> tuple[Affiliation, bool]:
    """Put a student on the university's list, confirmed by whoever lists them: (affiliation, made).

    Found again by e-mail address, else by student number within the university; a person who is found keeps
    their own name and contacts, the studies are brought up to date, and who stood at the university as such
    or at another faculty that the actor keeps moves to `organization`. With an address that an account has
    verified, that account is the student. Raises Refused where the actor does not keep the unit or the
    faculty that the student stands at, Blocked for a student whom another university has confirmed.
    """
    who = as_actor(actor)
    if who is not SYSTEM and not rules.keeps(who.principal, organization, Role.STUDENT):
        raise Refused(_("You can list students of your own university only."))
    email = email.strip().lower()
    person = _listed_before(organization, email, str(study.get("student_number", "")))
    if person is None:
        person = Person.objects.create(
            given_name=clean_line(given_name),
            family_name=clean_line(family_name),
            patronymic=clean_line(patronymic),
            email=email,
            phone=phone,
        )
    _only_here(person, organization)
    row = waiting_at(person, organization, Role.STUDENT)
    made = row is None
    if row is not None and row.organization_id != organization.pk:
        _move_to(row, organization, who, actor=actor)
    if row is None:
        row = write_affiliation(
            person,
            organization,
            Role.STUDENT,
            AffiliationState.VERIFIED,
            "enlist",
            actor=actor,
            **signature(actor),
        )
    elif row.state != AffiliationState.VERIFIED:
        AFFILIATION.apply(row, "match", actor=SYSTEM, **signature(actor))
    write_study(row, study)
    return row, made


# Whom an organisation lists many at once. Who gives power to others (human resources, coordinators,
# leadership) is confirmed one by one.
STAFF_ROLES = (
    Role.MENTOR,
    Role.UNIT_HEAD,
    Role.SAFETY,
    Role.NEED_OWNER,
    Role.EXPERT,
    Role.TRAINER,
    Role.SUPERVISOR,
    Role.LECTURER,
)


@transaction.atomic
def enlist_staff(
    organization: Organization,
    *,
    actor: Any,
    role: str,
    given_name: str,
    family_name: str,
    email: str,
    patronymic: str = "",
    phone: str = "",
    position: str = "",
) -> tuple[Affiliation, bool]:
    """Put somebody who works here on the list in a role, confirmed by who lists them: (affiliation, made).

    Found again by e-mail address: with one that an account has verified, that account is meant. Who is found
    keeps their own name and contacts; who asked for the role is confirmed. Raises Refused for a role that is
    given one by one, or where the actor may not confirm it, and for oneself.
    """
    who = as_actor(actor)
    if role not in STAFF_ROLES or not rules.keeps(who.principal, organization, role):
        raise Refused(_("You can list only those whom you may confirm in this role."))
    email = email.strip().lower()
    person = _listed_before(organization, email, "")
    if person is None:
        person = Person.objects.create(
            given_name=clean_line(given_name),
            family_name=clean_line(family_name),
            patronymic=clean_line(patronymic),
            email=email,
            phone=phone,
        )
    elif who.user is not None and person.pk == who.user.person_id:
        raise Refused(_("Nobody lists themselves."))
    elif person.pk in access_of(who.principal).holders:  # as with rules.decides
        raise Refused(_("You can list only those whom you may confirm in this role."))
    row = waiting_at(person, organization, role)
    if row is None or row.role != role:
        values = {"position": clean_line(position), **signature(actor)}
        verified = AffiliationState.VERIFIED
        return write_affiliation(person, organization, role, verified, "enlist", actor=actor, **values), True
    if row.state != AffiliationState.VERIFIED:
        AFFILIATION.apply(row, "confirm", actor=actor, **signature(actor))
        return row, True
    return row, False


def _only_here(person: Person, organization: Organization) -> None:
    """One university does not take another's student: the other one ends the studies first."""
    elsewhere = person.affiliations.current().filter(role=Role.STUDENT)  # type: ignore[attr-defined]
    if elsewhere.exclude(organization__root_id=organization.root_id).exists():
        raise Blocked(STUDIES_ELSEWHERE, person)


def may_list_at(who: Any, row: Affiliation, organization: Organization) -> bool:
    """Whether a list of `organization` may speak for a student who stands at `row.organization`."""
    if who is SYSTEM or rules.keeps(as_actor(who).principal, row.organization, Role.STUDENT):
        return True
    waits_above = organization.path.startswith(row.organization.path)
    return waits_above and row.state != AffiliationState.VERIFIED


def _move_to(row: Affiliation, organization: Organization, who: Any, *, actor: Any) -> None:
    if not may_list_at(who, row, organization):
        raise Refused(LISTED_ELSEWHERE.reason)
    if row.organization.path.startswith(organization.path):
        return  # a list of the whole university does not take a student out of the faculty
    before = row.organization
    Affiliation.objects.filter(pk=row.pk).update(organization=organization, version=F("version") + 1)
    row.organization = organization
    record(row, "amend", actor=actor, data={"organization": str(organization), "before": str(before)})


def _listed_before(organization: Organization, email: str, number: str) -> Person | None:
    if email:
        found = Person.objects.filter(email=email, erased_at=None).order_by("-user_id", "pk")
        for person in found.select_related("user"):
            if (
                person.user is None
                or person.user.emailaddress_set.filter(email=email, verified=True).exists()
            ):
                return person
    if number:
        row = Affiliation.objects.verified().filter(
            organization__root_id=organization.root_id, role=Role.STUDENT, study__student_number=number
        )
        if found_row := row.select_related("person").first():
            return found_row.person
    return None
