"""Agreements for tests, made by the actions that pages use."""

from datetime import timedelta
from typing import Any

from partnerships.agreements import actions
from partnerships.agreements.models import Agreement
from partnerships.common.clock import today
from partnerships.testing.cast import Cast

NAMES = {
    "coordinator": "Quliyeva Sevinc",
    "hr": "Rəhimova Leyla",
    "rector": "Vilayət Əliyev",
    "partnerships": "Günel Hacıyeva",
    "student": "Nigar Məmmədova",
}


def draft(cast: Cast, by: str = "hr", **values: Any) -> Agreement:
    """A framework agreement of AzTU and Azərişıq that holds for a year from today."""
    values.setdefault("starts", today())
    values.setdefault("ends", today() + timedelta(days=364))
    return actions.open_framework(
        values.pop("university", cast.aztu),
        values.pop("company", cast.azerisiq),
        actor=cast.user(by),
        **values,
    )


def sent(cast: Cast, by: str = "hr", **values: Any) -> Agreement:
    return actions.send(draft(cast, by, **values), actor=cast.user(by))


def signed_by(cast: Cast, agreement: Agreement, who: str) -> Agreement:
    agreement = again(agreement)
    return actions.sign(
        agreement,
        actor=cast.user(who),
        text_hash=agreement.text.sha256,
        legal_name=NAMES[who],
        ip="192.0.2.7",
    )


def in_force(cast: Cast, **values: Any) -> Agreement:
    return signed_by(cast, signed_by(cast, sent(cast, **values), "coordinator"), "hr")


def again(agreement: Agreement) -> Agreement:
    return Agreement.objects.with_rows().get(pk=agreement.pk)
