"""What stands under the agreements of partners: programmes, practices, and what they came to. Read by the
agreements."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from internships.enums import OutcomeKind, PlacementState, ProgrammeState
from internships.models import Placement, ProgrammePartner
from partnerships.common.direction import Activities, Figure

S = PlacementState
AHEAD_OR_RUNNING = Q(state__in=[S.PREPARING, S.ACTIVE, S.SUSPENDED])

FIGURES = {
    "internships.programmes": _("Programmes of practice and internship"),
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


def taking_part(user: Any) -> Any:
    """Universities in public programmes, past ones included; each is one thing under its agreement."""
    found = ProgrammePartner.objects.all() if user is None else ProgrammePartner.objects.visible_to(user)
    public = (ProgrammeState.PUBLISHED, ProgrammeState.ARCHIVED)
    return found.with_days().filter(programme__state__in=public)


def line_of_partner(partner: ProgrammePartner) -> tuple[str, str]:
    return partner.programme.title, partner.university.short_name


ACTIVITIES = (
    Activities(
        key="internships.programmes",
        label=_("Programmes"),
        rows=lambda user: taking_part(user).select_related("programme", "university"),
        agreement="agreement",
        starts="starts",
        ends="ends",
        running=Q(programme__state=ProgrammeState.PUBLISHED, is_over=False),
        line=line_of_partner,
        named=True,
    ),
    Activities(
        key="internships.practices",
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
    """Programmes, places taken, practices completed and students hired under these agreements; each counts in
    the year in which it begins. Two queries."""
    keys = list(agreements)
    counted = (
        rows(None)
        .filter(agreement__in=keys)
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
    under = taking_part(None).filter(agreement__in=keys)
    programmes = dict(under.order_by().values_list("programme_id", "starts"))
    for first in programmes.values():  # one programme counts once, though several universities take part
        years = by_year["internships.programmes"]
        years[first.year] = years.get(first.year, Decimal(0)) + 1
    return [
        Figure(key, sum(by_year[key].values(), Decimal(0)), dict(sorted(by_year[key].items())))
        for key in FIGURES
    ]
