"""Every write of the directory."""

from partnerships.directory.actions.affiliations import (
    amend_affiliation,
    confirm_affiliation,
    confirm_many,
    end_affiliation,
    give_affiliation,
    match_with_list,
    refuse_affiliation,
    request_affiliation,
    restore_affiliation,
    suggest_affiliation,
    withdraw_affiliation,
)
from partnerships.directory.actions.apart import doubt_again, tell_apart
from partnerships.directory.actions.deputies import (
    colleagues_of,
    decline_deputyship,
    end_deputyship,
    name_deputy,
    passed_on_by,
)
from partnerships.directory.actions.invitations import (
    close_invitation,
    make_invitation,
    redeem_invitation,
)
from partnerships.directory.actions.joining import join_people, merge_people
from partnerships.directory.actions.listing import STAFF_ROLES, enlist_staff, enlist_student
from partnerships.directory.actions.merging import (
    end_organization,
    merge_organizations,
    revive_organization,
    roles_below,
)
from partnerships.directory.actions.merging_long import (
    AT_ONCE,
    MERGE_JOB,
    merges_not_done,
    rows_to_move,
    start_merge,
)
from partnerships.directory.actions.organizations import (
    add_unit,
    create_organization,
    free_slug,
    move_unit,
    set_names,
    update_organization,
)
from partnerships.directory.actions.people import (
    add_skill,
    address_failed,
    address_verified,
    register,
    remove_skill,
    try_address_again,
    update_person,
)
from partnerships.directory.actions.personal_codes import SEEN, show_fin
from partnerships.directory.actions.studies import ask_study_change, update_study

__all__ = [
    "AT_ONCE",
    "MERGE_JOB",
    "SEEN",
    "STAFF_ROLES",
    "add_skill",
    "add_unit",
    "address_failed",
    "address_verified",
    "amend_affiliation",
    "ask_study_change",
    "close_invitation",
    "colleagues_of",
    "confirm_affiliation",
    "confirm_many",
    "create_organization",
    "decline_deputyship",
    "doubt_again",
    "end_affiliation",
    "end_deputyship",
    "end_organization",
    "enlist_staff",
    "enlist_student",
    "free_slug",
    "give_affiliation",
    "join_people",
    "make_invitation",
    "match_with_list",
    "merge_organizations",
    "merge_people",
    "merges_not_done",
    "move_unit",
    "name_deputy",
    "passed_on_by",
    "redeem_invitation",
    "refuse_affiliation",
    "register",
    "remove_skill",
    "request_affiliation",
    "restore_affiliation",
    "revive_organization",
    "roles_below",
    "rows_to_move",
    "set_names",
    "show_fin",
    "start_merge",
    "suggest_affiliation",
    "tell_apart",
    "try_address_again",
    "update_organization",
    "update_person",
    "update_study",
    "withdraw_affiliation",
]
