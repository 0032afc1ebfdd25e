"""What the list of agreements is narrowed by; the address holds the filter."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.agreements.enums import REVIEW_STATES, SIGNING_STATES, AgreementKind, AgreementState

SHOWS = {
    "mine": _("Wait for my signature"),
    "decide": _("To be decided"),
    "draft": _("In preparation"),
    "signing": _("Being signed"),
    "in_force": AgreementState.IN_FORCE.label,
    "expiring": _("End soon"),
    "expired": _("Over"),
    "ended": _("Ended, replaced, withdrawn"),
}
STATES: dict[str, tuple[str, ...]] = {
    "draft": (AgreementState.PROPOSED, AgreementState.DRAFT, *REVIEW_STATES),
    "signing": SIGNING_STATES,
    "ended": (
        AgreementState.TERMINATED,
        AgreementState.SUPERSEDED,
        AgreementState.REJECTED,
        AgreementState.WITHDRAWN,
    ),
}


def in_show(rows: Any, show: str, user: Any) -> Any:
    """The rows that a pill stands for."""
    if show in STATES:
        return rows.filter(state__in=STATES[show])
    match show:
        case "mine":
            return rows.waiting_for(user)
        case "decide":
            return rows.to_decide_soon()
        case "in_force":
            return rows.in_force()
        case "expiring":
            return rows.expiring()
        case "expired":
            return rows.expired()
    return rows


def of_kind(rows: Any, kind: str, _user: Any = None) -> Any:
    """Of a type by its key; framework agreements with the amendments that hold in their place."""
    if kind == AgreementKind.FRAMEWORK:
        return rows.frameworks()
    if kind == AgreementKind.AMENDMENT:
        return rows.filter(kind=kind)
    return rows.filter(type__key=kind).exclude(kind=AgreementKind.AMENDMENT)
