"""Which change tells whom, and how it reads."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from internships.letters.audiences import (
    applicant,
    both_sides,
    company,
    coordinators,
    everyone_in_motion,
    talkers,
    university_in_it,
)
from partnerships.calls.models import Step
from partnerships.common.clock import moment_in_words
from partnerships.common.letters import Letter, News

APPLICATION = "internships.Application"


def words(change: Any, application: Any) -> dict[str, Any]:
    """`application` as the change left it: it may have gone further since."""
    vacancy = application.offered_vacancy
    return {
        "number": application.number or "",
        "person": application.person.name,
        "programme": application.programme.title,
        "company": application.programme.host.short_name,
        "university": application.university.short_name if application.university else "",
        "place": vacancy.position.title if vacancy else "",
        "unit": str(vacancy.position.unit) if vacancy else "",
        "until": moment_in_words(application.offer_expires) if application.offer_expires else "",
        "due": moment_in_words(due) if (due := application.due) else "",
        "note": change.note if change else "",
        "reason": application.get_refusal_code_display() if application.refusal_code else "",
    }


def talk_words(change: Any, interview: Any) -> dict[str, Any]:
    return {
        "person": interview.candidate.name,
        "programme": interview.application.programme.title,
        "when": moment_in_words(interview.starts),
        "where": " ".join(part for part in (interview.place_in_words, interview.link) if part),
        "interviewer": interview.interviewer.name,
        "note": change.note,
    }


def extension_words(change: Any, programme: Any) -> dict[str, Any]:
    return {
        "programme": programme.title,
        "step": Step(change.data["step"]).label,
        "moment": moment_in_words(datetime.fromisoformat(change.data["to"])),
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
            "Candidate: %(person)s. Programme: %(programme)s.\n\n"
            "Please endorse the student or return the application with a reason."
        ),
        _("A student of my university applied"),
        move=True,
        many=ngettext_lazy(
            "%(n)s application waits for your endorsement",
            "%(n)s applications wait for your endorsement",
            "n",
        ),
    ),
    _letter(
        "endorsed",
        ["endorse"],
        applicant,
        _("Endorsed by the university: %(programme)s"),
        _(
            "University: %(university)s. "
            "The company sees your application from now on and answers by %(due)s."
        ),
        _("My university endorsed me"),
    ),
    _letter(
        "nominated",
        ["nominate"],
        applicant,
        _("Your university has nominated you: %(programme)s"),
        _(
            "University: %(university)s. Company: %(company)s. The company answers by %(due)s.\n\n"
            "If this is not what you want, you can withdraw on the application's page."
        ),
        _("My university nominated me"),
        urgent=True,
        move=False,
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
        move=False,
    ),
    _letter(
        "to_decide",
        ["endorse", "nominate", "submit_open"],
        company,
        _("New candidate: %(person)s"),
        _("Programme: %(programme)s. University: %(university)s. An answer is promised by %(due)s."),
        _("A new candidate"),
        mail=False,
        move=True,
        many=ngettext_lazy("%(n)s application has come", "%(n)s applications have come", "n"),
    ),
    _letter(
        "offered",
        ["offer", "promote"],
        applicant,
        _("Offer, answer by %(until)s: %(programme)s"),
        _(
            "Candidate: %(person)s. Place: %(place)s, %(unit)s.\n\n"
            "The seat is kept until %(until)s (Baku). After that it goes to the next in line."
        ),
        _("An offer"),
        urgent=True,
    ),
    _letter(
        "offered_to_student",
        ["offer", "promote"],
        university_in_it,
        _("Offer to a student of yours: %(person)s"),
        _(
            "Programme: %(programme)s. Place: %(place)s, %(unit)s.\n\n"
            "The student answers by %(until)s (Baku). After that the seat goes to the next in line."
        ),
        _("An offer to a student"),
        urgent=True,
        move=False,
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
        move=False,
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
        many=ngettext_lazy("%(n)s offer was accepted", "%(n)s offers were accepted", "n"),
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
            "Candidate: %(person)s. Interviewer: %(interviewer)s.\n\n"
            "When: %(when)s (Baku)\n\nWhere: %(where)s\n\n%(note)s"
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
        move=False,
    ),
    _letter(
        "extended",
        ["extend"],
        everyone_in_motion,
        _("Deadline extended: %(programme)s"),
        _("New deadline. %(step)s: %(moment)s (Baku).\n\n%(note)s"),
        _("A deadline was extended"),
        model="internships.Programme",
        context=extension_words,
        url=lambda programme: programme.get_absolute_url(),
        action=_("Open the programme"),
    ),
]

# To those who follow the company.
NEWS = [
    News(
        "internships.Programme",
        ("publish",),
        "directory.Organization",
        lambda _change, programme: [programme.host.root],
        _("A new programme"),
    )
]
