"""Rows for tests, made as the actions make them."""

from datetime import date
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection

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


def forest(*rows: Organization) -> None:
    """Write whole trees at once, parents before children; what `organization` writes one by one."""
    level = [row for row in rows if row.parent is None]
    while level:
        for row in level:
            row.parent = row.parent  # its key is known since the level above is written
            row.is_partner = row.parent is None
            row.slug = f"{slug(row.name)}-{next(_serial)}"
        Organization.objects.bulk_create(level)
        for row in level:
            row.path = f"{row.parent.path if row.parent else ''}{row.pk}."
            row.root = row.parent.root if row.parent else row
        above = {id(row) for row in level}
        level = [row for row in rows if id(row.parent) in above]
    Organization.objects.bulk_update(rows, ["path", "root"])
    OrganizationName.objects.bulk_create(
        [OrganizationName(organization=row, language="az", text=row.name) for row in rows]
    )


def crowd(*people: tuple[str, str, Organization | None, str], staff: str = "") -> list[Person]:
    """People with an account and one verified affiliation each, at once: (name, address, where, role).

    A student is in the fourth year with GPA 85; whoever holds the role `staff` may enter the administration.
    """
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(email=email, password=password, is_staff=role == staff) for _name, email, _where, role in people
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=account, email=account.email, verified=True, primary=True) for account in users
    )
    made = Person.objects.bulk_create(
        Person(given_name=given, family_name=family, email=account.email, user=account)
        for account, (given, _space, family) in zip(
            users, (name.partition(" ") for name, _email, _where, _role in people), strict=True
        )
    )
    held = Affiliation.objects.bulk_create(
        Affiliation(
            person=who, organization=where, role=role, starts=BEGINNING, state=AffiliationState.VERIFIED
        )
        for who, (_name, _email, where, role) in zip(made, people, strict=True)
        if where is not None
    )
    studied = specialty()
    Study.objects.bulk_create(
        Study(affiliation=mine, specialty=studied, year=4, gpa=85)
        for mine in held
        if mine.role == Role.STUDENT
    )
    return made


def settled() -> None:
    """After many rows: what the database knows of its tables, as one that runs for a while knows it.

    PostgreSQL plans by that, and a table that was last looked at while it was empty is read row by row for
    each row of another: hours where a second is enough.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


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
