"""Writing the questions of a call. Whether the actor may is the direction's to ask."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.calls.actions.locking import Frozen, locked, never
from partnerships.calls.models import Call, Question
from partnerships.common.refusals import Blocked, Refusal, StaleState
from partnerships.documents import actions as documents
from partnerships.documents.models import Document
from partnerships.workflow.actors import SYSTEM

MOST_QUESTIONS = 40
# What may still be mended once somebody has answered for good: it changes nothing of what was asked.
FREE = frozenset({"label_en", "help_az", "help_en"})

ANSWERED = Refusal(
    gettext_lazy(
        "Somebody has already sent answers to these questions, so they stay as they are. The English wording "
        "and the hints can still be mended."
    ),
    code="answered",
)


def _counted(call: Call) -> None:
    Call.objects.filter(pk=call.pk).update(question_count=call.questions.count())


RULED = Refusal(
    gettext_lazy("“Who may apply” looks at its answers: change or take out that rule first."), code="ruled"
)


@transaction.atomic
def save_question(
    call: Call,
    *,
    actor: Any,
    question: Question | None = None,
    version: int | None = None,
    frozen: Frozen = never,
    **values: Any,
) -> Question:
    """Add a question to the end, or change one. `values` are fields of Question.

    `frozen`, asked under the lock, says whether answers were sent: then only FREE may change. `version` is
    the one that was read. Raises Blocked (frozen; too many; another kind where somebody has answered or a
    rule looks at it), StaleState, ValidationError for contradicting values.
    """
    present = {row.pk: row for row in locked(call).questions.all()}
    is_frozen = frozen()
    if question is None:
        if is_frozen:
            raise Blocked(ANSWERED, call)
        if len(present) >= MOST_QUESTIONS:
            words = {"most": MOST_QUESTIONS}
            reason = _("There are %(most)s questions already, which is the most.") % words
            raise Blocked(Refusal(reason, code="many"), call)
        row = Question(call=call, position=max((one.position for one in present.values()), default=0) + 1)
    else:
        row = present.get(question.pk) or _gone(question)
        if version is not None and row.version != version:
            raise StaleState(_("Someone has just changed this; here is how it stands now."), row)
        _check_change(row, values, is_frozen)
        row.version += 1
    for name, value in values.items():
        setattr(row, name, value)
    _check_order({**present, row.pk or 0: row})
    row.full_clean(exclude=["call"])
    row.save()
    _counted(call)
    call.question_count = call.questions.count()
    return row


def _gone(question: Question) -> Question:
    raise StaleState(_("Someone has just changed this; here is how it stands now."), question)


def _check_change(row: Question, values: dict[str, Any], frozen: bool) -> None:
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    if frozen and changed - FREE:
        raise Blocked(ANSWERED, row)
    if "kind" in changed and row.answers.exists():
        reason = _("Somebody is already answering it; add a new question instead of changing its kind.")
        raise Blocked(Refusal(reason, code="answered"), row)
    if "kind" in changed and row.followed.exists():
        reason = _("Another question is asked by its answers; change that one first.")
        raise Blocked(Refusal(reason, code="followed"), row)
    if "kind" in changed and row.rules.exists():
        raise Blocked(RULED, row)
    if "choices" in changed:
        kept = {choice["key"] for choice in values["choices"]}
        if any(set(rule.values) - kept for rule in row.rules.all()):
            raise ValidationError(
                {"choices": _("“Who may apply” looks at an answer that you take out: change the rule first.")}
            )
        for other in row.followed.all():
            if not set(other.shown_values) & kept:
                words = {"question": other.label}
                raise ValidationError(
                    {"choices": _("By an answer that you take out is asked: %(question)s") % words}
                )


def _check_order(rows: dict[int, Question]) -> None:
    """What decides whether a question is asked stands before it: so there is no circle either."""
    for row in rows.values():
        before = rows.get(row.shown_if_id or 0)
        if row.shown_if_id is None:
            continue
        if before is None or (before.position, before.pk or 0) >= (row.position, row.pk or 10**9):
            words = {"question": row.label}
            reason = _("What decides whether it is asked has to stand before it: %(question)s") % words
            raise ValidationError({"shown_if": reason})


@transaction.atomic
def move_question(call: Call, question: Question, up: bool, *, actor: Any, frozen: Frozen = never) -> None:
    """One place up or down; at the end of the list nothing happens. Raises Blocked where a question would
    come before the one that decides whether it is asked."""
    rows = list(locked(call).questions.all())
    if frozen():
        raise Blocked(ANSWERED, call)
    at = next((index for index, row in enumerate(rows) if row.pk == question.pk), None)
    if at is None:
        _gone(question)
    there = (at or 0) + (-1 if up else 1)
    if at is None or not 0 <= there < len(rows):
        return
    rows[at], rows[there] = rows[there], rows[at]
    for number, row in enumerate(rows, start=1):
        row.position = number
    try:
        _check_order({row.pk: row for row in rows})
    except ValidationError as error:
        raise Blocked(Refusal(error.messages[0], code="order"), call) from error
    Question.objects.bulk_update(rows, ["position"])


@transaction.atomic
def remove_question(call: Call, question: Question, *, actor: Any, frozen: Frozen = never) -> None:
    """Take a question out with what drafts have answered to it. Raises Blocked where another question is
    asked by its answers, where a rule of eligibility looks at them, or where answers were sent."""
    locked(call)
    if frozen():
        raise Blocked(ANSWERED, call)
    if question.rules.exists():
        raise Blocked(RULED, call)
    followed = [row.label for row in question.followed.all()]
    if followed:
        words = {"questions": "; ".join(followed)}
        reason = _("By its answers is asked: %(questions)s. Change or take out that first.") % words
        raise Blocked(Refusal(reason, code="followed"), call)
    for document in Document.objects.filter(pk__in=question.answers.values("document")):
        documents.remove(document, actor=SYSTEM)
    question.delete()
    _counted(call)
    call.question_count = call.questions.count()


def copy_questions(source: Call, target: Call, *, shift: Callable[[date], date], actor: Any) -> int:
    """The questions of a call for another, in their order, conditions and all; `shift` moves their days.

    Returns how many there are. Answers stay with the source.
    """
    twins: dict[int, Question] = {}
    for question in source.questions.all():
        twin = Question.objects.get(pk=question.pk)
        twin.pk, twin.call, twin.version = None, target, 1
        twin._state.adding = True
        twin.shown_if = twins.get(question.shown_if_id or 0)
        twin.earliest = shift(question.earliest) if question.earliest else None
        twin.latest = shift(question.latest) if question.latest else None
        twin.save()
        twins[question.pk] = twin
    _counted(target)
    target.question_count = len(twins)
    target.forget_chain()
    return len(twins)
