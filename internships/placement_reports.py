"""What the list of practices, the home page and reminders read across placements."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from internships.enums import PlacementState as P
from internships.models import Application, Placement
from internships.models.placements import NEXT_ON, mark_within
from partnerships.agreements.enums import LIVE_STATES
from partnerships.agreements.models import Agreement
from partnerships.common.asked import ask_together
from partnerships.common.capped import CAP, capped
from partnerships.common.clock import today
from partnerships.common.paging import in_order
from partnerships.common.parts import counted_any, first_of
from partnerships.common.text import choices_of
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked, by_shape
from partnerships.directory.enums import Role

FACETS = ("programme", "unit", "university")
FACETS_KEPT = 60  # seconds
ENDED = (P.ASSESSED, P.ENDED_EARLY, P.CANCELLED)
ROLES = (
    Role.HR,
    Role.COORDINATOR,
    Role.SUPERVISOR,
    Role.LECTURER,
    Role.MENTOR,
    Role.UNIT_HEAD,
    Role.SAFETY,
    Role.TRAINER,
    Role.EXPERT,
)


def works_with_placements(user: Any) -> bool:
    """Has other people's practices to look at, by role."""
    access = access_of(user)
    return access.has(*ROLES) or access.operates


def placement_rows(user: Any) -> QuerySet[Placement]:
    """Practices of others that `user` may see."""
    return Placement.objects.visible_to(user, own=False).exclude(person_id=access_of(user).person_id)


def reasons(user: Any) -> list[QuerySet[Placement]]:
    """`placement_rows` by each reason for which they are seen."""
    others = Placement.objects.exclude(person_id=access_of(user).person_id)
    return list(others.reasons_of(user, own=False))


def practices_meanwhile(application: Application) -> QuerySet[Placement]:
    """The student's own practices in the weeks of the place that is offered."""
    period = application.offered_vacancy.period
    last = Coalesce("last_day", "ends")
    own = Placement.objects.filter(person_id=application.person_id).exclude(state=P.CANCELLED)
    rows = own.exclude(application=application).annotate(last=last)
    return rows.filter(starts__lte=period.ends, last__gte=period.starts).with_rows()


OVER = "ended"  # in an address: broken off or cancelled


def in_state(rows: Any, state: str, _user: Any = None) -> Any:
    """Practices in a state, or those that were broken off or cancelled; unknown: all."""
    if state == OVER:
        return rows.filter(state__in=[P.ENDED_EARLY, P.CANCELLED])
    return rows.filter(state=state) if state in P.values else rows


def bare() -> Q:
    """Ahead or under way without a contract: none prepared, sent or signed."""
    kind = ContentType.objects.get_for_model(Placement)
    about = Agreement.objects.filter(content_type=kind, object_id=OuterRef("pk"), state__in=LIVE_STATES)
    return Q(state__in=[P.PREPARING, P.ACTIVE, P.SUSPENDED]) & ~Q(Exists(about))


def with_next(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """`next_on`: the day on which the next thing is due, the first or the last; none once it ended."""
    return rows.annotate(next_on=NEXT_ON)


def late() -> Q:
    """Should have begun, should be over, or has waited for its mark too long; needs `with_next`."""
    day = today()
    running = Q(state__in=[P.PREPARING, P.ACTIVE, P.SUSPENDED], next_on__lt=day)
    return running | Q(state=P.FINISHED, ends__lt=day - mark_within())


def counted_states(user: Any) -> dict[str, tuple[int, bool]]:
    """State -> how many this user works with, no further than the cap, and whether there are more; states
    without rows left out."""
    numbers = range(_how_many(user))
    counts = ask_together(
        [counted_any([_reason(user, n, state).every_key for n in numbers], CAP + 1) for state in P]
    )
    return {state.value: capped(n) for state, n in zip(P, counts, strict=True) if n}


@by_shape
def _how_many(user: Any) -> int:
    return len(reasons(user))


@asked
def _reason(user: Any, n: int, state: P) -> Any:
    """Each state by itself: of one that is named it is known whether it is rare."""
    return reasons(user)[n].filter(state=state)


@asked
def soonest(user: Any, state: str, order: tuple[str, ...], most: int) -> Any:
    """The keys of the practices in a state ("" for all), the first `most` of a list in this order."""
    parts = [in_state(with_next(part), state) for part in reasons(user)]
    rows = parts[0] if len(parts) == 1 else with_next(first_of(parts, order, most))
    return in_order(rows, order).values_list("pk", flat=True)


@dataclass
class Facets:
    """What the list can be narrowed by: (value, words), in the order of the alphabet."""

    programmes: list[tuple[str, str]] = field(default_factory=list)
    units: list[tuple[str, str]] = field(default_factory=list)
    universities: list[tuple[str, str]] = field(default_factory=list)


def facets(user: Any, *, fresh: bool = False) -> Facets:
    """Read at most once a minute for each reader and their rights; `fresh` for what is taken away: a value
    that is not known yet would narrow nothing."""
    key = f"placement-facets:{user.pk}:{access_of(user).mark}:{get_language()}"
    known = None if fresh else cache.get(key)
    if known is None:
        known = _read_facets(placement_rows(user))
        cache.set(key, known, FACETS_KEPT)
    return known  # type: ignore[no-any-return]


def _read_facets(rows: QuerySet[Placement]) -> Facets:
    english = (get_language() or "az").startswith("en")
    programmes, units, universities = {}, {}, {}
    # One practice of each programme, unit and university stands for the rest: their names are read once.
    one = [rows.order_by().values(by).annotate(one=Min("pk")).values("one") for by in FACETS]
    found = (
        Placement.objects.filter(pk__in=one[0].union(*one[1:]))
        .order_by()
        .values_list(
            "programme__slug",
            "programme__title_az",
            "programme__title_en",
            "unit_id",
            "unit__name",
            "unit__name_en",
            "university_id",
            "university__acronym",
            "university__name",
            "university__name_en",
        )
    )
    for (
        slug,
        title,
        title_en,
        unit,
        unit_name,
        unit_en,
        university,
        acronym,
        name,
        name_en,
    ) in found.distinct():
        programmes[slug] = (english and title_en) or title
        units[unit] = (english and unit_en) or unit_name
        universities[university] = acronym or (english and name_en) or name
    return Facets(choices_of(programmes), choices_of(units), choices_of(universities))
