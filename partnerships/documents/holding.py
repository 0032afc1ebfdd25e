"""Whose are the lists, tables and papers that somebody made for their work: theirs as long as the work is;
and what is about somebody, whoever brought it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from partnerships.directory.access import access_of
from partnerships.directory.reports import has_lost_since
from partnerships.documents.enums import FOR_WORK, PROOFS
from partnerships.documents.models import Document, holders


def still_at_work(user: Any, made: Any) -> bool:
    """For `common.access`: nobody opens what they made for a role, about others, once a role that they had
    then is over, nor a proof of what they no longer see. A file of one's own (a CV, the copy of one's data),
    or another's, is not asked about."""
    person_id = access_of(user).person_id
    if isinstance(made, Document) and (made.kind not in FOR_WORK or made.owner_id != person_id):
        return made.owner_id != person_id or _lies_in_view(user, made)
    return not has_lost_since(person_id, made.created)


def _lies_in_view(user: Any, mine: Document) -> bool:
    """A scan or a proof that somebody brought lies with what it proves, a contract say, and is opened as long
    as that may be seen."""
    model = mine.content_type.model_class() if mine.content_type is not None else None
    if model is None or mine.kind not in PROOFS:
        return True
    return bool(model._default_manager.visible_to(user).filter(pk=mine.object_id).exists())  # type: ignore[attr-defined]


def files_to_erase(person: Any) -> Any:
    """What goes when this person is erased: files of their own, and those of what is about them, whoever
    brought these. What they brought to prove a matter of somebody else (the scan of a student's diary, of a
    signed contract) belongs to that matter and stays."""
    theirs = Q(pk__in=[])
    for model in holders():
        if path := getattr(model, "about", ""):
            rows = model._base_manager.filter(**{path: person}).order_by().values("pk")
            theirs |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=rows)
    of_others = Q(kind__in=PROOFS, object_id__isnull=False)
    return Document.objects.filter(theirs | (Q(owner=person) & ~of_others)).order_by("pk")
