"""What cooperation ideas keep about people."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Block, Held
from partnerships.directory.models import Affiliation
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea


def _blocks(person: Any) -> list[Block]:
    """Where they still work; what they left behind somewhere else is its overseers' to give away."""
    here = Affiliation.objects.current().filter(person=person).values("organization__root")
    return [
        Block(
            _t("You look after a cooperation idea that is open: %(what)s") % {"what": idea.title},
            _t("Give it to somebody else or close it first."),
            idea.get_absolute_url(),
        )
        for idea in Idea.objects.filter(owner=person, state=IdeaState.OPEN, home__in=here).order_by("pk")
    ]


HELD = (
    Held(
        key="ideas.ideas",
        label=_("Cooperation ideas"),
        model="ideas.Idea",
        columns=("title", "text", "next_step", "state", "created"),
        what=_("Ideas that you noted or look after"),
        purpose=_("So that something comes of them"),
        basis=Basis.CONTRACT,
        seen_by=_(
            "Who looks after it, and partnership managers, leadership and administrators of your organisation"
        ),
        until=_("As long as the cooperation; after erasure without your name"),
        linked=("ideas.Idea.noted_by", "ideas.Idea.owner"),
        history=False,
        blocks=_blocks,
    ),
)
