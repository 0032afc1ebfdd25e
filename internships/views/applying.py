"""From a public place to a draft: starting it, saving it as it is typed, its documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internships import actions, eligibility, rules
from internships.actions.applying import EDITABLE, REUSABLE, must_be_editable
from internships.actions.drafts import studies_of
from internships.actions.line import lock_applications
from internships.conditions import NOMINATED_ONLY
from internships.forms.applying import DraftForm
from internships.history import asked_to_change
from internships.models import Application, Programme, Vacancy
from internships.views.parts import Rule, rules_of, study_url, with_programme
from partnerships.calls import sheets
from partnerships.calls.forms import Given, given
from partnerships.calls.grace import grace, in_grace, opened_at, opened_token
from partnerships.calls.models import Question, Step
from partnerships.common.access import access
from partnerships.common.asked import RowByKey
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person
from partnerships.documents.models import Document
from partnerships.seats import actions as seats

NEW = 0  # the version of a draft that is not saved yet
NEARLY_OVER = timedelta(days=1)  # so long before the deadline addresses say since when a form is open
ADDABLE = 200  # other places of a programme offered in the list


class ChangedElsewhere(Exception):
    """The draft was saved from another window since this form was opened."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application


@dataclass(frozen=True)
class ChoiceRow:
    """A chosen place as the draft and the check show it."""

    rank: int
    vacancy: Vacancy
    rules: list[Rule]

    @property
    def fits(self) -> bool:
        return all(rule.ok or not rule.blocks for rule in self.rules)


# Starting -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, uid: str) -> HttpResponse:
    """POST starts the draft with this place; GET, to which studies lead back, shows it unsaved."""
    vacancy = access(Vacancy.objects.with_place(), uid, request.user)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")
    if answer := _not_ready(request, vacancy):
        return answer
    if request.method == "POST":
        application = actions.start_application(vacancy, actor=request.user)
        if "version" in request.POST and application.state in EDITABLE:
            return _take(request, fresh(application))
        return redirect(where_it_is(application))
    person_id = access_of(request.user).person_id
    application = vacancy.position.programme.applications.filter(person_id=person_id).first()
    if application is not None:
        return redirect(where_it_is(application))
    if not vacancy.position.programme.call.is_open():
        return redirect(vacancy)
    unsaved = Application(programme=vacancy.position.programme, person_id=person_id, version=NEW)
    return _draft_page(request, unsaved, [vacancy], start=vacancy)


def _not_ready(request: HttpRequest, vacancy: Vacancy) -> HttpResponse | None:
    """Where somebody is led who cannot begin yet: to their studies, or back with a word."""
    who = access_of(request.user)
    if not vacancy.position.programme.students_apply:
        messages.info(request, NOMINATED_ONLY.reason)
        return redirect(vacancy)
    if who.scopes and not who.has(Role.STUDENT):
        messages.info(request, _("Students apply here. Your account has another role."))
        return redirect(vacancy)
    person = Person.objects.filter(pk=who.person_id).first()
    affiliation = studies_of(person) if person else None
    if affiliation is None or not hasattr(affiliation, "study"):
        return redirect(study_url(reverse("internships:apply", args=[vacancy.uid])))
    return None


def opened_of(request: HttpRequest) -> str:
    """The token that says since when the form is open, as it came along."""
    return request.POST.get("opened") or request.GET.get("opened", "")


def while_taken(request: HttpRequest, application: Application, token: str = "") -> str:
    """The query with since when the form (that came along, or has this `token`) is open, in the last hours
    of its time and as long as it is still taken after them: who goes to and fro between the draft, its check
    and the studies does not become late by that."""
    call, token = application.programme.call, token or opened_of(request)
    closes = call.at(Step.APPLY)
    if closes is None or closes > timezone.now() + NEARLY_OVER:
        return ""
    kept = in_grace(call, Step.APPLY, opened_at(token, request.user, call))
    return f"?{urlencode({'opened': token})}" if kept else ""


def taken_until(application: Application) -> datetime | None:
    """Until when it is still taken though its time is over: the form was open before."""
    call, due = application.programme.call, application.due
    late = due is not None and due <= timezone.now()
    return due + grace() if late and in_grace(call, Step.APPLY, application.form_opened) else None


def where_it_is(application: Application) -> str:
    """The draft while it can be changed, else the application's page."""
    if application.state in EDITABLE:
        return reverse("internships:draft", args=[application.uid])
    return application.get_absolute_url()


def fresh(application: Application) -> Application:
    """As another request would load it."""
    return with_programme(_FRESH(application.pk, settings.PLACEMENT_NEEDS_FRAMEWORK))


_FRESH: RowByKey[Application] = RowByKey(
    lambda key, _needs_framework: Application.objects.with_rows().filter(pk=key)
)


# The draft ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, uid: str) -> HttpResponse:
    # The places with their rules are read once, for the whole programme; the choices need only name them.
    rows = Application.objects.select_related("programme__host", "programme__call", "person")
    rows = rows.prefetch_related("programme__call__deadlines", "choices__vacancy", "documents")
    application = access(rows, uid, request.user, rules.is_applicant)
    if request.method == "POST":
        return _take(request, application)
    if application.state not in EDITABLE:
        return redirect(application)
    return _draft_page(request, application, [choice.vacancy for choice in application.choices.all()])


def _take(request: HttpRequest, application: Application) -> HttpResponse:
    """Save what was posted, do what the pressed button says, and go on; what is refused stays in the form."""
    must_be_editable(application)
    form = DraftForm(
        request.POST,
        request.FILES,
        programme=application.programme,
        places=places_of(application.programme),
        initial={"motivation": application.motivation},
    )
    form.is_valid()
    answers = given(application.programme.call.asked, request.POST, request.FILES)
    chosen = form.cleaned_data.get("choices", [])
    theirs = None
    try:
        save(application, form, answers, actor=request.user)
    except ChangedElsewhere as changed:
        theirs = changed.application
    _keep_uploads(request, application, form)
    _keep_answered_files(request, application, answers)
    application = fresh(application)
    if form.errors or answers.refused or theirs is not None:
        return _draft_page(request, application, chosen, form=form, theirs=theirs, answers=answers)
    pressed = str(request.POST.get("do", ""))
    if pressed == "check":
        query = urlencode(
            {"opened": opened_token(opened_of(request), request.user, application.programme.call)}
        )
        return redirect(f"{reverse('internships:check', args=[application.uid])}?{query}")
    if pressed == "save":
        messages.success(request, _("Saved. You can go on later, on any device."))
    kept = while_taken(request, application)
    return redirect(f"{reverse('internships:draft', args=[application.uid])}{kept}{_anchor(pressed)}")


def _anchor(pressed: str) -> str:
    verb, _colon, key = pressed.partition(":")
    if verb == "unanswer" and key.isdecimal():
        return f"#q-{key}"
    return {"up": "#choices", "down": "#choices", "remove": "#choices", "add": "#choices"}.get(
        verb, "#documents" if verb in ("attach", "detach", "reuse") else ""
    )


@transaction.atomic
def save(application: Application, form: DraftForm, answers: Given, *, actor: Any) -> Application:
    """Keep motivation, choices and answers unless another window has. Raises ChangedElsewhere."""
    present = lock_applications([application.pk])[0]
    cleaned = form.cleaned_data
    typed = cleaned.get("motivation")
    if _differs(present, cleaned.get("version") or NEW, typed, form, answers):
        raise ChangedElsewhere(present)
    return actions.save_draft(
        present,
        actor=actor,
        motivation=typed,
        vacancies=cleaned.get("choices") if "choices" in cleaned else None,
        answers=answers.values,
    )


def _differs(present: Application, version: int, typed: str | None, form: DraftForm, answers: Given) -> bool:
    """Whether saving would wipe out another window's work.

    An autosave may still be on its way when a button is pressed: what it left is then the beginning of
    what this form holds, with the same choices, and nothing would be lost.
    """
    if version == present.version:
        return False
    beginning = (typed or "").startswith(present.motivation) and not differing(present, answers)
    if version == NEW:
        return not beginning
    stored = [str(choice.vacancy.uid) for choice in present.choices.all()]
    return stored != form.data.getlist("choices") or not beginning


def differing(present: Application, answers: Given) -> list[Question]:
    """Questions whose answer stands there otherwise than as the beginning of what this form holds."""
    call = present.programme.call
    stored = sheets.values_of(present.answers.all()) if call.question_count else {}
    found = []
    for question in call.asked:
        kept, mine = stored.get(question.pk), answers.values.get(question.pk)
        if not kept or question.pk not in answers.values or kept == mine:
            continue
        if not (isinstance(kept, str) and isinstance(mine, str) and mine.startswith(kept)):
            found.append(question)
    return found


def _keep_uploads(request: HttpRequest, application: Application, form: DraftForm) -> None:
    """Documents are kept even when the text is refused: a browser cannot fill a file field again."""
    for kind, upload in form.uploads().items():
        try:
            actions.attach(application, [upload], kind=kind, actor=request.user)
        except ValidationError as error:
            form.add_error(kind, error)
    verb, _colon, uid = str(request.POST.get("do", "")).partition(":")
    if verb == "detach":
        for document in application.documents.all():
            if str(document.uid) == uid:
                actions.detach(application, document, actor=request.user)
    elif verb == "reuse":
        for document in earlier_documents(application).values():
            if str(document.uid) == uid:
                _reuse(request, application, document, form)


def _keep_answered_files(request: HttpRequest, application: Application, answers: Given) -> None:
    """Files that answer a question are kept like documents, and taken away by their button."""
    verb, _colon, key = str(request.POST.get("do", "")).partition(":")
    for question in application.programme.call.asked:
        try:
            if question.pk in answers.files:
                actions.answer_by_file(application, question, answers.files[question.pk], actor=request.user)
            elif verb == "unanswer" and key == str(question.pk):
                actions.take_file_away(application, question, actor=request.user)
        except ValidationError as error:
            answers.refused[question.pk] = " ".join(error.messages)


def _reuse(request: HttpRequest, application: Application, document: Document, form: DraftForm) -> None:
    try:
        actions.reuse_document(application, document, actor=request.user)
    except ValidationError as error:
        form.add_error(document.kind, error)


def earlier_documents(application: Application) -> dict[str, Document]:
    """The student's latest CV and transcript from elsewhere, by kind, for the kinds that are missing here."""
    missing = set(REUSABLE) - application.document_kinds if application.pk else set(REUSABLE)
    mine = Document.objects.filter(owner_id=application.person_id, kind__in=missing)
    return {document.kind: document for document in mine.order_by("created", "pk")}


def places_of(programme: Programme) -> list[Vacancy]:
    rows = Vacancy.objects.filter(position__programme=programme).select_related(
        "pool", "period", "position__unit__root"
    )
    places = list(rows.prefetch_related("pool__quotas", "position__specialties").order_by("pk"))
    for place in places:
        place.position.programme = programme
    return places


def _draft_page(
    request: HttpRequest,
    application: Application,
    chosen: Sequence[Vacancy],
    *,
    form: DraftForm | None = None,
    start: Vacancy | None = None,
    theirs: Application | None = None,
    answers: Given | None = None,
) -> HttpResponse:
    programme = application.programme
    places = list(form.places.values()) if form else places_of(programme)
    form = form or DraftForm(
        programme=programme, places=places, initial={"motivation": application.motivation}
    )
    taken = {vacancy.pk for vacancy in chosen}
    affiliation = _studies(application)
    documents = {} if start else {document.kind: document for document in application.documents.all()}
    asked = programme.call.asked
    opened = opened_token(opened_of(request), request.user, programme.call)
    application.form_opened = opened_at(opened, request.user, programme.call)
    until, due = (None, None) if start else (taken_until(application), application.due)
    kept = application.answers.select_related("document") if asked and not start else []
    sent = answers or Given()
    context = {
        "application": application,
        "programme": programme,
        "form": form,
        "questions": sheets.sheet(asked, kept, given=sent.shown_again, refused=sent.refused),
        "refused_answers": [(row, sent.refused[row.pk]) for row in asked if row.pk in sent.refused],
        "theirs_answers": sheets.told(differing(theirs, sent), theirs.answers.all()) if theirs else [],
        "version": application.version,
        "choices": choice_rows(
            [place for pk in _order(chosen) for place in places if place.pk == pk], application, affiliation
        ),
        "others": [place for place in places if place.pk not in taken][:ADDABLE],
        "room": programme.max_choices - len(taken),
        "most": min(programme.max_choices, len(places)),
        "documents": documents,
        "earlier": earlier_documents(application),
        "affiliation": affiliation,
        "study_url": study_url(request.path + while_taken(request, application, opened)),
        "opened": opened,
        "taken_until": until,
        "closed_at": due if until is None and due is not None and due <= timezone.now() else None,
        "closes": application.due if not start else programme.call.at(Step.APPLY),
        "theirs": theirs,
        "returned": asked_to_change(application) if not start else "",
        "action": reverse("internships:apply", args=[start.uid]) if start else where_it_is(application),
        "autosave": reverse("internships:apply_autosave", args=[start.uid])
        if start
        else reverse("internships:draft_autosave", args=[application.uid]),
    }
    status = 409 if theirs is not None else 422 if form.errors or sent.refused else 200
    return render(request, "internships/draft.html", context, status=status)


def _order(chosen: Sequence[Vacancy]) -> list[int]:
    return [vacancy.pk for vacancy in chosen]


def _studies(application: Application) -> Affiliation | None:
    return studies_of(application.person)


def choice_rows(
    chosen: Sequence[Vacancy], application: Application, affiliation: Affiliation | None
) -> list[ChoiceRow]:
    """Each chosen place with its rules against these studies."""
    study = getattr(affiliation, "study", None)
    root_id = affiliation.organization.root_id if affiliation else None
    # Of a draft that answers nothing yet, nothing is said of its answers.
    answers = (eligibility.answers_of(application) or None) if application.pk else None
    rows = []
    for rank, vacancy in enumerate(chosen, start=1):
        checks = eligibility.of_study(vacancy.position, study, application.person, answers=answers)
        rows.append(ChoiceRow(rank, vacancy, rules_of(checks, seats.refusal(vacancy.pool, root_id))))
    return rows
