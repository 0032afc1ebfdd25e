"""A kind of reviewing for the tests of the engine: cooperation ideas, marked by people of both sides."""

from typing import Any

from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person
from partnerships.ideas.models import Idea
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import ReviewKind, Sheet

KEY = "sample.ideas"
WROTE: set[tuple[int, int]] = set()  # pairs who wrote together: the co-authors of a test


def candidates(_home: Any) -> Any:
    held = Affiliation.objects.current().exclude(role=Role.STUDENT)
    return Person.objects.filter(pk__in=held.values("person_id"))


def sheet(idea: Idea, blind: bool) -> Sheet:
    facts = [] if blind else [("Owner", idea.owner.name), ("Partner", str(idea.partner))]
    return Sheet(facts=[*facts, ("Next step", idea.next_step)], texts=[("Details", idea.text)])


def wrote_together(people: set[int], subjects: set[int] | None) -> list[tuple[int, int, str]]:
    pairs = WROTE | {(b, a) for a, b in WROTE}
    return [(a, b, Tie.COAUTHOR) for a, b in pairs if a in people and (subjects is None or b in subjects)]


RELATIONS = (wrote_together,)
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
        related=("owner", "partner"),
    ),
)
