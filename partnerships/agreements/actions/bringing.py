"""Agreements that were signed before the portal, on paper: entered with what is known of them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.agreements.actions.pieces import (
    check_opener,
    check_parties,
    name_it,
    person_of,
    reread,
    write_parties,
)
from partnerships.agreements.actions.reviewing import parties_of
from partnerships.agreements.enums import AgreementKind, AgreementState, Decision
from partnerships.agreements.kinds import kinds
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.terms import Term, set_term
from partnerships.common.clock import start_of_day, today
from partnerships.common.text import clean_line
from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

NUMBER_LENGTH = 40


@transaction.atomic
def bring_past(
    of_type: AgreementType,
    owner: Organization,
    partners: Sequence[Organization],
    *,
    actor: Any,
    number: str,
    starts: date,
    ends: date | None = None,
    signed_on: date | None = None,
    ended_on: date | None = None,
) -> Agreement:
    """Enter an agreement that was signed on paper before the portal, in force or over.

    number    as it stands on the paper; ended_on  the day on which it was ended early
    It has no text here and no signatures, and says so. A framework agreement is entered by the company that
    keeps it, since places are given under it. Raises Refused to who does not prepare the owner's agreements,
    ValidationError by field otherwise.
    """
    by = as_actor(actor)
    check_opener(by, owner)
    number = clean_line(number)
    check_past(
        of_type,
        owner,
        partners,
        number=number,
        starts=starts,
        ends=ends,
        signed_on=signed_on,
        ended_on=ended_on,
    )
    parties = parties_of(of_type, owner, partners)
    check_parties(of_type.kind, parties)
    moment = start_of_day(signed_on or starts)
    over = ends is not None and ends < today()
    agreement = Agreement(
        kind=of_type.kind.kind,
        type=of_type,
        state=AgreementState.TERMINATED if ended_on else AgreementState.IN_FORCE,
        text_kind=of_type.text_kind,
        owner=owner,
        number=number,
        directions=list(of_type.directions),
        keeper=person_of(by) if by.person_id is not None else None,
        made_by=by.user,
        brought=True,
        sent_at=moment,
        in_force_since=moment,
        ended_on=ended_on,
        decision=Decision.LAPSE if over or ended_on else "",
    )
    set_term(agreement, Term(starts, ends, None, of_type.notice_days))
    name_it(agreement, parties)
    agreement.save()
    write_parties(agreement, parties)
    record(agreement, "bring", actor=by, to_state=agreement.state)
    return reread(agreement)


def check_past(
    of_type: AgreementType,
    owner: Organization,
    partners: Sequence[Organization],
    *,
    number: str,
    starts: date,
    ends: date | None,
    signed_on: date | None,
    ended_on: date | None,
) -> None:
    """Raises ValidationError by field for what `bring_past` would not take; reads, writes nothing."""
    errors: dict[str, str] = {}
    if not number:
        errors["number"] = _("Give the number that stands on the paper.")
    elif len(number) > NUMBER_LENGTH:
        words = _("Characters: %(n)s; at most %(most)s are allowed.")
        errors["number"] = words % {"n": len(number), "most": NUMBER_LENGTH}
    elif Agreement.objects.filter(number=number).exists():
        errors["number"] = _("An agreement with this number is here already.")
    elif is_own_number(number):
        errors["number"] = _("The portal itself gives numbers of this form: put something before it.")
    if signed_on is not None and signed_on > today():
        errors["signed_on"] = _("This day is still to come.")
    if ended_on is not None and not starts <= ended_on <= today():
        errors["ended_on"] = _("It ended between its first day and today.")
    if ends is not None and ends < starts:
        errors["ends"] = _("The last day is before the first.")
    if any(one.pk == owner.pk for one in partners) or len({one.pk for one in partners}) != len(partners):
        errors["partner"] = _("Name the other organisations, each once.")
    elif of_type.kind.kind == AgreementKind.FRAMEWORK and not _fits_framework(owner, partners):
        errors["partner"] = _(
            "A framework agreement is between one university and the company that keeps it."
        )
    if errors:
        raise ValidationError(errors)


def is_own_number(number: str) -> bool:
    """SAZ-2026-00042: a number of that form from elsewhere would meet one of the portal's own."""
    series = "|".join(re.escape(kind.series) for kind in kinds().values() if kind.series)
    return re.fullmatch(rf"(?:{series})-\d{{4}}-\d+(?:/\d+)?", number) is not None


def _fits_framework(owner: Organization, partners: Sequence[Organization]) -> bool:
    return owner.kind == Kind.COMPANY and len(partners) == 1 and partners[0].kind == Kind.UNIVERSITY
