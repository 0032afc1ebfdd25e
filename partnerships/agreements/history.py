"""The history of an agreement, newest first, headed by how it stands now."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import state_shown
from partnerships.workflow.models import ActorKind, Change

# What the table calls to do, told as done.
DONE = {
    "open": gettext_lazy("Draft made"),
    "change": gettext_lazy("Draft changed"),
    "send": gettext_lazy("Sent for signing"),
    "sign": gettext_lazy("Signed"),
    "return": gettext_lazy("Returned to draft"),
    "withdraw": gettext_lazy("Withdrawn"),
    "paper": gettext_lazy("Signed paper entered"),
    "take_force": gettext_lazy("All have signed: in force"),
    "revive": gettext_lazy("In force again"),
    "terminate": gettext_lazy("Ended early"),
    "supersede": gettext_lazy("Amended by a newer one"),
}


@dataclass(frozen=True)
class Entry:
    label: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    detail: str = ""
    now: bool = False


def history_of(agreement: Agreement) -> list[Entry]:
    parties = {party.pk: party.name for party in agreement.parties.all()}
    entries = [Entry(state_shown(agreement)[0], agreement.state_since, now=True)]
    for change in Change.objects.of(agreement).order_by("-at", "-pk"):
        who = _("Automatically") if change.actor_kind == ActorKind.SYSTEM else change.actor_name
        label = DONE.get(change.verb, change.verb)
        detail = parties.get(change.data.get("party"), "")
        entries.append(Entry(str(label), change.at, who, change.note, detail))
    return entries
