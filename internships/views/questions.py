"""What a programme asks its applicants: the list with its preview, and one question."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internships import actions
from internships.actions.questions import answers_sent
from internships.forms.deciding import take_errors
from internships.models import Programme
from internships.views.manage import own
from partnerships.calls import sheets
from partnerships.calls.actions.questions import ANSWERED, FREE
from partnerships.calls.forms import QuestionForm
from partnerships.calls.models import Question
from partnerships.common.refusals import Blocked, StaleState
from partnerships.common.text import key_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions in their order, moved and taken out by buttons, beside what the student will see."""
    programme = own(request, slug)
    if request.method == "POST":
        return _do(request, programme)
    rows = sheets.sheet(programme.call.asked)
    counts = {row.pk: row.answering for row in answering(programme)} if rows else {}
    context = {
        "programme": programme,
        "rows": [(row, counts.get(row.question.pk, 0)) for row in rows],
        "preview": rows,
        "frozen": answers_sent(programme),
    }
    return render(request, "internships/manage_questions.html", context)


def answering(programme: Programme) -> Any:
    """Questions with how many are answering each."""
    return Question.objects.filter(call=programme.call).annotate(answering=Count("answers"))


def _do(request: HttpRequest, programme: Programme) -> HttpResponse:
    verb, _colon, key = request.POST.get("do", "").partition(":")
    question = _question(programme, key_of(key))
    try:
        if verb in ("up", "down"):
            actions.move_question(programme, question, verb == "up", actor=request.user)
        elif verb == "remove":
            actions.remove_question(programme, question, actor=request.user)
            messages.success(request, _("The question is taken out."))
    except Blocked as blocked:
        messages.error(request, str(blocked.reason))
    return redirect("internships:manage_questions", programme.slug)


def _question(programme: Programme, key: int) -> Question:
    return get_object_or_404(programme.call.questions.all(), pk=key)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_question_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _one(request, own(request, slug), None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    programme = own(request, slug)
    return _one(request, programme, _question(programme, pk))


def _one(request: HttpRequest, programme: Programme, question: Question | None) -> HttpResponse:
    """One question; the second of two editors is shown the difference."""
    frozen = answers_sent(programme)
    if frozen and question is None:
        messages.error(request, str(ANSWERED.reason))
        return redirect("internships:manage_questions", programme.slug)

    def bound(row: Question | None) -> QuestionForm:
        data = request.POST if request.method == "POST" else None
        start = {} if row else {"kind": request.GET.get("kind", "")}
        free = FREE if frozen else None
        return QuestionForm(data, instance=row, call=programme.call, free=free, initial=start)

    form = bound(question)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] if question else None
            actions.save_question(
                programme, actor=request.user, question=question, version=version, **form.values()
            )
        except StaleState:
            form = bound(_question(programme, question.pk if question else 0))
            form.is_valid()
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The question is kept."))
            return redirect("internships:manage_questions", programme.slug)
    context = {"programme": programme, "question": question, "form": form, "frozen": frozen}
    return render(request, "internships/manage_question.html", context, status=form.status)
