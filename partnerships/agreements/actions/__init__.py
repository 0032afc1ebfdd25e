"""The verbs of agreements: every write of the app. Docs: docs/agreements.md."""

from partnerships.agreements.actions.freezing import Given
from partnerships.agreements.actions.opening import (
    amend,
    change_draft,
    open_agreement,
    open_framework,
    send,
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

__all__ = [
    "Given",
    "amend",
    "change_draft",
    "enter_paper",
    "load_templates",
    "open_agreement",
    "open_framework",
    "return_to_draft",
    "revive",
    "send",
    "sign",
    "terminate",
    "withdraw",
    "write_version",
]
