"""What the history keeps about people."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.held import Basis, Column, Held
from partnerships.workflow.models import Change
from partnerships.workflow.words import verb_in_words

WHAT = Column("what", _("What"), lambda change: change.content_type.name)
DONE = Column("done", pgettext_lazy("history", "Done"), verb_in_words)

HELD = (
    Held(
        key="workflow.history",
        label=_("What you did in the portal"),
        model="workflow.Change",
        rows=lambda person: Change.objects.filter(person_id=person.pk).select_related("content_type"),
        columns=("at", WHAT, DONE, "note"),
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
        rows=lambda person: Change.objects.filter(on_behalf_of_id=person.pk).select_related("content_type"),
        columns=("at", WHAT, DONE, "actor_name"),
        blank={"holder_name": "—"},
        history=False,
        public=False,
    ),
)
