"""From an accepted offer to an assessed practice."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships import placement_conditions as c
from internships import rules
from internships.enums import (
    RUNNING_STATES,
    AbsenceState,
    ConcernState,
    DiaryState,
    EvaluationState,
    PlacementState,
    ReportState,
)
from partnerships.workflow.engine import Transition, Workflow

P = PlacementState

PLACEMENT = Workflow(
    "placement",
    P,
    Transition(
        "begin",
        {P.PREPARING},
        P.ACTIVE,
        rules.runs_placement | rules.is_system,
        _("Begin the practice"),
        told=_("The practice began"),
        conditions=(c.start_reached, c.mentor_named, c.contract_signed, c.cleared),
    ),
    Transition(
        "suspend",
        {P.ACTIVE},
        P.SUSPENDED,
        rules.runs_placement | rules.coordinates_placement,
        _("Interrupt"),
        told=_("Interrupted"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "resume",
        {P.SUSPENDED},
        P.ACTIVE,
        rules.runs_placement | rules.coordinates_placement,
        _("Take up again"),
        told=pgettext_lazy("practice", "Taken up again"),
        conditions=(c.cleared,),
    ),
    Transition(
        "finish",
        {P.ACTIVE},
        P.FINISHED,
        rules.runs_placement | rules.mentors_placement | rules.is_system,
        _("Practice is over"),
        told=_("The practice is over"),
        conditions=(c.last_day_reached,),
    ),
    Transition(
        "assess",
        {P.FINISHED},
        P.ASSESSED,
        rules.assesses_placement,
        _("Give the final mark"),
        told=_("The university gave the mark"),
        needs=("mark",),
        conditions=(c.mentor_has_evaluated, c.report_settled),
    ),
    Transition(
        "reopen_assessment",
        {P.ASSESSED},
        P.FINISHED,
        rules.coordinates_placement,
        _("Take the mark back"),
        told=_("The university took the mark back"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "end_early",
        RUNNING_STATES,
        P.ENDED_EARLY,
        rules.runs_placement | rules.coordinates_placement,
        _("End early"),
        told=_("Ended early"),
        needs=("note", "last_day"),
        danger=True,
    ),
    Transition(
        "cancel",
        {P.PREPARING},
        P.CANCELLED,
        rules.runs_placement | rules.coordinates_placement | rules.is_placed,
        _("Cancel before the start"),
        told=_("Cancelled before the start"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "reinstate",
        {P.ENDED_EARLY},
        P.ACTIVE,
        rules.runs_placement,
        _("Undo the early end"),
        told=_("The early end was undone"),
        needs=("note",),
        conditions=(c.cleared,),
    ),
    Transition(
        "prepare_again",
        {P.CANCELLED},
        P.PREPARING,
        rules.is_system,
        _("Prepared again"),
        told=_("A place was accepted again"),
    ),
    initial=P.PREPARING,
)

D = DiaryState

DIARY = Workflow(
    "diary",
    D,
    Transition(
        "submit",
        {D.DRAFT, D.RETURNED},
        D.SUBMITTED,
        rules.writes_diary,
        _("Hand in"),
        told=pgettext_lazy("diary", "Handed in"),
        conditions=(c.day_counts,),
    ),
    Transition(
        "take_back",
        {D.SUBMITTED},
        D.DRAFT,
        rules.writes_diary,
        _("Take back"),
        told=pgettext_lazy("diary", "Taken back"),
        conditions=(c.not_assessed,),
    ),
    Transition(
        "confirm",
        {D.SUBMITTED},
        D.CONFIRMED,
        rules.mentors_placement,
        _("Confirm"),
        told=pgettext_lazy("diary", "Confirmed"),
        conditions=(c.not_assessed,),
    ),
    # Human resources confirm nothing of their own: they enter what the mentor has signed, with its scan.
    Transition(
        "enter_paper",
        {D.SUBMITTED},
        D.CONFIRMED,
        rules.runs_placement,
        _("Enter from paper"),
        told=_("Entered from a signed paper"),
        needs=("confirmed_source",),
        conditions=(c.not_assessed,),
    ),
    Transition(
        "return",
        {D.SUBMITTED},
        D.RETURNED,
        rules.mentors_placement,
        pgettext_lazy("diary", "Return for changes"),
        told=pgettext_lazy("diary", "Returned for changes"),
        needs=("note",),
        conditions=(c.not_assessed,),
    ),
    Transition(
        "reopen",
        {D.CONFIRMED},
        D.RETURNED,
        rules.confirms_diary,
        _("Take the confirmation back"),
        told=_("Confirmation taken back"),
        needs=("note",),
        conditions=(c.not_assessed,),
        danger=True,
    ),
    initial=D.DRAFT,
)

B = AbsenceState

ABSENCE = Workflow(
    "absence",
    B,
    Transition(
        "excuse",
        {B.REPORTED, B.UNEXCUSED},
        B.EXCUSED,
        rules.confirms_diary,
        pgettext_lazy("act", "Excuse"),
        told=_("Absence excused"),
        conditions=(c.not_assessed,),
    ),
    Transition(
        "not_excuse",
        {B.REPORTED, B.EXCUSED},
        B.UNEXCUSED,
        rules.confirms_diary,
        _("Do not excuse"),
        told=_("Absence not excused"),
        needs=("note",),
        conditions=(c.not_assessed,),
        danger=True,
    ),
    Transition(
        "make_up",
        {B.REPORTED, B.EXCUSED, B.UNEXCUSED},
        B.MADE_UP,
        rules.confirms_diary,
        pgettext_lazy("act", "Made up"),
        told=_("Absence made up"),
        needs=("made_up_on",),
        conditions=(c.not_assessed,),
    ),
    Transition(
        "reopen",
        {B.MADE_UP},
        B.REPORTED,
        rules.confirms_diary,
        pgettext_lazy("absence", "Take back"),
        told=_("Absence open again"),
        needs=("note",),
        conditions=(c.not_assessed,),
    ),
    initial=B.REPORTED,
)

N = ConcernState

CONCERN = Workflow(
    "concern",
    N,
    Transition(
        "take", {N.OPEN}, N.TAKEN, rules.answers_concern, _("Look into it"), told=_("Somebody looks into it")
    ),
    Transition(
        "close",
        {N.OPEN, N.TAKEN},
        N.CLOSED,
        rules.answers_concern,
        pgettext_lazy("concern", "Close with an answer"),
        told=_("Answered"),
        needs=("note",),
    ),
    Transition(
        "withdraw",
        {N.OPEN, N.TAKEN},
        N.CLOSED,
        rules.raised_concern,
        _("Withdraw"),
        told=_("Withdrawn by the student"),
    ),
    Transition(
        "reopen",
        {N.CLOSED},
        N.OPEN,
        rules.raised_concern,
        pgettext_lazy("concern", "Raise again"),
        told=_("Raised again"),
        needs=("note",),
    ),
    initial=N.OPEN,
)

E = EvaluationState

EVALUATION = Workflow(
    "evaluation",
    E,
    Transition(
        "submit",
        {E.DRAFT},
        E.SUBMITTED,
        rules.gives_evaluation,
        _("Give the evaluation"),
        told=_("Evaluation given"),
        needs=("marks",),
        conditions=(c.may_evaluate,),
    ),
    Transition(
        "reopen",
        {E.SUBMITTED},
        E.DRAFT,
        rules.reopens_evaluation,
        _("Open again"),
        told=pgettext_lazy("evaluation", "Opened again"),
        needs=("note",),
        danger=True,
        conditions=(c.not_assessed,),
    ),
    initial=E.DRAFT,
)

R = ReportState

REPORT = Workflow(
    "report",
    R,
    Transition(
        "submit",
        {R.DRAFT, R.RETURNED},
        R.SUBMITTED,
        rules.writes_diary,
        pgettext_lazy("report", "Hand in"),
        told=_("Report handed in"),
        conditions=(c.report_attached,),
    ),
    Transition(
        "return",
        {R.SUBMITTED},
        R.RETURNED,
        rules.marks_report,
        pgettext_lazy("report", "Return for changes"),
        told=_("Report returned by the university for changes"),
        needs=("note",),
    ),
    Transition(
        "accept",
        {R.SUBMITTED},
        R.ACCEPTED,
        rules.marks_report,
        pgettext_lazy("report", "Accept with a mark"),
        told=_("Report accepted with a mark"),
        needs=("mark",),
    ),
    Transition(
        "reopen",
        {R.ACCEPTED},
        R.SUBMITTED,
        rules.marks_report,
        pgettext_lazy("report", "Take the mark back"),
        told=_("The report's mark was taken back"),
        needs=("note",),
        danger=True,
        conditions=(c.not_assessed,),
    ),
    initial=R.DRAFT,
)
