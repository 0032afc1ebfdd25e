"""What practices and internships keep about people."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from internships.enums import OPEN_STATES, UNDERWAY_STATES, ApplicationState
from internships.models import (
    Absence,
    Application,
    Assessment,
    Choice,
    Clearance,
    Concern,
    DiaryEntry,
    Evaluation,
    MentorLink,
    NominationOrder,
    OnboardingTask,
    Outcome,
    Placement,
    Position,
    Report,
)
from partnerships.calls import sheets
from partnerships.calls.models import Answer
from partnerships.common.held import Basis, Block, Column, Held, KeepRule
from partnerships.documents.actions import remove
from partnerships.documents.models import Document
from partnerships.workflow.actors import SYSTEM

_PLACED = _("You, your supervisor and mentor, the coordinator of your university, the human resources there")


def _blocks_of_applications(person: Any) -> list[Block]:
    rows = Application.objects.filter(person=person, state__in=OPEN_STATES - {ApplicationState.DRAFT})
    return [
        Block(
            _t("You have an application under way: %(what)s") % {"what": row.number},
            _t("Withdraw it, or wait for the decision."),
            row.get_absolute_url(),
        )
        for row in rows.order_by("pk")
    ]


def _blocks_of_placements(person: Any) -> list[Block]:
    """Practices that run or are prepared, one's own and those that one looks after."""
    mine = Q(person=person) | Q(mentor=person) | Q(supervisor=person)
    rows = Placement.objects.filter(mine, state__in=UNDERWAY_STATES).select_related("application")
    return [
        Block(
            _t("A practice is under way: %(what)s") % {"what": row},
            _t("It has to be finished or cancelled first.")
            if row.person_id == person.pk
            else _t("Somebody else has to be named in your place first."),
            row.get_absolute_url(),
        )
        for row in rows.order_by("pk")
    ]


def _answers(person: Any) -> Any:
    """What one answered in one's own applications."""
    kind = ContentType.objects.get_for_model(Application)
    mine = Application.objects.filter(person=person).order_by().values("pk")
    rows = Answer.objects.filter(content_type=kind, object_id__in=mine)
    return rows.select_related("question", "document")


def _answer(row: Answer) -> str:
    return row.document.name if row.document else sheets.in_words(row.question, row.value)


HELD = (
    Held(
        key="internships.applications",
        label=_("Applications"),
        model="internships.Application",
        rows=lambda person: Application.objects.filter(person=person).select_related(
            "programme", "university"
        ),
        columns=("number", "programme", "university", "state", "motivation", "submitted_at", "score"),
        what=_("What you applied for, your words and files, who decided what and why"),
        purpose=_("To decide on your application"),
        basis=Basis.CONTRACT,
        seen_by=_("You, the coordinator of your university, the human resources of the place, its mentors"),
        until=_("Two years after a refusal; after erasure only counts remain"),
        linked=(
            "internships.Application.person",
            "internships.Application.nominated_by",
            "internships.Application.supervisor",
            "internships.NominationOrder.made_by",
            "internships.Assessment.user",
            "internships.Assessment.holder",
        ),
        blank={"motivation": "", "eligibility": []},
        blocks=_blocks_of_applications,
    ),
    Held(
        key="internships.choices",
        label=_("Places that you chose"),
        model="internships.Choice",
        rows=lambda person: Choice.objects.filter(application__person=person),
        columns=("application.number", "rank", "vacancy"),
        history=False,
        public=False,
    ),
    Held(
        key="internships.answers",
        label=_("Answers to questions"),
        model="calls.Answer",
        rows=_answers,
        columns=("question", Column("answer", _("Answer"), _answer)),
        delete=True,
        history=False,
        public=False,
    ),
    Held(
        key="internships.marks",
        label=_("What the company noted of you"),
        model="internships.Assessment",
        rows=lambda person: Assessment.objects.filter(application__person=person),
        columns=("created", "score", "note"),
        blank={"note": ""},
        public=False,
    ),
    Held(
        key="internships.orders",
        label=_("Orders of nomination that you made"),
        model="internships.NominationOrder",
        rows=lambda person: NominationOrder.objects.filter(made_by=person.user_id or 0),
        columns=("number",),
        history=False,
        public=False,
    ),
    Held(
        key="internships.interviews",
        label=_("Interviews"),
        model="internships.Interview",
        columns=("starts", "ends", "place", "state"),
        linked=("internships.Interview.candidate", "internships.Interview.interviewer"),
        blank={"link": ""},
        public=False,
    ),
    Held(
        key="internships.placements",
        label=_("Practice"),
        model="internships.Placement",
        rows=lambda person: Placement.objects.filter(person=person).select_related("host", "unit"),
        columns=("application.number", "host", "unit", "starts", "ends", "state", "credits", "mark"),
        what=_("Where and when you did your practice, diary, absences, report, marks and safety admission"),
        purpose=_("The practice itself, and its proof to your university"),
        basis=Basis.CONTRACT,
        seen_by=_PLACED,
        until=_("After erasure the place, the dates and the hours remain, without a name"),
        linked=(
            "internships.Placement.person",
            "internships.Placement.mentor",
            "internships.Placement.supervisor",
            "internships.Position.mentors",
            "internships.OnboardingTask.done_by",
            "internships.Clearance.recorded_by",
        ),
        blocks=_blocks_of_placements,
    ),
    Held(
        key="internships.diary",
        label=_("Diary"),
        model="internships.DiaryEntry",
        rows=lambda person: DiaryEntry.objects.filter(placement__person=person),
        columns=("date", "minutes", "site", "work", "learned", "state"),
        blank={"site": "", "work": "—", "learned": ""},
        public=False,
    ),
    Held(
        key="internships.absences",
        label=_("Absences"),
        model="internships.Absence",
        rows=lambda person: Absence.objects.filter(placement__person=person),
        columns=("date", "minutes", "reason", "note", "state"),
        blank={"note": ""},
        public=False,
    ),
    Held(
        key="internships.evaluations",
        label=_("Evaluations"),
        model="internships.Evaluation",
        # What the student said of the place is theirs; what others said of them is about them.
        rows=lambda person: Evaluation.objects.filter(Q(placement__person=person) | Q(given_by=person)),
        columns=("kind", "marks", "comment", "given_at"),
        linked=("internships.Evaluation.given_by",),
        blank={"comment": ""},
        public=False,
    ),
    Held(
        key="internships.reports",
        label=_("Reports"),
        model="internships.Report",
        rows=lambda person: Report.objects.filter(placement__person=person),
        columns=("title", "submitted_at", "originality", "defended_on", "mark"),
        blank={"title": "—"},
        public=False,
    ),
    Held(
        key="internships.safety",
        label=_("Safety admission"),
        model="internships.Clearance",
        rows=lambda person: Clearance.objects.filter(placement__person=person),
        columns=("kind", "done_on", "given_by", "journal_number", "group", "valid_until"),
        public=False,
    ),
    Held(
        key="internships.onboarding",
        label=_("What was prepared for you"),
        model="internships.OnboardingTask",
        rows=lambda person: OnboardingTask.objects.filter(placement__person=person),
        columns=("kind", "value", "done_at"),
        blank={"value": ""},
        public=False,
    ),
    Held(
        key="internships.concerns",
        label=_("Concerns"),
        model="internships.Concern",
        rows=lambda person: Concern.objects.filter(author=person),
        columns=("raised_at", "topic", "text", "to_company", "state"),
        what=_("Concerns that you raised"),
        purpose=_("To help you"),
        basis=Basis.CONSENT,
        seen_by=_(
            "You and the coordinator of your university; the company only if you want it. Never the mentor"
        ),
        until=_("Until erasure"),
        linked=("internships.Concern.author", "internships.Concern.mentor"),
        blank={"text": "—"},
    ),
    Held(
        key="internships.outcomes",
        label=_("What came of the practice"),
        model="internships.Outcome",
        rows=lambda person: Outcome.objects.filter(placement__person=person),
        columns=("kind", "decided_on", "position", "consent_at", "consent_until", "note"),
        what=_("Whether you were hired or wish to stay in the talent pool, and until when"),
        purpose=_("To offer you work"),
        basis=Basis.CONSENT,
        seen_by=_("You and the human resources of the company"),
        until=_("Until the day that you named, two years at most"),
        linked=("internships.Outcome.decided_by",),
        blank={"position": "", "staff_number": "", "note": ""},
    ),
    Held(
        key="internships.mentoring",
        label=_("Limits and links of a mentor"),
        model="internships.MentorLink",
        rows=lambda person: MentorLink.objects.filter(person=person),
        columns=("created", "last_used"),
        linked=(
            "internships.MentorLink.person",
            "internships.MentorLink.made_by",
            "internships.MentorLink.revoked_by",
        ),
        delete=True,
        history=False,
        public=False,
    ),
    Held(
        key="internships.limits",
        label=_("How many interns you take"),
        model="internships.MentorLimit",
        columns=("most", "note"),
        linked=("internships.MentorLimit.person",),
        delete=True,
        history=False,
        public=False,
    ),
    Held(
        key="internships.positions",
        label=_("Places that you mentor"),
        model="internships.Position",
        rows=lambda person: Position.objects.filter(mentors=person),
        columns=("title",),
        history=False,
        public=False,
    ),
)

# Nothing came of these; what the student wrote and sent along is no longer needed.
_OVER = (
    ApplicationState.REFUSED,
    ApplicationState.WITHDRAWN,
    ApplicationState.NOT_ENDORSED,
    ApplicationState.NOT_SUBMITTED,
    ApplicationState.DECLINED,
    ApplicationState.LAPSED,
)


def _refused(border: datetime) -> Any:
    rows = Application.objects.filter(state__in=_OVER, state_since__lt=border)
    kind = ContentType.objects.get_for_model(Application)
    of_it = {"content_type": kind, "object_id": OuterRef("pk")}
    files, answers = Document.objects.filter(**of_it), Answer.objects.filter(**of_it)
    return rows.filter(~Q(motivation="") | Exists(files) | Exists(answers))


def _empty(border: datetime) -> int:
    keys = list(_refused(border).order_by("pk").values_list("pk", flat=True))
    kind = ContentType.objects.get_for_model(Application)
    for key in keys:
        for document in Document.objects.filter(content_type=kind, object_id=key):
            remove(document, actor=SYSTEM)
        Answer.objects.filter(content_type=kind, object_id=key).delete()
        Application.objects.filter(pk=key).update(motivation="", eligibility=[])
    return len(keys)


RULES = (
    KeepRule(
        "internships.refused",
        _("Words and files of refused and withdrawn applications"),
        2 * 365,
        lambda border: _refused(border).count(),
        _empty,
    ),
)
