"""Who is told what about a practice: from its opening to its end, and of concerns."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from internships import links
from internships.enums import RUNNING_STATES, ClearanceKind, ConcernState, PlacementState, ProgrammeKind
from internships.models import Clearance, Concern, Placement
from internships.placement_moves import lacking
from partnerships.common.clock import day_in_words, moment_in_words, today
from partnerships.common.letters import Letter, reminders_of, told_as
from partnerships.common.moments import StartOfDay
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.directory.reports import partnership_managers, people_at

PLACEMENT = "internships.Placement"
CONCERN = "internships.Concern"
DAY = timedelta(days=1)


# Who is concerned ---------------------------------------------------------------------------------------
def _named(*keys: int | None) -> Iterable[Person]:
    return Person.objects.filter(pk__in=[key for key in keys if key is not None]).select_related("user")


@told_as(_("as the student of the practice"))
def student(_change: Any, placement: Any) -> Iterable[Person]:
    return _named(placement.person_id)


@told_as(_("as the mentor"))
def mentor(_change: Any, placement: Any) -> Iterable[Person]:
    return _named(placement.mentor_id)


@told_as(_("as human resources of the company"))
def company(_change: Any, placement: Any) -> Iterable[Person]:
    return people_at(placement.host, Role.HR)


@told_as(_("as the university's coordinator or supervisor"))
def university(_change: Any, placement: Any) -> Iterable[Person]:
    """The coordinators, or the partnership managers where there are none; the named supervisor."""
    if placement.faculty is None:
        return []
    kept = list(people_at(placement.faculty, Role.COORDINATOR)) or partnership_managers()
    return [*kept, *_named(placement.supervisor_id)]


def _together(*audiences: Callable[..., Iterable[Person]]) -> Callable[[Any, Any], Iterable[Person]]:
    @told_as(_("as somebody who takes part in the practice"))
    def people(change: Any, placement: Any) -> Iterable[Person]:
        found = {person.pk: person for one in audiences for person in one(change, placement)}
        return found.values()

    return people


everybody = _together(student, mentor, company, university)
both_schools = _together(student, mentor, university)


@told_as(_("as somebody who answers concerns"))
def answering(_change: Any, concern: Any) -> Iterable[Person]:
    """Who answers a concern: never who is, or was then, the mentor."""
    placement = concern.placement
    found = list(people_at(placement.faculty, Role.COORDINATOR)) if placement.faculty else []
    if placement.faculty and not found:
        found = list(partnership_managers())
    if concern.to_company:
        found += people_at(placement.host, Role.HR)
    out = {placement.mentor_id, concern.mentor_id, placement.person_id}
    return [person for person in {one.pk: one for one in found}.values() if person.pk not in out]


def outside(subject: Any, person: Person) -> str:
    """Where a mentor without an account reads on: the signed link, else the page on which it is asked for."""
    placement = getattr(subject, "placement", subject)
    if person.pk != placement.mentor_id:
        return ""
    link = links.live_link(placement)
    return links.path_of(link) if link is not None else reverse("internships:mentor_ask")


# What is said ---------------------------------------------------------------------------------------------
def words(change: Any, placement: Any) -> dict[str, Any]:
    missing = lacking(placement, max(placement.starts, today()))
    return {
        "number": placement.application.number or "",
        "person": placement.person.name,
        "programme": placement.programme.title,
        "company": placement.host.short_name,
        "unit": str(placement.unit),
        "mentor": placement.mentor.name if placement.mentor else "—",
        "supervisor": placement.supervisor.name if placement.supervisor else "—",
        "starts": day_in_words(placement.starts),
        "ends": day_in_words(placement.last_day or placement.ends),
        "missing": ", ".join(missing),
        "ready": _now("Still missing: %(missing)s.") % {"missing": ", ".join(missing)}
        if missing
        else _now("All is ready for the first day."),
        "follows": _follows(placement),
        "note": change.note if change else "",
    }


def _follows(placement: Placement) -> str:
    """What comes after the last day: a report in the curriculum alone, a mark where there is a university."""
    if placement.university_id is None:
        return _now("What follows: the mentor's evaluation.")
    if placement.programme.kind != ProgrammeKind.PRACTICE:
        return _now("What follows: the mentor's evaluation, the university's mark.")
    return _now("What follows: the mentor's evaluation, the report, the university's mark.")


def concern_words(_change: Any, concern: Any) -> dict[str, Any]:
    """Neither the text nor its topic nor the answer: a letter may be read over a shoulder."""
    return {
        "number": concern.placement.application.number or "",
        "programme": concern.placement.programme.title,
        "due": moment_in_words(concern.answer_by),
    }


def _letter(
    kind: str, verbs: Iterable[str], audience: Any, subject: Any, body: Any, label: Any, **more: Any
) -> Letter:
    defaults: dict[str, Any] = {
        "model": PLACEMENT,
        "context": words,
        "action": _("Open the practice"),
        "outside": outside,
    }
    return Letter(
        kind=f"internships.{kind}",
        verbs=tuple(verbs),
        audience=audience,
        subject=subject,
        body=body,
        label=label,
        **{**defaults, **more},
    )


LETTERS = [
    _letter(
        "practice_opened",
        ["open", "prepare_again"],
        student,
        _("Your practice begins on %(starts)s: %(programme)s"),
        _(
            "Company: %(company)s, %(unit)s. First day: %(starts)s.\n\n"
            "Write your particulars on the page of your practice. %(ready)s"
        ),
        _("My practice is being prepared"),
    ),
    _letter(
        "practice_mentor",
        ["open", "change_mentor"],
        mentor,
        _("You are the mentor: %(person)s"),
        _("Student: %(person)s. Unit: %(unit)s. From %(starts)s to %(ends)s.\n\n%(note)s"),
        _("I am named as a mentor"),
    ),
    _letter(
        "practice_mentor_named",
        ["change_mentor"],
        _together(student, university),
        _("Mentor named: %(mentor)s"),
        _("Student: %(person)s. Mentor: %(mentor)s.\n\n%(note)s"),
        _("A mentor was named or changed"),
    ),
    _letter(
        "practice_supervisor",
        ["change_supervisor"],
        _together(student, lambda _change, placement: _named(placement.supervisor_id)),
        _("University supervisor named: %(supervisor)s"),
        _("Student: %(person)s. Programme: %(programme)s.\n\n%(note)s"),
        _("A university supervisor was named"),
        mail=False,
    ),
    _letter(
        "practice_unit",
        ["change_unit"],
        both_schools,
        _("Moved to another unit: %(unit)s"),
        _("Student: %(person)s. The workplace briefing is given anew there.\n\n%(note)s"),
        _("A practice was moved to another unit"),
    ),
    _letter(
        "practice_begun",
        ["begin"],
        everybody,
        _("The practice has begun: %(person)s"),
        _("Company: %(company)s, %(unit)s. Mentor: %(mentor)s. Last day: %(ends)s."),
        _("A practice has begun"),
    ),
    _letter(
        "practice_suspended",
        ["suspend"],
        everybody,
        _("The practice is interrupted: %(person)s"),
        _("No day counts until it is taken up again.\n\n%(note)s"),
        _("A practice is interrupted"),
        urgent=True,
    ),
    _letter(
        "practice_resumed",
        ["resume", "reinstate"],
        everybody,
        _("The practice goes on: %(person)s"),
        _("Last day: %(ends)s.\n\n%(note)s"),
        _("A practice goes on"),
        urgent=True,
    ),
    _letter(
        "practice_extended",
        ["extend"],
        everybody,
        _("New last day, %(ends)s: %(person)s"),
        _("The practice now ends on %(ends)s. Hours and credits follow.\n\n%(note)s"),
        _("A practice was extended"),
    ),
    _letter(
        "practice_ended_early",
        ["end_early"],
        everybody,
        _("The practice was ended early: %(person)s"),
        _("Last day: %(ends)s.\n\n%(note)s"),
        _("A practice was ended early"),
        urgent=True,
    ),
    _letter(
        "practice_cancelled",
        ["cancel"],
        everybody,
        _("The practice does not take place: %(person)s"),
        _("Programme: %(programme)s. The seat was given back.\n\n%(note)s"),
        _("A practice was cancelled"),
        urgent=True,
    ),
    _letter(
        "practice_over",
        ["finish"],
        everybody,
        _("The practice is over: %(person)s"),
        "%(follows)s",
        _("A practice is over"),
    ),
    _letter(
        "concern",
        ["raise", "reopen"],
        answering,
        _("Answer in confidence by %(due)s: %(number)s"),
        _(
            "A student has told something in confidence. It stands on its page alone; "
            "an answer is promised by %(due)s (Baku)."
        ),
        _("A student raised a concern"),
        model=CONCERN,
        context=concern_words,
        action=_("Read it"),
        urgent=True,
        confidential=True,
    ),
    _letter(
        "concern_answered",
        ["take", "close"],
        lambda _change, concern: _named(concern.author_id),
        _("What you told in confidence: there is an answer"),
        _("The answer stands on its page alone."),
        _("My concern was looked into or answered"),
        model=CONCERN,
        context=concern_words,
        action=_("Read it"),
        urgent=True,
        confidential=True,
    ),
]


# Reminders ------------------------------------------------------------------------------------------------
_reminder = reminders_of(
    "internships",
    model=PLACEMENT,
    due="due_at",
    context=lambda placement: words(None, placement),
    action=_("Open the practice"),
    outside=outside,
)


def _to_begin() -> Any:
    rows = Placement.objects.filter(state=PlacementState.PREPARING)
    return rows.annotate(due_at=StartOfDay(F("starts"))).with_rows()


def _running_out() -> Any:
    """Practices with the day on which the first part of their admission runs out."""
    ends = Clearance.objects.filter(placement=OuterRef("pk"), valid_until__isnull=False)
    first = Subquery(ends.order_by("valid_until").values("valid_until")[:1])
    rows = Placement.objects.filter(state__in=RUNNING_STATES | {PlacementState.PREPARING})
    # A part that outlasts the practice concerns nobody.
    found = rows.annotate(runs_out=first).filter(runs_out__lte=F("ends"))
    return found.annotate(due_at=StartOfDay(F("runs_out"))).with_rows()


def _preparing(placement: Any, offset: timedelta) -> Iterable[Person]:
    """The company while something is missing; from the day before on the university too."""
    if not lacking(placement, max(placement.starts, today())):
        return []
    who = company if offset > DAY else _together(company, university)
    return who(None, placement)


def _clearance_words(placement: Any) -> dict[str, Any]:
    parts = [row for row in placement.clearances.all() if row.valid_until == placement.runs_out]
    names = ", ".join(str(ClearanceKind(row.kind).label) for row in parts)
    return {**words(None, placement), "parts": names, "when": day_in_words(placement.runs_out)}


def _late_concern(concern: Any, offset: timedelta) -> Iterable[Person]:
    people = {person.pk: person for person in answering(None, concern)}
    if offset < timedelta(0):
        out = {concern.placement.mentor_id, concern.mentor_id}
        people.update({one.pk: one for one in partnership_managers() if one.pk not in out})
    return people.values()


REMINDERS = [
    _reminder(
        "remind_practice",
        _to_begin,
        (7 * DAY, DAY),
        lambda placement, _offset: _together(student, mentor)(None, placement),
        _("The practice begins on %(starts)s: %(person)s"),
        _("Company: %(company)s, %(unit)s. Mentor: %(mentor)s. %(ready)s"),
        _("Reminder: a practice begins"),
    ),
    _reminder(
        "remind_prepare",
        _to_begin,
        (7 * DAY, DAY, timedelta(0)),
        _preparing,
        _("Missing for %(starts)s: %(person)s"),
        _("Still missing: %(missing)s. Without it the practice does not begin."),
        _("Reminder: what is missing before a practice"),
    ),
    _reminder(
        "remind_admission",
        _running_out,
        (30 * DAY, 7 * DAY, timedelta(0)),
        lambda placement, _offset: _together(company, mentor)(None, placement),
        _("Safety admission valid until %(when)s: %(person)s"),
        _("Renew in time: %(parts)s. After this day no day of practice counts."),
        _("Reminder: a safety admission runs out"),
        context=_clearance_words,
    ),
    _reminder(
        "remind_concern",
        lambda: Concern.objects.exclude(state=ConcernState.CLOSED).with_placement(),
        (DAY, -timedelta(hours=1)),
        _late_concern,
        _("Answer in confidence by %(due)s: %(number)s"),
        _("A student waits for an answer. It stands on its page alone."),
        _("Reminder: a concern waits for an answer"),
        model=CONCERN,
        due="answer_by",
        context=lambda concern: concern_words(None, concern),
        action=_("Read it"),
        confidential=True,
    ),
]
