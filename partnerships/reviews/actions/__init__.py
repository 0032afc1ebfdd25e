"""Every write of reviews."""

from partnerships.reviews.actions.assigning import assign, assign_automatically, plan_of, take_back
from partnerships.reviews.actions.discussing import say, unsay
from partnerships.reviews.actions.interests import declare, end_override, note_conflict, override
from partnerships.reviews.actions.marking import amend, decline, invite, reopen, save_draft, submit
from partnerships.reviews.actions.rounds import (
    add_members,
    change_round,
    move,
    open_round,
    set_cap,
    set_member,
)
from partnerships.reviews.actions.rubrics import archive_rubric, new_rubric, write_version

__all__ = [
    "add_members",
    "amend",
    "archive_rubric",
    "assign",
    "assign_automatically",
    "change_round",
    "declare",
    "decline",
    "end_override",
    "invite",
    "move",
    "new_rubric",
    "note_conflict",
    "open_round",
    "override",
    "plan_of",
    "reopen",
    "save_draft",
    "say",
    "set_cap",
    "set_member",
    "submit",
    "take_back",
    "unsay",
    "write_version",
]
