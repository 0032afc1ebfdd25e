"""What the portal knows already, as the rows of a university's table ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from allauth.account.models import EmailAddress

from internships import nominations
from internships.models import Application, Programme
from partnerships.common.importer import Row
from partnerships.common.text import fold
from partnerships.common.told import spoken
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import (
    Affiliation,
    Domain,
    Organization,
    OrganizationName,
    Person,
    Specialty,
)


@dataclass
class Known:
    """What is already there for some rows, read in one go."""

    by_email: dict[str, Person] = field(default_factory=dict)
    by_number: dict[str, Person] = field(default_factory=dict)
    studies: dict[int, list[Affiliation]] = field(default_factory=dict)
    applications: dict[int, Application] = field(default_factory=dict)


def known_for(rows: Sequence[Row], university: Organization, programme: Programme | None) -> Known:
    """What is there for these rows, in as many queries for many as for one."""
    emails = {row.cleaned["email"] for row in rows if row.cleaned.get("email")}
    numbers = {row.cleaned["student_number"] for row in rows if row.cleaned.get("student_number")}
    known = Known()
    # As enlist_student finds them: who has proved the address, else who is listed with it.
    proven = set(EmailAddress.objects.filter(email__in=emails, verified=True).values_list("user_id", "email"))
    people = Person.objects.filter(email__in=emails, erased_at=None).order_by("-user_id", "pk")
    for person in people:
        if person.user_id is None or (person.user_id, person.email) in proven:
            known.by_email.setdefault(person.email, person)
    listed = Affiliation.objects.verified().filter(
        organization__root_id=university.pk, role=Role.STUDENT, study__student_number__in=numbers
    )
    for row in listed.select_related("person", "study").order_by("pk"):
        known.by_number.setdefault(row.study.student_number, row.person)
    keys = {person.pk for person in (*known.by_email.values(), *known.by_number.values())}
    studies = Affiliation.objects.filter(person_id__in=keys, role=Role.STUDENT)
    studies = studies.exclude(state=AffiliationState.REFUSED).order_by("-state", "-starts", "-pk")
    for row in studies.select_related("person", "organization__root", "study__specialty"):
        known.studies.setdefault(row.person_id, []).append(row)
    if programme is not None:
        known.applications = nominations.known_applications(programme, keys)
    return known


def bare_unit(text: str) -> str:
    """“Energetika” and “Energetika fakültəsi” name the same."""
    words = fold(text).split()
    kinds = {"fakultesi", "fakulte", "faculty", "kafedrasi", "kafedra", "department", "of"}
    return " ".join(word for word in words if word not in kinds) or " ".join(words)


def unit_names_of(university: Organization) -> dict[str, set[int]]:
    rows = OrganizationName.objects.filter(organization__root_id=university.pk)
    names: dict[str, set[int]] = {}
    for key, text in rows.values_list("organization_id", "text"):
        names.setdefault(bare_unit(text), set()).add(key)
    for unit in Organization.objects.filter(root_id=university.pk):
        for text in {unit.name, unit.name_en, unit.acronym} - {""}:
            names.setdefault(bare_unit(text), set()).add(unit.pk)
    return names


def specialties_by_name() -> dict[str, list[Specialty]]:
    found: dict[str, list[Specialty]] = {}
    for specialty in Specialty.objects.order_by("code"):
        names = {fold(specialty.code), fold(specialty.name), fold(specialty.name_en)}
        for name in names - {""}:
            found.setdefault(name, []).append(specialty)
    return found


def university_domains() -> dict[str, dict[int, str]]:
    rows = Domain.objects.filter(organization__root__kind=Kind.UNIVERSITY)
    domains: dict[str, dict[int, str]] = {}
    for one in rows.select_related("organization__root"):
        root = one.organization.root
        assert root is not None
        domains.setdefault(one.domain, {})[root.pk] = spoken(partial(getattr, root, "short_name"))
    return domains


def owners_of(domains: dict[str, dict[int, str]], email: str) -> dict[int, str]:
    """The universities of the longest known domain of an address."""
    labels = email.rpartition("@")[2].split(".")
    for start in range(len(labels) - 1):
        if found := domains.get(".".join(labels[start:])):
            return found
    return {}
