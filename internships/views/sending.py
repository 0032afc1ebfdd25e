"""Checking everything on one page, sending it, and the list of one's own applications."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from internships import actions, eligibility, rules
from internships.actions.applying import EDITABLE
from internships.actions.drafts import studies_of
from internships.models import Application
from internships.underway import move_in_list
from internships.views.applying import choice_rows, fresh, opened_of, taken_until, where_it_is, while_taken
from internships.views.own_rows import OWN, MineRow, columns, filled, own_newest, rows_of, with_columns
from internships.views.parts import answers_told, chain_of, chip_kind, study_url, with_programme
from internships.views.public import takes_codes
from internships.workflow import APPLICATION
from partnerships.calls.conditions import open_questions
from partnerships.calls.grace import opened_at, opened_token
from partnerships.common.access import access
from partnerships.common.paging import Keyset, keyset, made_up, page_links
from partnerships.common.refusals import Blocked, IllegalTransition
from partnerships.common.tables import drawn
from partnerships.directory.access import access_of
from partnerships.documents.enums import DocumentKind


def mine_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door to one's own application; strangers get 404, others who may see it 403."""

    @wraps(view)
    def door(request: HttpRequest, uid: str) -> HttpResponse:
        rows = Application.objects.with_rows()
        application = access(rows, uid, request.user, rules.is_applicant)
        return view(request, with_programme(application))

    return door


# Check and send -------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
@mine_only
def check(request: HttpRequest, application: Application) -> HttpResponse:
    if application.state not in EDITABLE:
        if request.method == "POST":
            messages.info(request, _("This application is already sent."))
        return redirect(application)
    if request.method == "GET":
        return _check_page(request, application)
    try:
        opened = opened_at(request.POST.get("opened", ""), request.user, application.programme.call)
        actions.submit(application, actor=request.user, form_opened=opened)
    except Blocked as blocked:
        return _check_page(request, fresh(application), refused=str(blocked.reason))
    except IllegalTransition:
        messages.info(request, _("This application is already sent."))
    else:
        messages.success(request, _("Sent. Here you see where it stands and whose move it is."))
    return redirect(application)


@dataclass(frozen=True)
class Problem:
    """Something that keeps the application from being sent, and where it is mended."""

    text: str
    url: str = ""
    advice: Any = ""


_ADVICE = {
    "deadline_passed": gettext_lazy(
        "What you have written is kept. If the company extends the deadline, you can still send it."
    ),
}
_CODE = gettext_lazy(
    "What you have written is kept. If the company extends the deadline, you can still send it. If it has "
    "invited you late, enter its access code here."
)


def _problems(application: Application, user: Any, study: str, at: str) -> list[Problem]:
    """Every condition of sending that does not hold, not only the first; `study`, `at`: where
    studies and the draft are changed."""
    mend = {
        "no_study": study,
        "deadline_passed": _code_url(application),
        "no_choice": f"{at}#choices",
        "not_eligible": f"{at}#choices",
        "no_cv": f"{at}#documents",
        "no_transcript": f"{at}#documents",
    }
    name = "submit" if application.programme.endorsement_required else "submit_open"
    refusals = [condition(application, user) for condition in APPLICATION[name].conditions]
    if application.study is None:
        refusals = [refusal for refusal in refusals if refusal and refusal.code != "not_eligible"]
    found = {str(refusal.reason): refusal.code for refusal in refusals if refusal}
    problems = []
    for text, code in found.items():
        if code == "not_answered":
            problems += _unanswered(application, at)
        elif code == "answer_not_taken":
            problems.append(Problem(text, f"{at}#{_question_of_rule(application)}"))
        else:
            by_code = code == "deadline_passed" and mend[code]
            problems.append(Problem(text, mend.get(code, ""), _CODE if by_code else _ADVICE.get(code, "")))
    return problems


def _code_url(application: Application) -> str:
    """Where somebody whom the company has invited enters the code; a returned application needs none."""
    if application.state != "draft" or not takes_codes(application.programme):
        return ""
    return reverse("internships:enter_code", args=[application.programme.slug])


def _question_of_rule(application: Application) -> str:
    """The field of the first question whose answer a rule does not take."""
    asked = eligibility.answer_checks(application, eligibility.answers_of(application))
    return next((check.field for check in asked if not check.ok), "")


def _unanswered(application: Application, at: str) -> list[Problem]:
    """Each question whose answer stands against sending, with the way to it."""
    call = application.programme.call
    found = open_questions(application, call)
    return [
        Problem(f"{question.label} – {found[question.pk]}", f"{at}#{question.name}")
        for question in call.asked
        if question.pk in found
    ]


def _check_page(request: HttpRequest, application: Application, refused: str = "") -> HttpResponse:
    affiliation = studies_of(application.person)
    application.affiliation = affiliation  # what sending would take
    chosen = [choice.vacancy for choice in application.choices.all()]
    call = application.programme.call
    opened = opened_token(opened_of(request), request.user, call)
    application.form_opened = opened_at(opened, request.user, call)
    kept = while_taken(request, application, opened)
    at, study = reverse("internships:draft", args=[application.uid]) + kept, study_url(request.path + kept)
    problems = _problems(application, request.user, study, at)
    context = {
        "application": application,
        "programme": application.programme,
        "choices": choice_rows(chosen, application, affiliation),
        "affiliation": affiliation,
        "documents": [row for row in application.documents.all() if row.kind != DocumentKind.ANSWER],
        "answers": answers_told(application),
        "problems": problems,
        "opened": opened,
        "refused": refused if refused not in {problem.text for problem in problems} else "",
        "closes": application.due,
        "taken_until": taken_until(application),
        "ahead": [link for link in chain_of(application.programme) if not link.passed][1:],
        "draft_url": at,
        "study_url": study,
    }
    return render(request, "internships/check.html", context, status=422 if refused else 200)


# My applications ------------------------------------------------------------------------------------
NEWEST = ("-pk",)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """All that I have applied for, newest first, with whose move it is. Who studies nowhere and has never
    applied is led to the open places instead of to a page that stays empty for them."""
    seen_by = access_of(request.user)
    person_id = seen_by.person_id
    page = _mine_page(request, person_id) if person_id else Keyset([], "", "")
    found = [_mine_row(application, request.user) for application in filled(page.rows)]
    if not found and not seen_by.may_study:
        return redirect("internships:index")
    context = {"rows": found, "columns": (shown := columns()), "body": drawn(found, shown)}
    return render(
        request, "internships/mine.html", {**context, "pages": page_links(request.GET, page, narrows=False)}
    )


def _mine_page(request: HttpRequest, person_id: int) -> Keyset[Application]:
    """The first page in kept words (common/query_words.py); what lies beyond it, plainly."""
    if {"after", "before"} & set(request.GET):
        rows = with_columns(Application.objects.filter(person_id=person_id))
        return keyset(rows, request.GET, order=NEWEST, size=OWN)
    found = own_newest(request.user)[: OWN + 1]
    page, more = rows_of(found[:OWN]), len(found) > OWN
    return made_up(page, more, order=NEWEST, beyond=False, backwards=False, chosen=0)


def _mine_row(application: Application, user: Any) -> MineRow:
    move = move_in_list(application, user)
    return MineRow(
        application,
        APPLICATION.public_label(application.state),
        chip_kind(application.state, move.mine),
        move,
        where_it_is(application),
    )
