"""The phases of a round and the life of a review."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.reviews import conditions, rules
from partnerships.reviews.enums import DROPPED, TO_MARK, Phase
from partnerships.reviews.enums import ReviewState as S
from partnerships.workflow.engine import Transition, Workflow

P = Phase


ROUND = Workflow(
    "review round",
    P,
    Transition(
        "start",
        {P.PREPARING},
        P.MARKING,
        rules.leads,
        _("Start marking"),
        told=_("Marking has begun"),
        conditions=(conditions.somebody_assigned,),
    ),
    Transition(
        "discuss",
        {P.MARKING},
        P.DISCUSSION,
        rules.leads,
        _("Open the discussion"),
        told=_("The discussion is open"),
    ),
    Transition(
        "mark_again",
        {P.DISCUSSION},
        P.MARKING,
        rules.leads,
        _("Back to marking"),
        told=_("Back to marking"),
        needs=("note",),
    ),
    Transition(
        "close",
        {P.MARKING, P.DISCUSSION},
        P.CLOSED,
        rules.leads,
        pgettext_lazy("review", "Close"),
        told=_("Closed"),
    ),
    Transition(
        "reopen",
        {P.CLOSED},
        P.DISCUSSION,
        rules.leads,
        pgettext_lazy("review round", "Open again"),
        told=_("Opened again"),
        conditions=(conditions.none_other_open,),
        needs=("note",),
    ),
    initial=P.PREPARING,
)

REVIEW = Workflow(
    "review",
    S,
    Transition(
        "begin",
        {S.INVITED},
        S.DRAFT,
        rules.reviews,
        _("Begin"),
        told=pgettext_lazy("review", "Begun"),
        conditions=(conditions.marking_open,),
    ),
    Transition(
        "submit",
        TO_MARK,
        S.SUBMITTED,
        rules.reviews,
        pgettext_lazy("review", "Hand in"),
        told=pgettext_lazy("review", "Handed in"),
        conditions=(
            conditions.marking_open,
            conditions.still_stands,
            conditions.no_conflict,
            conditions.marks_whole,
        ),
    ),
    Transition(
        "decline",
        TO_MARK,
        S.DECLINED,
        rules.reviews,
        pgettext_lazy("review", "Decline"),
        told=pgettext_lazy("review", "Declined"),
        conditions=(conditions.marking_open,),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "declare",
        TO_MARK | {S.SUBMITTED},
        S.CONFLICT,
        rules.reviews | rules.leads_review,
        pgettext_lazy("review", "Declare a conflict of interest"),
        told=_("A conflict of interest was declared"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "amend",
        {S.SUBMITTED},
        S.REOPENED,
        rules.reviews,
        pgettext_lazy("review", "Change my marks"),
        told=_("Opened again by the reviewer"),
        conditions=(conditions.marking_open,),
    ),
    Transition(
        "reopen",
        {S.SUBMITTED},
        S.REOPENED,
        rules.leads_review,
        pgettext_lazy("review", "Open again"),
        told=pgettext_lazy("review", "Opened again"),
        conditions=(conditions.marking_open,),
        needs=("note",),
    ),
    Transition(
        "take_back",
        TO_MARK,
        S.WITHDRAWN,
        rules.leads_review,
        pgettext_lazy("review", "Take back"),
        told=pgettext_lazy("review", "Taken back"),
    ),
    Transition(
        "invite",
        DROPPED,
        S.INVITED,
        rules.leads_review,
        pgettext_lazy("review", "Ask again"),
        told=pgettext_lazy("review", "Asked again"),
        conditions=(conditions.no_conflict,),
    ),
    initial=S.INVITED,
)
