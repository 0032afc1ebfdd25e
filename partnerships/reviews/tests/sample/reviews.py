"""A kind of reviewing for the tests of the engine: cooperation ideas, marked by people of both sides."""

from typing import Any

from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person
from partnerships.ideas.models import Idea
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import Relation, ReviewKind, Sheet
from partnerships.reviews.models import Conflict

KEY = "sample.ideas"
# Who wrote together, in a test: rows of a kind of their own, the key of the other in place of an item's.
WROTE = "sample.wrote"


def wrote(cast: Any, one: Person, other: Person) -> None:
    """Have these two have written together."""
    for person, beside in ((one, other), (other, one)):
        by = cast.user("hr")
        Conflict.objects.create(kind=WROTE, person=person, object_id=beside.pk, reason="–", made_by=by)


def candidates(_home: Any) -> Any:
    held = Affiliation.objects.current().exclude(role=Role.STUDENT)
    return Person.objects.filter(pk__in=held.values("person_id"))


def sheet(idea: Idea, blind: bool) -> Sheet:
    facts = [] if blind else [("Owner", idea.owner.name), ("Partner", str(idea.partner))]
    return Sheet(facts=[*facts, ("Next step", idea.next_step)], texts=[("Details", idea.text)])


def _together() -> Any:
    return ((Conflict.objects.filter(kind=WROTE), "person_id", "object_id"),)


RELATIONS = (Relation(Tie.COAUTHOR, _together),)
REVIEWS = (
    ReviewKind(
        key=KEY,
        title="Review of ideas",
        items="ideas",
        model="ideas.Idea",
        container="home",
        container_key="slug",
        organization="root",
        roles=(Role.PARTNERSHIPS,),
        standing=Idea.objects.open,
        candidates=candidates,
        sheet=sheet,
        name=lambda idea: idea.owner.name,
        detail=lambda idea: idea.title,
        code=lambda idea: f"№ {idea.pk}",
        people=("owner", "noted_by"),
        organizations=("partner",),
        outsiders=True,
        by_name="owner__sort_key",
        related=("owner", "partner"),
    ),
)
