"""What the search of the portal finds of this direction."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from internships import home_placements, worklists
from internships.models import Application, Vacancy
from internships.models.application_rows import is_of_many
from partnerships.common.addresses import addresses
from partnerships.common.among import TRIGRAM, Among, among_newest
from partnerships.common.direction import Hit
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.models import Person

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
    if access_of(user).person_id is not None:
        # Who sees few has theirs looked through for the name; who sees many, those of the name.
        often = worklists.works_on_much(user) and is_of_many(words)
        to = addresses("internships:application")
        found = [
            Hit(
                row.person.name,
                f"{row.number or _('Draft')} · {row.programme.title}",
                to(row.uid),
                _("Applications"),
                1,
            )
            for row in _applications_found(user, words, often, limit)
        ]
        found += home_placements.search(user, words, often, limit)
    return found + _places_found(words, limit)


def _applications_found(user: Any, words: str, often: bool, limit: int) -> list[Application]:
    """The newest of them. Where there is a digit it may be a number: another question."""
    if any(letter.isdecimal() for letter in words):
        rows = Application.objects.visible_to(user).answering(words)
        return _by_keys(list(rows.order_by("-pk").values_list("pk", flat=True)[:limit]))
    many = worklists.works_on_much(user)
    part = not worklists.sees_whole(user)
    keys = among_newest(_seen(user), "person", Person, words, limit, part=part) if often else []
    if len(keys) < limit:
        keys = [key for (key,) in _of_the_name(user, Typed(words), len(words) < TRIGRAM, many)[:limit]]
    return _by_keys(keys)


@asked
def _seen(user: Any) -> Any:
    return Application.objects.visible_to(user)


@asked
def _of_the_name(user: Any, words: str, short: bool, many: bool) -> Any:
    """`short`: fewer letters than an index of names can be asked for; `many`: this user sees so many."""
    if not many:
        rows = Application.objects.visible_to(user).filter(person__folded__contains=words)
        return rows.order_by("-pk").values_list("pk")
    people = Person.objects.filter(folded__contains=words).order_by().values("pk")
    named = Q(person_id__in=people) if short else Q(Among("person_id", people))
    return Application.objects.visible_to(user).filter(named).order_by("-pk").values_list("pk")


def _by_keys(keys: list[int]) -> list[Application]:
    return sorted(_FOUND(keys), key=lambda row: row.pk, reverse=True) if keys else []


_FOUND: PreparedRows[Application] = PreparedRows(
    lambda keys: (
        Application.objects.filter(pk__in=keys).select_related("person", "programme").only(*FOUND).order_by()
    )
)


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
