"""What stands under the agreements of partners: programmes, practices, and what they came to. Read by the
agreements."""

from collections import Counter, defaultdict
from collections.abc import Mapping
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


def figures(chains: Mapping[int, int]) -> dict[int, list[Figure]]:
    """Programmes, places taken, practices completed and students hired under agreements, for each chain of
    them (agreement -> chain, both by key); each counts in the year in which it begins. Two queries."""
    counted = (
        rows(None)
        .filter(agreement__in=list(chains))
        .order_by()
        .values("agreement_id", "starts__year")
        .annotate(
            places=Count("pk"),
            done=Count("pk", filter=Q(state__in=[S.FINISHED, S.ASSESSED])),
            hired=Count("pk", filter=Q(outcome__kind=OutcomeKind.HIRED)),
        )
    )
    found: dict[int, dict[str, Counter[int]]] = {chain: defaultdict(Counter) for chain in chains.values()}
    for row in counted:
        for name in ("places", "done", "hired"):
            years = found[chains[row["agreement_id"]]][f"internships.{name}"]
            years[row["starts__year"]] += row[name]
    under = taking_part(None).filter(agreement__in=list(chains)).order_by()
    # One programme counts once under a chain, though several universities take part.
    programmes = {
        (chains[agreement], programme): starts
        for agreement, programme, starts in under.values_list("agreement_id", "programme_id", "starts")
    }
    for (chain, _programme), starts in programmes.items():
        found[chain]["internships.programmes"][starts.year] += 1
    return {chain: [_figure(key, by_year[key]) for key in FIGURES] for chain, by_year in found.items()}


def _figure(key: str, years: Counter[int]) -> Figure:
    by_year = {year: Decimal(number) for year, number in sorted(years.items())}
    return Figure(key, sum(by_year.values(), Decimal(0)), by_year)
