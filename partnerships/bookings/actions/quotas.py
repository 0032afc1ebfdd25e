"""Hours of a month for an organisation: given, changed, taken back; and whose hours a booking takes."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.bookings import quotas, rules
from partnerships.bookings.actions.line import offer_below
from partnerships.bookings.actions.locking import lock_trees
from partnerships.bookings.models import Booking, Quota, Thing
from partnerships.common.refusals import StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.workflow.models import record


@transaction.atomic
def give_hours(thing: Thing, *, actor: Any, hours: int, organization: Organization | None = None) -> Quota:
    """So many hours a month of a thing and all that is in it, for an organisation or for each by itself.

    Bookings that are there stay, and count. Raises Refused to who does not look after it, ValidationError
    for a second quota of the same organisation here and for what is no organisation but a unit of one.
    """
    rules.must_keep(actor, thing)
    lock_trees([thing])
    if organization is not None and organization.parent_id is not None:
        raise ValidationError({"organization": _("Choose an organisation, not a unit of one.")})
    quota = Quota(thing=thing, organization=organization, hours=hours)
    quota.full_clean()
    quota.save()
    record(quota, "give", actor=actor, data=_kept(quota))
    return quota


@transaction.atomic
def change_hours(quota: Quota, *, actor: Any, hours: int, version: int) -> Quota:
    """Other hours a month from now on; bookings that are there stay, who waits may be offered more.

    version   the one that was read: StaleState for the slower of two editors
    """
    rules.must_keep(actor, quota)
    lock_trees([quota.thing])
    fresh = _fresh(quota)
    if fresh.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), fresh)
    before, fresh.hours = fresh.hours, hours
    fresh.full_clean()
    fresh.version += 1
    fresh.save()
    record(fresh, "change", actor=actor, data={**_kept(fresh), "before": before})
    if hours > before:
        offer_below(fresh.thing, fresh.organization_id)
    return fresh


@transaction.atomic
def end_quota(quota: Quota, *, actor: Any) -> None:
    """No bound any more by this quota; those of what stands above and below hold on."""
    rules.must_keep(actor, quota)
    lock_trees([quota.thing])
    found = Quota.objects.select_related("thing__owner").filter(pk=quota.pk).first()
    if found is None:
        return  # somebody else was quicker
    record(found.thing, "end_quota", actor=actor, data=_kept(found))
    found.delete()
    offer_below(found.thing, found.organization_id)


def _fresh(quota: Quota) -> Quota:
    found = Quota.objects.select_related("thing__owner", "organization").filter(pk=quota.pk).first()
    if found is None:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), quota)
    return found


def _kept(quota: Quota) -> dict[str, Any]:
    return {"organization": quota.organization_id, "hours": quota.hours}


# Of a booking -------------------------------------------------------------------------------------------
def whose_hours(
    by: Any, holder: Person | None, owner: Organization, wanted: Organization | None
) -> int | None:
    """Key of the organisation whose hours a booking takes: `wanted`, of those to which its holder belongs;
    by itself the owner where they work there, else the first where they work, else where they study."""
    if holder is None or holder.pk == by.person_id:
        access = access_of(by.principal)
        works, all_of = access.works_at, access.own_roots
    else:
        roles = Affiliation.objects.current().filter(person=holder)
        found = list(roles.values_list("organization__root_id", "role"))
        all_of = {root for root, _role in found}
        works = {root for root, role in found if role != Role.STUDENT}
    if wanted is not None:
        if wanted.pk not in all_of:
            raise ValidationError({"organization": _("Choose an organisation to which you belong.")})
        return wanted.pk
    return quotas.first_of(works, all_of, owner)


def must_have_hours(booking: Booking, *, states: Sequence[str]) -> None:
    """Raises ValidationError where the hours of its organisation do not suffice for it."""
    if found := quotas.not_to_approve(booking, booking.things, states=states):
        raise ValidationError(found.reason, code=found.code)
