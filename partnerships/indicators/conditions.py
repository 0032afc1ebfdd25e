"""What must hold before a reported value is confirmed, with the reason when it does not."""

from typing import Any

from django.utils.translation import gettext as _

from partnerships.common.clock import baku_date, today
from partnerships.common.refusals import Refusal
from partnerships.directory.access import access_of
from partnerships.indicators import rules


def other_eyes(value: Any, actor: Any) -> Refusal | None:
    """Two pairs of eyes: a deputy and the one whose place they take are one."""
    access = access_of(actor.principal)
    if value.reported_by_id in access.holders:
        return Refusal(
            _("You stand in for the person who reported this value: somebody else has to look at it."),
            code="same_eyes",
        )
    since = baku_date(value.created)
    if any(
        deputy == value.reported_by_id and starts <= today() and ends >= since
        for deputy, starts, ends in rules.deputies_of(access)
    ):
        return Refusal(
            _("Your deputy reported this value: somebody else has to look at it."), code="same_eyes"
        )
    return None
