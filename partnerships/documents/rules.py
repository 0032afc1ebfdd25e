"""Who may do what with a document and with an import."""

from typing import Any

from rules.predicates import predicate

from partnerships.directory.access import access_of, is_system


@predicate
def owns_document(user: Any, document: Any) -> bool:
    """The person whose file it is."""
    person_id = access_of(user).person_id
    return person_id is not None and document.owner_id == person_id


@predicate
def owns_import(user: Any, run: Any) -> bool:
    """The account that brought the table in."""
    return getattr(user, "pk", None) is not None and run.owner_id == user.pk


may_remove = owns_document | is_system
may_discard = owns_import | is_system
