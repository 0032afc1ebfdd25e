"""Whose are the lists, tables and papers that somebody made for their work: theirs as long as the work is."""

from typing import Any

from partnerships.directory.access import access_of
from partnerships.directory.reports import has_lost_since
from partnerships.documents.enums import FOR_WORK
from partnerships.documents.models import Document


def still_at_work(user: Any, made: Any) -> bool:
    """For `common.access`: nobody opens what they made for a role, about others, once a role that they had
    then is over. A file of one's own (a CV, the copy of one's data), or another's, is not asked about."""
    person_id = access_of(user).person_id
    if isinstance(made, Document) and (made.kind not in FOR_WORK or made.owner_id != person_id):
        return True
    return not has_lost_since(person_id, made.created)
