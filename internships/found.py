"""What the search of the portal finds of this direction."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from internships import home_placements, worklists
from internships.models import Application, Programme, Vacancy
from partnerships.common.addresses import addresses
from partnerships.common.among import Among, AmongKnown
from partnerships.common.asked import AskedRows, asked_rows
from partnerships.common.capped import SEEN
from partnerships.common.direction import Hit
from partnerships.common.piles import Sought, SoughtByKeys
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


def sought(user: Any, words: str, limit: int) -> list[Sought]:
    """Applications that this person may see, by the candidate's name or the number; open places, and the
    programmes that this person may read, for all."""
    each = [Typed(word) for word in words.split()[:6]]
    found = [
        Sought(_open_places(*each), limit, _place_hit),
        Sought(_programmes(user, *each), limit, _programme_hit),
    ]
    if access_of(user).person_id is None:
        return found
    # Who sees few has theirs looked through for the name; who sees many, those of the name. Where there is a
    # digit it may be a number: another question.
    numbered = any(letter.isdecimal() for letter in words)
    name = answering_to(words) if worklists.works_on_much(user) and not numbered else None
    applications = _applications(user, words, name, numbered, limit)
    return [applications, home_placements.sought(user, words, name, limit), *found]


def _applications(user: Any, words: str, name: Called | None, numbered: bool, limit: int) -> Sought:
    """The newest of them."""
    every = lambda: _asked_for(user, words, name, numbered).first_rows(limit)  # noqa: E731
    if name is None or not name.often:
        return SoughtByKeys(_found(), limit, _hit, every())
    part = not worklists.sees_whole(user)
    newest = newest_of(name, _seen(user), "person", words, limit, part=part)
    return SoughtByKeys(_found(), limit, _hit, newest, every)


def _asked_for(user: Any, words: str, name: Called | None, numbered: bool) -> AskedRows:
    if numbered:
        rows = Application.objects.visible_to(user).answering(words)
        return asked_rows(rows.order_by("-pk").values_list("pk"))
    if name is None:
        return _of_few(user, Typed(words))
    some = name.first(name.number) if name.every else Typed(words)
    return _of_the_name(user, some, name.every, bool(name.keys))


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


@asked
def _found() -> Any:
    rows = Application.objects.filter(Among("pk", SEEN)).select_related("person", "programme")
    return rows.only(*FOUND).order_by("-pk")


def _hit(row: Application) -> Hit:
    detail, url = f"{row.number or _('Draft')} · {row.programme.title}", addresses("internships:application")
    return Hit(row.person.name, detail, url(row.uid), _("Applications"), 1)


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


def _place_hit(row: Vacancy) -> Hit:
    detail, url = f"{row.position.unit} · {row.period.name}", addresses("internships:place")(row.uid)
    return Hit(row.position.title, detail, url, _("Open places"), 2)


@asked
def _programmes(user: Any, *words: str) -> Any:
    """Of which each word stands in the title, in either language; the newest first."""
    rows = Programme.objects.visible_to(user).select_related("host")
    for word in words:
        rows = rows.filter(folded__contains=word)
    return rows.only(*PROGRAMME_FOUND).order_by("-created", "-pk")


def _programme_hit(row: Programme) -> Hit:
    detail = f"{row.host.short_name} · {row.get_state_display()}"
    return Hit(row.title, detail, row.get_absolute_url(), _("Programmes"), 2)
