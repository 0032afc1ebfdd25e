"""The project's own reference data: universities of Azerbaijan, specialties, skills. Loaded again and again;
what a person has edited stays as they left it."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from partnerships.common.text import fold, slug
from partnerships.directory.actions.organizations import create_organization, set_names
from partnerships.directory.enums import Kind, NameKind
from partnerships.directory.models import Domain, Organization, Skill, Specialty
from partnerships.workflow.actors import SYSTEM

DATA = Path(__file__).resolve().parent.parent / "data"
OWN = "own"
FIELDS = ("city", "ownership", "website")


def read(name: str) -> list[dict[str, Any]]:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def names_of(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The rows of names that a university of the data file has."""
    rows = [("az", NameKind.LABEL, row["az"]), ("en", NameKind.LABEL, row["en"])]
    if row["acronym"]:
        rows.append(("az", NameKind.ACRONYM, row["acronym"]))
    for key, kind in (("former", NameKind.FORMER), ("alias", NameKind.ALIAS)):
        rows += [(language, kind, text) for language, text in row.get(key, [])]
    return [(language, str(kind), text) for language, kind, text in rows]


def load_universities() -> dict[str, int]:
    """Universities of Azerbaijan from the data file: how many were created, updated, unchanged."""
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    register = _Present()
    for row in read("universities_az"):
        with transaction.atomic():
            counts[_load(row, register.find(row))] += 1
    return counts


class _Present:
    """Universities of Azerbaijan that are there already, found however a person has renamed them since."""

    def __init__(self) -> None:
        rows = Organization.objects.roots().filter(kind=Kind.UNIVERSITY, country="AZ")
        self.by_name: dict[str, Organization] = {}
        self.by_domain: dict[str, Organization] = {}
        self.by_slug: dict[str, Organization] = {}
        for one in rows.prefetch_related("names", "domains").order_by("pk"):
            for name in one.names.all():
                if name.kind == NameKind.LABEL:
                    self.by_name.setdefault(name.folded, one)
            for domain in one.domains.all():
                self.by_domain.setdefault(domain.domain, one)
            if one.source == OWN:
                self.by_slug[one.slug] = one

    def find(self, row: dict[str, Any]) -> Organization | None:
        known = [self.by_name.get(fold(row[language])) for language in ("az", "en")]
        known += [self.by_domain.get(domain) for domain in row["domains"]]
        known.append(self.by_slug.get(slug(row["acronym"] or row["en"])))
        return next((one for one in known if one is not None), None)


def _load(row: dict[str, Any], found: Organization | None) -> str:
    values = {field: row.get(field, "") for field in FIELDS}
    names = names_of(row)
    if found is None:
        node = create_organization(
            Kind.UNIVERSITY,
            row["az"],
            actor=SYSTEM,
            name_en=row["en"],
            acronym=row["acronym"],
            domains=row["domains"],
            source=OWN,
            **values,
        )
        set_names(node, names, actor=SYSTEM)
        return "created"
    if found.edited_by_person:
        return "unchanged"
    changed = False
    have = {(name.language, name.kind, name.text) for name in found.names.all()}
    if not set(names) <= have:
        set_names(
            found, [*names, *sorted(n for n in have - set(names) if n[1] == NameKind.ALIAS)], actor=SYSTEM
        )
        changed = True
    known = {domain.domain for domain in found.domains.all()}
    if missing := [domain for domain in row["domains"] if domain not in known]:
        Domain.objects.bulk_create([Domain(organization=found, domain=domain) for domain in missing])
        changed = True
    if found.source != OWN or any(getattr(found, field) != value for field, value in values.items()):
        for field, value in {**values, "source": OWN}.items():
            setattr(found, field, value)
        found.save()
        changed = True
    return "updated" if changed else "unchanged"


def load_specialties() -> int:
    """Specialties that are not there yet, by code; how many were made."""
    have = set(Specialty.objects.values_list("code", flat=True))
    new = [
        Specialty(code=row["code"], name=row["az"], name_en=row["en"], degree=row["degree"])
        for row in read("specialties")
        if row["code"] not in have
    ]
    return len(Specialty.objects.bulk_create(new))


def load_skills() -> int:
    """Words of the vocabulary that are not there yet; how many were made."""
    have = set(Skill.objects.values_list("name", flat=True))
    new = [Skill(name=row["az"], name_en=row["en"]) for row in read("skills") if row["az"] not in have]
    return len(Skill.objects.bulk_create(new))
