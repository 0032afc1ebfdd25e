"""Every write of the privacy engine."""

from partnerships.privacy.actions.copies import COPY_JOB, ask_for_copy, make_copy, packed
from partnerships.privacy.actions.erasing import (
    ERASE_JOB,
    ask_for_erasure,
    cancel_erasure,
    erase,
    erase_due,
    erase_person,
    standing_against,
)
from partnerships.privacy.actions.keeping import Due, days_of, due_now, keep_to_the_rules

__all__ = [
    "COPY_JOB",
    "ERASE_JOB",
    "Due",
    "ask_for_copy",
    "ask_for_erasure",
    "cancel_erasure",
    "days_of",
    "due_now",
    "erase",
    "erase_due",
    "erase_person",
    "keep_to_the_rules",
    "make_copy",
    "packed",
    "standing_against",
]
