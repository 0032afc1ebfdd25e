"""What the page of one person reads, as questions whose words are kept."""

from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import Http404

from partnerships.common.query_words import Key, keys_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import DeputyState
from partnerships.directory.models import Affiliation, Deputyship, Person
from partnerships.directory.reports import deputies_in
from partnerships.workflow.models import Change


def person_of(user: Any, uid: UUID) -> Person:
    """The person with this uid, as `access` has it. Raises Http404 to who may not see them."""
    for person in _person(user, uid)[:1]:
        return person  # type: ignore[no-any-return]
    raise Http404


def affiliations_of(user: Any, person: Person) -> list[Affiliation]:
    """Those of their affiliations that this user sees."""
    return list(_affiliations(user, Key(person.pk)))


def standing_in(rows: list[Affiliation]) -> dict[int, list[Person]]:
    """Affiliation -> who stands in for it today: asked where a deputy was ever named."""
    deputed = [row.pk for row in rows if row.deputed]  # type: ignore[attr-defined]
    return deputies_in(deputed) if deputed else {}


def changes_of(rows: list[Affiliation], most: int) -> list[Change]:
    """What happened last to these affiliations, newest first."""
    kind = ContentType.objects.get_for_model(Affiliation)
    return _changes(Key(kind.pk), *keys_of(row.pk for row in rows))[:most]


@asked
def _person(user: Any, uid: UUID) -> Any:
    return Person.objects.visible_to(user).filter(uid=uid).order_by("pk")


@asked
def _affiliations(user: Any, person: Key) -> Any:
    named = Deputyship.objects.filter(affiliation=OuterRef("pk"), state=DeputyState.NAMED)
    seen = Affiliation.objects.visible_to(user).filter(person_id=person).annotate(deputed=Exists(named))
    return seen.select_related("organization__root", "study__specialty", "verified_by")


@asked
def _changes(kind: Key, *rows: Key) -> Any:
    return Change.objects.filter(content_type_id=kind, object_id__in=rows)
