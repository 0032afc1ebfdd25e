"""What must hold before something is sent: its questions are answered."""

from typing import Any

from django.utils.translation import gettext as _

from partnerships.calls import checking
from partnerships.calls.models import Call
from partnerships.calls.sheets import values_of
from partnerships.workflow.engine import Condition, Refusal


def call_of(obj: Any, path: str) -> Call:
    for name in path.split("."):
        obj = getattr(obj, name)
    return obj


def open_questions(subject: Any, call: Call) -> dict[int, str]:
    """Question key -> why its answer stands against sending. No query where nothing is asked."""
    if not call.question_count:
        return {}
    return checking.problems(call.asked, values_of(subject.answers.all()))


def answered(path: str = "call") -> Condition:
    """The condition that every question which is asked is rightly answered; `path` leads to the Call."""

    def condition(obj: Any, actor: Any) -> Refusal | None:
        call = call_of(obj, path)
        found = open_questions(obj, call)
        if not found:
            return None
        first = next(question for question in call.asked if question.pk in found)
        words = {"question": first.label, "reason": found[first.pk]}
        return Refusal(_("%(question)s – %(reason)s") % words, code="not_answered")

    return condition
