"""A place with all that its page looks at, as `whole` reads an application."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from internships.models import Period, Position, Programme, ProgrammePartner, Vacancy
from partnerships.calls.models import Deadline
from partnerships.common.origins import has_origins
from partnerships.common.prepared import Prepared
from partnerships.common.query_words import Typed
from partnerships.common.sharing import attach_to
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization, Person, Skill, Specialty
from partnerships.seats.models import Quota


def _rows(key: int) -> Any:
    return (
        Vacancy.objects.filter(pk=key)
        .with_place()
        .prefetch_related(None)
        .annotate(
            has_quotas=Exists(Quota.objects.filter(pool=OuterRef("pool"))),
            names_specialties=Exists(Specialty.objects.filter(position=OuterRef("position"))),
            wishes=Exists(Skill.objects.filter(positions=OuterRef("position"))),
        )
    )


def told_of_places() -> dict[str, Any]:
    """Annotations of a programme: what its places have at all; `kept_places` asks for nothing else."""
    here = {"programme": OuterRef("pk")}
    empty = {"vacancies__isnull": True}
    return {
        "has_mentors": Exists(Position.objects.filter(**here, mentors__isnull=False)),
        "names_specialties": Exists(Position.objects.filter(**here, specialties__isnull=False)),
        "has_quotas": Exists(Quota.objects.filter(pool__vacancy__position__programme=OuterRef("pk"))),
        "has_bare_positions": Exists(Position.objects.filter(**here, **empty)),
        "has_bare_periods": Exists(Period.objects.filter(**here, **empty)),
    }


_POSITIONS = Prepared(
    lambda key: Position.objects.filter(programme_id=key).select_related("unit"), shared=True
)
_SEAT_SHOWN = (
    *("position_id", "period_id", "pool_id", "pool__capacity", "pool__taken"),
    *(f"period__{name}" for name in ("name_az", "name_en", "starts", "ends")),
    *(f"position__{name}" for name in ("uid", "title_az", "title_en", "unit")),
    *(f"position__{name}" for name in ("min_year", "min_gpa", "citizens_only")),
    *(f"position__unit__{name}" for name in Organization.SHOWN),
)
_SEATS = Prepared(
    lambda key: (
        Vacancy.objects.filter(position__programme_id=key)
        .select_related("pool", "period", "position__unit")
        .only(*_SEAT_SHOWN)
        .order_by("position_id", "period__starts", "pk")
    ),
    shared=True,
)
_ALL_QUOTAS = Prepared(
    lambda key: Quota.objects.filter(pool__vacancy__position__programme_id=key).select_related(
        "organization"
    ),
    shared=True,
)
_MENTORS = Prepared(
    lambda key: (
        Person.objects.filter(mentored_positions__programme_id=key)
        .annotate(position_key=F("mentored_positions__pk"))
        .only(*Person.SHOWN)
    )
)
_ASKED = Prepared(
    lambda key: Specialty.objects.filter(position__programme_id=key).annotate(position_key=F("position__pk"))
)
_ROW = Prepared(_rows)
_QUOTAS = Prepared(lambda key: Quota.objects.filter(pool_id=key))
_SPECIALTIES = Prepared(lambda key: Specialty.objects.filter(position=key))
_SKILLS = Prepared(lambda key: Skill.objects.filter(positions=key))
_DEADLINES = Prepared(lambda key: Deadline.objects.filter(call_id=key))

_PERIODS = Prepared(lambda key: Period.objects.filter(programme_id=key))


def whole_place(key: int) -> Vacancy:
    """The place with this key, for whoever came through `access`."""
    found: Any = _ROW.one(key)
    if found is None:
        raise Vacancy.DoesNotExist
    position = found.position
    attach_to(found.pool, "quotas", _QUOTAS(found.pool_id) if found.has_quotas else [], "pool")
    attach_to(position, "specialties", _SPECIALTIES(position.pk) if found.names_specialties else [])
    attach_to(position.programme.call, "deadlines", _DEADLINES(position.programme.call_id), "call")
    return found  # type: ignore[no-any-return]


@asked
def places_at(user: Any, uid: UUID) -> Any:
    """The key of the place of this address, if its reader sees it."""
    return Vacancy.objects.visible_to(user).filter(uid=uid).values_list("pk", flat=True)


@asked
def _seen_at(user: Any, slug: Typed) -> Any:
    return (
        Programme.objects.visible_to(user)
        .filter(slug=slug)
        .select_related("host", "call")
        .annotate(
            has_partners=Exists(ProgrammePartner.objects.filter(programme=OuterRef("pk"))),
            has_origins=has_origins(user, Programme),
        )
    )


def programme_at(user: Any, slug: str) -> Programme | None:
    """The programme of this address, if its reader sees it, with deadlines and whether it `has_partners` and
    `has_origins`."""
    found = next(iter(_seen_at(user, Typed(slug))[:1]), None)
    if found is not None:
        attach_to(found.call, "deadlines", _DEADLINES(found.call_id), "call")
    return found


def kept_places(programme: Any) -> list[Position]:
    """The positions of a programme, for whoever keeps it: each with its mentors (`people`), the specialties
    that are `asked` for, and its `places` in the periods, each with the `shares` of universities. The periods
    are attached to the programme, which `reports.own_programme` has read.

    Places name their position and their period, so these are asked for only where one has no place yet.
    """
    key, seats = programme.pk, cast("list[Any]", _SEATS(programme.pk))
    found: dict[int, Any] = {one.position_id: one.position for one in seats}
    if programme.has_bare_positions:
        found = {one.pk: one for one in _POSITIONS(key)}
    periods = {one.period_id: one.period for one in seats}.values()
    in_order = sorted(periods, key=lambda one: (one.starts, one.pk))
    attach_to(programme, "periods", _PERIODS(key) if programme.has_bare_periods else in_order, "programme")
    mentors = _by_position(_MENTORS(key) if programme.has_mentors else [])
    asked = _by_position(_ASKED(key) if programme.names_specialties else [])
    quotas: dict[int, list[Quota]] = defaultdict(list)
    for quota in _ALL_QUOTAS(key) if programme.has_quotas else []:
        quotas[quota.pool_id].append(quota)
    places = defaultdict(list)
    for seat in seats:
        seat.shares = quotas[seat.pool_id]
        places[seat.position_id].append(seat)
    for one in found.values():
        one.people, one.asked, one.places = mentors[one.pk], asked[one.pk], places[one.pk]
    return list(found.values())


def _by_position(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.position_key].append(row)
    return found


def wished_of(found: Any) -> list[Skill]:
    """The skills that are welcome, of a place that `whole_place` has read."""
    return _SKILLS(found.position_id) if found.wishes else []
