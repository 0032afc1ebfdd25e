"""Organisations and their units: made, named, moved."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refused
from partnerships.common.text import clean_line, slug
from partnerships.directory import rules
from partnerships.directory.access import access_of
from partnerships.directory.enums import ROOT_KINDS, NameKind
from partnerships.directory.models import Domain, Organization, OrganizationName
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

NameRow = tuple[str, str, str]  # language, kind, text


def _check(actor: Any, organization: Organization | None) -> None:
    who = as_actor(actor)
    if who is not SYSTEM and not rules.manages_organizations(who.principal, organization):
        raise Refused(_("Organisations are kept by the partnership manager and the administrator."))


_OURS = frozenset({"map"})  # pages that stand where those of partners do: partners/map/


def free_slug(text: str, taken: set[str] | None = None) -> str:
    """An address for this name that no organisation has yet: "aztu", "aztu-2" …

    `taken` spares the query where many are made at once.
    """
    base = slug(text)[:110].strip("-") or "org"
    if taken is None:
        taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken | _OURS:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _place(node: Organization, parent: Organization | None) -> None:
    node.path = f"{parent.path if parent else ''}{node.pk}."
    node.root = parent.root if parent else node
    node.save(update_fields=["path", "root", "updated"])


def _simple_names(name: str, name_en: str, acronym: str) -> list[NameRow]:
    rows = [("az", NameKind.LABEL, name), ("en", NameKind.LABEL, name_en), ("az", NameKind.ACRONYM, acronym)]
    return [(language, str(kind), text) for language, kind, text in rows if text]


@transaction.atomic
def create_organization(
    kind: str,
    name: str,
    *,
    actor: Any,
    name_en: str = "",
    acronym: str = "",
    domains: Iterable[str] = (),
    **values: Any,
) -> Organization:
    """A university, company or other partner: the root of a new tree. `values` are fields of the row."""
    _check(actor, None)
    if kind not in ROOT_KINDS:
        raise ValueError(f"{kind} is a kind of unit")
    name = clean_line(name)
    values.setdefault("slug", free_slug(acronym or name_en or name))
    node = Organization.objects.create(kind=kind, name=name, **values)
    _place(node, None)
    set_names(node, _simple_names(name, clean_line(name_en), clean_line(acronym)), actor=SYSTEM)
    Domain.objects.bulk_create(
        [Domain(organization=node, domain=domain.lower()) for domain in dict.fromkeys(domains)]
    )
    return node


@transaction.atomic
def add_unit(
    parent: Organization,
    kind: str,
    name: str,
    *,
    actor: Any,
    name_en: str = "",
    acronym: str = "",
    **values: Any,
) -> Organization:
    """A unit below `parent`; its address begins with that of its organisation."""
    _check(actor, parent)
    if kind in ROOT_KINDS:
        raise ValueError(f"{kind} stands at the root of a tree")
    name = clean_line(name)
    values.setdefault("slug", free_slug(f"{parent.root.slug} {name}" if parent.root else name))
    values.setdefault("country", parent.country)
    node = Organization.objects.create(kind=kind, name=name, parent=parent, **values)
    _place(node, parent)
    set_names(node, _simple_names(name, clean_line(name_en), clean_line(acronym)), actor=SYSTEM)
    return node


@transaction.atomic
def move_unit(unit: Organization, parent: Organization, *, actor: Any) -> Organization:
    """Hang a unit with everything below it elsewhere in the tree; paths and roots of all follow.

    Raises Refused when it would stand below itself, or when an organisation's own administrator moves it
    out of their organisation.
    """
    for node in (unit, parent):
        _check(actor, node)
    locked = {
        row.pk: row
        for row in Organization.objects.select_for_update().filter(pk__in=[unit.pk, parent.pk]).order_by("pk")
    }
    unit, parent = locked[unit.pk], locked[parent.pk]
    if unit.parent_id is None:
        raise Refused(_("An organisation stands at the root of its tree and is not moved."))
    if parent.path.startswith(unit.path):
        raise Refused(_("A unit cannot stand below itself."))
    who = as_actor(actor)
    if unit.root_id != parent.root_id and who is not SYSTEM and not access_of(who.principal).operates:
        raise Refused(_("Only the portal's administrator moves a unit to another organisation."))
    old = unit.path
    new = f"{parent.path}{unit.pk}."
    Organization.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr(F("path"), len(old) + 1)), root_id=parent.root_id
    )
    Organization.objects.filter(pk=unit.pk).update(parent=parent)
    unit.refresh_from_db()
    return unit


@transaction.atomic
def set_names(organization: Organization, rows: Iterable[NameRow], *, actor: Any) -> Organization:
    """Replace all names of an organisation and write the copies that lists show.

    Shown in Azerbaijani: the label in az, else in en, else the first. ValueError without a label.
    """
    _check(actor, organization)
    rows = list(
        dict.fromkeys((language, str(kind), clean_line(text)) for language, kind, text in rows if text)
    )
    labels = {language: text for language, kind, text in rows if kind == NameKind.LABEL}
    if not labels:
        raise ValueError("an organisation needs a name")
    organization.names.all().delete()
    OrganizationName.objects.bulk_create(
        [
            OrganizationName(organization=organization, language=lang, kind=kind, text=text)
            for lang, kind, text in rows
        ]
    )
    shown = display_copies(rows)
    for field, value in shown.items():
        setattr(organization, field, value)
    organization.save(update_fields=[*shown, "folded", "sort_key", "updated"])
    return organization


def display_copies(rows: Iterable[NameRow]) -> dict[str, str]:
    """The columns `name`, `name_en` and `acronym` that these names amount to."""
    labels: dict[str, str] = {}
    acronyms: list[str] = []
    for language, kind, text in rows:
        if kind == NameKind.LABEL:
            labels[language] = text
        elif kind == NameKind.ACRONYM:
            acronyms.append(text)
    name = labels.get("az") or labels.get("en") or next(iter(labels.values()))
    return {"name": name, "name_en": labels.get("en", ""), "acronym": (acronyms or [""])[0][:40]}


# What is recorded of an organisation that becomes a partner of the portal.
BECAME_PARTNER = "become_partner"


@transaction.atomic
def update_organization(organization: Organization, *, actor: Any, **values: Any) -> Organization:
    """Change fields by hand; from then on an import leaves this organisation alone.

    That it is a partner from now on is recorded, and told to those who follow it.
    """
    _check(actor, organization)
    # The row as it is kept: the administration has put what was typed on the object already.
    was = Organization.objects.filter(pk=organization.pk, is_partner=True).exists()
    for field, value in values.items():
        setattr(organization, field, value)
    organization.edited_by_person = True
    organization.save()
    if organization.is_partner and organization.parent_id is None and not was:
        record(organization, BECAME_PARTNER, actor=actor)
    return organization
