"""What somebody may ask for: the places whose numbers they read, and the partners of one."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from partnerships.common.query_words import Key
from partnerships.directory.asked import asked
from partnerships.directory.models import Organization
from partnerships.indicators import rules
from partnerships.indicators.models import Measure

EVERYTHING = "all"


@dataclass
class Choices:
    """The places that this reader may look at."""

    sees_all: bool
    own: list[Organization]

    def organization(self, slug: str) -> Organization | None:
        """Raises Http404 for one whose numbers are not this reader's."""
        if not slug:
            return None if self.sees_all else self.own[0]
        if slug == EVERYTHING and self.sees_all:
            return None
        found = next((one for one in self.own if one.slug == slug), None)
        if found is None:
            raise Http404
        return found


def choices(user: Any) -> Choices:
    """One query, none for who runs everything and no organisation."""
    roots = rules.own_roots(user)
    own = list(_own(user)) if roots else []
    return Choices(rules.sees_all(user), own)


@asked
def _own(user: Any) -> Any:
    return Organization.objects.filter(pk__in=rules.own_roots(user)).order_by("sort_key", "pk")


def partners(organization: Organization | None) -> list[Any]:
    """Those with whom it has a number in common; of everything: who has one. By the alphabet, each with its
    key, slug and names: there are hundreds."""
    return list(_of_everything() if organization is None else _partners_of(Key(organization.pk)))


@asked
def _of_everything() -> Any:
    return _named(Measure.objects.filter(organization__isnull=False, partner=None).values("organization"))


@asked
def _partners_of(key: int) -> Any:
    return _named(Measure.objects.filter(organization=key, partner__isnull=False).values("partner"))


def _named(keys: Any) -> Any:
    found = Organization.objects.filter(pk__in=keys).order_by("sort_key", "pk")
    return found.values_list("pk", "slug", "name", "name_en", "acronym", named=True)
