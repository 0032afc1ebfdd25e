"""Naming who stands in for oneself."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Missing, Refusal, Refused
from partnerships.common.text import at_most, clean_line
from partnerships.directory.access import access_of
from partnerships.directory.enums import NO_COLLEAGUES, NOT_PASSED_ON, DeputyState
from partnerships.directory.models import Affiliation, Deputyship, Person
from partnerships.directory.workflow import DEPUTYSHIP
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

LONGEST = timedelta(days=184)


def passed_on_by(person_id: int) -> Any:
    """The roles of one's own that one may pass on for a while."""
    rows = Affiliation.objects.current().filter(person_id=person_id).exclude(role__in=NOT_PASSED_ON)
    return rows.select_related("organization__root").order_by("-starts", "pk")


def colleagues_of(affiliation: Affiliation) -> Any:
    """Who may stand in: people with an account who work at the same organisation."""
    there = Affiliation.objects.current().filter(organization__root_id=affiliation.organization.root_id)
    keys = there.exclude(role__in=NO_COLLEAGUES).values("person_id")
    people = Person.objects.filter(pk__in=keys, erased_at=None, user__is_active=True)
    return people.exclude(pk=affiliation.person_id).order_by("sort_key", "pk")


@transaction.atomic
def name_deputy(
    affiliation: Affiliation, deputy: Person, *, actor: Any, starts: date, ends: date, reason: str
) -> Deputyship:
    """Have `deputy` stand in for this role of one's own from day to day, both inclusive.

    Raises Refused for a role that is not one's own (one in which one stands in oneself included) or that is
    not passed on; Blocked for a stranger to the organisation, dates that are past, too long or beyond the
    role's end, and where somebody stands in already in these days; Missing without a reason.
    """
    who = as_actor(actor)
    person_id = access_of(who.principal).person_id
    if person_id is None or not passed_on_by(person_id).filter(pk=affiliation.pk).exists():
        raise Refused(_("You can pass on a role of your own alone."))
    if not reason.strip():
        raise Missing("reason", affiliation)
    Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    if refusal := _standing_against(affiliation, deputy, starts, ends):
        raise Blocked(refusal, affiliation)
    row = Deputyship.objects.create(
        affiliation=affiliation,
        holder_id=person_id,
        deputy=deputy,
        starts=starts,
        ends=ends,
        reason=at_most("reason", clean_line(reason), 200),
    )
    record(row, "name", actor=who, to_state=DeputyState.NAMED)
    return row


def _standing_against(affiliation: Affiliation, deputy: Person, starts: date, ends: date) -> Refusal | None:
    if not colleagues_of(affiliation).filter(pk=deputy.pk).exists():
        return Refusal(_("Somebody who works at the same organisation can stand in for you."), "stranger")
    if ends < starts or ends < today():
        return Refusal(_("The last day lies before the first, or is past already."), "dates")
    if ends - starts > LONGEST:
        return Refusal(_("Half a year at most. For longer, the role is given to somebody else."), "long")
    if affiliation.ends is not None and ends > affiliation.ends:
        return Refusal(_("Your role ends before that day."), "beyond")
    there = Deputyship.objects.filter(
        affiliation=affiliation, state=DeputyState.NAMED, starts__lte=ends, ends__gte=starts
    )
    if there.exists():
        return Refusal(_("Somebody stands in for you in these days already. End that first."), "twice")
    return None


def decline_deputyship(deputyship: Deputyship, *, actor: Any, note: str) -> Deputyship:
    """The deputy cannot; the holder reads why. Raises as Workflow.apply does."""
    return DEPUTYSHIP.apply(deputyship, "decline", actor=actor, note=note)


def end_deputyship(deputyship: Deputyship, *, actor: Any) -> Deputyship:
    """The holder is back sooner. Raises as Workflow.apply does."""
    return DEPUTYSHIP.apply(deputyship, "revoke", actor=actor)
