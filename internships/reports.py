"""What the decision desk, interviews and programme management read across the models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
)
from django.utils import timezone

from internships.enums import ApplicationState as A
from internships.models import Application, Interview, Position, Programme, ProgrammePartner, Vacancy
from internships.models.kept_apart import COMMISSION, kept_apart
from internships.whole_place import told_of_places
from partnerships.bookings.models import Thing
from partnerships.bookings.timetable import Span, Timetable
from partnerships.calls.models import AccessCode, AccessUse, chain_beside
from partnerships.common.capped import CAP
from partnerships.common.clock import BAKU, start_of_day
from partnerships.common.counting import Counted
from partnerships.common.origins import has_origins
from partnerships.common.parts import first_of_groups
from partnerships.common.prepared import Prepared, in_widths
from partnerships.common.query_words import Key, Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.reviews.models import ReviewRound
from partnerships.seats.models import Waiting
from partnerships.workflow.models import Change

QUEUE = 500


def returned_before(keys: Iterable[int]) -> set[int]:
    """Those of these applications that the university has once returned for changes."""
    kind = ContentType.objects.get_for_model(Application)
    rows = Change.objects.filter(content_type=kind, object_id__in=list(keys), verb="return")
    return set(rows.values_list("object_id", flat=True))


# The decision desk ---------------------------------------------------------------------------------


def decidable(user: Any) -> QuerySet[Application]:
    """Applications that this person decides on, whatever state they are in; never one's own."""
    access = access_of(user)
    rows = Application.objects.visible_to(user).filter(access.q("programme__host", Role.HR))
    return rows.exclude(person_id=access.person_id)


def queue(user: Any, programme: Programme | None) -> list[int]:
    """The keys of what waits for a decision, the best score first, then the one that came first."""
    if programme is not None:
        return _queue(user, Key(programme.pk))[:QUEUE]
    return first_of_groups(_waiting(user), _own(user), "programme_id", _QUEUED, QUEUE)


_QUEUED = ("-score", "reached_company_at", "pk")


@asked
def _queue(user: Any, programme: Key) -> Any:
    waiting = decidable(user).filter(programme_id=programme).to_decide()  # type: ignore[attr-defined]
    order = (F("score").desc(nulls_last=True), "reached_company_at", "pk")
    return waiting.order_by(*order).values_list("pk", flat=True)


@asked
def _waiting(user: Any) -> Any:
    """What waits in all rounds, with what a queue is ordered by; in which of them it counts, says `_own`."""
    waiting = Application.objects.visible_to(user, own=False, many=True)
    waiting = waiting.exclude(person_id=access_of(user).person_id).to_decide()
    return waiting.order_by().values_list("pk", "programme_id", "score", "reached_company_at")


@asked
def _own(user: Any) -> Any:
    """The rounds in which somebody decides."""
    hosted = Programme.objects.filter(access_of(user).q("host", Role.HR))
    return hosted.order_by().values_list("pk", flat=True)


@dataclass(frozen=True)
class Line:
    """The waiting list of a pool: how many stand in it, and as the how-many-eth an application does."""

    length: int
    place: int | None


def lines_of(application: Application) -> dict[int, Line]:
    """The waiting list of the pool of each choice as it concerns this application, which `whole_application`
    has read with its lines. No query unless it stands in one of them."""
    choices: Any = application.choices.all()
    if not application.has_line:  # type: ignore[attr-defined]
        return {}
    if not any(one.stands for one in choices):
        return {one.vacancy.pool_id: Line(one.line, None) for one in choices}
    standing: dict[int, list[int]] = {}
    for keys in in_widths(list({one.vacancy.pool_id: None for one in choices}), (CHOICES,)):
        for row in _STANDING(*keys):
            standing.setdefault(row.pool_id, []).append(row.claimant)
    return {
        pool_id: Line(len(row), row.index(application.pk) + 1 if application.pk in row else None)
        for pool_id, row in standing.items()
    }


CHOICES = 5  # places that most applications name no more than
_STANDING = Prepared(
    lambda *pools: (
        Waiting.objects.filter(pool_id__in=pools)
        .order_by("place", "created", "pk")
        .only("pool_id", "claimant")
    )
)


# Interviews ----------------------------------------------------------------------------------------

DAY_BEGINS, DAY_ENDS, RASTER = 9, 18, 15  # hours in Baku; minutes


def people_of(company: Organization, *roles: str) -> QuerySet[Person]:
    """Those who hold one of these roles (or any but student) in the company or below it."""
    held = Affiliation.objects.current().filter(organization__path__startswith=company.path)
    held = held.filter(role__in=roles) if roles else held.exclude(role=Role.STUDENT)
    return Person.objects.filter(pk__in=held.values("person_id")).order_by("sort_key", "pk")


def free_times(
    people: Iterable[int],
    day: date,
    minutes: int,
    *,
    near: datetime,
    limit: int = 4,
    leave_out: int | None = None,
    room: Thing | None = None,
    booking: int | None = None,
) -> list[datetime]:
    """The times of that day, nearest to `near`, when none of these people has an interview.

    Within working hours in Baku, on the quarter, in the future, and when the room is free where there is one.
    `leave_out` is the interview being moved, `booking` that of its room.
    """
    opens = datetime(day.year, day.month, day.day, DAY_BEGINS, tzinfo=BAKU)
    closes = datetime(day.year, day.month, day.day, DAY_ENDS, tzinfo=BAKU)
    keys = list(people)
    busy = list(
        Interview.objects.filter(Q(interviewer_id__in=keys) | Q(candidate_id__in=keys), active=True)
        .filter(starts__lt=closes, ends__gt=opens)
        .exclude(pk=leave_out)
        .values_list("starts", "ends")
    )
    free = Timetable([room], day, day, leave_out=booking).free(room) if room else [Span(opens, closes)]
    length, now, found, start = timedelta(minutes=minutes), timezone.now(), [], opens
    while start + length <= closes:
        fits = any(span.starts <= start and start + length <= span.ends for span in free)
        if fits and start > now and not any(s < start + length and start < e for s, e in busy):
            found.append(start)
        start += timedelta(minutes=RASTER)
    return sorted(sorted(found, key=lambda moment: abs(moment - near))[:limit])


def on_day(rows: Any, day: date) -> Any:
    """Talks that begin on this day of Baku."""
    opens, ends = _hours(day)
    return rows.filter(starts__gte=opens, starts__lt=ends)


def _hours(day: date) -> tuple[datetime, datetime]:
    opens = start_of_day(day)
    return opens, opens + timedelta(days=1)


# Programme management ------------------------------------------------------------------------------


def own_programmes(user: Any) -> QuerySet[Programme]:
    """Programmes of the companies whose human resources this person is; nobody else's, published or not."""
    return Programme.objects.filter(access_of(user).q("host", Role.HR)).with_call()


@asked
def own_programme(user: Any, slug: Typed) -> QuerySet[Programme]:
    """One of these with what its page says of it besides: its chain; `sent`, how many applications this
    person meets, as far as they are counted; whether it has a commission, partners, applications
    (`applied_for`), any that wait (`waited_for`), something that it grew out of; and what of its places
    `kept_places` need not ask for."""
    of_it = Application.objects.filter(programme=OuterRef("pk")).order_by()
    reached = of_it.met_by(user).filter(reached_company_at__isnull=False)
    rounds = ReviewRound.objects.filter(kind=COMMISSION, container_id=OuterRef("pk"))
    return (
        Programme.objects.filter(access_of(user).q("host", Role.HR), slug=slug)
        .select_related("host", "call")
        .annotate(
            sent=Counted(reached.values("pk")[: CAP + 1]),
            has_commission=Exists(rounds),
            has_partners=Exists(ProgrammePartner.objects.filter(programme=OuterRef("pk"))),
            applied_for=Exists(of_it.exclude(state=A.DRAFT)),
            waited_for=Exists(of_it.in_motion()),
            has_origins=has_origins(user, Programme),
            **told_of_places(),
            **chain_beside(),
        )
    )


def managed(user: Any) -> list[Programme]:
    """Own programmes, newest first, each with `seats`, `taken`, `sent` and `to_decide`."""
    programmes = list(own_programmes(user).order_by("-created", "-pk")[:200])
    keys = [programme.pk for programme in programmes]
    pools = (
        Vacancy.objects.filter(position__programme__in=keys)
        .order_by()
        .values_list("position__programme_id")
        .annotate(seats=Sum("pool__capacity"), taken=Sum("pool__taken"))
    )
    seats = {key: (capacity, taken) for key, capacity, taken in pools}
    rows = Application.objects.met_by(user).filter(programme__in=keys, reached_company_at__isnull=False)
    counts = (
        rows.order_by()
        .values_list("programme_id")
        .annotate(sent=Count("pk"), todo=Count("pk", filter=Q(state=A.IN_REVIEW)))
    )
    applications = {key: (sent, todo) for key, sent, todo in counts}
    for programme in programmes:
        programme.seats, programme.taken = seats.get(programme.pk, (0, 0))  # type: ignore[attr-defined]
        programme.sent, programme.to_decide = applications.get(programme.pk, (0, 0))  # type: ignore[attr-defined]
    return programmes


def positions_of(programme: Programme) -> list[Position]:
    vacancies = Vacancy.objects.select_related("pool", "period").prefetch_related(
        "pool__quotas__organization"
    )
    return list(
        programme.positions.select_related("unit").prefetch_related(
            "specialties",
            "mentors",
            "skills",
            Prefetch("vacancies", vacancies.order_by("period__starts", "pk")),
        )
    )


# Access codes ---------------------------------------------------------------------------------------


def codes_run_by(user: Any) -> QuerySet[AccessCode]:
    """The codes of the programmes that this person keeps, with who made and who has used them."""
    own = own_programmes(user).values("call")
    return AccessCode.objects.filter(call__in=own).select_related("made_by__person", "call__programme__host")


def uses_met_by(user: Any) -> QuerySet[AccessUse]:
    """Uses of codes, less those of candidates whom a conflict of interest keeps from this person."""
    access = access_of(user)
    if access.administers:
        return AccessUse.objects.all()
    apart = Application.objects.filter(kept_apart(access)).order_by().values("pk")
    return AccessUse.objects.exclude(object_id__in=apart)


def codes_of(programme: Programme, user: Any) -> list[tuple[AccessCode, list[Person]]]:
    """The codes of a programme, the newest first, each with who of those that this person may meet has used
    it; three queries."""
    codes = list(programme.call.codes.select_related("made_by__person").prefetch_related("used"))
    keys = {use.object_id for code in codes for use in code.used.all()}
    rows = Application.objects.met_by(user).filter(pk__in=keys).select_related("person")
    people = {row.pk: row.person for row in rows}
    return [
        (code, [people[use.object_id] for use in code.used.all() if use.object_id in people])
        for code in codes
    ]
