"""The link by which somebody without an account sees what was entered about them: their uid, signed."""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from partnerships.directory.models import Person
from partnerships.workflow.actors import Actor, link_actor

_signer = Signer(salt="privacy.listed", sep=".")


def path_of(person: Person) -> str:
    return reverse("listed", args=[_signer.sign(person.uid.hex)])


def open_link(token: str) -> Person:
    """The person behind a token. Raises Http404 for whatever was not signed by us, for who is erased, and for
    who has an account by now: they sign in."""
    try:
        uid = UUID(hex=_signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    found = Person.objects.filter(uid=uid, erased_at=None, user=None).first()
    if found is None:
        raise Http404
    return found


def actor_of(person: Person) -> Actor:
    return link_actor(person.pk, f"directory.Person:{person.pk}", person.name)


def outside(affiliation: Any, person: Person) -> str:
    """For the letter: (object, person) -> path."""
    return path_of(person)
