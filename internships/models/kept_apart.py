"""What a conflict of interest keeps from people of the company: applications, and talks about them."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Q, Value

from internships.enums import ApplicationState
from partnerships.common.among import Among
from partnerships.common.asked import ask_together, asked_rows
from partnerships.common.compiled import compiled_for
from partnerships.common.query_words import Key
from partnerships.directory.access import Access
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.reviews.conflicts import both, bound
from partnerships.reviews.models import Conflict, ConflictOverride, ReviewRound, declared_conflicts

COMMISSION = "internships.commission"  # the key of its kind of reviewing (internships.reviews)


def _model(name: str) -> Any:
    return apps.get_model("internships", name)


def kept_apart(access: Any) -> Q:
    """Applications that this person does not meet on the company's side: under a declared conflict of
    interest, and, where a commission judges, under one that the portal computes (as reviews.conflicts does
    for the commission's own pages; internships/tests/test_commission.py holds the two together).

    A computed one ends with acceptance: then the practice has its own people, a mentor among them who must
    see the intern; the marks stay hidden. No page asks more than before, and of a million rows none is read
    for it: what is hidden is found from the ties, and told apart by its key alone.
    """
    return Q(pk__in=apart_keys(access))


def apart_keys(access: Access) -> Any:
    """The keys of the same. Who is human resources in another's place does not meet either what is kept apart
    from that other, unless a role of their own, or of somebody else whom they stand in for, shows it."""
    mine, rows = apart_from(access.person_id), _model("Application").objects
    theirs = bound(access, rows, "programme__host", (Role.HR,), apart_from)
    return mine if theirs is None else both(rows, mine, theirs)


def talks_kept_apart(access: Access) -> Q:
    """Talks with candidates whom a conflict of interest keeps from this person on the company's side; of the
    talks of whom they stand in for, also those with who is kept from that other."""
    return Q(application_id__in=apart_keys(access)) | kept_from_holders(access)


def kept_from_holders(access: Access) -> Q:
    found = Q(pk__in=[])
    for holder in sorted(access.holders):
        found |= Q(interviewer_id=holder, application_id__in=apart_from(holder))
    return found


def not_of(holder: int | None) -> Q:
    """Nor what is kept apart from whom one stands in for."""
    return ~Q(pk__in=[] if holder is None else apart_from(holder))


def _minded(access: Access) -> list[Any]:
    """Keys of whose conflicts count: one's own, and those of human resources whom one stands in for."""
    holders = (holder for holder, _hand in access.hands(Role.HR) if holder is not None)
    return [access.person_id, *sorted(holders)]


def meets_all(access: Access) -> bool:
    """Whether nothing is kept apart from this person. One query, which reads nothing but what is."""
    return not any(ask_together([_apart(Key(person)).exists for person in _minded(access)]))


@asked
def _apart(person_id: int) -> Any:
    return _model("Application").objects.filter(pk__in=apart_from(person_id))


def ties_of(access: Access) -> str:
    """What `apart_keys` of somebody follows from, as one word: another one once a conflict of interest was
    declared, ended or came to be. It stays when a candidate moves on. One query, and one for each whom they
    stand in for."""
    found = [sorted(_ties(Key(person))) for person in _minded(access)]
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


@asked
def _ties(person_id: int) -> Any:
    rows, practices = _model("Application").objects, _model("Placement").objects
    of_kind = {"kind": COMMISSION, "person_id": person_id}
    ties = (
        ("declared", Conflict.objects.filter(**of_kind), "object_id"),
        ("freed", ConflictOverride.objects.filter(**of_kind, ended_at=None), "object_id"),
        ("judged", ReviewRound.objects.filter(kind=COMMISSION), "container_id"),
        ("house", Affiliation.objects.current().filter(person_id=person_id), "organization__root_id"),
        ("supervised", rows.filter(supervisor_id=person_id), "person_id"),
        ("supervised", practices.filter(supervisor_id=person_id), "person_id"),
        ("mentored", practices.filter(mentor_id=person_id), "person_id"),
    )
    parts = [found.order_by().values_list(Value(name, CharField()), F(key)) for name, found, key in ties]
    return parts[0].union(*parts[1:])


@compiled_for
def apart_from(person_id: int) -> Any:
    """The keys of what is `kept_apart` from somebody: found from what ties them to people and to their house,
    and from what was declared; one query, so that none needs to go through the applications."""
    rows, practices = _model("Application").objects.order_by(), _model("Placement").objects.order_by()
    houses = Affiliation.objects.current().filter(person_id=person_id).values("organization__root_id")
    nodes = Organization.objects.filter(root_id__in=houses).order_by().values("pk")
    judged = ReviewRound.objects.filter(kind=COMMISSION).order_by().values("container_id")
    freed = ConflictOverride.objects.filter(kind=COMMISSION, person_id=person_id, ended_at=None)
    open_ones = rows.filter(programme_id__in=judged).exclude(state=ApplicationState.ACCEPTED)
    open_ones = open_ones.exclude(pk__in=freed.order_by().values("object_id"))
    guided = (
        rows.filter(supervisor_id=person_id),
        practices.filter(supervisor_id=person_id),
        practices.filter(mentor_id=person_id),
    )
    led, *followed = (found.values("person_id") for found in guided)
    people = Among("person_id", led.union(*followed))
    house = Q(university_id__in=nodes)  # and so the faculty, which is of the same house
    found = (open_ones.filter(tie).values("pk") for tie in (people, house))
    return declared_conflicts(COMMISSION, person_id).order_by().union(*found)


def who_meet(application: Any, people: Iterable[Person]) -> list[Person]:
    """Those of these people of the company whom no conflict of interest keeps apart from the application: who
    is told of it, who is asked to talk with the candidate. Two queries, however many they are; one where
    nothing is hidden."""
    found = list(people)
    declared = Conflict.objects.filter(kind=COMMISSION, object_id=application.pk)
    judged = ReviewRound.objects.filter(kind=COMMISSION, container_id=application.programme_id)
    if not found or not any(ask_together([asked_rows(declared).exists, asked_rows(judged).exists])):
        return found
    rows = _model("Application").objects.filter(pk=application.pk)
    apart = ask_together([asked_rows(rows.filter(pk__in=apart_from(one.pk))).exists for one in found])
    return [one for one, hidden in zip(found, apart, strict=True) if not hidden]
