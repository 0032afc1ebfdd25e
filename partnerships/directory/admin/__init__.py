"""The directory in the administration."""

from partnerships.directory.admin import organizations, people
from partnerships.directory.admin.base import FoldedSearch, Kept, NeverDeleted

__all__ = ["FoldedSearch", "Kept", "NeverDeleted", "organizations", "people"]
