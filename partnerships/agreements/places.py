"""Where those are with whom there are agreements: the other parties, seen from where the reader works."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from partnerships.agreements.filters import in_show
from partnerships.agreements.models import Party
from partnerships.agreements.timeline import timeline_rows
from partnerships.common.capped import capped_counts
from partnerships.common.compiled import compiled
from partnerships.directory.access import access_of
from partnerships.directory.maps import Place

# What of all agreements is shown, the first by itself.
DRAWN = ("in_force", "expiring", "signing", "draft", "expired", "ended")


def show_of(params: Any) -> str:
    wanted: str = params.get("show", "")
    return wanted if wanted in DRAWN else DRAWN[0]


@dataclass(frozen=True)
class Those:
    """What the list of agreements is narrowed to from the map, said as the map counts it."""

    place: Place

    @classmethod
    def read(cls, key: str) -> "Those | None":
        place = Place.read(key)
        return None if place is None else cls(place)

    def __str__(self) -> str:
        return _("%(place)s, without contracts for one practice") % {"place": self.place}


def others(user: Any) -> Q:
    """Parties of other organisations than the reader's own; for who works nowhere, than the operator."""
    own = access_of(user).workplaces
    return Q(organization__isnull=False) & ~(
        Q(organization_id__in=own) if own else Q(organization__is_operator=True)
    )


def at_place(rows: Any, those: Those, user: Any) -> Any:
    """Of these agreements what the map counts at the place."""
    there = Party.objects.filter(others(user), those.place.among("organization"), agreement=OuterRef("pk"))
    return rows.filter(Exists(there), pk__in=timeline_rows(user).order_by().values("pk"))


def counts(user: Any) -> dict[str, tuple[int, bool]]:
    """How many agreements each of DRAWN has, and whether there are more than were counted."""
    return capped_counts({show: in_show(timeline_rows(user), show, user) for show in DRAWN})


def by_place(user: Any, show: str) -> Any:
    """(country, city, agreements) of the other parties; one with several parties counts at each of theirs."""
    seen = compiled(in_show(timeline_rows(user), show, user).order_by().values("pk"))
    parties = Party.objects.filter(others(user), agreement__in=seen).order_by()
    places = parties.values_list("organization__country", "organization__city")
    return places.annotate(Count("agreement", distinct=True))
