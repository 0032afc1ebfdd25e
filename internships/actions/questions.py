"""What a company asks applicants of a programme: questions, and how they are kept once answered."""

from typing import Any

from django.db import transaction

from internships.actions.programmes import must_run
from internships.models import Programme
from partnerships.calls import actions as calls
from partnerships.calls.models import Question
from partnerships.workflow.models import record


def answers_sent(programme: Programme) -> bool:
    """Somebody has sent an application: what was asked then stays as it is."""
    return programme.applications.filter(submitted_at__isnull=False).exists()


@transaction.atomic
def save_question(
    programme: Programme,
    *,
    actor: Any,
    question: Question | None = None,
    version: int | None = None,
    **values: Any,
) -> Question:
    """Add a question, or change one; see calls.save_question for what is refused."""
    must_run(programme, actor)
    saved = calls.save_question(
        programme.call,
        actor=actor,
        question=question,
        version=version,
        frozen=answers_sent(programme),
        **values,
    )
    verb = "add_question" if question is None else "edit_question"
    record(programme, verb, actor=actor, data={"question": saved.pk, "label": saved.label_az})
    return saved


@transaction.atomic
def move_question(programme: Programme, question: Question, up: bool, *, actor: Any) -> None:
    """One place up or down."""
    must_run(programme, actor)
    calls.move_question(programme.call, question, up, actor=actor, frozen=answers_sent(programme))


@transaction.atomic
def remove_question(programme: Programme, question: Question, *, actor: Any) -> None:
    """Take a question out, with what drafts have answered to it."""
    must_run(programme, actor)
    data = {"question": question.pk, "label": question.label_az}
    calls.remove_question(programme.call, question, actor=actor, frozen=answers_sent(programme))
    record(programme, "remove_question", actor=actor, data=data)
