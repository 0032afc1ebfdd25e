"""The working list of applications: its rounds, rows, states with their counts, what it is narrowed by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import time
from typing import Any

from django.core.cache import cache
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import get_language

from internships.enums import ApplicationState as A
from internships.enums import InterviewState, ProgrammeState
from internships.models import Application, Choice, Interview, Programme
from partnerships.calls.models import Deadline, Step
from partnerships.common.capped import capped_groups
from partnerships.common.query_words import Typed
from partnerships.common.sharing import sharing
from partnerships.common.text import choices_of
from partnerships.common.wording import in_language
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Organization
from partnerships.reviews.models import ReviewRound

ROUNDS = 60  # the newest rounds that a working list offers
FACETS_KEPT = 60  # seconds
OVER = "ended"  # in an address: every state in which nothing more happens, except acceptance
STATES = frozenset(A.values)  # as text: an enumeration makes its values anew each time
ENDED = (A.REFUSED, A.DECLINED, A.LAPSED, A.WITHDRAWN, A.NOT_ENDORSED)


def works_on_applications(user: Any) -> bool:
    """Has other people's applications to look at, by role."""
    access = access_of(user)
    roles = (
        Role.HR,
        Role.COORDINATOR,
        Role.MENTOR,
        Role.SUPERVISOR,
        Role.UNIT_HEAD,
        Role.EXPERT,
        Role.TRAINER,
    )
    return access.has(*roles) or access.operates


def working_parts(user: Any) -> list[Any]:
    """`working_rows` of who sees few, by each reason for itself."""
    sent = Application.objects.filter(submitted_at__isnull=False)
    return [one.exclude(person_id=access_of(user).person_id) for one in sent.reasons(user)]


def working_rows(user: Any, *, many: bool = False, programme: Any = None) -> QuerySet[Application]:
    """Sent applications of others that `user` may see; `many` and `programme` as in `visible_to`."""
    rows = Application.objects.visible_to(user, own=False, many=many, programme=programme)
    return rows.filter(submitted_at__isnull=False).exclude(person_id=access_of(user).person_id)


def in_state(rows: Any, state: str, _user: Any = None) -> Any:
    """Applications in a state, or in any of those in which nothing more happens; unknown: all."""
    if state == OVER:
        return rows.filter(state__in=ENDED)
    return rows.filter(state=state) if state in STATES else rows


def late(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Of rows with `due_at` those whose day has gone by."""
    return rows.filter(due_at__lt=timezone.now())


def of_place(rows: Any, **place: Any) -> Any:
    """Applications that chose a place like this, by fields of the position."""
    named = {f"vacancy__position__{name}": value for name, value in place.items()}
    return rows.filter(Exists(Choice.objects.filter(application=OuterRef("pk"), **named)))


def todo_states(user: Any) -> list[str]:
    """States in which it is this reader's move."""
    access = access_of(user)
    found = []
    if access.has(Role.COORDINATOR) or access.operates:
        found.append(A.SUBMITTED.value)
    if access.has(Role.HR):
        found.append(A.IN_REVIEW.value)
    return found


def default_round(user: Any) -> Programme | None:
    """The newest round in which something waits for this reader, else the newest that they work on: rounds
    are looked into from the newest, no further than the first in which something waits."""
    return next(iter(_rounds_to_do(user)[:1] or _rounds_judged(user)[:1]), None)


def round_called(user: Any, slug: str) -> Programme | None:
    """The round of this name that this reader works on, however old."""
    return next(iter(_round_called(user, Typed(slug))[:1]), None)


def _rounds(user: Any) -> QuerySet[Programme]:
    """Those that this reader works on, the newest first."""
    access = access_of(user)
    mine: Any
    if access.administers:
        mine = ~Q(state=ProgrammeState.DRAFT)
    elif access.has(Role.HR):
        mine = ~Q(state=ProgrammeState.DRAFT) & access.q("host", Role.HR)
    elif works_on_much(user):
        mine = _any_of(working_rows(user))
    else:
        mine = Q(pk__in=working_rows(user).order_by().values("programme_id"))
    found = sharing(Programme.objects.filter(mine)).select_related("host").only(*_ROUND)
    return found.order_by("-created", "-pk")


def _any_of(rows: QuerySet[Application]) -> IsNull:
    """Whether a round has any of these. As a value: each is looked into until a first row is found, however
    many a plan expects."""
    one = rows.order_by().filter(programme=OuterRef("pk")).values("pk")[:1]
    return IsNull(Subquery(one), False)


def _judged_or_not(found: QuerySet[Programme]) -> QuerySet[Programme]:
    commissions = ReviewRound.objects.filter(kind="internships.commission", container_id=OuterRef("pk"))
    return found.annotate(has_commission=Exists(commissions))


# What a list or a board of a round says of it; what else is asked of one, it reads then.
_ROUND = (
    *("slug", "title_az", "title_en", "state", "call", "created"),
    *(f"host__{name}" for name in Organization.SHOWN),
)
_newest_rounds = asked(_rounds)


@asked
def _rounds_to_do(user: Any) -> QuerySet[Programme]:
    waiting = _any_of(working_rows(user).filter(state__in=todo_states(user)))
    return _judged_or_not(_rounds(user)).filter(waiting)


@asked
def _rounds_judged(user: Any) -> QuerySet[Programme]:
    return _judged_or_not(_rounds(user))


@asked
def _round_called(user: Any, slug: str) -> QuerySet[Programme]:
    return _judged_or_not(_rounds(user)).filter(slug=slug)


def with_due(rows: QuerySet[Application], programme: Programme | None) -> QuerySet[Application]:
    """`due_at`: by when the one whose move it is should have moved. `interview_at`: the talk to come."""

    return with_due_of(rows, programme.call_id if programme is not None else OuterRef("programme__call"))


def due_of(row: Application) -> datetime | None:
    """`due_at` of a row whose call is read with its days."""
    if row.state == A.OFFERED:
        return row.offer_expires
    if row.state == A.SUBMITTED:
        return row.programme.call.at(Step.ENDORSE)
    return row.programme.call.at(Step.DECIDE) if row.state in (A.IN_REVIEW, A.INTERVIEW, A.RETURNED) else None


def with_due_of(rows: QuerySet[Application], call: Any) -> QuerySet[Application]:
    """The same by the key of the call."""

    return _dated(rows, lambda step: Deadline.objects.filter(call=call, step=step))


def with_due_apart(rows: QuerySet[Application]) -> QuerySet[Application]:
    """The same of any round, without a join: where most rows have no day, none is looked for."""
    return _dated(
        rows, lambda step: Deadline.objects.filter(call__programme=OuterRef("programme"), step=step)
    )


def _dated(rows: QuerySet[Application], days: Callable[[str], QuerySet[Deadline]]) -> QuerySet[Application]:
    def moment(step: str) -> Any:
        return Subquery(days(step).values("at")[:1])

    talks = Interview.objects.filter(application=OuterRef("pk"), state=InterviewState.SCHEDULED)
    return rows.annotate(
        interview_at=Case(  # looked for where a line says it
            When(state=A.INTERVIEW, then=Subquery(talks.order_by("starts").values("starts")[:1])),
            default=None,
            output_field=DateTimeField(null=True),
        ),
        due_at=Case(
            When(state=A.SUBMITTED, then=moment(Step.ENDORSE)),
            When(state__in=[A.IN_REVIEW, A.INTERVIEW, A.RETURNED], then=moment(Step.DECIDE)),
            When(state=A.OFFERED, then=F("offer_expires")),
            default=None,
            output_field=DateTimeField(null=True),
        ),
    )


def state_counts(rows: QuerySet[Application]) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")).values_list("state", "n"))


def counted_states(user: Any, rows: QuerySet[Application]) -> dict[str, tuple[int, bool]]:
    """State -> how many, no further than the cap, and whether there are more; states without rows left out.
    The few rows of a mentor are simply counted."""
    if works_on_much(user):
        return capped_groups(rows, "state", A.values)
    return {state: (n, False) for state, n in state_counts(rows).items()}


@dataclass
class Facets:
    """What a round can be narrowed by: (value, words), in the order of the alphabet."""

    universities: list[tuple[str, str]] = field(default_factory=list)
    specialties: list[tuple[str, str]] = field(default_factory=list)
    units: list[tuple[str, str]] = field(default_factory=list)
    positions: list[tuple[str, str]] = field(default_factory=list)
    rounds: list[tuple[str, str]] = field(default_factory=list)  # the newest first
    seats: int = 0
    long: frozenset[str] | None = None  # states with more than are counted; None until they were counted
    read_at: float = 0  # seconds since the epoch


def facets(user: Any, programme: Programme | None) -> Facets:
    """Read at most once a minute for each reader, their rights and round."""
    key = _kept_as(user, programme)
    known = cache.get(key)
    if known is None:
        known = _read_facets(user, programme)
        known.rounds, known.read_at = _named_rounds(user), time()
        cache.set(key, known, FACETS_KEPT)
    return known


def _kept_as(user: Any, programme: Programme | None) -> str:
    mark = access_of(user).mark
    return f"worklist-facets:{user.pk}:{mark}:{programme.pk if programme else 0}:{get_language()}"


def keep_long(user: Any, programme: Programme | None, known: Facets, counts: Any) -> None:
    """Keep with the facets, as long as they are kept, which states have more than are counted: as "1 000+"
    they are not counted again meanwhile, which is most of what the numbers of a long list cost."""
    left = known.read_at + FACETS_KEPT - time()
    if known.long is None and left > 1 and works_on_much(user):
        known.long = frozenset(state for state, (_n, more) in counts.items() if more)
        cache.set(_kept_as(user, programme), known, left)


def _named_rounds(user: Any) -> list[tuple[str, str]]:
    """The newest rounds by name; to others than the company, whose they are."""
    access, title = access_of(user), in_language("title")
    of_one = access.has(Role.HR) and not access.administers
    found = _newest_rounds(user)[:ROUNDS]
    return [(one.slug, title(one) if of_one else f"{title(one)} · {one.host.short_name}") for one in found]


def _read_facets(user: Any, programme: Programme | None) -> Facets:
    english = (get_language() or "az").startswith("en")
    rows = working_rows(user, programme=programme and programme.pk)
    study = "affiliation__study__specialty"
    if programme is None and works_on_much(user):
        return Facets(_universities_of(user))
    names = (
        "university__acronym",
        "university__name",
        "university__name_en",
        f"{study}__name",
        f"{study}__name_en",
    )
    universities, specialties = {}, {}
    for uni, spec, acronym, name, name_en, spec_name, spec_en in (
        rows.order_by().values_list("university_id", f"{study}_id", *names).distinct()
    ):
        universities[uni] = acronym or (english and name_en) or name
        specialties[spec] = (english and spec_en) or spec_name
    found = Facets(choices_of(universities), choices_of(specialties))
    if programme is not None:
        _add_places(found, programme)
    return found


def works_on_much(user: Any) -> bool:
    """Sees whole rounds by role; others see the few that are theirs."""
    access = access_of(user)
    return access.has(Role.HR, Role.COORDINATOR) or access.operates or access.administers


def sees_whole(user: Any) -> bool:
    """Sees all, or all of a company; who coordinates sees those of a university."""
    access = access_of(user)
    return access.administers or access.has(Role.HR)


def _universities_of(user: Any) -> list[tuple[str, str]]:
    """Of all rounds at once only the partner universities are offered: no application is read for it."""
    access = access_of(user)
    if not (access.has(Role.HR) or access.operates):
        return []
    found = Organization.objects.partners().filter(kind=Kind.UNIVERSITY)
    return choices_of({row.pk: row.short_name for row in found})


def _add_places(found: Facets, programme: Programme) -> None:
    seats = Sum("vacancies__pool__capacity")
    positions = list(programme.positions.select_related("unit__parent__parent__parent").annotate(seats=seats))
    found.positions = choices_of({position.pk: position.title for position in positions})
    # The units themselves and the enterprises above them; the company as a whole narrows nothing.
    units = {}
    for position in positions:
        unit = position.unit
        while unit is not None and unit.parent_id is not None:
            units[unit.path] = unit.display_name
            unit = unit.parent
    found.units = choices_of(units)
    found.seats = sum(position.seats or 0 for position in positions)  # type: ignore[attr-defined]
