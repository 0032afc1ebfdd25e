"""Universities of the world from the university-domains-list: read, matched, written set by set.

The list (Hipo, MIT licence) is kept by volunteers: names are used twice, some domains are shared, some
universities have been renamed since. What a person has edited here is never touched, and nothing is removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from partnerships.common.text import clean_line, fold
from partnerships.directory.actions.organizations import free_slug
from partnerships.directory.actions.reference import OWN, read
from partnerships.directory.enums import Kind, NameKind
from partnerships.directory.models import Domain, Organization, OrganizationName
from partnerships.directory.validators import validate_domain

SOURCE = "hipo"
CHUNK = 250
# Two letters in the CLDR that ISO 3166-1 does not give to a country. XK is not ISO's either, but is the code
# under which the list, banks and the EU keep Kosovo; it is taken as it stands, as a place name and no more.
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
COUNTRIES = {str(code) for code in Locale("en").territories}
COUNTRIES = {code for code in COUNTRIES if len(code) == 2 and code.isalpha()} - _NOT_COUNTRIES
_check_url = URLValidator(schemes=["http", "https"])


@dataclass
class Entry:
    """One university of the list, all its lines together."""

    name: str
    country: str
    state: str
    domains: list[str]
    website: str

    @property
    def key(self) -> tuple[str, str]:
        return self.country, fold(self.name)


@dataclass
class ImportReport:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)  # line of the list, name, reason
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"created {self.created}, updated {self.updated}, unchanged {self.unchanged}, "
            f"refused {len(self.refused)}"
        )


@dataclass
class _Known:
    """A university that is here already, as far as matching needs it."""

    pk: int
    country: str
    source: str
    edited: bool
    website: str
    names: dict[str, str] = field(default_factory=dict)  # folded name -> kind
    domains: set[str] = field(default_factory=set)


# Reading ---------------------------------------------------------------------------------------------------
def read_entries(records: Iterable[Any], report: ImportReport) -> list[Entry]:
    """The records that can be used; two lines of one name in one country and state become one entry."""
    entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for number, record in enumerate(records, start=1):
        try:
            entry = _entry(record, number, report)
        except ValueError as error:
            name = record.get("name", "") if isinstance(record, dict) else record
            report.refused.append((number, str(name)[:80], str(error)))
            continue
        same = next(
            (e for e in entries[entry.key] if not (e.state and entry.state and e.state != entry.state)), None
        )
        if same is None:
            entries[entry.key].append(entry)
        else:
            same.domains += [domain for domain in entry.domains if domain not in same.domains]
            report.notes.append(f"{number}: {entry.name} ({entry.country}) is there twice; joined")
            report.unchanged += 1
    return [entry for group in entries.values() for entry in group]


def _entry(record: Any, number: int, report: ImportReport) -> Entry:
    if not isinstance(record, dict):
        raise ValueError("not a record")  # noqa: TRY004 (every refusal of a record is a ValueError)
    name = record.get("name")
    if not isinstance(name, str) or not fold(clean_line(name)):
        raise ValueError("no name")
    name = clean_line(name)
    if len(name) > 255:
        raise ValueError("name longer than 255 characters")
    code = record.get("alpha_two_code")
    if not isinstance(code, str) or code.strip().upper() not in COUNTRIES:
        raise ValueError(f"unknown country code {code!r}")
    domains = []
    for raw in _texts(record.get("domains")):
        domain = _domain(raw)
        if domain is None:
            report.notes.append(f"{number}: {name}: {raw!r} is no domain; left out")
        elif domain not in domains:
            domains.append(domain)
    state = record.get("state-province")
    return Entry(
        name, code.strip().upper(), fold(state) if isinstance(state, str) else "", domains, _website(record)
    )


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _domain(raw: str) -> str | None:
    """A domain in small letters and, where it has other letters than ASCII, as DNS writes it."""
    text = raw.strip().rstrip(".").removeprefix("www.")
    try:
        text = text.encode("idna").decode() if not text.isascii() else text.lower()
        validate_domain(text)
    except (UnicodeError, ValidationError):
        return None
    return text


def _website(record: dict[str, Any]) -> str:
    for page in _texts(record.get("web_pages")):
        try:
            _check_url(page.strip())
        except ValidationError:
            continue
        return page.strip() if len(page.strip()) <= 200 else ""
    return ""


# Matching --------------------------------------------------------------------------------------------------
class _Register:
    """All universities that are here, found by name within a country or by domain."""

    def __init__(self) -> None:
        roots = Organization.objects.roots().filter(kind=Kind.UNIVERSITY)
        columns = ("pk", "country", "source", "edited_by_person", "website", "name", "name_en")
        self.known = {}
        for pk, country, source, edited, website, name, name_en in roots.values_list(*columns):
            shown = {fold(text): NameKind.LABEL.value for text in (name, name_en) if text}
            self.known[pk] = _Known(pk, country, source, edited, website, shown)
        names = OrganizationName.objects.filter(organization__in=roots).exclude(kind=NameKind.ACRONYM)
        for pk, folded, kind in names.values_list("organization_id", "folded", "kind"):
            self.known[pk].names.setdefault(folded, kind)
        for pk, domain in Domain.objects.filter(organization__in=roots).values_list(
            "organization_id", "domain"
        ):
            self.known[pk].domains.add(domain)
        self.by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_domain: dict[str, list[int]] = defaultdict(list)
        for one in self.known.values():
            for folded in one.names:
                self.by_name[one.country, folded].append(one.pk)
            # A domain joins only with what we or a person vouch for: the list shares some among strangers.
            if one.source != SOURCE or one.edited:
                for domain in one.domains:
                    self.by_domain[domain].append(one.pk)
        self.listed_as = _listed_as(self.by_name)

    def find(self, entry: Entry) -> tuple[_Known | None, str]:
        """The university that this entry means, and how: "name", "former", "listed" or "domain".

        ValueError when several of the same name are here and no domain tells them apart.
        """
        keys = self.by_name.get(entry.key, [])
        if len(keys) > 1:
            keys = [pk for pk in keys if self.known[pk].domains & set(entry.domains)] or keys
        if len(keys) > 1:
            raise ValueError("several universities here have this name")
        if keys:
            one = self.known[keys[0]]
            return one, "former" if one.names[entry.key[1]] == NameKind.FORMER else "name"
        if pk := self.listed_as.get(entry.key):
            return self.known[pk], "listed"
        owners = {pk for domain in entry.domains for pk in self.by_domain.get(domain, [])}
        owners = {pk for pk in owners if self.known[pk].country == entry.country}
        if len(owners) == 1:
            return self.known[owners.pop()], "domain"
        return None, ""


def _listed_as(by_name: dict[tuple[str, str], list[int]]) -> dict[tuple[str, str], int]:
    """Spellings that only the list has, "Azerbaijan Toursim Institute", and whom they mean."""
    found = {}
    for row in read("universities_az"):
        keys = by_name.get(("AZ", fold(row["az"])), [])
        for spelling in row.get("listed_as", []):
            if len(keys) == 1:
                found["AZ", fold(spelling)] = keys[0]
    return found


# Writing ---------------------------------------------------------------------------------------------------
def import_universities(records: Iterable[Any]) -> ImportReport:
    """Bring the list in. Run again with the same list, it creates and updates nothing."""
    report = ImportReport()
    entries = read_entries(records, report)
    register = _Register()
    new: list[Entry] = []
    names: list[OrganizationName] = []
    domains: list[Domain] = []
    websites: list[tuple[int, str]] = []
    for entry in entries:
        try:
            one, how = register.find(entry)
        except ValueError as error:
            report.refused.append((0, entry.name, str(error)))
            continue
        if one is None:
            new.append(entry)
            continue
        if not _bring_up_to_date(one, how, entry, names, domains, websites):
            report.unchanged += 1
        else:
            report.updated += 1
    with transaction.atomic():
        OrganizationName.objects.bulk_create(names, batch_size=CHUNK)
        Domain.objects.bulk_create(domains, batch_size=CHUNK)
        for pk, website in websites:
            Organization.objects.filter(pk=pk).update(website=website)
    _create(new)
    report.created = len(new)
    return report


def _bring_up_to_date(
    one: _Known,
    how: str,
    entry: Entry,
    names: list[OrganizationName],
    domains: list[Domain],
    websites: list[tuple[int, str]],
) -> bool:
    """Queue what the entry adds to a university that is here; False when that is nothing.

    Under a former name the list is stale, so its domain is stale too.
    """
    if one.edited or how == "former":
        return False
    changed = False
    if how == "domain" and entry.key[1] not in one.names:
        one.names[entry.key[1]] = NameKind.ALIAS
        names.append(
            OrganizationName(organization_id=one.pk, language="en", kind=NameKind.ALIAS, text=entry.name)
        )
        changed = True
    for domain in entry.domains:
        # The old web address of a renamed university (tourism.edu.az) must not suggest anybody.
        if domain not in one.domains and not (how == "listed" and one.domains):
            one.domains.add(domain)
            domains.append(Domain(organization_id=one.pk, domain=domain))
            changed = True
    if not one.website and entry.website and one.source != OWN:
        websites.append((one.pk, entry.website))
        changed = True
    return changed


def _chunks(entries: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(entries), CHUNK):
        yield entries[start : start + CHUNK]


def _create(entries: list[Entry]) -> None:
    """New universities in short transactions; a row without a path is finished by the next run too."""
    slugs = set(Organization.objects.values_list("slug", flat=True))
    for chunk in _chunks(entries):
        rows = []
        for entry in chunk:
            slug = free_slug(entry.name, slugs)
            slugs.add(slug)
            rows.append(
                Organization(
                    kind=Kind.UNIVERSITY,
                    slug=slug,
                    name=entry.name,
                    country=entry.country,
                    website=entry.website,
                    source=SOURCE,
                )
            )
        with transaction.atomic():
            made = Organization.objects.bulk_create(rows)
            # The list does not say in which language a name is: "und", undetermined.
            OrganizationName.objects.bulk_create(
                [OrganizationName(organization=row, language="und", text=row.name) for row in made]
            )
            Domain.objects.bulk_create(
                [
                    Domain(organization=row, domain=domain)
                    for row, entry in zip(made, chunk, strict=True)
                    for domain in entry.domains
                ]
            )
            Organization.objects.filter(pk__in=[row.pk for row in made]).update(
                path=Concat(Cast("pk", CharField()), Value(".")), root_id=F("pk")
            )
