"""What the history keeps about people."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Held
from partnerships.workflow.models import Change

HELD = (
    Held(
        key="workflow.history",
        label=_("What you did in the portal"),
        model="workflow.Change",
        rows=lambda person: Change.objects.filter(person_id=person.pk),
        columns=("at", "content_type", "verb", "note"),
        what=_("Who did what and when: sent, confirmed, decided, with the reason given"),
        purpose=_("So that every decision can be followed and answered for"),
        basis=Basis.LAW,
        seen_by=_("Those who see the matter itself"),
        until=_("As long as the matter; after erasure without a name"),
        linked=("workflow.Change.user",),
        blank={"actor_name": "—"},
        history=False,
    ),
    Held(
        key="workflow.stood_in",
        label=_("What was done in your place"),
        model="workflow.Change",
        rows=lambda person: Change.objects.filter(on_behalf_of_id=person.pk),
        columns=("at", "content_type", "verb", "actor_name"),
        blank={"holder_name": "—"},
        history=False,
        public=False,
    ),
)
