"""People whom somebody else entered: they may refuse to be kept here."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refused
from partnerships.directory.models import Affiliation, Person
from partnerships.privacy import collect
from partnerships.privacy.actions.erasing import begin_erasure, erase_person
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import Change, record


def refuse_listing(person: Person, *, actor: Any) -> bool:
    """The person does not want to be kept here: erased at once, or, while something stands against it (they
    are nominated, say), those who listed them are asked. True when erased; asked twice, they are asked once.

    Only for whoever has no account, by their own link; Refused for everybody else.
    """
    who = as_actor(actor)
    if who.kind != "link" or who.person_id != person.pk or not who.reaches(person):
        raise Refused(_("This is for the person themselves."))
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if locked.erased_at is not None:  # pressed twice
            return True
        if locked.user_id is not None:
            raise Refused(_("You have an account by now: sign in and ask for erasure there."))
        against = collect.blocks(locked)
        for row in Affiliation.objects.filter(person=locked).order_by("pk"):
            _tell_keepers(row, "object" if against else "refuse_listing", who)
        if not against:
            begin_erasure(locked)
    if against:
        return False
    erase_person(locked)
    return True


def _tell_keepers(row: Affiliation, verb: str, who: Any) -> None:
    if not Change.objects.of(row).filter(verb=verb).exists():
        record(row, verb, actor=who)
