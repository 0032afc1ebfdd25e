"""Rubrics, rounds, who reviews, reviews, conflicts of interest, the discussion."""

from partnerships.reviews.models.discussion import Remark
from partnerships.reviews.models.interests import Conflict, ConflictOverride, declared_conflicts
from partnerships.reviews.models.rounds import (
    Review,
    ReviewMember,
    ReviewRound,
    Rubric,
    RubricVersion,
    due_members,
)
from partnerships.reviews.models.tallies import Tally

__all__ = [
    "Conflict",
    "ConflictOverride",
    "Remark",
    "Review",
    "ReviewMember",
    "ReviewRound",
    "Rubric",
    "RubricVersion",
    "Tally",
    "declared_conflicts",
    "due_members",
]
