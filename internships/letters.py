"""Who is told what about programmes, applications and interviews."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from internships.enums import OPEN_STATES, ApplicationState
from internships.models import Application, Interview
from internships.moves import day_and_hour
from partnerships.calls.models import Deadline, Step
from partnerships.common.direction import Letter, ReminderRule
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person

APPLICATION = "internships.Application"


def people_at(organization: Organization, *roles: str) -> Iterable[Person]:
    """Those who hold one of these roles at this node or above it."""
    above = [part for part in organization.path.split(".") if part]
    holders = Affiliation.objects.current().filter(role__in=roles, organization_id__in=above)
    return Person.objects.filter(pk__in=holders.values("person_id")).select_related("user")


def applicant(change: Any, application: Any) -> Iterable[Person]:
    return Person.objects.filter(pk=application.person_id).select_related("user")


def coordinators(change: Any, application: Any) -> Iterable[Person]:
    """Of the student's faculty or university; where there are none, the portal's partnership managers."""
    if application.unit_id is None:
        return []
    found = list(people_at(application.unit, Role.COORDINATOR))
    if found:
        return found
    operator = Organization.objects.filter(is_operator=True).first()
    return people_at(operator, Role.PARTNERSHIPS) if operator else []


def company(change: Any, application: Any) -> Iterable[Person]:
    return people_at(application.programme.host, Role.HR)


def both_sides(change: Any, application: Any) -> Iterable[Person]:
    """The student, and the university where it is part of the matter."""
    people = {person.pk: person for person in applicant(change, application)}
    if application.programme.endorsement_required or application.order_id:
        people.update({person.pk: person for person in coordinators(change, application)})
    return people.values()


def everyone_in_motion(change: Any, programme: Any) -> Iterable[Person]:
    """Everybody whom a moved deadline concerns: applicants, and the coordinators of their universities."""
    rows = programme.applications.filter(state__in=OPEN_STATES)
    universities = rows.exclude(university=None).values("university_id")
    keepers = Affiliation.objects.current().filter(
        role=Role.COORDINATOR, organization__root_id__in=universities
    )
    either = Person.objects.filter(pk__in=rows.values("person_id")) | Person.objects.filter(
        pk__in=keepers.values("person_id")
    )
    return either.select_related("user").distinct()


def talkers(change: Any, interview: Any) -> Iterable[Person]:
    return Person.objects.filter(pk__in=[interview.candidate_id, interview.interviewer_id]).select_related(
        "user"
    )


def words(change: Any, application: Any) -> dict[str, Any]:
    vacancy = application.offered_vacancy
    return {
        "number": application.number or "",
        "person": application.person.name,
        "programme": application.programme.title,
        "company": application.programme.host.short_name,
        "university": application.university.short_name if application.university else "",
        "place": vacancy.position.title if vacancy else "",
        "unit": str(vacancy.position.unit) if vacancy else "",
        "until": day_and_hour(application.offer_expires) if application.offer_expires else "",
        "due": day_and_hour(application.due) if application.due else "",
        "note": change.note if change else "",
        "reason": application.get_refusal_code_display() if application.refusal_code else "",
    }


def talk_words(change: Any, interview: Any) -> dict[str, Any]:
    return {
        "person": interview.candidate.name,
        "programme": interview.application.programme.title,
        "when": day_and_hour(interview.starts),
        "where": " ".join(part for part in (interview.place, interview.link) if part),
        "interviewer": interview.interviewer.name,
        "note": change.note,
    }


def extension_words(change: Any, programme: Any) -> dict[str, Any]:
    from datetime import datetime

    return {
        "programme": programme.title,
        "step": Step(change.data["step"]).label,
        "moment": day_and_hour(datetime.fromisoformat(change.data["to"])),
        "note": change.note,
    }


def _letter(
    kind: str,
    verbs: Iterable[str],
    audience: Callable[..., Any],
    subject: Any,
    body: Any,
    label: Any,
    **more: Any,
) -> Letter:
    defaults: dict[str, Any] = {
        "model": APPLICATION,
        "context": words,
        "url": lambda application: application.get_absolute_url(),
        "action": _("Open the application"),
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
        "sent",
        ["submit", "submit_open"],
        applicant,
        _("Application sent: %(programme)s"),
        _("%(number)s has been sent. What happens next, and by when, stands on the application's page."),
        _("My application was sent"),
    ),
    _letter(
        "to_endorse",
        ["submit", "reopen_endorsement"],
        coordinators,
        _("Endorse by %(due)s: %(person)s"),
        _(
            "Candidate: %(person)s. Programme: %(programme)s.\n\nPlease endorse the student or return the application with a reason."
        ),
        _("A student of my university applied"),
    ),
    _letter(
        "endorsed",
        ["endorse"],
        applicant,
        _("Endorsed by the university: %(programme)s"),
        _(
            "University: %(university)s. The company sees your application from now on and answers by %(due)s."
        ),
        _("My university endorsed me"),
    ),
    _letter(
        "nominated",
        ["nominate"],
        applicant,
        _("Your university has nominated you: %(programme)s"),
        _(
            "University: %(university)s. Company: %(company)s. The company answers by %(due)s.\n\nIf this is not what you want, you can withdraw on the application's page."
        ),
        _("My university nominated me"),
        urgent=True,
    ),
    _letter(
        "returned",
        ["return"],
        applicant,
        _("Please change your application: %(programme)s"),
        _("The university asks:\n\n%(note)s"),
        _("My application was returned"),
        urgent=True,
    ),
    _letter(
        "not_endorsed",
        ["not_endorse"],
        applicant,
        _("Not endorsed by the university: %(programme)s"),
        _("The university's reason:\n\n%(note)s"),
        _("My university did not endorse me"),
        urgent=True,
    ),
    _letter(
        "to_decide",
        ["endorse", "nominate", "submit_open"],
        company,
        _("New candidate: %(person)s"),
        _("Programme: %(programme)s. University: %(university)s. An answer is promised by %(due)s."),
        _("A new candidate"),
        mail=False,
    ),
    _letter(
        "offered",
        ["offer", "promote"],
        both_sides,
        _("Offer, answer by %(until)s: %(programme)s"),
        _(
            "Candidate: %(person)s. Place: %(place)s, %(unit)s.\n\nThe seat is kept until %(until)s (Baku). After that it goes to the next in line."
        ),
        _("An offer"),
        urgent=True,
    ),
    _letter(
        "waitlisted",
        ["waitlist"],
        both_sides,
        _("On the waiting list: %(programme)s"),
        _("Candidate: %(person)s. When a seat becomes free, it is offered by itself to the next in line."),
        _("A place on the waiting list"),
    ),
    _letter(
        "refused",
        ["refuse", "cancelled"],
        both_sides,
        _("The company's answer: %(programme)s"),
        _("Candidate: %(person)s. There is no place this time.\n\nReason: %(reason)s\n\n%(note)s"),
        _("A refusal"),
    ),
    _letter(
        "revoked",
        ["revoke"],
        both_sides,
        _("The offer was taken back: %(programme)s"),
        _("Candidate: %(person)s. The company's reason:\n\n%(note)s"),
        _("An offer taken back"),
        urgent=True,
    ),
    _letter(
        "reconsidered",
        ["reconsider"],
        applicant,
        _("Your application is considered again: %(programme)s"),
        _("%(note)s"),
        _("My application is considered again"),
    ),
    _letter(
        "lapsed",
        ["lapse"],
        both_sides,
        _("The offer has lapsed: %(programme)s"),
        _("Candidate: %(person)s. The offer was not answered in time."),
        _("An offer that lapsed"),
    ),
    _letter(
        "accepted",
        ["accept"],
        lambda change, application: [*company(change, application), *coordinators(change, application)],
        _("Offer accepted: %(person)s"),
        _("Programme: %(programme)s. Place: %(place)s, %(unit)s."),
        _("A student accepted"),
    ),
    _letter(
        "left",
        ["decline", "withdraw"],
        lambda change, application: (
            company(change, application)
            if application.reached_company_at
            else coordinators(change, application)
        ),
        _("Withdrawn by the student: %(person)s"),
        _("Programme: %(programme)s.\n\n%(note)s"),
        _("A student withdrew or declined"),
        mail=False,
    ),
    _letter(
        "superseded",
        ["supersede"],
        applicant,
        _("Withdrawn, as you accepted another offer: %(programme)s"),
        _("You accepted an offer for the same weeks, so this application was withdrawn."),
        _("My other applications were withdrawn"),
        mail=False,
    ),
    _letter(
        "missed",
        ["miss"],
        applicant,
        _("The deadline has passed: %(programme)s"),
        _("Your draft was not sent in time. If the deadline is extended, you can take it up again."),
        _("My draft missed its deadline"),
    ),
    _letter(
        "interview",
        ["schedule", "reschedule"],
        talkers,
        _("Interview on %(when)s: %(programme)s"),
        _(
            "Candidate: %(person)s. Interviewer: %(interviewer)s.\n\nWhen: %(when)s (Baku)\n\nWhere: %(where)s\n\n%(note)s"
        ),
        _("An interview"),
        model="internships.Interview",
        context=talk_words,
        urgent=True,
    ),
    _letter(
        "interview_cancelled",
        ["cancel", "drop"],
        talkers,
        _("Interview cancelled: %(programme)s"),
        _("Candidate: %(person)s. The interview on %(when)s does not take place.\n\n%(note)s"),
        _("An interview cancelled"),
        model="internships.Interview",
        context=talk_words,
        urgent=True,
    ),
    _letter(
        "extended",
        ["extend"],
        everyone_in_motion,
        _("Deadline extended: %(programme)s"),
        _("%(step)s: %(moment)s (Baku).\n\n%(note)s"),
        _("A deadline was extended"),
        model="internships.Programme",
        context=extension_words,
        url=lambda programme: programme.get_absolute_url(),
        action=_("Open the programme"),
    ),
]


def _due_rows(step: str, *states: str) -> Callable[[], Any]:
    """Applications in these states, with the moment of the call's step as `due_at`."""

    def rows() -> Any:
        moment = Deadline.objects.filter(call=OuterRef("programme__call"), step=step).values("at")[:1]
        return Application.objects.filter(state__in=states).annotate(due_at=Subquery(moment)).with_rows()

    return rows


def _reminder_words(application: Any) -> dict[str, Any]:
    return {**words(None, application), "when": day_and_hour(application.due_at)}


def _late_endorsement(application: Any, offset: timedelta) -> Iterable[Person]:
    """Before the deadline the coordinators; once it has passed, the partnership managers too."""
    people = {person.pk: person for person in coordinators(None, application)}
    if offset < timedelta(0):
        operator = Organization.objects.filter(is_operator=True).first()
        if operator is not None:
            people.update({person.pk: person for person in people_at(operator, Role.PARTNERSHIPS)})
    return people.values()


DAY = timedelta(days=1)


def _reminder(
    kind: str,
    rows: Callable[[], Any],
    offsets: tuple[timedelta, ...],
    audience: Any,
    subject: Any,
    body: Any,
    label: Any,
    **more: Any,
) -> ReminderRule:
    defaults: dict[str, Any] = {
        "model": APPLICATION,
        "due": "due_at",
        "context": _reminder_words,
        "url": lambda application: application.get_absolute_url(),
        "action": _("Open the application"),
    }
    return ReminderRule(
        kind=f"internships.{kind}",
        rows=rows,
        offsets=offsets,
        audience=audience,
        subject=subject,
        body=body,
        label=label,
        **{**defaults, **more},
    )


REMINDERS = [
    _reminder(
        "remind_draft",
        _due_rows(Step.APPLY, ApplicationState.DRAFT),
        (3 * DAY, DAY),
        lambda application, offset: applicant(None, application),
        _("Send by %(when)s: %(programme)s"),
        _("Your application is still a draft."),
        _("Reminder: my draft is not sent"),
    ),
    _reminder(
        "remind_endorse",
        _due_rows(Step.ENDORSE, ApplicationState.SUBMITTED),
        (3 * DAY, DAY, -DAY),
        _late_endorsement,
        _("Endorse by %(when)s: %(person)s"),
        _(
            "Programme: %(programme)s. University: %(university)s. The student waits for the university's answer."
        ),
        _("Reminder: endorsements"),
    ),
    _reminder(
        "remind_decide",
        _due_rows(Step.DECIDE, ApplicationState.IN_REVIEW, ApplicationState.INTERVIEW),
        (3 * DAY, DAY, -DAY),
        lambda application, offset: company(None, application),
        _("Answer promised by %(when)s: %(person)s"),
        _("Programme: %(programme)s. The student was promised an answer by this time."),
        _("Reminder: decisions"),
    ),
    _reminder(
        "remind_answer",
        lambda: (
            Application.objects.filter(state=ApplicationState.OFFERED)
            .annotate(due_at=F("offer_expires"))
            .with_rows()
        ),
        (2 * DAY, DAY),
        lambda application, offset: applicant(None, application),
        _("Answer by %(when)s: the offer of %(company)s"),
        _("Place: %(place)s, %(unit)s. After this time the seat goes to the next in line."),
        _("Reminder: an offer waits for my answer"),
    ),
    _reminder(
        "remind_interview",
        lambda: Interview.objects.filter(active=True).annotate(due_at=F("starts")).with_people(),
        (DAY, timedelta(hours=2)),
        lambda interview, offset: talkers(None, interview),
        _("Interview on %(when)s: %(person)s"),
        _("Where: %(where)s"),
        _("Reminder: interviews"),
        model="internships.Interview",
        context=lambda interview: {
            "when": day_and_hour(interview.starts),
            "person": interview.candidate.name,
            "where": " ".join(part for part in (interview.place, interview.link) if part),
        },
    ),
]
