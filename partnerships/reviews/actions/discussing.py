"""The discussion of one item: said, and taken back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory import threads
from partnerships.reviews import rules
from partnerships.reviews.actions.locks import lock_round, must_meet
from partnerships.reviews.models import Remark, ReviewMember, ReviewRound
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


def _must_take_part(found: ReviewRound, item: Any, actor: Any) -> None:
    who = as_actor(actor)
    if not rules.leads(who.principal, found):
        mine = ReviewMember.objects.filter(round=found, person_id=who.person_id, active=True)
        if not (rules.in_house(who.principal, found) and mine.exists()):
            raise Refused(_("Only who reviews in this round or leads it writes here."))
    must_meet(found, item.pk, actor)
    if not found.switches.discuss:
        words = _("This is discussed while the discussion is open (now: %(phase)s).")
        raise Blocked(Refusal(words % {"phase": found.get_state_display()}, "phase_closed"))


@transaction.atomic
def say(found: ReviewRound, item: Any, *, actor: Any, text: str) -> Remark:
    """Say something about an item to the others who review in the round and to who leads it.

    The same words again, as a double click sends them, are the remark that stands there already. Raises
    Missing without words, ValidationError for too many, Blocked where the phase has no discussion, Refused to
    who takes no part in the round or stands in conflict with the item.
    """
    locked = lock_round(found)
    _must_take_part(locked, item, actor)
    thread = Remark.objects.filter(round=locked, object_id=item.pk)
    made, new = threads.say(Remark(round=locked, object_id=item.pk), thread, actor=actor, text=text)
    if new:
        record(made, "say", actor=actor)
    return made


@transaction.atomic
def unsay(remark: Remark, *, actor: Any) -> Remark:
    """Take one's own words back while the discussion is open: that something stood there stays."""
    locked = lock_round(remark.round)
    fresh = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if not locked.switches.discuss:
        words = _("This is discussed while the discussion is open (now: %(phase)s).")
        raise Blocked(Refusal(words % {"phase": locked.get_state_display()}, "phase_closed"))
    if threads.take_back(fresh, actor=actor):
        record(fresh, "unsay", actor=actor)
    return fresh
