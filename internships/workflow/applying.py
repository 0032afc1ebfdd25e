"""From a programme to an accepted offer."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships import conditions as c
from internships import rules
from internships.enums import OPEN_STATES, REVIEW_STATES, ApplicationState, InterviewState, ProgrammeState
from partnerships.calls.actions import deadline_open
from partnerships.calls.models import Step
from partnerships.workflow.engine import Transition, Workflow

A = ApplicationState
SENDABLE = (
    c.may_still_send,
    c.has_study,
    c.has_choices,
    c.eligible,
    c.questions_answered,
    c.cv_added,
    c.transcript_added,
)

APPLICATION = Workflow(
    "application",
    A,
    # The student
    Transition(
        "submit",
        {A.DRAFT, A.RETURNED},
        A.SUBMITTED,
        rules.is_applicant & rules.endorsement_required,
        _("Send to the university"),
        conditions=SENDABLE,
    ),
    Transition(
        "submit_open",
        {A.DRAFT, A.RETURNED},
        A.IN_REVIEW,
        rules.is_applicant & ~rules.endorsement_required,
        _("Send to the company"),
        conditions=SENDABLE,
    ),
    Transition(
        "withdraw", OPEN_STATES - {A.OFFERED}, A.WITHDRAWN, rules.is_applicant, _("Withdraw"), danger=True
    ),
    Transition(
        "resume",
        {A.WITHDRAWN, A.NOT_SUBMITTED},
        A.DRAFT,
        rules.is_applicant,
        _("Take up again"),
        conditions=(c.apply_open,),
    ),
    Transition(
        "accept",
        {A.OFFERED},
        A.ACCEPTED,
        rules.is_applicant,
        _("Accept the offer"),
        conditions=(c.offer_stands, c.has_framework, c.hours_fit),
    ),
    Transition("decline", {A.OFFERED}, A.DECLINED, rules.is_applicant, _("Decline the offer"), danger=True),
    # The university
    Transition(
        "endorse",
        {A.SUBMITTED},
        A.IN_REVIEW,
        rules.coordinates_applicant,
        _("Endorse"),
        # Not the endorsement deadline: a late coordinator is reminded, the student does not pay for it.
        conditions=(deadline_open(Step.DECIDE, "programme.call"),),
    ),
    Transition(
        "return",
        {A.SUBMITTED},
        A.RETURNED,
        rules.coordinates_applicant,
        _("Return for changes"),
        needs=("note",),
    ),
    Transition(
        "not_endorse",
        {A.SUBMITTED},
        A.NOT_ENDORSED,
        rules.coordinates_applicant,
        _("Do not endorse"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "reopen_endorsement",
        {A.NOT_ENDORSED},
        A.SUBMITTED,
        rules.coordinates_applicant,
        _("Reconsider"),
        needs=("note",),
        conditions=(deadline_open(Step.DECIDE, "programme.call"),),
    ),
    Transition(
        "nominate",
        {A.DRAFT, A.SUBMITTED, A.RETURNED},
        A.IN_REVIEW,
        rules.coordinates_applicant & rules.is_practice,
        _("Nominate"),
        needs=("order",),
        conditions=(c.published, deadline_open(Step.ENDORSE, "programme.call"), c.has_choices, c.eligible),
    ),
    # The company
    Transition(
        "invite",
        {A.IN_REVIEW, A.WAITLISTED},
        A.INTERVIEW,
        rules.decides_application,
        _("Invite to an interview"),
    ),
    Transition(
        "interviewed",
        {A.INTERVIEW},
        A.IN_REVIEW,
        rules.decides_application | rules.may_score,
        _("Interview over"),
    ),
    Transition(
        "offer",
        REVIEW_STATES,
        A.OFFERED,
        rules.decides_application,
        _("Send an offer"),
        needs=("offered_vacancy", "offer_expires"),
        conditions=(c.not_started, c.still_student, c.has_framework, c.place_left),
    ),
    Transition(
        "waitlist",
        {A.IN_REVIEW, A.INTERVIEW},
        A.WAITLISTED,
        rules.decides_application,
        pgettext_lazy("act", "Waiting list"),
        conditions=(c.not_started,),
    ),
    Transition(
        "refuse",
        REVIEW_STATES,
        A.REFUSED,
        rules.decides_application,
        _("Refuse"),
        needs=("refusal_code", "note"),
        danger=True,
    ),
    Transition(
        "revoke",
        {A.OFFERED},
        A.IN_REVIEW,
        rules.decides_application,
        _("Take the offer back"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "reconsider",
        {A.REFUSED, A.LAPSED, A.DECLINED},
        A.IN_REVIEW,
        rules.decides_application,
        _("Reconsider"),
        needs=("note",),
        conditions=(c.not_started,),
    ),
    # The clock, and what follows from another's act
    Transition("promote", {A.WAITLISTED}, A.OFFERED, rules.is_system, _("Move up from the waiting list")),
    Transition(
        "lapse", {A.OFFERED}, A.LAPSED, rules.is_system, _("Offer lapses"), conditions=(c.offer_over,)
    ),
    Transition(
        "supersede", OPEN_STATES, A.WITHDRAWN, rules.is_system, _("Withdrawn: another offer was accepted")
    ),
    Transition(
        "cancelled",
        OPEN_STATES,
        A.REFUSED,
        rules.is_system,
        _("Programme cancelled"),
        needs=("refusal_code",),
    ),
    Transition(
        "miss", {A.DRAFT}, A.NOT_SUBMITTED, rules.is_system, _("Deadline passed"), conditions=(c.apply_over,)
    ),
    Transition(
        "give_up",
        {A.ACCEPTED},
        A.WITHDRAWN,
        rules.is_system,
        _("The practice was cancelled before it began"),
        needs=("note",),
    ),
    initial=A.DRAFT,
    public={
        A.SUBMITTED: _("At the university"),
        A.IN_REVIEW: _("Under consideration"),
        A.OFFERED: _("You have an offer"),
    },
)

P = ProgrammeState

PROGRAMME = Workflow(
    "programme",
    P,
    Transition(
        "publish",
        {P.DRAFT},
        P.PUBLISHED,
        rules.runs_programme,
        _("Publish"),
        conditions=(c.has_vacancies, c.deadlines_set, c.english_where_needed),
    ),
    Transition(
        "unpublish",
        {P.PUBLISHED},
        P.DRAFT,
        rules.runs_programme,
        _("Take back to draft"),
        conditions=(c.nobody_applied,),
    ),
    Transition(
        "cancel", {P.PUBLISHED}, P.CANCELLED, rules.runs_programme, _("Cancel"), needs=("note",), danger=True
    ),
    Transition(
        "archive", {P.PUBLISHED}, P.ARCHIVED, rules.runs_programme, _("Archive"), conditions=(c.nothing_open,)
    ),
    initial=P.DRAFT,
    terminal={P.CANCELLED, P.ARCHIVED},
)

S = InterviewState

INTERVIEW = Workflow(
    "interview",
    S,
    Transition(
        "hold",
        {S.SCHEDULED},
        S.HELD,
        rules.runs_interview,
        _("Interview held"),
        needs=("recommendation",),
        conditions=(c.interview_begun,),
    ),
    Transition(
        "no_show",
        {S.SCHEDULED},
        S.NO_SHOW,
        rules.runs_interview,
        _("Did not come"),
        conditions=(c.interview_begun,),
    ),
    Transition(
        "reschedule",
        {S.SCHEDULED},
        S.SCHEDULED,
        rules.runs_interview,
        _("Move to another time"),
        needs=("note", "starts", "ends"),
    ),
    Transition(
        "cancel",
        {S.SCHEDULED},
        S.CANCELLED,
        rules.runs_interview,
        _("Cancel the interview"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "drop", {S.SCHEDULED}, S.CANCELLED, rules.is_system, _("Falls away: the application is decided")
    ),
    initial=S.SCHEDULED,
    terminal={S.HELD, S.NO_SHOW, S.CANCELLED},
)
