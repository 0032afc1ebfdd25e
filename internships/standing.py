"""What stands under the agreements of partners: practices, and what they came to. Read by the agreements."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from internships.enums import OutcomeKind, PlacementState
from internships.models import Placement
from partnerships.common.direction import Activities, Figure

S = PlacementState
AHEAD_OR_RUNNING = Q(state__in=[S.PREPARING, S.ACTIVE, S.SUSPENDED])

FIGURES = {
    "internships.places": _("Places of practice"),
    "internships.done": _("Practices completed"),
    "internships.hired": _("Students hired"),
}


def rows(user: Any) -> Any:
    """Practices of students of universities, cancelled ones left out."""
    found = Placement.objects.all() if user is None else Placement.objects.visible_to(user)
    return found.filter(university__isnull=False).exclude(state=S.CANCELLED)


def line(placement: Placement) -> tuple[str, str]:
    return placement.person.name, placement.unit.display_name


ACTIVITIES = (
    Activities(
        label=_("Practices"),
        rows=lambda user: rows(user).select_related("person", "unit"),
        agreement="agreement",
        starts="starts",
        ends="ends",
        running=AHEAD_OR_RUNNING,
        line=line,
    ),
)


def figures(agreements: Iterable[int]) -> list[Figure]:
    """Places taken, practices completed and students hired under these agreements; a practice counts in the
    year in which it begins. One query."""
    counted = (
        rows(None)
        .filter(agreement__in=list(agreements))
        .order_by()
        .values("starts__year")
        .annotate(
            places=Count("pk"),
            done=Count("pk", filter=Q(state__in=[S.FINISHED, S.ASSESSED])),
            hired=Count("pk", filter=Q(outcome__kind=OutcomeKind.HIRED)),
        )
    )
    by_year: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in counted:
        for name in ("places", "done", "hired"):
            by_year[f"internships.{name}"][row["starts__year"]] = Decimal(row[name])
    return [
        Figure(key, sum(by_year[key].values(), Decimal(0)), dict(sorted(by_year[key].items())))
        for key in FIGURES
    ]
