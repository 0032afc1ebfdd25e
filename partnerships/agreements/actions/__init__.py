"""The verbs of agreements: every write of the app. Docs: docs/agreements.md."""

from partnerships.agreements.actions.bringing import bring_past, check_past
from partnerships.agreements.actions.deciding import hand_over, keep, lapse, postpone, reconsider, roll
from partnerships.agreements.actions.following import amend, renew, why_not_amended
from partnerships.agreements.actions.freezing import Given
from partnerships.agreements.actions.obligations import (
    add_obligation,
    change_obligation,
    drop_obligation,
    fulfil,
    keeps_open,
)
from partnerships.agreements.actions.opening import (
    change_draft,
    open_agreement,
    open_framework,
    renew_draft,
    send,
)
from partnerships.agreements.actions.reviewing import (
    approve,
    open_between,
    pass_review,
    propose,
    reject,
    rework,
    take_up,
    to_approval,
    to_legal,
)
from partnerships.agreements.actions.signing import (
    enter_paper,
    return_to_draft,
    revive,
    sign,
    terminate,
    withdraw,
)
from partnerships.agreements.actions.templates import load_templates, write_version
from partnerships.agreements.first_types import load_types, type_of

__all__ = [
    "Given",
    "add_obligation",
    "amend",
    "approve",
    "bring_past",
    "change_draft",
    "change_obligation",
    "check_past",
    "drop_obligation",
    "enter_paper",
    "fulfil",
    "hand_over",
    "keep",
    "keeps_open",
    "lapse",
    "load_templates",
    "load_types",
    "open_agreement",
    "open_between",
    "open_framework",
    "pass_review",
    "postpone",
    "propose",
    "reconsider",
    "reject",
    "renew",
    "renew_draft",
    "return_to_draft",
    "revive",
    "rework",
    "roll",
    "send",
    "sign",
    "take_up",
    "terminate",
    "to_approval",
    "to_legal",
    "type_of",
    "why_not_amended",
    "withdraw",
    "write_version",
]
