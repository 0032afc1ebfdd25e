"""Codes that make whoever redeems them one of ours."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory import rules
from partnerships.directory.access import access_of
from partnerships.directory.actions.affiliations import (
    waiting_at,
    withdraw_suggestions,
    write_affiliation,
)
from partnerships.directory.actions.studies import write_study
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Invitation, Organization, Person
from partnerships.directory.workflow import AFFILIATION
from partnerships.workflow.actors import SYSTEM, as_actor

# Read aloud without mistake: no 0/O, 1/I/L, 5/S. Ten letters of 28: 48 bits.
ALPHABET = "ABCDEFGHJKMNPQRTUVWXYZ234679"
LENGTH = 10
MAX_USES = 1000
MAX_DAYS = 365
USED_UP = Refusal(
    gettext_lazy("This invitation has been used up or closed. Ask for a new one."), code="used_up"
)


def most_uses(role: str) -> int:
    """How many people one code may bring in this role."""
    return MAX_USES if role == Role.STUDENT else 1


def make_invitation(
    organization: Organization,
    *,
    actor: Any,
    role: str = Role.STUDENT,
    uses: int = 1,
    days: int = 30,
    note: str = "",
) -> Invitation:
    """A code for `uses` people, good for `days` days. Refused where the actor could not confirm them.

    Students may share a code; one for any other role is for one person (Blocked): whoever it is passed
    on to would be confirmed at once as a coordinator, a mentor or leadership.
    """
    who = as_actor(actor)
    if who.user is None or not rules.keeps(who.principal, organization, role):
        raise Refused(_("You can invite only those whom you may confirm."))
    if uses > most_uses(role):
        raise Blocked(
            Refusal(_("A code for this role is for one person: make one for each."), code="one_use")
        )
    if not 1 <= uses <= MAX_USES or not 1 <= days <= MAX_DAYS:
        raise ValueError("uses or days out of range")
    code = "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))
    return Invitation.objects.create(
        organization=organization,
        role=role,
        code=code,
        note=note,
        uses_left=uses,
        expires=timezone.now() + timedelta(days=days),
        made_by=who.user,
    )


def normal_code(typed: str) -> str:
    """The code as it is kept, however it was typed: "abcde-fghjk" is ABCDEFGHJK."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


@transaction.atomic
def redeem_invitation(
    code: str, person: Person, *, actor: Any, study: dict[str, Any] | None = None
) -> Affiliation:
    """Make the person a confirmed member by an invitation's code; one use is spent, never one too many.

    Somebody who already is one spends nothing. Raises Blocked with the reason: unknown, expired, used up,
    made by oneself or by who stands in for one, or by somebody who no longer keeps the unit.
    """
    if access_of(as_actor(actor).principal).person_id != person.pk:
        raise Refused(_("An invitation is redeemed by the person themselves."))
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organization__root", "made_by")
        .filter(code=normal_code(code))
        .first()
    )
    if invitation is None:
        raise Blocked(
            Refusal(_("There is no invitation with this code. Check the letters."), code="unknown_code")
        )
    row = waiting_at(person, invitation.organization, invitation.role)
    if row is not None and row.state == AffiliationState.VERIFIED:
        return row
    _check(invitation, person)
    # A code from before the rule of one use ends with its first use as well.
    left: Any = F("uses_left") - 1 if invitation.role == Role.STUDENT else 0
    spent = Invitation.objects.filter(pk=invitation.pk, uses_left__gt=0).update(
        uses_left=left, version=F("version") + 1
    )
    if spent != 1:
        raise Blocked(USED_UP, invitation)
    signature: dict[str, Any] = {"verified_by": invitation.made_by, "verified_at": timezone.now()}
    if row is None:
        row = write_affiliation(
            person,
            invitation.organization,
            invitation.role,
            AffiliationState.VERIFIED,
            "redeem",
            actor=actor,
            **signature,
        )
    else:
        AFFILIATION.apply(
            row,
            "match",
            actor=SYSTEM,
            organization=invitation.organization,
            role=invitation.role,
            **signature,
        )
    withdraw_suggestions(row, actor=actor)
    if study is not None and invitation.role == Role.STUDENT:
        write_study(row, study)
    return row


def _check(invitation: Invitation, person: Person) -> None:
    if invitation.expires < timezone.now():
        raise Blocked(
            Refusal(_("This invitation has expired. Ask for a new one."), code="expired"), invitation
        )
    if invitation.uses_left < 1:
        raise Blocked(USED_UP, invitation)
    maker = access_of(invitation.made_by)
    if person.pk == maker.person_id or person.pk in maker.holders:  # as with rules.decides
        reason = _("Nobody confirms themselves, or whom they stand in for: ask a colleague for a code.")
        raise Blocked(Refusal(reason, code="own"), invitation)
    if not rules.keeps(invitation.made_by, invitation.organization, invitation.role):
        raise Blocked(
            Refusal(_("This invitation no longer stands. Ask for a new one."), code="void"), invitation
        )


def close_invitation(invitation: Invitation, *, actor: Any) -> Invitation:
    """No further use of this code."""
    who = as_actor(actor)
    if who is not SYSTEM and not rules.keeps(who.principal, invitation.organization, invitation.role):
        raise Refused(_("You can invite only those whom you may confirm."))
    Invitation.objects.filter(pk=invitation.pk).update(uses_left=0, version=F("version") + 1)
    invitation.refresh_from_db()
    return invitation
