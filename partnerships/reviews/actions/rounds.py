"""Opening a round, its members, its phases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.common.refusals import Blocked, IllegalTransition, Refusal, StaleState
from partnerships.common.text import clean_line
from partnerships.directory.models import Person
from partnerships.reviews.actions.locks import lock_round, must_lead
from partnerships.reviews.actions.moving import moved
from partnerships.reviews.enums import TO_MARK, Blind, Phase
from partnerships.reviews.kinds import type_of
from partnerships.reviews.models import Review, ReviewMember, ReviewRound, RubricVersion
from partnerships.reviews.workflow import ROUND
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

MOST_MEMBERS = 60


def _check(due: datetime, rubric: RubricVersion | None, found: ReviewRound) -> None:
    errors: dict[str, Any] = {}
    if due <= timezone.now():
        errors["due"] = _("This day has gone by.")
    if rubric is not None and rubric.rubric.organization_id != found.organization_id:
        errors["rubric"] = _("This rubric belongs to another organisation.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def open_round(
    kind: str,
    container: Any,
    people: Iterable[Person],
    *,
    actor: Any,
    title: str,
    due: datetime,
    title_en: str = "",
    rubric: RubricVersion | None = None,
    blind: str = Blind.OPEN,
    show_files: bool = True,
    per_item: int = 2,
    cap: int | None = None,
) -> ReviewRound:
    """Open a round for what stands in `container`, in preparation: nobody is told before it starts.

    Without a rubric it is marked on the five-point scale. Raises Refused to who does not lead there,
    ValidationError for a day that has gone by or people who may not be asked, Blocked where one is open.
    """
    described = type_of(kind)
    by = as_actor(actor)
    found = ReviewRound(
        kind=kind,
        container_id=container.pk,
        organization=described.answers_for(container),
        title=clean_line(title),
        title_en=clean_line(title_en),
        due=due,
        rubric=rubric,
        blind=blind,
        show_files=show_files,
        per_item=per_item,
        cap=cap,
        made_by=by.user,
    )
    must_lead(found, actor)
    _check(due, rubric, found)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise Blocked(Refusal(_("There is one open already."), "another_open")) from error
    record(found, "open", actor=actor, to_state=found.state)
    add_members(found, people, actor=actor)
    return found


@transaction.atomic
def change_round(found: ReviewRound, *, actor: Any, version: int, **values: Any) -> ReviewRound:
    """Title, day, number of reviewers, cap at any time before it is closed; scale and who knows whom only
    while nothing has been handed out. StaleState for the slower of two editors."""
    locked = lock_round(found)
    must_lead(locked, actor)
    if locked.state == Phase.CLOSED:
        raise IllegalTransition(_("This round is closed."), locked)
    if locked.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), locked)
    fixed = {"rubric", "blind"} if locked.state != Phase.PREPARING else set()
    due = values.get("due", locked.due)
    moved_day = due != locked.due
    if moved_day:
        _check(due, None, locked)
    rubric = values.get("rubric")
    if rubric is not None and rubric.rubric.organization_id != locked.organization_id:
        raise ValidationError({"rubric": _("This rubric belongs to another organisation.")})
    for name, value in values.items():
        if name in fixed and value != getattr(locked, name):
            raise ValidationError({name: _("This stays as it is: marking has begun.")})
        setattr(locked, name, clean_line(value) if name in ("title", "title_en") else value)
    locked.version += 1
    locked.save()
    data = {"due": locked.due.isoformat()} if moved_day else None
    record(locked, "change", actor=actor, to_state=locked.state, data=data)
    return locked


@transaction.atomic
def add_members(found: ReviewRound, people: Iterable[Person], *, actor: Any) -> list[ReviewMember]:
    """Add reviewers; who is there already stays. ValidationError for somebody who may not be asked."""
    locked = lock_round(found)
    must_lead(locked, actor)
    if locked.state == Phase.CLOSED:
        raise IllegalTransition(_("This round is closed."), locked)
    wanted = {person.pk: person for person in people}
    container = locked.reviewed.container_class._base_manager.get(pk=locked.container_id)
    allowed = set(
        locked.reviewed.candidates(container).filter(pk__in=list(wanted)).values_list("pk", flat=True)
    )
    if strangers := [person for pk, person in wanted.items() if pk not in allowed]:
        names = ", ".join(person.name for person in strangers)
        raise ValidationError({"people": _("Cannot be asked to review here: %(names)s.") % {"names": names}})
    known = {member.person_id: member for member in locked.members.all()}
    if len(known.keys() | wanted.keys()) > MOST_MEMBERS:
        raise ValidationError(
            {"people": _("At most %(most)s people review in one round.") % {"most": MOST_MEMBERS}}
        )
    made = []
    for pk in sorted(wanted):
        member = known.get(pk) or ReviewMember(round=locked, person=wanted[pk])
        if member.pk is None or not member.active:
            member.active = True
            member.save()
            record(member, "join", actor=actor)
        made.append(member)
    return made


@transaction.atomic
def set_member(member: ReviewMember, *, actor: Any, active: bool) -> ReviewMember:
    """Let somebody out of the round, or in again: what they had not handed in is taken back."""
    locked = lock_round(member.round)
    must_lead(locked, actor)
    fresh = ReviewMember.objects.select_related("person").get(pk=member.pk)
    fresh.round = locked
    if fresh.active == active:
        return fresh
    fresh.active = active
    fresh.version += 1
    fresh.save()
    record(fresh, "join" if active else "leave", actor=actor)
    if not active:
        for review in Review.objects.filter(member=fresh, state__in=TO_MARK).with_rows().order_by("pk"):
            moved(review, "take_back", actor=actor)
    return fresh


@transaction.atomic
def set_cap(member: ReviewMember, *, actor: Any, cap: int | None) -> ReviewMember:
    """The most that this reviewer takes; none for the round's own limit."""
    locked = lock_round(member.round)
    must_lead(locked, actor)
    fresh = ReviewMember.objects.get(pk=member.pk)
    fresh.cap = cap
    fresh.version += 1
    fresh.save()
    return fresh


@transaction.atomic
def move(found: ReviewRound, verb: str, *, actor: Any, note: str = "") -> ReviewRound:
    """One of the verbs of the table: start, discuss, mark_again, close, reopen.

    Starting asks those to whom something is assigned, each in one letter.
    """
    locked = lock_round(found)
    ROUND.apply(locked, verb, actor=actor, note=note)
    if verb == "start":
        tell_members(locked, Review.objects.assigned().filter(round=locked), actor=actor)
    return locked


def tell_members(found: ReviewRound, reviews: Any, *, actor: Any) -> None:
    """One line for each member of how much is new for them: what the letter goes by."""
    counts: dict[int, int] = {}
    for member_id in reviews.values_list("member_id", flat=True):
        counts[member_id] = counts.get(member_id, 0) + 1
    for member in ReviewMember.objects.filter(pk__in=counts).select_related("person").order_by("pk"):
        member.round = found
        record(member, "assign", actor=actor or SYSTEM, data={"count": counts[member.pk]})
