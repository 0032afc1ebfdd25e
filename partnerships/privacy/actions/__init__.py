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

__all__ = [
    "COPY_JOB",
    "ERASE_JOB",
    "ask_for_copy",
    "ask_for_erasure",
    "cancel_erasure",
    "erase",
    "erase_due",
    "erase_person",
    "make_copy",
    "packed",
    "standing_against",
]
