"""Every write of the privacy engine."""

from partnerships.privacy.actions.copies import COPY_JOB, ask_for_copy, make_copy, packed

__all__ = ["COPY_JOB", "ask_for_copy", "make_copy", "packed"]
