"""Reads of agreements that pages and other apps share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from partnerships.agreements.enums import (
    APPROVERS,
    MANAGERS,
    READERS,
    SIGNERS,
    AgreementKind,
    AgreementState,
)
from partnerships.agreements.first_types import offered_types
from partnerships.agreements.models import Agreement, AgreementType, Party, Signature
from partnerships.directory.access import access_of
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Organization, Person
from partnerships.directory.reports import deputies_at, people_at


def framework_between(
    university: Organization, company: Organization, day: date | None = None, direction: str = ""
) -> Agreement | None:
    """The framework agreement between these two that holds on `day` (today in Baku by default), if any.

    direction  key of the direction that is to stand under it: one that names others only does not count
    Units count as their organisations. Where an agreement was amended, the amendment that holds answers.
    """
    one, other = (node if node.root_id in (None, node.pk) else node.root for node in (university, company))
    rows = Agreement.objects.frameworks().in_force(day)
    rows = rows.with_party(one).with_party(other).order_by("-starts", "-pk")
    return next((row for row in rows if not direction or row.covers(direction)), None)


def in_force_between(
    university: Organization, company: Organization, day: date | None = None, direction: str = ""
) -> bool:
    """Whether a framework agreement between these two holds on `day`."""
    return framework_between(university, company, day, direction) is not None


def live_for(subject: Any) -> Agreement | None:
    """The agreement in force for this object, amendments counted; None while it is not signed."""
    rows = Agreement.objects.about(subject).filter(state=AgreementState.IN_FORCE)
    return rows.order_by("-pk").first()


def chain_of(agreement: Agreement) -> QuerySet[Agreement]:
    """The first agreement and its amendments, the oldest first."""
    first = agreement.first_id
    return Agreement.objects.filter(Q(pk=first) | Q(root_id=first)).order_by("pk")


HELD = (AgreementState.IN_FORCE, AgreementState.SUPERSEDED)  # was signed by all and not ended early


def terms_together(agreement: Agreement) -> dict[str, str]:
    """The special terms that hold now, by field: those of the first agreement and what amendments added."""
    held = (
        chain_of(agreement).filter(pk__lte=agreement.pk, state__in=HELD) if agreement.root_id else [agreement]
    )
    found = list(held)
    return {
        name: "\n\n".join(text for one in found if (text := getattr(one, name).strip()))
        for name in ("terms_az", "terms_en")
    }


def under(agreement: Agreement) -> QuerySet[Agreement]:
    """What stands under this agreement or any of its chain: contracts, not amendments."""
    chain = chain_of(agreement).values("pk")
    return Agreement.objects.filter(parent__in=chain).exclude(kind=AgreementKind.AMENDMENT)


def works_on_agreements(user: Any) -> bool:
    """Whether the list of agreements is in the user's menu: no query beyond their roles."""
    access = access_of(user)
    return access.has(*READERS, Role.LEGAL) or access.administers


def opens_frameworks(user: Any) -> list[int]:
    """Keys of the companies for which this user may open a framework agreement."""
    roots = access_of(user).roots(Role.PARTNERSHIPS, Role.HR)
    return list(Organization.objects.filter(pk__in=roots, kind=Kind.COMPANY).values_list("pk", flat=True))


def opens_for(user: Any) -> QuerySet[Organization]:
    """The organisations in whose name this user prepares agreements with partners."""
    return Organization.objects.filter(pk__in=access_of(user).roots(*MANAGERS)).order_by("sort_key", "pk")


def brings_for(user: Any) -> set[int]:
    """Keys of the organisations for which this user may bring agreements from before the portal: who prepares
    them for the whole of it, not for a faculty. No query beyond their roles."""
    return {scope.node_id for scope in access_of(user).of(*MANAGERS) if scope.node_id == scope.root_id}


def speaks_for(user: Any) -> QuerySet[Organization]:
    """The organisations in whose name this user may propose an agreement to another."""
    return Organization.objects.filter(pk__in=access_of(user).roots(*READERS)).order_by("sort_key", "pk")


def types_opened(user: Any) -> list[AgreementType]:
    """The types of which this user may open an agreement: framework agreements are kept by a company."""
    companies = bool(opens_frameworks(user))
    if not companies and not access_of(user).has(*MANAGERS):
        return []
    return [one for one in offered_types() if companies or one.kind.kind != AgreementKind.FRAMEWORK]


def opens_some(user: Any) -> bool:
    """Whether there is a type of which this user may open an agreement."""
    if access_of(user).has(*MANAGERS):
        others = [one for one in offered_types() if one.kind.kind != AgreementKind.FRAMEWORK]
        return bool(others) or bool(types_opened(user))
    return bool(types_opened(user))


def state_counts(rows: QuerySet[Agreement]) -> dict[str, int]:
    counted = rows.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted.values_list("state", "n"))


# Who is told -----------------------------------------------------------------------------------------


def sides_of(agreement: Agreement, user: Any) -> list[Party]:
    """The parties in their order of signing, each with `signed_at` under the present text, and with `opens`:
    whether this reader may open the agreement; one query."""
    seen = Agreement.objects.visible_to(user).filter(pk=OuterRef("agreement"))
    signed = Signature.objects.filter(party=OuterRef("pk"), text=agreement.text_id).order_by("pk")
    rows = Party.objects.filter(agreement=agreement).order_by("order")
    return list(rows.annotate(signed_at=Subquery(signed.values("at")[:1]), opens=Exists(seen)))


def signers_of(party: Party) -> list[Person]:
    """Who is asked to sign for a party: the person, the named signatory, else whoever holds the roles."""
    if party.person_id is not None:
        return list(Person.objects.filter(pk=party.person_id).select_related("user"))
    if party.signatory_id is not None:
        return list(Person.objects.filter(pk=party.signatory_id).select_related("user"))
    return role_holders(party)


def standing_in_for(party: Party, agreement: Agreement) -> dict[int, list[Person]]:
    """Holder -> who may sign for this party today in that holder's place; at most one query. Who is a party
    of the agreement themselves signs for no other."""
    if party.person_id is not None or party.unit is None:
        return {}
    themselves = {one.person_id for one in agreement.in_order}
    found: dict[int, list[Person]] = {}
    for row in deputies_at(party.unit, *SIGNERS[party.role]):
        if not themselves & {row.deputy_id, row.holder_id}:
            found[row.holder_id] = each_once(found.get(row.holder_id, []), [row.deputy])
    return found


def role_holders(party: Party) -> list[Person]:
    """Everybody whose role signs for this party."""
    if party.unit is None:
        return []
    return list(people_at(party.unit, *SIGNERS[party.role]))


def managers_of(agreement: Agreement) -> list[Person]:
    """Who keeps it: those who manage the owner's agreements."""
    return list(people_at(agreement.owner, *MANAGERS))


def lawyers_of(agreement: Agreement) -> list[Person]:
    """Legal counsel of who keeps it; where there is none, the leadership."""
    counsel = list(people_at(agreement.owner, Role.LEGAL))
    return counsel or approvers_of(agreement)


def approvers_of(agreement: Agreement) -> list[Person]:
    return list(people_at(agreement.owner, *APPROVERS))


def deciders_of(agreement: Agreement, *, head: bool) -> list[Person]:
    """Who answers for it and the deputy, as far as they still work there, else all who keep it; with `head`
    the leadership too."""
    named = [person.pk for person in (agreement.keeper, agreement.deputy) if person is not None]
    kept = list(people_at(agreement.owner, *MANAGERS))
    found = [person for person in kept if person.pk in named] or kept
    return each_once(found, approvers_of(agreement) if head else [])


def may_answer(agreement: Agreement) -> QuerySet[Person]:
    """Who may be named as the one who answers for it, or as the deputy."""
    return people_at(agreement.owner, *MANAGERS).order_by("sort_key", "pk")


def people_of(agreement: Agreement) -> list[Person]:
    """Everybody who signs for a party, and who keeps it; each once."""
    found: dict[int, Person] = {}
    for party in agreement.in_order:
        found.update({person.pk: person for person in [*signers_of(party), *role_holders(party)]})
    found.update({person.pk: person for person in managers_of(agreement)})
    return list(found.values())


def each_once(*groups: Iterable[Person]) -> list[Person]:
    return list({person.pk: person for group in groups for person in group}.values())
