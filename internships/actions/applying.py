"""What the student does: apply, withdraw, accept or decline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from internships import eligibility, sending
from internships.actions.drafts import create_draft, number_of, set_choices, take_studies
from internships.actions.line import give_back, lock_applications, lock_line, move_up
from internships.actions.placing import open_placement
from internships.actions.questions import hold_asked
from internships.conditions import NOMINATED_ONLY, framework_refusal
from internships.eligibility import snapshot
from internships.enums import OPEN_STATES, ApplicationState
from internships.models import Application, Choice, Programme, Vacancy
from internships.workflow import APPLICATION
from partnerships.calls import actions as calls
from partnerships.calls.models import Question, Step
from partnerships.common.refusals import Blocked, IllegalTransition, Refusal, Refused, StaleState
from partnerships.common.text import at_most
from partnerships.common.versions import must_be
from partnerships.directory.models import Person
from partnerships.documents import actions as documents
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.seats import actions as seats
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
REUSABLE = (DocumentKind.CV, DocumentKind.TRANSCRIPT)


@transaction.atomic
def start_application(vacancy: Vacancy, *, actor: Any) -> Application:
    """The draft of the actor's application to the programme of this place, with the place chosen.

    Calling it again answers with the application that is there; a draft gets the place added while
    it has room. Raises Blocked when the programme takes no applications, Refused without a person.
    """
    by = as_actor(actor)
    person = Person.objects.filter(pk=by.person_id).first()
    if person is None:
        raise Refused(_("Complete your profile first."))
    programme = Programme.objects.with_call().get(pk=vacancy.position.programme_id)
    application = programme.applications.filter(person=person).first()
    if application is None:
        if not programme.students_apply:
            raise Blocked(NOMINATED_ONLY, vacancy)
        if not Programme.objects.open().filter(pk=programme.pk).exists():
            raise Blocked(Refusal(_("This programme takes no applications now."), code="closed"), vacancy)
        application = create_draft(programme, person)
        record(application, "start", actor=by, to_state=application.state)
    chosen = list(application.choices.values_list("vacancy_id", flat=True))
    room = len(chosen) < programme.max_choices
    if application.state in EDITABLE and vacancy.pk not in chosen and room:
        Choice.objects.create(application=application, vacancy=vacancy, rank=len(chosen) + 1)
    return application


def must_be_editable(application: Application) -> None:
    """Raises IllegalTransition once it has been sent, Blocked when the deadline has closed it unsent."""
    if application.state == ApplicationState.NOT_SUBMITTED:
        reason = _(
            "The deadline has passed and this application was not sent in time. If the company extends the "
            "deadline, you can go on with it."
        )
        raise Blocked(Refusal(reason, code="not_sent"), application)
    if application.state not in EDITABLE:
        raise IllegalTransition(
            _("This application has been sent; it can no longer be changed."), application
        )


@transaction.atomic
def save_draft(
    application: Application,
    *,
    actor: Any,
    motivation: str | None = None,
    vacancies: Sequence[Vacancy] | None = None,
    answers: Mapping[int, Any] | None = None,
) -> Application:
    """Keep what the student has typed so far; None leaves a part as it is.

    `vacancies` are the choices in order of preference, `answers` by key of the question, half ones too.
    Raises ValidationError when there are too many places, one twice, or one of another programme, for a
    question of another programme or an answer that is not offered; IllegalTransition once it was sent.
    """
    application = lock_applications([application.pk])[0]
    must_be(application)
    _owned(application, actor)
    must_be_editable(application)
    if motivation is not None:
        application.motivation = at_most("motivation", motivation, 2000)
    take_studies(application)
    application.version += 1
    application.save(update_fields=["motivation", "affiliation", "unit", "university", "version", "updated"])
    if vacancies is not None:
        set_choices(application, vacancies)
    if answers:
        calls.keep_answers(application, application.programme.call, answers, actor=actor)
    return application


def _owned(application: Application, actor: Any) -> None:
    if as_actor(actor).person_id != application.person_id:
        raise Refused(_("Only the applicant can change an application."))


@transaction.atomic
def attach(application: Application, uploads: Sequence[Any], *, kind: str, actor: Any) -> Document:
    """Put a CV or transcript with the application, replacing the one of the same kind.

    Several photographs become one PDF. Raises ValidationError for what is not a readable PDF or picture.
    """
    application = lock_applications([application.pk])[0]
    _owned(application, actor)
    must_be_editable(application)
    for old in application.documents.filter(kind=kind):
        documents.remove(old, actor=actor)
    return documents.store(uploads, owner=application.person, kind=kind, actor=actor, subject=application)


@transaction.atomic
def reuse_document(application: Application, document: Document, *, actor: Any) -> Document:
    """Put a frozen copy of a file that the student has already with the application, in place of the one
    of the same kind.

    Raises Refused for a file of somebody else or of a kind that no application holds, FileRefused when it
    was removed meanwhile, IllegalTransition once the application was sent.
    """
    application = lock_applications([application.pk])[0]
    _owned(application, actor)
    must_be_editable(application)
    if document.owner_id != application.person_id or document.kind not in REUSABLE:
        raise Refused(_("Only a CV or a transcript of your own can be taken over."))
    present = list(application.documents.filter(kind=document.kind))
    if document in present:
        return document
    copy = documents.copy_to(document, application, actor=actor)
    for old in present:
        documents.remove(old, actor=actor)
    return copy


@transaction.atomic
def detach(application: Application, document: Document, *, actor: Any) -> None:
    application = lock_applications([application.pk])[0]
    _owned(application, actor)
    must_be_editable(application)
    documents.remove(document, actor=actor)


def _asked(application: Application, question: Question) -> Question:
    """The question, if it is one of the application's programme."""
    if question.call_id != application.programme.call_id:
        raise ValidationError({"answers": _("One of these questions is not asked here.")})
    return question


@transaction.atomic
def answer_by_file(application: Application, question: Question, upload: Any, *, actor: Any) -> Document:
    """Answer a question by a file, in place of the one before. Raises ValidationError for a question that is
    not asked here and for what is not a readable PDF or picture."""
    application = lock_applications([application.pk])[0]
    _owned(application, actor)
    must_be_editable(application)
    answer = calls.keep_file(
        application, _asked(application, question), upload, owner=application.person, actor=actor
    )
    assert answer.document is not None
    return answer.document


@transaction.atomic
def take_file_away(application: Application, question: Question, *, actor: Any) -> None:
    """Take back the file by which a question was answered."""
    application = lock_applications([application.pk])[0]
    _owned(application, actor)
    must_be_editable(application)
    calls.drop_file(application, _asked(application, question), actor=actor)


@transaction.atomic
def submit(application: Application, *, actor: Any, form_opened: datetime | None = None) -> Application:
    """Send it: to the university where that endorses, else to the company.

    `form_opened` says since when the student's form was open: one opened before the deadline to apply may
    arrive a moment after it (SUBMIT_GRACE).
    Numbers it and freezes what is true of the student now. Raises Blocked with the reason, such as a
    deadline passed meanwhile or a place whose requirements are not met; nothing is then changed.
    """
    hold_asked(application.programme)
    application = lock_applications([application.pk], choices=True)[0]
    application.form_opened = form_opened
    take_studies(application)
    name = "submit" if application.programme.endorsement_required else "submit_open"
    now = timezone.now()
    changes: dict[str, Any] = {
        "affiliation": application.affiliation,
        "unit": application.unit,
        "university": application.university,
        "submitted_at": application.submitted_at or now,
        **number_of(application),
    }
    if application.study is not None:
        changes["eligibility"] = snapshot(application, eligibility.answers_of(application))
    if name == "submit_open":
        changes["reached_company_at"] = now
    calls.settle(application, application.programme.call, actor=actor)
    sent = sending.fingerprints(application, changes.get("eligibility", {}))
    data: dict[str, Any] = {"sent": sent}
    late = application.state == ApplicationState.DRAFT and application.programme.call.passed(Step.APPLY)
    if late and (code := calls.access_of_subject(application, Step.APPLY)):
        data["late"] = {"code": code.hint, "made_by": str(code.made_by.display_name)}
    return APPLICATION.apply(application, name, actor=actor, data=data, **changes)


@transaction.atomic
def withdraw(application: Application, *, actor: Any, note: str = "") -> Application:
    """The student takes the application back; a place in line goes to the next."""
    application = lock_line([application.pk])[0]
    APPLICATION.apply(application, "withdraw", actor=actor, note=note)
    move_up(give_back(application))
    return application


def resume(application: Application, *, actor: Any) -> Application:
    """Take up again what was withdrawn or not sent in time, while applications are open."""
    application = Application.objects.with_parties().get(pk=application.pk)
    return APPLICATION.apply(application, "resume", actor=actor)


@transaction.atomic
def accept(application: Application, *, actor: Any) -> Application:
    """Accept the offer. The seat is the student's; what else they applied for in the same weeks is
    withdrawn, and the seats and lines that this frees move up, all in one transaction.
    """
    application = Application.objects.select_related("offered_vacancy__period").get(pk=application.pk)
    APPLICATION.expect(application, "accept")
    others = rivals(application)
    locked = {row.pk: row for row in lock_line([application.pk, *(other.pk for other in others)])}
    application = locked.pop(application.pk)
    if {other.pk for other in rivals(application)} - locked.keys():
        # An offer or an application came in while we waited for the locks.
        raise StaleState(_("Someone has just changed this; here is how it stands now."), application)
    offered = application.offered_vacancy if application.state == ApplicationState.OFFERED else None
    if offered is not None and (why := framework_refusal(application, offered)):
        raise Blocked(why, application)
    APPLICATION.apply(application, "accept", actor=actor, offer_expires=None)
    seats.take(application.offered_vacancy.pool, application.pk)
    freed: list[int] = []
    for other in locked.values():
        if other.state in OPEN_STATES:
            APPLICATION.apply(
                other, "supersede", actor=SYSTEM, data={"accepted": str(application.uid)}, offer_expires=None
            )
            freed += give_back(other)
    move_up(freed)
    open_placement(application)
    return application


def rivals(application: Application) -> list[Application]:
    """The student's other applications that cannot be kept beside this offer: those still open with no
    chosen place outside the offered period."""
    if application.offered_vacancy is None:
        return []
    period = application.offered_vacancy.period
    others = (
        Application.objects.filter(person_id=application.person_id, state__in=OPEN_STATES)
        .exclude(pk=application.pk)
        .select_related("programme")
        .prefetch_related("choices__vacancy__period")
        .order_by("pk")
    )

    def beside(choice: Choice) -> bool:
        other = choice.vacancy.period
        return other.starts > period.ends or other.ends < period.starts

    return [other for other in others if not any(beside(choice) for choice in other.choices.all())]


@transaction.atomic
def decline(application: Application, *, actor: Any, note: str = "") -> Application:
    """Decline the offer; the next in line gets it."""
    application = lock_line([application.pk])[0]
    APPLICATION.apply(application, "decline", actor=actor, note=note, offer_expires=None)
    move_up(give_back(application))
    return application
