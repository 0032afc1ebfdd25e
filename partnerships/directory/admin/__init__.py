"""The directory in the administration."""

from partnerships.directory.admin import organizations, people
from partnerships.directory.admin.base import (
    FoldedSearch,
    HistoryInline,
    Kept,
    NeverDeleted,
    ReadOnly,
    Seen,
)

__all__ = [
    "FoldedSearch",
    "HistoryInline",
    "Kept",
    "NeverDeleted",
    "ReadOnly",
    "Seen",
    "organizations",
    "people",
]
