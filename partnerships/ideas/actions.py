"""Every write of an idea."""

from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from partnerships.common.clock import today
from partnerships.common.refusals import Refused, StaleState
from partnerships.common.text import clean_line
from partnerships.directory.access import access_of
from partnerships.directory.enums import MEETING_ROLES
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.ideas import rules
from partnerships.ideas.models import Idea
from partnerships.ideas.workflow import IDEA
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

FIELDS = frozenset({"title", "text", "partner", "came_up", "said_on"})


@transaction.atomic
def note(
    *,
    actor: Any,
    title: str,
    next_step: str,
    next_on: date,
    owner: Person | None = None,
    partner: Organization | None = None,
    **values: Any,
) -> Idea:
    """Note an idea. Looked after by whoever notes it unless somebody of the same organisation is named.

    Raises Refused to somebody without a role in a partner organisation, ValidationError for a next step on a
    day that has gone by, for what is said on a day ahead, and for an owner from elsewhere.
    """
    who = as_actor(actor)
    home = home_of(who.principal)
    if home is None:
        raise Refused(_("Ideas are noted by those who work for a partner."))
    noted_by = Person.objects.get(pk=who.person_id)
    _check(next_on, owner, home, values.get("said_on"))
    idea = Idea.objects.create(
        title=clean_line(title),
        next_step=clean_line(next_step),
        next_on=next_on,
        owner=owner or noted_by,
        noted_by=noted_by,
        home=home,
        partner=partner,
        **values,
    )
    record(idea, "note", actor=actor, to_state=idea.state)
    return idea


def home_of(user: Any) -> Organization | None:
    """The organisation for which this user notes ideas: that of the first of their roles that does."""
    person_id = access_of(user).person_id
    rows = Affiliation.objects.current().filter(person_id=person_id, role__in=MEETING_ROLES).order_by("pk")
    first = rows.select_related("organization__root").first()
    return first.organization.root if first is not None else None


def colleagues(home: Organization) -> models.QuerySet[Person]:
    """Who may look after an idea of this organisation."""
    there = Affiliation.objects.current().filter(organization__root=home, role__in=MEETING_ROLES)
    return Person.objects.filter(pk__in=there.values("person_id"))


def _check(next_on: date, owner: Person | None, home: Organization, said_on: date | None = None) -> None:
    errors: dict[str, Any] = _not_said_yet(said_on)
    if next_on < today():
        errors["next_on"] = _("This day has gone by.")
    if owner is not None and not colleagues(home).filter(pk=owner.pk).exists():
        errors["owner"] = _("Only somebody of the same organisation can look after it.")
    if errors:
        raise ValidationError(errors)


def _not_said_yet(said_on: date | None) -> dict[str, Any]:
    ahead = said_on is not None and said_on > today()
    return {"said_on": _("This date lies in the future.")} if ahead else {}


@transaction.atomic
def change(idea: Idea, *, actor: Any, version: int, **values: Any) -> Idea:
    """Correct the line, its details, partner, place and day. StaleState for the slower of two editors,
    ValidationError for a day ahead."""
    locked = Idea.objects.select_for_update(of=("self",)).with_rows().get(pk=idea.pk)
    if not rules.moves(as_actor(actor).principal, locked):
        raise Refused(_("Your role does not include this here."))
    if unknown := set(values) - FIELDS:
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    if locked.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), locked)
    if errors := _not_said_yet(values.get("said_on")):
        raise ValidationError(errors)
    for name, value in values.items():
        setattr(locked, name, clean_line(value) if name == "title" else value)
    locked.version += 1
    locked.save()
    record(locked, "change", actor=actor, to_state=locked.state)
    return locked


def step(
    idea: Idea, *, actor: Any, next_step: str, next_on: date, owner: Person | None = None, note: str = ""
) -> Idea:
    """What was done (`note`) and what comes next, until when, by whom: somebody who works there now."""
    _check(next_on, owner or idea.owner, idea.home)
    return IDEA.apply(
        idea,
        "step",
        actor=actor,
        note=note,
        next_step=clean_line(next_step),
        next_on=next_on,
        owner=owner or idea.owner,
    )


def become(idea: Idea, *, actor: Any, result: models.Model, note: str = "") -> Idea:
    """The idea has become this agreement, programme, need or event; the link stays with it, and in its
    history when it is taken up again."""
    link = {"content_type": ContentType.objects.get_for_model(result), "object_id": result.pk}
    kept = {"result": f"{result._meta.label}:{result.pk}"}
    return IDEA.apply(idea, "become", actor=actor, note=note, data=kept, **link)


drop = IDEA.action("drop")  # nothing comes of it, with the reason


def reopen(idea: Idea, *, actor: Any, next_step: str, next_on: date, note: str = "") -> Idea:
    """Take it up again, with a next step."""
    _check(next_on, None, idea.home)
    return IDEA.apply(
        idea,
        "reopen",
        actor=actor,
        note=note,
        next_step=clean_line(next_step),
        next_on=next_on,
        content_type=None,
        object_id=None,
    )
