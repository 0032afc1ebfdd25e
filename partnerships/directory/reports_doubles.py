"""People and organisations that may stand here twice, what hangs on each record, and what became of
organisations that ended."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.common.text import fold
from partnerships.directory.actions.joining import references
from partnerships.directory.actions.merging import APART, roles_below
from partnerships.directory.enums import Ending, NameKind
from partnerships.directory.models import (
    Affiliation,
    Domain,
    Organization,
    OrganizationName,
    Person,
    Succession,
    ToldApart,
)
from partnerships.directory.models.apart import names_of

SHOWN = 100
# Forms of law and words by which two spellings of one name differ.
_FORMS = frozenset(
    (
        "asc", "qsc", "mmc", "jsc", "ojsc", "cjsc", "llc", "ltd", "inc", "publik", "huquqi", "sexs", "aciq",
        "qapali", "sehmdar", "cemiyyeti", "mehdud", "mesuliyyetli", "the", "of",
    )
)  # fmt: skip
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Double:
    """Two records that may be one organisation, and by what; `before`, that they were told apart under
    other names."""

    first: Organization
    second: Organization
    same: tuple[str, ...]
    before: ToldApart | None = None


def plain(folded: str) -> str:
    """Where spellings of one name meet: without forms of law, its words in one order. Of a name as `fold` has
    it: a directory of twenty thousand organisations is gone through in a third of a second."""
    words = sorted(_WORDS.findall(folded))
    return " ".join([word for word in words if word not in _FORMS] or words)


def _pairs(rows: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, int]]:
    meeting: dict[Any, set[int]] = defaultdict(set)
    for key, what in rows:
        meeting[what].add(key)
    for keys in meeting.values():
        if len(keys) > 1:
            yield from combinations(sorted(keys), 2)


def doubles() -> list[Double]:
    """Pairs of active organisations of one kind with the same name in one country, or the same domain; those
    with both first. Two of one name in two countries are two, and so are those that somebody has
    told apart."""
    active = {"organization__parent": None, "organization__is_active": True}
    place = ("organization_id", "organization__country", "organization__kind")
    names = OrganizationName.objects.filter(**active).exclude(kind=NameKind.ACRONYM)
    by_name = (
        (key, (country, kind, plain(folded)))
        for key, country, kind, folded in names.values_list(*place, "folded")
        if folded
    )
    domains = Domain.objects.filter(**active)
    # Almost every domain is one organisation's; an index has them in their order.
    shared = domains.values("domain").annotate(of=Count("pk")).filter(of__gt=1).values("domain")
    by_domain = domains.filter(domain__in=shared).values_list(
        "organization_id", "organization__kind", "domain"
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for pair in _pairs(by_name):
        found[pair].append(_("name"))
    for pair in _pairs((key, (kind, domain)) for key, kind, domain in by_domain):
        found[pair].append(_("domain"))
    apart = {(row.first_id, row.second_id): row for row in ToldApart.objects.all()}
    today = names_of(key for pair in apart for key in pair)
    left = [pair for pair in found if pair not in apart or not apart[pair].holds(today)]
    first = sorted(left, key=lambda pair: (-len(found[pair]), _("name") not in found[pair], pair))[:SHOWN]
    rows = Organization.objects.in_bulk({key for pair in first for key in pair})
    return [Double(rows[one], rows[two], tuple(found[one, two]), apart.get((one, two))) for one, two in first]


def told_apart() -> list[ToldApart]:
    """What was put aside and holds by the names of today, the newest first."""
    active = {"first__is_active": True, "second__is_active": True}
    rows = list(ToldApart.objects.filter(**active).select_related("first", "second", "made_by__person"))
    today = names_of(key for row in rows for key in (row.first_id, row.second_id))
    return [row for row in rows if row.holds(today)][:SHOWN]


def alike_organizations(organization: Organization, query: str = "", limit: int = 20) -> list[Organization]:
    """Others of its kind found by the words asked for; else of a name that begins alike."""
    others = Organization.objects.filter(parent=None, is_active=True, kind=organization.kind)
    for word in fold(query).split() or fold(organization.name).split()[:2]:
        others = others.filter(folded__contains=word)
    return list(others.exclude(pk=organization.pk).order_by("sort_key", "pk")[:limit])


def organization_at_a_glance(organization: Organization) -> dict[str, Any]:
    """What tells two records apart, and what would move: how many rows of each kind name it."""
    people = organization.affiliations.exclude(state="refused")
    return {
        "organization": organization,
        "names": [name.text for name in organization.names.order_by("pk")],
        "domains": [row.domain for row in organization.domains.order_by("domain")],
        "ids": [str(row) for row in organization.external_ids.order_by("scheme", "value")],
        "roles": roles_below(organization).count(),
        "people": people.count(),
        "units": Organization.objects.below(organization).count() - 1,
        "hangs": _hangs_on(organization, *APART, Succession),
    }


def alike_people(person: Person, query: str = "", limit: int = 20) -> list[Person]:
    """Who may be the same person: of the same name or address, or found by the words asked for."""
    others = Person.objects.filter(erased_at=None).exclude(pk=person.pk)
    if words := fold(query).split():
        for word in words:
            others = others.filter(folded__contains=word)
    else:
        same = Q(folded__startswith=fold(f"{person.given_name} {person.family_name}"))
        if person.email:
            same |= Q(email=person.email)
        others = others.filter(same)
    return list(others.select_related("user").prefetch_related("affiliations__organization__root")[:limit])


def person_at_a_glance(person: Person) -> dict[str, Any]:
    """What tells two records of a person apart."""
    rows = list(person.affiliations.select_related("organization__root", "study"))
    numbers = [row.study.student_number for row in rows if hasattr(row, "study")]
    return {
        "person": person,
        "affiliations": rows,
        "numbers": [number for number in numbers if number],
        "hangs": _hangs_on(person, Affiliation),
    }


def _hangs_on(record: models.Model, *apart: type[models.Model]) -> list[tuple[str, int]]:
    """How many rows of each kind name this record, in words; those of `apart` are shown by themselves."""
    found = []
    for model, name in references(type(record)):
        if model in apart or model._meta.auto_created:
            continue
        if count := model._base_manager.filter(**{name: record}).count():
            kind = capfirst(model._meta.verbose_name_plural)
            found.append((f"{kind}: {model._meta.get_field(name).verbose_name}", count))
    return found


def succession_of(slug: str) -> Succession | None:
    """What became of the organisation of this address, where it is one that ended."""
    ended = Succession.objects.filter(organization__slug=slug, organization__is_active=False)
    return ended.select_related("organization", "successor").first()


def stayed_for(slug: str) -> Organization | None:
    """The organisation that has what belonged to this address, which is a merged double's; None else."""
    ended = succession_of(slug)
    return living_successor(ended) if ended is not None and ended.how == Ending.DUPLICATE else None


def living_successor(found: Succession) -> Organization | None:
    """Who goes on today, where the successor has one itself; None where the last of them has ended."""
    seen, one = {found.organization_id}, found.successor
    while one is not None and not one.is_active and one.pk not in seen:
        seen.add(one.pk)
        after = Succession.objects.filter(organization=one).select_related("successor").first()
        one = after.successor if after else None
    return one if one is not None and one.is_active else None
