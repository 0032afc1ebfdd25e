"""The history of an agreement, newest first, headed by how it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.agreements.models import Agreement, AgreementText
from partnerships.agreements.moves import state_shown
from partnerships.agreements.workflow import AGREEMENT
from partnerships.workflow.models import ActorKind, Change

# What the table tells as done, and what moves no state.
DONE = {
    **AGREEMENT.told,
    "open": gettext_lazy("Draft made"),
    "bring": gettext_lazy("Entered from a table of earlier agreements"),
    "change": gettext_lazy("Draft changed"),
    "propose": gettext_lazy("Proposed"),
    "roll": gettext_lazy("Next term begun"),
    "hand_over": gettext_lazy("Named who answers for it"),
    "obligation": gettext_lazy("Obligation written down"),
    "obligation_changed": gettext_lazy("Obligation changed"),
    "obligation_dropped": gettext_lazy("Obligation taken away"),
    "fulfil": gettext_lazy("Part of an obligation fulfilled"),
}
TOLD = {"agreement": DONE}  # for other pages (`workflow.words`)


@dataclass(frozen=True)
class Entry:
    label: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    detail: str = ""
    now: bool = False


def in_whose_place(changes: Sequence[Change]) -> dict[int, str]:
    """party -> whom the deputy who signed for it stood in for, "" where nobody; of `changes`, newest first,
    the newest signature is the one."""
    holders: dict[int, str] = {}
    for change in changes:
        if change.verb == "sign":
            holders.setdefault(change.data.get("party"), change.holder_name)
    return holders


# What is said of a text within the house, to who prepares it; the parties read what they were sent.
_INSIDE = frozenset({"to_legal", "to_approval", "pass_on", "clear", "approve", "rework"})


def history_of(agreement: Agreement, changes: Sequence[Change], *, inside: bool) -> list[Entry]:
    """What has been done with it; `changes` are its own, newest first. `inside`: for who reads what is said
    within the house that keeps it (`rules.reads_inside`)."""
    parties = {party.pk: party.name for party in agreement.parties.all()}
    entries = [Entry(state_shown(agreement)[0], agreement.state_since, now=True)]
    for change in changes:
        who = _("Automatically") if change.actor_kind == ActorKind.SYSTEM else change.who
        label = DONE.get(change.verb, change.verb)
        detail = parties.get(change.data.get("party"), "")
        note = change.note if inside or change.verb not in _INSIDE else ""
        entries.append(Entry(str(label), change.at, who, note, detail))
    return entries


def sent_texts(texts: Sequence[AgreementText], changes: Sequence[Change]) -> list[AgreementText]:
    """Of the texts of an agreement, newest first, those that went to the parties: what was only looked at
    within the house is nobody else's to read. A text is fixed by the act that hands it on."""
    sent = [change.at for change in changes if change.verb == "send"]
    ends = [None, *(text.made_at for text in texts)]
    return [
        text
        for text, until in zip(texts, ends, strict=False)
        if any(text.made_at <= at and (until is None or at < until) for at in sent)
    ]
