"""Rows for tests, made as the actions make them."""

from datetime import date
from itertools import count
from typing import Any

from partnerships.accounts.models import User
from partnerships.common.text import slug
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import (
    Affiliation,
    Organization,
    OrganizationName,
    Person,
    Specialty,
    Study,
)

_serial = count(1)
PASSWORD = "parol-2026-sinaq"
BEGINNING = date(2020, 9, 1)


def organization(name: str, kind: str, parent: Organization | None = None, **values: Any) -> Organization:
    """A node of the tree with its path, root and display name."""
    values.setdefault("is_partner", parent is None)
    values.setdefault("slug", f"{slug(name)}-{next(_serial)}")
    node = Organization.objects.create(name=name, kind=kind, parent=parent, **values)
    node.path = f"{parent.path if parent else ''}{node.pk}."
    node.root = parent.root if parent else node
    node.save()
    OrganizationName.objects.create(organization=node, language="az", text=name)
    return node


def user(email: str, **values: Any) -> User:
    account = User.objects.create_user(email, PASSWORD, **values)
    account.emailaddress_set.create(email=account.email, verified=True, primary=True)
    return account


def person(name: str, email: str = "", account: bool = True, **values: Any) -> Person:
    """Given and family name in one string; with an account when there is an address and `account`."""
    given, _space, family = name.partition(" ")
    owner = user(email, is_staff=values.pop("is_staff", False)) if email and account else None
    return Person.objects.create(given_name=given, family_name=family, email=email, user=owner, **values)


def affiliation(who: Person, where: Organization, role: str, **values: Any) -> Affiliation:
    values.setdefault("starts", BEGINNING)
    values.setdefault("state", AffiliationState.VERIFIED)
    return Affiliation.objects.create(person=who, organization=where, role=role, **values)


def specialty(code: str = "050608", name: str = "Elektroenergetika mühəndisliyi", **values: Any) -> Specialty:
    return Specialty.objects.get_or_create(code=code, defaults={"name": name, **values})[0]


def student(name: str, email: str, where: Organization, *, account: bool = True, **study: Any) -> Person:
    """A verified student of a faculty or university, fourth year, GPA 85 unless said otherwise."""
    who = person(name, email, account)
    mine = affiliation(who, where, Role.STUDENT)
    study.setdefault("specialty", specialty())
    Study.objects.create(affiliation=mine, **{"year": 4, "gpa": 85, **study})
    return who


def university(name: str, acronym: str = "", **values: Any) -> Organization:
    return organization(name, Kind.UNIVERSITY, acronym=acronym, **values)


def company(name: str, **values: Any) -> Organization:
    return organization(name, Kind.COMPANY, **values)
