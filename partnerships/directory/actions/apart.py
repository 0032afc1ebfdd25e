"""Two records that look like one organisation and are two."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.refusals import IllegalTransition, Missing, Refused
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization, ToldApart
from partnerships.directory.models.apart import names_of
from partnerships.workflow.actors import Actor, as_actor
from partnerships.workflow.models import record


@transaction.atomic
def tell_apart(one: Organization, other: Organization, *, actor: Any, reason: str) -> ToldApart:
    """These are two: they are not shown as a pair any more until the name of one of them changes.

    Said again of a pair whose names have changed, it holds for the names of today. Raises Refused to whoever
    does not run the portal, Missing without a reason, IllegalTransition where one has ended or the pair is
    told apart already.
    """
    who = _keeper(actor)
    if one.pk == other.pk:
        raise ValueError("an organisation is not told apart from itself")
    if not reason.strip():
        raise Missing("reason", one)
    first, second = _locked(one, other)
    if not (first.is_active and second.is_active) or first.parent_id or second.parent_id:
        raise IllegalTransition(_("One of the two has ended: they may have been merged already."), one)
    names = names_of([first.pk, second.pk])
    found = ToldApart.objects.filter(first=first, second=second).first()
    if found is not None and found.holds(names):
        raise IllegalTransition(_("Somebody has already put this pair aside."), one)
    made, _new = ToldApart.objects.update_or_create(
        first=first,
        second=second,
        defaults={
            "first_names": names.get(first.pk, ""),
            "second_names": names.get(second.pk, ""),
            "reason": reason.strip(),
            "made_by": who.user,
            "made_at": timezone.now(),
        },
    )
    _record(first, second, "tell_apart", who, reason)
    return made


@transaction.atomic
def doubt_again(one: Organization, other: Organization, *, actor: Any, reason: str) -> None:
    """Take it back: the pair is shown again where it looks like one. Raises as `tell_apart`."""
    who = _keeper(actor)
    if not reason.strip():
        raise Missing("reason", one)
    first, second = _locked(one, other)
    gone, _rows = ToldApart.objects.filter(first=first, second=second).delete()
    if not gone:
        raise IllegalTransition(_("This pair is not put aside any more."), one)
    _record(first, second, "doubt_again", who, reason)


def _keeper(actor: Any) -> Actor:
    who = as_actor(actor)
    if not access_of(who.principal).operates:
        raise Refused(_("Organisations are kept by the partnership manager and the administrator."))
    return who


def _locked(one: Organization, other: Organization) -> tuple[Organization, Organization]:
    """Both in the order of their keys."""
    rows = Organization.objects.select_for_update().filter(pk__in=[one.pk, other.pk])
    first, second = rows.order_by("pk")
    return first, second


def _record(first: Organization, second: Organization, verb: str, who: Actor, reason: str) -> None:
    for row, other in ((first, second), (second, first)):
        data = {"other": {"name": other.name, "slug": other.slug}}
        record(row, verb, actor=who, note=reason.strip(), data=data)
