"""What must hold before a verb, each answering with the reason when it does not."""

from typing import Any

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from internships import eligibility
from internships.enums import (
    ApplicationState,
    PlacementState,
    ProgrammeState,
)
from partnerships.agreements import reports as agreements
from partnerships.calls.actions import access_of_subject, deadline_open
from partnerships.calls.conditions import answered
from partnerships.calls.grace import grace, in_grace
from partnerships.calls.models import Step
from partnerships.common.clock import day_in_words
from partnerships.common.sharing import attached
from partnerships.common.templatetags.figures import grouped
from partnerships.directory.enums import AffiliationState
from partnerships.documents.models import DocumentKind
from partnerships.seats import actions as seats
from partnerships.workflow.engine import Refusal

DIRECTION = "internships"  # as agreements name the directions that they cover
_apply_open = deadline_open(Step.APPLY, "programme.call")
_decide_open = deadline_open(Step.DECIDE, "programme.call")
questions_answered = answered("programme.call")


NOMINATED_ONLY = Refusal(
    _("Your university nominates students for this practice: write to its coordinator."),
    code="nominated_only",
)


def published(application: Any, actor: Any) -> Refusal | None:
    if application.programme.state != ProgrammeState.PUBLISHED:
        return Refusal(_("This programme is not open."), code="closed")
    return None


def may_still_send(application: Any, actor: Any) -> Refusal | None:
    """A draft until the application deadline; what the university returned, until the company answers."""
    if why := published(application, actor):
        return why
    if not application.programme.students_apply:
        return NOMINATED_ONLY
    if application.state == ApplicationState.RETURNED:
        return _decide_open(application, actor)
    opens = application.programme.call.at(Step.OPEN)
    if opens is not None and timezone.now() < opens:
        return Refusal(_("Applications are not open yet."), code="not_open_yet")
    if in_grace(application.programme.call, Step.APPLY, application.form_opened):  # see actions.submit
        return None
    return apply_open(application, actor)


def apply_open(application: Any, actor: Any) -> Refusal | None:
    """The deadline to apply has not passed, or an access code lets this one in after it."""
    refused = _apply_open(application, actor)
    return None if refused is None or invited_late(application) else refused


def invited_late(application: Any) -> bool:
    """A living access code lets it be sent after the deadline."""
    known = getattr(application, "let_in", None)  # rows of close_drafts bring it along
    return access_of_subject(application, Step.APPLY) is not None if known is None else known


def has_study(application: Any, actor: Any) -> Refusal | None:
    """Studies are named; whether they are confirmed is asked by whoever endorses: that confirms them."""
    if application.affiliation_id is None:
        return Refusal(_("Say first where and what you study."), code="no_study")
    return None


def has_choices(application: Any, actor: Any) -> Refusal | None:
    if not attached(application, "choices"):
        return Refusal(_("Choose at least one place."), code="no_choice")
    return None


def eligible(application: Any, actor: Any) -> Refusal | None:
    """Every chosen place must take the student; says which does not and why. What the student answered is
    looked at when the student sends: whom a university nominates answers nothing."""
    own = actor is not None and actor.person_id == application.person_id
    answers = eligibility.answers_of(application) if own else None
    for choice in attached(application, "choices"):
        if why := rules_refusal(application, choice.vacancy, own=own, answers=answers):
            return why
    return None


def rules_refusal(
    application: Any, vacancy: Any, *, own: bool = False, answers: eligibility.Answers = None
) -> Refusal | None:
    """Why the rules of this place do not take the student as they are now; `own`: worded for the student."""
    for check in eligibility.checks(vacancy.position, application, own=own, answers=answers):
        if check.ok:
            continue
        if check.field:
            return Refusal(check.text, code="answer_not_taken")
        words = {"place": vacancy.position.title, "reason": check.text}
        return Refusal(_("%(place)s: %(reason)s") % words, code="not_eligible")
    return None


def cv_added(application: Any, actor: Any) -> Refusal | None:
    if application.programme.cv_required and DocumentKind.CV not in application.document_kinds:
        return Refusal(_("Add your CV."), code="no_cv")
    return None


def transcript_added(application: Any, actor: Any) -> Refusal | None:
    needed = application.programme.transcript_required
    if needed and DocumentKind.TRANSCRIPT not in application.document_kinds:
        return Refusal(_("Add your transcript."), code="no_transcript")
    return None


def offer_stands(application: Any, actor: Any) -> Refusal | None:
    if application.offer_expires is not None and timezone.now() > application.offer_expires:
        return Refusal(_("The time to answer this offer is over."), code="offer_expired")
    return None


def hours_fit(application: Any, actor: Any) -> Refusal | None:
    """The hours of all the student's practices can be done in each week of the place that is offered.

    Up to settings.PRACTICE_WEEKLY_MOST hours a week; within that two at once are the student's to judge, who
    is told of them before accepting. Only the student, who alone accepts, asks this: lists of others do not.
    """
    vacancy = application.offered_vacancy
    if vacancy is None:
        return None
    first, last = vacancy.period.starts, vacancy.period.ends
    own = application.person.placements.exclude(application=application).exclude(
        state=PlacementState.CANCELLED
    )
    rows = own.annotate(last=Coalesce("last_day", "ends")).filter(starts__lte=last, last__gte=first)
    spans = list(rows.values_list("starts", "last", "weekly_minutes", "application__number"))
    weekly = max(application.programme.weekly_hours, settings.PRACTICE_WEEKLY_HOURS) * 60
    # The load is highest on the first day of one of them, or on that of the place itself.
    days = {first, *(starts for starts, *_rest in spans if starts >= first)}
    most = max(weekly + sum(m for s, e, m, _n in spans if s <= day <= e) for day in days)
    if most <= settings.PRACTICE_WEEKLY_MOST * 60:
        return None
    words = {
        "hours": grouped(most // 60),
        "most": grouped(settings.PRACTICE_WEEKLY_MOST),
        "numbers": ", ".join(sorted(number or "" for *_span, number in spans)),
    }
    return Refusal(
        _t(
            "With the practices that you have in these weeks it would be %(hours)s hours a week, at most "
            "%(most)s can be done. Already yours: %(numbers)s. Ask the company for other weeks, or decline."
        )
        % words,
        code="too_many_hours",
    )


def offer_over(application: Any, actor: Any) -> Refusal | None:
    if application.offer_expires is None or timezone.now() <= application.offer_expires:
        return Refusal(_("The offer still stands."), code="offer_stands")
    return None


def apply_over(application: Any, actor: Any) -> Refusal | None:
    closes = application.programme.call.at(Step.APPLY)
    if closes is None or timezone.now() <= closes + grace() or invited_late(application):
        return Refusal(_("Applications are still open."), code="still_open")
    return None


def not_started(application: Any, actor: Any) -> Refusal | None:
    if application.programme.call.passed(Step.START):
        return Refusal(_("The programme has begun."), code="started")
    return None


def still_student(application: Any, actor: Any) -> Refusal | None:
    """Eligibility drifts: somebody may have left the university since applying."""
    affiliation = application.affiliation
    if affiliation is None or affiliation.state == AffiliationState.REFUSED:
        return Refusal(_("The university says that this is not its student."), code="not_student")
    if affiliation.ends is not None and affiliation.ends < timezone.localdate():
        return Refusal(_("This person no longer studies there."), code="left")
    return None


def place_refusal(application: Any, vacancy: Any) -> Refusal | None:
    """Why this place cannot be offered now: its rules, asked of the studies as they are now, or its seats."""
    return rules_refusal(application, vacancy) or seats.refusal(vacancy.pool, application.university_id)


def framework_refusal(application: Any, vacancy: Any) -> Refusal | None:
    """Why this place cannot be given: university and company have no framework agreement on its first day."""
    university = application.university
    if not settings.PLACEMENT_NEEDS_FRAMEWORK or university is None:
        return None
    starts = vacancy.period.starts
    if agreements.in_force_between(university, application.programme.host, starts, DIRECTION):
        return None
    words = {
        "university": university.short_name,
        "company": application.programme.host.short_name,
        "day": day_in_words(starts),
    }
    return Refusal(
        _t(
            "No framework agreement holds on %(day)s between: %(university)s – %(company)s. A place that "
            "begins then is given once one does; the partnership manager prepares it or renews the "
            "present one."
        )
        % words,
        code="no_framework",
    )


def has_framework(application: Any, actor: Any) -> Refusal | None:
    """University and company have a framework agreement; on which days it holds is asked of the place."""
    if not settings.PLACEMENT_NEEDS_FRAMEWORK or application.university_id is None:
        return None
    known = getattr(application, "framework_in_force", None)  # rows of `with_parties` bring it along
    if known is None:
        known = agreements.in_force_between(application.university, application.programme.host)
    if known:
        return None
    return Refusal(
        _t(
            "There is no valid framework agreement between: %(university)s – %(company)s. A place is given "
            "once there is one; the partnership manager prepares it."
        )
        % {
            "university": application.university.short_name,
            "company": application.programme.host.short_name,
        },
        code="no_framework",
    )


def place_left(application: Any, actor: Any) -> Refusal | None:
    """Some chosen place still takes the student and has a seat for this university."""
    reasons = []
    for choice in attached(application, "choices"):
        reason = place_refusal(application, choice.vacancy)
        if reason is None:
            return None
        reasons.append(reason)
    return reasons[0] if reasons else Refusal(_("No place was chosen."), code="no_choice")


def has_vacancies(programme: Any, actor: Any) -> Refusal | None:
    if not any(vacancy.pool.capacity for vacancy in programme.vacancies()):
        return Refusal(_("Add at least one place with seats."), code="no_places")
    return None


def deadlines_set(programme: Any, actor: Any) -> Refusal | None:
    needed = [Step.APPLY, Step.ENDORSE, Step.DECIDE, Step.START]
    if not programme.endorsement_required:
        needed.remove(Step.ENDORSE)
    missing = [Step(step).label for step in needed if programme.call.at(step) is None]
    if missing:
        return Refusal(
            _("These deadlines are missing: %(steps)s") % {"steps": ", ".join(str(step) for step in missing)},
            code="no_deadline",
        )
    if programme.call.passed(Step.APPLY):
        return Refusal(_("The application deadline lies in the past."), code="deadline_passed")
    return None


def english_where_needed(programme: Any, actor: Any) -> Refusal | None:
    if not programme.open_to_foreigners:
        return None
    texts = [programme.title_en, programme.summary_en, *(p.title_en for p in programme.positions.all())]
    if not all(texts):
        return Refusal(
            _("What is open to foreigners needs its title, summary and places in English too."),
            code="no_english",
        )
    return None


# What a page has read with the programme is not asked again; a verb reads the programme without it.
def nobody_applied(programme: Any, actor: Any) -> Refusal | None:
    applied = getattr(programme, "applied_for", None)
    if applied is None:
        applied = programme.applications.exclude(state=ApplicationState.DRAFT).exists()
    if applied:
        return Refusal(
            _("There are applications already: cancel the programme instead."), code="has_applications"
        )
    return None


def nothing_open(programme: Any, actor: Any) -> Refusal | None:
    waited = getattr(programme, "waited_for", None)
    if waited is None:
        waited = programme.applications.in_motion().exists()
    if waited:
        return Refusal(_("Some applications still wait for an answer."), code="in_motion")
    return None


TOO_EARLY = Refusal(_("The interview has not begun yet."), code="too_early")


def interview_begun(interview: Any, actor: Any) -> Refusal | None:
    return TOO_EARLY if timezone.now() < interview.starts else None
