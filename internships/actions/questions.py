"""What a company asks of applicants: questions, and who may apply; kept once somebody has applied."""

from functools import partial
from typing import Any

from django.db import transaction

from internships.actions.programmes import must_run
from internships.models import Programme
from partnerships.calls import actions as calls
from partnerships.calls.models import EligibilityRule, Question
from partnerships.workflow.models import record


def answers_sent(programme: Programme) -> bool:
    """Somebody has sent an application: what was asked then stays as it is."""
    return programme.applications.filter(submitted_at__isnull=False).exists()


def hold_asked(programme: Programme) -> None:
    """For whoever sends an application, before anything is read of it: what is asked does not change now."""
    calls.hold(programme.call_id, partial(answers_sent, programme))


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
        frozen=partial(answers_sent, programme),
        **values,
    )
    verb = "add_question" if question is None else "edit_question"
    record(programme, verb, actor=actor, data={"question": saved.pk, "label": saved.label_az})
    return saved


@transaction.atomic
def move_question(programme: Programme, question: Question, up: bool, *, actor: Any) -> None:
    """One place up or down."""
    must_run(programme, actor)
    calls.move_question(programme.call, question, up, actor=actor, frozen=partial(answers_sent, programme))


@transaction.atomic
def remove_question(programme: Programme, question: Question, *, actor: Any) -> None:
    """Take a question out, with what drafts have answered to it."""
    must_run(programme, actor)
    data = {"question": question.pk, "label": question.label_az}
    calls.remove_question(programme.call, question, actor=actor, frozen=partial(answers_sent, programme))
    record(programme, "remove_question", actor=actor, data=data)


@transaction.atomic
def save_rule(
    programme: Programme, *, actor: Any, rule: EligibilityRule | None = None, **values: Any
) -> EligibilityRule:
    """Add a rule of who may apply to the programme, or change one; see calls.save_rule."""
    must_run(programme, actor)
    saved = calls.save_rule(
        programme.call, actor=actor, rule=rule, frozen=partial(answers_sent, programme), **values
    )
    verb = "add_rule" if rule is None else "edit_rule"
    record(programme, verb, actor=actor, data={"fact": saved.key, "test": saved.test})
    return saved


@transaction.atomic
def remove_rule(programme: Programme, rule: EligibilityRule, *, actor: Any) -> None:
    """Take a rule out."""
    must_run(programme, actor)
    data = {"fact": rule.key, "test": rule.test}
    calls.remove_rule(programme.call, rule, actor=actor, frozen=partial(answers_sent, programme))
    record(programme, "remove_rule", actor=actor, data=data)
