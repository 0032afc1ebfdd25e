"""The link by which somebody without an account sees what was entered about them: their uid, signed together
with the address that the letter went to. Once that address is corrected, whoever got the letter by mistake
opens nothing with it."""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from partnerships.common.refusals import LinkDoesNotOpen
from partnerships.directory.models import Person
from partnerships.workflow.actors import Actor, link_actor


def _signer(person: Person) -> Signer:
    return Signer(salt=f"privacy.listed:{person.email}", sep=".")


def path_of(person: Person) -> str:
    return reverse("listed", args=[_signer(person).sign(person.uid.hex)])


def open_link(token: str) -> Person:
    """The person behind a token. Raises LinkDoesNotOpen for whatever was not signed by us for the address
    that they have now, for who is erased, and for who has an account by now: they sign in."""
    try:
        uid = UUID(hex=token.partition(".")[0])
        found = Person.objects.filter(uid=uid, erased_at=None, user=None).first()
        if found is not None and _signer(found).unsign(token) == found.uid.hex:
            return found
    except (BadSignature, ValueError) as error:
        raise LinkDoesNotOpen from error
    raise LinkDoesNotOpen


def actor_of(person: Person) -> Actor:
    return link_actor(person.pk, f"directory.Person:{person.pk}", person.name)


def outside(affiliation: Any, person: Person) -> str:
    """For the letter: (object, person) -> path."""
    return path_of(person)
