"""People: registered, joined to whom a university already listed, corrected."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.refusals import Refused, StaleState
from partnerships.common.text import clean_line
from partnerships.directory import rules
from partnerships.directory.access import access_of, forget_access
from partnerships.directory.actions.affiliations import suggest_affiliation
from partnerships.directory.actions.joining import join_people
from partnerships.directory.models import Person, Skill
from partnerships.directory.validators import clean_phone
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

PERSON_FIELDS = frozenset(
    {"given_name", "family_name", "patronymic", "phone", "orcid", "fin", "is_foreigner", "email"}
)


def register(user: Any, *, given_name: str, family_name: str) -> Person:
    """The person of a new account. Nothing is looked up yet: the address is not verified."""
    return Person.objects.create(
        user=user, given_name=clean_line(given_name), family_name=clean_line(family_name), email=user.email
    )


def address_verified(user: Any, email: str) -> Person | None:
    """What follows once somebody has proved that an address is theirs; may be called again.

    Joins the account to the person whom a university listed with this address, keeps the person's address
    that of the account, and suggests the university whose domain it is. None for an account without a person.
    """
    email = email.lower()
    user.refresh_from_db(fields=["email"])
    mine = Person.objects.filter(user=user).first()
    listed = Person.objects.filter(user=None, erased_at=None, email=email).order_by("pk").first()
    if listed is not None:
        joined = join_people(listed, account=user, present=mine)
        mine = joined if joined.user_id == user.pk else mine
    if mine is None:
        return None
    if mine.email != user.email:
        mine.email = user.email
        mine.save(update_fields=["email", "folded", "updated"])
    suggest_affiliation(mine, email, actor=SYSTEM)
    forget_access(user)
    return mine


@transaction.atomic
def update_person(person: Person, *, actor: Any, version: int | None = None, **values: Any) -> Person:
    """Correct a person's particulars. `version` is what the editor saw; StaleState when it is outdated."""
    who = as_actor(actor)
    if who is not SYSTEM and not rules.edits_person(who.principal, person):
        raise Refused(_("These particulars are corrected by the person themselves."))
    if unknown := set(values) - PERSON_FIELDS:
        raise ValueError(f"not a person's particulars: {sorted(unknown)}")
    if "email" in values and person.user_id is not None:
        raise ValueError("the address of an account changes with the account")
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if version is not None and locked.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), locked)
    for field, value in values.items():
        setattr(locked, field, _clean(field, value))
    locked.version += 1
    locked.save()
    return locked


def _clean(field: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if field == "phone":
        return clean_phone(value) if value else ""
    return clean_line(value)


def add_skill(person: Person, skill: Skill, *, actor: Any) -> None:
    _own(person, actor)
    person.skills.add(skill)


def remove_skill(person: Person, skill: Skill, *, actor: Any) -> None:
    _own(person, actor)
    person.skills.remove(skill)


def _own(person: Person, actor: Any) -> None:
    who = as_actor(actor)
    if who is not SYSTEM and access_of(who.principal).person_id != person.pk:
        raise Refused(_("Skills are named by the person themselves."))


def address_failed(address: str, answer: str) -> int:
    """Mark whoever has this address as out of reach, with the mail server's final answer; returns how many.

    The first answer stays. The mark falls away by itself with the address, and by `try_address_again`.
    """
    address = address.lower()
    rows = Person.objects.filter(email=address, erased_at=None).exclude(failed_address=address)
    return rows.update(
        failed_address=address, failed_since=timezone.now(), failed_answer=clean_line(answer)[:300]
    )


@transaction.atomic
def try_address_again(person: Person, *, actor: Any) -> Person:
    """Letters go to the address again: the mailbox is there now, says the person or who looks after them."""
    who = as_actor(actor)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if not Person.objects.visible_to(who.principal).filter(pk=locked.pk).exists():
        raise Refused(_("This is for the person themselves and for those who look after them."))
    if locked.failed_address:
        locked.failed_address, locked.failed_since, locked.failed_answer = "", None, ""
        locked.save(update_fields=["failed_address", "failed_since", "failed_answer"])
        record(locked, "try_address", actor=who, data={"address": locked.email})
    return locked
