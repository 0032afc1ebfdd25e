"""Letters of those who are away: they go to who stands in for them.

The one who is away finds the notification in the portal's list; the letter goes to the deputy, who reads in
whose place. A deputy is told only of what that holder's role shows: rights are asked with that power alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from partnerships.directory.access import Access, access_of
from partnerships.directory.models import Deputyship, Person
from partnerships.notifications.rendering import LANGUAGES, Words, reading


def deputies_of(people: Iterable[int]) -> dict[int, list[Deputyship]]:
    """Who stands in today for whom of these; one query."""
    found: dict[int, list[Deputyship]] = {}
    rows = Deputyship.objects.running().filter(holder_id__in=list(people), deputy__erased_at=None)
    for row in rows.select_related("holder", "deputy__user").order_by("pk"):
        found.setdefault(row.holder_id, []).append(row)
    return found


def passed_to(obj: Any, rows: Sequence[Deputyship]) -> dict[int, list[int]]:
    """Holder -> deputies who see this object in that holder's place."""
    found: dict[int, list[int]] = {}
    for row in rows:
        user = row.deputy.user
        if user is None or not user.is_active:
            continue
        user.__dict__["_person_id"] = row.deputy_id  # select_related fills no way back
        if _sees(user, row.holder_id, obj) and row.deputy_id not in found.setdefault(row.holder_id, []):
            found[row.holder_id].append(row.deputy_id)
    return {holder: deputies for holder, deputies in found.items() if deputies}


def _sees(user: Any, holder: int, obj: Any) -> bool:
    kept = access_of(user)
    theirs = tuple(scope for scope in kept.scopes if scope.holder_id == holder)
    user.__dict__["_access"] = Access(kept.person_id, theirs)
    try:
        return type(obj)._default_manager.visible_to(user).filter(pk=obj.pk).exists()
    finally:
        user.__dict__["_access"] = kept


def in_place_of(told: Words, holder: Person) -> Words:
    """The same letter as the deputy reads it."""
    body = {}
    for language in LANGUAGES:
        with reading(language):
            body[language] = "\n\n".join(
                (_("You stand in for: %(name)s.") % {"name": holder.name}, told.body[language])
            )
    return replace(told, body=body, in_place_of=holder)
