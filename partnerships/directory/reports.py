"""Reads of the directory that lists and pages share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from partnerships.common.capped import Found, capped_counts, capped_sum
from partnerships.common.clock import baku_date, today
from partnerships.common.sharing import sharing
from partnerships.common.text import fold
from partnerships.directory import rules
from partnerships.directory.access import access_of
from partnerships.directory.enums import (
    COMPANY_ROLES,
    NO_COLLEAGUES,
    UNIVERSITY_ROLES,
    AffiliationState,
    DeputyState,
    Ending,
    Kind,
    Role,
)
from partnerships.directory.maps import Place
from partnerships.directory.models import (
    KEEPERS,
    Affiliation,
    Deputyship,
    Invitation,
    Organization,
    OrganizationName,
    Person,
)
from partnerships.workflow.models import Change

# Affiliations of people whose mail comes back.
UNREACHABLE = (
    Q(person__failed_address=F("person__email"))
    & ~Q(person__failed_address="")
    & ~Q(state=AffiliationState.REFUSED)
)
COUNTED = (*(state.value for state in AffiliationState), "unreachable")  # numbers of the list of people
ABROAD = Case(When(country="AZ", then=Value(0)), default=Value(1), output_field=IntegerField())


def find_organizations(
    query: str, *, kinds: tuple[str, ...] = (Kind.UNIVERSITY, Kind.COMPANY), limit: int = 12
) -> list[Organization]:
    """Active organisations by name, acronym, former or other name, however spelt: exact hits first, then
    partners, then those of Azerbaijan. Nothing for fewer than two letters."""
    folded = fold(query)
    if len(folded) < 2:
        return []
    rows = Organization.objects.filter(parent=None, kind__in=kinds, is_active=True)
    named = OrganizationName.objects.filter(folded=folded).values("organization_id")
    exact = list(rows.filter(pk__in=named).order_by("-is_partner", ABROAD, "sort_key")[:limit])
    alike = OrganizationName.objects.filter(folded__contains=folded).values("organization_id")
    others = rows.filter(Q(folded__contains=folded) | Q(pk__in=alike)).exclude(
        pk__in=[row.pk for row in exact]
    )
    return exact + list(others.order_by("-is_partner", ABROAD, "sort_key")[: limit - len(exact)])


@dataclass(frozen=True)
class Pill:
    """A filter with its count: "Waiting · 31"."""

    key: str
    label: Any
    count: int
    more: bool
    on: bool


def kept_affiliations(user: Any) -> QuerySet[Affiliation]:
    """The affiliations of others that this user looks after, one's own left out."""
    access = access_of(user)
    rows = Affiliation.objects.visible_to(user).exclude(person_id=access.person_id)
    return sharing(rows).select_related("person", "organization__root", "study__specialty")


def people_found(user: Any, query: str, role: str) -> QuerySet[Affiliation]:
    """Those of them whose name holds what was typed, in this role."""
    rows = of_people(kept_affiliations(user), query)
    return rows.filter(role=role) if role else rows


def of_people(rows: Any, typed: str, _user: Any = None) -> Any:
    """Those of a person whose name holds what was typed."""
    folded = fold(typed)
    return rows.filter(person__folded__contains=folded) if len(folded) >= 2 else rows


def is_keeper(user: Any) -> bool:
    access = access_of(user)
    return access.has(*KEEPERS) or access.operates


def pill_counts(rows: QuerySet[Affiliation]) -> dict[str, Found]:
    """How many there are of each state, and of those whose mail comes back, no further than the cap; by one
    query."""
    return capped_counts({key: in_pill(rows, key) for key in COUNTED})


def in_pill(rows: QuerySet[Affiliation], key: str) -> QuerySet[Affiliation]:
    """The rows that one of the numbers counts. Each state by itself: that one is rare, an index is asked for
    it, is known of a state that is named."""
    return rows.filter(UNREACHABLE) if key == "unreachable" else rows.filter(state=key)


def pills(found: dict[str, Found], on: str) -> list[Pill]:
    """States as filters with these numbers (`pill_counts`)."""
    from django.utils.translation import gettext as _

    waiting = [AffiliationState.SUGGESTED, AffiliationState.REQUESTED]
    shown = [
        ("", _("All"), capped_sum(found, [*waiting, AffiliationState.VERIFIED])),
        ("waiting", _("Waiting"), capped_sum(found, waiting)),
        ("verified", _("Confirmed"), capped_sum(found, [AffiliationState.VERIFIED])),
        ("refused", _("Refused"), capped_sum(found, [AffiliationState.REFUSED])),
        ("unreachable", _("Mail comes back"), found["unreachable"]),
    ]
    drawn = [Pill(key, label, *count, on == key) for key, label, count in shown]
    return [pill for pill in drawn if pill.count or pill.on or pill.key != "unreachable"]


def in_state(rows: QuerySet[Affiliation], key: str) -> QuerySet[Affiliation]:
    """The rows that a pill stands for."""
    if key == "waiting":
        return rows.waiting()  # type: ignore[attr-defined]
    if key == "verified":
        return rows.verified()  # type: ignore[attr-defined]
    if key == "refused":
        return rows.filter(state=AffiliationState.REFUSED)
    if key == "unreachable":
        return rows.filter(UNREACHABLE)
    return rows.exclude(state=AffiliationState.REFUSED)


def people_at(organization: Organization, *roles: str) -> QuerySet[Person]:
    """Those who hold one of these roles at this node or above it, with their accounts, for letters."""
    return people_in(above(organization), *roles).select_related("user")


def people_in(nodes: Iterable[int], *roles: str) -> QuerySet[Person]:
    """Those who hold one of these roles at one of the nodes of these keys."""
    holders = Affiliation.objects.current().filter(role__in=roles, organization_id__in=nodes)
    return Person.objects.filter(pk__in=holders.values("person_id"))


def deputies_at(organization: Organization, *roles: str) -> QuerySet[Deputyship]:
    """Who may act here today in place of whoever holds one of these roles at this node or above it: by the
    rules of `access_of`, with an account and a role of their own in the organisation."""
    held = Affiliation.objects.current().filter(
        role__in=roles, organization_id__in=above(organization), person__erased_at=None
    )
    return _standing_in(held)


def deputies_of(people: Any) -> dict[tuple[int, int], list[Person]]:
    """(holder, organisation) -> who may act there today in place of each of these people (their keys, or a
    query for them) in what names them there (`Access.stands_for`); one query."""
    return by_holder(standing_in_for(people))


def standing_in_for(people: Any) -> QuerySet[Any]:
    """The rows of `deputies_of`, for `by_holder`."""
    held = Affiliation.objects.current().filter(person_id__in=people)
    return _standing_in(held).annotate(root=F("affiliation__organization__root_id"))


def by_holder(rows: Iterable[Any]) -> dict[tuple[int, int], list[Person]]:
    """(holder, organisation) -> deputies, of rows of `standing_in_for`."""
    found: dict[tuple[int, int], list[Person]] = {}
    for row in rows:
        there = found.setdefault((row.holder_id, row.root), [])
        if row.deputy not in there:
            there.append(row.deputy)
    return found


def deputies_in(affiliations: list[int]) -> dict[int, list[Person]]:
    """Affiliation -> who may act today in its place, of these keys; one query."""
    found: dict[int, list[Person]] = {}
    for row in _standing_in(Affiliation.objects.current().filter(pk__in=affiliations)):
        found.setdefault(row.affiliation_id, []).append(row.deputy)
    return found


def _standing_in(held: QuerySet[Affiliation]) -> QuerySet[Any]:
    """Who stands in today for these roles, with an account and a role of their own in that organisation."""
    works_there = Affiliation.objects.current().exclude(role__in=NO_COLLEAGUES)
    works_there = works_there.filter(
        person_id=OuterRef("deputy_id"), organization__root_id=OuterRef("affiliation__organization__root_id")
    )
    standing = Deputyship.objects.running().filter(
        Exists(works_there), affiliation_id__in=held.values("pk"), deputy__user__is_active=True
    )
    return standing.select_related("deputy").order_by("pk")


def holders(side: str, *roles: str) -> Callable[[Any, Any], Iterable[Person]]:
    """An audience of letters and reminders: those who hold one of these roles at the organisation that `side`
    of the record names, or above it; whom the right `holds(side, *roles)` lets act."""

    def audience(first: Any, second: Any) -> Iterable[Person]:
        record = first if isinstance(second, timedelta) else second  # (record, offset) or (change, record)
        organization = getattr(record, side)
        return () if organization is None else people_at(organization, *roles)

    return audience


def partnership_managers() -> QuerySet[Person]:
    """Those of the operator, who look after universities without a coordinator."""
    holders = Affiliation.objects.current().filter(
        role=Role.PARTNERSHIPS, organization__root__is_operator=True
    )
    return Person.objects.filter(pk__in=holders.values("person_id")).select_related("user")


def above(organization: Organization) -> list[int]:
    """Keys of the node and of all above it."""
    return [int(key) for key in organization.path.split(".") if key]


def keepers_of(affiliation: Affiliation) -> QuerySet[Person]:
    """Who decides about this affiliation: coordinators of the node or above it, a company's human resources;
    where a university has none, the operator's partnership managers."""
    nodes = above(affiliation.organization)
    current = Affiliation.objects.current()
    holder = Role.COORDINATOR if affiliation.role in UNIVERSITY_ROLES else Role.HR
    if affiliation.organization.root.kind == Kind.COMPANY:  # type: ignore[union-attr]
        holder = Role.HR
    own = current.filter(role=holder, organization_id__in=nodes).exclude(person_id=affiliation.person_id)
    if not own.exists():
        return partnership_managers()
    return Person.objects.filter(pk__in=own.values("person_id")).select_related("user")


def invitable(user: Any) -> tuple[QuerySet[Organization], list[Role]]:
    """The nodes into which this user may invite, and the roles that they may give somewhere."""
    access = access_of(user)
    rows = Organization.objects.filter(is_active=True).select_related("root")
    if access.administers:
        return rows.filter(root__is_partner=True).order_by("path"), [
            *dict.fromkeys(UNIVERSITY_ROLES + COMPANY_ROLES)
        ]
    own = Q(pk__in=[])
    for scope in access.of(*KEEPERS):
        own |= Q(path__startswith=scope.path)
    nodes = rows.filter(own).order_by("path")
    given = [role for role in dict.fromkeys(UNIVERSITY_ROLES + COMPANY_ROLES) if _gives(user, nodes, role)]
    return nodes, given


def invitations(user: Any) -> QuerySet[Invitation]:
    """The codes for the nodes into which this user may invite, made by whomever."""
    nodes, _roles = invitable(user)
    rows = Invitation.objects.filter(organization__in=nodes)
    return rows.select_related("organization__root", "made_by__person")


def _gives(user: Any, nodes: QuerySet[Organization], role: str) -> bool:
    roots = nodes.filter(pk__in=access_of(user).roots(*KEEPERS))
    first = list(roots[:3]) or list(nodes[:3])
    return any(rules.keeps(user, node, role) for node in first)


def partner_rows(query: str, kind: str, place: Place | None = None) -> QuerySet[Organization]:
    """The public list of partners."""
    rows = Organization.objects.partners()
    if kind in {Kind.UNIVERSITY, Kind.COMPANY, Kind.PARTNER}:
        rows = rows.filter(kind=kind)
    if place is not None:
        rows = rows.filter(place.among())
    return named(rows, query)


def partners_by_place(kind: str) -> Any:
    """(country, city, how many) of the public list of partners."""
    return partner_rows("", kind).order_by().values_list("country", "city").annotate(Count("pk"))


def named(rows: Any, typed: str, _user: Any = None) -> Any:
    """Organisations of which one name, a former one too, holds each word."""
    folded = fold(typed)
    for word in folded.split()[:6] if len(folded) >= 2 else ():
        alike = OrganizationName.objects.filter(folded__contains=word).values("organization_id")
        rows = rows.filter(Q(folded__contains=word) | Q(pk__in=alike))
    return rows


@dataclass
class Branch:
    """A node of a tree with its children, for nested lists."""

    node: Organization
    children: list["Branch"]


def tree(root: Organization) -> list[Branch]:
    """The active units below an organisation, in one query."""
    rows = (
        Organization.objects.below(root).filter(is_active=True).exclude(pk=root.pk).order_by("sort_key", "pk")
    )
    branches = {row.pk: Branch(row, []) for row in rows}
    top: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.node.parent_id or 0)
        (parent.children if parent else top).append(branch)
    return top


def partner_facts(root: Organization) -> dict[str, Any]:
    """What everybody may know of a partner; numbers only, no person."""
    names = list(root.names.all())
    units = Organization.objects.below(root).filter(is_active=True).exclude(pk=root.pk)
    return {
        "former": [name.text for name in names if name.kind == "former"],
        "before": predecessors(root),
        "other": [name.text for name in names if name.kind == "alias"],
        "units": units.aggregate(n=Count("pk"))["n"],
    }


def predecessors(organization: Organization) -> list[str]:
    """Names of partners in whose place this one goes on, doubles left out."""
    rows = organization.predecessions.exclude(how=Ending.DUPLICATE).filter(organization__is_partner=True)
    return [row.organization.display_name for row in rows.select_related("organization").order_by("on", "pk")]


def has_lost_since(person_id: int | None, moment: datetime) -> bool:
    """Whether this person had a role at that moment that is over by now, or stood in then for somebody for
    whom they no longer do. At most two queries."""
    if person_id is None:
        return False
    day = baku_date(moment)
    # An end may be entered later than it was: for yesterday, say.
    until = Q(ends=None) | Q(ends__gte=day) | Q(updated__gt=moment)
    held = Affiliation.objects.filter(until, person_id=person_id, starts__lte=day)
    taken = Q(verified_at__lte=moment) & ~Q(state=AffiliationState.VERIFIED)
    over = Q(state=AffiliationState.VERIFIED, ends__lt=today())
    stood_in = Deputyship.objects.filter(
        deputy_id=person_id, created__lte=moment, starts__lte=day, ends__gte=day
    )
    no_longer = ~Q(state=DeputyState.NAMED) | Q(ends__lt=today())
    return held.filter(taken | over).exists() or stood_in.filter(no_longer).exists()


def record_that_stays(person_id: int) -> int | None:
    """The record of whom a letter once went to: their own, or the one that it was merged into since. None
    for somebody erased. What was merged into a third one since points there (`actions.merge_people`)."""
    living = Person.objects.filter(erased_at=None)
    if living.filter(pk=person_id).exists():
        return person_id
    merges = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(Person), verb="merge", from_state=""
    )
    kept = merges.filter(data__gone__id=person_id).values("object_id")
    return living.filter(pk__in=kept).values_list("pk", flat=True).first()


def deputyships_of(person_id: int | None) -> QuerySet[Deputyship]:
    """Who stands in for this person, and for whom they stand in, the latest first."""
    mine = Deputyship.objects.filter(Q(holder_id=person_id) | Q(deputy_id=person_id))
    return mine.select_related("holder", "deputy", "affiliation__organization__root").order_by(
        "-starts", "-pk"
    )
