"""The personal code (FIN) shown whole: an act of its own, each written down where its owner reads it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, Refusal
from partnerships.directory.models import Person
from partnerships.workflow.models import record

SEEN = "see_fin"


@transaction.atomic
def show_fin(person: Person, *, actor: Any, why: str) -> str:
    """The whole code, and a line in the log that this actor has seen it and what for.

    Who may is the caller's to ask: a direction knows what the code is needed for. Raises Blocked where none
    is kept.
    """
    code = Person.objects.filter(pk=person.pk, erased_at=None).values_list("fin", flat=True).first()
    if not code:
        raise Blocked(
            Refusal(_("No personal code is kept of this person: ask them to enter it."), "no_fin"), person
        )
    record(person, SEEN, actor=actor, note=why)
    return code
