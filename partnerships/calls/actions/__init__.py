"""Every write of calls: deadlines, questions, answers, rules of eligibility, access codes."""

from partnerships.calls.actions.answering import drop_file, keep_answers, keep_file, settle
from partnerships.calls.actions.codes import access_of_subject, make_code, redeem, revoke_code
from partnerships.calls.actions.deadlines import check_chain, deadline_open, extend, set_deadlines
from partnerships.calls.actions.eligibility import copy_rules, remove_rule, save_rule
from partnerships.calls.actions.locking import hold
from partnerships.calls.actions.questions import (
    copy_questions,
    move_question,
    remove_question,
    save_question,
)

__all__ = [
    "access_of_subject",
    "check_chain",
    "copy_questions",
    "copy_rules",
    "deadline_open",
    "drop_file",
    "extend",
    "hold",
    "keep_answers",
    "keep_file",
    "make_code",
    "move_question",
    "redeem",
    "remove_question",
    "remove_rule",
    "revoke_code",
    "save_question",
    "save_rule",
    "set_deadlines",
    "settle",
]
