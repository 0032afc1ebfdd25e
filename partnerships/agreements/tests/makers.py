"""Agreements for tests, made by the actions that pages use."""

from datetime import timedelta
from typing import Any

from partnerships.agreements import actions
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.whole import whole_agreement
from partnerships.common.clock import today
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.testing.worlds import world

NAMES = {
    "coordinator": "Quliyeva Sevinc",
    "hr": "Rəhimova Leyla",
    "rector": "Vilayət Əliyev",
    "partnerships": "Günel Hacıyeva",
    "student": "Nigar Məmmədova",
}


@world
def draft(cast: Cast, by: str = "hr", **values: Any) -> Agreement:
    """A framework agreement of AzTU and Azərişıq that holds for a year from today."""
    values.setdefault("starts", today())
    values.setdefault("ends", today() + timedelta(days=364))
    return actions.open_framework(
        values.pop("university", cast.aztu),
        values.pop("company", cast.azerisiq),
        actor=cast.user(by),
        **values,
    )


@world
def sent(cast: Cast, by: str = "hr", **values: Any) -> Agreement:
    return actions.send(draft(cast, by, **values), actor=cast.user(by))


@world
def signed_by(cast: Cast, agreement: Agreement, who: str) -> Agreement:
    agreement = again(agreement)
    return actions.sign(
        agreement,
        actor=cast.user(who),
        text_hash=agreement.text.sha256,
        legal_name=NAMES[who],
        position="Səlahiyyətli şəxs",
        ip="192.0.2.7",
    )


@world
def in_force(cast: Cast, **values: Any) -> Agreement:
    return signed_by(cast, signed_by(cast, sent(cast, **values), "coordinator"), "hr")


def house(cast: Cast) -> dict[str, Any]:
    """Azərişıq's legal counsel and leadership: accounts by role."""
    found = {}
    for role in (Role.LEGAL, Role.LEADERSHIP):
        person = Person.objects.filter(email=f"{role}@house.example").first()
        if person is None:
            person = make.person("Aqil Məlikov", f"{role}@house.example")
            make.affiliation(person, cast.azerisiq, role)
        found[str(role)] = person.user
    return found


@world
def in_review(cast: Cast, **values: Any) -> Agreement:
    """With legal counsel; approval comes next."""
    house(cast)
    first_type("agreements.framework", needs_legal=True, needs_approval=True)
    return actions.to_legal(draft(cast, **values), actor=cast.user("hr"))


@world
def passed(cast: Cast, **values: Any) -> Agreement:
    """Legally in order, with the leadership."""
    reviewed = in_review(cast, **values)
    return actions.pass_review(reviewed, actor=house(cast)["legal"])


@world
def cleared(cast: Cast, **values: Any) -> Agreement:
    """Approved, to be sent."""
    agreement = passed(cast, **values)
    return actions.approve(agreement, actor=house(cast)["leadership"])


def first_type(text_kind: str, **values: Any) -> AgreementType:
    found = actions.type_of(text_kind)
    AgreementType.objects.filter(pk=found.pk).update(**values)
    return AgreementType.objects.get(pk=found.pk)


@world
def proposed(cast: Cast) -> Agreement:
    """AzTU asks Azərişıq for a framework agreement."""
    return actions.propose(
        actions.type_of("agreements.framework"),
        cast.azerisiq,
        cast.aztu,
        actor=cast.user("coordinator"),
        starts=today(),
        ends=today() + timedelta(days=364),
        note="Tələbələrimizin təcrübəsi üçün",
    )


def again(agreement: Agreement) -> Agreement:
    """As a page would read it."""
    return whole_agreement(agreement.pk)


def url(agreement: Agreement, verb: str = "") -> str:
    return f"{agreement.get_absolute_url()}{verb + '/' if verb else ''}"
