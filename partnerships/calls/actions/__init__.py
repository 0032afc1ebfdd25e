"""Every write of calls: deadlines, questions, answers."""

from partnerships.calls.actions.answering import drop_file, keep_answers, keep_file, settle
from partnerships.calls.actions.deadlines import check_chain, deadline_open, extend, set_deadlines
from partnerships.calls.actions.questions import (
    copy_questions,
    move_question,
    remove_question,
    save_question,
)

__all__ = [
    "check_chain",
    "copy_questions",
    "deadline_open",
    "drop_file",
    "extend",
    "keep_answers",
    "keep_file",
    "move_question",
    "remove_question",
    "save_question",
    "set_deadlines",
    "settle",
]
