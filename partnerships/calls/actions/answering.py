"""Keeping what somebody answers. The caller has locked the subject and asked whether the actor may write."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from partnerships.calls import checking
from partnerships.calls.enums import QuestionKind
from partnerships.calls.models import Answer, Call, Question
from partnerships.calls.sheets import values_of
from partnerships.directory.models import Person
from partnerships.documents import actions as documents
from partnerships.documents.actions import ReadyFile
from partnerships.documents.enums import DocumentKind
from partnerships.workflow.actors import SYSTEM


def _of(subject: models.Model) -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(subject, for_concrete_model=True)
    return {"content_type": kind, "object_id": subject.pk}


@transaction.atomic
def keep_answers(subject: models.Model, call: Call, given: Mapping[int, Any], *, actor: Any) -> None:
    """Write what was typed, as far as it got; questions that `given` (key -> value) does not name stay.

    Half an answer is kept. Raises ValidationError for a question of another call, for a file (see keep_file)
    and for what cannot be kept at all (checking.typed).
    """
    questions = {question.pk: question for question in call.asked}
    if given.keys() - questions.keys():
        raise ValidationError({"answers": _("One of these questions is not asked here.")})
    kept = {answer.question_id: answer for answer in Answer.objects.filter(**_of(subject))}
    for key, value in given.items():
        question = questions[key]
        if question.kind == QuestionKind.FILE:
            raise ValidationError({"answers": _("A file is uploaded, not written.")})
        text = checking.typed(question, value if isinstance(value, list) else [value])
        answer = kept.get(key)
        if not text:
            if answer is not None:
                answer.delete()
        elif answer is None:
            Answer.objects.create(question=question, value=text, **_of(subject))
        elif answer.value != text:
            answer.value = text
            answer.save(update_fields=["value"])
    _forget(subject)


@transaction.atomic
def keep_file(
    subject: models.Model, question: Question, upload: ReadyFile | Sequence[Any], *, owner: Person, actor: Any
) -> Answer:
    """Put a file with the subject as the answer, in place of the one before. Raises FileRefused with its
    reason, ValidationError where the question asks for no file."""
    if question.kind != QuestionKind.FILE:
        raise ValidationError({"answers": _("This question is not answered by a file.")})
    document = documents.store(upload, owner=owner, kind=DocumentKind.ANSWER, actor=actor, subject=subject)
    answer, _new = Answer.objects.get_or_create(
        question=question, defaults={"document": document}, **_of(subject)
    )
    before = answer.document
    if before != document:
        answer.document = document
        answer.save(update_fields=["document"])
        if before is not None:
            documents.remove(before, actor=actor)
    _forget(subject)
    return answer


@transaction.atomic
def drop_file(subject: models.Model, question: Question, *, actor: Any) -> None:
    """Take the answered file away."""
    for answer in Answer.objects.filter(question=question, **_of(subject)).select_related("document"):
        if answer.document is not None:
            documents.remove(answer.document, actor=actor)
    _forget(subject)


@transaction.atomic
def settle(subject: models.Model, call: Call, *, actor: Any) -> int:
    """As it is sent: answers to questions that are not asked (their condition does not hold) go, files too,
    so that nobody reads an answer that was not given. Returns how many went."""
    if not call.question_count:
        return 0
    answers = list(Answer.objects.filter(**_of(subject)).select_related("document"))
    asked = checking.shown(call.asked, values_of(answers))
    gone = 0
    for answer in answers:
        if answer.question_id in asked:
            continue
        if answer.document is not None:
            documents.remove(answer.document, actor=SYSTEM)
        else:
            answer.delete()
        gone += 1
    _forget(subject)
    return gone


def _forget(subject: models.Model) -> None:
    """What was prefetched is no longer true."""
    getattr(subject, "_prefetched_objects_cache", {}).pop("answers", None)
