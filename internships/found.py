"""What the search of the portal finds of this direction."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from internships import home_placements, worklists
from internships.models import Application, Programme, Vacancy
from partnerships.common.addresses import addresses
from partnerships.common.among import Among, AmongKnown
from partnerships.common.direction import Hit
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.called import Called, answering_to, newest_of
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

PROGRAMME_FOUND = ("slug", "title_az", "title_en", "state", "host__name", "host__name_en", "host__acronym")


def search(user: Any, words: str, limit: int) -> list[Hit]:
    """Applications that this person may see, by the candidate's name or the number; open places, and the
    programmes that this person may read, for all."""
    found = []
    if access_of(user).person_id is not None:
        # Who sees few has theirs looked through for the name; who sees many, those of the name. Where there
        # is a digit it may be a number: another question.
        numbered = any(letter.isdecimal() for letter in words)
        name = answering_to(words) if worklists.works_on_much(user) and not numbered else None
        to = addresses("internships:application")
        found = [
            Hit(
                row.person.name,
                f"{row.number or _('Draft')} · {row.programme.title}",
                to(row.uid),
                _("Applications"),
                1,
            )
            for row in _applications_found(user, words, name, numbered, limit)
        ]
        found += home_placements.search(user, words, name, limit)
    return found + _places_found(words, limit) + _programmes_found(user, words, limit)


def _applications_found(
    user: Any, words: str, name: Called | None, numbered: bool, limit: int
) -> list[Application]:
    """The newest of them."""
    if numbered:
        rows = Application.objects.visible_to(user).answering(words)
        return _by_keys(list(rows.order_by("-pk").values_list("pk", flat=True)[:limit]))
    if name is None:
        return _by_keys([key for (key,) in _of_few(user, Typed(words))[:limit]])
    part = not worklists.sees_whole(user)
    keys = newest_of(name, _seen(user), "person", words, limit, part=part) if name.often else []
    if len(keys) < limit:
        some = name.first(name.number) if name.every else Typed(words)
        keys = [key for (key,) in _of_the_name(user, some, name.every, bool(name.keys))[:limit]]
    return _by_keys(keys)


@asked
def _seen(user: Any) -> Any:
    return Application.objects.visible_to(user)


@asked
def _of_few(user: Any, words: str) -> Any:
    """Of what who sees few sees."""
    rows = Application.objects.visible_to(user).filter(person__folded__contains=words)
    return rows.order_by("-pk").values_list("pk")


@asked
def _of_the_name(user: Any, some: str, known: bool, indexed: bool) -> Any:
    """`some`: the keys of the people where they are `known`, else what was typed; `indexed`: enough letters
    for an index of names."""
    people = Person.objects.filter(folded__contains=some).order_by().values("pk")
    named = Q(Among("person_id", people)) if indexed else Q(person_id__in=people)
    theirs = Q(AmongKnown("person_id", some)) if known else named
    return Application.objects.visible_to(user).filter(theirs).order_by("-pk").values_list("pk")


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


@asked
def _programmes(user: Any, *words: str) -> Any:
    """Of which each word stands in the title, in either language; the newest first."""
    rows = Programme.objects.visible_to(user).select_related("host")
    for word in words:
        rows = rows.filter(folded__contains=word)
    return rows.only(*PROGRAMME_FOUND).order_by("-created", "-pk")


def _programmes_found(user: Any, words: str, limit: int) -> list[Hit]:
    return [
        Hit(
            row.title,
            f"{row.host.short_name} · {row.get_state_display()}",
            row.get_absolute_url(),
            _("Programmes"),
            2,
        )
        for row in _programmes(user, *map(Typed, words.split()[:6]))[:limit]
    ]
