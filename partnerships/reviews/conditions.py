"""What must hold, with the reason when it does not."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refusal
from partnerships.reviews import conflicts
from partnerships.reviews.enums import SWITCHES, TO_MARK, Tie
from partnerships.reviews.kinds import type_of
from partnerships.reviews.rubrics import scale_of


def marking_open(review: Any, actor: Any) -> Refusal | None:
    if SWITCHES[review.round.state].mark:
        return None
    return Refusal(
        _("Marking is over (%(phase)s).") % {"phase": review.round.get_state_display()}, "phase_closed"
    )


def still_stands(review: Any, actor: Any) -> Refusal | None:
    """What is reviewed has not been withdrawn or decided meanwhile."""
    if type_of(review.round.kind).of(review.round.container_id).filter(pk=review.object_id).exists():
        return None
    return Refusal(_("This is no longer up for review: it was withdrawn or decided."), "not_standing")


def marks_whole(review: Any, actor: Any) -> Refusal | None:
    scale = scale_of(review.round.rubric)
    missing = [c.title for c in scale.criteria if c.key not in review.marks]
    if not missing:
        return None
    return Refusal(_("Not marked yet: %(criteria)s.") % {"criteria": ", ".join(missing)}, "marks_missing")


def no_conflict(review: Any, actor: Any) -> Refusal | None:
    """Nobody is asked for what they stand in conflict with."""
    kind = type_of(review.round.kind)
    item = kind.model_class._base_manager.filter(pk=review.object_id)
    person = review.member.person_id
    tie = conflicts.table(kind, item, [person]).get((review.object_id, person))
    if not tie:
        return None
    # Handing in is the reviewer's, asking again that of who leads.
    return own_conflict(tie) if review.state in TO_MARK else conflict_refusal(tie)


def conflict_refusal(tie: str) -> Refusal:
    """To who asks somebody: own work nobody marks, any other tie may be overridden."""
    if tie == Tie.OWN:
        words = _("Conflict of interest: %(why)s. Ask somebody else.")
    else:
        words = _(
            "Conflict of interest: %(why)s. Ask somebody else, or override it on the page of the item "
            "with a reason."
        )
    return Refusal(words % {"why": Tie(tie).label}, "conflict")


def own_conflict(tie: str) -> Refusal:
    """To the reviewer."""
    words = _(
        "Conflict of interest: %(why)s. Declare it, and somebody else is asked; "
        "if this is not so, write to who leads the round."
    )
    return Refusal(words % {"why": Tie(tie).label}, "conflict")


def somebody_assigned(found: Any, actor: Any) -> Refusal | None:
    # Models read the tables that name this, so it asks the registry.
    reviews = apps.get_model("reviews", "Review").objects
    if reviews.assigned().filter(round=found).exists():
        return None
    return Refusal(_("Assign somebody first: nobody would have anything to mark."), "nobody_assigned")


def none_other_open(found: Any, actor: Any) -> Refusal | None:
    others = type(found)._base_manager.filter(kind=found.kind, container_id=found.container_id)
    if not others.exclude(pk=found.pk).exclude(state="closed").exists():
        return None
    return Refusal(_("There is another one open; close that one first."), "another_open")
