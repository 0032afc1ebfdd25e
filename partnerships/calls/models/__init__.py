"""Calls with their deadlines, what they ask, and what was answered."""

from partnerships.calls.models.calls import ORDER, Call, Deadline, Step, chain_beside, open_calls
from partnerships.calls.models.codes import AccessCode, AccessUse
from partnerships.calls.models.eligibility import EligibilityRule
from partnerships.calls.models.questions import Answer, Question

__all__ = [
    "ORDER",
    "AccessCode",
    "AccessUse",
    "Answer",
    "Call",
    "Deadline",
    "EligibilityRule",
    "Question",
    "Step",
    "chain_beside",
    "open_calls",
]
