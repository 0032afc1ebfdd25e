"""Phases of a round, states of a review, what is hidden from whom, what stands in conflict."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Phase(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("review round", "In preparation")
    MARKING = "marking", pgettext_lazy("review round", "Marking")
    DISCUSSION = "discussion", pgettext_lazy("review round", "Discussion")
    CLOSED = "closed", pgettext_lazy("review round", "Closed")


@dataclass(frozen=True)
class Switches:
    """What a phase lets reviewers see and do.

    seen     their reviews stand on their list
    mark     they write and hand in marks
    amend    they open again what they have handed in
    others   they see what the others have handed in, and the table
    discuss  they write to each other about an item
    """

    seen: bool = False
    mark: bool = False
    amend: bool = False
    others: bool = False
    discuss: bool = False


SWITCHES: dict[str, Switches] = {
    Phase.PREPARING: Switches(),
    Phase.MARKING: Switches(seen=True, mark=True, amend=True),
    Phase.DISCUSSION: Switches(seen=True, mark=True, amend=True, others=True, discuss=True),
    Phase.CLOSED: Switches(seen=True, others=True),
}


# The phases in which reviewers mark.
MARKED = tuple(phase for phase, switches in SWITCHES.items() if switches.mark)


class Blind(models.TextChoices):
    """Who knows whom. The chair always knows both."""

    OPEN = "open", pgettext_lazy("review", "Open: everybody knows everybody")
    BLIND = "blind", pgettext_lazy("review", "Blind: reviewers do not learn who gave which mark")
    DOUBLE = "double", pgettext_lazy("review", "Double-blind: they do not learn whom they mark either")


class ReviewState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("review", "Invited")
    DRAFT = "draft", pgettext_lazy("review", "Begun")
    SUBMITTED = "submitted", pgettext_lazy("review", "Handed in")
    REOPENED = "reopened", pgettext_lazy("review", "Opened again")
    DECLINED = "declined", pgettext_lazy("review", "Declined")
    CONFLICT = "conflict", _("Conflict of interest")
    WITHDRAWN = "withdrawn", pgettext_lazy("review", "Taken back")


S = ReviewState
# The reviewer's move; what counts as assigned; what is over without a mark.
TO_MARK = frozenset({S.INVITED, S.DRAFT, S.REOPENED})
ASSIGNED = TO_MARK | {S.SUBMITTED}
DROPPED = frozenset({S.DECLINED, S.CONFLICT, S.WITHDRAWN})


class Tie(models.TextChoices):
    """Why somebody must not review something."""

    OWN = "own", _("it is their own")
    DECLARED = "declared", _("declared")
    SUPERVISION = "supervision", _("supervises or is supervised")
    COAUTHOR = "coauthor", _("wrote together")
    PROJECT = "project", _("works on the same project")
    UNIT = "unit", _("the same unit")
    ORGANISATION = "organisation", _("the same organisation")
