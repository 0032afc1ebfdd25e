"""What the search of the portal finds of this direction."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from internships import home_placements
from internships.models import Application, Vacancy
from partnerships.common.addresses import addresses
from partnerships.common.direction import Hit
from partnerships.common.query_words import Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked

# What a hit reads of its row.
FOUND = (
    "uid",
    "number",
    "person__given_name",
    "person__family_name",
    "person__erased_at",
    "programme__title_az",
    "programme__title_en",
)
PLACE_FOUND = (
    "uid",
    "position__title_az",
    "position__title_en",
    "position__unit__name",
    "position__unit__name_en",
    "period__name_az",
    "period__name_en",
)


def search(user: Any, words: str, limit: int) -> list[Hit]:
    """Applications that this person may see, by the candidate's name or the number; open places for all."""
    found = []
    access = access_of(user)
    if access.person_id is not None:
        seen = Application.objects.visible_to(user).answering(words)
        to = addresses("internships:application")
        found = [
            Hit(
                row.person.name,
                f"{row.number or _('Draft')} · {row.programme.title}",
                to(row.uid),
                _("Applications"),
                1,
            )
            for row in seen.select_related("person", "programme").only(*FOUND).order_by("-pk")[:limit]
        ]
    return found + home_placements.search(user, words, limit) + _places_found(words, limit)


@asked
def _open_places(*words: str) -> Any:
    """Of which each word stands in the title, the unit or the programme, in either language."""
    rows = Vacancy.objects.open().select_related("position__unit", "period")
    for word in words:
        rows = rows.filter(
            Q(position__folded__contains=word)
            | Q(position__unit__folded__contains=word)
            | Q(position__programme__folded__contains=word)
        )
    return rows.only(*PLACE_FOUND)


def _places_found(words: str, limit: int) -> list[Hit]:
    to = addresses("internships:place")
    return [
        Hit(
            row.position.title,
            f"{row.position.unit} · {row.period.name}",
            to(row.uid),
            _("Open places"),
            2,
        )
        for row in _open_places(*map(Typed, words.split()[:6]))[:limit]
    ]
