"""Every write of the privacy engine."""

from partnerships.privacy.actions.copies import COPY_JOB, ask_for_copy, make_copy, pack
from partnerships.privacy.actions.erasing import (
    ERASE_JOB,
    ask_for_erasure,
    cancel_erasure,
    erase,
    erase_due,
    erase_person,
    finish_begun,
    standing_against,
)
from partnerships.privacy.actions.keeping import Due, days_of, due_now, keep_to_the_rules
from partnerships.privacy.actions.listed import refuse_listing

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
    "finish_begun",
    "keep_to_the_rules",
    "make_copy",
    "pack",
    "refuse_listing",
    "standing_against",
]
