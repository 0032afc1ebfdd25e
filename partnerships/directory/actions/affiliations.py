"""How people come to belong somewhere: suggested, asked for, confirmed, listed, ended."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.common.text import clean_line, fold
from partnerships.directory.access import access_of, forget_access
from partnerships.directory.actions.joining import join_people
from partnerships.directory.actions.studies import write_study
from partnerships.directory.enums import (
    COMPANY_ROLES,
    UNIVERSITY_ROLES,
    AffiliationState,
    Kind,
    Role,
)
from partnerships.directory.models import Affiliation, Domain, Organization, Person
from partnerships.directory.rules import is_own
from partnerships.directory.workflow import AFFILIATION
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.engine import ManyResult
from partnerships.workflow.models import record


# Suggested by the address --------------------------------------------------------------------------
def university_of(email: str) -> Organization | None:
    """The one active university whose domain is that of the address, or the nearest domain above it.

    None when no university or several have it (some share a domain): then the person chooses.
    """
    labels = email.rpartition("@")[2].lower().split(".")
    candidates = [".".join(labels[i:]) for i in range(len(labels) - 1)]
    found: dict[str, set[int]] = {}
    rows = Domain.objects.filter(
        domain__in=candidates, organization__root__kind=Kind.UNIVERSITY, organization__root__is_active=True
    )
    for domain, organization_id in rows.values_list("domain", "organization_id"):
        found.setdefault(domain, set()).add(organization_id)
    for domain in candidates:  # the longest first
        if domain in found:
            keys = found[domain]
            return Organization.objects.get(pk=next(iter(keys))) if len(keys) == 1 else None
    return None


def suggest_affiliation(person: Person, email: str, *, actor: Any) -> Affiliation | None:
    """Suggest to be a student of the university whose domain the verified address has.

    Nothing for a person who already belongs or asked to belong somewhere, or was refused there.
    """
    rows = list(person.affiliations.values_list("state", "organization_id"))
    if any(state != AffiliationState.REFUSED for state, _where in rows):
        return None
    university = university_of(email)
    if university is None or any(where == university.pk for _state, where in rows):
        return None
    return write_affiliation(
        person, university, Role.STUDENT, AffiliationState.SUGGESTED, "suggest", actor=actor
    )


def write_affiliation(
    person: Person,
    where: Organization,
    role: str,
    state: str,
    verb: str,
    *,
    actor: Any,
    note: str = "",
    **values: Any,
) -> Affiliation:
    values.setdefault("starts", today())
    with transaction.atomic():
        row = Affiliation.objects.create(person=person, organization=where, role=role, state=state, **values)
        row.last_change = record(row, verb, actor=actor, to_state=state, note=note)  # type: ignore[attr-defined]
    return row


# Asked for ---------------------------------------------------------------------------------------------
@transaction.atomic
def request_affiliation(
    person: Person,
    organization: Organization,
    *,
    actor: Any,
    role: str = Role.STUDENT,
    study: dict[str, Any] | None = None,
    note: str = "",
) -> Affiliation:
    """Ask a university or company to confirm that one belongs there.

    A suggestion or an earlier request for the same place is taken up again, other waiting suggestions are
    withdrawn. A student whom the university listed is confirmed at once (see match_with_list).
    Raises Refused for a role that is not asked for, and Blocked when the role is already confirmed.
    """
    who = as_actor(actor)
    if access_of(who.principal).person_id != person.pk:
        raise Refused(_("Only you can ask for your own affiliation."))
    allowed = {Kind.UNIVERSITY: UNIVERSITY_ROLES, Kind.COMPANY: COMPANY_ROLES}.get(organization.root.kind, ())  # type: ignore[union-attr,call-overload]
    if role not in allowed:
        raise Refused(_("This role is given by an administrator and cannot be asked for."))
    number = str((study or {}).get("student_number") or "")
    if role == Role.STUDENT and number and (listed := match_with_list(person, organization, number)):
        withdraw_suggestions(listed, actor=actor)
        return listed
    row = waiting_at(person, organization, role)
    if row is None:
        row = write_affiliation(
            person, organization, role, AffiliationState.REQUESTED, "request", actor=actor, note=note
        )
    elif row.state == AffiliationState.VERIFIED:
        raise Blocked(Refusal(_("This affiliation is already confirmed."), code="confirmed"), row)
    else:
        Affiliation.objects.filter(pk=row.pk).update(
            organization=organization, role=role, version=F("version") + 1
        )
        row.organization, row.role = organization, role
        if row.state == AffiliationState.SUGGESTED:
            AFFILIATION.apply(row, "request", actor=actor, note=note)
    if study is not None and role == Role.STUDENT:
        write_study(row, study)
    withdraw_suggestions(row, actor=actor)
    return row


def withdraw_suggestions(chosen: Affiliation, *, actor: Any) -> None:
    """The person has chosen: what an address suggested elsewhere no longer waits."""
    _forget(actor)
    who = as_actor(as_actor(actor).user)
    others = Affiliation.objects.filter(person_id=chosen.person_id, state=AffiliationState.SUGGESTED)
    for other in others.exclude(pk=chosen.pk):
        AFFILIATION.apply(other, "withdraw", actor=who)


def waiting_at(person: Person, organization: Organization, role: str) -> Affiliation | None:
    """The person's open row for this role at this organisation; a suggestion there serves any role."""
    rows = person.affiliations.select_for_update().filter(
        organization__root_id=organization.root_id, ends=None
    )
    same = rows.filter(role=role).exclude(state=AffiliationState.REFUSED).order_by("-state").first()
    return same or rows.filter(state=AffiliationState.SUGGESTED).first()


def match_with_list(person: Person, organization: Organization, student_number: str) -> Affiliation | None:
    """Join a student to whom the university listed under the same number and name: confirmed at once.

    A listed person with an e-mail address is matched by that address alone, once it is verified
    (people.address_verified): a number and a name are known to classmates, a mailbox is not.
    """
    name = (fold(person.given_name), fold(person.family_name))
    rows = Affiliation.objects.current().filter(
        organization__root_id=organization.root_id,
        role=Role.STUDENT,
        study__student_number=clean_line(student_number),
        person__user=None,
        person__email="",
        person__erased_at=None,
    )
    for row in rows.select_related("person"):
        if person.user is None or (fold(row.person.given_name), fold(row.person.family_name)) != name:
            continue
        kept = join_people(row.person, account=person.user, present=person)
        if kept.pk == row.person_id:
            record(row, "match", actor=SYSTEM, to_state=row.state)
            return Affiliation.objects.get(pk=row.pk)
    return None


# Decided ------------------------------------------------------------------------------------------------
def confirm_affiliation(affiliation: Affiliation, *, actor: Any, note: str = "") -> Affiliation:
    """The university or company says: yes, this is one of ours. Raises as Workflow.apply does."""
    return AFFILIATION.apply(affiliation, "confirm", actor=actor, note=note, **signature(actor))


def confirm_many(affiliations: Any, *, actor: Any) -> ManyResult[Affiliation]:
    """Confirm a queryset of affiliations; those that cannot be stay and are returned with the reason."""
    return AFFILIATION.apply_many(
        affiliations.select_related("organization__root"), "confirm", actor=actor, **signature(actor)
    )


def refuse_affiliation(affiliation: Affiliation, *, actor: Any, note: str) -> Affiliation:
    """Refuse with a reason that the person reads; a confirmed one is taken back."""
    verb = "revoke" if affiliation.state == AffiliationState.VERIFIED else "refuse"
    return AFFILIATION.apply(affiliation, verb, actor=actor, note=note)


def restore_affiliation(affiliation: Affiliation, *, actor: Any, note: str) -> Affiliation:
    """Take a refusal back: it waits for a decision again."""
    return AFFILIATION.apply(affiliation, "restore", actor=actor, note=note)


def withdraw_affiliation(affiliation: Affiliation, *, actor: Any) -> Affiliation:
    """The person does not belong there after all, before anybody confirmed it."""
    return AFFILIATION.apply(affiliation, "withdraw", actor=actor)


def end_affiliation(affiliation: Affiliation, *, actor: Any, ends: date, note: str = "") -> Affiliation:
    """From the day after `ends` the role gives nothing any more. Blocked when that lies before the start, and
    for oneself when it lies behind the end that there is: nobody gives a role to themselves."""
    if ends < affiliation.starts:
        raise Blocked(Refusal(_("The end lies before the beginning."), code="dates"), affiliation)
    longer = affiliation.ends is not None and ends > affiliation.ends
    if longer and is_own(as_actor(actor).principal, affiliation):
        words = _(
            "This role ends on an earlier day. You may end it sooner; whoever keeps the organisation may "
            "let it last longer."
        )
        raise Blocked(Refusal(words, code="longer"), affiliation)
    return AFFILIATION.apply(affiliation, "end", actor=actor, note=note, ends=ends)


def signature(actor: Any) -> dict[str, Any]:
    return {"verified_by": as_actor(actor).user, "verified_at": timezone.now()}


def _forget(actor: Any) -> None:
    user = as_actor(actor).user
    if user is not None:
        forget_access(user)


# Given by an administrator ------------------------------------------------------------------------------
def _administers(actor: Any) -> None:
    who = as_actor(actor)
    user = who.user
    if (
        who is not SYSTEM
        and not (user is not None and user.is_superuser)
        and not access_of(who.principal).administers
    ):
        raise Refused(_("Roles are given by the administrator of the portal."))


def give_affiliation(
    person: Person, organization: Organization, role: str, *, actor: Any, **values: Any
) -> Affiliation:
    """Give any role anywhere, confirmed at once. `values`: position, starts, ends."""
    _administers(actor)
    return write_affiliation(
        person,
        organization,
        role,
        AffiliationState.VERIFIED,
        "give",
        actor=actor,
        **values,
        **signature(actor),
    )


def amend_affiliation(affiliation: Affiliation, *, actor: Any, **values: Any) -> Affiliation:
    """Correct the place, role, position or dates of an affiliation; its state stays."""
    _administers(actor)
    if unknown := set(values) - {"organization", "role", "position", "starts", "ends"}:
        raise ValueError(f"not to be amended: {sorted(unknown)}")
    with transaction.atomic():
        row = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
        for field, value in values.items():
            setattr(row, field, value)
        row.version += 1
        row.save()
        record(row, "amend", actor=actor, data={field: str(value) for field, value in values.items()})
    return row
