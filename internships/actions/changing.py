"""What changes during a practice without ending it: its last day, mentor, supervisor, unit."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import rules
from internships.actions.conducting import lock_placement
from internships.actions.contracting import renew_contract
from internships.actions.placing import hazard_of, mentor_room, plan
from internships.enums import ClearanceKind
from internships.models import Clearance, MentorLink, Placement
from internships.placement_conditions import still_changeable
from partnerships.common.refusals import Blocked, Refusal, Refused, StaleState
from partnerships.common.versions import must_be
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

# Who of the university may supervise, and who of the company may be a mentor.
SUPERVISORS = (Role.SUPERVISOR, Role.LECTURER, Role.COORDINATOR)
MENTORS = (Role.MENTOR, Role.UNIT_HEAD, Role.TRAINER, Role.EXPERT)


def _open(
    placement: Placement, actor: Any, may: Callable[[Any, Any], bool], version: int | None
) -> Placement:
    """The row under a lock, checked: may the actor, does it still run, is it as the actor saw it."""
    placement = lock_placement(placement)
    must_be(placement)
    by = as_actor(actor)
    if not (by.reaches(placement) and may(by.principal, placement)):
        raise Refused(_("Your role does not include this here."))
    if refusal := still_changeable(placement, by):
        raise Blocked(refusal, placement)
    if version is not None and version != placement.version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), placement)
    return placement


def _write(placement: Placement, **values: Any) -> None:
    Placement.objects.filter(pk=placement.pk).update(
        **values, updated=timezone.now(), version=F("version") + 1
    )
    for name, value in values.items():
        setattr(placement, name, value)
    placement.version += 1


@transaction.atomic
def extend(
    placement: Placement, *, actor: Any, ends: date, note: str, version: int | None = None
) -> Placement:
    """A later last day, with the reason; hours and credits follow.

    Raises ValidationError for a day that is not later, Blocked once the practice is over, StaleState when
    `version` is not the one that stands.
    """
    placement = _open(placement, actor, rules.extends_placement, version)
    if ends <= placement.ends:
        raise ValidationError({"ends": _("This is not later than the last day that stands.")})
    before = placement.ends
    _write(placement, ends=ends, **plan(placement.starts, ends, placement.weekly_minutes))
    data = {"from": before.isoformat(), "to": ends.isoformat()}
    record(placement, "extend", actor=actor, to_state=placement.state, note=note, data=data)
    renew_contract(placement, actor=actor)
    return placement


@transaction.atomic
def change_mentor(
    placement: Placement, *, actor: Any, mentor: Person, note: str = "", version: int | None = None
) -> Placement:
    """Name another mentor, or the first one. The link of the one before no longer opens.

    Raises Blocked when the mentor has as many interns as they may, ValidationError for somebody who does
    not work at the company.
    """
    placement = _open(placement, actor, rules.runs_placement, version)
    if mentor.pk == placement.mentor_id:
        return placement
    if mentor.pk == placement.person_id or not _works_at(mentor, placement.host, MENTORS):
        raise ValidationError({"mentor": _("This person is not among the mentors of the company.")})
    list(Person.objects.filter(pk=mentor.pk).select_for_update().values_list("pk"))
    if not mentor_room(mentor):
        words = _("This mentor has as many interns as they may have at once: %(mentor)s.")
        raise Blocked(Refusal(words % {"mentor": mentor.name}, code="mentor_full"), placement)
    before = placement.mentor
    revoke_links(placement, actor=actor)
    _write(placement, mentor=mentor)
    data = {"from": before.pk if before else None, "to": mentor.pk, "name": mentor.name}
    record(placement, "change_mentor", actor=actor, to_state=placement.state, note=note, data=data)
    renew_contract(placement, actor=actor)
    return placement


def revoke_links(placement: Placement, *, actor: Any) -> int:
    """No link of this placement opens any more."""
    return MentorLink.objects.filter(placement=placement, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=as_actor(actor).user
    )


@transaction.atomic
def change_supervisor(
    placement: Placement, *, actor: Any, supervisor: Person | None, note: str = "", version: int | None = None
) -> Placement:
    """The university names another supervisor, or none."""
    placement = _open(placement, actor, rules.coordinates_placement, version)
    if supervisor is not None and (
        supervisor.pk == placement.person_id or not _works_at(supervisor, placement.university, SUPERVISORS)  # type: ignore[arg-type]
    ):
        raise ValidationError({"supervisor": _("This person does not supervise at the university.")})
    if (supervisor.pk if supervisor else None) == placement.supervisor_id:
        return placement
    _write(placement, supervisor=supervisor)
    data = {"name": supervisor.name if supervisor else ""}
    record(placement, "change_supervisor", actor=actor, to_state=placement.state, note=note, data=data)
    renew_contract(placement, actor=actor)
    return placement


@transaction.atomic
def change_unit(
    placement: Placement, *, actor: Any, unit: Organization, note: str, version: int | None = None
) -> Placement:
    """Move it to another unit of the company, whose hazard class then holds.

    The workplace briefing is of a workplace: it is given anew at the new one.
    """
    placement = _open(placement, actor, rules.runs_placement, version)
    if unit.root_id != placement.host.root_id or not unit.is_active:
        raise ValidationError({"unit": _("This unit does not belong to the company.")})
    if unit.pk == placement.unit_id:
        return placement
    data = {"from": placement.unit.display_name, "to": unit.display_name}
    Clearance.objects.filter(placement=placement, kind=ClearanceKind.WORKPLACE_BRIEFING).delete()
    _write(placement, unit=unit, hazard=hazard_of(unit))
    record(placement, "change_unit", actor=actor, to_state=placement.state, note=note, data=data)
    renew_contract(placement, actor=actor)
    return lock_placement(placement)


def _works_at(person: Person, organization: Organization, roles: tuple[str, ...]) -> bool:
    rows = Affiliation.objects.current().filter(person=person, role__in=roles)
    return rows.filter(organization__root_id=organization.root_id).exists()
